"""Evaluations as they stand, and the objections in them: two lists of the same story."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.concerned import Judged
from domain.evaluation import evaluation
from domain.evaluation.determination import SubjectKind
from domain.evaluation.evaluation import Evaluation
from domain.evaluation.objection import Objection
from domain.vocabulary import SIMULATION
from domain.worktime.period import days_of
from projections.asking.asking import (
    NEVER,
    Cursor,
    Query,
    equal,
    filtered,
    one_page,
    standing_at,
)
from projections.evaluation.review import EvaluationLine, line_of
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

EVALUATIONS: Final = "evaluations"
OBJECTIONS: Final = "objections"
Stage = Literal["open", "published", "closed", "cancelled"]
ObjectionStage = Literal["filed", "answered", "appealed", "decided"]

# --- the evaluations


def _fold_evaluation(change: Change) -> Iterator[tuple[str, Values]]:
    state: Evaluation = change.after
    stood, opened = change.stood.get(WHOLE), state.opened
    line = line_of(change.recorded.originator_id, state)
    shown = {name: getattr(line, name) for name in line.__struct_fields__ if name != "id"}
    first, last = days_of(opened.period)
    values = {
        **shown,
        "opened_at": opened.opened_at,
        "subject_codes": state.subjects,
        "first": first,
        "last": last,
        "simulated": change.recorded.device == SIMULATION,
    }
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    EVALUATIONS,
    2,
    (evaluation,),
    columns_of(
        EvaluationLine,
        without=("id",),
        opened_at="timestamptz",
        subject_codes="text[]",
        first="date",
        last="date",
        simulated="boolean",
    ),
    _fold_evaluation,
    indexes=(f"CREATE INDEX ON evaluations (opened_at, stream) WHERE superseded_at = {NEVER}",),
)


class EvaluationFilters(Struct, frozen=True, kw_only=True):
    """`ruleset` is a code, without its version; `division` is a prefix; `objected`: with objections
    that are not decided yet, or not carried out."""

    ruleset: str | None = None
    division: str | None = None
    period: str | None = None
    subject_kind: SubjectKind | None = None
    subject: str | None = None
    stage: Stage | None = None
    objected: bool | None = None


_EVALUATIONS: Final = {
    **equal("e", "period", "subject_kind", "stage"),
    "ruleset": "split_part(e.ruleset, '@', 1) = %(ruleset)s",
    "division": "starts_with(e.division, %(division)s)",
    "subject": "e.subject_codes @> ARRAY[%(subject)s]",
    "objected": "(e.objections > 0) = %(objected)s",
}


class _Line(EvaluationLine, frozen=True, kw_only=True):
    opened_at: datetime


def evaluations_page(
    filters: EvaluationFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
    own: Sequence[Judged] | None = None,
) -> Query[_Line]:
    """Query one page, oldest first; `own`: only where one of these subjects is evaluated. With
    `head` the position is the view's own."""
    where, parameters = filtered(filters, _EVALUATIONS)
    where.append(standing_at("e", head=head))
    if own is not None:
        where.append(_among("e", "own.subject = ANY(e.subject_codes)"))
        parameters |= _own(own)
    return one_page(
        _Line,
        f"SELECT {selected(_Line, 'e', id='e.stream')} FROM views.evaluations e",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("e.opened_at", "e.stream"),
        after=after,
        limit=limit,
    )


def place_of(row: _Line) -> Cursor:
    return Cursor(row.opened_at, row.id)


# --- the objections


class ObjectionRow(Struct, frozen=True, kw_only=True):
    """An objection without its ground. `waiting`: undecided, or upheld and not carried out yet."""

    KEY: ClassVar = ("stream", "number")
    stream: UUID
    number: SmallInt
    ruleset: str
    division: str
    period: str
    determination: SmallInt
    subject: str
    items: tuple[str, ...]
    filed_by: str
    filed_at: datetime
    stage: ObjectionStage
    upheld: bool
    waiting: bool
    appeal_until: datetime | None
    corrected_by: SmallInt | None

    def streams(self) -> list[UUID]:
        return [self.stream]


