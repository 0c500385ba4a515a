"""The library's PostgreSQL recorders over our log.

They write through `log_append`, which orders, checks and stamps events, and read the columns of the
log beside those of the library.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, Literal
from uuid import UUID

from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    Notification,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresProcessRecorder,
    PostgresTrackingRecorder,
)
from eventsourcing.utils import Environment, retry
from msgspec import Struct
from psycopg.conninfo import conninfo_to_dict

from ledger.log.clock import refuse_clock
from ledger.log.codec import LedgerEvent, LedgerNotification, LogColumns, uuid7

EVENTS_TABLE: Final = "log_events"
TRACKING_TABLE: Final = "log_tracking"
APPEND: Final = """
    SELECT outcome, first_position, last_position, originator_id, originator_version, recorded_at
      FROM log_append(
        %b::integer[], %b::uuid[], %b::bytea[],
        %b::uuid[], %b::bigint[], %b::timestamptz[], %b::uuid[], %b::text[], %b::bytea[],
        %b::integer[], %b::uuid[], %b::bigint[])
"""
RESULT_OF_COMMAND: Final = """
    SELECT CASE WHEN first.command_digest IS NOT DISTINCT FROM %(digest)s
                  OR (first.command_digest = %(earlier_digest)s
                      AND first.occurred_at = %(occurred_at)s)
                THEN 'repeated' ELSE 'mismatch' END AS outcome,
           first.notification_id AS first_position, last.notification_id AS last_position,
           last.originator_id, last.originator_version, last.recorded_at
      FROM log_events first
      JOIN log_events last
        ON last.notification_id = first.notification_id + first.command_events - 1
     WHERE first.command_id = %(command_id)s AND first.command_events > 0
"""
SELECT_STREAM: Final = (
    "SELECT * FROM log_events WHERE originator_id = %(stream)s ORDER BY originator_version"
)
SELECT_STREAMS: Final = """
    SELECT * FROM log_events
     WHERE originator_id = ANY(%(streams)s)
     ORDER BY originator_id, originator_version
"""
SELECT_EVENTS: Final = """
    SELECT * FROM log_events
     WHERE originator_id = %(id)s
       AND originator_version > coalesce(%(gt)s::bigint, -1)
       AND originator_version <= coalesce(%(lte)s::bigint, 9223372036854775807)
     ORDER BY originator_version LIMIT %(limit)s::bigint
"""
SELECT_EVENTS_DESCENDING: Final = SELECT_EVENTS.replace(
    "ORDER BY originator_version", "ORDER BY originator_version DESC"
)
SELECT_NOTIFICATIONS: Final = """
    SELECT * FROM log_events
     WHERE notification_id > coalesce(%(after)s::bigint, 0)
       AND notification_id <= coalesce(%(stop)s::bigint, 9223372036854775807)
       AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s::text[]))
     ORDER BY notification_id LIMIT %(limit)s
"""


Versions = Mapping[UUID, int]
"""Streams that a decision looked at → the version at which it saw each, 0 where nothing stood."""
NOTHING_SEEN: Final[Versions] = MappingProxyType({})


class CommandIdReused(IntegrityError):
    """这个操作编号已用于另一个操作"""


class Outcome(Struct, frozen=True):
    """Outcome of one command: a row of `log_append`."""

    outcome: Literal["stored", "repeated", "conflict", "mismatch"]
    first_position: int | None
    last_position: int | None
    originator_id: UUID
    """Stream of the command's last event."""
    originator_version: int
    """Version of that event; after a conflict, the version of the stream in the log."""
    recorded_at: datetime | None

    @property
    def positions(self) -> range:
        """The positions of the command's events in the log."""
        assert self.first_position is not None
        assert self.last_position is not None
        return range(self.first_position, self.last_position + 1)


