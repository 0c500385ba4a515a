"""A legal helper 法律明白人 of a village: registered, trained, what he did, and until when."""

from datetime import date
from typing import ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, VillageCode
from domain.listed import known_division
from domain.moment import Beside, Moment, not_in_future, refuse_twin, spellings
from domain.registers.appointment import china_day
from domain.vocabulary import (
    Command,
    Count,
    Event,
    NotThere,
    Personal,
    Refused,
    Several,
    Text,
    stream_id,
)

KIND: Final = "helper"
HelperActivity = Literal[
    "legal_publicity", "dispute_mediation", "dispute_screening", "guidance", "clue_reported",
    "opinion_collected", "other",
]  # fmt: skip
Qualification = Literal[
    "village_cadre", "group_leader", "mediator", "grid_worker", "veteran", "teacher",
    "party_member", "other",
]  # fmt: skip
"""What he is besides; the courses he attended stand in the training sessions."""


# --- events


class HelperRegistered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "helper.registered/1"
    code: Code
    name: Personal
    village: VillageCode
    since: date
    qualification: Qualification


class HelperActivityReported(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "helper.activity_reported/1"
    KEY: ClassVar = ("number",)
    number: int
    """Of his activities, from 1 on."""
    day: date
    activity: HelperActivity
    people: Count = 0
    """Who were helped or reached."""
    note: Personal | None = None


class HelperActivityVoided(Event, frozen=True, kw_only=True):
    """Reported by mistake: it leaves the counts."""

    topic: ClassVar[str] = "helper.activity_voided/1"
    number: int
    reason: Text


class HelperLeft(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "helper.left/1"
    left_on: date
    """His last day was the one before."""
    reason: Text


HelperEvent = HelperRegistered | HelperActivityReported | HelperActivityVoided | HelperLeft
EVENTS: Final[tuple[type[Event], ...]] = get_args(HelperEvent)


# --- commands


class RegisterHelper(Command, frozen=True, kw_only=True):
    code: Code
    name: Text
    village: VillageCode
    since: date
    qualification: Qualification


class ReportHelperActivity(Command, frozen=True, kw_only=True):
    day: date
    activity: HelperActivity
    people: Count = 0
    note: Personal | None = None


class VoidHelperActivity(Command, frozen=True, kw_only=True):
    number: Several
    reason: Text


class RetireHelper(Command, frozen=True, kw_only=True):
    left_on: date
    reason: Text


HelperCommand = RegisterHelper | ReportHelperActivity | VoidHelperActivity | RetireHelper
COMMANDS: Final[tuple[type[Command], ...]] = get_args(HelperCommand)


# --- state


class Helper(Struct, frozen=True, kw_only=True):
    registered: HelperRegistered
    activities: tuple[HelperActivityReported, ...] = ()
    """Without those voided."""
    reported: int = 0
    """With them."""
    left_on: date | None = None

    @property
    def code(self) -> str:
        return self.registered.code

    def serves_on(self, day: date) -> bool:
        return self.registered.since <= day and (self.left_on is None or day < self.left_on)


# --- evolve


def evolve(state: Helper | None, event: HelperEvent) -> Helper:
    if isinstance(event, HelperRegistered):
        return Helper(registered=event)
    assert state is not None
    match event:
        case HelperActivityReported():
            activities = (*state.activities, event)
            return replace(state, activities=activities, reported=event.number)
        case HelperActivityVoided():
            kept = tuple(one for one in state.activities if one.number != event.number)
            return replace(state, activities=kept)
        case HelperLeft():
            return replace(state, left_on=event.left_on)
        case _:
            assert_never(event)


# --- refusals


class HelperUnknown(NotThere):
    """没有这位法律明白人，或者其当日不在任"""


class HelperExists(Refused):
    """这个编号的法律明白人已经登记，内容不同"""


class HelperHasLeft(Refused):
    """这位法律明白人已经退出"""


class NotServingThen(Refused):
    """日期不在这位法律明白人的任期内"""


class DayInFuture(Refused):
    """日期晚于今天"""


class ActivityUnknown(Refused):
    """没有这次活动，或者已经作废"""


# --- decide


def decide(state: Helper | None, command: HelperCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, RegisterHelper):
        return _register(state, command, moment)
    if state is None:
        raise HelperUnknown
    match command:
        case ReportHelperActivity():
            return _report(state, command, moment)
        case VoidHelperActivity():
            if all(one.number != command.number for one in state.activities):
                raise ActivityUnknown(str(command.number))
            return [HelperActivityVoided(number=command.number, reason=command.reason)]
        case RetireHelper():
            return _retire(state, command, moment)
        case _:
            assert_never(command)


def _register(state: Helper | None, command: RegisterHelper, moment: Moment) -> list[Event]:
    _not_later_than_today(command.since, moment)
    known_division(command.village, moment.registers, command.since)
    registered = HelperRegistered(
        code=command.code,
        name=command.name,
        village=command.village,
        since=command.since,
        qualification=command.qualification,
    )
    if state is None:
        refuse_twin(command.code, _twins(command.code, moment))
        return [registered]
    if state.registered == registered:
        return []
    raise HelperExists(command.code)


def _report(state: Helper, command: ReportHelperActivity, moment: Moment) -> list[Event]:
    _not_later_than_today(command.day, moment)
    if not state.serves_on(command.day):
        raise NotServingThen(str(command.day))
    reported = HelperActivityReported(
        number=state.reported + 1,
        day=command.day,
        activity=command.activity,
        people=command.people,
        note=command.note,
    )
    if any(replace(one, number=reported.number) == reported for one in state.activities):
        return []
    return [reported]


def _retire(state: Helper, command: RetireHelper, moment: Moment) -> list[Event]:
    if state.left_on is not None:
        if state.left_on == command.left_on:
            return []
        raise HelperHasLeft(str(state.left_on))
    _not_later_than_today(command.left_on, moment)
    days = [one.day for one in state.activities]
    if command.left_on < state.registered.since or any(command.left_on <= day for day in days):
        raise NotServingThen(str(command.left_on))
    return [HelperLeft(left_on=command.left_on, reason=command.reason)]


def _not_later_than_today(day: date, moment: Moment) -> None:
    if day > china_day(moment.now):
        raise DayInFuture(str(day))


def _twins(code: str, moment: Moment) -> list[str]:
    return [one for one in spellings(code) if moment.beside.get(stream_id(KIND, one)) is not None]


def _reads(_: Helper | None, command: RegisterHelper, __: Moment) -> list[UUID]:
    return [stream_id(KIND, one) for one in spellings(command.code)]


BESIDE: Final = Beside((RegisterHelper,), _reads)
