"""Requests 事项: their commands, one of them as it stands, and the list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.commands import Act, Answer, Asking, answer_of
from domain import proceedings, request
from domain.request import LinkDuplicate, Request, duplicate_link
from domain.request import LinkDuplicate, Request, duplicate_link
from domain.vocabulary import Actor, Command
from ledger.decision import Receipt


def _stream(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _is_open(state: Request) -> bool:
    return not state.closed and not state.voided


def _is_closed(state: Request) -> bool:
    return state.closed and not state.voided


def _is_valid(state: Request) -> bool:
    return not state.voided


def _waits(state: Request) -> bool:
    return _is_open(state) and state.supplement is not None


def _has_appointment(state: Request) -> bool:
    return _is_open(state) and state.appointment is not None


def _act(
    command: type[Command],
    path: str,
    summary: str,
    possible: Callable[[Request], bool] = _is_open,
) -> Act:
    return Act(
        command=command,
        path=f"/requests/{{id:uuid}}/{path}",
        summary=summary,
        stream=_stream,
        possible=possible,
    )


async def _link(asking: Asking, command: LinkDuplicate) -> tuple[Receipt, Answer]:
    """A link is judged by both requests: the original is read from its own stream."""
    ledger, stream = asking.wiring.ledger, _stream(asking.path, command)
    original = await ledger.held_of(request, command.original)
    checked = duplicate_link(
        stream, command.original, original.state if original else None, command.reason
    )
    receipt = await ledger.execute(
        stream,
        checked,
        by=asking.by,
        occurred_at=asking.occurred_at,
        command_id=asking.command_id,
        expected_version=asking.expected_version,
    )
    return receipt, answer_of(receipt)


ACTS: Final = (
    Act(
        command=request.LogRequest,
        path="/requests",
        summary="登记事项",
        creates=True,
        location=lambda receipt, _: f"/requests/{receipt.stream}",
    ),
    _act(request.HandOver, "hand-over", "移交责任人"),
    _act(request.AssignAdviser, "assign-adviser", "指派法律顾问"),
    _act(request.InformOnce, "inform-once", "一次性告知"),
    _act(request.RequestSupplement, "request-supplement", "要求补正材料"),
    _act(request.ReceiveSupplement, "receive-supplement", "收到补正材料", _waits),
    _act(request.GiveConsultation, "give-consultation", "提供咨询"),
    _act(request.AddNote, "add-note", "添加备注", _is_valid),
    _act(request.MakeAppointment, "make-appointment", "约定时间"),
    _act(request.KeepAppointment, "keep-appointment", "约期已履行", _has_appointment),
    _act(request.MissAppointment, "miss-appointment", "约期未履行", _has_appointment),
    _act(request.Reclassify, "reclassify", "更改服务类别"),
    _act(request.UnlinkDuplicate, "unlink-duplicate", "取消重复关联", _is_valid),
    _act(request.RecalculateDeadlines, "recalculate-deadlines", "重新计算时限"),
    _act(request.CloseRequest, "close", "办结"),
    _act(request.ReopenRequest, "reopen", "重新打开", _is_closed),
    _act(request.VoidRequest, "void", "作废", _is_valid),
    _act(proceedings.Refer, "refer", "转介"),
    _act(proceedings.AcceptReferral, "accept-referral", "受理转介"),
    _act(proceedings.RefuseReferral, "refuse-referral", "不受理转介"),
    _act(proceedings.ReturnReferral, "return-referral", "退回转介"),
    _act(proceedings.CompleteReferral, "complete-referral", "转介办结"),
    _act(proceedings.OpenMediation, "open-mediation", "启动调解"),
    _act(proceedings.HoldMediationSession, "hold-mediation-session", "举行调解"),
    _act(proceedings.AgreeMediation, "agree-mediation", "达成调解协议"),
    _act(proceedings.EndMediation, "end-mediation", "终止调解"),
    _act(
        proceedings.ReportMediationPerformed, "report-mediation-performed", "报告履行", _is_valid
    ),
    _act(
        proceedings.SeekJudicialConfirmation, "seek-judicial-confirmation", "申请司法确认",
        _is_valid,
    ),
    _act(
        proceedings.DecideJudicialConfirmation, "decide-judicial-confirmation", "司法确认结果",
        _is_valid,
    ),
    _act(proceedings.ApplyForLegalAid, "apply-for-legal-aid", "申请法律援助"),
    _act(proceedings.GrantLegalAid, "grant-legal-aid", "批准法律援助"),
    _act(proceedings.RefuseLegalAid, "refuse-legal-aid", "不予法律援助"),
    _act(
        proceedings.AssignLegalAidLawyer, "assign-legal-aid-lawyer", "指派援助律师", _is_valid
    ),
    _act(proceedings.DeemLegalAidWithdrawn, "deem-legal-aid-withdrawn", "视为撤回申请"),
)  # fmt: skip
