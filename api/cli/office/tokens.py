"""`anjuan token`: who may act over HTTP, until accounts exist."""

from typing import Final

import msgspec
import rich_click as click

from api.cli.acting import actor_of, actor_options
from api.cli.asking import json_option, loaded
from api.cli.printing import note, say, say_json, show_structs

ID_DIGITS_MIN: Final = 6


@click.group()
def token() -> None:
    """Who may act over HTTP: bearer tokens, kept by their SHA-256 in tokens.toml of the home.

    A running server takes a change up within a second.
    """


@token.command()
@actor_options
@json_option
def add(
    account: str | None, role: str | None, unit: str | None, adviser: str | None, *, as_json: bool
) -> None:
    """Make a token and print it, once: it cannot be shown again.

    The role says what it may do; see the column of roles in docs/commands.md. The unit is a point,
    or the division of an office. An adviser's token names him.

    Example: anjuan token add --account zhang --role supervisor --unit 440106
    """
    from api import tokens

    by = actor_of(account, role, unit, adviser)
    if (by.role == "adviser") != (by.adviser is not None):
        raise click.UsageError(
            "--adviser names the adviser whose token it is, with --role adviser."
        )
    made, entry = tokens.made(loaded(), by)
    if as_json:
        say_json({"token": made, **msgspec.structs.asdict(entry)})
        return
    say(made)
    note(
        f"The token of {by.account} ({by.role}, {by.unit}), shown this once; its id is {entry.id}."
        f" Its SHA-256 is kept in {entry.kept_in}."
    )


@token.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the tokens: whose they are, and never what they are.

    Example: anjuan token list
    """
    from api import tokens

    found = tokens.listed(loaded())
    if as_json:
        say_json(found)
    else:
        show_structs(found, empty="no tokens")


@token.command()
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--account", help="All tokens of an account.")
@json_option
def revoke(id_: str | None, account: str | None, *, as_json: bool) -> None:
    """Take a token away: by its ID, as `anjuan token list` shows it, or all of an account.

    Example: anjuan token revoke --account zhang
    """
    from api import tokens

    if (id_ is None) == (account is None):
        raise click.UsageError("Say which: an ID, or --account.")
    if id_ is not None and len(id_) < ID_DIGITS_MIN:
        raise click.UsageError(f"An ID has at least {ID_DIGITS_MIN} digits.")
    gone = tokens.revoked(
        loaded(),
        lambda one: (
            one.account == account if id_ is None else one.id.startswith(id_[: len(one.id)])
        ),
    )
    if not gone:
        raise click.ClickException(
            f"no token of {account or id_} in the file of tokens; see `anjuan token list`"
        )
    if as_json:
        say_json(gone)
    else:
        show_structs(gone)
        note(f"{len(gone)} revoked.")
