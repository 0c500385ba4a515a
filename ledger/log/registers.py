"""The registers, folded from the log: points, advisers, calendars, policies, forms, appointments.

Deciders look them up beside their own stream; views resolve codes by them.
"""

import time
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from domain.aggregates import REFERENCE_TOPICS
from domain.moment import STORIES, KnownRegisters
from domain.vocabulary import Event
from ledger.log.codec import UNREADABLE, LedgerMapper, Recorded
from ledger.log.recorder import stored_event

FRESH_S: Final = 1.0
"""How old the folded registers may be before a decision looks for newer reference events."""
SELECT_HEAD: Final = "SELECT position FROM log_head"
SELECT_NEWER: Final = """
    SELECT log_head.position AS head, log_events.*
      FROM log_head
      LEFT JOIN log_events ON topic = ANY(%(topics)s) AND notification_id > %(after)s
     ORDER BY notification_id
"""
"""With the head in every row, and in one without an event where there is none: the next look begins
there. A database that has not counted its topics yet reads all that follows `after`, each second.
"""
REFERENCE_EVENTS: Final[frozenset[type[Event]]] = frozenset(
    event for story in STORIES for event in story.EVENTS
)


class RegisterFault(Struct, frozen=True):
    """A reference event that was passed over, because it cannot be read or folded."""

    position: int
    topic: str
    error: str
    """It may quote what people wrote: not for logs."""


class RegisterFold:
    """The registers as of `position`, moved on by the reference events that follow.

    One that cannot be read or folded is passed over: it must not stop everybody's work.
    """

    def __init__(self) -> None:
        self.position = 0
        """Of the newest reference event: what is derived from the registers holds as long."""
        self._looked_to = 0
        self.faults: Final[list[RegisterFault]] = []
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
        return {"topics": list(REFERENCE_TOPICS), "after": self._looked_to}

    def read(self, rows: Iterable[dict[str, Any]], mapper: LedgerMapper) -> None:
        """Fold the rows of `SELECT_NEWER`."""
        head = self._looked_to
        for row in rows:
            head = row["head"]
            if row["notification_id"] is None or row["notification_id"] <= self.position:
                continue
            try:
                recorded = mapper.recorded(stored_event(row))
            except UNREADABLE as error:
                self._pass_over(row["notification_id"], row["topic"], error)
            else:
                self._take(recorded)
        self._looked_to = max(self._looked_to, head)
        self._fresh_s = self._asked_s

    def feed(self, events: Iterable[Recorded]) -> None:
        """Fold reference events in log order; skip other events and those already folded."""
        for recorded in events:
            if recorded.position is None or recorded.position > self.position:
                self._take(recorded)
        self._fresh_s = self._asked_s

    def _take(self, recorded: Recorded) -> None:
        try:
            taken = self._known.take(recorded.originator_id, recorded.event)
        except Exception as error:
            self._pass_over(recorded.position or 0, recorded.event.topic, error)
        else:
            if taken and recorded.position is not None:
                self.position = recorded.position

    def _pass_over(self, position: int, topic: str, error: Exception) -> None:
        self.faults.append(RegisterFault(position, topic, repr(error)))
        self.position = position

    def ahead(self) -> KnownRegisters:
        """Return a copy to be moved on by what is decided and not yet in the log."""
        return self._known.copy()

    def expire_if(self, written: Iterable[Recorded]) -> None:
        """Expire the cache if this process itself wrote a reference event."""
        if any(type(recorded.event) in REFERENCE_EVENTS for recorded in written):
            self._expired_s = time.monotonic()
