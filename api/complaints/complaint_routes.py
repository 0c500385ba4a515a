"""The commands of complaints over HTTP. Whoever may not see a complaint is answered as if there
were none."""

from typing import Any, Final
from uuid import UUID

from api.web.acting import Answer, CommandAsking, Nothing, Perform, Route, answer_of
from api.web.gate import readable
from api.web.problems import FieldProblem, Problem
from domain.complaints import complaint, complaint_commands
from domain.complaints import record as complaint_record
from domain.complaints import review as complaint_review
from domain.complaints import routing as complaint_routing
from domain.complaints.complaint import Complaint
from domain.complaints.complaint_commands import ActorIsComplainedOf, noted_by_rating
from domain.complaints.record import (
    DeclineComplaint,
    LinkSameMatter,
    NoteDissatisfaction,
    RegisterComplaint,
    VoidComplaint,
)
from domain.moment import names_of
from domain.requests import rating, request
from domain.requests.rating import RatingNotInvited
from domain.requests.request_commands import RequestUnknown
from domain.vocabulary import Command, sibling_id
from ledger.log.decision import Receipt, project

Performed = tuple[Receipt, Answer]


async def _act(asking: CommandAsking, command: Command) -> Performed:
    """A repeated one is answered again, even if it closed the complaint to its actor."""
    stream: UUID = asking.path["id"]
    events = await asking.wiring.ledger.stream(stream)
    repeated = any(one.command_id == asking.command_id for one in events)
    if not repeated and stream not in await readable(asking.wiring, (stream,), asking.by):
        raise Problem("not-found")
    return await _executed(asking, stream, command)


async def _executed(asking: CommandAsking, stream: UUID, command: Command) -> Performed:
    receipt = await asking.execute(stream, command)
    return receipt, answer_of(receipt)


# --- commands that look at more than their complaint


async def _receive(
    asking: CommandAsking, command: NoteDissatisfaction | RegisterComplaint
) -> Performed:
    if command.grievance is not None and command.grievance.rating is not None:
        wrong = FieldProblem("grievance.rating", "a bad rating is noted by its own route")
        raise Problem("validation-failed", None, wrong)
    receipt = await asking.begin(command)
    return receipt, answer_of(receipt)


async def _note_rating(asking: CommandAsking, _: Nothing) -> Performed:
    """A bad rating has one dissatisfaction, beside its request."""
    of_request: UUID = asking.path["id"]
    ledger, of_rating = asking.wiring.ledger, sibling_id(of_request, rating.KIND)
    if not await readable(asking.wiring, (of_request,), asking.by):
        raise RequestUnknown
    served = project(request, None, await ledger.stream(of_request))
    rated = project(rating, None, await ledger.stream(of_rating))
    if served is None:
        raise RequestUnknown
    if rated is None:
        raise RatingNotInvited
    invited = rated.state.invited
    if invited and not names_of(asking.by, await ledger.registers()).isdisjoint(invited.served_by):
        # Whether there is a complaint already, he is not told.
        raise ActorIsComplainedOf
    command = noted_by_rating(of_request, of_rating, rated.state, served.state)
    return await _executed(asking, sibling_id(of_request, complaint.KIND), command)


# --- what a row is made of


def _of_complaint(
    command: type[Command], action: str, summary: str, perform: Perform = _act, **more: Any
) -> Route:
    def possible(state: Complaint) -> bool:
        return complaint_commands.possible(state, command)

    return Route(
        command=command,
        under=f"/complaints/{{id:uuid}}/{action}",
        summary=summary,
        perform=perform,
        possible=possible,
        **more,
    )


def _here(_: Any, __: Any, receipt: Receipt) -> str:
    return f"/complaints/{receipt.stream}"


