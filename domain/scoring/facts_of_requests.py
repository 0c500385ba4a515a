"""Facts `service` and `deed`: a request with its rating, and what was given in it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final, Literal, cast

from domain.scoring.basis import (
    Rules,
    TopicHandler,
    calendar_named,
    instant,
    local_day,
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
    ServiceStatus,
)
from domain.vocabulary import CHINA, Service
from domain.worktime.calendar import Calendar, CalendarHasNoYear, off_peak

KIND: Final = "request"
COUNTED: Final = tuple(ServiceCounts.__annotations__)
GRADES: Final = tuple(ServiceGrades.__annotations__)


class RequestCase:
    """A request as far as it is told."""

    __slots__ = (
        "adviser", "calendar", "close_in_time", "close_kind", "close_minutes", "closed_day",
        "counts", "day", "deeds", "due_close", "due_response", "duplicates", "excluded", "firm",
        "grades", "invited", "logged", "paused_at", "pauses", "positions", "requested_at",
        "responded", "response_in_time", "response_minutes", "service", "status", "stream", "team",
        "zone",
    )  # fmt: skip

    def __init__(self, entry: Entry, data: Data, rules: Rules) -> None:
        self.stream: str = entry["stream"]
        self.positions: list[int] = []
        self.logged = data
        self.calendar: Calendar | None = calendar_named(data.get("calendar"), rules)
        self.zone: str = data.get("zone", CHINA)
        self.requested_at: datetime = instant(data["requested_at"])
        self.day: date = local_day(self.requested_at, self.calendar, self.zone)
        self.adviser: str | None = data.get("adviser")
        self.firm: str | None = data.get("firm")
        self.team: str | None = data.get("team")
        self.service: Service = data["service"]
        self.status: ServiceStatus = "open"
        self.due_response: str | None = None
        self.due_close: str | None = None
        self.paused_at: datetime | None = None
        self.pauses: list[tuple[datetime, datetime]] = []
        self.responded = self.invited = self.excluded = False
        self.response_in_time: bool | None = None
        self.response_minutes: int | None = None
        self.closed_day: date | None = None
        self.close_in_time: bool | None = None
        self.close_minutes: int | None = None
        self.close_kind: str | None = None
        self.duplicates = 0
        self.counts: dict[str, int] = dict.fromkeys(COUNTED, 0)
        self.grades: dict[str, int | None] = dict.fromkeys(GRADES)
        self.deeds: list[DeedFact] = []
        self.promise(data)

    def promise(self, data: Data) -> None:
        """Replace the running promises by those of the event."""
        self.due_response = self.due_close = None
        for one in data.get("promises", ()):
            if one["name"] == "first_response":
                self.due_response = one["due"]
            elif one["name"] == "close":
                self.due_close = one["due"]

    def in_time(self, due: str | None, at: datetime) -> bool | None:
        """While the person is awaited the clock stands still: the pause's beginning decides."""
        if due is None:
            return None
        return (at if self.paused_at is None else min(at, self.paused_at)) <= instant(due)

    def worked(self, until: datetime) -> int | None:
        """Working minutes since the request, without those in which it waited for the person;
        unknown without a calendar, or where it has no such year."""
        calendar = self.calendar
        if calendar is None:
            return None
        try:
            minutes = calendar.working_minutes(self.requested_at, until)
            if self.pauses or self.paused_at:
                for since, over in self.waited(until):
                    minutes -= calendar.working_minutes(since, over)
        except CalendarHasNoYear:
            return None
        return minutes

    def waited(self, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Pauses before an instant; they may overlap, and be entered in any order."""
        pauses = self.pauses
        if self.paused_at is not None:
            pauses = [*pauses, (self.paused_at, until)]
        counted = self.requested_at
        for begins, ends in sorted(pauses):
            since, over = max(begins, counted), min(ends, until)
            if since < over:
                yield since, over
                counted = over

    def resumed(self, at: datetime) -> None:
        if self.paused_at is not None:
            self.pauses.append((self.paused_at, at))
            self.paused_at = None

    def overdue(self, at: datetime) -> bool:
        if self.status != "open" or self.paused_at is not None:
            return False
        return any(due is not None and instant(due) < at for due in self.dues())

    def dues(self) -> tuple[str | None, str | None]:
        return self.due_response, self.due_close

    def standing(self) -> Literal["counts", "voided", "duplicate", "imported"]:
        if self.status == "voided":
            return "voided"
        if self.duplicates:
            return "duplicate"
        return "imported" if self.close_kind == "imported" else "counts"

    def facts(self, rules: Rules) -> Iterable[Fact]:
        yield self.fact(rules)
        voided, imported = self.status == "voided", self.close_kind == "imported"
        for deed in self.deeds:
            deed["standing"] = "voided" if voided else "imported" if imported else "counts"
            deed["service"] = self.service
            yield deed

    def fact(self, rules: Rules) -> ServiceFact:
        logged, closed_day = self.logged, self.closed_day
        return {
            "fact": "service",
            "stream": self.stream,
            "positions": self.positions,
            "standing": self.standing(),
            "point": logged["point"],
            "division": logged["division"],
            "adviser": self.adviser,
            "firm": self.firm,
            "team": self.team,
            "service": self.service,
            "channel": logged["channel"],
            "client_category": logged.get("client_category"),
            "day": self.day.isoformat(),
            "late": "late_reason" in logged,
            "status": self.status,
            "closed": self.status == "closed",
            "close_kind": self.close_kind,
            "closed_day": closed_day.isoformat() if closed_day else None,
            "voided": self.status == "voided",
            "duplicate": self.duplicates > 0,
            "imported": self.close_kind == "imported",
            "responded": self.responded,
            "response_in_time": self.response_in_time,
            "response_minutes": self.response_minutes,
            "close_in_time": self.close_in_time,
            "close_minutes": self.close_minutes,
            "close_days": (closed_day - self.day).days if closed_day else None,
            "overdue": self.overdue(rules.at),
            "invited": self.invited,
            "grade_excluded": self.excluded,
            **cast("ServiceGrades", self.grades),
            **cast("ServiceCounts", self.counts),
        }


# --- what each event does


def _responded(case: RequestCase, entry: Entry, _data: Data, _rules: Rules) -> None:
    """The first response of all is the one that is measured; each round's ends its promise."""
    if not case.responded:
        at = instant(entry["occurred_at"])
        case.responded = True
        case.response_minutes = case.worked(at)
        case.response_in_time = case.in_time(case.due_response, at)
    case.due_response = None


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
        "day": case.day.isoformat(),
        "given_on": local_day(at, case.calendar, case.zone).isoformat(),
        "minutes": minutes,
        "onsite": onsite,
        "off_peak": off,
        "standing": "counts",
        "service": case.service,
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
    case.paused_at = instant(data["paused_at"])


def _resumed(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.resumed(instant(data["resumed_at"]))
    case.promise(data)


def _reclassified(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.service = data["to_service"]
    case.counts["reclassified"] += 1
    case.promise(data)


def _recalculated(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.promise(data)


def _linked(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.duplicates += 1


def _unlinked(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.duplicates -= 1


def _closed(case: RequestCase, entry: Entry, data: Data, _rules: Rules) -> None:
    at = instant(entry["occurred_at"])
    case.close_minutes = case.worked(at)
    case.closed_day = local_day(at, case.calendar, case.zone)
    case.close_in_time = case.in_time(case.due_close, at)
    case.close_kind = data["kind"]
    case.status = "closed"
    case.resumed(at)


def _reopened(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.status = "open"
    case.counts["reopened"] += 1
    case.close_minutes = case.closed_day = case.close_in_time = case.close_kind = None
    case.promise(data)


def _voided(case: RequestCase, _entry: Entry, _data: Data, _rules: Rules) -> None:
    case.status = "voided"


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


def _graded(which: str) -> Callable[[RequestCase, Entry, Data, Rules], None]:
    def grade(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
        case.grades[which] = data["grade"]

    return grade


def _dispute_decided(case: RequestCase, _entry: Entry, data: Data, _rules: Rules) -> None:
    case.excluded = data["excluded"]


_CHANGES: Final[dict[str, Any]] = {
    "handed_over": None,
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
    "closed": _closed,
    "reopened": _reopened,
    "voided": _voided,
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
}
_RATINGS: Final[dict[str, Any]] = {
    "invited": _invited,
    "given": _graded("grade_explicit"),
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
