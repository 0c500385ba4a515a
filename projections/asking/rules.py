"""Policies and calendars as known at a position: the rules that views judge by."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from domain.registers import calendar_publication, policy
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.point import CalendarUnknown
from domain.registers.policy import Policy, PolicyPublished
from domain.worktime.calendar import Calendar
from ledger.log.codec import LedgerMapper
from projections.asking.asking import Query

TOPICS: Final = tuple(one.topic for kind in (policy, calendar_publication) for one in kind.EVENTS)
KEPT_MAX: Final = 16
"""Folded states kept in the cache."""
PUBLISHED: Final = """
    SELECT topic, state FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id <= %(position)s ORDER BY notification_id
"""


class Published(Struct, frozen=True):
    """A publication as it is stored in the log."""

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
    return _folded(tuple((one.topic, one.state) for one in found))


@lru_cache(KEPT_MAX)
def _folded(found: tuple[tuple[str, bytes], ...]) -> RulesKnown:
    mapper = LedgerMapper()
    policies: dict[str, Policy] = {}
    calendars: dict[str, Calendar] = {}
    for topic, state in found:
        match mapper.entry(topic, state).data:
            case PolicyPublished() as event:
                code = event.policy.code
                policies[code] = policy.evolve(policies.get(code), event)
            case CalendarPublished(calendar=calendar):
                calendars[calendar.code] = calendar
    return RulesKnown(policies, calendars)
