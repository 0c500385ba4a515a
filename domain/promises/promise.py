"""The state of a promise 时限: its deadline, whether it runs, how it ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from msgspec import Struct

from domain.registers.policy import PolicyVersion
from domain.worktime.calendar import Calendar, Pause, deadline

PromiseName = Literal[
    "first_response", "close", "acknowledge", "assign", "return", "answer", "review"
]


class Promise(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline given to a person, with the rules it was computed from.

    Reopening gives new promises in the next round; those of earlier rounds stay as they ended.
    """

    KEY: ClassVar = ("name", "round", "started_at")

    name: PromiseName
    round: int = 1
    started_at: datetime
    due: datetime
    policy: str
    calendar: str
    provisional: bool = False


class PromiseResult(Struct, frozen=True, kw_only=True):
    """The end of a promise; `kept=False` means cancelled, not missed."""

    KEY: ClassVar = ("promise.name", "promise.round", "promise.started_at")

    promise: Promise
    ended_at: datetime
    kept: bool
    pauses: tuple[Pause, ...] = ()
    extended_by: tuple[int, ...] = ()

    @property
    def in_time(self) -> bool:
        return self.kept and self.ended_at <= self.promise.due


class Clock(NamedTuple):
    """The start of promises, their pauses and their extensions."""

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
    """Return the promises that the rules give for a service.

    There are none without a calendar, a policy or a limit.
    """
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
