"""A view by the domain's own fold: rows that supersede one another, and nothing remembered."""

from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest

from domain.registers import point
from domain.registration.point_commands import ClosePoint, OpenPoint, RenamePoint, ReopenPoint
from domain.vocabulary import Command, stream_id
from ledger.log import reading
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.store import Ledger
from projections.asking.asking import NEVER
from projections.storing.standings import WHOLE, Change, Memory, Standings, Values
from tests.databases import Database
from tests.examples import ADMIN, NOON, OPENED
from tests.examples import STALL as SECOND

ROWS: Final = "SELECT position, superseded_at, part, name, open FROM shops ORDER BY position, part"
FIRST, OTHER = stream_id(point.KIND, OPENED.code), stream_id(point.KIND, SECOND.code)


def parts(change: Change) -> Iterator[tuple[str, Values]]:
    """The name stands in a part of its own, which only a change of the name supersedes."""
    if change.before is None or change.before.name != change.after.name:
        yield "name", {"name": change.after.name}
    yield WHOLE, {"open": change.after.open}


SHOPS: Final = Standings("shops", 1, (point,), (("name", "text"), ("open", "boolean")), parts)


def opening(opened: Any) -> OpenPoint:
    given = {name: getattr(opened, name) for name in OpenPoint.__struct_fields__}
    return OpenPoint(**given | {"calendar": None})


def happened(database: Database) -> list[Recorded]:
    """Two points, one with a name changed, closed and opened again; then read from the log."""
    steps: tuple[tuple[Any, Command], ...] = (
        (FIRST, opening(OPENED)),
        (OTHER, opening(SECOND)),
        (FIRST, RenamePoint(name="新名")),
        (FIRST, ClosePoint(reason="装修")),
        (FIRST, ReopenPoint(reason="完工")),
    )
    with Ledger(database.app_url) as ledger:
        for stream, command in steps:
            ledger.execute(stream, command, by=ADMIN, now=NOON)
    with psycopg.connect(database.owner_url) as connection:
        return list(reading.batch(connection, LedgerMapper(), 0))


def shops(database: Database, *batches: list[Recorded], forgetting: bool = False) -> list[Any]:
    """The rows after these batches. `forgetting`: each is taken in by another process."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("DROP TABLE IF EXISTS shops")
        for statement in (SHOPS.TABLES, *SHOPS.INDEXES):
            connection.execute(statement)
        memory = Memory()
        for batch in batches:
            with connection.cursor() as cursor:
                SHOPS.apply(cursor, batch, Memory() if forgetting else memory)
        return connection.execute(ROWS).fetchall()


def test_a_row_stands_until_an_event_changes_its_part(database: Database) -> None:
    name, second = OPENED.name, SECOND.name
    assert shops(database, happened(database)) == [
        (1, 3, "", None, True), (1, 3, "name", name, None),
        (2, NEVER, "", None, True), (2, NEVER, "name", second, None),
        (3, 4, "", None, True), (3, NEVER, "name", "新名", None),
        (4, 5, "", None, False),
        (5, NEVER, "", None, True),
    ]  # fmt: skip


def cut(events: list[Recorded], size: int) -> list[list[Recorded]]:
    return [events[at : at + size] for at in range(0, len(events), size)]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_batches_of_any_size_give_the_same_rows(size: int, database: Database) -> None:
    events = happened(database)
    assert shops(database, *cut(events, size)) == shops(database, events)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_what_is_not_remembered_is_folded_again_from_the_log(size: int, database: Database) -> None:
    events = happened(database)
    assert shops(database, *cut(events, size), forgetting=True) == shops(database, events)


def test_a_rebuild_writes_the_same_rows_at_once(database: Database) -> None:
    events = happened(database)
    followed = shops(database, events)
    assert shops(database) == []
    with psycopg.connect(database.owner_url) as connection:
        with connection.cursor().copy(SHOPS.COPY) as copy:
            for written in SHOPS.rows(events, ()):
                copy.write(written)
        assert connection.execute(ROWS).fetchall() == followed
