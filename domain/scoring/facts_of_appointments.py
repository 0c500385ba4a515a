"""Fact `appointment`: who advised which village from when to when, with group, board, absences."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from domain.registers.stint import Stint
from domain.scoring.basis import Rules, TopicHandler, instant
from domain.scoring.shapes import AppointmentFact, Data, Entry, StintBeginning, StintEnding
from domain.worktime.calendar import ONE_DAY

KIND: Final = "appointment"


class StintFacts:
    """A stint with what its events say beside its days."""

    __slots__ = ("began", "begun_by", "ended_by", "ground", "positions", "served", "signed_on")

    def __init__(self, entry: Entry, served: Stint, begun_by: StintBeginning) -> None:
        self.positions: list[int] = [entry["position"]]
        self.served = served
        """Of one that never began: the days as they were agreed."""
        self.begun_by = begun_by
        self.began = True
        self.signed_on: date | None = None
        self.ended_by: StintEnding = "term"
        self.ground: str | None = None

    def end(self, entry: Entry, day: date, ended_by: StintEnding, ground: str | None) -> None:
        """End the stint before `day`; it never began if `day` is not after its first."""
        self.positions.append(entry["position"])
        served = self.served.before(day)
        self.began = served is not None
        self.served = served or self.served
        self.ended_by, self.ground = ended_by, ground

    def reaches(self, adviser: str, day: date) -> bool:
        return self.began and self.served.reaches(adviser, day)

    def covers(self, adviser: str, day: date) -> bool:
        return self.began and self.served.adviser == adviser and self.served.covers(day)


class VillageFacts:
    """The appointments of one division as far as they are told."""

    __slots__ = (
        "absences", "displays", "division", "ends", "groups", "late_at", "positions", "presence",
        "refusals", "stints", "stream",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, _rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.division: str = data["division"]
        self.stints: list[StintFacts] = []
        self.ends: list[date] = []
        """The last day of each term, as it was signed."""
        self.absences: list[tuple[str, date]] = []
        self.refusals: list[tuple[str, date]] = []
        self.groups: list[tuple[date, date | None]] = []
        self.displays: list[tuple[date, date | None]] = []
        """From the first day to the day before the second."""
        self.presence: list[int] = []
        """Positions of what was told of group and board."""

    def serving(self, adviser: str, since: date) -> list[StintFacts]:
        """List the stints that still have days from that day on."""
        return [stint for stint in self.stints if stint.reaches(adviser, since)]

    def note(self, entry: Entry, adviser: str, day: date) -> None:
        for stint in self.stints:
            if stint.covers(adviser, day):
                stint.positions.append(entry["position"])

    def facts(self, rules: Rules) -> Iterable[AppointmentFact]:
        until = min(rules.last, rules.calendar.local_day(rules.at))
        for one in self.stints:
            served = one.served
            first, last = max(served.first, rules.first), min(served.last, until)
            if not one.began:
                last = first - ONE_DAY
            missed, refused = (
                sum(who == served.adviser and first <= day <= last for who, day in some)
                for some in (self.absences, self.refusals)
            )
            positions = sorted({*one.positions, *self.presence})
            yield {
                "fact": KIND,
                "stream": self.stream,
                "positions": positions,
                "standing": "counts" if one.began else "never_began",
                "village": self.division,
                "adviser": served.adviser,
                "firm": served.firm,
                "team": served.team,
                "term": served.term,
                "first": served.first.isoformat(),
                "last": served.last.isoformat(),
                "begun_by": one.begun_by,
                "contract_signed": one.signed_on is not None,
                "signed_on": one.signed_on.isoformat() if one.signed_on else None,
                "ended_by": one.ended_by,
                "ground": one.ground,
                "days": _days(first, last),
                "group_days": _days_with(self.groups, first, last),
                "display_days": _days_with(self.displays, first, last),
                "absences": missed,
                "refusals": refused,
                "late_steps": sum(at in self.late_at for at in positions),
            }


def _days(first: date, last: date) -> int:
    return max(0, (last - first).days + 1)


def _days_with(spans: Iterable[tuple[date, date | None]], first: date, last: date) -> int:
    """Days on which any of the spans runs, each once."""
    counted, days = first, 0
    for since, until in sorted(spans, key=lambda span: span[0]):
        begins = max(since, counted)
        ends = last if until is None else min(last, until - ONE_DAY)
        if begins <= ends:
            days += _days(begins, ends)
            counted = ends + ONE_DAY
    return days


# --- what each event does


def _signed(village: VillageFacts, entry: Entry, data: Data, rules: Rules) -> None:
    _begun(village, entry, data, rules, "signed")


def _renewed(village: VillageFacts, entry: Entry, data: Data, rules: Rules) -> None:
    _begun(village, entry, data, rules, "renewed")


def _begun(
    village: VillageFacts, entry: Entry, data: Data, rules: Rules, how: StintBeginning
) -> None:
    first, last = date.fromisoformat(data["starts_on"]), date.fromisoformat(data["ends_on"])
    served = Stint(village.division, data["term"], *_who(data), first, last)
    stint = StintFacts(entry, served, how)
    stint.signed_on = rules.calendar.local_day(instant(entry["occurred_at"]))
    village.stints.append(stint)
    village.ends.append(last)


def _who(data: Data) -> tuple[str, str, str | None]:
    return data["adviser"], data["firm"], data.get("team")


def _replaced(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    """The successor takes what is left of this term and the later terms of the former one."""
    day = date.fromisoformat(data["effective_on"])
    if data.get("former") is None:
        term, last = len(village.ends), village.ends[-1]
        served = Stint(village.division, term, *_who(data), day, last)
        village.stints.append(StintFacts(entry, served, "replaced"))
        return
    for former in village.serving(data["former"], day):
        successor = former.served.taken_over(day, *_who(data))
        former.end(entry, day, "replaced", None)
        village.stints.append(StintFacts(entry, successor, "replaced"))


def _dismissed(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    _ended(village, entry, data, "dismissed", data["ground"])


def _term_ended(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    _ended(village, entry, data, "ended", None)


def _ended(
    village: VillageFacts, entry: Entry, data: Data, how: StintEnding, ground: str | None
) -> None:
    day = date.fromisoformat(data["effective_on"])
    for stint in village.serving(data["adviser"], day):
        stint.end(entry, day, how, ground)


def _absent(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    missed = data["adviser"], date.fromisoformat(data["day"])
    village.absences.append(missed)
    village.note(entry, *missed)


def _excused(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    missed = data["adviser"], date.fromisoformat(data["day"])
    village.absences = [one for one in village.absences if one != missed]
    village.note(entry, *missed)


def _refused(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    refused = data["adviser"], date.fromisoformat(data["day"])
    village.refusals.append(refused)
    village.note(entry, *refused)


def _group_created(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    village.groups.append((date.fromisoformat(data["day"]), None))
    village.presence.append(entry["position"])


def _group_dissolved(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    village.groups[-1] = village.groups[-1][0], date.fromisoformat(data["day"])
    village.presence.append(entry["position"])


def _posted(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    village.displays.append((date.fromisoformat(data["day"]), None))
    village.presence.append(entry["position"])


def _removed(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    village.displays[-1] = village.displays[-1][0], date.fromisoformat(data["day"])
    village.presence.append(entry["position"])


_CHANGES: Final[dict[str, Any]] = {
    "coordination_recorded": None,
    "village_chose": None,
    "firm_accepted": None,
    "firm_declined": None,
    "selection_cancelled": None,
    "contract_signed": _signed,
    "term_renewed": _renewed,
    "adviser_replaced": _replaced,
    "adviser_dismissed": _dismissed,
    "term_ended": _term_ended,
    "absence_noted": _absent,
    "absence_excused": _excused,
    "arrangement_refused": _refused,
    "wechat_group_created": _group_created,
    "wechat_group_dissolved": _group_dissolved,
    "display_posted": _posted,
    "display_removed": _removed,
    "provider_unlinked": None,
}
TOPICS: Final[dict[str, TopicHandler]] = {
    "appointment.adviser_nominated/1": TopicHandler(KIND, begin=VillageFacts),
    "appointment.provider_linked/1": TopicHandler(KIND, begin=VillageFacts),
    **{
        f"appointment.{fact}/1": TopicHandler(KIND, change=change)
        for fact, change in _CHANGES.items()
    },
}
