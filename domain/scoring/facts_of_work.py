"""Facts `visit`, `inspection`, `rectification`: what advisers did, what others found."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

from domain.scoring.basis import (
    Rules,
    TopicHandler,
    calendar_named,
    duty_rules_on,
    instant,
    local_day,
    on_record,
)
from domain.scoring.duty import off_peak
from domain.scoring.shapes import (
    Data,
    Entry,
    Escalation,
    InspectionFact,
    RectificationFact,
    RectificationStatus,
    VisitFact,
)
from domain.vocabulary import CHINA

# --- work log


class WorkFacts:
    """A work-log entry as far as it is told."""

    __slots__ = (
        "confirmed", "corrected", "doubts", "evidence", "first", "late", "late_at", "positions",
        "standing", "stream", "verified", "wording",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, _rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.first = data
        self.wording = data
        self.evidence: dict[str, str] = {
            one["sha256"]: "waiting" for one in data.get("evidence", ())
        }
        self.standing: Literal["counts", "withdrawn", "returned"] = "counts"
        self.verified = False
        self.confirmed = False
        self.corrected = 0
        self.doubts: set[str] = set(data.get("doubts", ()))
        self.late = "late_reason" in data

    def facts(self, rules: Rules) -> Iterable[VisitFact]:
        wording = self.wording
        work, served, begins = wording["work"], wording["served"], instant(wording["started_at"])
        day = rules.calendar.local_day(begins)
        duty = duty_rules_on(rules, work["village"], day)
        kinds: list[str] = sorted(off_peak(duty, rules.calendar, begins))
        stored = [status == "stored" for status in self.evidence.values()]
        for number, one in enumerate(served):
            yield {
                "fact": "visit",
                "stream": self.stream,
                "positions": self.positions,
                "standing": self.standing,
                "village": work["village"],
                "adviser": one["adviser"],
                "firm": one["firm"],
                "team": one.get("team"),
                "capacity": work.get("capacity", "adviser"),
                "service": work["service"],
                "mode": work["mode"],
                "onsite": work["mode"] == "onsite",
                "began_at": begins.isoformat(),
                "day": day.isoformat(),
                "minutes": one["minutes"],
                "advisers": len(served),
                "first": number == 0,
                "off_peak": bool(kinds),
                "off_peak_kinds": kinds,
                "clients": sum(work.get("clients", {}).values()),
                "people_reached": work.get("people_reached", 0),
                "verified": self.verified,
                "confirmed": self.confirmed,
                "complete": bool(work.get("result")) and bool(stored) and all(stored),
                "signed_in": self.first.get("sign_in") is not None,
                "corrected": self.corrected,
                "late": self.late,
                "late_steps": len(self.late_at),
                "request": work.get("request"),
                "doubtful": bool(self.doubts),
                "doubts": sorted(self.doubts),
            }


def _corrected(work: WorkFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    work.wording, work.standing = data, "counts"
    work.verified = work.confirmed = False
    work.corrected += 1
    work.doubts = set(data.get("doubts", ()))
    work.late |= "late_reason" in data


def _cleared(work: WorkFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    work.doubts -= set(data["doubts"])


def _withdrawn(work: WorkFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    work.standing, work.verified = "withdrawn", False


def _attached(work: WorkFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    work.evidence[data["evidence"]["sha256"]] = "waiting"


def _stored(work: WorkFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    work.evidence[data["sha256"]] = "stored"


def _missing(work: WorkFacts, _entry: Entry, data: Data, _rules: Rules) -> None:
    work.evidence[data["sha256"]] = "missing"


def _confirmed(work: WorkFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    work.confirmed = True


def _verified(work: WorkFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    work.standing, work.verified = "counts", True


def _returned(work: WorkFacts, _entry: Entry, _data: Data, _rules: Rules) -> None:
    work.standing, work.verified = "returned", False


# --- inspections


class Inspected:
    """An inspection as far as it is told."""

    __slots__ = (
        "agreed", "answers", "confirmed", "corrected", "findings", "held", "late_at", "positions",
        "stream", "voided",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, _rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.held = data
        self.answers: dict[str, Any] = dict(data["answers"])
        self.findings = data.get("findings", ())
        self.confirmed = self.voided = False
        self.agreed: bool | None = None
        self.corrected = 0

    def facts(self, rules: Rules) -> Iterable[InspectionFact]:
        held, severities = self.held, [one["severity"] for one in self.findings]
        yield {
            "fact": "inspection",
            "stream": self.stream,
            "positions": self.positions,
            "standing": "voided" if self.voided else "counts",
            "inspection": held["kind"],
            "point": held.get("point"),
            "division": held["division"],
            "adviser": None,
            "period": held["period"],
            "day": rules.calendar.local_day(instant(held["held_at"])).isoformat(),
            "office": held["office"],
            "checklist": held["checklist"],
            "answers": self.answers,
            "findings_minor": severities.count("minor"),
            "findings_major": severities.count("major"),
            "findings_serious": severities.count("serious"),
            "confirmed": self.confirmed,
            "agreed": self.agreed,
            "corrected": self.corrected,
            "late": "late_reason" in held,
            "late_steps": len(self.late_at),
        }


def _inspection_corrected(one: Inspected, _entry: Entry, data: Data, _rules: Rules) -> None:
    for code in data.get("emptied", ()):
        del one.answers[code]
    one.answers.update(data["answers"])
    one.findings = data.get("findings", ())
    one.confirmed, one.agreed = False, None
    one.corrected += 1


def _inspection_confirmed(one: Inspected, _entry: Entry, data: Data, _rules: Rules) -> None:
    one.confirmed, one.agreed = True, data["agreed"]


def _inspection_voided(one: Inspected, _entry: Entry, _data: Data, _rules: Rules) -> None:
    one.voided = True


# --- rectifications


class Order:
    """A rectification as far as it is told."""

    __slots__ = (
        "answered", "due", "in_time", "in_time_on_record", "late_at", "missed", "ordered",
        "overdue", "overdue_on_record", "positions", "rounds", "status", "stream", "to",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, _rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.ordered = data
        self.status: RectificationStatus = "open"
        self.rounds = 1
        self.answered = self.overdue = self.overdue_on_record = False
        self.in_time: bool | None = None
        self.in_time_on_record: bool | None = None
        self.missed: dict[tuple[str, int], datetime] = {}
        """Recorded as missed: name and round → due."""
        self.to: Escalation | None = None
        self.promise(data)

    def promise(self, data: Data) -> None:
        promises = data.get("promises", ())
        self.due: datetime | None = instant(promises[0]["due"]) if promises else None

    def facts(self, rules: Rules) -> Iterable[RectificationFact]:
        ordered, addressee = self.ordered, self.ordered["addressee"]
        open_too_long = self.status == "open" and self.due is not None and self.due < rules.at
        calendar = calendar_named(ordered.get("calendar"), rules)
        day = local_day(instant(ordered["ordered_at"]), calendar, ordered.get("zone", CHINA))
        yield {
            "fact": "rectification",
            "stream": self.stream,
            "positions": self.positions,
            "standing": "withdrawn" if self.status == "withdrawn" else "counts",
            "addressee_kind": addressee["kind"],
            "addressee": addressee["code"],
            "adviser": addressee["code"] if addressee["kind"] == "adviser" else None,
            "point": ordered.get("point"),
            "division": ordered.get("division"),
            "source": ordered["source"],
            "source_stream": ordered["source_stream"],
            "day": day.isoformat(),
            "items": len(ordered["items"]),
            "status": self.status,
            "rounds": self.rounds,
            "answered": self.answered,
            "in_time": self.in_time,
            "overdue": self.overdue or open_too_long,
            "in_time_on_record": self.in_time_on_record,
            "overdue_on_record": self.overdue_on_record or bool(self.missed) or open_too_long,
            "missed": bool(self.missed),
            "late_steps": len(self.late_at),
            "accepted": self.status == "accepted",
            "escalated": self.to,
        }


def _answered(order: Order, entry: Entry, data: Data, _rules: Rules) -> None:
    order.status, order.answered = "answered", True
    if order.due is not None:
        late = instant(data["answered_at"]) > order.due
        order.overdue |= late
        order.in_time = order.in_time is not False and not late
        late = on_record(entry) > order.due or bool(order.missed)
        order.overdue_on_record |= late
        order.in_time_on_record = order.in_time_on_record is not False and not late


def _accepted(order: Order, _entry: Entry, _data: Data, _rules: Rules) -> None:
    order.status = "accepted"


def _rejected(order: Order, _entry: Entry, data: Data, _rules: Rules) -> None:
    order.status = "open"
    order.rounds += 1
    order.promise(data)


def _fell_overdue(order: Order, _entry: Entry, _data: Data, _rules: Rules) -> None:
    order.overdue, order.in_time = True, False
    order.overdue_on_record, order.in_time_on_record = True, False


def _escalated(order: Order, _entry: Entry, data: Data, _rules: Rules) -> None:
    order.status, order.to = "escalated", data["to"]


def _order_withdrawn(order: Order, _entry: Entry, _data: Data, _rules: Rules) -> None:
    order.status = "withdrawn"


TOPICS: Final[dict[str, TopicHandler]] = {
    "worklog.logged/1": TopicHandler("worklog", begin=WorkFacts),
    "worklog.corrected/1": TopicHandler("worklog", change=_corrected),
    "worklog.withdrawn/1": TopicHandler("worklog", change=_withdrawn),
    "worklog.evidence_attached/1": TopicHandler("worklog", change=_attached),
    "worklog.evidence_upload_confirmed/1": TopicHandler("worklog", change=_stored),
    "worklog.evidence_missing/1": TopicHandler("worklog", change=_missing),
    "worklog.confirmed/1": TopicHandler("worklog", change=_confirmed),
    "worklog.verified/1": TopicHandler("worklog", change=_verified),
    "worklog.returned/1": TopicHandler("worklog", change=_returned),
    "worklog.doubts_cleared/1": TopicHandler("worklog", change=_cleared),
    "inspection.held/1": TopicHandler("inspection", begin=Inspected),
    "inspection.corrected/1": TopicHandler("inspection", change=_inspection_corrected),
    "inspection.confirmed/1": TopicHandler("inspection", change=_inspection_confirmed),
    "inspection.voided/1": TopicHandler("inspection", change=_inspection_voided),
    "rectification.ordered/1": TopicHandler("rectification", begin=Order),
    "rectification.answered/1": TopicHandler("rectification", change=_answered),
    "rectification.accepted/1": TopicHandler("rectification", change=_accepted),
    "rectification.rejected/1": TopicHandler("rectification", change=_rejected),
    "rectification.fell_overdue/1": TopicHandler("rectification", change=_fell_overdue),
    "rectification.escalated/1": TopicHandler("rectification", change=_escalated),
    "rectification.withdrawn/1": TopicHandler("rectification", change=_order_withdrawn),
}
