"""Figures: the rows and sections of a table that count things, by the named queries of its columns.

Everything counted is a piece: an amount of a measure, told by work or by criticism, from the event
that made it until the one that unmade it. A figure is the sum of the pieces that its column asks
for and its row stands for; what changed it is the pieces that came and went.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, ClassVar, Final, NamedTuple, assert_never
from uuid import UUID

from msgspec import Struct

from domain.registers import point
from domain.registers.adviser import KIND as ADVISER
from domain.registers.form import Form, RowsOf, Value, Values
from domain.registers.point import PointClosed, PointMoved, PointOpened, PointReopened
from domain.registration.queries import (
    CATALOGUE,
    CRITICISM,
    SERVICES,
    WORK,
    Computed,
    computed,
    computed_sections,
    rows_of,
)
from domain.reporting.report import ReportRow, Table
from domain.vocabulary import stream_id
from domain.worktime.period import before, days_of, ends_at
from projections.advising import directory
from projections.asking import rules
from projections.asking.answering import Answering
from projections.asking.asking import Query
from projections.complaints import criticism
from projections.complaints.criticism import CriticismAsked, CriticismRow
from projections.reporting import work_statistics
from projections.reporting.difference import AdjustedRow, Amounts, Cell, RowKey
from projections.reporting.work_statistics import Fact, Scope, Sum

NO_POINT: Final = "（无服务点）"
"""In place of the name of a point, where a village has none."""
RULES: Final = (
    *rules.TOPICS, *(one.topic for one in (PointOpened, PointMoved, PointClosed, PointReopened)),
)  # fmt: skip
"""Topics of what off-peak and villages are told by."""
PIECES_OF_WORK: Final = frozenset((*work_statistics.SERVICE_FIELDS.values(), work_statistics.OTHER))
"""Measures that are pieces of work, each counted once."""
WHOLE: Final[RowKey] = ()
"""In place of a row's key, for what is told of the whole."""
DIMENSIONS: Final = ("all", "channel", "service", "aspect", "virtue", "unit")
VILLAGE_DIGITS: Final = 12
DIGITS: Final[Mapping[int, int]] = {2: 4, 4: 6, 6: 9, 9: 12}
"""Length of a division's code → that of its parts."""


class Source(Struct, frozen=True):
    """A stream behind a cell, with what it adds to the figure; None when it is no figure."""

    KEY: ClassVar = ("stream",)

    stream: UUID
    amount: int | None = None


class Piece(Struct, frozen=True, kw_only=True):
    """`amount` is negative where it was unmade at `since`. A piece that an adviser has a part in is
    told twice: of the point, without him, and of him."""

    counts: str
    measure: str
    amount: int
    division: str
    point: str | None
    """None when it is of a city organ, which is then its unit."""
    adviser: str | None
    marks: Mapping[str, tuple[str, ...]]
    streams: tuple[UUID, ...]
    organ: str | None = None
    since: int = 0
    earlier: bool = False
    """Of the period before the table's."""


# --- what a row stands for

Group = Callable[[Piece, Table], Iterable[RowKey]]


def _marked(mark: str) -> Group:
    def group(piece: Piece, _: Table) -> Iterable[RowKey]:
        return () if piece.adviser is not None else ((one,) for one in piece.marks.get(mark, ()))

    return group


def _of_part(piece: Piece, table: Table) -> Iterable[RowKey]:
    digits = DIGITS.get(len(table.division), VILLAGE_DIGITS)
    return () if piece.adviser is not None else ((piece.division[:digits],),)


def _of_village(piece: Piece, _: Table) -> Iterable[RowKey]:
    there = piece.adviser is None and len(piece.division) == VILLAGE_DIGITS
    return ((piece.division,),) if there else ()


def _by_dimension(piece: Piece, _: Table) -> Iterator[RowKey]:
    if piece.adviser is None:
        yield "all", ""
        for mark, codes in piece.marks.items():
            yield from ((mark, code) for code in codes)
        yield "unit", piece.point or piece.organ or ""


def _at_point(piece: Piece) -> Iterable[RowKey]:
    return () if piece.point is None else ((piece.division, piece.point),)


def _whole(piece: Piece, _: Table) -> Iterable[RowKey]:
    return () if piece.adviser is not None else (WHOLE,)


