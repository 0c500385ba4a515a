"""Against a published determination anybody may object; who is not heard may appeal, to somebody
else than who answered. What is upheld obliges to a corrected determination.

A lifecycle inside the evaluation's stream; `domain.evaluation.evaluation` hands the commands here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, Digest
from domain.moment import HappensBeforeLastStep, Moment
from domain.vocabulary import Actor, Command, Event, Personal, Refused, Several, Statement

Number = Several
"""Objections are counted within their evaluation."""
Ground = Statement

# --- events


class ObjectionFiled(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "evaluation.objection_filed/1"
    number: int
    determination: int
    """The one objected to: the first is 1."""
    subject: Code
    items: tuple[Code, ...] = ()
    """Of the rule set; empty: the whole result."""
    ground: Personal
    evidence: tuple[Digest, ...] = ()
    filed_by: Code
    filed_at: datetime


class ObjectionAnswered(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "evaluation.objection_answered/1"
    number: int
    upheld: bool
    reason: Personal
    answered_by: Code
    answered_at: datetime
    appeal_until: datetime | None = None
    """Of a rejected one."""


class AppealFiled(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "evaluation.appeal_filed/1"
    number: int
    ground: Personal
    evidence: tuple[Digest, ...] = ()
    filed_by: Code
    filed_at: datetime


class AppealDecided(Event, frozen=True, kw_only=True):
    """The last word within the evaluation."""

    topic: ClassVar[str] = "evaluation.appeal_decided/1"
    number: int
    upheld: bool
    reason: Personal
    decided_by: Code
    decided_at: datetime


ObjectionEvent = ObjectionFiled | ObjectionAnswered | AppealFiled | AppealDecided
EVENTS: Final[tuple[type[Event], ...]] = get_args(ObjectionEvent)


# --- commands


class FileObjection(Command, frozen=True, kw_only=True):
    subject: Code
    items: tuple[Code, ...] = ()
    ground: Ground
    evidence: tuple[Digest, ...] = ()


class AnswerObjection(Command, frozen=True, kw_only=True):
    number: Number
    upheld: bool
    reason: Ground


class FileAppeal(Command, frozen=True, kw_only=True):
    number: Number
    ground: Ground
    evidence: tuple[Digest, ...] = ()


class DecideAppeal(Command, frozen=True, kw_only=True):
    number: Number
    upheld: bool
    reason: Ground


ObjectionCommand = FileObjection | AnswerObjection | FileAppeal | DecideAppeal
COMMANDS: Final[tuple[type[Command], ...]] = get_args(ObjectionCommand)


# --- state


class Objection(Struct, frozen=True, kw_only=True):
    filed: ObjectionFiled
    answered: ObjectionAnswered | None = None
    appeal: AppealFiled | None = None
    decided: AppealDecided | None = None
    corrected_by: int | None = None
    """Number of the determination that carried it out."""

    @property
    def upheld(self) -> bool:
        last = self.decided or self.answered
        return last is not None and last.upheld

    @property
    def to_correct(self) -> bool:
        return self.upheld and self.corrected_by is None

    @property
    def waiting(self) -> bool:
        """Undecided, or upheld and not carried out yet."""
        appealed = self.appeal is not None and self.decided is None
        return self.answered is None or appealed or self.to_correct

    def pending(self, at: datetime) -> bool:
        """Undecided, or an appeal may still be filed."""
        if self.answered is None:
            return True
        if self.appeal is not None:
            return self.decided is None
        until = self.answered.appeal_until
        return until is not None and at <= until


# --- evolve


def evolve(objections: tuple[Objection, ...], event: ObjectionEvent) -> tuple[Objection, ...]:
    match event:
        case ObjectionFiled():
            return (*objections, Objection(filed=event))
        case ObjectionAnswered():
            return _with(objections, replace(objections[event.number - 1], answered=event))
        case AppealFiled():
            return _with(objections, replace(objections[event.number - 1], appeal=event))
        case AppealDecided():
            return _with(objections, replace(objections[event.number - 1], decided=event))
        case _:
            assert_never(event)


def corrected(
    objections: tuple[Objection, ...], numbers: tuple[int, ...], determination: int
) -> tuple[Objection, ...]:
    """These were carried out by that determination."""
    return tuple(
        replace(one, corrected_by=determination) if one.filed.number in numbers else one
        for one in objections
    )


def _with(objections: tuple[Objection, ...], changed: Objection) -> tuple[Objection, ...]:
    index = changed.filed.number - 1
    return (*objections[:index], changed, *objections[index + 1 :])


# --- refusals


class ObjectionUnknown(Refused):
    """没有这项异议"""


class ObjectionAlreadyAnswered(Refused):
    """这项异议已经答复"""


class ObjectionNotAnswered(Refused):
    """异议尚未答复，不能申请复核"""


class NothingToAppeal(Refused):
    """异议已经成立，无需申请复核"""


class OwnObjection(Refused):
    """被考核人和提出异议的人不能处理该项异议、复核"""


class NotTheObjector(Refused):
    """只有提出异议的人和被考核人可以申请复核"""


class AppealTooLate(Refused):
    """已超过申请复核的期限"""


class AppealAlreadyFiled(Refused):
    """这项异议已经申请复核"""


class NoAppeal(Refused):
    """没有待决定的复核申请"""


class SameDecider(Refused):
    """答复异议的人不能决定复核"""


class AppealAlreadyDecided(Refused):
    """复核已经作出决定"""


# --- decide


def concerns(subject: str, by: Actor) -> bool:
    """Return whether the actor is the one evaluated, or acts for the point evaluated."""
    return subject in (by.adviser, by.unit, by.account)


def is_his(subject: str, moment: Moment) -> bool:
    """Return whether the one evaluated is the actor, in whatever post, or whom he stands in for."""
    return concerns(subject, moment.by) or subject in moment.names


def decide_objection(
    objections: tuple[Objection, ...],
    command: AnswerObjection | FileAppeal | DecideAppeal,
    moment: Moment,
    appeal_until: Callable[[], datetime],
) -> list[Event]:
    """Decide a command on objections.

    An appeal against an answer given now may be filed until `appeal_until`.
    """
    if command.number > len(objections):
        raise ObjectionUnknown(str(command.number))
    one = objections[command.number - 1]
    match command:
        case AnswerObjection():
            return _answer(one, command, moment, appeal_until)
        case FileAppeal():
            return _appeal(one, command, moment)
        case DecideAppeal():
            return _decide(one, command, moment)
        case _:
            assert_never(command)


def _answer(
    one: Objection, command: AnswerObjection, moment: Moment, appeal_until: Callable[[], datetime]
) -> list[Event]:
    if one.answered is not None:
        if (one.answered.upheld, one.answered.reason) == (command.upheld, command.reason):
            return []
        raise ObjectionAlreadyAnswered
    independent(one, moment)
    _not_before(one.filed.filed_at, moment)
    return [
        ObjectionAnswered(
            number=command.number,
            upheld=command.upheld,
            reason=command.reason,
            answered_by=moment.by.account,
            answered_at=moment.occurred_at,
            appeal_until=None if command.upheld else appeal_until(),
        )
    ]


def _appeal(one: Objection, command: FileAppeal, moment: Moment) -> list[Event]:
    if one.answered is None:
        raise ObjectionNotAnswered
    if one.appeal is not None:
        if (one.appeal.ground, one.appeal.evidence) == (command.ground, command.evidence):
            return []
        raise AppealAlreadyFiled
    if one.answered.appeal_until is None:
        raise NothingToAppeal
    if moment.by.account != one.filed.filed_by and not is_his(one.filed.subject, moment):
        raise NotTheObjector
    _not_before(one.answered.answered_at, moment)
    if moment.occurred_at > one.answered.appeal_until:
        raise AppealTooLate
    return [
        AppealFiled(
            number=command.number,
            ground=command.ground,
            evidence=command.evidence,
            filed_by=moment.by.account,
            filed_at=moment.occurred_at,
        )
    ]


def _decide(one: Objection, command: DecideAppeal, moment: Moment) -> list[Event]:
    if one.answered is None or one.appeal is None:
        raise NoAppeal
    if one.decided is not None:
        if (one.decided.upheld, one.decided.reason) == (command.upheld, command.reason):
            return []
        raise AppealAlreadyDecided
    independent(one, moment)
    if one.answered.answered_by in moment.names:
        raise SameDecider
    _not_before(one.appeal.filed_at, moment)
    return [
        AppealDecided(
            number=command.number,
            upheld=command.upheld,
            reason=command.reason,
            decided_by=moment.by.account,
            decided_at=moment.occurred_at,
        )
    ]


def independent(one: Objection, moment: Moment) -> None:
    """Refuse whoever filed it or is evaluated. OwnObjection."""
    filers = {one.filed.filed_by} | ({one.appeal.filed_by} if one.appeal else set())
    if filers & moment.names or is_his(one.filed.subject, moment):
        raise OwnObjection


def _not_before(earlier: datetime, moment: Moment) -> None:
    if moment.occurred_at < earlier:
        raise HappensBeforeLastStep
