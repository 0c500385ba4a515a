"""The check of the time limits of a policy that is to be published."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, get_args

from domain.registers.policy import EVERY_SERVICE, PolicyVersion
from domain.vocabulary import CriticismChannel, Refused, Service
from domain.worktime.calendar import TimeLimit, Unit

LIMITED: Final = (EVERY_SERVICE, *get_args(Service), "rectification")
"""What has time limits."""
COMPLAINT: Final = "complaint"
LONGEST: Final[Mapping[Unit, int]] = {
    "hour": 366 * 24, "working_hour": 366 * 24, "calendar_day": 366, "working_day": 366,
    "month": 12,
}  # fmt: skip
"""A promise ends within the years that calendars have: one is published a year ahead."""


class LimitOfUnknownService(Refused):
    """时限规则写的服务种类不存在，这条时限永远不会适用；请核对写法"""


class LimitTooLong(Refused):
    """时限（或者一次延长）不能长于一年：工作日历没有那么远，所有事项都会无法登记"""


class DefaultLimitGone(Refused):
    """上一版本对所有服务的时限在新版本中没有了；请保留，或者改为新的时限"""


def faults(
    policy: PolicyVersion, before: PolicyVersion | None = None
) -> Iterator[tuple[tuple[str, ...], Refused]]:
    """Yield the refusals of a version's limits, each with the place in it; `before` is the version
    that it follows."""
    for key, limit in policy.limits.items():
        if unknown := _unknown(key):
            yield ("limits", key), LimitOfUnknownService(unknown)
        for name in ("amount", "extension_amount_max"):
            if getattr(limit, name) > LONGEST[limit.unit]:
                yield ("limits", key, name), LimitTooLong(_longest(key, limit))
    for key in before.limits if before else ():
        if key.startswith(f"{EVERY_SERVICE}/") and key not in policy.limits:
            yield ("limits",), DefaultLimitGone(key)


def _unknown(key: str) -> str | None:
    """Tell of a key whose service does not exist what is written most like it."""
    service, slash, name = key.rpartition("/")
    whole, _, variant = service.partition(".")
    if whole not in LIMITED:
        near = get_close_matches(whole, LIMITED, 1)
        return f"{key}；相近的有：{near[0]}{slash}{name}" if near else key
    channels = get_args(CriticismChannel)
    if whole == COMPLAINT and variant and variant not in channels:
        near = get_close_matches(variant, channels, 1)
        return f"{key}；相近的有：{whole}.{near[0]}{slash}{name}" if near else key
    return None


def _longest(key: str, limit: TimeLimit) -> str:
    return f"{key}；最长 {TimeLimit(amount=LONGEST[limit.unit], unit=limit.unit).in_words()}"
