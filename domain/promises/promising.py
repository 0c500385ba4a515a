"""A promise: a deadline given by a rule and a calendar, to a person or between units.

It is started, paused, extended and kept. What it came to stays: a new round gets new promises.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.registers.policy import LIMITS_POLICY, NoPolicyInForce, PolicyVersion
from domain.vocabulary import Moment, Registers
from domain.worktime.calendar import Calendar, Pause, Step, deadline, explain_deadline

PromiseName = Literal[
    "first_response", "close", "acknowledge", "assign", "return", "answer", "review"
]


class Promise(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline given to the person, with what it was computed from. What is reopened gets new
    promises in the next round; those of earlier rounds stay as they ended."""

    name: PromiseName
    round: int = 1
    started_at: datetime
    due: datetime
    policy: str
    calendar: str
    provisional: bool = False


class PromiseResult(Struct, frozen=True, kw_only=True):
    """What a promise came to. Not kept: it was stopped, because what it promised fell away."""

    promise: Promise
    ended_at: datetime
    kept: bool
    pauses: tuple[Pause, ...] = ()
    extended_by: tuple[int, ...] = ()

    @property
    def in_time(self) -> bool:
        return self.kept and self.ended_at <= self.promise.due


class Clock(NamedTuple):
    """From when promises run, when they stood still, and by how much they were extended."""

    started_at: datetime
    round: int = 1
    pauses: tuple[Pause, ...] = ()
    extended_by: tuple[int, ...] = ()


def promised(
    service: str,
    names: Sequence[PromiseName],
    clock: Clock,
    calendar: Calendar | None,
    version: PolicyVersion | None,
) -> tuple[Promise, ...]:
    """What the rules promise for a service; nothing without a calendar, a policy or a limit."""
    if calendar is None or version is None:
        return ()
    limits = ((name, version.limit(service, name)) for name in names)
    computed = [
        (name, deadline(limit, clock.started_at, calendar, clock.pauses, clock.extended_by))
        for name, limit in limits
        if limit is not None
    ]
    return tuple(
        Promise(
            name=name,
            round=clock.round,
            started_at=clock.started_at,
            due=until.due,
            policy=version.ref,
            calendar=until.calendar,
            provisional=until.provisional,
        )
        for name, until in computed
    )


def newest_calendar(ref: str | None, moment: Moment) -> Calendar | None:
    """The calendar that `code@version` is a version of, as known now."""
    if ref is None:
        return None
    code, _, _ = ref.partition("@")
    return moment.registers.calendars[code]


def rules_in_force(
    calendar: Calendar | None, moment: Moment, at: datetime | None = None
) -> PolicyVersion | None:
    """The rules of the local day; before the first ones nothing was promised."""
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if calendar is None or policy is None:
        return None
    try:
        return policy.in_force(calendar.local_day(at or moment.occurred_at))
    except NoPolicyInForce:
        return None


def rules_behind(promise: Promise, registers: Registers) -> PolicyVersion:
    """The rules a promise was given by: a newer version does not touch it."""
    code, _, number = promise.policy.partition("@")
    return registers.policies[code].versions[int(number) - 1]


def explain_promise(
    service: str,
    promise: Promise,
    registers: Registers,
    pauses: Sequence[Pause] = (),
    extended_by: Sequence[int] = (),
) -> tuple[Step, ...]:
    """Why a promise is due when it is, by the rules and the calendar version it was given by."""
    limit = rules_behind(promise, registers).limit(service, promise.name)
    assert limit is not None
    calendar = registers.calendars[promise.calendar]
    return explain_deadline(limit, promise.started_at, calendar, pauses, extended_by)
