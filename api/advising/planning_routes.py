"""Commands over HTTP on what is planned: advisers' visits, villages' needs, leaders' areas."""

from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.advising import needs, visit_plan
from domain.advising.needs import needs_stream
from domain.advising.visit_plan import VisitPlan, plan_stream
from domain.oversight import area
from domain.oversight.area import Area, area_stream
from domain.vocabulary import Command

# --- visit plans: a stream for each adviser, village and month

PLAN: Final = "/visit-plans/{adviser:str}/{village:str}/{month:str}"


def _plan(path: dict[str, Any], _: Any) -> UUID:
    return plan_stream(path["adviser"], path["village"], path["month"])


def _of_plan(command: type[Command], action: str, summary: str) -> Route:
    def waits(state: VisitPlan) -> bool:
        """A decision needs a change that waits."""
        return command is visit_plan.AskChange or any(one.asked for one in state.visits)

    return Route(
        command=command, under=f"{PLAN}/{action}", summary=summary, stream=_plan, possible=waits
    )


# --- needs: a stream for each village


def _of_village(_: dict[str, Any], command: Any) -> UUID:
    return needs_stream(command.village)


def _begins_needs(command: type[Command], action: str, summary: str) -> Route:
    """The village is in the body: it may have no list yet."""
    return Route(
        command=command,
        under=f"/needs/{action}",
        summary=summary,
        stream=_of_village,
        creates=True,
        location=lambda _, command, __: f"/needs/{command.village}",
    )


def _of_needs(command: type[Command], action: str, summary: str) -> Route:
    return Route(
        command=command,
        under=f"/needs/{{village:str}}/{action}",
        summary=summary,
        stream=lambda path, _: needs_stream(path["village"]),
        possible=lambda state: bool(state.open),
    )


# --- areas: a stream for each division


def _assigned(state: Area) -> bool:
    return state.now is not None


ROUTES: Final = (
    Route(
        command=visit_plan.PlanVisits,
        under="/visit-plans",
        summary="登记法律顾问一个月的驻村计划",
        stream=lambda _, command: plan_stream(command.adviser, command.village, command.month),
        creates=True,
        location=lambda _, plan, __: f"/visit-plans/{plan.adviser}/{plan.village}/{plan.month}",
    ),
    _of_plan(visit_plan.AskChange, "ask-change", "申请变更或取消一次驻村"),
    _of_plan(visit_plan.ApproveChange, "approve-change", "同意变更"),
    _of_plan(visit_plan.RefuseChange, "refuse-change", "不同意变更，须说明理由"),
    _begins_needs(needs.NoteNeed, "note", "登记村（社区）的一项需求"),
    _begins_needs(needs.GradeVillage, "grade-village", "评定村（社区）的难度等级"),
    _of_needs(needs.MeetNeed, "meet", "登记需求已满足"),
    _of_needs(needs.WithdrawNeed, "withdraw", "撤销一项需求"),
    Route(
        command=area.AssignArea,
        under="/areas",
        summary="确定区划的包干领导",
        stream=lambda _, command: area_stream(command.division),
        creates=True,
        location=lambda _, command, __: f"/areas/{command.division}",
    ),
    Route(
        command=area.ReleaseArea,
        under="/areas/{division:str}/release",
        summary="结束包干",
        stream=lambda path, _: area_stream(path["division"]),
        possible=_assigned,
    ),
)
