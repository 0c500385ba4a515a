"""A survey of the people: how many know of public legal services 知晓率, would turn to them first
首选率, and are satisfied 满意率 (司发通〔2019〕97号).

What is kept is how many were asked and how many answered in which way, never a bare rate: whoever
reckons one has its sample before him.
"""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import DivisionCode, EvaluationPeriod
from domain.listed import known_division
from domain.moment import Moment, not_in_future
from domain.registers.appointment import china_day
from domain.vocabulary import Command, Count, Event, NotThere, Refused, Several, Text, stream_id

KIND: Final = "survey"
SurveyMethod = Literal["household", "phone", "online", "counter", "street", "other"]
Measure = Literal["awareness", "first_choice", "satisfaction"]


class SurveyResult(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Counts of one question: `positive` of those who `answered` it; `meaning` says which answers
    are positive."""

    KEY: ClassVar = ("measure",)

    measure: Measure
    question: Text
    answered: Several
    positive: Count
    meaning: Text


Results = Annotated[tuple[SurveyResult, ...], Meta(min_length=1)]


# --- events


class SurveyConducted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "survey.conducted/1"
    division: DivisionCode
    period: EvaluationPeriod
    method: SurveyMethod
    sample_size: Several
    """How many were asked."""
    conducted_on: date
    """Its last day."""
    conducted_by: Text
    basis: Text
    """By what it was commissioned, and how the sample was drawn."""
    results: tuple[SurveyResult, ...]


class SurveyCorrected(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "survey.corrected/1"
    sample_size: Several
    results: tuple[SurveyResult, ...]
    reason: Text


class SurveyVoided(Event, frozen=True, kw_only=True):
    """Not usable, or entered by mistake."""

    topic: ClassVar[str] = "survey.voided/1"
    reason: Text


SurveyEvent = SurveyConducted | SurveyCorrected | SurveyVoided
EVENTS: Final[tuple[type[Event], ...]] = get_args(SurveyEvent)


# --- commands


class RecordSurvey(Command, frozen=True, kw_only=True):
    division: DivisionCode
    period: EvaluationPeriod
    method: SurveyMethod
    sample_size: Several
    conducted_on: date
    conducted_by: Text
    basis: Text
    results: Results


class CorrectSurvey(Command, frozen=True, kw_only=True):
    """Sample and all results, as they should have been."""

    sample_size: Several
    results: Results
    reason: Text


class VoidSurvey(Command, frozen=True, kw_only=True):
    reason: Text


SurveyCommand = RecordSurvey | CorrectSurvey | VoidSurvey
COMMANDS: Final[tuple[type[Command], ...]] = get_args(SurveyCommand)


def survey_stream(command: RecordSurvey) -> UUID:
    """The stream of a survey: the same one, entered twice, is one. Older ones have ids of their
    own."""
    told = (
        command.division, command.period, command.method, str(command.conducted_on),
        command.conducted_by, command.basis,
    )  # fmt: skip
    return stream_id(KIND, "\n".join(told))


# --- state


class Survey(Struct, frozen=True, kw_only=True):
    conducted: SurveyConducted
    sample_size: int
    results: tuple[SurveyResult, ...]
    voided: bool = False

    def result(self, measure: Measure) -> SurveyResult | None:
        return next((one for one in self.results if one.measure == measure), None)


# --- evolve


def evolve(state: Survey | None, event: SurveyEvent) -> Survey:
    if isinstance(event, SurveyConducted):
        return Survey(conducted=event, sample_size=event.sample_size, results=event.results)
    assert state is not None
    match event:
        case SurveyCorrected():
            return replace(state, sample_size=event.sample_size, results=event.results)
        case SurveyVoided():
            return replace(state, voided=True)
        case _:
            assert_never(event)


# --- refusals


class SurveyUnknown(NotThere):
    """没有这次调查"""


class SurveyExists(Refused):
    """这次调查已经登记"""


class SurveyIsVoided(Refused):
    """这次调查已作废"""


class SurveyInFuture(Refused):
    """调查日期晚于今天"""


class MeasureTwice(Refused):
    """同一指标重复填写"""


class MoreAnswersThanAsked(Refused):
    """答复人数超过调查人数，或者肯定答复超过答复人数"""


# --- decide


def decide(state: Survey | None, command: SurveyCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, RecordSurvey):
        return _record(state, command, moment)
    if state is None:
        raise SurveyUnknown
    if isinstance(command, VoidSurvey):
        return [] if state.voided else [SurveyVoided(reason=command.reason)]
    if state.voided:
        raise SurveyIsVoided
    match command:
        case CorrectSurvey():
            if (command.sample_size, command.results) == (state.sample_size, state.results):
                return []
            _add_up(command.sample_size, command.results)
            return [
                SurveyCorrected(
                    sample_size=command.sample_size,
                    results=command.results,
                    reason=command.reason,
                )
            ]
        case _:
            assert_never(command)


def _record(state: Survey | None, command: RecordSurvey, moment: Moment) -> list[Event]:
    if state is not None and not state.voided:
        raise SurveyExists
    known_division(command.division, moment.registers, command.conducted_on)
    if command.conducted_on > china_day(moment.now):
        raise SurveyInFuture(str(command.conducted_on))
    _add_up(command.sample_size, command.results)
    return [
        SurveyConducted(
            division=command.division,
            period=command.period,
            method=command.method,
            sample_size=command.sample_size,
            conducted_on=command.conducted_on,
            conducted_by=command.conducted_by,
            basis=command.basis,
            results=command.results,
        )
    ]


def _add_up(sample_size: int, results: tuple[SurveyResult, ...]) -> None:
    measures = [one.measure for one in results]
    for one in results:
        if measures.count(one.measure) > 1:
            raise MeasureTwice(one.measure)
        if not one.positive <= one.answered <= sample_size:
            raise MoreAnswersThanAsked(one.measure)
