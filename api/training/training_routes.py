"""The commands on training sessions and legal helpers over HTTP."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from api.web.acting import Route
from domain.training import helper, session
from domain.training.helper import Helper
from domain.training.session import Training
from domain.vocabulary import Command, stream_id


def _of_training(command: type[Command], action: str, summary: str, *statuses: str) -> Route:
    def possible(state: Training) -> bool:
        return state.status in statuses

    return Route(
        command=command,
        under=f"/trainings/{{id:uuid}}/{action}",
        summary=summary,
        stream=lambda path, _: path["id"],
        possible=possible,
    )


def _helper(path: dict[str, Any], _: Any) -> UUID:
    return stream_id(helper.KIND, path["code"])


def _of_helper(
    command: type[Command],
    action: str,
    summary: str,
    possible: Callable[[Helper], bool] = lambda _: True,
) -> Route:
    under = f"/helpers/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_helper, possible=possible)


ROUTES: Final = (
    Route(
        command=session.AnnounceTraining,
        under="/trainings",
        summary="登记培训",
        creates=True,
        location=lambda _, __, receipt: f"/trainings/{receipt.stream}",
    ),
    _of_training(session.InviteTrainees, "invite", "增加通知参加的人员", "announced"),
    _of_training(session.HoldTraining, "hold", "登记举办和出席", "announced"),
    _of_training(session.CorrectAttendance, "correct-attendance", "更正出席", "held"),
    _of_training(session.CancelTraining, "cancel", "取消或作废", "announced", "held"),
    Route(
        command=helper.RegisterHelper,
        under="/helpers",
        summary="登记法律明白人",
        stream=lambda _, command: stream_id(helper.KIND, command.code),
        creates=True,
        location=lambda _, command, __: f"/helpers/{command.code}",
    ),
    _of_helper(helper.ReportHelperActivity, "report-activity", "登记法律明白人的活动"),
    _of_helper(
        helper.VoidHelperActivity,
        "void-activity",
        "作废误登记的活动",
        lambda one: bool(one.activities),
    ),
    _of_helper(helper.RetireHelper, "retire", "登记退出", lambda one: one.left_on is None),
)
