"""Duties of advisers to villages and work done, month by month, by `domain.scoring.duty`.

The rules and the calendar are those that judge the first day of each month, as known at the
position: what was published after a month was over reaches it only by a recalculation. The calendar
is that of the village's room, or the one published first where it has none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from domain.registers.policy import Doubt, duty_policy, duty_rules
from domain.registers.stint import Stint
from domain.scoring.duty import (
    AdviserDuty,
    LoggedWork,
    MinutesOfAdviser,
    Quota,
    QuotaKind,
    VillageDuty,
    day_of_request,
    duty_position,
    period_of,
)
from domain.vocabulary import Service
from domain.worktime.calendar import ONE_DAY, Calendar, months_after
from domain.worktime.period import MONTHS_OF_QUARTER, days_of, is_quarter
from projections.advising import appointments, directory, doubts, worklogs
from projections.advising.directory import Room
from projections.asking import rules
from projections.asking.answering import Answering, answer, answer_async
from projections.asking.asking import Query, standing_at
from projections.asking.minutes import minutes as minutes_once
from projections.asking.rules import RulesKnown
from projections.requests import journal

NAME: Final = "duty"
VERSION: Final = 3
STANDS_ON: Final = worklogs.NAME
VIEWS: Final = (worklogs.NAME, appointments.NAME, directory.NAME, journal.NAME)
"""What it is read from."""
DISTRICT_DIGITS: Final = 6
_Judges = tuple[str, str | None]
"""District, and the village's own calendar."""


class Pieces(Struct, frozen=True, kw_only=True):
    """An obligation counted in pieces, owed for the whole of `first` to `last`; done up to the
    month's end. `work`: the entries that were counted."""

    first: date
    last: date
    required: int
    done: int
    shortfall: int
    work: tuple[UUID, ...]


class DutyRow(Struct, frozen=True, kw_only=True):
    """One adviser in one village and month; without adviser: the village. A piece done together
    counts for each who took part and once for the village, and nobody's surplus fills another's
    shortfall: rows are neither summed nor averaged. Minutes; the work is named by its streams."""

    KEY: ClassVar = ("village", "month", "adviser")

    village: str
    month: date
    """Its first day."""
    adviser: str | None
    days: int
    """Days of the month that he was appointed, or that the village had an adviser."""
    required: int
    onsite: int
    offsite: int
    offset: int
    """Off-site minutes that count as on site."""
    shortfall: int
    lectures: Pieces
    offpeak_lectures: Pieces
    risk_screenings: Pieces
    onsite_work: tuple[UUID, ...]
    offsite_work: tuple[UUID, ...]
    doubtful: int = 0
    """Minutes among these that are doubtful, until somebody has looked at them."""
    doubtful_work: tuple[UUID, ...] = ()
    rule: str | None = None
    """`code@version` of the policy that judges the month; None before the first version."""


class _Given(Struct, frozen=True, kw_only=True):
    """Minutes given to a request that no work log tells."""

    request: UUID
    division: str
    day: date
    service: Service
    onsite: bool
    adviser: str
    minutes: int
    doubts: tuple[Doubt, ...]

    def work(self, calendar: Calendar) -> LoggedWork:
        return LoggedWork(
            village=self.division,
            started_at=day_of_request(self.day, calendar),
            service=self.service,
            mode="onsite" if self.onsite else "phone",
            parts=(MinutesOfAdviser(self.adviser, self.minutes),),
            of_request=True,
            doubts=self.doubts,
            stream=self.request,
        )


