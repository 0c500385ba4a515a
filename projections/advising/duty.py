"""Duties of advisers to villages and work done, month by month, by `domain.scoring.duty`.

The rules are those in force on the first day of each month, as known at the position.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
from msgspec import Struct
from msgspec.structs import replace

from domain.registers.policy import duty_rules
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
from projections.advising import appointments, doubts, worklogs
from projections.asking import rules
from projections.asking.answering import Answering, answer, answer_async
from projections.asking.asking import Query, standing_at
from projections.asking.minutes import minutes as minutes_once
from projections.asking.rules import RulesKnown
from projections.requests import journal

NAME: Final = "duty"
VERSION: Final = 2
STANDS_ON: Final = worklogs.NAME
VIEWS: Final = (worklogs.NAME, appointments.NAME, journal.NAME)
"""What it is read from."""
DISTRICT_DIGITS: Final = 6


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


class _Given(Struct, frozen=True, kw_only=True):
    """Minutes given to a request that no work log tells."""

    request: UUID
    division: str
    day: date
    service: Service
    onsite: bool
    adviser: str
    minutes: int

    def work(self, calendar: Calendar) -> LoggedWork:
        return LoggedWork(
            village=self.division,
            started_at=day_of_request(self.day, calendar),
            service=self.service,
            mode="onsite" if self.onsite else "phone",
            parts=(MinutesOfAdviser(self.adviser, self.minutes),),
            of_request=True,
            stream=self.request,
        )


def _given(division: str, first: date, last: date, position: int) -> Query[_Given]:
    """Query them of requests made on these days at points of the division (a prefix)."""
    days = "{}.day BETWEEN %(first)s AND %(last)s"
    sql = f"""
        WITH {minutes_once(days.format("d"), days.format("w"))}
        SELECT j.request, j.division, j.day, j.service, g.onsite, g.by_adviser AS adviser, g.minutes
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


def _position(division: str, period: str, position: int) -> Answering[list[DutyRow]]:
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
    stints = [stint for one in held for stint in one.stints]
    if not stints and not entries and not given:
        return []
    known = rules.known(published)
    open_doubts = {one.stream: one.doubts for one in doubtful}
    work = [replace(one.work, doubts=open_doubts.get(one.stream, ())) for one in entries]
    work += [one.work(known.calendar) for one in given]
    rows = [
        row
        for month in months_of(period)
        for duty in _duties(known, stints, work, month)
        for row in _rows(duty)
    ]
    return sorted(rows, key=lambda row: (row.village, row.month))


def months_of(period: str) -> tuple[date, ...]:
    """The first days of its months."""
    days = days_of(period)
    number = MONTHS_OF_QUARTER if is_quarter(period) else 1
    return tuple(months_after(days.first, months) for months in range(number))


def _duties(
    known: RulesKnown, stints: Sequence[Stint], work: Sequence[LoggedWork], month: date
) -> Iterator[VillageDuty]:
    """District by district, since each may have rules of its own."""
    held = _by_district((one.division, one) for one in stints)
    done = _by_district((one.village, one) for one in work)
    for district in held.keys() | done.keys():
        of_month = duty_rules(known.policies, district, month)
        yield from duty_position(of_month, held[district], done[district], month, known.calendar)


def _by_district(some: Iterable[tuple[str, Any]]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for division, one in some:
        found[division[:DISTRICT_DIGITS]].append(one)
    return found


def _rows(duty: VillageDuty) -> Iterator[DutyRow]:
    served = (period_of("month", duty.month).last - duty.month).days + 1
    yield _row(duty, None, duty, served - duty.days_without_adviser)
    for one in duty.advisers:
        yield _row(duty, one.adviser, one, one.days)


def _row(
    village: VillageDuty, adviser: str | None, of: VillageDuty | AdviserDuty, days: int
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
