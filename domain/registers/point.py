"""A service point: center, station, room or featured point, with its division over time."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never, get_args

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, OfficePhone, Zone
from domain.registers.appointment import china_day
from domain.vocabulary import CHINA, Event, NotThere, Refused, Service, Text
from domain.worktime.zone import zone_of

KIND: Final = "point"
PointKind = Literal["center", "station", "room", "featured"]


# --- events


class PointOpened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.opened/1"
    code: Code
    kind: PointKind
    name: Text
    division: DivisionCode
    division_source: Text
    """Where the division code was taken from: sources disagree, so the source stays with it."""
    valid_from: date
    calendar: Code | None = None
    """Calendar of the service periods; without it neither promises nor minutes are computed."""
    zone: Zone = CHINA
    """Time zone of the point's days."""
    services: tuple[Service, ...] = ()
    """Services offered; empty means all."""
    binds_from: date | None = None
    """The first day that the point judges, here and below: months that were over when it was
    entered keep what they were judged by."""


class PointRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.renamed/1"
    name: Text


class PointMoved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.moved/1"
    division: DivisionCode
    division_source: Text
    valid_from: date
    binds_from: date | None = None


class PointWindowsChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.windows_changed/1"
    windows: tuple[Code, ...]
    """All of them, from now on; none: any code is taken for a window."""


class PointServicesChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.services_changed/1"
    services: tuple[Service, ...]


class PointContactsChanged(Event, frozen=True, kw_only=True):
    """Where people find it and how they call it, from now on; what is None is not known."""

    topic: ClassVar[str] = "point.contacts_changed/1"
    address: Text | None = None
    phone: OfficePhone | None = None


class PointCalendarChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.calendar_changed/1"
    calendar: Code
    binds_from: date | None = None


class PointZoneChanged(Event, frozen=True, kw_only=True):
    """A correction: a point has been in one zone all the time."""

    topic: ClassVar[str] = "point.zone_changed/1"
    zone: Zone
    reason: Text
    binds_from: date | None = None


class PointRecalculated(Event, frozen=True, kw_only=True):
    """Place, calendar and zone as they stand judge months that were over when they were entered,
    from `since` on."""

    topic: ClassVar[str] = "point.recalculated/1"
    since: date
    reason: Text


class PointClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.closed/1"
    reason: Text
    closed_at: datetime


class PointReopened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.reopened/1"
    reason: Text


class DevicePlaced(Event, frozen=True, kw_only=True):
    """A rating device 服务评价器 stands at a window; placed again, it stands at the new one."""

    topic: ClassVar[str] = "point.device_placed/1"
    device: Code
    """The account that the device acts by."""
    window: Code


class DeviceRemoved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.device_removed/1"
    device: Code


PointEvent = (
    PointOpened | PointRenamed | PointMoved | PointServicesChanged | PointWindowsChanged
    | PointContactsChanged | PointCalendarChanged | PointZoneChanged | PointRecalculated
    | PointClosed | PointReopened | DevicePlaced | DeviceRemoved
)  # fmt: skip
EVENTS: Final[tuple[type[Event], ...]] = get_args(PointEvent)


# --- state


class Location(Struct, frozen=True):
    KEY: ClassVar = None
    division: str
    source: str
    valid_from: date


class Before(Struct, frozen=True):
    """What goes on judging the days before `until`, whatever was entered since."""

    KEY: ClassVar = None

    until: date
    locations: tuple[Location, ...]
    """None where there was no point yet."""
    calendar: str | None
    zone: str


class Judged(Struct, frozen=True):
    """Place and calendar that judge the days from `since` to before `until`."""

    since: date
    until: date
    division: str
    calendar: str | None