def _given(division: str, first: date, last: date, position: int) -> Query[_Given]:
    """Query them of requests made on these days at points of the division (a prefix)."""
    days = "{}.day BETWEEN %(first)s AND %(last)s"
    sql = f"""
        WITH {minutes_once(days.format("d"), days.format("w"))}
        SELECT j.request, j.division, j.day, j.service, g.onsite, g.by_adviser AS adviser,
               g.minutes, coalesce(j.doubts, '{{}}') AS doubts
          FROM given g JOIN views.journal j ON j.request = g.request AND {standing_at("j")}
         WHERE j.status <> 'voided' AND starts_with(j.division, %(division)s)
           AND g.by_adviser IS NOT NULL AND g.minutes > 0
         ORDER BY g.position
    """  # noqa: S608
    of = {"division": division, "first": first, "last": last, "position": position}
    return Query(sql, of, _Given)


def position(
    connection: psycopg.Connection[Any], *, division: str, period: str, position: int
) -> list[DutyRow]:
    """Rows of the villages of a division (a prefix) and of a month or quarter, as known at a
    position: by village and month, the village's own row first, then its advisers' by code.
    Villages without adviser and work in the month have none. CalendarHasNoYear and CalendarUnknown:
    work cannot be told from off-peak work."""
    return answer(connection, _position(division, period, position))


async def position_async(
    connection: psycopg.AsyncConnection[Any], *, division: str, period: str, position: int
) -> list[DutyRow]:
    """Compute the duties asynchronously, as `position` does."""
    return await answer_async(connection, _position(division, period, position))


class DutyChange(Struct, frozen=True, kw_only=True):
    """What a recalculation of all that was published since would change for an adviser in a
    village and month, or for the village. Minutes, and pieces short."""

    KEY: ClassVar = ("village", "month", "adviser")

    village: str
    month: date
    adviser: str | None
    required: tuple[int, int]
    """As it stands, and as it would be; here and below."""
    shortfall: tuple[int, int]
    lectures_short: tuple[int, int]
    offpeak_lectures_short: tuple[int, int]
    risk_screenings_short: tuple[int, int]


def waiting(
    connection: psycopg.Connection[Any], *, division: str, period: str, position: int
) -> list[DutyChange]:
    """List what would change in the period, if the rules and calendars published since its months
    were over reached back as they are dated; rows that would not change are left out."""
    return answer(connection, _waiting(division, period, position))


async def waiting_async(
    connection: psycopg.AsyncConnection[Any], *, division: str, period: str, position: int
) -> list[DutyChange]:
    """List what would change asynchronously, as `waiting` does."""
    return await answer_async(connection, _waiting(division, period, position))


def _waiting(division: str, period: str, position: int) -> Answering[list[DutyChange]]:
    stands = yield from _position(division, period, position)
    dated = yield from _position(division, period, position, as_dated=True)
    would = {(row.village, row.month, row.adviser): row for row in dated}
    changes = (_change(row, would[row.village, row.month, row.adviser]) for row in stands)
    return [one for one in changes if one is not None]


def _change(now: DutyRow, then: DutyRow) -> DutyChange | None:
    figures = [
        (now.required, then.required),
        (now.shortfall, then.shortfall),
        (now.lectures.shortfall, then.lectures.shortfall),
        (now.offpeak_lectures.shortfall, then.offpeak_lectures.shortfall),
        (now.risk_screenings.shortfall, then.risk_screenings.shortfall),
    ]
    if all(before == after for before, after in figures):
        return None
    required, shortfall, lectures, offpeak, screenings = figures
    return DutyChange(
        village=now.village,
        month=now.month,
        adviser=now.adviser,
        required=required,
        shortfall=shortfall,
        lectures_short=lectures,
        offpeak_lectures_short=offpeak,
        risk_screenings_short=screenings,
    )


