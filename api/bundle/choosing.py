"""Content of a bundle: of an evaluation, of a complaint, of a point's period."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, to_builtins
from msgspec.structs import replace
from psycopg.rows import tuple_row

from api.bundle import summary
from api.bundle.making import Connection, Contents, KnownThen
from api.bundle.verify import canonical
from domain.complaints import complaint
from domain.complaints.complaint_commands import ComplaintUnknown
from domain.evaluation import evaluation
from domain.evaluation.evaluation import Determination, EvaluationUnknown, SubjectUnknown
from domain.promises import promise_watch
from domain.registers import form, point
from domain.registers.point import PointUnknown
from domain.requests import request
from domain.scoring import basis as facts_basis
from domain.scoring.case_file import divisions_of, stays_of
from domain.scoring.shapes import Entry
from domain.vocabulary import Refused, sibling_id, stream_id
from domain.worktime.period import days_of, month_of, quarter_of
from ledger.log import reading
from ledger.seal import sealed
from ledger.seal.proofs import NotSealed
from projections.evaluation import dossier
from projections.evaluation.dossier import MARGIN, Whom
from projections.evaluation.review import determination, evaluation_of, named
from projections.evaluation.run import (
    Evaluated,
    Prepared,
    asked_of,
    prepared,
    prepared_again,
    whom,
)
from projections.history.timeline import parts_of

FIRST: Final = date(2000, 1, 1)
BESIDE_THE_POINT: Final = """
    SELECT stream FROM views.appointments
     WHERE position <= %(upto)s AND superseded_at > %(upto)s AND division = ANY(%(places)s)
    UNION
    SELECT stream FROM views.worklogs
     WHERE day BETWEEN %(earliest)s AND %(latest)s AND position <= %(upto)s
       AND superseded_at > %(upto)s AND village = ANY(%(places)s)
    UNION
    SELECT stream FROM views.inspections
     WHERE position <= %(upto)s AND superseded_at > %(upto)s
       AND point IS NULL AND division = ANY(%(places)s)
    UNION
    SELECT stream FROM views.rectifications
     WHERE position <= %(upto)s AND superseded_at > %(upto)s
       AND point IS NULL AND division = ANY(%(places)s)
    UNION
    SELECT stream FROM views.reports
     WHERE position <= %(upto)s AND division = ANY(%(above)s) AND period = ANY(%(periods)s)
"""
"""What does not name the point and belongs to it: its village's, its divisions' tables."""
CODE_LENGTHS: Final = (2, 4, 6, 9, 12)
Evaluate = Callable[[Prepared], Evaluated]


class NotWhatWasDetermined(Refused):
    """重新计算的结果与已公布的不一致，不能出具证据包；请先运行 anjuan verify"""


class NeverOpened(Refused):
    """没有开启过这项考核，不能出具证据包：未开启的试算不固定考核对象，也没有编号可引；请先运行 \
