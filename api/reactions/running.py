"""Runs the policies beside the views.

The log wakes them for reactions to events, a timer for reactions to the clock. One process owns
them by an advisory lock; others stand by.
"""

import logging
import threading
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg.rows import class_row

from api.demo.demo import found_in
from api.reactions import NAMES, RECTIFICATION
from api.reactions.orders import Orders
from api.reactions.status import FAILED, FORGET, LOOKED, OWNERS, WAITS, faults_of, ready
from api.reactions.watch import Watch
from domain.moment import CLOCK_SKEW
from ledger.log import reading
from ledger.log.clock import CLOCK, Clock, apart
from ledger.log.decision import TooContended
from projections.oversight import promises

log = logging.getLogger(__name__)

POLL_S: Final = 1.0
"""How often the log is looked at when no notification comes."""
WAIT_STEP_S: Final = 0.05
"""How often, while the view of promises is behind."""
RETRY_S: Final = 0.5
FAILED_S: Final = 10.0
REACHED: Final = """
    SELECT t.notification_id >= %(goal)s
      FROM log_tracking t JOIN views.versions v ON v.name = t.application_name
     WHERE t.application_name = %(name)s AND v.version = %(version)s
"""
EVERY_S: Final = 30.0


class Policies:
    """The policies of one process, for as long as it owns them."""

    def __init__(self, url: str, connection: psycopg.Connection[Any]) -> None:
        ready(connection)
        self._connection = connection
        self.orders = Orders(url)
        self._watch = Watch(self.orders)
        self._looking: tuple[datetime, int] | None = None
        self._off = False
        """Whether the clocks did not agree when last looked at."""

    def __enter__(self) -> "Policies":
        return self

    def __exit__(self, *_: object) -> None:
        self.orders.close()

    def begin(self) -> None:
        """Retry earlier faults: the program may be a newer one."""
        faults = faults_of(self._connection, list(NAMES))
        for policy in {name for name, _ in faults} - {RECTIFICATION}:
            positions = [position for name, position in faults if name == policy]
            self._connection.execute(FORGET, [policy, positions])
        self.orders.try_again([position for name, position in faults if name == RECTIFICATION])

    def held_back(self) -> bool:
        """Return whether a demonstration is being imported, which brings its own follow-ups, or the
        clocks do not agree: what they say is due would stay in the log for ever."""
        if self._clock_off():
            return True
        demo = found_in(self._connection)
        waits = demo is not None and not demo.complete
        if waits:
            self._wait_for("the demonstration to be complete")
        return waits

    def _clock_off(self) -> bool:
        with self._connection.cursor(row_factory=class_row(Clock)) as cursor:
            clock = cursor.execute(CLOCK).fetchone()
        off = clock is not None and (clock.off or apart(clock, datetime.now(UTC)) > CLOCK_SKEW)
        if off and not self._off:
            log.error("the clocks do not agree (ours, the database's, the last record): %s", clock)
            self._wait_for("the clocks of the server, the database and the last record to agree")
        self._off = off
        return off

    def follow(self) -> None:
        self.orders.follow()

    def look(self, now: datetime) -> bool:
        """Do what is due; return False while the view of promises is behind.

        The view must hold all events recorded before the look began.
        """
        if self._looking is None:
            self._looking = (now, reading.head(self._connection))
        began, goal = self._looking
        asked = {"goal": goal, "name": promises.NAME, "version": promises.VIEW.VERSION}
        row = self._connection.execute(REACHED, asked).fetchone()
        if goal and not (row and row[0]):
            self._wait_for(f"the view {promises.NAME} to reach {goal}")
            return False
        self._looking = None
        self._watch.look(self._connection, began)
        self._connection.execute(LOOKED, [began])
        return True

    def failed(self, error: Exception) -> None:
        """Start a look anew after an error."""
        self._looking = None
        self._connection.execute(FAILED, [repr(error)])

    def _wait_for(self, what: str) -> None:
        self._connection.execute(WAITS, {"what": what})


class PolicyRunner:
    """Runs the policies in a loop; `every_s` is the interval between two looks at the clock."""

    def __init__(self, url: str, every_s: float = EVERY_S) -> None:
        self._url = url
        self._every_s = every_s

    def run(self, stop: threading.Event) -> None:
        """Run until stopped; wait for a lost database, and log every other error."""
        while not stop.is_set():
            try:
                self._run(stop)
            except (psycopg.OperationalError, PersistenceError, TooContended) as error:
                log.warning("policies wait for the database: %s", error)
                stop.wait(RETRY_S)
            except Exception as error:
                log.error("policies failed: %s", type(error).__name__)
                stop.wait(FAILED_S)

    def _run(self, stop: threading.Event) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("LISTEN log_events")
            while not _own(connection):
                if stop.wait(POLL_S):
                    return
            with Policies(self._url, connection) as policies:
                policies.begin()
                next_look = monotonic()
                while not stop.is_set():
                    pause = POLL_S
                    if not policies.held_back():
                        policies.follow()
                        if monotonic() >= next_look:
                            if self._look(policies):
                                next_look = monotonic() + self._every_s
                            else:
                                pause = WAIT_STEP_S
                    for _ in connection.notifies(timeout=pause, stop_after=1):
                        pass

    def _look(self, policies: Policies) -> bool:
        """Look at the clock; return whether the next look may wait."""
        try:
            return policies.look(datetime.now(UTC))
        except (psycopg.OperationalError, PersistenceError):
            raise
        except Exception as error:
            log.error("the look at the clock failed: %s", type(error).__name__)
            policies.failed(error)
            return True


def _own(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, 1)", [OWNERS]).fetchone()
    return bool(row and row[0])
