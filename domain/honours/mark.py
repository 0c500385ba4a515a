"""A mark of a point or village, or an award of a person: 示范, 网红, 特色, 先进个人.

It has a year, a basis and a last day; which kinds there are is policy data.
"""

import re
from datetime import date
from typing import Annotated, ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import DIVISION, Code, DivisionCode, shortest
from domain.listed import known_adviser, known_division, known_point
from domain.moment import Beside, DivisionWrittenLonger, Moment, not_in_future
from domain.registers.appointment import china_day
from domain.registers.point import PointNotOpenYet
from domain.registers.policy import MarkKind, MarkOf, mark_kinds
from domain.vocabulary import Command, Event, NotThere, Refused, Text, stream_id
from domain.worktime.calendar import ONE_DAY, months_after

KIND: Final = "mark"
MONTHS: Final = 12
AwardYear = Annotated[int, Meta(ge=1949, le=2999)]


# --- events


class MarkAwarded(Event, frozen=True, kw_only=True):
    """`code`: of the point, division, adviser or account that it is given to."""

    topic: ClassVar[str] = "mark.awarded/1"
    kind: Code
    name: Text
    """Of the kind, as the rules call it that day."""
    of: MarkOf
    code: Code
    division: DivisionCode | None = None
    """Where a point lay on that day, or the division itself; of a person that of who awarded it."""
    year: AwardYear
    awarded_on: date
    awarded_by: Text
    basis: Text
    """The document that names it."""
    valid_until: date | None = None
    """The last day; None when it is valid until it is withdrawn."""


class MarkWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "mark.withdrawn/1"
    withdrawn_on: date
    reason: Text


MarkEvent = MarkAwarded | MarkWithdrawn
EVENTS: Final[tuple[type[Event], ...]] = get_args(MarkEvent)


# --- commands


class AwardMark(Command, frozen=True, kw_only=True):
    """`valid_until`: if the award says otherwise than the rules of its kind."""

    kind: Code
    code: Code
    year: AwardYear
    awarded_on: date
    awarded_by: Text
    basis: Text
    valid_until: date | None = None


class WithdrawMark(Command, frozen=True, kw_only=True):
    reason: Text


MarkCommand = AwardMark | WithdrawMark
COMMANDS: Final[tuple[type[Command], ...]] = get_args(MarkCommand)


# --- state


class Mark(Struct, frozen=True, kw_only=True):
    awarded: MarkAwarded
    withdrawn: MarkWithdrawn | None = None


def mark_name(kind: str, year: int, code: str) -> str:
    """Name a mark: what it is given to has one of a kind and year. No code has an `@`."""
    return f"{kind}@{year}@{code}"


def mark_stream(kind: str, year: int, code: str) -> UUID:
    return stream_id(KIND, mark_name(kind, year, code))


def evolve(state: Mark | None, event: MarkEvent) -> Mark:
    match event:
        case MarkAwarded():
            return Mark(awarded=event)
        case MarkWithdrawn():
            assert state is not None
            return replace(state, withdrawn=event)
        case _:
            assert_never(event)


# --- refusals


class MarkUnknown(NotThere):
    """没有这项称号或表彰"""


class MarkExists(Refused):
    """该对象本年度已有这项称号或表彰"""


class OwnMark(Refused):
    """不能给自己或者本单位评定称号、表彰"""


class MarkOfAnotherYear(Refused):
    """年度应当是授予日期的当年或者上一年"""


class MarkAwardedAlready(Refused):
    """同一称号在同一日期已经授予该对象（登记在另一年度），不能再登记一次"""


class MarkKindUnknown(Refused):
    """规则中没有这类称号或表彰"""


class NoDivision(Refused):
    """这类称号授予村（社区）等区划，请填写区划代码"""


class AwardedInFuture(Refused):
    """授予日期不能晚于登记日"""


class ExpiresBeforeAwarded(Refused):
    """有效期不能早于授予日期"""


# --- decide


def decide(state: Mark | None, command: MarkCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    match command:
        case AwardMark():
            return _award(state, command, moment)
        case WithdrawMark():
            if state is None:
                raise MarkUnknown
            day = china_day(moment.occurred_at)
            told = MarkWithdrawn(withdrawn_on=day, reason=command.reason)
            return [] if state.withdrawn else [told]
        case _:
            assert_never(command)


def _award(state: Mark | None, command: AwardMark, moment: Moment) -> list[Event]:
    """A mark that was withdrawn may be given again."""
    today = china_day(moment.occurred_at)
    kinds = mark_kinds(moment.registers.policies, today)
    kind = next((one for one in kinds if one.code == command.kind), None)
    if kind is None:
        raise MarkKindUnknown("、".join(one.code for one in kinds))
    if command.code == moment.by.unit or command.code in moment.names:
        raise OwnMark(command.code)
    if command.awarded_on > today:
        raise AwardedInFuture
    if command.year not in _years(command):
        raise MarkOfAnotherYear(str(command.year))
    for stream in _reads(state, command, moment):
        other = moment.beside.get(stream)
        awarded = other.awarded if isinstance(other, Mark) and not other.withdrawn else None
        if awarded is not None and awarded.awarded_on == command.awarded_on:
            raise MarkAwardedAlready(str(awarded.year))
    valid_until = command.valid_until or _valid_until(kind, command.awarded_on)
    if valid_until is not None and valid_until < command.awarded_on:
        raise ExpiresBeforeAwarded
    awarded = MarkAwarded(
        kind=kind.code,
        name=kind.name,
        of=kind.of,
        code=command.code,
        division=_division(kind, command, moment),
        year=command.year,
        awarded_on=command.awarded_on,
        awarded_by=command.awarded_by,
        basis=command.basis,
        valid_until=valid_until,
    )
    if state is not None and state.withdrawn is None:
        if state.awarded == awarded:
            return []
        raise MarkExists
    return [awarded]


def _valid_until(kind: MarkKind, day: date) -> date | None:
    if not kind.valid_years:
        return None
    return months_after(day, MONTHS * kind.valid_years) - ONE_DAY


def _division(kind: MarkKind, command: AwardMark, moment: Moment) -> str | None:
    """The division that the mark counts for; what it is given to is known.

    Raises: PointUnknown, PointNotOpenYet, AdviserUnknown, DivisionUnknown, NoDivision,
    DivisionWrittenLonger.
    """
    match kind.of:
        case "point":
            point = known_point(command.code, moment.registers)
            if command.awarded_on < point.opened_on:
                raise PointNotOpenYet(f"{command.code}，自 {point.opened_on} 起启用")
            return point.division_on(command.awarded_on)
        case "division":
            if not re.fullmatch(DIVISION, command.code):
                raise NoDivision(command.code)
            if shortest(command.code) != command.code:
                raise DivisionWrittenLonger(shortest(command.code))
            known_division(command.code, moment.registers, command.awarded_on)
            return command.code
        case "adviser":
            known_adviser(command.code, moment.registers)
        case "officer":
            pass
    return moment.by.unit if re.fullmatch(DIVISION, moment.by.unit) else None


def _years(command: AwardMark) -> tuple[int, int]:
    """A mark is of the year in which it is awarded, or of the year before, which it looks back
    on."""
    return command.awarded_on.year, command.awarded_on.year - 1


def _reads(_: Mark | None, command: AwardMark, __: Moment) -> list[UUID]:
    """Streams of the same mark of the other year that it could be of."""
    others = [year for year in _years(command) if year != command.year]
    return [mark_stream(command.kind, year, command.code) for year in others]


BESIDE: Final = Beside((AwardMark,), _reads)
