"""The directory of points and advisers, as known at a position and as of a day."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest

from domain.advising.appointment_commands import ReplaceAdviser
from domain.registration.adviser_commands import (
    MoveAdviser,
    RecordLicence,
    RecordPenalty,
    ReinstateAdviser,
    RetireAdviser,
)
from domain.registration.division_commands import ListDivision
from domain.registration.point_commands import (
    ChangePointContacts,
    ChangePointServices,
    ClosePoint,
    MovePoint,
    RenamePoint,
    ReopenPoint,
)
from ledger.log.store import Ledger
from projections.advising import directory
from projections.advising.directory import (
    DirectoryFilters,
    DirectoryRow,
    PublicCursor,
    PublicFilters,
    PublicRow,
    rank_of,
)
from projections.asking.answering import answer
from tests.databases import Database
from tests.examples import local
from tests.projections.bureau import ALPHA, BETA, CHEN, LI, MAI, Advising

DELTA: Final = "440104001001"
FEBRUARY_10: Final = date(2026, 2, 10)


@pytest.fixture
def advising(database: Database) -> Iterator[Advising]:
    with Ledger(database.app_url) as ledger:
        made = Advising(database.app_url, ledger)
        yield made
        made.close()


def listed(
    advising: Advising, *, position: int = 0, day: date = FEBRUARY_10, **filters: Any
) -> list[DirectoryRow]:
    known = position or advising.head()
    asked = directory.page(DirectoryFilters(**filters), position=known, day=day, limit=10)
    return answer(advising.connection, asked)


def codes(advising: Advising, **asked: Any) -> list[str]:
    return [one.code for one in listed(advising, **asked)]


def one(advising: Advising, code: str, **asked: Any) -> DirectoryRow:
    (row,) = [row for row in listed(advising, **asked) if row.code == code]
    return row


def test_points_and_advisers_stand_in_one_list_by_code(advising: Advising) -> None:
    assert codes(advising) == [CHEN, LI, MAI, "ROOM-1", "ROOM-2"]
    for filters, expected in (
        ({"kind": "room"}, ["ROOM-1", "ROOM-2"]),
        ({"kind": "adviser"}, [CHEN, LI, MAI]),
        ({"kind": "center"}, []),
        ({"firm": "FIRM-1", "team": "TEAM-1"}, [CHEN, LI, MAI]),
        ({"firm": "FIRM-2"}, []),
        ({"text": "律师"}, [CHEN, LI, MAI]),
        ({"text": "room-2"}, ["ROOM-2"]),
        ({"text": "OOM"}, ["ROOM-1", "ROOM-2"]),
        ({"text": "%"}, []),
        ({"text": "律 師"}, [CHEN, LI, MAI]),
        ({"text": " room-2 "}, ["ROOM-2"]),
        ({"division": BETA}, ["ROOM-2"]),
    ):
        assert codes(advising, **filters) == expected, filters


def test_a_page_goes_on_after_its_last_row(advising: Advising) -> None:
    found: list[str] = []
    after = None
    while True:
        asked = directory.page(
            DirectoryFilters(), position=advising.head(), day=FEBRUARY_10, limit=2, after=after
        )
        rows = answer(advising.connection, asked)
        if not rows:
            break
        found += [row.code for row in rows]
        after = directory.cursor_of(rows[-1])
    assert found == codes(advising)


def test_a_point_is_where_it_lies_on_the_day(advising: Advising) -> None:
    move = MovePoint(division=DELTA, division_source="区划调整", valid_from=date(2026, 2, 15))
    before = advising.head()
    advising.do(move, of="point:ROOM-1", at="2026-02-01 09:00")
    for day, where in (
        (date(2019, 1, 1), ALPHA),
        (date(2026, 2, 14), ALPHA),
        (date(2026, 2, 15), DELTA),
    ):
        assert one(advising, "ROOM-1", day=day).division == where
        assert codes(advising, kind="room", day=day, division=where) == ["ROOM-1"]
    known = {"position": before, "day": date(2026, 3, 1)}
    assert one(advising, "ROOM-1", **known).division == ALPHA
    assert codes(advising, **known, division=DELTA) == []


def test_old_names_firms_and_states_are_there_as_known_then(advising: Advising) -> None:
    before = advising.head()
    do, at = advising.do, "2026-02-02 09:00"
    do(RenamePoint(name="新工作室"), of="point:ROOM-1", at=at)
    do(ChangePointServices(services=("lecture",)), of="point:ROOM-1", at=at)
    do(ChangePointContacts(address="新路1号", phone="020-00000009"), of="point:ROOM-1", at=at)
    do(ClosePoint(reason="装修"), of="point:ROOM-1", at=at)
    do(MoveAdviser(firm="FIRM-2"), of=f"adviser:{CHEN}", at=at)
    do(
        RecordLicence(licence="14401201910000001", practising_since=date(2019, 1, 1)),
        of=f"adviser:{CHEN}",
        at=at,
    )
    do(
        RecordPenalty(decided_on=date(2026, 1, 1), authority="律师协会", reason="警告"),
        of=f"adviser:{CHEN}",
        at=at,
    )
    do(RetireAdviser(reason="退休"), of=f"adviser:{CHEN}", at=at)
    gone = advising.head()
    room, chen = one(advising, "ROOM-1"), one(advising, CHEN)
    assert (room.name, room.services) == ("新工作室", ("lecture",))
    assert (room.address, room.phone) == ("新路1号", "020-00000009")
    assert (room.active, room.until) == (False, local(at))
    assert (chen.firm, chen.team, chen.licence) == ("FIRM-2", None, "14401201910000001")
    assert (chen.active, chen.until, chen.penalties) == (False, local(at), 1)
    assert codes(advising, active=True) == [LI, MAI, "ROOM-2"]
    assert codes(advising, text="ROOM-1工作室") == []

    then_room, then = one(advising, "ROOM-1", position=before), one(advising, CHEN, position=before)
    assert (then_room.name, then_room.services, then_room.active) == ("ROOM-1工作室", (), True)
    assert (then.firm, then.licence, then.active, then.penalties) == ("FIRM-1", None, True, 0)
    assert codes(advising, text="ROOM-1工作室", position=before) == ["ROOM-1"]

    do(ReopenPoint(reason="完工"), of="point:ROOM-1", at="2026-03-02 09:00")
    do(ReinstateAdviser(firm="FIRM-3"), of=f"adviser:{CHEN}", at="2026-03-02 09:00")
    assert codes(advising, active=True) == [CHEN, LI, MAI, "ROOM-1", "ROOM-2"]
    assert (one(advising, CHEN).firm, one(advising, CHEN, position=gone).firm) == (
        "FIRM-3", "FIRM-2",
    )  # fmt: skip


def test_an_adviser_is_found_where_he_serves_on_the_day(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    advising.appointed(CHEN, BETA)
    before = advising.head()
    replaced = ReplaceAdviser(adviser=LI, effective_on=date(2026, 2, 11), reason="生育假")
    advising.do(replaced, of=f"appointment:{ALPHA}", at="2026-02-10 09:00")
    eleventh = date(2026, 2, 11)
    assert one(advising, CHEN).villages == (ALPHA, BETA)
    assert one(advising, CHEN, day=eleventh).villages == (BETA,)
    assert one(advising, LI, day=eleventh).villages == (ALPHA,)
    assert one(advising, CHEN, day=eleventh, position=before).villages == (ALPHA, BETA)
    assert codes(advising, division=ALPHA) == [CHEN, "ROOM-1"]
    assert codes(advising, division=ALPHA, day=eleventh) == [LI, "ROOM-1"]


def test_the_public_reads_who_is_in_office_and_nothing_else_of_them(advising: Advising) -> None:
    advising.appointed(CHEN, ALPHA)
    penalty = RecordPenalty(decided_on=date(2026, 1, 1), authority="律师协会", reason="警告")
    advising.do(penalty, of=f"adviser:{CHEN}", at="2026-02-02 09:00")
    advising.do(RetireAdviser(reason="退休"), of=f"adviser:{LI}", at="2026-02-02 09:00")
    advising.do(ClosePoint(reason="合并"), of="point:ROOM-2", at="2026-02-02 09:00")
    asked = directory.public_page(
        PublicFilters(), position=advising.head(), day=FEBRUARY_10, limit=10
    )
    chen, mai, room = answer(advising.connection, asked)
    assert chen == PublicRow(
        kind="adviser", code=CHEN, name="陈律师", division=None, services=None,
        firm="FIRM-1", licence=None, villages=(ALPHA,),
    )  # fmt: skip
    assert mai.code == MAI
    assert room == PublicRow(
        kind="room", code="ROOM-1", name="ROOM-1工作室", division=ALPHA, services=(),
        firm=None, licence=None, calendar="gz-office",
    )  # fmt: skip


def test_everybody_finds_by_words_of_names_and_places_what_is_open_now_first(
    advising: Advising,
) -> None:
    village = ListDivision(code=ALPHA, name="石牌村", source="test")
    advising.do(village, of=f"division:{ALPHA}", at="2026-01-05 09:00")
    advising.appointed(CHEN, ALPHA)

    def found(near: str | None = None, **more: Any) -> list[str]:
        asked = directory.public_page(
            PublicFilters(near=near),
            position=advising.head(),
            day=FEBRUARY_10,
            **{"limit": 10, **more},
        )
        return [one.code for one in answer(advising.connection, asked)]

    assert found("石牌") == [CHEN, "ROOM-1"]
    assert found("石牌 陈") == [CHEN]
    assert found("石牌 没有") == []
    assert found("100%") == found("' OR 1=1 --") == []
    rooms, advisers = ["ROOM-1", "ROOM-2"], [CHEN, LI, MAI]
    assert found(open_calendars=[]) == [*rooms, *advisers]
    every = found(open_calendars=["gz-office"])
    assert every == [*rooms, *advisers]
    pages: list[str] = []
    after = None
    while True:
        asked = directory.public_page(
            PublicFilters(), position=advising.head(), day=FEBRUARY_10, limit=2, after=after,
            open_calendars=["gz-office"],
        )  # fmt: skip
        rows = answer(advising.connection, asked)
        if not rows:
            break
        pages += [one.code for one in rows]
        after = PublicCursor(rank_of(rows[-1], ["gz-office"]), rows[-1].code, rows[-1].kind)
    assert pages == every