def append_parameters(
    commands: Sequence[Sequence[LedgerEvent]], seen: Sequence[Versions] = ()
) -> list[list[Any] | None]:
    """Build parallel arrays for `APPEND`: as binary arrays they cost far less than composites.

    seen: of each command, what its decision read and does not write; none where left out
    """
    flat = [event for command in commands for event in command]
    read = [(c, *one) for c, versions in enumerate(seen, start=1) for one in versions.items()]
    return [
        [len(command) for command in commands],
        [command[0].command_id for command in commands],
        [command[0].command_digest for command in commands],
        [event.originator_id for event in flat],
        [event.originator_version for event in flat],
        [event.occurred_at for event in flat],
        [event.event_id for event in flat],
        [event.topic for event in flat],
        [event.state for event in flat],
        # Nearly always nothing was read: NULL costs the driver less than three empty arrays.
        *([one[part] for one in read] if read else None for part in range(3)),
    ]


def by_command(stored_events: Iterable[StoredEvent]) -> list[list[LedgerEvent]]:
    """Group events by command; an event without an envelope gets one."""
    batch, now = uuid7(), datetime.now(UTC)
    whole = [
        event if isinstance(event, LedgerEvent) else _enveloped(event, batch, now)
        for event in stored_events
    ]
    return [list(group) for _, group in groupby(whole, key=lambda event: event.command_id)]


def _enveloped(event: StoredEvent, command_id: UUID, now: datetime) -> LedgerEvent:
    return LedgerEvent(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=event.topic,
        state=event.state,
        event_id=uuid7(),
        command_id=command_id,
        occurred_at=now,
    )


def stored_event(row: dict[str, Any]) -> LedgerEvent:
    """Build the library's stored event from a row of `log_events`."""
    return LedgerEvent(**_library_columns(row), **_log_columns(row))


def notification(row: dict[str, Any]) -> LedgerNotification:
    """Build the library's notification from a row of `log_events`."""
    columns = {**_library_columns(row), **_log_columns(row)}
    return LedgerNotification(id=row["notification_id"], **columns)


def _library_columns(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("originator_id", "originator_version", "topic", "state")}


def _log_columns(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row["notification_id" if name == "position" else name]
        for name in LogColumns.__dataclass_fields__
    }


