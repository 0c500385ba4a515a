"""Facts `duty` and `quota`: what advisers owed their villages and did, from stints and visits.

The arithmetic is that of `domain.scoring.duty`; here facts are put in and taken out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypedDict

from domain.scoring.basis import Rules, duty_rules_on, instant
from domain.scoring.duty import (
    AdviserDuty,
    LoggedWork,
    MinutesOfAdviser,
    Quota,
    QuotaKind,
    day_of_request,
    duty_position,
)
from domain.scoring.shapes import (
    AppointmentFact,
    DeedFact,
    DutyFact,
    InspectionFact,
    QuotaFact,
    VisitFact,
)
from domain.worktime.calendar import ONE_DAY, Days, months_after

SERVICE_OF: Final[Mapping[QuotaKind, str]] = {
    "lecture": "lecture",
    "offpeak_lecture": "lecture",
    "risk_screening": "dispute_screening",
}
"""What is owed in pieces. All else counts within its month only."""


class _Stint(NamedTuple):
    division: str
    adviser: str
    first: date
    last: date
    stream: str
    positions: list[int]

    def touches(self, days: Days) -> bool:
        return self.first <= days.last and self.last >= days.first


class _Entry(NamedTuple):
    """A work-log entry again, from the visits it was taken apart into."""

    day: date
    work: LoggedWork
    advisers: frozenset[str]
    off_peak: bool
    late: bool
    stream: str
    positions: list[int]

    def is_a(self, kind: QuotaKind) -> bool:
        return (
            not self.work.of_request
            and self.work.service == SERVICE_OF[kind]
            and (kind != "offpeak_lecture" or self.off_peak)
        )


class _Village(NamedTuple):
    stints: list[_Stint]
    entries: list[_Entry]


def months_of(rules: Rules) -> list[str]:
    """The months of the period that have begun at the cut-off."""
    until = min(rules.last, rules.calendar.local_day(rules.at))
    month, months = rules.first.replace(day=1), []
    while month <= until:
        months.append(f"{month:%Y-%m}")
        month = months_after(month, 1)
    return months


def duties(
    stints: Iterable[AppointmentFact],
    visits: Iterable[VisitFact],
    rules: Rules,
    months: Sequence[str],
    deeds: Sequence[DeedFact] = (),
) -> Iterator[DutyFact | QuotaFact]:
    """Yield the facts `duty` and `quota`.

    `stints` are facts `appointment`; `visits` reach back to the first day of the year; `deeds` are
    needed where the rules let requests count. The rules in force on the first day of a month judge
    it. Villages are independent: any part of them may be
    given, if it is given whole.
    """
    villages: defaultdict[str, _Village] = defaultdict(lambda: _Village([], []))
    for one in stints:
        if one["standing"] == "counts":
            villages[one["village"]].stints.append(_stint(one))
    own = list(visits)
    for entry in (*_entries(own), *_given(deeds, own, rules)):
        villages[entry.work.village].entries.append(entry)
    for code, village in sorted(villages.items()):
        village.stints.sort()
        village.entries.sort(key=lambda one: one.positions)
        yield from _of_village(code, village, rules, months)


def _stint(fact: AppointmentFact) -> _Stint:
    return _Stint(
        fact["village"],
        fact["adviser"],
        date.fromisoformat(fact["first"]),
        date.fromisoformat(fact["last"]),
        fact["stream"],
        fact["positions"],
    )


def _entries(visits: Iterable[VisitFact]) -> Iterator[_Entry]:
    shares: defaultdict[str, list[VisitFact]] = defaultdict(list)
    for visit in visits:
        if visit["standing"] == "counts":
            shares[visit["stream"]].append(visit)
    for some in shares.values():
        one = some[0]
        mode: Any = one["mode"]
        work = LoggedWork(
            village=one["village"],
            started_at=instant(one["began_at"]),
            service=one["service"],
            mode=mode,
            parts=tuple(MinutesOfAdviser(share["adviser"], share["minutes"]) for share in some),
            verified=one["verified"],
        )
        yield _Entry(
            date.fromisoformat(one["day"]),
            work,
            frozenset(share["adviser"] for share in some),
            one["off_peak"],
            one["late_steps"] > 0,
            one["stream"],
            one["positions"],
        )


def _given(
    deeds: Iterable[DeedFact], visits: Iterable[VisitFact], rules: Rules
) -> Iterator[_Entry]:
    """Yield the minutes given to requests that count, where no work log of the same adviser tells
    them."""
    told = {(one["request"], one["adviser"]) for one in visits if one["standing"] == "counts"}
    for deed in deeds:
        adviser, day = deed["adviser"], date.fromisoformat(deed["day"])
        if adviser is None or deed["standing"] == "voided" or (deed["stream"], adviser) in told:
            continue
        if not deed["minutes"] or not _requests_count(rules, deed["division"], day):
            continue
        work = LoggedWork(
            village=deed["division"],
            started_at=day_of_request(day, rules.calendar),
            service=deed["service"],
            mode="onsite" if deed["onsite"] else "phone",
            parts=(MinutesOfAdviser(adviser, deed["minutes"]),),
            of_request=True,
        )
        advisers = frozenset((adviser,))
        yield _Entry(
            day=day,
            work=work,
            advisers=advisers,
            off_peak=False,
            late=deed["late"],
            stream=deed["stream"],
            positions=deed["positions"],
        )


def _requests_count(rules: Rules, village: str, day: date) -> bool:
    return duty_rules_on(rules, village, day.replace(day=1)).requests_count


def _of_village(
    code: str, village: _Village, rules: Rules, months: Sequence[str]
) -> Iterator[DutyFact | QuotaFact]:
    until = rules.calendar.local_day(rules.at)
    quotas: dict[tuple[str, QuotaKind, date], Quota] = {}
    for month in sorted(months):
        first = date.fromisoformat(f"{month}-01")
        days = Days(first, months_after(first, 1) - ONE_DAY)
        year = first.replace(month=1, day=1)
        in_month = [one for one in village.entries if days.first <= one.day <= days.last]
        pieces = [
            one
            for one in village.entries
            if year <= one.day < first and one.work.service in SERVICE_OF.values()
        ]
        work = [one.work for one in (*pieces, *in_month)]
        of_month = duty_rules_on(rules, code, first)
        for duty in duty_position(of_month, village.stints, work, first, rules.calendar):
            for one in duty.advisers:
                own = _own(village, one.adviser, days)
                yield _duty(code, own, one, days, running=days.last > until)
                for quota in one.quotas:
                    quotas[one.adviser, quota.kind, quota.first] = quota
    if months:
        reached = min(until, days.last)
        for (adviser, kind, _), quota in quotas.items():
            span = Days(quota.first, min(quota.last, reached))
            own = _own(village, adviser, span, kind)
            if own.stints or own.entries:
                yield _quota(code, own, adviser, quota, running=quota.last > reached)


def _own(village: _Village, adviser: str, days: Days, kind: QuotaKind | None = None) -> _Village:
    """Select the adviser's share of these days; of a kind only the pieces."""
    return _Village(
        [one for one in village.stints if one.adviser == adviser and one.touches(days)],
        [
            one
            for one in village.entries
            if adviser in one.advisers
            and days.first <= one.day <= days.last
            and (kind is None or one.is_a(kind))
        ],
    )


