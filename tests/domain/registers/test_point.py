"""A service point: opened, moved between divisions, closed and reopened."""

from datetime import date
from functools import partial
from typing import Any, get_args

import pytest
from msgspec.structs import asdict, replace

from domain.aggregates import fold
from domain.moment import CodeLooksLikeAnother, Moment, local_day
from domain.registers import point
from domain.registers.point import (
    CalendarUnknown,
    DevicePlaced,
    DeviceRemoved,
    PointCalendarChanged,
    PointClosed,
    PointContactsChanged,
    PointKind,
    PointMoved,
    PointRenamed,
    PointReopened,
    PointServicesChanged,
    PointUnknown,
    PointZoneChanged,
)
from domain.registration.point_commands import (
    ChangePointCalendar,
    ChangePointContacts,
    ChangePointServices,
    ChangePointZone,
    ClosePoint,
    DeviceNotPlaced,
    DevicePlacedElsewhere,
    MovePoint,
    OpenPoint,
    PlaceDevice,
    PointExists,
    RemoveDevice,
    RenamePoint,
    ReopenPoint,
    ZoneUnknown,
)
from domain.vocabulary import Event
from tests import spec
from tests.examples import (
    CLERK,
    EVENING,
    MORNING,
    NOON,
    OPENED,
    REGISTERS,
    RELOCATED,
    SHUT,
    STALL,
    STATION,
    local,
)

given = partial(spec.given, registers=replace(REGISTERS, appointments={}))
"""Before the first appointment; what is entered later does not reach back: `test_recalculating`."""


def told(event: Event) -> dict[str, Any]:
    return {name: value for name, value in asdict(event).items() if name != "binds_from"}


OPEN = OpenPoint(**told(OPENED))
MOVE = MovePoint(**told(RELOCATED))


# --- opening


@pytest.mark.parametrize("kind", get_args(PointKind))
def test_a_point_of_each_kind_is_opened(kind: PointKind) -> None:
    given().when(replace(OPEN, kind=kind)).then(replace(OPENED, kind=kind))


def test_a_point_may_have_no_calendar() -> None:
    given().when(replace(OPEN, calendar=None)).then(replace(OPENED, calendar=None))


def test_a_point_does_not_name_a_calendar_that_was_not_published() -> None:
    given().when(replace(OPEN, calendar="gz-night")).refused(CalendarUnknown)


def test_the_same_opening_twice_is_one() -> None:
    given(OPENED).when(OPEN).nothing()


def test_a_code_is_never_given_to_another_point() -> None:
    given(OPENED).when(replace(OPEN, name="别的工作室")).refused(PointExists)


def test_an_unknown_point_does_nothing() -> None:
    given().when(RenamePoint(name="新名")).refused(PointUnknown)


# --- changes


def test_a_point_is_renamed() -> None:
    given(OPENED).when(RenamePoint(name="新名")).then(PointRenamed(name="新名"))


def test_a_point_changes_its_services() -> None:
    changed = PointServicesChanged(services=("lecture",))
    given(OPENED).when(ChangePointServices(services=("lecture",))).then(changed)


def test_the_order_of_services_is_no_change() -> None:
    given(OPENED).when(ChangePointServices(services=OPENED.services[::-1])).nothing()


def test_a_point_that_names_no_services_offers_all() -> None:
    assert fold(point, [STALL]).offers("lecture")
    assert not fold(point, [OPENED]).offers("lecture")


def test_a_point_says_where_it_is_and_how_it_is_called() -> None:
    listed = PointContactsChanged(address="逢源路1号", phone="020-00000001")
    after = given(OPENED).when(ChangePointContacts(address="逢源路1号", phone="020-00000001"))
    assert after.then(listed).phone == "020-00000001"
    same = given(OPENED, listed)
    same.when(ChangePointContacts(address="逢源路1号", phone="020-00000001")).nothing()
    without = PointContactsChanged(address="逢源路1号")
    moved = same.when(ChangePointContacts(address="逢源路1号")).then(without)
    assert (moved.address, moved.phone) == ("逢源路1号", None)


def test_a_point_changes_its_calendar() -> None:
    changed = PointCalendarChanged(calendar="gz-office")
    after = given(STALL).when(ChangePointCalendar(calendar="gz-office")).then(changed)
    assert after.calendar == "gz-office"


def test_a_point_does_not_change_to_a_calendar_that_was_not_published() -> None:
    given(OPENED).when(ChangePointCalendar(calendar="gz-night")).refused(CalendarUnknown)


def test_f3_a_zone_that_does_not_exist_is_refused() -> None:
    for zone in ("Asia/Guangzhou", "Asia", "Nowhere"):
        given().when(replace(OPEN, zone=zone)).refused(ZoneUnknown)
        given(OPENED).when(ChangePointZone(zone=zone, reason="更正")).refused(ZoneUnknown)