anjuan evaluate … --open，再出具"""


class CalendarMissing(Refused):
    """没有公布过日历，无法计算期限"""


class ChosenEvaluation(Struct, frozen=True, kw_only=True):
    """`position` of the event, where it was determined."""

    stream: UUID
    ready: Prepared
    determination: Determination | None = None
    position: int | None = None


# --- an evaluation


def of_evaluation(
    connection: Connection,
    name: str,
    evaluate: Evaluate,
    *,
    number: int | None = None,
    subjects: Sequence[str] = (),
    as_known_at: datetime | None = None,
) -> Contents:
    """The newest determination, or that one; where nothing is published yet, or with
    `as_known_at`, a trial as of then, by default as far as the log is sealed. With `subjects` the
    entries that concern them, else the whole log. NeverOpened, DeterminationUnknown,
    SubjectUnknown, NotSealed, NotWhatWasDetermined."""
    try:
        chosen = _found(connection, named(name), number, subjects, as_known_at)
    except EvaluationUnknown:
        raise NeverOpened(name) from None
    ready = chosen.ready
    task = ready.task
    evaluated = evaluate(ready)
    digest = _checked(chosen, evaluated, whole=not subjects)
    upto = max(task.cut_off, chosen.position or 0)
    about: dict[str, Any] = {
        "kind": evaluation.KIND,
        "id": str(chosen.stream),
        "name": f"{task.ruleset['code']}:{task.division}:{task.period}",
        "ruleset": evaluated.run.ruleset,
        "division": task.division,
        "period": task.period,
        "calendar": task.calendar,
        "as_known_at": ready.as_known_at.astimezone(UTC).isoformat(),
        "subjects": sorted(task.subjects, key=lambda one: str(one["code"])),
        "determination": chosen.determination
        and {"number": chosen.determination.number, "position": chosen.position},
        "digest": digest,
        "marks_at": task.marks_at,
        "streams": None,
    }
    trees = {f"trees/{code}.json": tree for code, tree in evaluated.trees.items()}
    run = canonical(to_builtins(evaluated.run))
    contents = Contents(
        about=about,
        cut_off=task.cut_off,
        upto=upto,
        whole=not subjects,
        beyond=(chosen.stream,),
        files={**trees, "run.json": run, "ruleset.json": canonical(task.ruleset)},
        ruleset=task.ruleset,
        page=summary.of_evaluation(task, evaluated),
    )
    if not subjects:
        return contents
    streams = sorted(_streams(dossier.concerning(connection, whom(task), task.cut_off)))
    named_here = {**about, "streams": [*map(str, streams), str(chosen.stream)]}
    return replace(contents, streams=streams, about=named_here)


def _found(
    connection: Connection,
    stream: UUID,
    number: int | None,
    subjects: Sequence[str],
    as_known_at: datetime | None,
) -> ChosenEvaluation:
    state = evaluation_of(connection, stream)
    if state.determinations and as_known_at is None:
        one = determination(state, number or len(state.determinations))
        return _determined(connection, stream, one, subjects)
    if number is not None:
        determination(state, number)
    if strange := set(subjects) - set(state.subjects):
        raise SubjectUnknown(min(strange))
    at = as_known_at or dossier.recorded_at(connection, _sealed_size(connection))
    asked = asked_of(state.opened, subjects or state.subjects, at)
    return ChosenEvaluation(stream=stream, ready=prepared(connection, asked))


def _determined(
    connection: Connection, stream: UUID, one: Determination, subjects: Sequence[str]
) -> ChosenEvaluation:
    """Prepare computing a determination again, from the entries of then."""
    of_run = [result.subject for result in one.run.results]
    if strange := set(subjects) - set(of_run):
        raise SubjectUnknown(min(strange))
    ready = prepared_again(connection, stream, one, subjects or of_run)
    entries = dossier.evaluation_entries(connection, stream, _head(connection))
    position = next(
        entry["position"]
        for entry in entries
        if "run" in entry["data"] and entry["data"].get("number", 1) == one.number
    )
    return ChosenEvaluation(stream=stream, ready=ready, determination=one, position=position)


def _checked(found: ChosenEvaluation, done: Evaluated, *, whole: bool) -> str:
    """The digest of the run. NotWhatWasDetermined."""
    one = found.determination
    if one is not None:
        determined = set(one.run.results)
        if (whole and one.digest != done.digest) or not determined.issuperset(done.run.results):
            raise NotWhatWasDetermined(done.digest)
    return done.digest


# --- a complaint, a point's period


def of_complaint(
    connection: Connection, id_: str, as_known_at: datetime | None = None, *, whole: bool = False
) -> Contents:
    """Choose the content for a complaint and its request, as far as the log is sealed.

    Raises: ComplaintUnknown — no such complaint. NotSealed — when it is not sealed yet.
    """
    cut_off = _cut_off(connection, as_known_at)
    try:
        stream = UUID(id_)
    except ValueError:
        raise ComplaintUnknown(id_) from None
    parts = dict(parts_of(f"{complaint.KIND}:{stream}"))
    own = dossier.streams(connection, parts, cut_off)
    begun = [one for one in own if one["topic"].startswith(f"{complaint.KIND}.")]
    if not begun:
        raise ComplaintUnknown(id_)
    for one in begun:
        if about_request := one["data"].get("grievance", {}).get("request"):
            parts |= parts_of(f"{request.KIND}:{about_request}")
    days = [FIRST.isoformat(), date(9999, 12, 31).isoformat()]
    calendar = begun[0]["data"].get("calendar")
    about = {
        "kind": complaint.KIND,
        "id": str(stream),
        "name": str(stream),
        "first": days[0],
        "last": days[1],
    }
    linked = _streams(dossier.linked(connection, cut_off, with_=map(str, parts)))
    streams = sorted(linked.union(parts))
    return _facts(connection, about, cut_off, streams, calendar, whole=whole)


def of_point(
    connection: Connection,
    code: str,
    period: str,
    as_known_at: datetime | None = None,
    *,
    whole: bool = False,
) -> Contents:
    """Choose the content for a point's period, as far as the log is sealed.

    The views must be up to date. It holds what happened there, duties and work of advisers in its
    village, inspections of both, and the tables submitted of it.

    Raises: PointUnknown — no such point. NotSealed — when nothing is sealed.
    """
    cut_off = _cut_off(connection, as_known_at)
    first, last = days_of(period)
    stream = stream_id(point.KIND, code)
    own = dossier.streams(connection, [stream], cut_off)
    if not own:
        raise PointUnknown(code)
    about = {
        "kind": point.KIND,
        "id": str(stream),
        "name": code,
        "period": period,
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    streams = {stream, *_of_point(connection, about, own, cut_off)}
    filled = dossier.streams(connection, streams, cut_off)
    return _facts(
        connection, about, cut_off, sorted({*streams, *_forms(filled)}), None, whole=whole
    )


def _of_point(
    connection: Connection, about: dict[str, Any], own: Sequence[Entry], cut_off: int
) -> Iterator[UUID]:
    """Streams of what happened there, of what is owed and done in its village, and of the tables
    that were submitted of the divisions it lies in."""
    first, last = days_of(about["period"])
    yield from _streams(
        dossier.concerning(
            connection, Whom(points=[about["name"]], first=first, last=last), cut_off
        )
    )
    places = divisions_of(stays_of(own, about["name"]), first, last)
    asked = {
        "places": sorted(places),
        "above": sorted({one[:length] for one in places for length in CODE_LENGTHS}),
        "periods": sorted(_periods(about["period"])),
        "earliest": first.replace(month=1, day=1) - MARGIN,
        "latest": last + MARGIN,
        "upto": cut_off,
    }
    with connection.cursor(row_factory=tuple_row) as cursor:
        beside = [row[0] for row in cursor.execute(BESIDE_THE_POINT, asked).fetchall()]
    yield from beside
    watched = (sibling_id(one, promise_watch.KIND) for one in beside)
    yield from _streams(dossier.streams(connection, watched, cut_off))


def _periods(period: str) -> Iterator[str]:
    """Months and quarters that a table may be of, and have a day in common with it."""
    first, last = days_of(period)
    for month in range(first.month, last.month + 1):
        day = first.replace(month=month, day=1)
        yield from (month_of(day), quarter_of(day))


def _forms(entries: Iterable[Entry]) -> Iterator[UUID]:
    """Streams of the forms that checklists and tables were filled in by."""
    for entry in entries:
        data = entry["data"]
        ref = data.get("checklist") or data.get("table", {}).get("template")
        if ref is not None:
            yield stream_id(form.KIND, ref.partition("@")[0])


def _facts(
    connection: Connection,
    about: dict[str, Any],
    cut_off: int,
    streams: Sequence[UUID],
    calendar: str | None,
    *,
    whole: bool,
) -> Contents:
    """Add calendar, streams and case file to `about`.

    `calendar` is used for entries without a calendar of their own; None means the newest version of
    the one published first, as in an evaluation.
    """
    known = dossier.publications(connection, cut_off)
    calendars = facts_basis.published(known)["calendars"]
    if not calendars:
        raise CalendarMissing
    about |= {
        "calendar": calendar if calendar in calendars else _default(calendars),
        "streams": [str(one) for one in streams],
    }
    at = dossier.recorded_at(connection, cut_off).isoformat()
    by = facts_basis.rules_of(
        facts_basis.published(known), about["calendar"], at, about["first"], about["last"]
    )
    return Contents(
        about=about,
        cut_off=cut_off,
        upto=cut_off,
        whole=whole,
        streams=streams,
        told=KnownThen(dossier.streams(connection, streams, cut_off), by),
        page=summary.of_case,
    )


def _default(calendars: Iterable[str]) -> str:
    refs = list(calendars)
    code = refs[0].partition("@")[0]
    return [ref for ref in refs if ref.partition("@")[0] == code][-1]


def _streams(entries: Iterable[Entry]) -> set[UUID]:
    return {UUID(one["stream"]) for one in entries}


def _cut_off(connection: Connection, as_known_at: datetime | None) -> int:
    size = _sealed_size(connection)
    return size if as_known_at is None else reading.position_at(connection, as_known_at)


def _sealed_size(connection: Connection) -> int:
    last = sealed.last(connection)
    if last is None:
        raise NotSealed("nothing is sealed yet")
    return last.size


def _head(connection: Connection) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT position FROM log_head").fetchone()
    assert row is not None
    return int(row[0])
