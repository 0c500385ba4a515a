"""Options for the actor of a command on the command line, and giving it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
import rich_click as click

from api.cli.language import spoken
from api.rights import may
from domain.codes import in_words
from domain.roles import ROLES, Role
from domain.vocabulary import Actor, Command, faults_of_codes
from ledger.log.decision import Receipt
from ledger.log.store import Ledger

F = TypeVar("F", bound=Callable[..., Any])


def actor_options(command: F) -> F:
    """Add --account, --role, --unit and --adviser, as parameters of these names."""
    options = (
        click.option("--account", help="Who does it; the log keeps it."),
        click.option("--role", type=click.Choice(sorted(ROLES)), help="In which role."),
        click.option("--unit", metavar="CODE", help="For which point or division."),
        click.option("--adviser", metavar="CODE", help="His code, where the account is one's."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def actor_of(
    account: str | None, role: str | None, unit: str | None, adviser: str | None = None
) -> Actor:
    """Build the actor of the options.

    Raises: UsageError — when account, role or unit is missing, or is no code.
    """
    if account is None or role is None or unit is None:
        english = "Say who does it: --account, --role and --unit (--by-unit where --unit is taken)."
        chinese = "请说明由谁办理：--account、--role 和 --unit（--unit 另有含义的，用 --by-unit）。"
        raise click.UsageError(spoken(english, chinese))
    by = Actor(account=account, role=cast("Role", role), unit=unit, adviser=adviser)
    for fault in faults_of_codes(msgspec.structs.asdict(by)):
        raise click.UsageError(f"--{fault}")
    return by


def give(url: str, stream: UUID, command: Command, by: Actor) -> Receipt:
    """Give a command with the ledger.

    Raises: Refused — when a rule forbids it. ClickException — when the role may not give it.
    UsageError — when the input is no such command. Nothing is written then.
    """
    if not may(by, type(command)):
        raise click.ClickException(f"role {by.role} may not do {type(command).__name__}")
    try:
        command = msgspec.convert(msgspec.to_builtins(command), type(command))
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{type(command).__name__}: {in_words(str(error))}") from None
    with Ledger(url) as ledger:
        return ledger.execute(stream, command, by=by)
