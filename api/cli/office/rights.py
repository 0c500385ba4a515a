"""`anjuan rights`: who may do what, where, and why."""

from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import rich_click as click

from api.cli.asking import app_url, json_option, loaded
from api.cli.language import spoken
from api.cli.printing import note, say, say_json, show_table
from domain.roles import ROLES, Role


@click.group()
def rights() -> None:
    """Who may do what, where, and what of people is seen in clear text: one table (docs/rights.md).

    Two words ask it: what a role may do, and why an account may or may not.
    """


@rights.command()
@click.argument("role", type=click.Choice(sorted(ROLES)), required=False)
@json_option
def show(role: str | None, *, as_json: bool) -> None:
    """Show what a role may do; without one, who may do each thing.

    Example: anjuan rights show adviser
    """
    from api.accounts.explained import rights_of
    from api.rights import RIGHTS

    rows: list[dict[str, Any]]
    if role is None:
        rows = [
            {
                "action": action,
                "scope": right.scope,
                "roles": sorted(right.roles),
                "clear": sorted(right.clear),
            }
            for action, right in sorted(RIGHTS.items())
        ]
    else:
        rows = [msgspec.structs.asdict(one) for one in rights_of(cast("Role", role))]
    if as_json:
        say_json(rows)
    else:
        show_table(rows, empty="nothing")


@rights.command()
@click.argument("account")
@click.argument("action")
@click.argument("thing", required=False)
@json_option
def why(account: str, action: str, thing: str | None, *, as_json: bool) -> None:
    """Explain why an ACCOUNT may or may not do an ACTION, to a THING such as request:UUID.

    The action is the name of a command or a question, as in docs/rights.md.

    Example: anjuan rights why zhang CloseRequest request:0f3c…
    """
    from api.accounts.explained import why as explained
    from api.rights import NoRight
    from domain.aggregates import AGGREGATE
    from ledger.log.store import Ledger
    from projections.history.timeline import StreamUnknown, parts_of

    with Ledger(app_url(loaded())) as ledger:
        about = None
        if thing is not None:
            kind = thing.partition(":")[0]
            try:
                stream = next(iter(parts_of(thing)))
            except StreamUnknown as error:
                raise click.UsageError(str(error)) from None
            held = ledger.any(stream)
            if held is None or kind not in AGGREGATE:
                raise click.ClickException(spoken(f"There is no {thing}.", f"没有 {thing}。"))
            about = kind, held.state
        try:
            found = explained(account, action, ledger.registers(), datetime.now(UTC), about)
        except NoRight as error:
            raise click.UsageError(str(error)) from None
    if as_json:
        say_json(found)
        return
    answer = spoken("yes", "可以") if found.yes else spoken("no", "不可以")
    say(f"{answer}: {found.reason}")
    note(f"row: {found.action} · scope {found.scope} · roles {', '.join(found.roles) or '–'}")
    if found.place is not None:
        note(f"place: {msgspec.json.encode(found.place).decode()}")
    show_table([msgspec.to_builtins(one) for one in found.posts], empty="no post today")
