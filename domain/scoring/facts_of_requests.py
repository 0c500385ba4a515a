"""Facts `service` and `deed`: a request with its rating, and what was given in it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, Literal, cast

from domain.scoring import request_clocks
from domain.scoring.basis import (
    Rules,
    TopicHandler,
    calendar_named,
    entered_late,
    instant,
    local_day,
    on_record,
)
from domain.scoring.shapes import (
    Data,
    DeedFact,
    DeedKind,
    Entry,
    Fact,
    ServiceCounts,
    ServiceFact,
    ServiceGrades,
    ServiceOnRecord,
)
from domain.vocabulary import CHINA, Service
from domain.worktime.calendar import Calendar, off_peak

KIND: Final = "request"
COUNTED: Final = tuple(ServiceCounts.__annotations__)
GRADES: Final = tuple(ServiceGrades.__annotations__)
ON_RECORD: Final = tuple(ServiceOnRecord.__annotations__)
OF_CLOSE: Final = tuple(name for name in ON_RECORD if name.startswith("close_"))


class RequestCase:
    """A request as far as it is told."""

    __slots__ = (
        "adviser", "calendar", "clocks", "counts", "deeds", "doubts", "duplicates", "firm",
        "grades", "invited", "late_at", "logged", "missed", "on_record", "originals",
        "positions", "service", "set_aside", "stream", "team",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.late_at: list[int] = []
        self.missed: dict[tuple[str, int], datetime] = {}
        """Recorded as missed: name and round → due."""
        self.on_record: dict[str, Any] = dict.fromkeys(ON_RECORD)
        self.originals: list[str] = []
        self.logged = data
        self.calendar: Calendar | None = calendar_named(data.get("calendar"), rules)
        self.clocks: Any = request_clocks.logged(
            instant(data["requested_at"]), self.calendar, data.get("zone", CHINA), _dues(data)
        )
        self.adviser: str | None = data.get("adviser")
        self.firm: str | None = data.get("firm")
        self.team: str | None = data.get("team")
        self.service: Service = data["service"]
        self.invited = False
        self.set_aside: set[str] = set()
        """Why the person's rating counts in no average; it counts when empty."""
        self.duplicates = 0
        self.counts: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self.grades: dict[str, int | None] = dict.fromkeys(GRADES)
        self.deeds: list[DeedFact] = []
        self.doubts: set[str] = set()

    def standing(self, *, repeats: bool) -> Literal["counts", "voided", "duplicate", "imported"]:
        if self.clocks["status"] == "voided":
            return "voided"
        if repeats:
            return "duplicate"
        return "imported" if self.clocks["close_kind"] == "imported" else "counts"

    def facts(self, rules: Rules) -> Iterable[Fact]:
        yield self.fact(rules)
        voided = self.clocks["status"] == "voided"
        imported = self.clocks["close_kind"] == "imported"
        for deed in self.deeds:
            deed["standing"] = "voided" if voided else "imported" if imported else "counts"
            deed["service"] = self.service
            deed["doubtful"], deed["doubts"] = bool(self.doubts), sorted(self.doubts)
            yield deed

    def fact(self, rules: Rules) -> ServiceFact:
        logged, clocks = self.logged, self.clocks
        day, status, close_kind = clocks["day"], clocks["status"], clocks["close_kind"]
        closed_day, due = clocks["closed_day"], request_clocks.next_due(clocks)
        return {
            "fact": "service",
            "stream": self.stream,
            "positions": self.positions,
            "standing": self.standing(repeats=self.duplicates > 0),
            "point": logged["point"],
            "division": logged["division"],
            "adviser": self.adviser,
            "firm": self.firm,
            "team": self.team,
            "service": self.service,
            "channel": logged["channel"],
            "client_category": logged.get("client_category"),
            "day": day.isoformat(),
            "late": "late_reason" in logged,
            "late_steps": len(self.late_at),
            "linked_to": self.originals,
            "standing_in_group": self.standing(repeats=self.stream in rules.repeats),
            "status": status,
            "closed": status == "closed",
            "close_kind": close_kind,
            "closed_day": closed_day.isoformat() if closed_day else None,
            "voided": status == "voided",
            "duplicate": self.duplicates > 0,
            "imported": close_kind == "imported",
            "responded": clocks["responded_day"] is not None,
            "response_in_time": clocks["response_in_time"],
            "response_minutes": clocks["response_minutes"],
            "response_minutes_open": clocks["response_minutes_open"],
            "close_in_time": clocks["close_in_time"],
            "close_minutes": clocks["close_minutes"],
            "close_minutes_open": clocks["close_minutes_open"],
            "close_days": (closed_day - day).days if closed_day else None,
            "missed": bool(self.missed),
            "overdue": due is not None and due < rules.at,
            **cast("ServiceOnRecord", self.on_record),
            "invited": self.invited,
            "grade_excluded": bool(self.set_aside),
            **cast("ServiceGrades", self.grades),
            **cast("ServiceCounts", self.counts),
        }