def _fold_objections(change: Change) -> Iterator[tuple[str, Values]]:
    state: Evaluation = change.after
    opened = state.opened
    first, last = days_of(opened.period)
    for one in state.objections:
        filed, answered = one.filed, one.answered
        values = {
            "number": filed.number,
            "ruleset": opened.ruleset,
            "division": opened.division,
            "period": opened.period,
            "determination": filed.determination,
            "subject": filed.subject,
            "items": filed.items,
            "filed_by": filed.filed_by,
            "filed_at": filed.filed_at,
            "stage": _stage(one),
            "upheld": one.upheld,
            "waiting": one.waiting,
            "appeal_until": answered.appeal_until if answered else None,
            "corrected_by": one.corrected_by,
            "first": first,
            "last": last,
            "simulated": change.recorded.device == SIMULATION,
        }
        if values != change.stood.get(str(filed.number)):
            yield str(filed.number), values


def _stage(one: Objection) -> ObjectionStage:
    if one.decided is not None:
        return "decided"
    if one.appeal is not None:
        return "appealed"
    return "filed" if one.answered is None else "answered"


OBJECTIONS_VIEW: Final = Standings(
    OBJECTIONS,
    2,
    (evaluation,),
    columns_of(ObjectionRow, without=("stream",), first="date", last="date", simulated="boolean"),
    _fold_objections,
    indexes=(
        f"CREATE INDEX ON objections (filed_at, stream, number) WHERE superseded_at = {NEVER}",
    ),
)


class ObjectionFilters(Struct, frozen=True, kw_only=True):
    """`ruleset` is a code, without its version; `division` is a prefix."""

    evaluation: UUID | None = None
    ruleset: str | None = None
    division: str | None = None
    period: str | None = None
    subject: str | None = None
    filed_by: str | None = None
    stage: ObjectionStage | None = None
    waiting: bool | None = None


class ObjectionCursor(Struct, frozen=True, array_like=True):
    """Where the next page begins: after this objection."""

    filed_at: datetime
    stream: UUID
    number: int


_OBJECTIONS: Final = {
    **equal("o", "period", "subject", "filed_by", "stage", "waiting"),
    "evaluation": "o.stream = %(evaluation)s",
    "ruleset": "split_part(o.ruleset, '@', 1) = %(ruleset)s",
    "division": "starts_with(o.division, %(division)s)",
}


def objections_page(
    filters: ObjectionFilters,
    *,
    position: int,
    limit: int,
    after: ObjectionCursor | None = None,
    head: bool = False,
    own: Sequence[Judged] | None = None,
) -> Query[ObjectionRow]:
    """Query one page, newest first; `own`: only of these subjects. With `head` the position is the
    view's own."""
    where, parameters = filtered(filters, _OBJECTIONS)
    where.append(standing_at("o", head=head))
    if own is not None:
        where.append(_among("o", "own.subject = o.subject"))
        parameters |= _own(own)
    return one_page(
        ObjectionRow,
        f"SELECT {selected(ObjectionRow, 'o')} FROM views.objections o",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("o.filed_at", "o.stream", "o.number"),
        descending=True,
        after=after,
        limit=limit,
    )


def objection_place(row: ObjectionRow) -> ObjectionCursor:
    return ObjectionCursor(row.filed_at, row.stream, row.number)


# --- whom it concerns


def _among(alias: str, subject: str) -> str:
    """Return the condition of evaluations of somebody's own subjects, by the days of the period."""
    return f"""EXISTS (
        SELECT FROM unnest(%(own)s::text[], %(own_first)s::date[], %(own_last)s::date[])
                    AS own(subject, first, last)
         WHERE {subject} AND own.first <= {alias}.last AND own.last >= {alias}.first)"""


def _own(own: Sequence[Judged]) -> dict[str, list[str] | list[date]]:
    return {
        "own": [one.subject for one in own],
        "own_first": [one.first for one in own],
        "own_last": [one.last for one in own],
    }
