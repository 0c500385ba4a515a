"""Fact `appointment`: who advised which village from when to when, with group, board, absences."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from domain.scoring.basis import Data, Entry, Fact, Rules, TopicHandler, instant
from domain.worktime.calendar import ONE_DAY

KIND: Final = "appointment"


class StintFacts:
    """The days one adviser serves one village without a break, both included."""

    __slots__ = (
        "adviser",
        "began",
        "begun_by",
        "ended_by",
        "firm",
        "first",
        "ground",
        "last",
        "positions",
        "signed_on",
        "team",
        "term",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, begun_by: str, term: int) -> None:
        self.positions: list[int] = [entry["position"]]
        self.adviser: str = data["adviser"]
        self.firm: str = data["firm"]
        self.team: str | None = data.get("team")
        self.term = term
        self.begun_by = begun_by
        self.began = True
        self.signed_on: date | None = None
        self.first: date
        self.last: date
        self.ended_by = "term"
        self.ground: str | None = None

    def end(self, entry: Entry, day: date, ended_by: str, ground: str | None) -> None:
        """End the stint before `day`; it never began if `day` is not after its first."""
        self.positions.append(entry["position"])
        self.began = self.first < day
        if self.began:
            self.last = day - ONE_DAY
        self.ended_by, self.ground = ended_by, ground

    def covers(self, adviser: str, day: date) -> bool:
        return self.began and self.adviser == adviser and self.first <= day <= self.last


class VillageFacts:
    """The appointments of one division as far as they are told."""

    __slots__ = (
        "absences", "displays", "division", "ends", "groups", "positions", "presence", "refusals",
        "stints", "stream",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, _rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
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

    def serving(self, adviser: str, since: date) -> Iterator[StintFacts]:
        """List the stints that still have days from that day on."""
        for stint in self.stints:
            if stint.began and stint.adviser == adviser and stint.last >= since:
                yield stint

    def note(self, entry: Entry, adviser: str, day: date) -> None:
        for stint in self.stints:
            if stint.covers(adviser, day):
                stint.positions.append(entry["position"])

    def facts(self, rules: Rules) -> Iterable[Fact]:
        until = min(rules.last, rules.calendar.local_day(rules.at))
        for one in self.stints:
            first, last = max(one.first, rules.first), min(one.last, until)
            if not one.began:
                last = first - ONE_DAY
            missed, refused = (
                sum(who == one.adviser and first <= day <= last for who, day in some)
                for some in (self.absences, self.refusals)
            )
            yield {
                "fact": KIND,
                "stream": self.stream,
                "positions": sorted({*one.positions, *self.presence}),
                "standing": "counts" if one.began else "never_began",
                "village": self.division,
                "adviser": one.adviser,
                "firm": one.firm,
                "team": one.team,
                "term": one.term,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "begun_by": one.begun_by,
                "contract_signed": one.signed_on is not None,
                "signed_on": one.signed_on and one.signed_on.isoformat(),
                "ended_by": one.ended_by,
                "ground": one.ground,
                "days": _days(first, last),
                "group_days": _days_with(self.groups, first, last),
                "display_days": _days_with(self.displays, first, last),
                "absences": missed,
                "refusals": refused,
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


def _begun(village: VillageFacts, entry: Entry, data: Data, rules: Rules, how: str) -> None:
    stint = StintFacts(entry, data, how, data["term"])
    stint.signed_on = rules.calendar.local_day(instant(entry["occurred_at"]))
    stint.first = date.fromisoformat(data["starts_on"])
    stint.last = date.fromisoformat(data["ends_on"])
    village.stints.append(stint)
    village.ends.append(stint.last)


def _replaced(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    """The successor takes what is left of this term and the later terms of the former one."""
    day = date.fromisoformat(data["effective_on"])
    if data.get("former") is None:
        stint = StintFacts(entry, data, "replaced", len(village.ends))
        stint.first, stint.last = day, village.ends[-1]
        village.stints.append(stint)
        return
    for former in list(village.serving(data["former"], day)):
        stint = StintFacts(entry, data, "replaced", former.term)
        stint.first, stint.last = max(day, former.first), former.last
        former.end(entry, day, "replaced", None)
        village.stints.append(stint)


def _dismissed(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    _ended(village, entry, data, "dismissed", data["ground"])


def _term_ended(village: VillageFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    _ended(village, entry, data, "ended", None)


def _ended(village: VillageFacts, entry: Entry, data: Data, how: str, ground: str | None) -> None:
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
