"""Duty rosters 值班表: who sits at which window of a point."""

from datetime import date, datetime
from typing import ClassVar, Final

import msgspec
from msgspec import Struct

from api.web.acting import Answer, CommandAsking, answer_of
from api.web.finding import finds_one
from api.web.paging import Listing, Paged
from api.web.questions import Question
from domain.codes import Code
from domain.requests import roster
from domain.requests.roster import Roster, TakeWindow, roster_stream
from ledger.log.decision import Receipt
from projections.asking.asking import Basis
from projections.requests import rosters as view


class Taking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`officer`: who sits there, if it is not the one who enters it."""

    point: Code
    day: date
    window: Code
    officer: Code | None = None


async def take(acting: CommandAsking, taking: Taking) -> tuple[Receipt, Answer]:
    command = TakeWindow(
        point=taking.point,
        day=taking.day,
        window=taking.window,
        officer=taking.officer or acting.by.account,
        session=acting.session,
    )
    receipt = await acting.execute(roster_stream(taking.point, taking.day), command)
    return receipt, answer_of(receipt)


class SittingShown(Struct, frozen=True, kw_only=True):
    """An officer at a window; `until` is null while he sits there."""

    KEY: ClassVar = None
    window: str
    officer: str
    since: datetime
    until: datetime | None


class RosterShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a roster, without where anybody works from."""

    point: str
    day: date
    sittings: tuple[SittingShown, ...]
    """In the order taken."""


class RosterFound(Struct, frozen=True, kw_only=True):
    """The roster of a point and day as it stands; `version` is what If-Match wants."""

    version: int
    position: int
    state: RosterShown


def roster_shown(state: Roster) -> RosterShown:
    """Make the answer's copy of a roster."""
    sittings = (
        SittingShown(window=one.window, officer=one.officer, since=one.since, until=one.until)
        for one in state.sittings
    )
    return RosterShown(point=state.point, day=state.day, sittings=tuple(sittings))


# --- many


class SittingsQuery(Paged, frozen=True, kw_only=True):
    point: Code | None = None
    window: Code | None = None
    officer: Code | None = None
    sits: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive."""
    to: date | None = None
    """Exclusive."""


class SittingsFound(Struct, frozen=True, kw_only=True):
    """Who took a window last comes first."""

    basis: Basis
    rows: list[view.SittingRow]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(view.NAME,),
    filters=view.SittingFilters,
    page=view.page,
    cursor=view.SittingCursor,
    place=view.cursor_of,
    answer=SittingsFound,
)
QUESTIONS: Final = (
    Question(
        name="Rosters",
        under="/rosters",
        summary="值班清单：谁在哪个窗口值班，从何时到何时",
        tag=roster.KIND,
        answer=SittingsFound,
        query=SittingsQuery,
        find=LISTING.find,
    ),
    Question(
        name="Roster",
        under="/rosters/{point:str}/{day:str}",
        summary="一个服务点一天的值班表",
        tag=roster.KIND,
        answer=RosterFound,
        find=finds_one(
            roster,
            RosterFound,
            roster_shown,
            stream_of=lambda path: roster_stream(path["point"], path["day"]),
        ),
    ),
)
