"""Commands on a service point: opening, renaming, moving, closing."""

from datetime import date
from typing import Final, assert_never, get_args

from domain.codes import Code, DivisionCode, OfficePhone, Zone
from domain.listed import known_division, known_window, refuse_other_unit
from domain.moment import Moment, refuse_twin
from domain.registers.point import (
    CalendarUnknown,
    DevicePlaced,
    DeviceRemoved,
    Point,
    PointCalendarChanged,
    PointClosed,
    PointContactsChanged,
    PointKind,
    PointMoved,
    PointOpened,
    PointRecalculated,
    PointRenamed,
    PointReopened,
    PointServicesChanged,
    PointUnknown,
    PointWindowsChanged,
    PointZoneChanged,
    evolve,
    place_on,
)
from domain.registration.publishing import recalculable, running_month
from domain.vocabulary import CHINA, Command, Event, Refused, Service, Text
from domain.worktime.zone import zone_named

# --- commands


class OpenPoint(Command, frozen=True, kw_only=True):
    code: Code
    kind: PointKind
    name: Text
    division: DivisionCode
    division_source: Text
    valid_from: date
    calendar: Code | None = None
    zone: Zone = CHINA
    services: tuple[Service, ...] = ()


class RenamePoint(Command, frozen=True, kw_only=True):
    name: Text


class MovePoint(Command, frozen=True, kw_only=True):
    division: DivisionCode
    division_source: Text
    valid_from: date


class ChangePointServices(Command, frozen=True, kw_only=True):
    services: tuple[Service, ...]


class ChangePointWindows(Command, frozen=True, kw_only=True):
    """Names all of them."""

    windows: tuple[Code, ...]


class ChangePointContacts(Command, frozen=True, kw_only=True):
    """Names both; what is left out is not known any more."""

    address: Text | None = None
    phone: OfficePhone | None = None


class ChangePointCalendar(Command, frozen=True, kw_only=True):
    calendar: Code


class ChangePointZone(Command, frozen=True, kw_only=True):
    zone: Zone
    reason: Text


class RecalculateByPoint(Command, frozen=True, kw_only=True):
    """Let place, calendar and zone as they stand judge closed months as well, from the first day
    `since` on."""

    since: date
    reason: Text


class ClosePoint(Command, frozen=True, kw_only=True):
    reason: Text


class ReopenPoint(Command, frozen=True, kw_only=True):
    reason: Text


class PlaceDevice(Command, frozen=True, kw_only=True):
    """在窗口设置服务评价器"""

    device: Code
    window: Code


class RemoveDevice(Command, frozen=True, kw_only=True):
    device: Code


PointCommand = (
    OpenPoint | RenamePoint | MovePoint | ChangePointServices | ChangePointWindows
    | ChangePointContacts | ChangePointCalendar | ChangePointZone | RecalculateByPoint
    | ClosePoint | ReopenPoint | PlaceDevice | RemoveDevice
)  # fmt: skip


COMMANDS: Final[tuple[type[Command], ...]] = get_args(PointCommand)


class PointExists(Refused):
    """服务点编号已被使用"""


class ZoneUnknown(Refused):
    """没有这个时区，请用 IANA 时区名，例如 Asia/Shanghai"""


class DevicePlacedElsewhere(Refused):
    """评价器已设在另一个服务点，请先在那里撤除"""


class DeviceNotPlaced(Refused):
    """这个服务点没有这台评价器"""


# --- decide


def decide(state: Point | None, command: PointCommand, moment: Moment) -> list[Event]:
    if isinstance(command, OpenPoint):
        return _open(state, command, moment)
    if state is None:
        raise PointUnknown
    match command:
        case RenamePoint():
            return [] if command.name == state.name else [PointRenamed(name=command.name)]
        case MovePoint():
            return _move(state, command, moment)
        case ChangePointServices():
            same = set(command.services) == set(state.services)
            return [] if same else [PointServicesChanged(services=command.services)]
        case ChangePointWindows(windows=windows):
            same = set(windows) == set(state.windows)
            return [] if same else [PointWindowsChanged(windows=tuple(dict.fromkeys(windows)))]
        case ChangePointContacts(address=address, phone=phone):
            same = (address, phone) == (state.address, state.phone)
            return [] if same else [PointContactsChanged(address=address, phone=phone)]
        case ChangePointCalendar():
            if command.calendar not in moment.registers.calendars:
                raise CalendarUnknown(command.calendar)
            same = command.calendar == state.calendar
            running = running_month(moment)
            changed = PointCalendarChanged(calendar=command.calendar, binds_from=running)
            return [] if same else [changed]
        case ChangePointZone(zone=zone):
            corrected = PointZoneChanged(
                zone=_existing(zone), reason=command.reason, binds_from=running_month(moment)
            )
            return [] if zone == state.zone else [corrected]
        case RecalculateByPoint(since=since):
            recalculable(since, date.min, state.before[-1].until if state.before else date.min)
            return [PointRecalculated(since=since, reason=command.reason)]
        case ClosePoint():
            return _close(state, command, moment)
        case ReopenPoint():
            return [] if state.open else [PointReopened(reason=command.reason)]
        case PlaceDevice():
            return _place(state, command, moment)
        case RemoveDevice():
            if command.device not in state.devices:
                raise DeviceNotPlaced(command.device)
            return [DeviceRemoved(device=command.device)]
        case _:
            assert_never(command)


def _close(state: Point, command: ClosePoint, moment: Moment) -> list[Event]:
    closed = PointClosed(reason=command.reason, closed_at=moment.occurred_at)
    return [closed] if state.open else []


def _open(state: Point | None, command: OpenPoint, moment: Moment) -> list[Event]:
    if command.calendar is not None and command.calendar not in moment.registers.calendars:
        raise CalendarUnknown(command.calendar)
    if state is None:
        refuse_twin(command.code, moment.registers.points)
        refuse_other_unit(command.code, moment.registers, moment.registers.points)
        known_division(command.division, moment.registers, command.valid_from)
    opened = PointOpened(
        code=command.code,
        kind=command.kind,
        name=command.name,
        division=command.division,
        division_source=command.division_source,
        valid_from=command.valid_from,
        calendar=command.calendar,
        zone=_existing(command.zone),
        services=command.services,
        binds_from=running_month(moment),
    )
    if state is None:
        return [opened]
    if state.as_dated == evolve(None, opened).as_dated:
        return []
    raise PointExists(command.code)


def _existing(zone: str) -> str:
    if zone_named(zone) is None:
        raise ZoneUnknown(zone)
    return zone


def _place(state: Point, command: PlaceDevice, moment: Moment) -> list[Event]:
    """A device shows and takes what was said at one window of one point."""
    for other in moment.registers.points.values():
        if other.code != state.code and command.device in other.devices:
            raise DevicePlacedElsewhere(other.code)
        if other.devices:
            refuse_twin(command.device, other.devices)
    if state.devices.get(command.device) == command.window:
        return []
    known_window(command.window, state)
    return [DevicePlaced(device=command.device, window=command.window)]


def _move(state: Point, command: MovePoint, moment: Moment) -> list[Event]:
    moved = PointMoved(
        division=command.division,
        division_source=command.division_source,
        valid_from=command.valid_from,
        binds_from=running_month(moment),
    )
    there = place_on(state.locations, command.valid_from)
    same = (there.division, there.source) == (command.division, command.division_source)
    if same:
        return []
    known_division(command.division, moment.registers, command.valid_from)
    return [moved]
