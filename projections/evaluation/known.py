"""The knowledge of an evaluation at a log position. Every ingredient of a run but the entries of
its subjects is fetched here, once; `projections.evaluation.run` reads nothing else."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg.rows import tuple_row

from domain.evaluation import evaluation
from domain.evaluation.determination import SubjectKind
from domain.evaluation.evaluation import Evaluation
from domain.moment import Registers
from domain.registers import point
from domain.registers.point import CalendarUnknown, Point, PointUnknown
from domain.scoring import basis, computation
from domain.scoring.basis import Rules
from domain.scoring.computation import (
    Task,
    UnknownRuleSet,
    human_scores,
    ruleset_of,
)
from domain.scoring.shapes import Entry, PlainRuleSet, Sheet, Subject
from domain.vocabulary import Refused, stream_id
from domain.worktime.period import days_of
from domain.worktime.zone import zone_of
from ledger.log import reading
from ledger.log.codec import LedgerMapper
from ledger.log.decision import project
from ledger.log.registers import RegisterFold
from projections.evaluation import dossier

Connection = psycopg.Connection[Any]


class RuleSetUnknown(Refused):
    """没有公布过这一版本的评分标准"""


class NobodyToEvaluate(Refused):
    """该地区、该期间没有可以考核的对象"""


class Known(Struct, frozen=True, kw_only=True):
    """An evaluation and the rules it is run by, as known at a position."""

    stream: UUID
    """Of the evaluation."""
    position: int
    as_known_at: datetime
    recorded_at: datetime
    """When the entry of the position was recorded; in an empty log `as_known_at`."""
    publications: tuple[Entry, ...]
    """Calendars, policies and rule sets, oldest first."""
    state: Evaluation | None
    """None when it was not open then."""
    human: Mapping[str, Sheet]
    """What people said of its subjects; of one that is not open: nothing."""
    passed_over: frozenset[int] = frozenset()
    """Positions of publications that cannot be read."""

    def ruleset(self, ref: str) -> PlainRuleSet:
        """Return a rule set by its `code@version`. Raises: RuleSetUnknown."""
        try:
            return ruleset_of(self.publications, ref)
        except UnknownRuleSet:
            raise RuleSetUnknown(ref) from None

    def calendar(self, ref: str | None) -> str:
        """Return the calendar of that `code@version`.

        Without one, the newest version of the calendar that was published first.
        Raises: CalendarUnknown.
        """
        refs: list[str] = list(basis.published(self.publications)["calendars"])
        if ref is None and refs:
            code = refs[0].partition("@")[0]
            ref = [one for one in refs if one.partition("@")[0] == code][-1]
        if ref is None or ref not in refs:
            raise CalendarUnknown(ref or "")
        return ref

    def human_of(self, ruleset: PlainRuleSet, codes: Iterable[str]) -> Mapping[str, Sheet]:
        """Return what people said of these subjects, as far as the rule set asks for it."""
        wanted = set(codes)
        own = {code: sheet for code, sheet in self.human.items() if code in wanted}
        return computation.fitting(ruleset, own)

    def rules(self, task: Task, linked: Iterable[Entry] = ()) -> Rules:
        """Return what the entries of a task are read by; `linked` are those of linked matters.

        Raises: CalendarUnknown.
        """
        try:
            return computation.rules(
                (*self.publications, *linked),
                task,
                recorded_at=self.recorded_at,
                as_known_at=self.as_known_at,
            )
        except basis.CalendarUnknown:
            raise CalendarUnknown(task.calendar) from None


def known_at(connection: Connection, stream: UUID, as_known_at: datetime | None) -> Known:
    """Fetch what was known of an evaluation at an instant; now when it is None."""
    instant = as_known_at or reading.now(connection)
    return known_upto(connection, stream, reading.position_at(connection, instant), instant)


def known_upto(connection: Connection, stream: UUID, position: int, as_known_at: datetime) -> Known:
    """Fetch what was known of an evaluation at a position, which is where `as_known_at` stood."""
    state = evaluation_at(connection, stream, position)
    is_open = state is not None and not state.cancelled
    own = dossier.evaluation_entries(connection, stream, position) if is_open else ()
    readable = dossier.Readable()
    publications = tuple(dossier.publications(connection, position, readable))
    return Known(
        stream=stream,
        position=position,
        as_known_at=as_known_at,
        recorded_at=dossier.recorded_at(connection, position) if position else as_known_at,
        publications=publications,
        passed_over=frozenset(readable.passed_over),
        state=state if is_open else None,
        human=human_scores(own),
    )


def evaluation_at(connection: Connection, stream: UUID, position: int) -> Evaluation | None:
    """Fold an evaluation up to a position; None when there is none."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        events = reading.streams(cursor, LedgerMapper(), [stream], position)
        held = project(evaluation, None, events)
    return held.state if held else None


# --- whom it is about


def population(
    connection: Connection, kind: SubjectKind, division: str, period: str | None, upto: int
) -> tuple[str, ...]:
    """Fetch the advisers who served a village of the division, or its points that were open, on any
    day of the period, or ever. Raises: NobodyToEvaluate."""
    fold = RegisterFold()
    fold.feed(reading.reference(connection, LedgerMapper(), upto))
    first, last = days_of(period) if period else (date.min, date.max)
    found = _advisers if kind == "adviser" else _points
    codes = tuple(sorted(found(fold.registers, division, first, last)))
    if not codes:
        raise NobodyToEvaluate(f"{division} {period or ''}")
    return codes


def _advisers(known: Registers, division: str, first: date, last: date) -> set[str]:
    return {
        stint.adviser
        for code, one in known.appointments.items()
        if code.startswith(division)
        for stint in one.stints
        if stint.first <= last and stint.last >= first
    }


def _points(known: Registers, division: str, first: date, last: date) -> set[str]:
    return {
        one.code
        for one in known.points.values()
        if one.division_on(last).startswith(division)
        and one.locations[0].valid_from <= last
        and (one.closed_at is None or one.closed_at.astimezone(zone_of(one.zone)).date() >= first)
    }


def subjects_of(
    connection: Connection, kind: SubjectKind, codes: Iterable[str], period: str, upto: int
) -> tuple[Subject, ...]:
    """Fetch subjects as `computation.Task` has them, by code; a point lies where it lay at the
    period's end. Raises: PointUnknown."""
    wanted = sorted(set(codes))
    if kind == "adviser":
        return tuple({"code": code} for code in wanted)
    streams = [stream_id(point.KIND, code) for code in wanted]
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        events = reading.streams(cursor, LedgerMapper(), streams, upto)
    points: dict[UUID, Point] = {}
    for one in events:
        points[one.originator_id] = point.evolve(
            points.get(one.originator_id),
            one.event,  # type: ignore[arg-type]
        )
    _, last = days_of(period)
    for code, stream in zip(wanted, streams, strict=True):
        if stream not in points:
            raise PointUnknown(code)
    return tuple(
        {"code": code, "division": points[stream].division_on(last)}
        for code, stream in zip(wanted, streams, strict=True)
    )