class Point(Struct, frozen=True, kw_only=True):
    code: str
    kind: PointKind
    name: str
    locations: tuple[Location, ...]
    calendar: str | None
    zone: str
    """Of its days; an older program took any name: `domain.worktime.zone.zone_of` counts by it."""
    services: tuple[Service, ...]
    closed_at: datetime | None = None
    devices: Mapping[str, str] = {}
    """Rating device → the window it stands at."""
    windows: tuple[str, ...] = ()
    """None when they are not listed."""
    address: str | None = None
    phone: str | None = None
    before: tuple[Before, ...] = ()
    """In order of `until`."""

    @property
    def as_dated(self) -> "Point":
        """The point, if all that was entered judged as far back as it is dated."""
        return replace(self, before=())

    @property
    def judged(self) -> tuple[Judged, ...]:
        """Return what judges which days, in order; the first place also the days before it."""
        found, since = [], date.min
        for one in (*self.before, Before(date.max, self.locations, self.calendar, self.zone)):
            starts = [date.min, *(place.valid_from for place in one.locations[1:]), date.max]
            for place, starts_on, end in zip(one.locations, starts, starts[1:], strict=False):
                first, until = max(since, starts_on), min(one.until, end)
                if first < until:
                    found.append(Judged(first, until, place.division, one.calendar))
            since = one.until
        return tuple(found)

    def _on(self, day: date) -> "Before | Point":
        return next((one for one in self.before if day < one.until and one.locations), self)

    def calendar_at(self, instant: datetime) -> str | None:
        """Return the calendar that judges what happens then."""
        return self._on(china_day(instant)).calendar if self.before else self.calendar

    def zone_at(self, instant: datetime) -> str:
        return self._on(china_day(instant)).zone if self.before else self.zone

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def serves_at(self, instant: datetime) -> bool:
        """Return whether the point served then; earlier work may be entered after a closure."""
        return self.opened_by(instant) and not self.closed_by(instant)

    def closed_by(self, instant: datetime) -> bool:
        return self.closed_at is not None and self.closed_at <= instant

    @property
    def opened_on(self) -> date:
        return self.locations[0].valid_from

    def opened_by(self, instant: datetime) -> bool:
        """Return whether its first day had begun then."""
        return self.opened_on <= instant.astimezone(zone_of(self.zone)).date()

    def location_on(self, day: date) -> Location:
        """Return the place of the point on `day`; before the first known day, the first place."""
        return place_on(self._on(day).locations if self.before else self.locations, day)

    def division_on(self, day: date) -> str:
        return self.location_on(day).division

    def offers(self, service: Service) -> bool:
        return not self.services or service in self.services


def place_on(locations: tuple[Location, ...], day: date) -> Location:
    if len(locations) == 1:
        return locations[0]
    held = [place for place in locations if place.valid_from <= day]
    return held[-1] if held else locations[0]


def judged_on(day: date, some: tuple[Judged, ...]) -> Judged | None:
    """Return what judges a day; None where there was no point yet."""
    for one in some:
        if one.since <= day < one.until:
            return one
    return None


def evolve(state: Point | None, event: PointEvent) -> Point:
    if isinstance(event, PointOpened):
        opened_for = event.binds_from
        return Point(
            code=event.code,
            kind=event.kind,
            name=event.name,
            locations=(_location(event),),
            calendar=event.calendar,
            zone=event.zone,
            services=event.services,
            before=(Before(opened_for, (), None, event.zone),) if opened_for else (),
        )
    assert state is not None
    match event:
        case PointRenamed():
            return replace(state, name=event.name)
        case PointMoved():
            moved = _moved(state.locations, _location(event))
            return replace(state, locations=moved, before=_before(state, event.binds_from))
        case PointServicesChanged():
            return replace(state, services=event.services)
        case PointWindowsChanged():
            return replace(state, windows=event.windows)
        case PointContactsChanged():
            return replace(state, address=event.address, phone=event.phone)
        case PointCalendarChanged():
            before = _before(state, event.binds_from)
            return replace(state, calendar=event.calendar, before=before)
        case PointZoneChanged():
            return replace(state, zone=event.zone, before=_before(state, event.binds_from))
        case PointRecalculated(since=since):
            return replace(state, before=_recalculated(state.before, since))
        case PointClosed():
            return replace(state, closed_at=event.closed_at)
        case PointReopened():
            return replace(state, closed_at=None)
        case DevicePlaced():
            return replace(state, devices={**state.devices, event.device: event.window})
        case DeviceRemoved():
            left = {name: at for name, at in state.devices.items() if name != event.device}
            return replace(state, devices=left)
        case _:
            assert_never(event)


def _before(state: Point, day: date | None) -> tuple[Before, ...]:
    """Keep what the point is for the days before that one, unless they have kept it already."""
    if day is None or (state.before and day <= state.before[-1].until):
        return state.before
    return (*state.before, Before(day, state.locations, state.calendar, state.zone))


def _recalculated(before: tuple[Before, ...], since: date) -> tuple[Before, ...]:
    kept: list[Before] = []
    for one in before:
        until = min(one.until, since)
        if not kept or kept[-1].until < until:
            kept.append(replace(one, until=until))
    return tuple(one for one in kept if one.until > date.min)


def _location(event: PointOpened | PointMoved) -> Location:
    return Location(event.division, event.division_source, event.valid_from)


def _moved(locations: tuple[Location, ...], place: Location) -> tuple[Location, ...]:
    """A second entry for the same day corrects the first."""
    kept = [one for one in locations if one.valid_from != place.valid_from]
    return tuple(sorted([*kept, place], key=lambda one: one.valid_from))


# --- refusals


class PointIsClosed(Refused):
    """服务点已停用"""


class PointNotOpenYet(Refused):
    """服务点当时还没有启用，请核对发生时间或服务点的启用日期"""


class PointUnknown(NotThere):
    """没有这个服务点"""


class WindowUnknown(Refused):
    """这个服务点没有这个窗口；请核对窗口编号，或先登记窗口"""


class CalendarUnknown(Refused):
    """没有这个工作日历，请先发布日历"""
