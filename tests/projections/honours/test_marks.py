"""Marks: valid, expired and withdrawn by the day that is asked for; in the list, in counts, in the
directory."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from domain.honours.mark import MarkAwarded, MarkWithdrawn, mark_stream
from domain.registers.point import PointOpened
from domain.vocabulary import stream_id
from projections.advising import directory
from projections.advising.directory import DirectoryFilters, PublicFilters
from projections.asking.answering import answer
from projections.asking.asking import fetch
from projections.honours import marks
from projections.honours.marks import Awarded, MarkCount, MarkFilters, MarkHeld
from tests.examples import OPENED, REGISTERED
from tests.projections.viewing import Given, Happening, Viewing, happened

DAY = date(2026, 3, 2)
AWARDED = MarkAwarded(
    kind="demonstration",
    name="示范点",
    of="point",
    code="ROOM-1",
    division="440103001001",
    year=2025,
    awarded_on=date(2026, 1, 15),
    awarded_by="广州市司法局",
    basis="示例",
    valid_until=date(2026, 12, 31),
)
POPULAR = replace(AWARDED, kind="popular", name="网红点", year=2026, valid_until=None)
PERSON = replace(
    AWARDED, kind="outstanding_adviser", name="优秀法律顾问", of="adviser", code="A-1",
    division=None, valid_until=None,
)  # fmt: skip


def awarded(event: MarkAwarded) -> Happening:
    return happened(event, of=mark_stream(event.kind, event.year, event.code))


def withdrawn(event: MarkAwarded, on: date) -> Happening:
    told = MarkWithdrawn(withdrawn_on=on, reason="复查不合格")
    return happened(told, of=mark_stream(event.kind, event.year, event.code))


def standings(viewing: Viewing, day: date = DAY, position: int = 0, **filters: Any) -> Any:
    known = position or viewing.head
    page = marks.page(MarkFilters(**filters), position=known, day=day, limit=10)
    return {one.kind: one.standing for one in fetch(viewing.connection, page)}


def test_a_mark_is_valid_until_its_last_day_or_until_it_is_withdrawn(given: Given) -> None:
    viewing = given(awarded(AWARDED), awarded(POPULAR), withdrawn(POPULAR, date(2026, 2, 1)))
    assert standings(viewing) == {"demonstration": "valid", "popular": "withdrawn"}
    assert standings(viewing, date(2026, 12, 31))["demonstration"] == "valid"
    assert standings(viewing, date(2027, 1, 1))["demonstration"] == "expired"
    assert standings(viewing, date(2026, 1, 31))["popular"] == "valid"
    assert standings(viewing, position=viewing.head - 1)["popular"] == "valid"
    assert standings(viewing, standing="withdrawn") == {"popular": "withdrawn"}


def test_marks_are_found_by_kind_object_division_and_year(given: Given) -> None:
    viewing = given(awarded(AWARDED), awarded(POPULAR), awarded(PERSON))
    assert set(standings(viewing, of="adviser")) == {"outstanding_adviser"}
    assert set(standings(viewing, code="A-1")) == {"outstanding_adviser"}
    assert set(standings(viewing, division="440103")) == {"demonstration", "popular"}
    assert (
        set(standings(viewing, year=2026)) == set(standings(viewing, kind="popular")) == {"popular"}
    )


def test_marks_are_counted_by_kind_district_and_year(given: Given) -> None:
    other = replace(AWARDED, code="ROOM-2", valid_until=date(2026, 2, 1))
    viewing = given(awarded(AWARDED), awarded(other), awarded(PERSON))
    asked = marks.counts(MarkFilters(), position=viewing.head, day=DAY)
    none = {"valid": 0, "expired": 0, "withdrawn": 0}
    assert fetch(viewing.connection, asked) == [
        MarkCount(
            **none | {"valid": 1, "expired": 1},
            kind="demonstration", district="440103", year=2025,
        ),
        MarkCount(**none | {"valid": 1}, kind="outstanding_adviser", district=None, year=2025),
    ]  # fmt: skip


def test_the_directory_shows_the_marks_that_are_valid_then(given: Given) -> None:
    opened: PointOpened = OPENED
    viewing = given(
        happened(opened, of=stream_id("point", "ROOM-1")),
        happened(REGISTERED, of=stream_id("adviser", "A-1")),
        awarded(AWARDED),
        awarded(POPULAR),
        awarded(PERSON),
    )

    def shown(day: date, position: int) -> dict[str, tuple[MarkHeld, ...]]:
        page = directory.page(DirectoryFilters(), position=position, day=day, limit=10)
        return {one.code: one.marks for one in answer(viewing.connection, page)}

    head = viewing.head
    held = MarkHeld(kind="demonstration", name="示范点", year=2025)
    popular = MarkHeld(kind="popular", name="网红点", year=2026)
    person = MarkHeld(kind="outstanding_adviser", name="优秀法律顾问", year=2025)
    assert shown(DAY, head) == {"ROOM-1": (held, popular), "A-1": (person,)}
    assert shown(date(2027, 1, 1), head)["ROOM-1"] == (popular,)
    assert shown(DAY, head - 3) == {"ROOM-1": (), "A-1": ()}
    public = directory.public_page(PublicFilters(), position=head, day=DAY, limit=10)
    assert {one.code: one.marks for one in answer(viewing.connection, public)} == shown(DAY, head)
    [row] = answer(
        viewing.connection,
        directory.page(DirectoryFilters(kind="adviser"), position=head, day=DAY, limit=10),
    )
    assert mark_stream("outstanding_adviser", 2025, "A-1") in row.streams()


def test_the_awards_of_advisers_are_counted_for_their_choice(given: Given) -> None:
    viewing = given(awarded(AWARDED), awarded(PERSON))
    asked = marks.of_advisers(position=viewing.head, day=DAY)
    assert fetch(viewing.connection, asked) == [Awarded("A-1", 1)]
