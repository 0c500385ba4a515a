"""What belongs into a bundle: of an evaluation, of a complaint, of a point's period."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, to_builtins
from msgspec.structs import replace
from psycopg.rows import tuple_row

from api.bundle import summary
from api.bundle.making import Connection, Contents
from api.bundle.verify import canonical
from api.evaluating import (
    Asked,
    Evaluated,
    Prepared,
    position_at,
    prepared,
    rules_of,
    ruleset_known,
    subjects_of,
    whom,
)
from api.evaluation_review import determination, evaluation_of, named
from domain import complaint, evaluation, facts_basis, point, request
from domain.complaint import ComplaintUnknown
from domain.computation import Task, fitting, human_scores, period_days
from domain.evaluation import Determination, SubjectUnknown
from domain.evidence import Plain
from domain.facts import facts_of
from domain.facts_basis import Entry, Rules
from domain.point import PointUnknown
from domain.vocabulary import Refused, stream_id
from ledger import sealed
from ledger.proofs import NotSealed
from ledger.timeline import parts_of
from projections import dossier
from projections.dossier import Whom

FIRST: Final = date(2000, 1, 1)
Evaluate = Callable[[Prepared], Evaluated]


class NotWhatWasDetermined(Refused):
    """重新计算的结果与已公布的不一致，不能出具证据包；请先运行 anjuan verify"""


class CalendarMissing(Refused):
    """没有公布过日历，无法计算期限"""


class Found(Struct, frozen=True, kw_only=True):
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
    entries that concern them, else the whole log. EvaluationUnknown, DeterminationUnknown,
    SubjectUnknown, NotSealed, NotWhatWasDetermined."""
    found = _found(connection, named(name), number, subjects, as_known_at)
    ready = found.ready
    task = ready.task
    done = evaluate(ready)
    digest = _checked(found, done, whole=not subjects)
    upto = max(task.cut_off, found.position or 0)
    about: dict[str, Any] = {
        "kind": evaluation.KIND,
        "id": str(found.stream),
        "name": f"{task.ruleset['code']}:{task.division}:{task.period}",
        "ruleset": done.run.ruleset,
        "division": task.division,
        "period": task.period,
        "calendar": task.calendar,
        "as_known_at": ready.as_known_at.astimezone(UTC).isoformat(),
        "subjects": sorted(task.subjects, key=lambda one: str(one["code"])),
        "determination": found.determination
        and {"number": found.determination.number, "position": found.position},
        "digest": digest,
        "streams": None,
    }
    trees = {f"trees/{code}.json": tree for code, tree in done.trees.items()}
    run = canonical(to_builtins(done.run))
    contents = Contents(
        about=about,
        cut_off=task.cut_off,
        upto=upto,
        whole=not subjects,
        beyond=(found.stream,),
        files={**trees, "run.json": run, "ruleset.json": canonical(task.ruleset)},
        summary=summary.of_evaluation(about, task, done, whole=not subjects),
    )
    if not subjects:
        return contents
    streams = sorted(_streams(dossier.concerning(connection, whom(task), task.cut_off)))
    named_here = {**about, "streams": [*map(str, streams), str(found.stream)]}
    return replace(contents, streams=streams, about=named_here)


def _found(
    connection: Connection,
    stream: UUID,
    number: int | None,
    subjects: Sequence[str],
    as_known_at: datetime | None,
) -> Found:
    state = evaluation_of(connection, stream)
    if state.determinations and as_known_at is None:
        one = determination(state, number or len(state.determinations))
        return _determined(connection, stream, one, subjects)
    if number is not None:
        determination(state, number)
    if strange := set(subjects) - set(state.subjects):
        raise SubjectUnknown(min(strange))
    opened = state.opened
    at = as_known_at or dossier.recorded_at(connection, _sealed_size(connection))
    asked = Asked(
        ruleset=opened.ruleset,
        period=opened.period,
        division=opened.division,
        calendar=opened.calendar,
        subjects=tuple(subjects or state.subjects),
        as_known_at=at,
    )
    return Found(stream=stream, ready=prepared(connection, asked))


