"""Policies and calendars as known at a position: the rules that views judge by."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from msgspec import Struct

from domain.moment import KnownRegisters
from domain.registers import calendar_publication, policy
from domain.registers.calendar_publication import PublishedCalendar
from domain.registers.point import CalendarUnknown
from domain.registers.policy import Policy
from domain.worktime.calendar import Calendar
from ledger.log.codec import UNREADABLE, LedgerMapper
from projections.asking.asking import Query

TOPICS: Final = tuple(one.topic for kind in (policy, calendar_publication) for one in kind.EVENTS)
KEPT_MAX: Final = 16
"""Folded states kept in the cache."""
PUBLISHED: Final = """
    SELECT originator_id AS stream, topic, state FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id <= %(position)s ORDER BY notification_id
"""


class Published(Struct, frozen=True):
    """A publication as it is stored in the log."""

    stream: UUID
    topic: str
    state: bytes


class RulesKnown(Struct, frozen=True):
    """Policies, and the newest version of each calendar, by code."""

    policies: Mapping[str, Policy]
    calendars: Mapping[str, Calendar]
    published: Mapping[str, PublishedCalendar]
    """All versions of each calendar, by code."""

    @property
    def calendar(self) -> Calendar:
        """The calendar published first: the working days of the law are the same in each.

        Raises: CalendarUnknown — when none is published.
        """
        for calendar in self.calendars.values():
            return calendar
        raise CalendarUnknown

    def duty_calendar(self, own: str | None, month: date) -> Calendar:
        """The calendar that judges the duties of a month: the unit's own (`code` or
        `code@version`), or the one published first, in the version that binds then.

        Raises: CalendarUnknown — when none is published.
        """
        code = own.partition("@")[0] if own else self.calendar.code
        return self.published[code].binding_on(month.replace(day=1))

    @property
    def as_dated(self) -> "RulesKnown":
        """The rules, if whatever was published reached back as far as it is dated."""
        return RulesKnown(
            {code: one.as_dated for code, one in self.policies.items()},
            self.calendars,
            {code: one.as_dated for code, one in self.published.items()},
        )


def published(position: int) -> Query[Published]:
    return Query(PUBLISHED, {"topics": list(TOPICS), "position": position}, Published)


def known(found: Sequence[Published]) -> RulesKnown:
    """Fold the publications; the result is cached, since it seldom changes."""
    return _folded(tuple(found))


@lru_cache(KEPT_MAX)
def _folded(found: tuple[Published, ...]) -> RulesKnown:
    mapper, known = LedgerMapper(), KnownRegisters()
    calendars: dict[UUID, PublishedCalendar] = {}
    for one in found:
        try:
            event = mapper.entry(one.topic, one.state).data
        except UNREADABLE:
            continue
        known.take(one.stream, event)
        if isinstance(event, calendar_publication.CalendarEvent):
            calendars[one.stream] = calendar_publication.evolve(calendars.get(one.stream), event)
    return RulesKnown(
        known.registers.policies,
        {one.newest.code: one.newest for one in calendars.values()},
        {one.newest.code: one for one in calendars.values()},
    )
