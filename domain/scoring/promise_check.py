"""Recomputes deadlines from log entries and compares them with those that the entries promise.

Each promise is computed anew from its start, pauses and extensions, by the rules and the calendar
that it names. Plain data and the standard library only, as `domain.scoring.facts`: an evidence
bundle ships this file. It is independent of the deciders, which compute from states.

Not checked, because the entries of a stream cannot tell it: whether a newer version of the rules or
of the calendar was known by then, which calendar another unit has, and which promises are missing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from domain.scoring.basis import calendar_of, instant, published
from domain.scoring.shapes import Data, Entry
from domain.worktime.calendar import Calendar, Pause, TimeLimit, deadline

WHY: Final = "stood still"
AID: Final = "legal_aid"
CALENDARS: Final = "calendar.published/1"
POLICIES: Final = "policy.published/1"


class PromiseNotFounded(ValueError):
    """A deadline in an entry is not the one that the rules give."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.position = position


class _Case:
    """Inputs of the clocks of one stream's promises."""

    def __init__(self) -> None:
        self.service = ""
        self.started: datetime | None = None
        """Start of the promises that this entry gives; None when the running ones' start stays."""
        self.round = 1
        self.round_of_these: int | None = None
        """Where it is not that of the case."""
        self.aside: tuple[str, datetime] | None = None
        """Service and start of what this entry alone promises, beside the running ones: nothing
        stops that clock."""
        self.pauses: list[Pause] = []
        self.paused_at: datetime | None = None
        self.extended: dict[str, list[int]] = {}
        self.given: dict[str, Data] = {}
        """By name, what was promised last."""

    def anew(self) -> None:
        self.pauses, self.extended, self.paused_at = [], {}, None

    def resume(self, at: datetime) -> None:
        if self.paused_at is not None:
            self.pauses.append(Pause(self.paused_at, at, WHY))
            self.paused_at = None


Step = Callable[[_Case, Data], None]


# --- what an entry does to the clocks


def _logged(case: _Case, data: Data) -> None:
    case.service, case.started = data["service"], instant(data["requested_at"])


def _supplement_asked(case: _Case, data: Data) -> None:
    case.paused_at = instant(data["paused_at"])


def _supplement_received(case: _Case, data: Data) -> None:
    case.resume(instant(data["resumed_at"]))


def _request_reclassified(case: _Case, data: Data) -> None:
    case.service, case.extended = data["to_service"], {}


def _request_extended(case: _Case, data: Data) -> None:
    case.extended.setdefault(data["promise"], []).append(data["amount"])


def _aid_granted(case: _Case, data: Data) -> None:
    if "granted_at" in data:
        case.aside = (AID, instant(data["granted_at"]))


def _aid_objected(case: _Case, data: Data) -> None:
    case.aside = (AID, instant(data["objected_at"]))


def _request_closed(case: _Case, _: Data) -> None:
    case.paused_at = None


def _request_reopened(case: _Case, data: Data) -> None:
    case.anew()
    case.round += 1
    case.started = instant(data["reopened_at"])


def _received(case: _Case, data: Data) -> None:
    case.service = f"complaint.{data['grievance']['channel']}"
    case.started = instant(data["at"])


def _begun(case: _Case, data: Data) -> None:
    case.started = instant(data["at"])


def _complaint_paused(case: _Case, data: Data) -> None:
    case.paused_at = instant(data["at"])


def _complaint_resumed(case: _Case, data: Data) -> None:
    case.resume(instant(data["at"]))
    case.started = None


def _extended(case: _Case, data: Data) -> None:
    case.extended.setdefault(data["promise"], []).append(data["amount"])
    case.started = None


def _as_they_run(case: _Case, _: Data) -> None:
    case.started = None


def _new_round(case: _Case, data: Data) -> None:
    case.anew()
    case.round += 1
    case.started = instant(data["at"])


def _review_asked(case: _Case, data: Data) -> None:
    case.anew()
    case.started, case.round_of_these = instant(data["at"]), data["level"]


def _review_decided(case: _Case, data: Data) -> None:
    if data["decision"] == "sent_back":
        _new_round(case, data)


def _ordered(case: _Case, data: Data) -> None:
    case.service, case.started = "rectification", instant(data["ordered_at"])


def _rejected(case: _Case, data: Data) -> None:
    case.round += 1
    case.started = instant(data["rejected_at"])


STEPS: Final[Mapping[str, Step]] = {
    "request.logged/1": _logged,
    "request.supplement_requested/1": _supplement_asked,
    "request.supplement_received/1": _supplement_received,
    "request.reclassified/1": _request_reclassified,
    "request.extended/1": _request_extended,
    "request.legal_aid_granted/1": _aid_granted,
    "request.legal_aid_objected/1": _aid_objected,
    "request.closed/1": _request_closed,
    "request.reopened/1": _request_reopened,
    "complaint.dissatisfaction_noted/1": _received,
    "complaint.registered/1": _received,
    "complaint.accepted/1": _begun,
    "complaint.assigned/1": _begun,
    "complaint.return_approved/1": _begun,
    "complaint.paused/1": _complaint_paused,
    "complaint.resumed/1": _complaint_resumed,
    "complaint.extended/1": _extended,
    "complaint.deadlines_recalculated/1": _as_they_run,
    "complaint.reclassified/1": _as_they_run,
    "complaint.rework_ordered/1": _new_round,
    "complaint.reopened/1": _new_round,
    "complaint.review_asked/1": _review_asked,
    "complaint.review_decided/1": _review_decided,
    "rectification.ordered/1": _ordered,
    "rectification.rejected/1": _rejected,
}
WATCHED: Final = ("promises.approached/1", "promises.missed/1")


