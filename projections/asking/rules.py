"""Policies and calendars as known at a position: the rules that views judge by."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final
from uuid import UUID

from msgspec import Struct

from domain.moment import KnownRegisters
from domain.registers import calendar_publication, policy
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

    @property
    def calendar(self) -> Calendar:
        """The calendar published first: the working days of the law are the same in each.

        Raises: CalendarUnknown — when none is published.
        """
        for calendar in self.calendars.values():
            return calendar
        raise CalendarUnknown


def published(position: int) -> Query[Published]:
    return Query(PUBLISHED, {"topics": list(TOPICS), "position": position}, Published)


def known(found: Sequence[Published]) -> RulesKnown:
    """Fold the publications; the result is cached, since it seldom changes."""
    return _folded(tuple(found))


@lru_cache(KEPT_MAX)
def _folded(found: tuple[Published, ...]) -> RulesKnown:
    mapper, known = LedgerMapper(), KnownRegisters()
    for one in found:
        with suppress(*UNREADABLE):
            known.take(one.stream, mapper.entry(one.topic, one.state).data)
    calendars = known.registers.calendars
    newest = {code: one for code, one in calendars.items() if code == one.code}
    return RulesKnown(known.registers.policies, newest)
