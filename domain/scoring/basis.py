"""The basis of facts: entries, known calendars and rules, handlers of topics.

Standard library only, as every file that `domain.scoring.computation.SHIPPED` names.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from domain.registers.policy import DutyRules, Policy, PolicyVersion, duty_rules
from domain.scoring.shapes import Data, Entry, Fact
from domain.worktime.calendar import EPOCH, Calendar, Holiday, MakeupDay, Period
from domain.worktime.zone import zone_of


class Rules(NamedTuple):
    """Calendars and policies as known at the cut-off, by which entries are read."""

    calendars: Mapping[str, Calendar]
    """The newest version, by code."""
    policies: Mapping[str, Policy]
    """Those of advisers' duties."""
    calendar: Calendar
    """Of the evaluation: by it the work of advisers has its days and is off-peak."""
    at: datetime
    """What is open is late or not as of this instant."""
    first: date
    last: date
    """The period, both included: for what is counted in days."""
    kinds: frozenset[str] | None = None
    """Kinds of facts to make; None means all."""
    repeats: frozenset[str] = frozenset()
    """Streams of matters that only repeat another one of their group: `domain.scoring.groups`."""


class State(Protocol):
    """A thing as its entries tell it."""

    positions: list[int]
    late_at: list[int]
    """Positions of what was entered late."""

    def facts(self, rules: Rules) -> Iterable[Fact]: ...


class TopicHandler(NamedTuple):
    """Handler of one topic."""

    kind: str
    begin: Callable[[Entry, Data, Rules], Any] | None = None
    """Constructor of a stream's state, if the topic begins a stream."""
    change: Callable[[Any, Entry, Data, Rules], None] | None = None
    """Update of the state."""
    under: str | None = None
    """Payload field that holds the owning stream id; None means the entry's own stream."""


class CalendarUnknown(ValueError):
    """The entries hold no calendar of that code and version."""


# --- calendars and policies, as published


def published(entries: Iterable[Entry]) -> dict[str, Any]:
    """The calendars and duty policies that the entries publish, as plain data: `calendars`
    (`code@version` → calendar), `policies` (code → versions, oldest first) and `binding` (code →
    version → the first day that it judges, where that is not its effective day)."""
    calendars: dict[str, Any] = {}
    policies: dict[str, Any] = {}
    binding: dict[str, dict[int, str]] = {}
    code_of: dict[str, str] = {}
    for entry in sorted(entries, key=lambda one: int(one["position"])):
        if entry["topic"] == "calendar.published/1":
            calendar = entry["data"]["calendar"]
            calendars[f"{calendar['code']}@{calendar['version']}"] = calendar
        elif entry["topic"] == "policy.published/1":
            policy = entry["data"]["policy"]
            policies.setdefault(policy["code"], []).append(policy)
            code_of[entry["stream"]] = policy["code"]
            if day := entry["data"].get("binds_from"):
                binding.setdefault(policy["code"], {})[policy["version"]] = day
        elif entry["topic"] == "policy.recalculated/1":
            data = entry["data"]
            binding.setdefault(code_of[entry["stream"]], {})[data["version"]] = data["since"]
    return {"calendars": calendars, "policies": policies, "binding": binding}


def rules_of(known: Mapping[str, Any], calendar: str, at: str, first: str, last: str) -> Rules:
    """Build the rules of an evaluation from `known`, which `published` returns.

    `calendar` is the evaluation's `code@version`.

    Raises: CalendarUnknown — when it is not among the known ones.
    """
    if calendar not in known["calendars"]:
        raise CalendarUnknown(f"no calendar {calendar} was published before the cut-off")
    versions = {ref: calendar_of(plain) for ref, plain in known["calendars"].items()}
    newest: dict[str, Calendar] = {}
    for one in sorted(versions.values(), key=lambda one: one.version):
        newest[one.code] = one
    return Rules(
        calendars=newest,
        policies={
            code: policy_of(plain, known["binding"].get(code, {}))
            for code, plain in known["policies"].items()
        },
        calendar=versions[calendar],
        at=instant(at),
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
    )


def calendar_of(plain: Data) -> Calendar:
    read: dict[str, Callable[[Any], Any]] = {
        "announced_at": instant,
        "weekday_periods": lambda week: tuple(
            tuple(Period(*period) for period in day) for day in week
        ),
        "holidays": lambda some: tuple(
            Holiday(date.fromisoformat(first), date.fromisoformat(last), name)
            for first, last, name in some
        ),
        "makeup_days": lambda some: tuple(
            MakeupDay(date.fromisoformat(day), *more) for day, *more in some
        ),
        "workweek": tuple,
        "provisional_years": tuple,
    }
    return Calendar(**{name: read.get(name, _same)(value) for name, value in plain.items()})


def policy_of(versions: Iterable[Data], binding: Mapping[int, str]) -> Policy:
    """Decode a policy, only its duties."""
    return Policy(
        tuple(
            PolicyVersion(
                code=one["code"],
                version=one["version"],
                effective_from=date.fromisoformat(one["effective_from"]),
                basis=one["basis"],
                duty=_duty_rules(one["duty"]) if one.get("duty") else None,
            )
            for one in versions
        ),
        {version: date.fromisoformat(day) for version, day in binding.items()},
    )


def _duty_rules(plain: Data) -> DutyRules:
    read: dict[str, Callable[[Any], Any]] = {
        "offset_ratio": Decimal,
        "rehire_ban_grounds": tuple,
        "doubted": tuple,
        "difficulty_levels": tuple,
    }
    return DutyRules(**{name: read.get(name, _same)(value) for name, value in plain.items()})


def _same(value: Any) -> Any:
    return value


def duty_rules_on(rules: Rules, village: str, day: date) -> DutyRules:
    return duty_rules(rules.policies, village, day)


# --- instants and days


def instant(value: str | int | datetime) -> datetime:
    """RFC 3339 text, microseconds since 1970 as an entry is sealed, or a datetime as it is."""
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return EPOCH + timedelta(microseconds=value) if isinstance(value, int) else value


def on_record(entry: Entry) -> datetime:
    """When the entry was recorded; of one that does not say it, when it happened."""
    return instant(entry.get("recorded_at", entry["occurred_at"]))


def entered_late(entry: Entry) -> bool:
    return entry["late"] if "late" in entry else "late_reason" in entry["data"]


def calendar_named(ref: str | None, rules: Rules) -> Calendar | None:
    """The newest version of the calendar that `code@version` is one of; None also where it was
    published in words that cannot be read."""
    return None if ref is None else rules.calendars.get(ref.partition("@")[0])


def local_day(at: datetime, calendar: Calendar | None, zone: str) -> date:
    if calendar is not None:
        return calendar.local_day(at)
    return at.astimezone(zone_of(zone)).date()