# --- what each event does


def _dues(data: Data) -> request_clocks.Dues:
    due = {one["name"]: instant(one["due"]) for one in data.get("promises", ())}
    return due.get("first_response"), due.get("close")


def _responded(case: RequestCase, entry: Entry, _data: Data, _rules: Rules) -> None:
    at, clocks = instant(entry["occurred_at"]), case.clocks
    if clocks["responded_day"] is None:
        case.on_record["response_in_time_on_record"] = _in_time_on_record(
            case, entry, "first_response", clocks["due_response"]
        )
        case.on_record["response_minutes_on_record"] = request_clocks.minutes_until(
            clocks, on_record(entry), case.calendar
        )
    case.clocks |= request_clocks.responded(case.clocks, at, case.calendar)


def _in_time_on_record(
    case: RequestCase, entry: Entry, name: str, due: datetime | None
) -> bool | None:
    """Return whether it was on record when it was due, and had not been recorded as missed."""
    in_time = request_clocks.in_time(case.clocks, due, on_record(entry))
    return in_time and (name, case.clocks["round"]) not in case.missed


def _consulted(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    _responded(case, entry, data, rules)
    adviser = data.get("adviser")
    if adviser is not None and adviser != case.adviser:
        case.adviser, case.firm, case.team = adviser, data.get("firm"), data.get("team")
    _given(case, entry, data, rules, "consultation", onsite=data["mode"] == "onsite")


def _session(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    _given(case, entry, data, rules, "mediation_session", onsite=data["onsite"])


def _given(
    case: RequestCase, entry: Entry, data: Data, rules: Rules, what: DeedKind, *, onsite: bool
) -> None:
    at, minutes = instant(entry["occurred_at"]), data["minutes"]
    off = off_peak(case.calendar, at)
    case.counts["minutes_onsite" if onsite else "minutes_offsite"] += minutes
    if off is not None:
        case.counts["minutes_off_peak"] += minutes
    if rules.kinds is not None and "deed" not in rules.kinds:
        return
    case.doubts |= set(data.get("doubts", ()))
    case.deeds.append({
        "fact": "deed",
        "stream": case.stream,
        "positions": [entry["position"]],
        "point": case.logged["point"],
        "division": case.logged["division"],
        "adviser": data.get("adviser"),
        "firm": data.get("firm"),
        "team": data.get("team"),
        "what": what,
        "day": case.clocks["day"].isoformat(),
        "given_on": local_day(at, case.calendar, case.clocks["zone"]).isoformat(),
        "minutes": minutes,
        "onsite": onsite,
        "off_peak": off,
        "late": entered_late(entry),
        "standing": "counts",
        "service": case.service,
        "doubtful": False,
        "doubts": [],
    })  # fmt: skip


def _opened(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    _responded(case, entry, data, rules)
    case.counts["mediation_opened"] += 1


def _referred(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    _responded(case, entry, data, rules)
    case.counts["referral_made"] += 1


def _applied(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    _responded(case, entry, data, rules)
    case.counts["legal_aid_applied"] += 1


def _assigned(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.adviser, case.firm, case.team = data["adviser"], data["firm"], data.get("team")


def _paused(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.clocks |= request_clocks.paused(instant(data["paused_at"]))


def _resumed(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    at = instant(data["resumed_at"])
    case.clocks |= request_clocks.resumed(case.clocks, at, _dues(data))


def _reclassified(case: RequestCase, entry: Entry, data: Data, rules: Rules) -> None:
    case.service = data["to_service"]
    case.counts["reclassified"] += 1
    _recalculated(case, entry, data, rules)


def _recalculated(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.clocks |= request_clocks.promised(_dues(data))


def _linked(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.duplicates += 1
    case.originals.append(data["original"])


def _unlinked(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.duplicates -= 1
    case.originals = [one for one in case.originals if one != data["original"]]


def _closed(case: RequestCase, entry: Entry, data: Data, _rules: Rules) -> None:
    at, known_at, clocks = instant(entry["occurred_at"]), on_record(entry), case.clocks
    known_on = local_day(known_at, case.calendar, clocks["zone"])
    case.on_record |= {
        "close_in_time_on_record": _in_time_on_record(case, entry, "close", clocks["due_close"]),
        "close_minutes_on_record": request_clocks.minutes_until(clocks, known_at, case.calendar),
        "close_days_on_record": (known_on - clocks["day"]).days,
    }
    case.clocks |= request_clocks.closed(case.clocks, at, case.calendar, data["kind"])


def _reopened(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.counts["reopened"] += 1
    case.on_record |= dict.fromkeys(OF_CLOSE)
    at = instant(data["reopened_at"])
    case.clocks |= request_clocks.reopened(case.clocks, at, _dues(data))


def _cleared(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.doubts -= set(data["doubts"])


def _voided(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.clocks |= request_clocks.voided()


def _counted(what: str) -> Callable[[RequestCase, Entry, Data, Rules], None]:
    def count(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
        case.counts[what] += 1

    return count


def _performed(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.counts["mediation_performed"] = int(data["fully"])


def _confirmed(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.counts["mediation_confirmed"] = int(data["confirmed"])


def _invited(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.invited = True


def _rated(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.grades["grade_explicit"] = data["grade"]
    if data.get("suspicions"):
        case.set_aside.add("suspect")


def _looked_at(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    if data["counted"]:
        case.set_aside.discard("suspect")


def _withdrawn(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.set_aside.add("withdrawn")


def _graded(which: str) -> Callable[[RequestCase, Entry, Data, Rules], None]:
    def grade(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
        case.grades[which] = data["grade"]

    return grade


def _dispute_decided(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    of = data.get("of", "given")
    if of != "given":
        if data["excluded"]:
            case.grades["grade_default" if of == "default" else "grade_callback"] = None
    elif data["excluded"]:
        case.set_aside.add("dispute")
    else:
        case.set_aside.discard("dispute")


_CHANGES: Final[dict[str, Any]] = {
    "handed_over": None,
    "transferred": None,
    "transfer_accepted": None,
    "transfer_refused": None,
    "adviser_assigned": _assigned,
    "once_informed": None,
    "supplement_requested": _paused,
    "supplement_received": _resumed,
    "consultation_given": _consulted,
    "note_added": None,
    "appointment_made": None,
    "appointment_kept": None,
    "appointment_missed": None,
    "reclassified": _reclassified,
    "duplicate_linked": _linked,
    "duplicate_unlinked": _unlinked,
    "deadlines_recalculated": _recalculated,
    "extended": _recalculated,
    "closed": _closed,
    "reopened": _reopened,
    "voided": _voided,
    "doubts_cleared": _cleared,
    "follow_code_replaced": None,
    "referred": _referred,
    "referral_accepted": _counted("referral_accepted"),
    "referral_refused": None,
    "referral_returned": None,
    "referral_completed": _counted("referral_completed"),
    "mediation_opened": _opened,
    "mediation_session_held": _session,
    "mediation_agreed": _counted("mediation_agreed"),
    "mediation_ended": None,
    "mediation_performed": _performed,
    "judicial_confirmation_sought": None,
    "judicial_confirmation_decided": _confirmed,
    "legal_aid_applied": _applied,
    "legal_aid_granted": _counted("legal_aid_granted"),
    "legal_aid_refused": None,
    "legal_aid_lawyer_assigned": None,
    "legal_aid_deemed_withdrawn": None,
    "legal_aid_objected": None,
    "legal_aid_reviewed": None,
}
_RATINGS: Final[dict[str, Any]] = {
    "invited": _invited,
    "exempted": None,
    "code_issued": None,
    "given": _rated,
    "withdrawn": _withdrawn,
    "looked_at": _looked_at,
    "defaulted": _graded("grade_default"),
    "called_back": _graded("grade_callback"),
    "followed_up": _graded("grade_follow_up"),
    "disputed": None,
    "dispute_decided": _dispute_decided,
}
TOPICS: Final[dict[str, TopicHandler]] = {
    "request.logged/1": TopicHandler(KIND, begin=RequestCase),
    **{f"request.{fact}/1": TopicHandler(KIND, change=change) for fact, change in _CHANGES.items()},
    **{
        f"rating.{fact}/1": TopicHandler(KIND, change=change, under="request")
        for fact, change in _RATINGS.items()
    },
}
