"""Giving promises: deadlines by a rule and a calendar, to a person or between units.

A promise is started, paused, extended and kept. Its result stays: a new round gives new promises.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.moment import Moment, Registers, known_calendar
from domain.promises.promise import Promise
from domain.registers.policy import (
    LIMITS_POLICY,
    NoPolicyInForce,
    PolicyUnknown,
    PolicyVersion,
)
from domain.worktime.calendar import Calendar, Pause, Step, explain_deadline


def newest_calendar(ref: str | None, moment: Moment) -> Calendar | None:
    """Return the newest known version of the calendar that `code@version` names."""
    if ref is None:
        return None
    code, _, _ = ref.partition("@")
    return known_calendar(code, moment.registers)


def rules_in_force(
    calendar: Calendar | None, moment: Moment, at: datetime | None = None
) -> PolicyVersion | None:
    """Return the rules of the local day; None before the first ones."""
    policy = moment.registers.policies.get(LIMITS_POLICY)
    if calendar is None or policy is None:
        return None
    try:
        return policy.in_force(calendar.local_day(at or moment.occurred_at))
    except NoPolicyInForce:
        return None


def rules_behind(promise: Promise, registers: Registers) -> PolicyVersion:
    """Return the rules a promise was given by, which a newer version does not change.

    Raises: PolicyUnknown — when they cannot be looked up.
    """
    code, _, number = promise.policy.partition("@")
    policy = registers.policies.get(code)
    for version in policy.versions if policy else ():
        if version.version == int(number):
            return version
    raise PolicyUnknown(promise.policy)


def explain_promise(
    service: str,
    promise: Promise,
    registers: Registers,
    pauses: Sequence[Pause] = (),
    extended_by: Sequence[int] = (),
) -> tuple[Step, ...]:
    """Explain the deadline of a promise by the rules and calendar version it was given by."""
    limit = rules_behind(promise, registers).limit(service, promise.name)
    assert limit is not None
    calendar = known_calendar(promise.calendar, registers)
    return explain_deadline(limit, promise.started_at, calendar, pauses, extended_by)