ROUTES: Final = (
    Route(
        command=NoteDissatisfaction,
        under="/dissatisfactions",
        summary="记录不满意（尚未成为投诉）",
        perform=_receive,
        creates=True,
        location=_here,
    ),
    Route(
        command=NoteDissatisfaction,
        named="NoteBadRating",
        under="/requests/{id:uuid}/dissatisfaction",
        summary="由差评记录不满意",
        body=Nothing,
        perform=_note_rating,
        creates=True,
        location=_here,
    ),
    Route(
        command=RegisterComplaint,
        under="/complaints",
        summary="登记投诉",
        perform=_receive,
        creates=True,
        location=_here,
    ),
    _of_complaint(RegisterComplaint, "register", "不满意转为投诉", named="EscalateDissatisfaction"),
    _of_complaint(complaint_record.SettleDissatisfaction, "settle", "当场解决"),
    _of_complaint(complaint_record.NameObject, "name-object", "明确或更正被投诉对象"),
    _of_complaint(complaint_record.UnhideComplaint, "unhide", "解除误列对象的查阅限制"),
    _of_complaint(complaint_record.CorrectPeople, "correct-people", "更正投诉人数"),
    _of_complaint(complaint_record.AcknowledgeComplaint, "acknowledge", "告知已收到"),
    _of_complaint(complaint_record.AcceptComplaint, "accept", "受理"),
    _of_complaint(DeclineComplaint, "decline", "不予受理"),
    _of_complaint(complaint_routing.AssignComplaint, "assign", "交办或改派"),
    _of_complaint(complaint_routing.SignForComplaint, "sign-for", "签收"),
    _of_complaint(complaint_routing.AskReturn, "ask-return", "申请退回"),
    _of_complaint(complaint_routing.DecideReturn, "decide-return", "审核退回申请"),
    _of_complaint(complaint_routing.BeginInvestigation, "begin-investigation", "开始办理"),
    _of_complaint(complaint_routing.AskCoHandler, "ask-co-handler", "请求协办"),
    _of_complaint(complaint_routing.AnswerAsCoHandler, "answer-as-co-handler", "协办答复"),
    _of_complaint(complaint_routing.ReleaseCoHandler, "release-co-handler", "取消协办"),
    _of_complaint(complaint_record.PauseComplaint, "pause", "暂停时限"),
    _of_complaint(complaint_record.ResumeComplaint, "resume", "恢复时限"),
    _of_complaint(complaint_record.ExtendDeadline, "extend", "批准延期"),
    _of_complaint(complaint_record.SuperviseComplaint, "supervise", "督办"),
    _of_complaint(complaint_record.AnswerComplaint, "answer", "答复"),
    _of_complaint(complaint_record.RecordReturnVisit, "record-return-visit", "登记回访"),
    _of_complaint(complaint_record.OrderRework, "order-rework", "退回重办"),
    _of_complaint(complaint_record.CloseComplaint, "close", "办结"),
    _of_complaint(complaint_record.ReopenComplaint, "reopen", "重新打开"),
    _of_complaint(complaint_record.WithdrawComplaint, "withdraw", "撤回"),
    _of_complaint(complaint_record.ReclassifyComplaint, "reclassify", "在投诉与咨询之间更改类别"),
    _of_complaint(LinkSameMatter, "link-same-matter", "关联为同一事项"),
    _of_complaint(complaint_record.UnlinkSameMatter, "unlink-same-matter", "取消同一事项关联"),
    _of_complaint(complaint_record.DeclareRecusal, "declare-recusal", "自行回避"),
    _of_complaint(complaint_record.OrderRecusal, "order-recusal", "责令回避"),
    _of_complaint(
        complaint_record.RecalculateComplaintDeadlines, "recalculate-deadlines", "重新计算时限"
    ),
    _of_complaint(complaint_review.AskReview, "ask-review", "申请复查或复核"),
    _of_complaint(complaint_review.DecideReview, "decide-review", "作出复查或复核决定"),
    _of_complaint(complaint_review.FinalizeComplaint, "finalize", "终结"),
    _of_complaint(VoidComplaint, "void", "作废"),
)
