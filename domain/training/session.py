"""A training session 培训: announced with whom it is for, held with who attended and for how long.

What is credited to a person is his own minutes, never more than the session lasted.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode
from domain.listed import known_adviser, known_division
from domain.moment import Beside, Moment, not_in_future
from domain.registers.adviser import AdviserUnknown
from domain.registers.appointment import china_day
from domain.training import helper
from domain.training.helper import Helper, HelperUnknown
from domain.vocabulary import Command, Event, NotThere, Refused, Text, stream_id

KIND: Final = "training"
TrainingKind = Literal[
    "law", "mediation", "service_rules", "complaints", "platform", "helper_course", "other"
]
TrainingStatus = Literal["announced", "held", "cancelled"]
SessionMinutes = Annotated[int, Meta(ge=1, le=7 * 24 * 60)]


class Trainee(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An adviser or a legal helper, by code."""

    KEY: ClassVar = ("kind", "code")

    kind: Literal["adviser", "helper"] = "adviser"
    code: Code


class Attendance(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One who attended, with the minutes that are credited to him."""

    KEY: ClassVar = ("trainee.kind", "trainee.code")

    trainee: Trainee
    minutes: SessionMinutes


# --- events


class TrainingAnnounced(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "training.announced/1"
    subject: Text
    kind: TrainingKind
    place: Text
    organiser: DivisionCode
    """Division whose office holds it."""
    day: date
    minutes: SessionMinutes
    invited: tuple[Trainee, ...] = ()


class TraineesInvited(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "training.trainees_invited/1"
    invited: tuple[Trainee, ...]


class TrainingHeld(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "training.held/1"
    attended: tuple[Attendance, ...]


class AttendanceCorrected(Event, frozen=True, kw_only=True):
    """All who attended, as it should have been entered."""

    topic: ClassVar[str] = "training.attendance_corrected/1"
    attended: tuple[Attendance, ...]
    reason: Text


class TrainingCancelled(Event, frozen=True, kw_only=True):
    """It was not held; or entered by mistake: nothing is credited for it."""

    topic: ClassVar[str] = "training.cancelled/1"
    reason: Text


TrainingEvent = (
    TrainingAnnounced | TraineesInvited | TrainingHeld | AttendanceCorrected | TrainingCancelled
)
EVENTS: Final[tuple[type[Event], ...]] = get_args(TrainingEvent)


# --- commands


class AnnounceTraining(Command, frozen=True, kw_only=True):
    subject: Text
    kind: TrainingKind
    place: Text
    organiser: DivisionCode
    day: date
    minutes: SessionMinutes
    invited: tuple[Trainee, ...] = ()


class InviteTrainees(Command, frozen=True, kw_only=True):
    """More of them; who is invited already stays."""

    invited: Annotated[tuple[Trainee, ...], Meta(min_length=1)]


class HoldTraining(Command, frozen=True, kw_only=True):
    """Enters who attended, invited or not."""

    attended: Annotated[tuple[Attendance, ...], Meta(min_length=1)]


class CorrectAttendance(Command, frozen=True, kw_only=True):
    attended: Annotated[tuple[Attendance, ...], Meta(min_length=1)]
    reason: Text


class CancelTraining(Command, frozen=True, kw_only=True):
    reason: Text


TrainingCommand = (
    AnnounceTraining | InviteTrainees | HoldTraining | CorrectAttendance | CancelTraining
)
COMMANDS: Final[tuple[type[Command], ...]] = get_args(TrainingCommand)


# --- state


class Training(Struct, frozen=True, kw_only=True):
    announced: TrainingAnnounced
    invited: tuple[Trainee, ...]
    attended: tuple[Attendance, ...] = ()
    status: TrainingStatus = "announced"


# --- evolve


def evolve(state: Training | None, event: TrainingEvent) -> Training:
    if isinstance(event, TrainingAnnounced):
        return Training(announced=event, invited=event.invited)
    assert state is not None
    match event:
        case TraineesInvited():
            return replace(state, invited=(*state.invited, *event.invited))
        case TrainingHeld() | AttendanceCorrected():
            return replace(state, attended=event.attended, status="held")
        case TrainingCancelled():
            return replace(state, status="cancelled")
        case _:
            assert_never(event)


# --- refusals


class TrainingUnknown(NotThere):
    """没有这次培训"""


class TrainingExists(Refused):
    """这次培训已经登记"""


class TrainingIsCancelled(Refused):
    """这次培训已取消"""


class TrainingIsHeld(Refused):
    """这次培训已登记举办，出席情况有误的请更正"""


class TrainingNotHeld(Refused):
    """这次培训尚未登记举办"""


class TrainingNotYetDue(Refused):
    """培训尚未到举办日期，不能登记出席"""


class TraineeTwice(Refused):
    """同一人员重复填写"""


class CreditedTooMuch(Refused):
    """计入个人的时长不能超过培训的时长"""


# --- decide


def decide(state: Training | None, command: TrainingCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, AnnounceTraining):
        return _announce(state, command, moment)
    if state is None:
        raise TrainingUnknown
    if isinstance(command, CancelTraining):
        return [] if state.status == "cancelled" else [TrainingCancelled(reason=command.reason)]
    if state.status == "cancelled":
        raise TrainingIsCancelled
    match command:
        case InviteTrainees():
            return _invite(state, command, moment)
        case HoldTraining():
            return _hold(state, command, moment)
        case CorrectAttendance():
            if state.status != "held":
                raise TrainingNotHeld
            if command.attended == state.attended:
                return []
            _credits(state.announced, command.attended, moment)
            return [AttendanceCorrected(attended=command.attended, reason=command.reason)]
        case _:
            assert_never(command)


def _announce(state: Training | None, command: AnnounceTraining, moment: Moment) -> list[Event]:
    if state is not None:
        raise TrainingExists
    known_division(command.organiser, moment.registers, command.day)
    _known(command.invited, command.day, moment)
    return [
        TrainingAnnounced(
            subject=command.subject,
            kind=command.kind,
            place=command.place,
            organiser=command.organiser,
            day=command.day,
            minutes=command.minutes,
            invited=command.invited,
        )
    ]


def _invite(state: Training, command: InviteTrainees, moment: Moment) -> list[Event]:
    if state.status == "held":
        raise TrainingIsHeld
    _known(command.invited, state.announced.day, moment)
    more = tuple(one for one in command.invited if one not in state.invited)
    return [TraineesInvited(invited=more)] if more else []


def _hold(state: Training, command: HoldTraining, moment: Moment) -> list[Event]:
    if state.status == "held":
        if command.attended == state.attended:
            return []
        raise TrainingIsHeld
    if china_day(moment.occurred_at) < state.announced.day:
        raise TrainingNotYetDue(str(state.announced.day))
    _credits(state.announced, command.attended, moment)
    return [TrainingHeld(attended=command.attended)]


def _credits(
    announced: TrainingAnnounced, attended: tuple[Attendance, ...], moment: Moment
) -> None:
    _known([one.trainee for one in attended], announced.day, moment)
    for one in attended:
        if one.minutes > announced.minutes:
            raise CreditedTooMuch(one.trainee.code)


def _known(trainees: Iterable[Trainee], day: date, moment: Moment) -> None:
    """Advisers in office, helpers who serve, on the day of the session; each once."""
    seen: set[Trainee] = set()
    for one in trainees:
        if one in seen:
            raise TraineeTwice(one.code)
        seen.add(one)
        if one.kind == "adviser":
            adviser = known_adviser(one.code, moment.registers)
            if not adviser.in_office(moment.occurred_at):
                raise AdviserUnknown(one.code)
        else:
            found = moment.beside.get(stream_id(helper.KIND, one.code))
            if not isinstance(found, Helper) or not found.serves_on(day):
                raise HelperUnknown(one.code)


def _helpers(_state: Training | None, command: TrainingCommand, _moment: Moment) -> Iterator[UUID]:
    """Streams of the helpers whom a command names."""
    match command:
        case AnnounceTraining() | InviteTrainees():
            trainees = command.invited
        case HoldTraining() | CorrectAttendance():
            trainees = tuple(one.trainee for one in command.attended)
        case _:
            trainees = ()
    for one in trainees:
        if one.kind == "helper":
            yield stream_id(helper.KIND, one.code)


BESIDE: Final = Beside(
    (AnnounceTraining, InviteTrainees, HoldTraining, CorrectAttendance), _helpers
)
