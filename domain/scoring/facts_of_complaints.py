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
        "late",
        "named",
        "paused",
        "people",
        "positions",
        "promises",
        "received",
        "registered",
        "rounds",
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
        self.registered = self.voided = self.paused = self.accepted = False
        self.handled_as = "complaint"
        self.rounds = 1
        self.promises: dict[str, datetime] = {}
        """What runs: name → due."""
        self.set_aside: dict[str, datetime] = {}
        """What ran when it was made a consultation."""
        self.kept: dict[str, bool] = {}
        """Name → whether every promise of that name, in every round, was kept in time."""
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
            if one["name"] in TO_THE_PERSON:
                self.promises[one["name"]] = instant(one["due"])

    def keep(self, at: datetime, *names: str) -> None:
        for name in names:
            if name in self.promises:
                self.judge(name, in_time=at <= self.promises.pop(name))

    def stop(self, at: datetime) -> None:
        """Cancel the promises; one that is past its deadline is broken."""
        for name, due in {**self.promises, **self.set_aside}.items():
            if at > due and not self.paused:
                self.judge(name, in_time=False)
        self.promises, self.set_aside = {}, {}

    def judge(self, name: str, *, in_time: bool) -> None:
        self.kept[name] = self.kept.get(name, True) and in_time

    def begin_round(self, data: Data) -> None:
        self.rounds += 1
        self.satisfied = None
        self.promise(data)

    def overdue(self, at: datetime) -> bool:
        if self.paused or self.voided:
            return False
        return any(due < at for due in self.promises.values())

    def on_time(self, at: datetime) -> bool | None:
        if self.overdue(at) or not all(self.kept.values()):
            return False
        return True if self.kept else None

    def standing(self) -> ComplaintStanding:
        reasons: dict[ComplaintStanding, bool] = {
            "voided": self.voided,
            "noted": not self.registered,
            "consultation": self.handled_as == "consultation",
            "duplicate": bool(self.same_matter),
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
            "standing": self.standing(),
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


def _acknowledged(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.keep(instant(data["at"]), "acknowledge")


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


def _answered(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.keep(instant(data["at"]), *TO_THE_PERSON)
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


def _withdrawn(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.stop(instant(data["at"]))
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


def _review_decided(one: GrievanceFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
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
    "review_asked": _status("review_asked"),
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