GROUPS: Final[Mapping[RowsOf, Group]] = {
    "point": lambda one, _: _at_point(one) if one.adviser is None else (),
    "point_and_adviser": lambda one, _: ((*at, one.adviser or "") for at in _at_point(one)),
    "adviser": lambda one, _: () if one.adviser is None else ((one.adviser,),),
    "village": _of_village,
    "division": _of_part,
    "service": _marked("service"),
    "channel": _marked("channel"),
    "aspect": _marked("aspect"),
    "virtue": _marked("virtue"),
    "criticism": _by_dimension,
}
"""What rows that count have a row for → the rows that a piece is counted in."""
_NAMED: Final[Mapping[RowsOf, tuple[str, ...]]] = {
    "point": ("division", "point"),
    "point_and_adviser": ("division", "point", "adviser"),
    "criticism": ("by", "key"),
}
"""Queries that the parts of a row's key answer; elsewhere the one of the rows' own name."""


def named(rows: RowsOf, key: RowKey) -> dict[str, str]:
    """Return what the key of a row says, by the names of queries."""
    return dict(zip(_NAMED.get(rows, (rows,)), key, strict=True))


def counted(form: Form) -> RowsOf | None:
    """Return what a table that counts has a row for; None where a row is one complaint."""
    rows = rows_of(form)
    return rows if rows is not None and rows in GROUPS else None


def _order(rows: RowsOf, key: RowKey) -> tuple[Any, ...]:
    return (DIMENSIONS.index(key[0]), key) if rows == "criticism" else key


# --- pieces


class _Asked(Struct, frozen=True):
    """What has to be read for a form."""

    families: frozenset[str]
    compared: bool

    def periods(self, table: Table) -> tuple[tuple[str, bool], ...]:
        own = ((table.period, False),)
        return (*own, (before(table.period), True)) if self.compared else own


def _asked(form: Form) -> _Asked:
    """A form that does not name its rows, or has no figures, has a row for whatever counts."""
    rows = counted(form)
    figures = [*computed(form), *computed_sections(form)]
    families = {one.query.counts for one in figures} - {None}
    if rows is not None and not any(one.query.counts for one in computed(form)):
        families |= {one.counts for one in CATALOGUE[rows].values()} - {None}
    if form.rows is None and rows is not None:
        families |= {WORK}
    return _Asked(
        frozenset(one for one in families if one is not None),
        any(one.column.of_period != "this" for one in figures),
    )


def _scope(table: Table, period: str, now: datetime) -> Scope:
    days = days_of(period)
    due_by = min(ends_at(period), now)
    return Scope(division=table.division, first=days.first, last=days.last, due_by=due_by)


def _of_sum(one: Sum, *, earlier: bool) -> Piece:
    return Piece(
        counts=WORK,
        measure=one.field,
        amount=one.amount,
        division=one.key.division,
        point=one.key.point,
        adviser=one.key.adviser,
        marks={"service": (one.service,)},
        streams=one.streams,
        earlier=earlier,
    )


def _of_fact(one: Fact, *, earlier: bool) -> Piece:
    return Piece(
        counts=WORK,
        measure=one.field,
        amount=one.amount,
        division=one.key.division,
        point=one.key.point,
        adviser=one.key.adviser,
        marks={"service": (one.service,)},
        streams=(one.stream,),
        since=one.since,
        earlier=earlier,
    )


def measures(one: CriticismRow) -> dict[str, int]:
    """Return what a complaint adds to the figures of criticism."""
    once = one.counts and not one.repeated
    found = {
        "criticism": once,
        "criticism_noted": once and not one.registered,
        "criticism_substantiated": once and bool(one.substantiated),
        "criticism_satisfied": once and one.feedback == "satisfied",
        "criticism_dissatisfied": once and one.feedback == "dissatisfied",
        "criticism_late": once and one.late,
        "criticism_joint": once and one.people > 1,
        "criticism_people": once * one.people,
        "criticism_repeated": one.counts and one.repeated,
        "criticism_reclassified": not one.counts,
    }
    return {name: int(amount) for name, amount in found.items() if amount}


def _of_complaint(
    one: CriticismRow, since: int, *, earlier: bool, sign: int = 1
) -> Iterator[Piece]:
    advisers = (None,) if one.adviser is None else (None, one.adviser)
    for measure, amount in measures(one).items():
        for adviser in advisers:
            yield Piece(
                counts=CRITICISM,
                measure=measure,
                amount=sign * amount,
                division=one.division,
                point=one.point,
                organ=one.organ,
                adviser=adviser,
                marks={
                    "channel": (one.channel,),
                    "service": (one.service,),
                    "aspect": (one.aspect,),
                    "virtue": tuple(one.virtues),
                },
                streams=(one.stream,),
                since=since,
                earlier=earlier,
            )


def _criticism(table: Table, period: str, position: int) -> CriticismAsked:
    return CriticismAsked(division=table.division, period=period, position=position)


