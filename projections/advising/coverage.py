"""Gaps of coverage.

They are villages not checked, or without adviser, group, display or lecture, advisers with more
villages than the rules allow, and districts not supervised.

A village is one that is listed and exists on the reference day, or has a room that is open then:
the last day of the period, or that of the last known event if the period was not over then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final, Literal

import psycopg
from msgspec import Struct

from domain.registers.appointment import Appointment
from domain.registers.policy import DutyRules, duty_rules
from domain.registers.stint import Stint
from domain.scoring.duty import Lack, lacks, period_of
from domain.worktime.calendar import ONE_DAY
from domain.worktime.period import days_of, month_of, quarter_of
from domain.worktime.zone import zone_of
from projections.advising import appointments, directory, listed, worklogs
from projections.advising.duty import DISTRICT_DIGITS, months_of
from projections.advising.worklogs import Lectures
from projections.asking import rules
from projections.asking.answering import Answering, answer, answer_async
from projections.asking.reference_day import reference_day
from projections.asking.rules import RulesKnown
from projections.oversight import inspections
from projections.oversight.inspections import Looked, rounds_of

NAME: Final = "coverage"
VERSION: Final = 2
STANDS_ON: Final = directory.NAME
VIEWS: Final = (
    directory.NAME, listed.NAME, appointments.NAME, inspections.NAME, worklogs.NAME,
)  # fmt: skip
"""What it is read from."""
What = Literal[
    "unchecked", "no_adviser", "no_wechat_group", "no_public_display", "no_lecture",
    "too_many_villages", "unsupervised",
]  # fmt: skip
_LACKS: Final[Mapping[Lack, What]] = {
    "adviser": "no_adviser",
    "wechat_group": "no_wechat_group",
    "public_display": "no_public_display",
}


class Gap(Struct, frozen=True, kw_only=True):
    """One gap."""

    KEY: ClassVar = ("what", "division", "name", "period", "adviser")

    what: What
    division: str | None
    """Village or district; None for too many villages."""
    name: str | None
    """Of the village's room, or of the adviser; None of a village without a room."""
    division_name: str | None = None
    """Of the village or district, as listed."""
    since: date | None
    """First day without, or the day the room opened or the village began; None when there never was
    any."""
    period: str | None = None
    """Month or quarter without check, lecture or supervision."""
    adviser: str | None = None
    villages: tuple[str, ...] = ()
    """Those that the adviser serves."""
    allowed: int | None = None


def gaps(
    connection: psycopg.Connection[Any], *, division: str, period: str, position: int
) -> list[Gap]:
    """Compute the gaps of a division (a prefix) in a month or quarter, as known at a position.

    They are ordered by division, then kind. Lectures and supervision are looked for in the quarter,
    up to the reference day. A period that had not begun has no gaps.
    """
    return answer(connection, _gaps(division, period, position))


async def gaps_async(
    connection: psycopg.AsyncConnection[Any], *, division: str, period: str, position: int
) -> list[Gap]:
    """Compute the gaps asynchronously, as `gaps` does."""
    return await answer_async(connection, _gaps(division, period, position))


# --- what is looked at


class _Village(Struct, frozen=True):
    """A village that is listed, or has an open room."""

    code: str
    name: str | None
    """Of its room."""
    division_name: str | None
    opened: date | None
    """When its room opened, or it began."""


class _Look(Struct, frozen=True, kw_only=True):
    """The question, answered as of a day."""

    division: str
    position: int
    day: date
    months: tuple[date, ...]
    """First days of those that had begun."""
    villages: tuple[_Village, ...]
    names: Mapping[str, str]
    """Code of a division → its name on the day, as listed."""
    rules: RulesKnown

    def rules_of(self, division: str) -> DutyRules:
        return duty_rules(self.rules.policies, division, self.day)

    @property
    def quarter(self) -> str:
        return quarter_of(self.day)


def _gaps(division: str, period: str, position: int) -> Answering[list[Gap]]:
    day = yield from reference_day(days_of(period), position)
    if day is None:
        return []
    published = yield rules.published(position)
    rooms = yield directory.rooms(division=division, position=position)
    held = yield listed.divisions(under=division, position=position)
    there = {one.code: one.division for one in held if one.division.exists_on(day)}
    names = {code: one.name_on(day).name for code, one in there.items()}
    villages = {one.code: one for one in _with_room(rooms, division, names, day)}
    bare = {
        code: _Village(code, None, names[code], one.since)
        for code, one in there.items()
        if one.is_village
    }
    look = _Look(
        division=division,
        position=position,
        day=day,
        months=tuple(month for month in months_of(period) if month <= day),
        villages=tuple((bare | villages).values()),
        names=names,
        rules=rules.known(published),
    )
    found = [
        *(yield from _unchecked(look)),
        *(yield from _lacking(look)),
        *(yield from _without_lecture(look)),
        *(yield from _unsupervised(look)),
    ]
    return sorted(found, key=lambda gap: (gap.division or "", gap.what, gap.adviser or ""))


def _with_room(
    rooms: Iterable[directory.Room], division: str, names: Mapping[str, str], day: date
) -> Iterator[_Village]:
    """Each once, by the first of its rooms."""
    seen = set()
    for room in rooms:
        there, opened = room.judged_on(day), room.locations[0].valid_from
        if there is None:
            continue
        where = there.division
        closed = room.until and room.until.astimezone(zone_of(room.zone)).date() <= day
        if opened <= day and not closed and where.startswith(division) and where not in seen:
            seen.add(where)
            yield _Village(where, room.name, names.get(where), opened)


