"""What the rows of answers are told apart by, and what they stand for: where two answers are
compared, each kind of row has its place here."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from api.evaluation.evaluations import Determined, Subject
from domain.evaluation.determination import SubjectResult
from domain.evaluation.evaluation import DeterminationCorrected, EvaluationPublished
from domain.evaluation.objection import Objection
from domain.evaluation.ruleset_content import RuleSet
from domain.promises.promise import (
    Promise,
)
from domain.registers import adviser, appointment, form, point
from domain.registers.adviser import Adviser
from domain.registers.point import Point
from domain.registers.policy import PolicyVersion
from domain.reporting import report
from domain.requests import rating
from domain.vocabulary import sibling_id, stream_id
from domain.worktime.calendar import Calendar
from projections.advising import coverage, directory, duty
from projections.complaints import complaints, criticism
from projections.evaluation.review import Difference as ScoresDiffer
from projections.evaluation.review import EvaluationLine, EventNamed
from projections.history.promises import PromiseTold
from projections.history.timeline import HiddenEvent, TimelineEvent
from projections.oversight import inspections, promises, rectifications
from projections.reporting import adjustments, reports, statutory
from projections.requests import requests, response_times, satisfaction, workload

Key = Callable[[Any], tuple[Any, ...]]
"""Of a row."""
Streams = Callable[[Any], list[UUID]]
"""Those that a row stands for."""


def _by(*names: str) -> Key:
    return lambda row: tuple(getattr(row, name) for name in names)


KEYS: Final[Mapping[type, Key]] = {
    requests.Row: _by("request"),
    complaints.Row: _by("stream"),
    inspections.Row: _by("stream"),
    rectifications.Row: _by("stream"),
    directory.Row: _by("stream"),
    Point: _by("code"),
    Adviser: _by("code"),
    workload.Row: _by("key"),
    response_times.Row: _by("key"),
    satisfaction.Row: _by("key"),
    promises.Row: _by("key", "of_kind", "name"),
    duty.Row: _by("village", "month", "adviser"),
    coverage.Gap: _by("what", "division", "name", "period", "adviser"),
    criticism.Total: _by("by", "key"),
    reports.Version: _by("version"),
    reports.Part: _by("division"),
    adjustments.RowChange: _by("key"),
    adjustments.CellChange: _by("column"),
    adjustments.Made: _by("position"),
    statutory.Source: _by("stream"),
    Calendar: _by("version"),
    PolicyVersion: _by("version"),
    RuleSet: _by("version", "code"),
    form.Form: _by("version"),
    EvaluationLine: _by("id"),
    SubjectResult: _by("subject"),
    Subject: lambda row: (row.result.subject,),
    ScoresDiffer: _by("subject"),
    EventNamed: _by("position"),
    Determined: _by("number"),
    EvaluationPublished: _by("number"),
    DeterminationCorrected: _by("number"),
    Objection: lambda row: (row.filed.number,),
    TimelineEvent: _by("position"),
    HiddenEvent: _by("position"),
    Promise: _by("name", "round"),
    PromiseTold: _by("name", "round"),
}
"""Lists of these are compared row by row; all other lists as one value."""


def _of_directory(row: directory.Row) -> list[UUID]:
    """Which villages an adviser serves is said by their appointments."""
    return [row.stream, *(stream_id(appointment.KIND, code) for code in row.villages)]


STREAMS: Final[Mapping[type, Streams]] = {
    requests.Row: lambda row: [row.request, sibling_id(row.request, rating.KIND)],
    complaints.Row: lambda row: [row.stream],
    inspections.Row: lambda row: [row.stream],
    rectifications.Row: lambda row: [row.stream],
    directory.Row: _of_directory,
    Point: lambda row: [stream_id(point.KIND, row.code)],
    Adviser: lambda row: [stream_id(adviser.KIND, row.code)],
    EvaluationLine: lambda row: [row.id],
    reports.Version: lambda row: [row.stream],
    report.Row: lambda row: list(row.sources),
}


OF_REQUESTS: Final = frozenset((workload.Row, response_times.Row, satisfaction.Row))
"""Rows of figures whose events can be counted."""


def key_of(owner: Any, *lists: Any) -> Key | None:
    """How the rows of either list are told apart; None: they are no lists, or lists that are one
    value. `owner`: what has them."""
    if any(not isinstance(one, list | tuple) for one in lists if one is not UNSET):
        return None
    rows = [row for one in lists if one is not UNSET for row in one[:1]]
    match rows:
        case [report.Row(), *_] if isinstance(owner, report.Table):
            return lambda row: statutory.key_of(owner, row)
        case [dict(), *_]:
            return _in_tree
        case [row, *_]:
            return KEYS.get(type(row))
    return None


def _in_tree(part: Any) -> tuple[Any, ...]:
    """Score trees are plain JSON: parts have codes, references to facts are all that they say."""
    if isinstance(part, dict) and "code" in part:
        return (part["code"],)
    return (encoded(part).decode(),)


_encoder = msgspec.json.Encoder(order="deterministic")


def encoded(value: Any) -> bytes:
    """The same bytes for the same JSON. Not of structs as they are: keys must be texts first."""
    return _encoder.encode(msgspec.to_builtins(value, str_keys=True))
