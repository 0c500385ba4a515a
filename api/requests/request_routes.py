"""Commands on requests and ratings over HTTP, each declared once."""

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.requests import ratings, rosters
from api.web import acting
from api.web.acting import Route
from domain.complaints.record import NoteDissatisfaction
from domain.requests import proceedings_commands, rating, request_commands, roster, transfer
from domain.requests.request import Request
from domain.requests.roster import roster_stream
from domain.vocabulary import Command, sibling_id


def _request(path: dict[str, Any], _: Any) -> UUID:
    stream: UUID = path["id"]
    return stream


def _rating(path: dict[str, Any], _: Any) -> UUID:
    return sibling_id(path["id"], rating.KIND)


def _of_request(command: type[Command], action: str, summary: str) -> Route:
    def possible(state: Request) -> bool:
        return request_commands.possible(state, command)

    under = f"/requests/{{id:uuid}}/{action}"
    return Route(command=command, under=under, summary=summary, stream=_request, possible=possible)


def _of_rating(
    command: type[Command],
    action: str,
    summary: str,
    perform: acting.Perform | None = None,
    body: type[Struct] | None = None,
) -> Route:
    under = f"/requests/{{id:uuid}}/rating{action}"
    return Route(
        command=command, under=under, summary=summary, stream=_rating, perform=perform, body=body
    )


