"""Small commands for the log's tests, and what the log says of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import class_row

from domain.registration.point_commands import OpenPoint
from domain.requests.request_commands import AddNote, CloseRequest, LogRequest
from domain.vocabulary import Actor, stream_id
from ledger.log.codec import LedgerEvent
from ledger.log.recorder import APPEND, Outcome, Versions, append_parameters

WHEN: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOTE: Final = "request.note_added/1"
GAPS: Final = """
    SELECT (SELECT count(*) FROM log_events) AS events,
           (SELECT position FROM log_head) AS head,
           (SELECT count(*) FROM log_events
             WHERE notification_id NOT BETWEEN 1 AND (SELECT position FROM log_head)) AS outside
"""


def written(
    *stream_versions: tuple[UUID, int], command_id: UUID | None = None, digest: bytes | None = None
) -> list[LedgerEvent]:
    """The events of one command, one for each stream and version."""
    command = command_id or uuid4()
    return [
        LedgerEvent(
            originator_id=stream,
            originator_version=version,
            topic=NOTE,
            state=b'{"by":{"account":"a","role":"clerk","unit":"R"},"data":{"text":"%d"}}'
            % version,
            event_id=uuid4(),
            command_id=command,
            command_digest=digest,
            occurred_at=WHEN,
        )
        for stream, version in stream_versions
    ]


def append(
    connection: psycopg.Connection[Any],
    *commands: Sequence[LedgerEvent],
    seen: Sequence[Versions] = (),
) -> list[Outcome]:
    """All commands in one flush."""
    with connection.cursor(row_factory=class_row(Outcome)) as cursor:
        return cursor.execute(APPEND, append_parameters(commands, seen)).fetchall()


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def gapless(connection: psycopg.Connection[Any]) -> int:
    """The head, after checking that the log has each position up to it exactly once."""
    row = connection.execute(GAPS).fetchone()
    assert row is not None
    events, head, outside = row
    assert (events, outside) == (head, 0)
    return int(head)


# --- commands of the domain that need nothing else in the log

CLERK: Final = Actor(account="clerk-1", role="duty_officer", unit="STALL-1")
STALL: Final = stream_id("point", "STALL-1")
OPEN_STALL: Final = OpenPoint(
    code="STALL-1",
    kind="featured",
    name="集市咨询台",
    division="440103001001",
    division_source="2023 统计用区划代码",
    valid_from=date(2020, 1, 1),
)
LOG_REQUEST: Final = LogRequest(
    point="STALL-1", channel="counter", service="consultation", subject="拖欠工资"
)
NOTE_IT: Final = AddNote(text="已电话告知")
WITHDRAWN: Final = CloseRequest(kind="withdrawn")
