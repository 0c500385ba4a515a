"""The next version of a calendar from the short list of a year's notice: days off, make-up days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.imports.casework_mapping import RowWrong
from api.imports.cells import choice, day, text
from api.imports.csv_text import FileUnreadable
from api.imports.sheet import folded, is_empty, read_table
from api.publishing.document import DocumentWrong, faults, read_document
from domain.worktime.calendar import Calendar, Holiday, MakeupDay

WEEKEND: Final = (5, 6)
FESTIVALS: Final[Mapping[str, tuple[str, ...]]] = {
    "春节": ("春节", "除夕", "Spring Festival"),
    "国庆": ("国庆", "National Day"),
}
"""The long ones, by the words that name them."""
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "off": ("放假", "休", "休假", "假"),
    "work": ("上班", "班", "调休上班", "补班"),
}
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "first": ("日期", "开始", "开始日期", "day"),
    "last": ("截止", "结束", "截止日期", "结束日期"),
    "kind": ("类型", "安排"),
    "name": ("名称", "节日"),
}
"""Columns of a list of days, by all headings that they are known by."""
EXPLAINED: Final = (
    "a list of days has the columns 日期 (first), 截止 (last, where it is more than one day), 类型"
    " (kind: 放假 or 上班) and 名称 (name)"
)


class Span(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    first: date
    last: date | None = None
    name: str


class WorkDay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    day: date
    name: str


class Notice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A year's days, as the State Council announces them."""

    year: int
    off: tuple[Span, ...]
    work: tuple[WorkDay, ...] = ()
    basis: str | None = None
    announced_on: date | None = None


def read_notice(file: Path) -> Notice:
    """Read a notice from TOML, or from a list of days in a spreadsheet or CSV.

    Raises: DocumentWrong, FileUnreadable — with line or row, and what is allowed.
    """
    if file.suffix.lower() in (".toml", ".json"):
        document = read_document(file)
        if wrong := [document.told(*one) for one in faults(document.value, Notice)]:
            raise DocumentWrong("; ".join(wrong))
        notice = msgspec.convert(document.value, Notice)
        _refuse_odd(file, notice)
        return notice
    notice = _of_list(file)
    _refuse_odd(file, notice)
    return notice


def _of_list(file: Path) -> Notice:
    known = {folded(heading): name for name, also in COLUMNS.items() for heading in (name, *also)}
    table = read_table(file, lambda heading: folded(heading) in known)
    places = {
        known[folded(heading)]: place
        for place, heading in enumerate(table.headings)
        if folded(heading) in known
    }
    if missing := [name for name in ("first", "kind", "name") if name not in places]:
        raise FileUnreadable(f"{file}: there is no column {', '.join(missing)}; {EXPLAINED}")
    readers = {"first": day(), "last": day(), "kind": choice(KINDS), "name": text()}
    off: list[Span] = []
    work: list[WorkDay] = []
    for row in table.rows:
        read: dict[str, Any] = {}
        for name, place in places.items():
            cell = row.cells[place]
            if name == "last" and is_empty(cell):
                continue
            try:
                read[name] = readers[name].read(cell)
            except RowWrong as wrong:
                raise FileUnreadable(
                    f"{file}: row {row.number}: {name}: {wrong}; {EXPLAINED}"
                ) from wrong
        first, last = read["first"], read.get("last")
        if read["kind"] == "off":
            off.append(Span(first=first, last=last, name=read["name"]))
        else:
            work += [WorkDay(day=one, name=read["name"]) for one in _each(first, last)]
    if not off:
        raise FileUnreadable(f"{file}: it names no day off; {EXPLAINED}")
    # New Year's days off may begin in December.
    return Notice(
        year=max((one.last or one.first).year for one in off), off=tuple(off), work=tuple(work)
    )


def _each(first: date, last: date | None) -> Iterator[date]:
    for ordinal in range(first.toordinal(), (last or first).toordinal() + 1):
        yield date.fromordinal(ordinal)


def _refuse_odd(file: Path, notice: Notice) -> None:
    off = {day for span in notice.off for day in _each(span.first, span.last)}
    for span in notice.off:
        if span.last is not None and span.last < span.first:
            raise DocumentWrong(f"{file}: {span.name}: {span.last} is before {span.first}")
        if notice.year not in (span.first.year, (span.last or span.first).year):
            raise DocumentWrong(f"{file}: {span.name}: {span.first} is not of {notice.year}")
    for one in notice.work:
        if one.day.weekday() not in WEEKEND:
            raise DocumentWrong(
                f"{file}: {one.name}: {one.day} is no Saturday or Sunday: it is worked anyway"
            )
        if one.day in off:
            raise DocumentWrong(f"{file}: {one.name}: {one.day} is a day off as well")


def following(calendar: Calendar, notice: Notice, now: datetime) -> Calendar:
    """Return the next version of a calendar: as it is, with the days of the notice's year.

    Raises: DocumentWrong — a year between is missing.
    """
    if not calendar.first_year <= notice.year <= calendar.last_year + 1:
        raise DocumentWrong(
            f"{calendar.ref} has the years {calendar.first_year} to {calendar.last_year}:"
            f" {notice.year} does not follow them"
        )
    kept = [one for one in calendar.holidays if notice.year not in (one.first.year, one.last.year)]
    off = [Holiday(one.first, one.last or one.first, one.name) for one in notice.off]
    listed = {one.day for one in notice.work}
    worked = [
        one for one in calendar.makeup_days if one.day.year != notice.year and one.day not in listed
    ]
    worked += [MakeupDay(one.day, one.name) for one in notice.work]
    announced = now
    if notice.announced_on is not None:
        announced = datetime.combine(notice.announced_on, time(), ZoneInfo(calendar.zone))
    return replace(
        calendar,
        version=calendar.version + 1,
        announced_at=announced,
        last_year=max(calendar.last_year, notice.year),
        holidays=tuple(sorted([*kept, *off], key=lambda one: one.first)),
        makeup_days=tuple(sorted(worked, key=lambda one: one.day)),
        provisional_years=tuple(y for y in calendar.provisional_years if y != notice.year),
        basis=notice.basis or f"{notice.year}年部分节假日安排",
    )


def counts(notice: Notice) -> tuple[int, int]:
    """Count the days off and the make-up days of a notice."""
    off = {day for span in notice.off for day in _each(span.first, span.last)}
    return len(off), len({one.day for one in notice.work})


def missing_festivals(notice: Notice) -> list[str]:
    """List the long holidays of every year that a notice does not name."""
    named = " ".join(span.name for span in notice.off)
    return [name for name, also in FESTIVALS.items() if not any(one in named for one in also)]


def chosen(calendars: Sequence[Calendar], after: Sequence[str]) -> list[Calendar]:
    """Return the newest version of the calendars that are named by code, or `code@version`; of all
    where none is.

    Raises: DocumentWrong — there is none, or it is not the newest version.
    """
    newest = {one.code: one for one in calendars}
    found = []
    for name in after or newest:
        code, _, version = name.partition("@")
        one = newest.get(code)
        if one is None:
            raise DocumentWrong(f"no calendar {name}; there are {', '.join(newest) or 'none'}")
        if version and version != str(one.version):
            raise DocumentWrong(f"{name} is not the newest version: that is {one.ref}")
        found.append(one)
    return found