def standing(table: Table, form: Form, position: int, now: datetime) -> Answering[list[Piece]]:
    """The pieces that stand at a position; those of work are added up."""
    asked = _asked(form)
    found: list[Piece] = []
    for period, earlier in asked.periods(table):
        if WORK in asked.families:
            scope = _scope(table, period, now)
            sums = yield from work_statistics.standing(scope, position)
            found += (_of_sum(one, earlier=earlier) for one in sums)
        if CRITICISM in asked.families:
            rows = yield criticism.records(_criticism(table, period, position), position)
            for row in rows:
                found += _of_complaint(row, row.since, earlier=earlier)
    return found


def _single(table: Table, form: Form, one: Computed) -> Answering[list[Piece]]:
    """The pieces that one column may count at the cut-off, one per stream."""
    found: list[Piece] = []
    for period, earlier in _asked(form).periods(table):
        if one.query.counts == WORK:
            scope = _scope(table, period, ends_at(period))
            fields = PIECES_OF_WORK if one.name == SERVICES else {one.name}
            facts = yield from work_statistics.pieces(scope, table.cut_off, fields)
            found += (_of_fact(fact, earlier=earlier) for fact in facts)
        else:
            asked = _criticism(table, period, table.cut_off)
            rows = yield criticism.records(asked, table.cut_off)
            for row in rows:
                found += _of_complaint(row, row.since, earlier=earlier)
    return found


def _turned(table: Table, form: Form, position: int) -> Answering[list[Piece]]:
    """The pieces that each event after the cut-off, up to a position, made or unmade."""
    asked, found = _asked(form), list[Piece]()
    for period, earlier in asked.periods(table):
        if WORK in asked.families:
            scope = _scope(table, period, ends_at(period))
            facts = yield from work_statistics.between(scope, table.cut_off, position)
            found += (_of_fact(one, earlier=earlier) for one in facts)
        if CRITICISM in asked.families:
            of_period = _criticism(table, period, position)
            rows = yield criticism.records(of_period, table.cut_off)
            for row in rows:
                if row.since > table.cut_off:
                    found += _of_complaint(row, row.since, earlier=earlier)
                if row.until <= position:
                    found += _of_complaint(row, row.until, earlier=earlier, sign=-1)
    return found


def _share(one: Computed, piece: Piece) -> int:
    """Return what a piece adds to a column."""
    counted = one.name == piece.measure or (
        one.name == SERVICES and piece.measure in PIECES_OF_WORK
    )
    if not counted:
        return 0
    for mark, codes in one.column.only.items():
        if {*codes}.isdisjoint(piece.marks.get(mark, ())):
            return 0
    match one.column.of_period:
        case "this":
            return 0 if piece.earlier else piece.amount
        case "before":
            return piece.amount if piece.earlier else 0
        case "change":
            return -piece.amount if piece.earlier else piece.amount
        case _:
            assert_never(one.column.of_period)


def _figures(columns: Iterable[Computed], pieces: Iterable[Piece]) -> dict[str, int]:
    told = list(pieces)
    return {
        one.column.code: sum(_share(one, piece) for piece in told)
        for one in columns
        if one.query.counts is not None
    }


# --- rows and sections


class Filled(NamedTuple):
    rows: list[ReportRow]
    sections: Values


def filled(table: Table, form: Form, position: int, now: datetime) -> Answering[Filled]:
    """Rows that count, in order, and the figures of the whole."""
    pieces = yield from standing(table, form, position, now)
    sections = _figures(computed_sections(form), (one for one in pieces if one.adviser is None))
    rows = counted(form)
    if rows is None:
        return Filled([], sections)
    grouped: defaultdict[RowKey, list[Piece]] = defaultdict(list)
    for piece in pieces:
        for key in GROUPS[rows](piece, table):
            grouped[key].append(piece)
    told = {key: named(rows, key) for key in grouped}
    codes = {of[name] for of in told.values() for name in ("point", "adviser") if of.get(name)}
    registered = (yield work_statistics.registered(codes, position)) if codes else []
    names = {one.code: one.name for one in registered if one.kind != directory.ADVISER}
    firms = {one.code: one.firm for one in registered if one.kind == directory.ADVISER}
    columns = computed(form)
    found = []
    for key in sorted(grouped, key=lambda one: _order(rows, one)):
        known: dict[str, Any] = {name: value or None for name, value in told[key].items()}
        if "point" in known:
            known["point_name"] = names.get(known["point"], NO_POINT)
        if known.get("adviser"):
            known["firm"] = firms.get(known["adviser"])
        labels = {one.column.code: known.get(one.name) for one in columns}
        cells = {code: value for code, value in labels.items() if value is not None}
        streams = {one for piece in grouped[key] if piece.counts == WORK for one in piece.streams}
        row = ReportRow(
            cells=cells | _figures(columns, grouped[key]),
            # Who complained is not told of a row that counts complaints.
            sources=tuple(sorted(streams)),
            key=key if form.rows is not None else (),
        )
        found.append(row)
    return Filled(found, sections)


