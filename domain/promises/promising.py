"""Giving promises: deadlines by a rule and a calendar, to a person or between units.

A promise is started, paused, extended and kept. Its result stays: a new round gives new promises.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.moment import Moment, Registers, known_calendar
from domain.promises.promise import Promise
from domain.registers.policy import (
    LIMITS_POLICY,
    NoPolicyInForce,
    PolicyUnknown,
    PolicyVersion,
)
from domain.vocabulary import Refused
from domain.worktime.calendar import Calendar, Pause, Step, explain_deadline

PARTIES: Final = "parties"
"""Approver of an extension that no office gives: all parties agree to it."""


class PromiseNotRunning(Refused):
    """没有这项进行中的时限"""


class ExtensionNotAllowed(Refused):
    """按规则不能延期，或已达到延期次数上限"""


class ExtensionTooLong(Refused):
    """延期超过规则允许的长度"""


class ExtensionTooLate(Refused):
    """期限已过，不能再延期"""


class NotTheApprover(Refused):
    """须由规则规定的负责人批准"""


class PartiesMustAgree(Refused):
    """延期须经各方当事人同意"""


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


def approved_extension(
    promise: Promise,
    service: str,
    granted: Sequence[int],
    amount: int,
    moment: Moment,
    *,
    agreed: bool = False,
) -> str:
    """Return who approves more time, the actor or `PARTIES`, by the rules that the promise was
    given by; one rule for all things.

    granted: the extensions it has had
    agreed: all parties agree to it

    Raises: ExtensionNotAllowed, ExtensionTooLong, PartiesMustAgree, NotTheApprover,
    ExtensionTooLate.
    """
    limit = rules_behind(promise, moment.registers).limit(service, promise.name)
    if limit is None or len(granted) >= limit.extensions_max:
        raise ExtensionNotAllowed
    if amount > limit.extension_amount_max:
        raise ExtensionTooLong(f"{limit.extension_amount_max}")
    if limit.extension_approver == PARTIES:
        if not agreed:
            raise PartiesMustAgree
    elif moment.by.role != limit.extension_approver:
        raise NotTheApprover(limit.extension_approver or "")
    if moment.occurred_at > promise.due:
        raise ExtensionTooLate
    return PARTIES if limit.extension_approver == PARTIES else moment.by.account


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