def _position(
    division: str, period: str, position: int, *, as_dated: bool = False
) -> Answering[list[DutyRow]]:
    days = days_of(period)
    published = yield rules.published(position)
    held = yield appointments.within(division=division, position=position)
    entries = yield worklogs.counted(
        division=division,
        # A day more on both sides: the calendar decides which local day it is.
        first=days.first - ONE_DAY,
        last=days.last + ONE_DAY,
        pieces_from=period_of("year", days.first).first - ONE_DAY,
        position=position,
    )
    doubtful = yield doubts.within(
        division=division, first=days.first, last=days.last, position=position
    )
    given = yield _given(division, days.first, days.last, position)
    rooms = yield directory.rooms(division=division, position=position)
    stints = [stint for one in held for stint in one.stints]
    if not stints and not entries and not given:
        return []
    known = rules.known(published)
    if as_dated:
        known, rooms = known.as_dated, [room.as_dated for room in rooms]
    open_doubts = {one.stream: one.doubts for one in doubtful}
    work = [replace(one.work, doubts=open_doubts.get(one.stream, ())) for one in entries]
    work += [one.work(known.calendar) for one in given]
    rows = [
        row
        for month in months_of(period)
        for duty, rule in _duties(known, rooms, stints, work, month)
        for row in _rows(duty, rule)
    ]
    return sorted(rows, key=lambda row: (row.village, row.month))


def months_of(period: str) -> tuple[date, ...]:
    """The first days of its months."""
    days = days_of(period)
    number = MONTHS_OF_QUARTER if is_quarter(period) else 1
    return tuple(months_after(days.first, months) for months in range(number))


def _duties(
    known: RulesKnown,
    rooms: Sequence[Room],
    stints: Sequence[Stint],
    work: Sequence[LoggedWork],
    month: date,
) -> Iterator[tuple[VillageDuty, str | None]]:
    """By district, since each may have rules of its own, and by the calendar of the village; with
    what judges."""
    calendars = directory.calendars(rooms, month)

    def judged_by(village: str) -> tuple[str, str | None]:
        return village[:DISTRICT_DIGITS], calendars.get(village)

    held = _grouped((judged_by(one.division), one) for one in stints)
    done = _grouped((judged_by(one.village), one) for one in work)
    for district, own in held.keys() | done.keys():
        of_month = duty_rules(known.policies, district, month)
        judging = duty_policy(known.policies, district, month)
        calendar = known.duty_calendar(own, month)
        group = district, own
        for duty in duty_position(of_month, held[group], done[group], month, calendar):
            yield duty, None if judging is None else judging.ref


def _grouped(some: Iterable[tuple[_Judges, Any]]) -> defaultdict[_Judges, list[Any]]:
    found: defaultdict[_Judges, list[Any]] = defaultdict(list)
    for judges, one in some:
        found[judges].append(one)
    return found


def _rows(duty: VillageDuty, rule: str | None) -> Iterator[DutyRow]:
    served = (period_of("month", duty.month).last - duty.month).days + 1
    yield _row(duty, None, duty, served - duty.days_without_adviser, rule)
    for one in duty.advisers:
        yield _row(duty, one.adviser, one, one.days, rule)


def _row(
    village: VillageDuty,
    adviser: str | None,
    of: VillageDuty | AdviserDuty,
    days: int,
    rule: str | None,
) -> DutyRow:
    minutes, quotas = of.minutes, {one.kind: _pieces(one) for one in of.quotas}
    kinds: tuple[QuotaKind, ...] = ("lecture", "offpeak_lecture", "risk_screening")
    lectures, offpeak_lectures, risk_screenings = (quotas[kind] for kind in kinds)
    return DutyRow(
        village=village.village,
        month=village.month,
        adviser=adviser,
        days=days,
        required=minutes.required,
        onsite=minutes.onsite,
        offsite=minutes.offsite,
        offset=minutes.offset,
        shortfall=minutes.shortfall,
        lectures=lectures,
        offpeak_lectures=offpeak_lectures,
        risk_screenings=risk_screenings,
        onsite_work=minutes.onsite_work,
        offsite_work=minutes.offsite_work,
        doubtful=minutes.doubtful,
        doubtful_work=minutes.doubtful_work,
        rule=rule,
    )


def _pieces(quota: Quota) -> Pieces:
    return Pieces(
        first=quota.first,
        last=quota.last,
        required=quota.required,
        done=quota.done,
        shortfall=quota.shortfall,
        work=quota.work,
    )
