"""What stands in the cells of a table is for people: no type of the program, China's clock."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from api.cli.printing import shown

ID = UUID("01a1194e-0938-7f3c-8655-3b4a13002065")


class Piece(msgspec.Struct):
    first: date
    work: tuple[UUID, ...]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "yes"),
        (1234567, "1234567"),
        (0.5, "0.50"),
        ("村", "村"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026-03-02 00:30:00"),
        (ID, str(ID)),
        ((), "-"),
        ([1, None], "1, -"),
        ({}, "-"),
        ({"a": date(2026, 3, 2), "b": (ID,)}, f"a:2026-03-02 b:{ID}"),
        (frozenset({ID}), str(ID)),
        (b"\x01\xff", "01ff"),
        (Piece(date(2026, 3, 2), (ID,)), f"first:2026-03-02 work:{ID}"),
        ([Piece(date(2026, 3, 2), ())], "first:2026-03-02 work:-"),
    ],
)
def test_audit_4_10_a_cell_shows_every_kind_of_value_as_people_write_it(
    value: Any, text: str
) -> None:
    assert shown(value) == text