class LedgerRecorder(PostgresApplicationRecorder):
    """Recorder that appends with `log_append`: idempotent by command id, with gapless positions."""

    def __init__(
        self, datastore: PostgresDatastore, *, events_table_name: str = EVENTS_TABLE, **_: Any
    ) -> None:
        assert events_table_name == EVENTS_TABLE, "there is one log, and migrations make its table"
        super().__init__(datastore, events_table_name=events_table_name)

    def create_table(self) -> None:
        """Do nothing: migrations make the tables of the log (`ledger.schema`)."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append events and return their positions; a repeated command returns its first positions.

        A list given as `outcomes` receives the outcome of each command. `seen` is of the one
        command whose events these are.

        Raises: IntegrityError — when a stream has moved on. CommandIdReused — when a command id
        belongs to another command.
        """
        outcomes: list[Outcome] = kwargs.pop("outcomes", [])
        seen: Versions = kwargs.pop("seen", NOTHING_SEEN)
        outcomes += self._append(by_command(stored_events), [seen] if seen else [], **kwargs)
        return [position for result in outcomes for position in result.positions] or None

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _append(
        self, commands: list[list[LedgerEvent]], seen: list[Versions], **kwargs: Any
    ) -> list[Outcome]:
        """Append all commands or none.

        Raises: IntegrityError — when one of them cannot be appended. ClockOff.
        """
        try:
            return self._append_together(commands, seen, **kwargs)
        except (DatabaseError, InternalError) as error:
            refuse_clock(error)
            raise

    def _append_together(
        self, commands: list[list[LedgerEvent]], seen: list[Versions], **kwargs: Any
    ) -> list[Outcome]:
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            rows: list[dict[str, Any]] = []
            if commands:
                asked = append_parameters(commands, seen)
                rows = cursor.execute(APPEND, asked, prepare=True).fetchall()
            outcomes = [Outcome(**row) for row in rows]
            for command, result in zip(commands, outcomes, strict=True):
                _refuse(command, result)
            try:
                self._insert_events(cursor, [], **kwargs)
            except IntegrityError:
                # Everything is in the log already: so is the tracking, if the connection was lost
                # between the commit and its answer.
                if not outcomes or any(result.outcome != "repeated" for result in outcomes):
                    raise
        return outcomes

    def result_of(self, named: dict[str, Any]) -> Outcome | None:
        """Return the outcome of a command that is in the log; None when its id is unknown."""
        rows = self.rows(RESULT_OF_COMMAND, named)
        return Outcome(**rows[0]) if rows else None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Select the events of a stream, as the library does, with the columns of the log."""
        query = SELECT_EVENTS_DESCENDING if desc else SELECT_EVENTS
        asked = {"id": originator_id, "gt": gt, "lte": lte, "limit": limit}
        return [stored_event(row) for row in self.rows(query, asked)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Select the log from a position on, as the library does, with the columns of the log."""
        after = None if start is None else start - 1 if inclusive_of_start else start
        asked = {"after": after, "stop": stop, "topics": list(topics) or None, "limit": limit}
        return [notification(row) for row in self.rows(SELECT_NOTIFICATIONS, asked)]

    def rows(self, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Run a query; retry it after a lost connection."""
        found: list[dict[str, Any]] = self._rows(query, asked)
        return found

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def _rows(self, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            return cursor.execute(query, asked, prepare=True, binary=True).fetchall()


def _refuse(command: list[LedgerEvent], result: Outcome) -> None:
    first = command[0]
    if result.outcome == "conflict":
        at = f"{result.originator_id} is at version {result.originator_version}"
        raise IntegrityError(f"command {first.command_id} does not follow: stream {at}")
    if result.outcome == "mismatch":
        raise CommandIdReused(f"command {first.command_id} was used for something else")
    if len(result.positions) != len(command):
        raise IntegrityError(f"command {first.command_id} is in the log with other events")


class LedgerTracking(PostgresTrackingRecorder):
    """Exactly-once positions of the views, in the tracking table of the log."""

    def __init__(
        self, datastore: PostgresDatastore, *, tracking_table_name: str = TRACKING_TABLE, **_: Any
    ) -> None:
        assert tracking_table_name == TRACKING_TABLE
        super().__init__(datastore, tracking_table_name=tracking_table_name)

    def create_table(self) -> None:
        """Do nothing: a migration makes the table, with autovacuum for its frequent updates."""


class LedgerProcessRecorder(LedgerTracking, LedgerRecorder, PostgresProcessRecorder):
    """Recorder of events and tracking in one transaction: a follow-up happens exactly once."""

    def __init__(
        self,
        datastore: PostgresDatastore,
        *,
        events_table_name: str = EVENTS_TABLE,
        tracking_table_name: str = TRACKING_TABLE,
    ) -> None:
        PostgresProcessRecorder.__init__(
            self,
            datastore,
            events_table_name=events_table_name,
            tracking_table_name=tracking_table_name,
        )


class Factory(PostgresFactory):
    """Factory named by PERSISTENCE_MODULE=ledger.log.recorder:Factory; connects by LEDGER_URL."""

    LEDGER_URL = "LEDGER_URL"
    application_recorder_class = LedgerRecorder
    tracking_recorder_class = LedgerTracking
    process_recorder_class = LedgerProcessRecorder

    def __init__(self, env: Environment) -> None:
        url = env.get(self.LEDGER_URL)
        assert url is not None, "the ledger connects by LEDGER_URL"
        super().__init__(env)
        # The library knows five settings; a URL can say more (passfile, sslmode, options).
        kwargs = self.datastore.pool.kwargs
        assert isinstance(kwargs, dict)
        for setting in ("dbname", "host", "port", "user", "password"):
            del kwargs[setting]
        kwargs |= conninfo_to_dict(url)


def library_environment(url: str) -> dict[str, str]:
    """Return the settings that make the library use our recorders on a libpq URL."""
    return {
        "PERSISTENCE_MODULE": f"{__name__}:{Factory.__name__}",
        "CREATE_TABLE": "no",
        Factory.LEDGER_URL: url,
        "POSTGRES_DBNAME": "see LEDGER_URL",
        "POSTGRES_HOST": "see LEDGER_URL",
        "POSTGRES_USER": "see LEDGER_URL",
        "POSTGRES_PASSWORD": "see LEDGER_URL",
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "15",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "no",
    }