class _MadeOf(TypedDict):
    stream: str
    positions: list[int]


def _made_of(own: _Village) -> _MadeOf:
    parts: list[_Stint | _Entry] = [*own.stints, *own.entries]
    return {
        "stream": parts[0].stream,
        "positions": sorted({at for one in parts for at in one.positions}),
    }


def _duty(code: str, own: _Village, duty: AdviserDuty, month: Days, *, running: bool) -> DutyFact:
    minutes = duty.minutes
    owed = {quota.kind: quota for quota in duty.quotas}
    lectures, offpeak = owed["lecture"], owed["offpeak_lecture"]
    screenings = owed["risk_screening"]
    return {
        "fact": "duty",
        **_made_of(own),
        "standing": "not_appointed" if not duty.days else "running" if running else "counts",
        "village": code,
        "adviser": duty.adviser,
        "month": f"{month.first:%Y-%m}",
        "day": month.first.isoformat(),
        "days": duty.days,
        "required_minutes": minutes.required,
        "onsite_minutes": minutes.onsite,
        "offsite_minutes": minutes.offsite,
        "offset_minutes": minutes.offset,
        "shortfall_minutes": minutes.shortfall,
        "fulfilled": minutes.shortfall == 0,
        "lectures_required": lectures.required,
        "lectures_done": lectures.done,
        "offpeak_lectures_required": offpeak.required,
        "offpeak_lectures_done": offpeak.done,
        "screenings_required": screenings.required,
        "screenings_done": screenings.done,
        "late_entries": _late(own),
    }


def _quota(code: str, own: _Village, adviser: str, quota: Quota, *, running: bool) -> QuotaFact:
    return {
        "fact": "quota",
        **_made_of(own),
        "standing": "not_appointed" if not own.stints else "running" if running else "counts",
        "village": code,
        "adviser": adviser,
        "quota": quota.kind,
        "day": quota.first.isoformat(),
        "last": quota.last.isoformat(),
        "required": quota.required,
        "done": quota.done,
        "shortfall": quota.shortfall,
        "fulfilled": quota.shortfall == 0,
        "late_entries": _late(own),
    }


def _late(own: _Village) -> int:
    return sum(one.late for one in own.entries)


def attributed(
    inspections: Iterable[InspectionFact], stints: Iterable[AppointmentFact]
) -> Iterator[InspectionFact]:
    """The inspections with the adviser who served the village or community that day; of a town or
    district nobody."""
    held: defaultdict[str, list[AppointmentFact]] = defaultdict(list)
    for stint in stints:
        if stint["standing"] == "counts":
            held[stint["village"]].append(stint)
    for fact in inspections:
        serving = [
            one["adviser"]
            for one in held.get(fact["division"], ())
            if one["first"] <= fact["day"] <= one["last"]
        ]
        yield {**fact, "adviser": serving[0] if serving else None}
