"""Commands on registers over HTTP, each declared once: points, advisers, calendars, policies."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.registers import adviser, calendar_publication, point, policy
from domain.registration import adviser_commands, calendar_commands, point_commands, policy_commands
from domain.vocabulary import Command, stream_id


def _coded(kind: str) -> Callable[[dict[str, Any], Any], UUID]:
    return lambda path, _: stream_id(kind, path["code"])


def _new(kind: str, part: str | None = None) -> Callable[[dict[str, Any], Any], UUID]:
    """A thing that has a public code: the code is in the body, or in a part of it."""
    return lambda _, command: stream_id(kind, (getattr(command, part) if part else command).code)


def _of_point(command: type[Command], action: str, summary: str) -> Route:
    under = f"/points/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_coded(point.KIND))


def _of_adviser(command: type[Command], action: str, summary: str) -> Route:
    under = f"/advisers/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_coded(adviser.KIND))


ROUTES: Final = (
    Route(
        command=point_commands.OpenPoint,
        under="/points",
        summary="设立服务点",
        stream=_new(point.KIND),
        creates=True,
        location=lambda _, command, __: f"/points/{command.code}",
    ),
    _of_point(point_commands.RenamePoint, "rename", "更名"),
    _of_point(point_commands.MovePoint, "move", "变更所在区划"),
    _of_point(point_commands.ChangePointServices, "change-services", "调整服务项目"),
    _of_point(point_commands.ChangePointCalendar, "change-calendar", "更换工作日历"),
    _of_point(point_commands.ChangePointZone, "change-zone", "更正时区"),
    _of_point(point_commands.ClosePoint, "close", "停用"),
    _of_point(point_commands.ReopenPoint, "reopen", "恢复"),
    _of_point(point_commands.PlaceDevice, "place-device", "在窗口设置服务评价器"),
    _of_point(point_commands.RemoveDevice, "remove-device", "撤除服务评价器"),
    Route(
        command=adviser_commands.RegisterAdviser,
        under="/advisers",
        summary="登记法律顾问",
        stream=_new(adviser.KIND),
        creates=True,
        location=lambda _, command, __: f"/advisers/{command.code}",
    ),
    _of_adviser(adviser_commands.MoveAdviser, "move", "变更律所或团队"),
    _of_adviser(adviser_commands.RetireAdviser, "retire", "离任"),
    _of_adviser(adviser_commands.ReinstateAdviser, "reinstate", "重新任职"),
    Route(
        command=calendar_commands.PublishCalendar,
        under="/calendars",
        summary="公布工作日历的一个版本",
        stream=_new(calendar_publication.KIND, "calendar"),
        creates=True,
        location=lambda _, command, __: f"/calendars/{command.calendar.code}",
    ),
    Route(
        command=policy_commands.PublishPolicy,
        under="/policies",
        summary="公布规则的一个版本",
        stream=_new(policy.KIND, "policy"),
        creates=True,
        location=lambda _, command, __: f"/policies/{command.policy.code}",
    ),
    Route(
        command=policy_commands.RecalculatePolicy,
        under="/policies/{code:str}/recalculate",
        summary="以规则的一个版本重新计算已结束的月份，须说明理由",
        stream=_coded(policy.KIND),
    ),
    Route(
        command=calendar_commands.RecalculateByCalendar,
        under="/calendars/{code:str}/recalculate",
        summary="以工作日历的一个版本重新计算已结束的月份，须说明理由",
        stream=_coded(calendar_publication.KIND),
    ),
)  # fmt: skip
