"""What is written for COPY is what PostgreSQL reads."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from projections.storing.copy_format import FIELD, HEAD, NULL, TAIL
from tests.databases import Database

ID: Final = UUID("00000000-0000-4000-8000-0000000000ff")
EAST: Final = timezone(timedelta(hours=8))
EXAMPLES: Final[dict[str, tuple[Any, ...]]] = {
    "bigint": (0, -1, 2**63 - 1, -(2**63)),
    "boolean": (True, False),
    "date": (date(2026, 3, 2), date(1949, 10, 1), date(2199, 12, 31)),
    "integer": (0, 2**31 - 1, -(2**31)),
    "integer[]": ([], [1, -2, 3]),
    "jsonb": ({"投诉": [1, None, "\\N\t\n"]}, []),
    "smallint": (0, 2**15 - 1, -(2**15)),
    "text": ("", "态度生硬", "\\N\t\n\r\"'", "😀"),
    "text[]": ([], ["", "NULL", "{,}", "你"]),
    "date[]": ([], [date(2026, 3, 2), date(1999, 12, 31)]),
    "timestamptz": (
        datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=EAST),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ),
    "timestamptz[]": ([], [datetime(2026, 3, 2, tzinfo=UTC)]),
    "uuid": (ID,),
    "uuid[]": ([], [ID, ID]),
}


def test_every_type_of_a_column_has_an_example() -> None:
    assert EXAMPLES.keys() == FIELD.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_postgresql_reads_what_was_written(kind: str, database: Database) -> None:
    rows = [*((FIELD[kind](value)) for value in EXAMPLES[kind]), NULL]
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TEMPORARY TABLE row (number serial, value {kind})")
        with connection.cursor().copy("COPY row (value) FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEAD + b"".join(b"\0\1" + row for row in rows) + TAIL)
        read = connection.execute("SELECT value FROM row ORDER BY number").fetchall()
    assert [row[0] for row in read] == [*EXAMPLES[kind], None]


def test_a_text_is_stored_without_the_character_that_postgresql_does_not_have() -> None:
    assert FIELD["text"]("a\0b") == FIELD["text"]("a b")
