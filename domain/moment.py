"""The moment of a decision: actor, times, registers; and the rules about time of all commands."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, field

from domain.accounts import account
from domain.accounts.account import Account
from domain.registers import (
    adviser,
    appointment,
    calendar_publication,
    division,
    firm,
    form,
    organ,
    point,
    policy,
    team,
)
from domain.registers.adviser import Adviser
from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import PublishedCalendar
from domain.registers.division import Division
from domain.registers.firm import Firm
from domain.registers.form import Form, PublishedForm
from domain.registers.organ import Organ
from domain.registers.point import CalendarUnknown, Point, judged_on
from domain.registers.policy import Policy, entry_allowance
from domain.registers.team import Team
from domain.roles import FIRMS
from domain.vocabulary import CHINA, Actor, Command, Event, Refused
from domain.worktime.calendar import Calendar
from domain.worktime.zone import zone_named, zone_of


class Registers(Struct, frozen=True, kw_only=True):
    """Reference facts as known at one log position, which deciders look up beside their stream."""

    points: Mapping[str, Point]
    advisers: Mapping[str, Adviser]
    calendars: Mapping[str, Calendar]
    policies: Mapping[str, Policy]
    appointments: Mapping[str, Appointment] = field(default_factory=dict)
    """By division code."""
    naming: Mapping[str, Collection[str]] | None = None
    """Adviser → codes of the divisions whose appointments name him or did. None when this is not
    kept."""
    forms: Mapping[str, Form] = {}
    """By `code@version`."""
    rooms: Mapping[str, Collection[str]] = {}
    """Division code → codes of the rooms that are or were there."""
    divisions: Mapping[str, Division] = {}
    firms: Mapping[str, Firm] = {}
    teams: Mapping[str, Team] = {}
    organs: Mapping[str, Organ] = {}
    accounts: Mapping[str, Account] = {}

    def appointments_of(self, adviser: str) -> Mapping[str, Appointment]:
        """Return the appointments that may name an adviser: all that do are among them."""
        if self.naming is None:
            return self.appointments
        return {one: self.appointments[one] for one in sorted(self.naming.get(adviser, ()))}


STORIES: Final = (
    calendar_publication, policy, point, adviser, appointment, form, division, firm, team, organ,
    account,
)  # fmt: skip
"""What registers are folded from."""
_EVOLVE: Final[Mapping[type[Event], Any]] = {
    event: story.evolve for story in STORIES for event in story.EVENTS
}


class KnownRegisters:
    """The one fold of registers: `registers` shows what the events taken so far say.

    Bundles fold calendars and policies by themselves, from plain JSON (`scoring.basis.published`):
    that code travels, and an auditor runs it with a bare Python.
    """

    def __init__(self) -> None:
        self._states: dict[UUID, Any] = {}
        self._points: dict[str, Point] = {}
        self._advisers: dict[str, Adviser] = {}
        self._calendars: dict[str, Calendar] = {}
        self._policies: dict[str, Policy] = {}
        self._appointments: dict[str, Appointment] = {}
        self._naming: defaultdict[str, set[str]] = defaultdict(set)
        self._forms: dict[str, Form] = {}
        self._rooms: defaultdict[str, set[str]] = defaultdict(set)
        self._divisions: dict[str, Division] = {}
        self._firms: dict[str, Firm] = {}
        self._teams: dict[str, Team] = {}
        self._organs: dict[str, Organ] = {}
        self._accounts: dict[str, Account] = {}
        self.registers: Final = Registers(
            points=self._points,
            advisers=self._advisers,
            calendars=self._calendars,
            policies=self._policies,
            appointments=self._appointments,
            naming=self._naming,
            forms=self._forms,
            rooms=self._rooms,
            divisions=self._divisions,
            firms=self._firms,
            teams=self._teams,
            organs=self._organs,
            accounts=self._accounts,
        )

    def take(self, stream: UUID, event: Event) -> bool:
        """Fold an event that follows those taken; False: it is no reference event."""
        evolve = _EVOLVE.get(type(event))
        if evolve is None:
            return False
        state = self._states[stream] = evolve(self._states.get(stream), event)
        self.keep(state)
        return True

    def copy(self) -> "KnownRegisters":
        """Return registers that say the same and can be moved on by themselves."""
        other = KnownRegisters()
        other._states.update(self._states)
        for state in self._states.values():
            other.keep(state)
        return other

    def keep(self, state: object) -> None:
        """Show the newest state of a thing that was folded elsewhere; others are passed over."""
        match state:
            case Point():
                self._points[state.code] = state
                if state.kind == "room":
                    for place in state.locations:
                        self._rooms[place.division].add(state.code)
                    for one in state.judged:
                        self._rooms[one.division].add(state.code)
            case Adviser():
                self._advisers[state.code] = state
            case Policy():
                self._policies[state.versions[-1].code] = state
            case Appointment():
                self._appointments[state.division] = state
                for adviser in state.named:
                    self._naming[adviser].add(state.division)
            case PublishedForm():
                self._forms |= {one.ref: one for one in state.versions}
            case PublishedCalendar():
                self._calendars |= {one.ref: one for one in state.versions}
                self._calendars[state.newest.code] = state.newest
            case Division():
                self._divisions[state.code] = state
            case Firm():
                self._firms[state.code] = state
            case Team():
                self._teams[state.code] = state
            case Organ():
                self._organs[state.code] = state
            case Account():
                self._accounts[state.code] = state


class BrokenReference(Struct, frozen=True):
    """A reference fact of an older log that leans on what is not there; `do` mends it."""

    point: str
    what: str
    do: str


def broken_references(registers: Registers) -> list[BrokenReference]:
    """List the points whose zone or calendar does not exist: both are asked for since when they are
    given."""
    found = []
    for code, one in registers.points.items():
        if zone_named(one.zone) is None:
            what = f"there is no time zone {one.zone!a}; its days are counted by {CHINA}"
            found.append(BrokenReference(code, what, "correct it: change-zone"))
        if one.calendar is not None and one.calendar not in registers.calendars:
            what = f"no calendar {one.calendar!a} can be read; nothing can be begun there"
            found.append(BrokenReference(code, what, "publish the calendar, or change-calendar"))
    return found


class DivisionWrittenLonger(Refused):
    """区划代码请用最短的写法，例如全市为 4401，不写 440100"""


class CodeLooksLikeAnother(Refused):
    """已有仅字母大小写不同的编号，请换一个编号"""


def refuse_twin(code: str, known: Iterable[str]) -> None:
    """Refuse a new code that differs from a known one only in the case of letters: people would
    take one for the other. Raises: CodeLooksLikeAnother."""
    codes = known if isinstance(known, Collection) else tuple(known)
    for other in _written_alike(code, codes):
        if other != code:
            raise CodeLooksLikeAnother(other)


def _written_alike(code: str, known: Collection[str]) -> Iterator[str]:
    """Yield the known codes that are the same but for the case of letters. Registers have thousands
    of codes, and most codes few letters: then every way to write it is looked up."""
    ways = 2 ** sum(map(str.isalpha, code))
    if code.isascii() and ways < len(known):
        spelt = map("".join, product(*(dict.fromkeys((one.lower(), one.upper())) for one in code)))
        return (one for one in spelt if one in known)
    folded = code.casefold()
    return (one for one in known if one.casefold() == folded)


def spellings(code: str) -> frozenset[str]:
    """Return the usual spellings of a code in other letters: of what is in no register they are
    looked for, each in its own stream."""
    return frozenset((code.lower(), code.upper(), code.swapcase(), code.capitalize())) - {code}


class Moment(Struct, frozen=True, kw_only=True):
    """The actor, the times and the registers of one decision."""

    by: Actor
    occurred_at: datetime
    """When it happened."""
    now: datetime
    """When it is entered."""
    registers: Registers
    late_reason: str | None = None
    """Why it is entered late."""
    last_step_at: datetime | None = None
    """When the last thing happened that is known of this stream."""
    stream: UUID | None = None
    """What is decided on."""
    beside: Mapping[UUID, Any] = {}
    """States of the other streams that the decision reads (`Beside`); none where nothing stands."""

    @property
    def names(self) -> frozenset[str]:
        return names_of(self.by, self.registers)

    def is_late(self, at: datetime) -> bool:
        """Return whether what happened then is entered too late to need no reason."""
        if at >= self.now:
            return False
        today = self.now.astimezone(zone_of(CHINA)).date()
        return self.now - at > entry_allowance(self.registers.policies, today)


class Beside(Struct, frozen=True):
    """What an aggregate's decision reads of other streams, and writes to them in the same append.

    A stream that was read and has moved on makes the command be decided again.
    """

    commands: tuple[type[Command], ...]
    """Of which the decision reads any, or writes to any."""
    reads: Callable[[Any, Any, Moment], Iterable[UUID]]
    """Of state, command and moment."""
    writes: Callable[[Any, Sequence[Event], Moment], Iterable[tuple[UUID, Event]]] = lambda *_: ()
    """Of the state before, the decided events and the moment."""


def names_of(by: Actor, registers: Registers) -> frozenset[str]:
    """Return what events call the actor and whom he stands in for: accounts, and the advisers that
    these are in any post. Nobody decides on his own in another post of his."""
    accounts = [one for one in (by.account, by.instead_of) if one is not None]
    listed = (registers.accounts.get(code) for code in accounts)
    advisers = {post.adviser for one in listed if one for post in one.posts}
    return frozenset((*accounts, *(one for one in (*advisers, by.adviser) if one)))


def local_day(point: Point, moment: Moment, at: datetime) -> date:
    """Return the local day of an instant at the point.

    Raises: CalendarUnknown — when the point's calendar cannot be looked up.
    """
    code = point.calendar_at(at)
    if code is not None:
        return known_calendar(code, moment.registers).local_day(at)
    return at.astimezone(zone_of(point.zone_at(at))).date()


def calendar_of(point: Point, moment: Moment) -> Calendar | None:
    """Return the newest version of the calendar that judges the point when it happened; None when
    it has none.

    Raises: CalendarUnknown — when its publication was passed over, because it cannot be read.
    """
    code = point.calendar_at(moment.occurred_at)
    return None if code is None else known_calendar(code, moment.registers)


def known_calendar(name: str, registers: Registers) -> Calendar:
    """Look up a calendar by its code or `code@version`. Raises: CalendarUnknown."""
    found = registers.calendars.get(name)
    if found is None:
        raise CalendarUnknown(name)
    return found


def published_first(moment: "Moment") -> Calendar | None:
    """Return the calendar published first: the working days of the law are the same in every one.

    It serves what has no point.
    """
    calendars = moment.registers.calendars
    return next((one for key, one in calendars.items() if key == one.code), None)


def village_calendar(village: str, day: date, registers: Registers) -> Calendar | None:
    """Return the newest version of the calendar that judges work in a village on a day: that of its
    room, the first by code, or the calendar published first; None when there is none.

    Duty judges closed months by the same calendar: `projections.advising.directory.calendars`.
    """
    for code in sorted(registers.rooms.get(village, ())):
        room = judged_on(day, registers.points[code].judged)
        if room is not None and room.division == village:
            if room.calendar is None:
                break
            return registers.calendars.get(room.calendar.partition("@")[0])
    for one in registers.calendars.values():
        return registers.calendars[one.code]
    return None


CLOCK_SKEW: Final = timedelta(minutes=5)


class HappensInFuture(Refused):
    """发生时间晚于当前时间"""


class LateEntryNeedsReason(Refused):
    """补录时间已超过规定的时限（一般为24小时），须说明补录原因"""


class HappensBeforeLogged(Refused):
    """发生时间早于事项登记时间"""


class HappensBeforeLastStep(Refused):
    """发生时间早于上一步的办理时间"""


def not_in_future(moment: Moment) -> None:
    if moment.occurred_at > moment.now + CLOCK_SKEW:
        raise HappensInFuture


def not_late_without_reason(command: Command, moment: Moment) -> None:
    """Refuse a late entry that nobody gives a reason for: beside the command, or in it."""
    reason = moment.late_reason or getattr(command, "late_reason", None)
    if reason is None and moment.is_late(moment.occurred_at):
        raise LateEntryNeedsReason


def not_before_last_step(moment: Moment) -> None:
    """Refuse what lies before a thing's last step. What happens as it is entered never does: the
    clock of another machine may have been ahead."""
    last = moment.last_step_at
    if last is not None and moment.occurred_at < min(last, moment.now):
        raise HappensBeforeLastStep


# --- who acts for whom


class NotThisVillage(Refused):
    """村（居）民委员会只能办理本村（社区）的事项"""


class NotThisFirm(Refused):
    """律师事务所只能办理本所的事项"""


def not_of_another_firm(by: Actor, firm: str | None) -> None:
    """Refuse another law firm; `firm` is None when the matter is no firm's.

    Raises: NotThisFirm.
    """
    if by.role in FIRMS and by.unit != firm:
        raise NotThisFirm(firm or "")