ROUTES: Final = (
    Route(
        command=request_commands.LogRequest,
        under="/requests",
        summary="登记事项",
        creates=True,
        location=lambda _, __, receipt: f"/requests/{receipt.stream}",
    ),
    _of_request(request_commands.HandOver, "hand-over", "移交责任人"),
    _of_request(transfer.TransferRequest, "transfer", "转给另一个服务点办理"),
    _of_request(transfer.AcceptTransfer, "accept-transfer", "接收转办"),
    _of_request(transfer.RefuseTransfer, "refuse-transfer", "退回或收回转办"),
    _of_request(request_commands.AssignAdviser, "assign-adviser", "指派法律顾问"),
    _of_request(request_commands.InformOnce, "inform-once", "一次性告知"),
    _of_request(request_commands.RequestSupplement, "request-supplement", "要求补正材料"),
    _of_request(request_commands.ReceiveSupplement, "receive-supplement", "收到补正材料"),
    _of_request(request_commands.GiveConsultation, "give-consultation", "提供咨询"),
    _of_request(request_commands.AddNote, "add-note", "添加备注"),
    _of_request(request_commands.MakeAppointment, "make-appointment", "约定或改约时间"),
    _of_request(
        request_commands.KeepAppointment, "keep-appointment", "约期已履行"
    ),
    _of_request(
        request_commands.MissAppointment, "miss-appointment", "约期未履行"
    ),
    _of_request(request_commands.Reclassify, "reclassify", "更改服务类别"),
    _of_request(request_commands.LinkDuplicate, "link-duplicate", "关联为重复事项"),
    _of_request(request_commands.UnlinkDuplicate, "unlink-duplicate", "取消重复关联"),
    _of_request(request_commands.RecalculateDeadlines, "recalculate-deadlines", "重新计算时限"),
    _of_request(
        request_commands.ExtendRequestDeadline, "extend-deadline",
        "延长办结期限（调解经当事人同意，转介由规则规定的负责人批准）",
    ),
    _of_request(request_commands.CloseRequest, "close", "办结"),
    _of_request(request_commands.ReopenRequest, "reopen", "重新打开"),
    _of_request(request_commands.VoidRequest, "void", "作废"),
    _of_request(request_commands.ReplaceFollowCode, "replace-follow-code", "更换查询码"),
    _of_request(request_commands.ClearRequestDoubts, "clear-doubts", "司法所排除疑点"),
    _of_request(proceedings_commands.Refer, "refer", "转介"),
    _of_request(proceedings_commands.AcceptReferral, "accept-referral", "受理转介"),
    _of_request(proceedings_commands.RefuseReferral, "refuse-referral", "不受理转介"),
    _of_request(proceedings_commands.ReturnReferral, "return-referral", "退回转介"),
    _of_request(proceedings_commands.CompleteReferral, "complete-referral", "转介办结"),
    _of_request(proceedings_commands.OpenMediation, "open-mediation", "启动调解"),
    _of_request(proceedings_commands.HoldMediationSession, "hold-mediation-session", "举行调解"),
    _of_request(proceedings_commands.AgreeMediation, "agree-mediation", "达成调解协议"),
    _of_request(proceedings_commands.EndMediation, "end-mediation", "终止调解"),
    _of_request(
        proceedings_commands.ReportMediationPerformed, "report-mediation-performed",
        "报告协议履行情况",
    ),
    _of_request(
        proceedings_commands.SeekJudicialConfirmation, "seek-judicial-confirmation", "申请司法确认",
    ),
    _of_request(
        proceedings_commands.DecideJudicialConfirmation, "decide-judicial-confirmation",
        "登记司法确认结果",
    ),
    _of_request(proceedings_commands.ApplyForLegalAid, "apply-for-legal-aid", "申请法律援助"),
    _of_request(proceedings_commands.GrantLegalAid, "grant-legal-aid", "批准法律援助"),
    _of_request(proceedings_commands.RefuseLegalAid, "refuse-legal-aid", "不予法律援助"),
    _of_request(
        proceedings_commands.AssignLegalAidLawyer, "assign-legal-aid-lawyer", "指派援助律师",
    ),
    _of_request(
        proceedings_commands.DeemLegalAidWithdrawn, "deem-legal-aid-withdrawn",
        "视为撤回法律援助申请",
    ),
    _of_request(
        proceedings_commands.ObjectToLegalAidRefusal, "object-to-legal-aid-refusal",
        "申请人对不予援助提出异议",
    ),
    _of_request(
        proceedings_commands.ReviewLegalAidRefusal, "review-legal-aid-refusal",
        "司法行政部门复查：维持或责令改正",
    ),
    Route(
        command=rating.InviteRating,
        under="/requests/{id:uuid}/rating-invitation",
        summary="邀请评价（办结时自动邀请，可提前）",
        body=acting.Nothing,
        perform=ratings.invite,
        creates=True,
        location=lambda path, _, __: f"/requests/{path['id']}/rating",
    ),
    Route(
        command=rating.IssueRatingCode,
        under="/requests/{id:uuid}/rating/code",
        summary="出具评价码（窗口评价器显示，或由未经办人员印在回执上）",
        stream=_rating,
        body=acting.Nothing,
        answer=ratings.RatingCode,
        perform=ratings.issue,
    ),
    _of_rating(
        rating.GiveRating, "", "评价（窗口评价器）", ratings.give_at_device, ratings.VoteAtDevice
    ),
    _of_rating(
        rating.FollowUpRating, "/follow-up", "追评（窗口评价器）",
        ratings.follow_up_at_device, ratings.VoteAtDevice,
    ),
    _of_rating(rating.LookAtRating, "/look-at", "核查存疑评价：计入或剔除"),
    _of_rating(
        rating.CallBackRating, "/call-back", "登记回访评价（差评，或随机抽中的）",
        ratings.call_back, ratings.CallBack,
    ),
    _of_rating(rating.DefaultRating, "/default", "期满按默认评价计"),
    _of_rating(rating.DisputeRating, "/dispute", "对评价提出申诉"),
    _of_rating(rating.DecideRatingDispute, "/decide-dispute", "处理评价申诉"),
    Route(
        command=rating.GiveRating,
        under="/ratings/{id:uuid}/{token:str}",
        summary="凭评价链接评价一次",
        body=ratings.Vote,
        perform=ratings.give,
        public=True,
    ),
    Route(
        command=rating.FollowUpRating,
        under="/ratings/{id:uuid}/{token:str}/follow-up",
        summary="凭评价链接追评一次",
        body=ratings.Vote,
        perform=ratings.follow_up,
        public=True,
    ),
    Route(
        command=rating.WithdrawRating,
        under="/ratings/{id:uuid}/{token:str}/withdraw",
        summary="凭评价链接撤回评价",
        body=acting.Nothing,
        perform=ratings.withdraw,
        public=True,
    ),
    Route(
        command=NoteDissatisfaction,
        under="/ratings/{id:uuid}/{token:str}/dissatisfaction",
        summary="凭评价链接，要求处理差评",
        body=acting.Nothing,
        perform=ratings.note_dissatisfaction,
        public=True,
    ),
    Route(
        command=roster.TakeWindow,
        under="/rosters/take-window",
        summary="登记到岗值班",
        stream=lambda _, command: roster_stream(command.point, command.day),
        body=rosters.Taking,
        perform=rosters.take,
        creates=True,
        location=lambda _, taking, __: f"/rosters/{taking.point}/{taking.day}",
    ),
    Route(
        command=roster.LeaveWindow,
        under="/rosters/{point:str}/{day:str}/leave-window",
        summary="登记离岗",
        stream=lambda path, _: roster_stream(path["point"], path["day"]),
    ),
)  # fmt: skip
