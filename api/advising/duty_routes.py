"""The commands about advisers' duties over HTTP: appointments to villages, work logs, inspections
and rectifications, and the forms that inspections follow."""

from typing import Any, Final
from uuid import UUID

from api.advising.blobs import Waiting, confirm_stored
from api.web.acting import Answer, CommandAsking, Perform, Route, answer_of
from domain.advising import appointment_commands, worklog
from domain.advising.worklog import AttachEvidence, LogWork, Worklog
from domain.oversight import inspection, rectification
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import OrderRectification, Rectification
from domain.registers import adviser, appointment, form
from domain.registers.appointment import Appointment
from domain.registration import adviser_commands, form_commands
from domain.requests import rating
from domain.requests.rating import Rating, RatingNotInvited
from domain.vocabulary import Command, sibling_id, stream_id
from ledger.log.codec import uuid7
from ledger.log.decision import Receipt, project

# --- appointments: a stream for each division


def _division(path: dict[str, Any], _: Any) -> UUID:
    return stream_id(appointment.KIND, path["code"])


def _of_division(_: dict[str, Any], command: Any) -> UUID:
    return stream_id(appointment.KIND, command.division)


def _begins_appointment(command: type[Command], action: str, summary: str) -> Route:
    """The division is in the body: it may have no appointment yet."""
    return Route(
        command=command,
        under=f"/appointments/{action}",
        summary=summary,
        stream=_of_division,
        creates=True,
        location=lambda _, command, __: f"/appointments/{command.division}",
    )


def _of_appointment(command: type[Command], action: str, summary: str) -> Route:
    def possible(state: Appointment) -> bool:
        return appointment_commands.possible(state, command)

    under = f"/appointments/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_division, possible=possible)


# --- things with an id