def _determined(
    connection: Connection, stream: UUID, one: Determination, subjects: Sequence[str]
) -> Found:
    """To compute it again, from the entries of then."""
    run = one.run
    of_run = [result.subject for result in run.results]
    if strange := set(subjects) - set(of_run):
        raise SubjectUnknown(min(strange))
    codes = subjects or of_run
    known = dossier.publications(connection, run.cut_off)
    ruleset = ruleset_known(known, run.ruleset)
    human = human_scores(dossier.evaluation_entries(connection, stream, run.cut_off))
    task = Task(
        ruleset=ruleset,
        division=run.division,
        period=run.period,
        calendar=run.calendar,
        cut_off=run.cut_off,
        subjects=subjects_of(connection, run.subject_kind, codes, run.period, run.cut_off),
        human=fitting(ruleset, {code: one for code, one in human.items() if code in codes}),
    )
    ready = Prepared(
        task=task,
        rules=rules_of(connection, known, task, one.as_known_at),
        as_known_at=one.as_known_at,
        stream=stream,
        state=None,
    )
    entries = dossier.evaluation_entries(connection, stream, _head(connection))
    position = next(
        entry["position"]
        for entry in entries
        if "run" in entry["data"] and entry["data"].get("number", 1) == one.number
    )
    return Found(stream=stream, ready=ready, determination=one, position=position)


def _checked(found: Found, done: Evaluated, *, whole: bool) -> str:
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
    """With the request it is about, as far as the log is sealed. ComplaintUnknown, NotSealed."""
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
    return _facts(connection, about, cut_off, sorted(parts), calendar, whole=whole)


def of_point(
    connection: Connection,
    code: str,
    period: str,
    as_known_at: datetime | None = None,
    *,
    whole: bool = False,
) -> Contents:
    """What happened there in the period, as far as the log is sealed. The views must be up to date.
    PointUnknown, NotSealed."""
    cut_off = _cut_off(connection, as_known_at)
    first, last = period_days(period)
    stream = stream_id(point.KIND, code)
    if not dossier.streams(connection, [stream], cut_off):
        raise PointUnknown(code)
    entries = dossier.concerning(connection, Whom(points=[code], first=first, last=last), cut_off)
    about = {
        "kind": point.KIND,
        "id": str(stream),
        "name": code,
        "period": period,
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    streams = sorted({*_streams(entries), stream})
    return _facts(connection, about, cut_off, streams, None, whole=whole)


def _facts(
    connection: Connection,
    about: dict[str, Any],
    cut_off: int,
    streams: Sequence[UUID],
    calendar: str | None,
    *,
    whole: bool,
) -> Contents:
    """`calendar`: by which what is not under a calendar of its own is read; None: the first."""
    known = dossier.publications(connection, cut_off)
    calendars = facts_basis.published(known)["calendars"]
    if not calendars:
        raise CalendarMissing
    about |= {
        "calendar": calendar if calendar in calendars else next(iter(calendars)),
        "streams": [str(one) for one in streams],
    }
    at = dossier.recorded_at(connection, cut_off).isoformat()
    by = facts_basis.rules_of(
        facts_basis.published(known), about["calendar"], at, about["first"], about["last"]
    )
    entries = dossier.streams(connection, streams, cut_off)
    facts = _facts_shown(entries, by, about)
    return Contents(
        about=about,
        cut_off=cut_off,
        upto=cut_off,
        whole=whole,
        streams=streams,
        files={"facts.json": canonical(facts)},
        summary=summary.of_facts(about, cut_off, facts, whole=whole),
    )


def _facts_shown(entries: Iterable[Entry], by: Rules, about: Plain) -> list[Plain]:
    """As `verify.py` makes them."""
    return [
        fact
        for fact in facts_of(entries, by)
        if about["kind"] != point.KIND
        or (fact.get("point") == about["name"] and about["first"] <= fact["day"] <= about["last"])
    ]


def _streams(entries: Iterable[Entry]) -> set[UUID]:
    return {UUID(one["stream"]) for one in entries}


def _cut_off(connection: Connection, as_known_at: datetime | None) -> int:
    size = _sealed_size(connection)
    return size if as_known_at is None else position_at(connection, as_known_at)


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
