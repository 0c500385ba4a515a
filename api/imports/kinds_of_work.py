"""The lists of work of the past: work logs, requests, complaints."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from api.imports.casework_mapping import RowWrong
from api.imports.cells import (
    choice,
    choices,
    code,
    codes,
    count,
    digits,
    instant,
    instant_or_clock,
    phone,
    text,
)
from api.imports.kind import Column, Context, Kind, Step, Values
from api.imports.labels import (
    ASPECTS,
    CLIENTS,
    COMPLAINT_CHANNELS,
    CONCERNS,
    MODES,
    OUTCOMES,
    REQUEST_CHANNELS,
    SERVICES,
    YES_NO,
)
from domain.advising.worklog import LogWork, Work, even_shares
from domain.codes import DivisionCode
from domain.complaints.record import (
    AcceptComplaint,
    AnswerComplaint,
    CloseComplaint,
    Grievance,
    RecordReturnVisit,
    RegisterComplaint,
)
from domain.complaints.routing import AssignComplaint, BeginInvestigation, SignForComplaint
from domain.requests.request_commands import CloseRequest, LogRequest
from domain.vocabulary import (
    CHINA,
    Count,
    ExternalId,
    Personal,
    Several,
    Statement,
    Visitor,
)

IMPORTED: Final = "import"
"""Source of the external ids of what is imported without a number of its own."""


def _number(title: str) -> Column:
    return Column(
        name="number",
        heading=title,
        also=("编号", "原编号", "external_id"),
        reads=text(),
        example="2025-0001",
        note="原有编号，同类中不得重复；空：以整行内容区分 (empty: all that the row says tells it"
        " from others)",
    )


def _worklog(row: Values, context: Context) -> Iterator[Step]:
    started, ended = row["started_at"], row["ended_at"]
    if isinstance(ended, time):
        local = started.astimezone(ZoneInfo(CHINA))
        ended = datetime.combine(local.date(), ended, ZoneInfo(CHINA))
    minutes = int((ended - started).total_seconds() // 60)
    if minutes < len(row["advisers"]):
        raise RowWrong("结束时间须晚于开始时间: it ends before it began")
    clients = {row.get("client", "resident"): row["clients"]} if row.get("clients") else {}
    work = Work(
        village=row["village"],
        service=row["service"],
        mode=row.get("mode", "onsite"),
        ended_at=ended,
        place=row.get("place"),
        clients=clients,
        people_reached=row.get("people_reached", 0),
        matter=row.get("matter"),
        summary=row["summary"],
        result=row.get("result"),
    )
    command = LogWork(work=work, shares=even_shares(minutes, row["advisers"]))
    yield Step(context.stream, command, started)


WORKLOGS: Final = Kind(
    name="worklogs",
    sheet="工作日志",
    title="法律顾问工作日志",
    columns=(
        _number("日志编号"),
        Column(name="village", heading="村（社区）区划代码", also=("区划代码", "村社区代码"),
               reads=digits(DivisionCode), required=True, example="440106001001"),
        Column(name="advisers", heading="顾问编号", also=("adviser",), reads=codes(), required=True,
               example="GW-0001", note="几位顾问共同服务的，用顿号分开，时间平均分配"),
        Column(name="started_at", reads=instant(), required=True,
               example="2026-01-05 09:30"),
        Column(name="ended_at", reads=instant_or_clock(), required=True,
               example="2026-01-05 11:30"),
        Column(name="service", also=("服务内容",), reads=choice(SERVICES),
               required=True, example="咨询"),
        Column(name="mode", reads=choice(MODES), example="现场",
               note="空：现场 (empty: onsite)"),
        Column(name="place", reads=text(), example="居委会会议室"),
        Column(name="client", heading="服务对象", reads=choice(CLIENTS), example="居民"),
        Column(name="clients", heading="服务人次", also=("人次",), reads=count(Count), example="3"),
        Column(name="people_reached", reads=count(Count), example="0"),
        Column(name="matter", heading="事项类别", reads=code()),
        Column(name="summary", heading="工作内容", also=("摘要",), reads=text(Statement),
               required=True,
               example="解答房屋租赁纠纷"),
        Column(name="result", heading="办理结果", reads=text(Personal), example="已解答"),
    ),
    key=("number",),
    steps=_worklog,
    order=lambda row: row["started_at"],
    unit=lambda row: str(row["village"]),
)  # fmt: skip


def _visitor(row: Values) -> Visitor | None:
    if not (row.get("visitor") or row.get("phone")):
        return None
    return Visitor(name=row.get("visitor"), phone=row.get("phone"))


_PERSON: Final = (
    Column(name="visitor", heading="姓名", also=("来访人", "投诉人", "name"), reads=text(Personal),
           example="李某"),
    Column(name="phone", heading="联系电话", also=("电话",), reads=phone(), example="13800000000"),
)  # fmt: skip


def _external(row: Values, context: Context, source: str) -> ExternalId:
    if number := row.get("number"):
        return ExternalId(source=source, id=number)
    return ExternalId(source=IMPORTED, id=str(context.stream))


def _request(row: Values, context: Context) -> Iterator[Step]:
    logged = LogRequest(
        point=row["point"],
        channel=row.get("channel", "unrecorded"),
        service=row["service"],
        subject=row["subject"],
        detail=row.get("detail"),
        visitor=_visitor(row),
        client_category=row.get("client"),
        work_order=row.get("work_order"),
        external=_external(row, context, "list-requests"),
        place=row.get("place"),
        adviser=row.get("adviser"),
    )
    yield Step(context.stream, logged, row["requested_at"])
    if closed := row.get("closed_at"):
        closing = CloseRequest(kind="imported", summary=row.get("summary"))
        yield Step(context.stream, closing, closed)


REQUESTS: Final = Kind(
    name="requests",
    sheet="事项",
    title="既往服务事项",
    columns=(
        _number("事项编号"),
        Column(name="point", heading="服务点编号", reads=code(), required=True, example="TH-S01"),
        Column(name="requested_at", heading="受理时间", also=("登记时间", "来访时间"),
               reads=instant(),
               required=True, example="2026-01-05 09:30"),
        Column(name="channel", heading="渠道", reads=choice(REQUEST_CHANNELS), example="窗口",
               note="空：未记录 (empty: unrecorded)"),
        Column(name="service", reads=choice(SERVICES), required=True,
               example="咨询"),
        Column(name="subject", heading="事由", also=("标题",), reads=text(Statement), required=True,
               example="咨询劳动合同"),
        Column(name="detail", heading="详情", reads=text(Personal)),
        *_PERSON,
        Column(name="client", heading="服务对象", reads=choice(CLIENTS), example="居民"),
        Column(name="adviser", heading="顾问编号", reads=code(), example="GW-0001"),
        Column(name="work_order", heading="工单编号", reads=code()),
        Column(name="place", reads=text()),
        Column(name="closed_at", heading="办结时间", reads=instant(), example="2026-01-05 10:00",
               note="空：尚未办结 (empty: still open)"),
        Column(name="summary", heading="办理结果", reads=text(Personal), example="已解答"),
    ),
    key=("number",),
    steps=_request,
    order=lambda row: row["requested_at"],
    unit=lambda row: str(row["point"]),
)  # fmt: skip


def _complaint(row: Values, context: Context) -> Iterator[Step]:
    grievance = Grievance(
        point=row["point"],
        channel=row.get("channel", "unrecorded"),
        service=row.get("service", "other"),
        aspects=row.get("aspects", ()),
        concern=row.get("concern", "other"),
        subject=row["subject"],
        detail=row.get("detail"),
        complainant=_visitor(row),
        people=row.get("people", 1),
        adviser=row.get("adviser"),
        work_order=row.get("work_order"),
        external=_external(row, context, "list-complaints"),
    )
    received = row["received_at"]
    yield Step(context.stream, RegisterComplaint(grievance=grievance), received)
    answered, closed = row.get("answered_at"), row.get("closed_at")
    if answered is None:
        if closed is not None:
            raise RowWrong("办结时间 (closed_at): there is no 答复时间 (answered_at)")
        return
    if not all(row.get(name) for name in ("facts", "opinion", "outcome")):
        raise RowWrong(
            "答复时间 (answered_at): with an answer 查明事实 (facts), 处理意见 (opinion) and"
            " 处理结果 (outcome) are needed"
        )
    accepted = row.get("accepted_at") or received
    handling = (AssignComplaint(unit=row.get("unit") or context.unit),
                SignForComplaint(), BeginInvestigation())  # fmt: skip
    for command in (AcceptComplaint(), *handling):
        yield Step(context.stream, command, accepted)
    justified = row.get("justified")
    answer = AnswerComplaint(
        claim=row["subject"],
        facts=row["facts"],
        opinion=row["opinion"],
        basis=row.get("basis") or "历史投诉，依据未录入",
        outcome=row["outcome"],
        justified=None if justified is None else justified == "yes",
    )
    yield Step(context.stream, answer, answered)
    if closed is None:
        return
    satisfied = row.get("satisfied")
    visit = RecordReturnVisit(
        reached=satisfied is not None,
        satisfied=None if satisfied is None else satisfied == "yes",
        comment=None if satisfied else f"未记录回访，{context.source}",
    )
    yield Step(context.stream, visit, closed)
    reason = "历史投诉，已办结" if satisfied == "no" else None
    yield Step(context.stream, CloseComplaint(reason=reason), closed)


COMPLAINTS: Final = Kind(
    name="complaints",
    sheet="投诉",
    title="既往投诉",
    columns=(
        _number("投诉编号"),
        Column(name="point", heading="被投诉服务点", also=("服务点编号",), reads=code(),
               required=True,
               example="TH-S01"),
        Column(name="received_at", also=("受理时间", "登记时间"),
               reads=instant(),
               required=True, example="2026-01-05 09:30"),
        Column(name="channel", heading="渠道", reads=choice(COMPLAINT_CHANNELS), example="电话",
               note="空：未记录 (empty: unrecorded)"),
        Column(name="service", reads=choice(SERVICES), example="咨询"),
        Column(name="aspects", heading="作风方面", also=("四个方面",), reads=choices(ASPECTS),
               example="为民、高效"),
        Column(name="concern", heading="反映问题", reads=choice(CONCERNS), example="服务态度"),
        Column(name="subject", heading="投诉内容", also=("事由", "标题"), reads=text(Statement),
               required=True, example="等候时间过长"),
        Column(name="detail", heading="详情", reads=text(Personal)),
        *_PERSON,
        Column(name="people", heading="人数", reads=count(Several), example="1"),
        Column(name="adviser", heading="被投诉顾问", also=("顾问编号",), reads=code()),
        Column(name="work_order", heading="工单编号", reads=code()),
        Column(name="accepted_at", heading="决定受理时间", reads=instant(),
               note="空：收到时间 (empty: when it was received)"),
        Column(name="unit", heading="承办单位", reads=code(), example="440106",
               note="空：本单位 (empty: the office that imports)"),
        Column(name="answered_at", reads=instant(), example="2026-01-12 10:00",
               note="空：尚未答复，只作登记 (empty: registered only)"),
        Column(name="facts", heading="查明事实", reads=text(Statement), example="当日仅一人值班"),
        Column(name="opinion", heading="处理意见", reads=text(Statement), example="增加值班人员"),
        Column(name="basis", reads=text()),
        Column(name="outcome", reads=choice(OUTCOMES), example="支持"),
        Column(name="justified", heading="是否属实", reads=choice(YES_NO), example="是"),
        Column(name="closed_at", heading="办结时间", reads=instant(), example="2026-01-15 10:00"),
        Column(name="satisfied", reads=choice(YES_NO), example="是",
               note="空：没有回访到 (empty: nobody was reached)"),
    ),
    key=("number",),
    steps=_complaint,
    order=lambda row: row["received_at"],
    unit=lambda row: str(row["point"]),
)  # fmt: skip