# --- the check


def check_promises(entries: Iterable[Entry]) -> int:
    """Check every deadline in the entries and return the number of promises.

    It takes the entries of whole streams, with the calendars and policies known.

    Raises: PromiseNotFounded — for the first wrong one.
    """
    some = sorted(entries, key=lambda one: int(one["position"]))
    rules = _Rules(some)
    cases: dict[str, _Case] = {}
    count = 0
    for entry in some:
        step, data = STEPS.get(entry["topic"]), entry["data"]
        if step is None and not data.get("promises"):
            if entry["topic"] in WATCHED and data["of"] in cases:
                _check_watched(cases[data["of"]], entry)
            continue
        case = cases.setdefault(entry["stream"], _Case())
        case.round_of_these = case.aside = None
        if step is not None:
            step(case, data)
        for one in data.get("promises", ()):
            _check(case, entry, one, rules)
            count += 1
        case.given |= {one["name"]: one for one in data.get("promises", ())}
    return count


def _check_watched(case: _Case, entry: Entry) -> None:
    """Check that a promise said to approach or to be missed was given."""
    name = entry["data"]["name"]
    if name not in case.given:
        raise PromiseNotFounded(entry["position"], f"{name} was watched, and never promised")


def _check(case: _Case, entry: Entry, one: Data, rules: "_Rules") -> None:
    """PromiseNotFounded."""
    at, name, started = entry["position"], one["name"], instant(one["started_at"])
    before = case.given.get(name)
    if entry["topic"] == "complaint.reclassified/1" and one != before:
        raise PromiseNotFounded(at, f"{name} is promised anew; only its old promise may go on")
    expected, round_ = case.started, case.round_of_these or case.round
    service, pauses, extended = case.service, case.pauses, case.extended.get(name, ())
    if case.aside is not None:
        (service, expected), pauses, extended = case.aside, [], ()
    if expected is None:
        if before is None:
            raise PromiseNotFounded(at, f"{name} is moved, and was never promised")
        expected, round_ = instant(before["started_at"]), before.get("round", 1)
    if started != expected:
        what = f"{name} runs from {one['started_at']}; it began at {expected.isoformat()}"
        raise PromiseNotFounded(at, what)
    if one.get("round", 1) != round_:
        raise PromiseNotFounded(at, f"{name} is of round {one.get('round', 1)}, not of {round_}")
    carried_on = before is not None and before["policy"] == one["policy"]
    limit, calendar = rules.behind(entry, one, service, carried_on=carried_on)
    due = deadline(limit, started, calendar, pauses, extended).due
    if due != instant(one["due"]):
        what = f"{name} is due {one['due']}; the rules give {due.isoformat()}"
        raise PromiseNotFounded(at, what)


class _Rules:
    """Time limits and calendars by the names that promises have them under."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        known = published(entries)
        self._policies: dict[str, Data] = {
            f"{one['code']}@{one['version']}": one
            for versions in known["policies"].values()
            for one in versions
        }
        self._calendars = {ref: calendar_of(one) for ref, one in known["calendars"].items()}
        self._since = {
            f"{one['code']}@{one['version']}": int(entry["position"])
            for topic, name in ((CALENDARS, "calendar"), (POLICIES, "policy"))
            for entry in entries
            if entry["topic"] == topic
            for one in (entry["data"][name],)
        }
        self._limits: dict[tuple[str, str, str], TimeLimit] = {}

    def behind(
        self, entry: Entry, one: Data, service: str, *, carried_on: bool
    ) -> tuple[TimeLimit, Calendar]:
        """Return the limit and the calendar that a promise names.

        `carried_on`: it named this policy before. A wait entered late may then lie before the day
        from which the policy is in force.
        Raises: PromiseNotFounded — it names what was not published, or has no limit for it.
        """
        position, name, policy, ref = entry["position"], one["name"], one["policy"], one["calendar"]
        for named in (policy, ref):
            if self._since.get(named, position) >= position:
                what = f"{name} is promised by {named}, which was not published by then"
                raise PromiseNotFounded(position, what)
        key = (policy, service, name)
        if key not in self._limits:
            limits = self._policies[policy].get("limits", {})
            asked = (f"{one}/{name}" for one in (service, service.partition(".")[0], "*"))
            found: Any = next((limits[one] for one in asked if one in limits), None)
            if found is None:
                raise PromiseNotFounded(position, f"{policy} has no limit {name} for {service}")
            self._limits[key] = TimeLimit(**found)
        calendar = self._calendars[ref]
        in_force = date.fromisoformat(self._policies[policy]["effective_from"])
        day = calendar.local_day(instant(entry["occurred_at"]))
        if not carried_on and in_force > max(day, calendar.local_day(instant(one["started_at"]))):
            what = f"{name} is promised by {policy}, in force only from {in_force} on"
            raise PromiseNotFounded(position, what)
        return self._limits[key], calendar
