"""The registers, folded from the log: points, advisers, calendars, policies, forms, appointments.

Deciders look them up beside their own stream; views resolve codes by them.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

from domain.aggregates import REFERENCE_TOPICS
from domain.moment import STORIES, KnownRegisters
from domain.vocabulary import Event
from ledger.log.codec import Recorded

FRESH_S: Final = 1.0
"""How old the folded registers may be before a decision looks for newer reference events."""
SELECT_NEWER: Final = """
    SELECT * FROM log_events
     WHERE topic = ANY(%(topics)s) AND notification_id > %(after)s
     ORDER BY notification_id
"""
REFERENCE_EVENTS: Final[frozenset[type[Event]]] = frozenset(
    event for story in STORIES for event in story.EVENTS
)


class RegisterFold:
    """The registers as of `position`, moved on by the reference events that follow."""

    def __init__(self) -> None:
        self.position = 0
        self._asked_s = float("-inf")
        self._fresh_s = float("-inf")
        self._expired_s = float("-inf")
        self._known = KnownRegisters()
        self.registers: Final = self._known.registers

    @property
    def stale(self) -> bool:
        return self._fresh_s <= self._expired_s or time.monotonic() - self._fresh_s > FRESH_S

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of `SELECT_NEWER`; the cache counts as fresh from now."""
        self._asked_s = time.monotonic()
        return {"topics": list(REFERENCE_TOPICS), "after": self.position}

    def feed(self, events: Iterable[Recorded]) -> None:
        """Fold reference events in log order; skip other events and those already folded."""
        for recorded in events:
            if recorded.position is not None and recorded.position <= self.position:
                continue
            taken = self._known.take(recorded.originator_id, recorded.event)
            if taken and recorded.position is not None:
                self.position = recorded.position
        self._fresh_s = self._asked_s

    def expire_if(self, written: Iterable[Recorded]) -> None:
        """Expire the cache if this process itself wrote a reference event."""
        if any(type(recorded.event) in REFERENCE_EVENTS for recorded in written):
            self._expired_s = time.monotonic()
