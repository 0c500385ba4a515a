"""Rare changes of the city itself while it serves.

Points are renamed, moved, closed and opened again; advisers come, change firm, leave and return.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.registers.policy import LIMITS_POLICY
from domain.registration.adviser_commands import (
    MoveAdviser,
    RecordLicence,
    RecordPenalty,
    RegisterAdviser,
    ReinstateAdviser,
    RetireAdviser,
    WithdrawPenalty,
)
from domain.registration.point_commands import (
    ChangePointCalendar,
    ChangePointServices,
    ChangePointZone,
    ClosePoint,
    MovePoint,
    PlaceDevice,
    RemoveDevice,
    RenamePoint,
    ReopenPoint,
)
from domain.registration.policy_commands import PublishPolicy
from domain.simulation import words
from domain.simulation.case import Life
from domain.simulation.chance import between, pick
from domain.simulation.world import Scene
from domain.vocabulary import CHINA, Actor, Command

ADMINISTRATOR: Final = Actor(account="u-admin", role="administrator", unit="4401")
Change = Callable[[Scene, Point, datetime], tuple[str, Command] | None]
"""Code and command of a change; None when there is nothing of the kind to change now."""


def upkeep(
    scene: Scene, start: datetime, *, days: int, scale: float, at_point: str | None = None
) -> Life:
    """Play the changes day by day, each kind with its own rarity.

    With `at_point` only that point changes, and every kind of change comes once in 20 days.
    """
    draw = scene.draw
    for day in range(days):
        midnight = start + timedelta(days=day)
        yield midnight
        planned = [
            (midnight + timedelta(seconds=int(between(draw, 1, 86_000))), number)
            for number, (_, in_a_year) in enumerate(CHANGES)
            for _ in range(int((0.05 if at_point else in_a_year * scale / 365) + draw.random()))
        ]
        for at, number in sorted(planned):
            yield at
            point = scene.registers.points[at_point or pick(draw, scene.point_codes)]
            due = CHANGES[number][0](scene, point, at)
            if due is not None:
                code, command = due
                stream = scene.world.stream_for(command, code)
                yield scene.act(stream, command, ADMINISTRATOR, at)
                if (correcting := _corrected(scene, code, command)) is not None:
                    yield scene.act(stream, correcting, ADMINISTRATOR, at)


# --- points


def _renamed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del scene
    name = f"{point.name.partition('（')[0]}（{at:%Y年%m月%d日}更名）"
    return (point.code, RenamePoint(name=name)) if name != point.name else None


def _moved(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    other = scene.registers.points[pick(scene.draw, scene.point_codes)]
    source, day = "模拟区划调整", at.date()
    there = point.location_on(day)
    if there.division == other.locations[0].division and there.source == source:
        return None
    return point.code, MovePoint(
        division=other.locations[0].division, division_source=source, valid_from=day
    )


def _services_changed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command]:
    del scene, at
    fewer = set(point.services) != set(words.FEATURED_SERVICES)
    return point.code, ChangePointServices(services=words.FEATURED_SERVICES if fewer else ())


def _calendar_changed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del at
    codes = [code for code in scene.registers.calendars if "@" not in code]
    others = [code for code in codes if code != point.calendar]
    return (point.code, ChangePointCalendar(calendar=pick(scene.draw, others))) if others else None


def _closed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del scene, at
    return (point.code, ClosePoint(reason="场地装修")) if point.open else None


def _reopened(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point, at
    shut = [code for code in scene.point_codes if not scene.registers.points[code].open]
    return (pick(scene.draw, shut), ReopenPoint(reason="装修完成")) if shut else None


def _device_changed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    """A rating device of a center goes to repair, or comes back from it."""
    del point, at
    centers = [one for one in scene.registers.points.values() if one.kind == "center"]
    if not centers:
        return None
    center = pick(scene.draw, centers)
    for window in words.WINDOWS:
        if window not in center.devices.values():
            device = f"D-{center.code}-{window}"
            return center.code, PlaceDevice(device=device, window=window)
    return center.code, RemoveDevice(device=pick(scene.draw, list(center.devices)))


# --- advisers


def _registered(scene: Scene, point: Point, at: datetime) -> tuple[str, Command]:
    del point, at
    code = f"A{len(scene.adviser_codes) + 1:04d}"
    number = int(scene.draw.random() * 600_000)
    scene.adviser_codes.append(code)
    return code, RegisterAdviser(code=code, name=words.person_name(number), firm=_firm(scene))


def _firm(scene: Scene) -> str:
    """Pick the firm of somebody who is or was in office."""
    return scene.registers.advisers[pick(scene.draw, list(scene.registers.advisers))].firm


def _changed_firm(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point, at
    adviser = scene.registers.advisers[pick(scene.draw, scene.adviser_codes)]
    firm = _firm(scene)
    if not adviser.active or (firm, None) == (adviser.firm, adviser.team):
        return None
    return adviser.code, MoveAdviser(firm=firm)


def _left(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point, at
    code = pick(scene.draw, scene.adviser_codes)
    active = [one for one in scene.registers.advisers.values() if one.active]
    if len(active) == 1 or not scene.registers.advisers[code].active:
        return None
    return code, RetireAdviser(reason="合同期满不再续聘")


def _returned(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point, at
    gone = [one.code for one in scene.registers.advisers.values() if not one.active]
    return (pick(scene.draw, gone), ReinstateAdviser(firm=_firm(scene))) if gone else None


def _licensed(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point, at
    new = [one.code for one in scene.registers.advisers.values() if one.licence is None]
    if not new:
        return None
    number = int(scene.draw.random() * 1_000_000)
    since = words.practising_since(number)
    return pick(scene.draw, new), RecordLicence(
        licence=words.licence(number), practising_since=since
    )


def _penalized(scene: Scene, point: Point, at: datetime) -> tuple[str, Command] | None:
    del point
    command = RecordPenalty(
        decided_on=china_day(at),
        authority="模拟司法局",
        reason=pick(scene.draw, words.PENALTY_REASONS),
    )
    adviser = scene.registers.advisers[pick(scene.draw, scene.adviser_codes)]
    return (adviser.code, command) if not adviser.penalties else None


def _corrected(scene: Scene, code: str, command: Command) -> Command | None:
    """Correct what shows at once to have been wrong; nothing is drawn for it."""
    match command:
        case ChangePointCalendar():
            # Guangzhou and Hong Kong have had the same time since 1992.
            was = scene.registers.points[code].zone
            zone = "Asia/Hong_Kong" if was == CHINA else CHINA
            return ChangePointZone(zone=zone, reason="登记时选错")
        case RecordPenalty(reason=reason) if reason == words.PENALTY_REASONS[-1]:
            on = command.decided_on.isoformat()
            return WithdrawPenalty(decided_on=on, authority=command.authority, reason="登记有误")
        case _:
            return None


# --- rules


def _revised(scene: Scene, point: Point, at: datetime) -> tuple[str, Command]:
    """The same rules in a new version: their references change, and nothing else."""
    del point
    newest = scene.registers.policies[LIMITS_POLICY].versions[-1]
    day = (at + timedelta(hours=8)).date()
    version = newest.version + 1
    return newest.code, PublishPolicy(
        policy=replace(newest, version=version, effective_from=day, basis="模拟修订", example=True)
    )


CHANGES: Final[tuple[tuple[Change, float], ...]] = (
    (_renamed, 24),
    (_moved, 16),
    (_services_changed, 12),
    (_calendar_changed, 12),
    (_closed, 12),
    (_reopened, 40),
    (_registered, 40),
    (_changed_firm, 60),
    (_left, 40),
    (_returned, 12),
    (_licensed, 120),
    (_penalized, 8),
    (_revised, 1),
    (_device_changed, 60),
)
"""What changes, and how often a year in a city of full size."""