def _id(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _begins(
    command: type[Command], under: str, summary: str, perform: Perform | None = None
) -> Route:
    return Route(
        command=command,
        under=under,
        summary=summary,
        perform=perform,
        creates=True,
        location=lambda _, __, receipt: f"{under}/{receipt.stream}",
    )


def _of_work(
    command: type[Command],
    action: str,
    summary: str,
    perform: Perform | None = None,
) -> Route:
    def possible(state: Worklog) -> bool:
        return worklog.possible(state, command)

    return Route(
        command=command,
        under=f"/worklogs/{{id:uuid}}/{action}",
        summary=summary,
        stream=_id,
        perform=perform,
        possible=possible,
    )


def _of_inspection(command: type[Command], action: str, summary: str) -> Route:
    def possible(state: Inspection) -> bool:
        return inspection.possible(state, command)

    under = f"/inspections/{{id:uuid}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_id, possible=possible)


def _of_rectification(command: type[Command], action: str, summary: str) -> Route:
    def possible(state: Rectification) -> bool:
        return rectification.possible(state, command)

    under = f"/rectifications/{{id:uuid}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_id, possible=possible)


async def _order(asking: CommandAsking, command: OrderRectification) -> tuple[Receipt, Answer]:
    """Perform an order; that of a bad rating has a stream derived from its request."""
    stream = uuid7()
    if command.source == "rating":
        found = project(rating, None, await asking.wiring.ledger.stream(command.source_stream))
        if found is None:
            raise RatingNotInvited(str(command.source_stream))
        rated: Rating = found.state
        if rated.invited is None:
            raise RatingNotInvited(str(command.source_stream))
        stream = sibling_id(rated.invited.request, rectification.KIND)
    receipt = await asking.execute(stream, command, creates=command.source != "rating")
    return receipt, answer_of(receipt)


async def _log_work(asking: CommandAsking, command: LogWork) -> tuple[Receipt, Answer]:
    """The answer is of this command alone, so that it is the same when it is sent again; evidence
    that was uploaded before is confirmed in a version after it."""
    receipt = await asking.begin(command)
    await confirm_stored(
        asking.wiring, Waiting(receipt.stream, "worklog"), command.evidence, asking.by
    )
    return receipt, answer_of(receipt)


async def _attach(asking: CommandAsking, command: AttachEvidence) -> tuple[Receipt, Answer]:
    """Perform as `_log_work` does."""
    receipt = await asking.execute(asking.path["id"], command)
    await confirm_stored(
        asking.wiring, Waiting(receipt.stream, "worklog"), (command.evidence,), asking.by
    )
    return receipt, answer_of(receipt)


# --- advisers and forms: by code


def _of_adviser(command: type[Command], action: str, summary: str) -> Route:
    def stream(path: dict[str, Any], _: Any) -> UUID:
        return stream_id(adviser.KIND, path["code"])

    under = f"/advisers/{{code:str}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=stream)


def _form(_: dict[str, Any], command: form_commands.PublishForm) -> UUID:
    return stream_id(form.KIND, command.form.code)


ROUTES: Final = (
    _of_adviser(adviser_commands.RecordLicence, "record-licence", "登记执业证"),
    _of_adviser(adviser_commands.RecordPenalty, "record-penalty", "登记处罚"),
    _of_adviser(adviser_commands.WithdrawPenalty, "withdraw-penalty", "撤销处罚登记"),
    _begins_appointment(
        appointment_commands.NominateAdviser, "nominate-adviser", "推荐法律顾问人选"
    ),
    _begins_appointment(
        appointment_commands.LinkProvider, "link-provider", "确定对口团队、律所或项目组"
    ),
    _of_appointment(
        appointment_commands.RecordCoordination, "record-coordination", "登记征求意见情况"
    ),
    _of_appointment(appointment_commands.ChooseAdviser, "choose-adviser", "村（社区）选定法律顾问"),
    _of_appointment(appointment_commands.AcceptVillage, "accept-village", "律所接受"),
    _of_appointment(appointment_commands.DeclineVillage, "decline-village", "律所不接受"),
    _of_appointment(appointment_commands.CancelSelection, "cancel-selection", "取消遴选"),
    _of_appointment(appointment_commands.SignContract, "sign-contract", "签订合同"),
    _of_appointment(appointment_commands.RenewTerm, "renew-term", "续聘"),
    _of_appointment(appointment_commands.ReplaceAdviser, "replace-adviser", "更换法律顾问"),
    _of_appointment(appointment_commands.DismissAdviser, "dismiss-adviser", "解聘"),
    _of_appointment(appointment_commands.EndTerm, "end-term", "提前终止聘期"),
    _of_appointment(appointment_commands.NoteAbsence, "note-absence", "登记缺席"),
    _of_appointment(appointment_commands.ExcuseAbsence, "excuse-absence", "缺席有正当理由"),
    _of_appointment(
        appointment_commands.NoteRefusedArrangement, "note-refused-arrangement", "登记不服从安排"
    ),
    _of_appointment(
        appointment_commands.CreateWechatGroup, "create-wechat-group", "建立微信工作群"
    ),
    _of_appointment(
        appointment_commands.DissolveWechatGroup, "dissolve-wechat-group", "解散微信工作群"
    ),
    _of_appointment(appointment_commands.PostDisplay, "post-display", "张贴公示"),
    _of_appointment(appointment_commands.RemoveDisplay, "remove-display", "撤下公示"),
    _of_appointment(appointment_commands.UnlinkProvider, "unlink-provider", "终止对口关系"),
    _begins(LogWork, "/worklogs", "登记工作日志", _log_work),
    _of_work(worklog.CorrectWork, "correct", "更正"),
    _of_work(worklog.WithdrawWork, "withdraw", "撤回"),
    _of_work(AttachEvidence, "attach-evidence", "补充佐证材料", perform=_attach),
    _of_work(worklog.ReportEvidenceMissing, "report-evidence-missing", "登记佐证材料缺失"),
    _of_work(worklog.ConfirmWork, "confirm", "村（社区）确认工作日志"),
    _of_work(worklog.VerifyWork, "verify", "司法所核验"),
    _of_work(worklog.ReturnWork, "return", "司法所退回"),
    _of_work(worklog.ClearDoubts, "clear-doubts", "司法所排除疑点"),
    _begins(inspection.HoldInspection, "/inspections", "登记检查或督导"),
    _of_inspection(inspection.CorrectInspection, "correct", "更正"),
    _of_inspection(inspection.ConfirmInspection, "confirm", "被检查单位确认或提出意见"),
    _of_inspection(inspection.VoidInspection, "void", "作废"),
    _begins(OrderRectification, "/rectifications", "责令整改", _order),
    _of_rectification(rectification.AnswerRectification, "answer", "反馈整改情况"),
    _of_rectification(rectification.AcceptRectification, "accept", "验收合格"),
    _of_rectification(rectification.RejectRectification, "reject", "验收不合格"),
    _of_rectification(rectification.MarkOverdue, "mark-overdue", "期满未反馈，记为逾期"),
    _of_rectification(rectification.EscalateRectification, "escalate", "提出调整或退出"),
    _of_rectification(rectification.WithdrawRectification, "withdraw", "撤回整改"),
    Route(
        command=form_commands.PublishForm,
        under="/forms",
        summary="公布检查表或统计表样的一个版本",
        stream=_form,
        creates=True,
        location=lambda _, command, __: f"/forms/{command.form.code}",
    ),
)
