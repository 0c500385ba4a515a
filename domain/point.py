"""A service point: center, station, room or featured point, with its division over time."""

from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, DivisionCode, Zone
from domain.vocabulary import Command, Event, Moment, Refused, Text

KIND: Final = "point"
CHINA: Final = "Asia/Shanghai"
PointKind = Literal["center", "station", "room", "featured"]
Service = Literal[
    "consultation", "legal_opinion", "contract_review", "charter_review", "lecture", "mediation",
    "dispute_screening", "legal_aid", "legal_aid_assist", "referral", "notary", "forensic",
    "arbitration", "reconsideration", "petition_talk", "election_support", "group_incident",
    "online_post", "complaint", "other",
]  # fmt: skip


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
    """Calendar of the service periods; None: neither promises nor working minutes are computed."""
    zone: Zone = CHINA
    """Time zone of the point's days."""
    services: tuple[Service, ...] = ()
    """Services offered; empty means all."""


class PointRenamed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.renamed/1"
    name: Text


class PointMoved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.moved/1"
    division: DivisionCode
    division_source: Text
    valid_from: date


class PointServicesChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.services_changed/1"
    services: tuple[Service, ...]


class PointCalendarChanged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.calendar_changed/1"
    calendar: Code


class PointClosed(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.closed/1"
    reason: Text
    closed_at: datetime


class PointReopened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "point.reopened/1"
    reason: Text


PointEvent = (
    PointOpened | PointRenamed | PointMoved | PointServicesChanged | PointCalendarChanged
    | PointClosed | PointReopened
)  # fmt: skip
EVENTS: Final = (
    PointOpened, PointRenamed, PointMoved, PointServicesChanged, PointCalendarChanged,
    PointClosed, PointReopened,
)  # fmt: skip


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


class ChangePointCalendar(Command, frozen=True, kw_only=True):
    calendar: Code


class ClosePoint(Command, frozen=True, kw_only=True):
    reason: Text


class ReopenPoint(Command, frozen=True, kw_only=True):
    reason: Text


PointCommand = (
    OpenPoint | RenamePoint | MovePoint | ChangePointServices | ChangePointCalendar
    | ClosePoint | ReopenPoint
)  # fmt: skip
COMMANDS: Final = (
    OpenPoint, RenamePoint, MovePoint, ChangePointServices, ChangePointCalendar,
    ClosePoint, ReopenPoint,
)  # fmt: skip


# --- state


class Location(Struct, frozen=True):
    division: str
    source: str
    valid_from: date


class Point(Struct, frozen=True, kw_only=True):
    code: str
    kind: PointKind
    name: str
    locations: tuple[Location, ...]
    calendar: str | None
    zone: str
    services: tuple[Service, ...]
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def serves_at(self, instant: datetime) -> bool:
        """What happened before a closure may still be entered after it."""
        return self.closed_at is None or instant < self.closed_at

    def location_on(self, day: date) -> Location:
        """Where the point was on `day`; before the first known day, the first known place."""
        held = [place for place in self.locations if place.valid_from <= day]
        return held[-1] if held else self.locations[0]

    def division_on(self, day: date) -> str:
        return self.location_on(day).division

    def offers(self, service: Service) -> bool:
        return not self.services or service in self.services


def evolve(state: Point | None, event: PointEvent) -> Point:
    if isinstance(event, PointOpened):
        return Point(
            code=event.code,
            kind=event.kind,
            name=event.name,
            locations=(_location(event),),
            calendar=event.calendar,
            zone=event.zone,
            services=event.services,
        )
    assert state is not None
    match event:
        case PointRenamed():
            return replace(state, name=event.name)
        case PointMoved():
            return replace(state, locations=_moved(state.locations, _location(event)))
        case PointServicesChanged():
            return replace(state, services=event.services)
        case PointCalendarChanged():
            return replace(state, calendar=event.calendar)
        case PointClosed():
            return replace(state, closed_at=event.closed_at)
        case PointReopened():
            return replace(state, closed_at=None)
        case _:
            assert_never(event)


def _location(event: PointOpened | PointMoved) -> Location:
    return Location(event.division, event.division_source, event.valid_from)


def _moved(locations: tuple[Location, ...], place: Location) -> tuple[Location, ...]:
    """A second entry for the same day corrects the first."""
    kept = [one for one in locations if one.valid_from != place.valid_from]
    return tuple(sorted([*kept, place], key=lambda one: one.valid_from))


# --- refusals


class PointUnknown(Refused):
    """没有这个服务点"""


class PointExists(Refused):
    """服务点编号已被使用"""


class PointIsClosed(Refused):
    """服务点已停用"""


class CalendarUnknown(Refused):
    """没有这个工作日历，请先发布日历"""


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
            return _move(state, command)
        case ChangePointServices():
            same = set(command.services) == set(state.services)
            return [] if same else [PointServicesChanged(services=command.services)]
        case ChangePointCalendar():
            if command.calendar not in moment.registers.calendars:
                raise CalendarUnknown(command.calendar)
            same = command.calendar == state.calendar
            return [] if same else [PointCalendarChanged(calendar=command.calendar)]
        case ClosePoint():
            closed = PointClosed(reason=command.reason, closed_at=moment.occurred_at)
            return [closed] if state.open else []
        case ReopenPoint():
            return [] if state.open else [PointReopened(reason=command.reason)]
        case _:
            assert_never(command)


def _open(state: Point | None, command: OpenPoint, moment: Moment) -> list[Event]:
    if command.calendar is not None and command.calendar not in moment.registers.calendars:
        raise CalendarUnknown(command.calendar)
    opened = PointOpened(
        code=command.code,
        kind=command.kind,
        name=command.name,
        division=command.division,
        division_source=command.division_source,
        valid_from=command.valid_from,
        calendar=command.calendar,
        zone=command.zone,
        services=command.services,
    )
    if state is None:
        return [opened]
    if state == evolve(None, opened):
        return []
    raise PointExists(command.code)


def _move(state: Point, command: MovePoint) -> list[Event]:
    moved = PointMoved(
        division=command.division,
        division_source=command.division_source,
        valid_from=command.valid_from,
    )
    there = state.location_on(command.valid_from)
    same = (there.division, there.source) == (command.division, command.division_source)
    return [] if same else [moved]


def local_day(point: Point, moment: Moment, at: datetime) -> date:
    """The point's local day of an instant."""
    if point.calendar is None:
        return at.astimezone(ZoneInfo(point.zone)).date()
    return moment.registers.calendars[point.calendar].local_day(at)