def sources(table: Table, form: Form, key: RowKey, column: str) -> Answering[list[Source]]:
    """Find the streams that a cell or section was made from, as known at the cut-off."""
    rows = counted(form)
    columns = computed_sections(form) if key == WHOLE else computed(form)
    one = next(one for one in columns if one.column.code == column)
    if one.query.counts is None:
        assert rows is not None
        of = named(rows, key)
        if one.name in ("adviser", "firm") and of.get("adviser"):
            return [Source(stream_id(ADVISER, of["adviser"]))]
        return [Source(stream_id(point.KIND, of["point"]))] if "point" in of else []
    pieces = yield from _single(table, form, one)
    group = _whole if key == WHOLE or rows is None else GROUPS[rows]
    amounts: Counter[UUID] = Counter()
    for piece in pieces:
        if key in group(piece, table):
            amounts[piece.streams[0]] += _share(one, piece)
    return [Source(stream, amount) for stream, amount in sorted(amounts.items()) if amount]


# --- what changed


def explained(
    table: Table, form: Form, rows: list[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Explain figures by the pieces that came and went; what that does not make up, by newer rules
    and by what points became; names and firms by what was registered."""
    pieces = yield from _turned(table, form, position)
    of = counted(form)
    group: Group = (lambda *_: ()) if of is None else GROUPS[of]
    columns, sections = computed(form), computed_sections(form)
    amounts: Counter[tuple[int, Cell]] = Counter()
    told: Counter[Cell] = Counter()
    since: defaultdict[RowKey, set[int]] = defaultdict(set)
    for piece in pieces:
        places = [(key, columns) for key in group(piece, table)]
        places += [(WHOLE, sections)] if piece.adviser is None else []
        for key, asked in places:
            since[key].add(piece.since)
            for one in asked:
                if one.query.counts is not None and (share := _share(one, piece)):
                    amounts[piece.since, (key, one.column.code)] += share
                    told[key, one.column.code] += share
    changed = {(row.key, cell.column): cell for row in rows for cell in row.cells}
    made: Amounts = {
        (at, cell): amount for (at, cell), amount in amounts.items() if amount and cell in changed
    }
    made |= yield from _renamed(table, form, rows, position)
    figures = {one.column.code for one in columns if one.query.counts is not None}
    of_whole = {one.column.code for one in sections}
    came_or_went = {row.key for row in rows if row.change != "changed"}
    unexplained = {
        cell
        for cell, change in changed.items()
        if cell[1] in (of_whole if cell[0] == WHOLE else figures)
        and _figure(change.now) - _figure(change.submitted) != told[cell]
    }
    published = (yield _rules(table.cut_off, position)) if unexplained else []
    for cell in changed:
        key = cell[0]
        if cell in unexplained:
            made |= {(one.position, cell): None for one in published}
        elif key in came_or_went and not told[cell]:
            made |= {(at, cell): None for at in since[key]}
    return made


def _figure(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _renamed(
    table: Table, form: Form, rows: Iterable[AdjustedRow], position: int
) -> Answering[Amounts]:
    """Name the events that gave a point another name, or an adviser another firm."""
    of = counted(form)
    if of is None:
        return {}
    lines = {row.key: named(of, row.key) for row in rows if row.key != WHOLE}
    codes = {one[name] for one in lines.values() for name in ("point", "adviser") if one.get(name)}
    found = (yield work_statistics.registrations(codes, table.cut_off, position)) if codes else []
    columns = [(one.column.code, one.name) for one in computed(form)]
    made: Amounts = {}
    for was, is_ in pairwise([None, *found]):
        if was is None or is_ is None or was.stream != is_.stream or is_.since <= table.cut_off:
            continue
        for key, one in lines.items():
            for column, name in columns:
                renamed = name == "point_name" and one.get("point") == is_.code
                moved = name == "firm" and one.get("adviser") == is_.code
                if (renamed and is_.name != was.name) or (moved and is_.firm != was.firm):
                    made[is_.since, (key, column)] = None
    return made


class _Published(Struct, frozen=True):
    position: int


def _rules(after: int, position: int) -> Query[_Published]:
    """Return the rules that off-peak hours and villages are told by."""
    sql = """
        SELECT notification_id AS position FROM log_events
         WHERE topic = ANY(%(topics)s) AND notification_id > %(after)s
           AND notification_id <= %(position)s ORDER BY notification_id
    """
    return Query(sql, {"topics": list(RULES), "after": after, "position": position}, _Published)
