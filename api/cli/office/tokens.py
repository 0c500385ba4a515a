"""`anjuan token`: bearer tokens, of accounts and of operators."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
import rich_click as click

from api.cli.acting import actor_of, actor_options
from api.cli.asking import app_url, json_option, loaded
from api.cli.office.accounts import operator, with_connection
from api.cli.printing import note, say, say_json, show_table

if TYPE_CHECKING:
    from api.signing.throttle import Connection

ID_DIGITS_MIN: Final = 6
DAYS_MAX: Final = 366


@click.group()
def token() -> None:
    """Bearer tokens for programs, kept by their SHA-256.

    Those of accounts (`anjuan token make`) expire and may be bound to scopes; those of the file
    tokens.toml in the home (`anjuan token add`) are an operator's, for the day on which nobody can
    sign in. A running server takes a change up within a second.
    """


@token.command()
@actor_options
@json_option
def add(
    account: str | None, role: str | None, unit: str | None, adviser: str | None, *, as_json: bool
) -> None:
    """Make an operator's token in the file and print it, once: it cannot be shown again.

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


@token.command()
@actor_options
@click.option("--days", type=click.IntRange(1, DAYS_MAX), default=90, show_default=True)
@click.option("--scope", "scopes", multiple=True, metavar="NAME", help="A command or permission.")
@json_option
def make(
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    days: int,
    scopes: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Make an API token of an account for a post it holds, and print it, once.

    It ends with the post, with the account's suspension, and after --days. Each --scope names a
    command (LogRequest) or a permission (read, report, …); without one it may all that the post
    may.

    Example: anjuan token make --account hotline --role integration --unit 4401 --scope read
    """
    from api.rights import MAY
    from api.signing.sessions import token_made
    from api.signing.signing import told
    from domain.accounts.account import may_act
    from domain.registers.appointment import china_day
    from ledger.log.store import Ledger

    by, now = actor_of(account, role, unit, adviser), datetime.now(UTC)
    known = {one if isinstance(one, str) else one.__name__ for one in MAY}
    if unknown := set(scopes) - known:
        raise click.UsageError(f"there is no command or permission {min(unknown)!r}")
    with Ledger(app_url()) as ledger:
        if not may_act(by, ledger.registers().accounts, now, china_day(now)):
            raise click.ClickException(
                f"the account {by.account} has no post {by.role}@{by.unit} now"
            )

    async def written(connection: "Connection") -> tuple[str, str]:
        found = await token_made(
            connection,
            by,
            expires_at=now + timedelta(days=days),
            made_by=operator(),
            scopes=scopes or None,
        )
        await told(connection, "token-made", by.account, operator(), found[0])
        return found

    id_, made = with_connection(written)
    if as_json:
        say_json({"token": made, "id": id_, "account": by.account, "scopes": list(scopes)})
        return
    say(made)
    note(f"The token of {by.account}, shown this once; its id is {id_}. It ends in {days} days.")


@token.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the tokens: whose they are, and never what they are.

    Example: anjuan token list
    """
    found = [*_in_file(), *with_connection(_of_accounts)]
    if as_json:
        say_json(found)
    else:
        show_table(found, empty="no tokens")


def _in_file() -> list[dict[str, Any]]:
    from api import tokens

    return [msgspec.structs.asdict(one) for one in tokens.listed(loaded())]


async def _of_accounts(connection: "Connection") -> list[dict[str, Any]]:
    from api.signing.sessions import tokens

    kept = ("id", "account", "role", "unit", "adviser")
    return [
        {name: getattr(one, name) for name in kept} | {"kept_in": f"until {one.expires_at:%F}"}
        for one in await tokens(connection)
    ]


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
    gone: list[Any] = tokens.revoked(
        loaded(),
        lambda one: (
            one.account == account if id_ is None else one.id.startswith(id_[: len(one.id)])
        ),
    )
    gone += with_connection(lambda connection: _end(connection, account, id_))
    if not gone:
        raise click.ClickException(f"no token of {account or id_} ; see `anjuan token list`")
    if as_json:
        say_json(gone)
    else:
        show_table([msgspec.to_builtins(one) for one in gone])
        note(f"{len(gone)} revoked.")


async def _end(
    connection: "Connection", account: str | None, id_: str | None
) -> list[dict[str, str]]:
    from api.signing.sessions import tokens_revoked
    from api.signing.signing import told

    gone = await tokens_revoked(connection, account=account, name=id_)
    for one in gone:
        await told(connection, "token-revoked", one["account"], operator(), one["id"])
    return gone
