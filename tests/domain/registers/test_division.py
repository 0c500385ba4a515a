"""The register of divisions: listed under what they are parts of, named and gone in time."""

from datetime import date

from msgspec.structs import asdict, replace

from domain.aggregates import fold
from domain.listed import CodeOfAnotherUnit
from domain.moment import DivisionWrittenLonger, Registers
from domain.registers import division
from domain.registers.division import (
    DivisionAbolished,
    DivisionListed,
    DivisionName,
    DivisionRenamed,
    DivisionRestored,
    DivisionUnknown,
    parent,
)
from domain.registration.division_commands import (
    AbolishDivision,
    DivisionExists,
    DivisionHasParts,
    DivisionNotThereThen,
    ListDivision,
    ParentNotListed,
    RenameDivision,
    RestoreDivision,
)
from tests.examples import REGISTERS
from tests.spec import given

SOURCE = "国家统计局 2023-06-30"
DISTRICT = DivisionListed(code="440103", name="荔湾区", source=SOURCE)
TOWN = DivisionListed(code="440103001", name="沙面街道", source=SOURCE)
VILLAGE = DivisionListed(code="440103001101", name="翠洲社区居民委员会", source=SOURCE)
OTHER = replace(VILLAGE, code="440103001102", name="岭南社区居民委员会")
LIST = ListDivision(**asdict(VILLAGE))
YEAR = date(2026, 1, 1)
RENAME = RenameDivision(name="翠洲村", source="区政府公告", since=YEAR)
RENAMED = DivisionRenamed(**asdict(RENAME))
ABOLISH = AbolishDivision(abolished_on=YEAR, merged_into="440103001102", source="区政府公告")
ABOLISHED = DivisionAbolished(**asdict(ABOLISH))


def listed(*entries: DivisionListed, registers: Registers = REGISTERS) -> Registers:
    return replace(registers, divisions={one.code: fold(division, [one]) for one in entries})


WHOLE = listed(DISTRICT, TOWN, VILLAGE, OTHER)


def test_a_division_is_listed_under_the_one_that_it_is_a_part_of() -> None:
    given(registers=listed(DISTRICT, TOWN)).when(LIST).then(VILLAGE)
    given(registers=listed(DISTRICT)).when(LIST).refused(ParentNotListed)


def test_a_register_begins_at_any_level() -> None:
    given(registers=listed()).when(LIST).then(VILLAGE)
    given(registers=listed(VILLAGE)).when(ListDivision(**asdict(OTHER))).then(OTHER)


def test_the_same_division_is_listed_once() -> None:
    given(VILLAGE, registers=WHOLE).when(LIST).nothing()
    given(VILLAGE, registers=WHOLE).when(replace(LIST, name="别名")).refused(DivisionExists)


def test_a_division_is_written_in_the_shortest_way() -> None:
    longer = replace(LIST, code="440103000000")
    given(registers=listed(DISTRICT)).when(longer).refused(DivisionWrittenLonger)


def test_a_division_has_the_name_of_the_day() -> None:
    state = given(VILLAGE, registers=WHOLE).when(RENAME).then(RENAMED)
    assert state.name_on(date(2025, 12, 31)) == DivisionName(VILLAGE.name, SOURCE)
    assert state.name_on(YEAR).name == state.name == "翠洲村"


def test_an_earlier_name_entered_late_keeps_the_later_one_and_the_same_day_corrects() -> None:
    earlier = replace(RENAME, name="翠洲大队", since=date(2025, 1, 1))
    state = (
        given(VILLAGE, RENAMED, registers=WHOLE)
        .when(earlier)
        .then(DivisionRenamed(**asdict(earlier)))
    )
    assert [one.name for one in state.names] == [VILLAGE.name, "翠洲大队", "翠洲村"]
    corrected = replace(RENAME, name="翠洲新村")
    state = (
        given(VILLAGE, RENAMED, registers=WHOLE)
        .when(corrected)
        .then(DivisionRenamed(**asdict(corrected)))
    )
    assert [one.name for one in state.names] == [VILLAGE.name, "翠洲新村"]


def test_a_division_is_abolished_from_a_day_on_and_merged_into_one_that_exists() -> None:
    state = given(VILLAGE, registers=WHOLE).when(ABOLISH).then(ABOLISHED)
    assert state.exists_on(date(2025, 12, 31))
    assert not state.exists_on(YEAR)
    nowhere = replace(ABOLISH, merged_into="440103001109")
    given(VILLAGE, registers=WHOLE).when(nowhere).refused(DivisionUnknown)
    itself = replace(ABOLISH, merged_into=VILLAGE.code)
    given(VILLAGE, registers=WHOLE).when(itself).refused(DivisionUnknown)


def test_a_division_with_parts_is_not_abolished_before_them() -> None:
    abolish = replace(ABOLISH, merged_into=None)
    given(TOWN, registers=WHOLE).when(abolish).refused(DivisionHasParts)


def test_a_division_abolished_in_error_always_existed() -> None:
    restore = RestoreDivision(reason="误录")
    state = (
        given(VILLAGE, ABOLISHED, registers=WHOLE)
        .when(restore)
        .then(DivisionRestored(reason="误录"))
    )
    assert state.exists_on(YEAR)
    assert state.merged_into is None
    given(VILLAGE, registers=WHOLE).when(restore).nothing()


def test_nothing_is_done_to_a_division_before_it_began_or_after_it_ended() -> None:
    young = replace(VILLAGE, since=YEAR)
    before = replace(RENAME, since=date(2025, 6, 1))
    given(young, registers=WHOLE).when(before).refused(DivisionNotThereThen)
    given(young, registers=WHOLE).when(ABOLISH).refused(DivisionNotThereThen)
    given(VILLAGE, ABOLISHED, registers=WHOLE).when(RENAME).refused(DivisionNotThereThen)
    assert not fold(division, [young]).exists_on(date(2025, 12, 31))


def test_an_unlisted_division_is_not_renamed() -> None:
    given(registers=WHOLE).when(RENAME).refused(DivisionUnknown)


def test_a_code_names_one_unit() -> None:
    point = REGISTERS.points["ROOM-1"]
    taken = replace(REGISTERS, points={VILLAGE.code: point})
    given(registers=taken).when(LIST).refused(CodeOfAnotherUnit)


def test_parents_are_prefixes() -> None:
    codes = ["44", "4401", "440103", "440103001", "440103001101"]
    assert [parent(code) for code in codes] == [None, *codes[:-1]]
