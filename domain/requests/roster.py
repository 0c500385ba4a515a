"""The duty roster 值班表 of one point and day: who sat at which window, from when to when.

Figures by window are figures of a place; with the roster they are those of who was on duty there.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code
from domain.listed import known_window, opened_point
from domain.moment import Moment, local_day, not_in_future
from domain.roles import LEADERS
from domain.vocabulary import Command, Event, NotThere, Refused, stream_id

KIND: Final = "roster"
Session = Annotated[str, Meta(min_length=1, max_length=64)]
"""Keyed digest of where a command came from: it can be compared, not read."""


# --- events


class WindowTaken(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "roster.window_taken/1"
    point: Code
    day: date
    window: Code
    officer: Code
    taken_at: datetime
    session: Session | None = None
    """Where the officer works today, if he took the window himself over the network."""


class WindowLeft(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "roster.window_left/1"
    window: Code
    officer: Code
    left_at: datetime


RosterEvent = WindowTaken | WindowLeft
EVENTS: Final[tuple[type[Event], ...]] = get_args(RosterEvent)


# --- commands


class TakeWindow(Command, frozen=True, kw_only=True):
    """`officer` is the account that gives the command, unless a leader enters it for another."""

    point: Code
    day: date
    window: Code
    officer: Code
    session: Session | None = None


class LeaveWindow(Command, frozen=True, kw_only=True):
    window: Code


RosterCommand = TakeWindow | LeaveWindow
COMMANDS: Final[tuple[type[Command], ...]] = get_args(RosterCommand)


# --- state


class Sitting(Struct, frozen=True, kw_only=True):
    """An officer at a window; `until` is None while he sits there."""

    KEY: ClassVar = None
    window: str
    officer: str
    since: datetime
    until: datetime | None = None
    session: str | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


class Roster(Struct, frozen=True, kw_only=True):
    point: str
    day: date
    sittings: tuple[Sitting, ...] = ()
    """In the order taken."""

    def now_at(self, window: str) -> Sitting | None:
        """Return who sits at the window now."""
        found = (one for one in self.sittings if one.window == window and one.until is None)
        return next(found, None)

    def on_duty(self, window: str | None, at: datetime) -> str | None:
        """Return who sat at the window then; None when nobody is known to have."""
        found = [one.officer for one in self.sittings if one.window == window and one.covers(at)]
        return found[-1] if found else None

    def sessions_of(self, officers: set[str]) -> tuple[str, ...]:
        """Return where these officers worked that day."""
        found = {one.session for one in self.sittings if one.session and one.officer in officers}
        return tuple(sorted(found))


def roster_stream(point: str, day: date | str) -> UUID:
    """`day` as in 2026-03-02."""
    return stream_id(KIND, f"{point}:{day}")


def evolve(state: Roster | None, event: RosterEvent) -> Roster:
    match event:
        case WindowTaken():
            known = state or Roster(point=event.point, day=event.day)
            sitting = Sitting(
                window=event.window,
                officer=event.officer,
                since=event.taken_at,
                session=event.session,
            )
            return replace(known, sittings=(*known.sittings, sitting))
        case WindowLeft():
            assert state is not None
            return replace(
                state,
                sittings=tuple(
                    replace(one, until=event.left_at)
                    if one.window == event.window and one.until is None
                    else one
                    for one in state.sittings
                ),
            )
        case _:
            assert_never(event)


# --- refusals


class RosterUnknown(NotThere):
    """这个服务点当天还没有值班登记"""


class WindowIsTaken(Refused):
    """窗口已有人值班，请先由其离岗"""


class OfficerSitsElsewhere(Refused):
    """值班人已在另一个窗口，请先离岗"""


class WindowNotTaken(Refused):
    """窗口没有人值班"""


class NotThatDay(Refused):
    """值班时间不在这张值班表的日期"""


class TakenByAnother(Refused):
    """只能登记本人的值班，他人的由负责人登记"""


class BeforeItWasTaken(Refused):
    """早于窗口上一次到岗或离岗的时间"""


# --- decide


def decide(state: Roster | None, command: RosterCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    match command:
        case TakeWindow():
            return _take(state, command, moment)
        case LeaveWindow():
            return _leave(state, command, moment)
        case _:
            assert_never(command)


def _take(state: Roster | None, command: TakeWindow, moment: Moment) -> list[Event]:
    _by_himself(command.officer, moment)
    point = opened_point(command.point, moment.registers, moment.occurred_at)
    if local_day(point, moment, moment.occurred_at) != command.day:
        raise NotThatDay(str(command.day))
    known_window(command.window, point)
    for one in state.sittings if state else ():
        if one.until is None and one.window == command.window:
            if one.officer == command.officer:
                return []
            raise WindowIsTaken(one.window)
        if one.until is None and one.officer == command.officer:
            raise OfficerSitsElsewhere(one.window)
        last = one.until or one.since
        touches = one.window == command.window or one.officer == command.officer
        if touches and moment.occurred_at < last:
            raise BeforeItWasTaken
    return [
        WindowTaken(
            point=command.point,
            day=command.day,
            window=command.window,
            officer=command.officer,
            taken_at=moment.occurred_at,
            session=command.session if command.officer == moment.by.account else None,
        )
    ]


def _leave(state: Roster | None, command: LeaveWindow, moment: Moment) -> list[Event]:
    if state is None:
        raise RosterUnknown
    sitting = state.now_at(command.window)
    if sitting is None:
        raise WindowNotTaken(command.window)
    _by_himself(sitting.officer, moment)
    if moment.occurred_at < sitting.since:
        raise BeforeItWasTaken
    return [WindowLeft(window=sitting.window, officer=sitting.officer, left_at=moment.occurred_at)]


def _by_himself(officer: str, moment: Moment) -> None:
    if officer != moment.by.account and moment.by.role not in LEADERS:
        raise TakenByAnother
