"""Fact `complaint`: what a complaint came to, and whether its promises were kept."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, cast

from domain.scoring.basis import (
    Rules,
    TopicHandler,
    calendar_named,
    instant,
    local_day,
    on_record,
)
from domain.scoring.shapes import (
    ComplaintCounts,
    ComplaintFact,
    ComplaintStanding,
    ComplaintStatus,
    Data,
    Entry,
)
from domain.vocabulary import CHINA

KIND: Final = "complaint"
TO_THE_PERSON: Final = ("acknowledge", "answer")
"""Promises to the person are judged here, those between units are not."""
REVIEW: Final = "review"
"""Judged beside them."""
COUNTED: Final = tuple(ComplaintCounts.__annotations__)


class GrievanceFacts:
    """A complaint, or a dissatisfaction noted, as far as it is told."""

    __slots__ = (
        "about",
        "accepted",
        "answer",
        "counts",
        "day",
        "decline_ground",
        "firm",
        "handled_as",
        "kept",
        "kept_on_record",
        "late",
        "late_at",
        "missed",
        "named",
        "paused",
        "people",
        "positions",
        "promises",
        "received",
        "registered",
        "review_due",
        "rounds",
        "running",
        "same_matter",
        "satisfied",
        "set_aside",
        "status",
        "stream",
        "team",
        "voided",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.missed: dict[tuple[str, int], datetime] = {}
        """Recorded as missed: name and round → due."""
        self.registered = self.voided = self.paused = self.accepted = False
        self.handled_as = "complaint"
        self.rounds = 1
        self.promises: dict[str, datetime] = {}
        """What runs: name → due."""
        self.set_aside: dict[str, datetime] = {}
        """What ran when it was made a consultation."""
        self.running: dict[str, Data] = {}
        """The promise of each name that was given last."""
        self.kept: dict[str, bool] = {}
        """Name → whether every promise of that name, in every round, was kept in time."""
        self.kept_on_record: dict[str, bool] = {}
        """The same by when it was on record; what had been recorded as missed was not kept."""
        self.review_due: datetime | None = None
        self.same_matter: list[str] = []
        self.answer: Data = {}
        self.satisfied: bool | None = None
        self.decline_ground: str | None = None
        self.counts: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self.status: ComplaintStatus = "noted"
        self.receive(data, rules)

    def receive(self, data: Data, rules: Rules) -> None:
        self.received = data
        self.about = self.named = data["grievance"]
        self.people: int = self.about.get("people", 1)
        self.firm: str | None = data.get("firm")
        self.team: str | None = data.get("team")
        calendar = calendar_named(data.get("calendar"), rules)
        day = local_day(instant(data["at"]), calendar, data.get("zone", CHINA))
        self.day: str = day.isoformat()
        self.late = "late_reason" in data
        self.promise(data)

    def promise(self, data: Data) -> None:
        for one in data.get("promises", ()):
            self.running[one["name"]] = one
            if one["name"] in TO_THE_PERSON:
                self.promises[one["name"]] = instant(one["due"])
            elif one["name"] == REVIEW:
                self.review_due = instant(one["due"])

    def keep(self, at: datetime, entry: Entry, *names: str) -> None:
        for name in names:
            if name in self.promises:
                self.judge(name, self.promises.pop(name), at, entry)

    def reviewed(self, at: datetime, entry: Entry) -> None:
        if self.review_due is not None:
            self.judge(REVIEW, self.review_due, at, entry)
        self.review_due = None

    def stop(self, at: datetime, entry: Entry) -> None:
        """Cancel the promises; one that is past its deadline is broken."""
        for name, due in {**self.promises, **self.set_aside}.items():
            if self.paused:
                continue
            if at > due:
                self.kept[name] = False
            if on_record(entry) > due or self.was_missed(name):
                self.kept_on_record[name] = False
        self.promises, self.set_aside, self.review_due = {}, {}, None

    def judge(self, name: str, due: datetime, at: datetime, entry: Entry) -> None:
        known_in_time = on_record(entry) <= due and not self.was_missed(name)
        self.kept[name] = self.kept.get(name, True) and at <= due
        self.kept_on_record[name] = self.kept_on_record.get(name, True) and known_in_time

    def was_missed(self, name: str) -> bool:
        """Return whether the promise of that name that runs was recorded as missed."""
        promise = self.running[name]
        due = self.missed.get((name, promise.get("round", 1)))
        # A name is promised again in one round where it fell away before.
        return due is not None and due >= instant(promise["started_at"])

    def begin_round(self, data: Data) -> None:
        self.rounds += 1
        self.satisfied = None
        self.promise(data)

    def overdue(self, at: datetime) -> bool:
        if self.paused or self.voided:
            return False
        return any(due < at for due in self.promises.values())

    def on_time(self, at: datetime) -> bool | None:
        return self._on_time(at, self.kept)

    def on_time_on_record(self, at: datetime) -> bool | None:
        if any(name in TO_THE_PERSON for name, _ in self.missed):
            return False
        return self._on_time(at, self.kept_on_record)

    def _on_time(self, at: datetime, kept: dict[str, bool]) -> bool | None:
        to_the_person = [kept[name] for name in TO_THE_PERSON if name in kept]
        if self.overdue(at) or not all(to_the_person):
            return False
        return True if to_the_person else None

    def standing(self, *, repeats: bool) -> ComplaintStanding:
        reasons: dict[ComplaintStanding, bool] = {
            "voided": self.voided,
            "noted": not self.registered,
            "consultation": self.handled_as == "consultation",
            "duplicate": repeats,
            "withdrawn": self.status == "withdrawn",
            "declined": self.status == "declined",
        }
        return next((reason for reason, applies in reasons.items() if applies), "counts")

    def facts(self, rules: Rules) -> Iterable[ComplaintFact]:
        about, named, answer = self.about, self.named, self.answer
        if "point" not in about:
            # Of a city organ: nobody who is evaluated here.
            return
        yield {
            "fact": KIND,
            "stream": self.stream,
            "positions": self.positions,
            "standing": self.standing(repeats=bool(self.same_matter)),
            "point": about["point"],
            "division": self.received["division"],
            "adviser": named.get("adviser"),
            "firm": self.firm,
            "team": self.team,
            "account": named.get("account"),
            "channel": about["channel"],
            "service": about.get("service", "other"),
            "concern": about.get("concern", "other"),
            "aspects": list(about.get("aspects", ())),
            "day": self.day,
            "late": self.late,
            "late_steps": len(self.late_at),
            "linked_to": self.same_matter,
            "standing_in_group": self.standing(repeats=self.stream in rules.repeats),
            "anonymous": "complainant" not in about and "person" not in about,
            "people": self.people,
            "registered": self.registered,
            "handled_as": self.handled_as,
            "status": self.status,
            "accepted": self.accepted,
            "declined": self.status == "declined",
            "decline_ground": self.decline_ground,
            "outcome": answer.get("outcome"),
            "justified": answer.get("justified"),
            "resolved": answer.get("resolved"),
            "satisfied": self.satisfied,
            "acknowledged_in_time": self.kept.get("acknowledge"),
            "answered_in_time": self.kept.get("answer"),
            "on_time": self.on_time(rules.at),
            "acknowledged_in_time_on_record": self.kept_on_record.get("acknowledge"),
            "answered_in_time_on_record": self.kept_on_record.get("answer"),
            "on_time_on_record": self.on_time_on_record(rules.at),
            "reviewed_in_time": self.kept.get(REVIEW),
            "reviewed_in_time_on_record": self.kept_on_record.get(REVIEW),
            "missed": bool(self.missed),
            "overdue": self.overdue(rules.at),
            "rounds": self.rounds,
            **cast("ComplaintCounts", self.counts),
        }


# --- what each event does


def _registered(one: GrievanceFacts, _entry: Entry, data: Data, rules: Rules) -> None:
    one.receive(data, rules)
    one.registered = True
    one.status = "registered"


def _status(status: ComplaintStatus) -> Callable[[GrievanceFacts, Entry, Data, Rules], None]:
    def change(one: GrievanceFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
        one.status = status

    return change


def _acknowledged(one: GrievanceFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    one.keep(instant(data["at"]), entry, "acknowledge")


def _accepted(one: GrievanceFacts, entry: Entry, data: Data, rules: Rules) -> None:
    _acknowledged(one, entry, data, rules)
    one.promise(data)
    one.status, one.accepted = "handling", True


def _declined(one: GrievanceFacts, entry: Entry, data: Data, rules: Rules) -> None:
    _acknowledged(one, entry, data, rules)
    one.status, one.decline_ground = "declined", data["ground"]
    if "same_as" in data:
        one.same_matter.append(data["same_as"])


def _paused(one: GrievanceFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    one.paused = True


def _resumed(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.paused = False
    one.promise(data)


def _extended(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.counts["extended"] += 1
    one.promise(data)


def _answered(one: GrievanceFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    one.keep(instant(data["at"]), entry, *TO_THE_PERSON)
    one.status, one.answer = "answered", data


def _visited(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    if data["reached"]:
        one.satisfied = data.get("satisfied")


def _reworked(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.counts["reworked"] += 1
    one.begin_round(data)
    one.status = "handling"


def _reopened(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.counts["reopened"] += 1
    one.begin_round(data)
    one.status, one.decline_ground = "handling" if one.accepted else "registered", None


def _withdrawn(one: GrievanceFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    one.stop(instant(data["at"]), entry)
    one.status, one.handled_as, one.paused = "withdrawn", "complaint", False


def _reclassified(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.counts["reclassified"] += 1
    one.handled_as = data["to_kind"]
    if data["to_kind"] == "consultation":
        one.promises, one.set_aside = {}, one.promises
    else:
        one.promises, one.set_aside = {}, {}
        one.promise(data)


def _voided(one: GrievanceFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    one.voided = True


def _named(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.named, one.firm, one.team = data, data.get("firm"), data.get("team")


def _people_corrected(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.people = data["people"]


def _supervised(one: GrievanceFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    one.counts["supervised"] += 1


def _linked(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.same_matter.append(data["other"])


def _unlinked(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.same_matter = [other for other in one.same_matter if other != data["other"]]


def _promised(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.promise(data)


def _review_asked(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.status = "review_asked"
    one.promise(data)


def _review_decided(one: GrievanceFacts, entry: Entry, data: Data, _rules: Rules) -> None:
    one.reviewed(instant(data["at"]), entry)
    one.counts["reviews"] += 1
    one.counts["review_changed"] += data["decision"] != "upheld"
    one.status = "review_decided"
    if data["decision"] == "sent_back":
        one.begin_round(data)
        one.status = "handling"


_CHANGES: Final[dict[str, Any]] = {
    "dissatisfaction_settled": _status("settled"),
    "object_named": _named,
    "people_corrected": _people_corrected,
    "acknowledged": _acknowledged,
    "accepted": _accepted,
    "declined": _declined,
    "paused": _paused,
    "resumed": _resumed,
    "extended": _extended,
    "supervised": _supervised,
    "answered": _answered,
    "return_visit_made": _visited,
    "rework_ordered": _reworked,
    "closed": _status("closed"),
    "reopened": _reopened,
    "withdrawn": _withdrawn,
    "reclassified": _reclassified,
    "same_matter_linked": _linked,
    "same_matter_unlinked": _unlinked,
    "recused": None,
    "deadlines_recalculated": _promised,
    "voided": _voided,
    "assigned": None,
    "signed_for": None,
    "return_asked": None,
    "return_approved": None,
    "return_denied": None,
    "investigation_begun": None,
    "co_handler_asked": None,
    "co_handler_answered": None,
    "co_handler_released": None,
    "review_asked": _review_asked,
    "review_decided": _review_decided,
    "finalized": _status("final"),
}
TOPICS: Final[dict[str, TopicHandler]] = {
    "complaint.dissatisfaction_noted/1": TopicHandler(KIND, begin=GrievanceFacts),
    "complaint.registered/1": TopicHandler(KIND, begin=GrievanceFacts, change=_registered),
    **{
        f"complaint.{fact}/1": TopicHandler(KIND, change=change)
        for fact, change in _CHANGES.items()
    },
}
