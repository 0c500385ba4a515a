"""Commands on registers over HTTP, each declared once: points, advisers, divisions, firms, teams,
organs, calendars, policies."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.registers import (
    adviser,
    calendar_publication,
    division,
    firm,
    organ,
    point,
    policy,
    team,
)
from domain.registration import (
    adviser_commands,
    calendar_commands,
    division_commands,
    firm_commands,
    organ_commands,
    point_commands,
    policy_commands,
    team_commands,
)
from domain.vocabulary import Command, stream_id


def _coded(kind: str) -> Callable[[dict[str, Any], Any], UUID]:
    return lambda path, _: stream_id(kind, path["code"])


def _new(kind: str, part: str | None = None) -> Callable[[dict[str, Any], Any], UUID]:
    """A thing that has a public code: the code is in the body, or in a part of it."""
    return lambda _, command: stream_id(kind, (getattr(command, part) if part else command).code)


def _enters(kind: str, command: type[Command], summary: str) -> Route:
    """The route that puts a thing into its register."""
    return Route(
        command=command,
        under=f"/{kind}s",
        summary=summary,
        stream=_new(kind),
        creates=True,
        location=lambda _, entered, __: f"/{kind}s/{entered.code}",
    )


def _of(kind: str, command: type[Command], action: str, summary: str) -> Route:
    under = f"/{kind}s/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_coded(kind))


_of_point: Final = partial(_of, point.KIND)
_of_adviser: Final = partial(_of, adviser.KIND)
_of_division: Final = partial(_of, division.KIND)
_of_firm: Final = partial(_of, firm.KIND)
_of_team: Final = partial(_of, team.KIND)
_of_organ: Final = partial(_of, organ.KIND)

ROUTES: Final = (
    _enters(point.KIND, point_commands.OpenPoint, "设立服务点"),
    _of_point(point_commands.RenamePoint, "rename", "更名"),
    _of_point(point_commands.MovePoint, "move", "变更所在区划"),
    _of_point(point_commands.ChangePointServices, "change-services", "调整服务项目"),
    _of_point(point_commands.ChangePointWindows, "change-windows", "登记窗口"),
    _of_point(point_commands.ChangePointContacts, "change-contacts", "登记地址和电话"),
    _of_point(point_commands.ChangePointCalendar, "change-calendar", "更换工作日历"),
    _of_point(point_commands.ChangePointZone, "change-zone", "更正时区"),
    _of_point(
        point_commands.RecalculateByPoint, "recalculate",
        "以服务点现在的区划、日历和时区重新计算已结束的月份，须说明理由",
    ),
    _of_point(point_commands.ClosePoint, "close", "停用"),
    _of_point(point_commands.ReopenPoint, "reopen", "恢复"),
    _of_point(point_commands.PlaceDevice, "place-device", "在窗口设置服务评价器"),
    _of_point(point_commands.RemoveDevice, "remove-device", "撤除服务评价器"),
    _enters(adviser.KIND, adviser_commands.RegisterAdviser, "登记法律顾问"),
    _of_adviser(adviser_commands.MoveAdviser, "move", "变更律所或团队"),
    _of_adviser(adviser_commands.RetireAdviser, "retire", "离任"),
    _of_adviser(adviser_commands.ReinstateAdviser, "reinstate", "重新任职"),
    _enters(division.KIND, division_commands.ListDivision, "登记区划"),
    _of_division(division_commands.RenameDivision, "rename", "更名"),
    _of_division(division_commands.AbolishDivision, "abolish", "撤销或并入另一区划"),
    _of_division(division_commands.RestoreDivision, "restore", "更正误记的撤销"),
    _enters(firm.KIND, firm_commands.RegisterFirm, "登记律所"),
    _of_firm(firm_commands.RenameFirm, "rename", "更名"),
    _of_firm(firm_commands.CloseFirm, "close", "停用"),
    _of_firm(firm_commands.ReopenFirm, "reopen", "恢复"),
    _enters(team.KIND, team_commands.FormTeam, "登记顾问团队"),
    _of_team(team_commands.ChangeTeamMembers, "change-members", "调整成员"),
    _of_team(team_commands.DissolveTeam, "dissolve", "解散"),
    _of_team(team_commands.RestoreTeam, "restore", "恢复"),
    _enters(organ.KIND, organ_commands.ListOrgan, "登记市直机关"),
    _of_organ(organ_commands.RenameOrgan, "rename", "更名"),
    _of_organ(organ_commands.CloseOrgan, "close", "停用"),
    _of_organ(organ_commands.ReopenOrgan, "reopen", "恢复"),
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