def test_f3_the_zone_of_a_point_is_corrected() -> None:
    poisoned = replace(OPENED, zone="Asia/Guangzhou")
    command = ChangePointZone(zone="Asia/Shanghai", reason="登记时写错")
    changed = PointZoneChanged(zone="Asia/Shanghai", reason="登记时写错")
    after = given(poisoned).when(command).then(changed)
    assert after.zone == "Asia/Shanghai"
    given(poisoned, changed).when(command).nothing()


def test_f8_a_code_that_differs_only_in_case_is_not_given_again() -> None:
    twin = OPEN.code.swapcase()
    registers = replace(REGISTERS, points={OPEN.code: fold(point, [OPENED])})
    given(registers=registers).when(replace(OPEN, code=twin)).refused(CodeLooksLikeAnother)


# --- division


def test_a_move_leaves_the_division_of_earlier_days() -> None:
    moved = given(OPENED).when(MOVE).then(RELOCATED)
    assert moved.division_on(date(2026, 3, 2)) == OPENED.division
    assert moved.division_on(date(2026, 3, 3)) == RELOCATED.division


def test_before_its_first_known_day_a_point_is_where_it_was_first() -> None:
    assert fold(point, [OPENED, RELOCATED]).division_on(date(2019, 1, 1)) == OPENED.division


def test_a_move_to_where_the_point_is_already_is_none() -> None:
    given(OPENED, RELOCATED).when(replace(MOVE, valid_from=date(2026, 5, 1))).nothing()


def test_an_earlier_move_entered_late_keeps_the_later_one() -> None:
    earlier = replace(RELOCATED, division="440103009001", valid_from=date(2024, 1, 1))
    moved = given(OPENED, RELOCATED).when(MovePoint(**told(earlier))).then(earlier)
    assert moved.division_on(date(2025, 1, 1)) == "440103009001"
    assert moved.division_on(date(2026, 3, 3)) == RELOCATED.division


def test_a_second_move_on_one_day_corrects_the_first_and_can_be_corrected_back() -> None:
    wrong = replace(RELOCATED, division="440103009001")
    moved = given(OPENED, RELOCATED, wrong).when(MOVE).then(RELOCATED)
    assert moved.division_on(date(2026, 3, 3)) == RELOCATED.division


def test_the_same_division_from_another_source_is_recorded() -> None:
    again = PointMoved(
        division=RELOCATED.division, division_source="民政部门", valid_from=RELOCATED.valid_from
    )
    given(OPENED, RELOCATED).when(MovePoint(**told(again))).then(again)


# --- closing


def test_a_point_is_closed_from_the_moment_it_happens() -> None:
    closed = PointClosed(reason="并入工作站", closed_at=NOON)
    after = given(OPENED, at=NOON, now=EVENING).when(ClosePoint(reason="并入工作站")).then(closed)
    assert after.serves_at(MORNING)
    assert not after.serves_at(NOON)
    assert not after.open


def test_a_closed_point_is_reopened() -> None:
    after = given(OPENED, SHUT).when(ReopenPoint(reason="恢复")).then(PointReopened(reason="恢复"))
    assert after.open


def test_an_open_point_is_not_reopened() -> None:
    given(OPENED).when(ReopenPoint(reason="恢复")).nothing()


# --- local days


@pytest.mark.parametrize("code", ["ROOM-1", "STALL-1"])
def test_days_of_a_point_are_local_days_with_and_without_a_calendar(code: str) -> None:
    moment = Moment(by=CLERK, occurred_at=NOON, now=NOON, registers=REGISTERS)
    night = local("2026-03-03 00:30")
    assert local_day(REGISTERS.points[code], moment, night) == date(2026, 3, 3)


# --- rating devices


def test_a_device_stands_at_one_window_of_one_point() -> None:
    place = PlaceDevice(device="device-1", window="W1")
    placed = DevicePlaced(device="device-1", window="W1")
    after = given(OPENED).when(place).then(placed)
    assert after.devices == {"device-1": "W1"}
    moved = given(OPENED, placed).when(replace(place, window="W2"))
    assert moved.then(replace(placed, window="W2")).devices == {"device-1": "W2"}
    held = {**REGISTERS.points, "STATION-1": fold(point, [STATION, placed])}
    elsewhere = given(OPENED, registers=replace(REGISTERS, points=held))
    elsewhere.when(place).refused(DevicePlacedElsewhere)


def test_a_device_is_removed_where_it_stands() -> None:
    placed = DevicePlaced(device="device-1", window="W1")
    remove, removed = RemoveDevice(device="device-1"), DeviceRemoved(device="device-1")
    assert given(OPENED, placed).when(remove).then(removed).devices == {}
    given(OPENED).when(remove).refused(DeviceNotPlaced)
