"""The bill of materials of the domain: every aggregate module, and what belongs to it."""

from collections.abc import Iterable
from typing import Any, Final, Protocol

from domain.advising import worklog
from domain.complaints import complaint
from domain.evaluation import evaluation, ruleset
from domain.oversight import inspection, rectification, sample
from domain.promises import promise_watch
from domain.registers import adviser, appointment, form, point, policy
from domain.registration import calendar_commands as calendar_publication
from domain.reporting import disclosure, report
from domain.reporting import period_end as period
from domain.requests import proceedings, rating, request
from domain.vocabulary import Command, Event, Moment


class Aggregate(Protocol):
    """What a module must offer to be an aggregate; mypy checks it module by module below."""

    @property
    def KIND(self) -> str: ...

    @property
    def EVENTS(self) -> tuple[type[Event], ...]: ...

    @property
    def COMMANDS(self) -> tuple[type[Command], ...]: ...

    def evolve(self, state: Any, event: Any, /) -> Any: ...

    def decide(self, state: Any, command: Any, moment: Moment, /) -> list[Event]: ...


def _modules(*modules: Aggregate) -> tuple[Aggregate, ...]:
    return modules


REFERENCE: Final = _modules(calendar_publication, policy, point, adviser, appointment, form)
"""Aggregates that others look up: folded into `Registers`."""
ALL: Final = (
    *REFERENCE,
    *_modules(
        request,
        rating,
        complaint,
        worklog,
        inspection,
        rectification,
        report,
        period,
        promise_watch,
        ruleset,
        evaluation,
        sample,
        disclosure,
    ),
)

EVENTS_BY_TOPIC: Final = {event.topic: event for one in ALL for event in one.EVENTS}
AGGREGATE_BY_COMMAND: Final = {command: one for one in ALL for command in one.COMMANDS}
REFERENCE_TOPICS: Final = tuple(event.topic for one in REFERENCE for event in one.EVENTS)

REPEATABLE: Final = (request.GiveConsultation, request.AddNote, proceedings.HoldMediationSession)
"""Commands that may be meant twice: the same service or note again is a second fact. Sent twice by
accident they are told apart by their command id; every other command, repeated, does nothing or
is refused."""


def kind_of(topic: str) -> str:
    """`request.closed/1` → `request`."""
    return topic.partition(".")[0]


def fold(aggregate: Aggregate, events: Iterable[Event], state: Any = None) -> Any:
    for event in events:
        state = aggregate.evolve(state, event)
    return state
