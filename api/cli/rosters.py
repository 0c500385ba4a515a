"""`anjuan roster`: who sits at which window of a point."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import rich_click as click
from msgspec import structs
from psycopg.rows import tuple_row

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, connected, json_option
from api.cli.printing import say, say_json, show_table
from api.requests.rosters import roster_shown
from domain.requests import roster as duty_roster
from domain.requests.roster import LeaveWindow, TakeWindow, roster_stream
from domain.vocabulary import CHINA
from ledger.log import reading
from ledger.log.codec import LedgerMapper
from ledger.log.decision import project

POINT = click.argument("point", metavar="POINT")
WINDOW = click.argument("window", metavar="WINDOW")
DAY = click.option("--day", metavar="DAY", help="Default: today.")


@click.group()
def roster() -> None:
    """Duty rosters: who sits at which window of a point."""


@roster.command()
@POINT
@WINDOW
@click.option("--officer", help="Who sits there. Default: the account.")
@actor_options
def take(point: str, window: str, officer: str | None, **who: Any) -> None:
    """Enter that an officer sits down at a window now.

    Example: anjuan roster take C0001 W1 --account li --role duty_officer --unit C0001
    """
    by, day = actor_of(**who), _today()
    command = TakeWindow(point=point, day=day, window=window, officer=officer or by.account)
    give(app_url(), roster_stream(point, day), command, by)
    say(f"{command.officer} sits at {window} of {point}.")


@roster.command()
@POINT
@WINDOW
@DAY
@actor_options
def leave(point: str, window: str, day: str | None, **who: Any) -> None:
    """Enter that the officer leaves the window now.

    Example: anjuan roster leave C0001 W1 --account li --role duty_officer --unit C0001
    """
    stream = roster_stream(point, day or _today())
    give(app_url(), stream, LeaveWindow(window=window), actor_of(**who))
    say(f"{window} of {point} is left.")


@roster.command()
@POINT
@DAY
@json_option
@click.pass_context
def show(context: click.Context, point: str, day: str | None, *, as_json: bool) -> None:
    """Show the roster of a point and day. Exit code 1: there is none.

    Example: anjuan roster show C0001 --day 2026-03-02
    """
    stream = roster_stream(point, day or _today())
    with (
        connected(app_url()) as connection,
        connection.cursor(binary=True, row_factory=tuple_row) as cursor,
    ):
        events = reading.streams(cursor, LedgerMapper(), [stream], reading.head(connection))
    found = project(duty_roster, None, events)
    if found is None:
        show_table([], empty=f"no roster of {point} on {day or _today()}")
        context.exit(1)
    shown = roster_shown(found.state)
    if as_json:
        say_json(shown)
    else:
        show_table([structs.asdict(one) for one in shown.sittings], empty="nobody")


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(CHINA)).date()
