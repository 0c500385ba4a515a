"""`anjuan account`: for accounts that cannot sign in, or must not any more."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
import rich_click as click

from api.cli.asking import app_url, json_option, loaded
from api.cli.printing import note, say, say_json, show_table

if TYPE_CHECKING:
    from api.signing.throttle import Connection

T = TypeVar("T")
BY: Final = "operator:"


def operator() -> str:
    """Name the operator as the operating system does: the audit keeps it."""
    return BY + getpass.getuser()


def with_connection(work: Callable[["Connection"], Awaitable[T]]) -> T:
    """Run work with a connection to the database."""
    from api.signing.signing import connected

    async def run() -> T:
        async with connected(url) as connection:
            return await work(connection)

    url = app_url(loaded())
    return asyncio.run(run())


@click.group()
def account() -> None:
    """Passwords and sessions of accounts; accounts and posts themselves are commands of the log.

    `anjuan do account …` opens accounts and gives posts.
    """


@account.command()
@click.argument("code")
@click.option("--lost-factor", is_flag=True, help="The second factor is lost, and goes, too.")
@json_option
def password(code: str, *, lost_factor: bool, as_json: bool) -> None:
    """Give an account a one-time password, shown once; its sessions and tokens end.

    Whoever signs in with it must choose a password of his own first.

    Example: anjuan account password li-ming
    """
    once, until = one_time_password(code, lost_factor=lost_factor)
    if as_json:
        say_json({"account": code, "password": once, "until": until})
        return
    say(once)
    note(f"The one-time password of {code}, shown this once; it is good until {until:%F %R} UTC.")


def one_time_password(code: str, *, lost_factor: bool = False) -> tuple[str, datetime]:
    """Give a one-time password. Raises: AccountUnknown, AccountNotActive."""
    from api.signing.signing import recovered
    from ledger.log.store import Ledger

    found = loaded()
    with Ledger(app_url(found)) as ledger:
        state = ledger.registers().accounts.get(code)
    return with_connection(
        lambda connection: recovered(
            connection,
            state,
            by=operator(),
            address="",
            good_s=found.once_s,
            lost_factor=lost_factor,
        )
    )


@account.command()
@click.argument("code")
@json_option
def sessions(code: str, *, as_json: bool) -> None:
    """List the sessions and API tokens of an account, and never what opens them.

    Example: anjuan account sessions li-ming
    """
    from api.signing.sessions import of_account, tokens

    idle_s = loaded().session_idle_s

    async def both(connection: "Connection") -> tuple[list[Any], list[Any]]:
        return await of_account(connection, code, idle_s), await tokens(connection, code)

    open_, made = with_connection(both)
    if as_json:
        say_json({"sessions": open_, "tokens": made})
        return
    show_table([msgspec.structs.asdict(one) for one in open_], empty="no sessions")
    if made:
        show_table([msgspec.structs.asdict(one) for one in made])


@account.command()
@click.argument("code")
@json_option
def revoke(code: str, *, as_json: bool) -> None:
    """End all sessions and API tokens of an account, at once.

    Its password stays; `anjuan account password` replaces it.

    Example: anjuan account revoke li-ming
    """
    from api.signing.signing import ended, told

    async def end(connection: "Connection") -> tuple[int, int]:
        count = await ended(connection, code)
        await told(connection, "revoked", code, operator())
        return count

    of_sessions, of_tokens = with_connection(end)
    if as_json:
        say_json({"account": code, "sessions": of_sessions, "tokens": of_tokens})
    else:
        say(f"{of_sessions} sessions and {of_tokens} tokens of {code} ended.")