# --- checks and supervision


def _unchecked(look: _Look) -> Answering[list[Gap]]:
    months = [month_of(month) for month in look.months]
    checks: list[Looked] = yield inspections.looked_at(
        "check",
        division=look.division,
        periods=months,
        until=look.day,
        position=look.position,
    )
    checked: defaultdict[str, set[str]] = defaultdict(set)
    last: dict[str, date] = {}
    for one in checks:
        checked[one.division].update(one.periods)
        last[one.division] = max(one.last, last.get(one.division, one.last))
    return [
        _of_village("unchecked", village, last.get(village.code), month_of(month))
        for village in look.villages
        for month in look.months
        if month_of(month) not in checked[village.code]
        and (village.opened is None or village.opened <= period_of("month", month).last)
    ]


def _unsupervised(look: _Look) -> Answering[list[Gap]]:
    """Districts that were not supervised themselves, nor any town of theirs; nothing where less
    than a district is asked for."""
    if len(look.division) > DISTRICT_DIGITS:
        return []
    supervised: list[Looked] = yield inspections.looked_at(
        "supervision",
        division=look.division,
        periods=[look.quarter],
        until=look.day,
        position=look.position,
    )
    districts = sorted({village.code[:DISTRICT_DIGITS] for village in look.villages})
    rounds = {district: rounds_of(supervised, district) for district in districts}
    return [
        Gap(
            what="unsupervised",
            division=district,
            name=None,
            division_name=look.names.get(district),
            since=_after(told.last),
            period=look.quarter,
        )
        for district, told in rounds.items()
        if not told.times
    ]


# --- advisers, groups, displays


def _lacking(look: _Look) -> Answering[list[Gap]]:
    held = yield appointments.within(division=look.division, position=look.position)
    standing = {one.division: one.appointment for one in held}
    found = []
    for village in look.villages:
        appointment = standing.get(village.code) or Appointment(division=village.code)
        for lack in lacks(appointment, look.rules_of(village.code), look.day):
            until = _last_day(appointment, lack, look.day)
            found.append(_of_village(_LACKS[lack], village, until))
    serving = [stint for one in standing.values() for stint in one.stints if stint.covers(look.day)]
    return found + (yield from _over_the_cap(look, serving))


def _last_day(appointment: Appointment, lack: Lack, day: date) -> date | None:
    """The last one with what is lacking now."""
    match lack:
        case "adviser":
            return max((one.last for one in appointment.stints if one.last < day), default=None)
        case "wechat_group":
            spans = appointment.groups
        case "public_display":
            spans = appointment.displays
    return max((one.until - ONE_DAY for one in spans if one.until), default=None)


def _over_the_cap(look: _Look, serving: Sequence[Stint]) -> Answering[list[Gap]]:
    """List advisers of the division who serve too many villages, counted wherever these are."""
    caps: defaultdict[str, list[int]] = defaultdict(list)
    for stint in serving:
        if cap := look.rules_of(stint.division).max_villages_per_adviser:
            caps[stint.adviser].append(cap)
    held = yield appointments.of(advisers=sorted(caps), position=look.position)
    stints: defaultdict[str, list[Stint]] = defaultdict(list)
    for stint in (stint for one in held for stint in one.stints):
        stints[stint.adviser].append(stint)
    over = {
        code: min(cap)
        for code, cap in caps.items()
        if len(_served(stints[code], look.day)) > min(cap)
    }
    named = yield directory.names(advisers=sorted(over), position=look.position)
    names = {one.code: one.name for one in named}
    return [
        Gap(
            what="too_many_villages",
            division=None,
            name=names.get(code),
            since=_over_since(stints[code], look.day, cap),
            adviser=code,
            villages=_served(stints[code], look.day),
            allowed=cap,
        )
        for code, cap in over.items()
    ]


def _served(stints: Iterable[Stint], day: date) -> tuple[str, ...]:
    return tuple(sorted(stint.division for stint in stints if stint.covers(day)))


def _over_since(stints: Sequence[Stint], day: date, cap: int) -> date:
    """The first day of those without a break on which there were more villages than the cap; their
    number changes only on the first day of a stint and on the one after its last."""
    changes = {one.first for one in stints} | {one.last + ONE_DAY for one in stints}
    since = day
    for change in sorted((one for one in changes if one <= day), reverse=True):
        if len(_served(stints, change)) <= cap:
            break
        since = change
    return since


# --- lectures


def _without_lecture(look: _Look) -> Answering[list[Gap]]:
    held: list[Lectures] = yield worklogs.lectures(
        division=look.division, until=look.day, position=look.position
    )
    given = {one.village: one for one in held}
    quarter = days_of(look.quarter)
    found = []
    for village in look.villages:
        of_village, last = look.rules_of(village.code), None
        if (lectures := given.get(village.code)) is not None:
            last = lectures.verified if of_village.verified_only else lectures.last
        if of_village.lectures_per_quarter and (last is None or last < quarter.first):
            found.append(_of_village("no_lecture", village, last, look.quarter))
    return found


def _of_village(what: What, village: _Village, last: date | None, period: str | None = None) -> Gap:
    return Gap(
        what=what,
        division=village.code,
        name=village.name,
        division_name=village.division_name,
        since=_after(last) or village.opened,
        period=period,
    )


def _after(last: date | None) -> date | None:
    return last and last + ONE_DAY
