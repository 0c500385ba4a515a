"""The actor himself: who he is, what he may do, and what waits for him. An inbox is a list with
filters, so that its count and its rows agree."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from api.advising import contracts, oversight, worklogs
from api.complaints import board
from api.evaluation import evaluations, samples
from api.requests import ratings, requests
from api.rights import may
from api.serving.catalogue import ME
from api.web.acting import Route
from api.web.answers import ROOT
from api.web.question_routes import instants_of, query_of
from api.web.questions import Asking, Found, Question, Snapshot, reading
from domain.registers.appointment import china_day
from domain.roles import FIRMS, LEADERS, STAFF, VILLAGES
from domain.vocabulary import CHINA, Actor
from projections.all_views import STORED

ENDING_DAYS: Final = 60
"""A contract that ends within these days waits for somebody to think of the next one."""
Count = Callable[[Asking], Awaitable[int]]
COUNTS: Final[Mapping[str, Count]] = {
    "/requests": requests.LISTING.count,
    "/ratings": ratings.LISTING.count,
    "/device/ratings": ratings.queued,
    "/complaints": board.count,
    "/dissatisfactions": board.count,
    "/worklogs": worklogs.count,
    "/appointments": contracts.LISTING.count,
    "/inspections": oversight.INSPECTIONS.count,
    "/rectifications": oversight.RECTIFICATIONS.count,
    "/objections": evaluations.OBJECTIONS.count,
    "/samples": samples.LISTING.count,
}
"""How the rows of a list are counted."""


class Inbox(Struct, frozen=True):
    """A list with filters that somebody has to look at."""

    what: str
    zh: str
    en: str
    under: str
    filters: Mapping[str, str]


class Waiting(Struct, frozen=True, kw_only=True):
    """`link` is the list that holds what waits, with its filters."""

    KEY: ClassVar = ("what",)
    what: str
    zh: str
    en: str
    count: int
    link: str


class MeFound(Struct, frozen=True, kw_only=True):
    """`may`: names of the operations that the role may ask for; whose unit and which stage, the
    rules decide. `waiting`: every inbox of the role, empty or not."""

    account: str
    role: str
    unit: str
    adviser: str | None
    may: tuple[str, ...]
    waiting: list[Waiting]


# --- the inboxes of a role


def inboxes(by: Actor, today: date) -> Iterator[Inbox]:
    """List what may wait for an actor, by his role and unit as they stand."""
    if by.role in VILLAGES:
        yield from _of_village()
    elif by.role in FIRMS:
        yield from _of_firm(by.unit)
    elif by.role == "device":
        yield _inbox("device_queue", "待评价的邀请", "invitations at my window", "/device/ratings")
    elif by.role in (*STAFF, *LEADERS):
        yield from _of_casework(by, today)
        if by.adviser is not None:
            yield from _of_adviser(by.adviser)
        if by.role in LEADERS and _is_division(by.unit):
            yield from _of_leader(by.unit, today)


def _inbox(what: str, zh: str, en: str, under: str, **filters: str) -> Inbox:
    """A filter whose name is a word of Python ends with `_`."""
    return Inbox(what, zh, en, under, {name.rstrip("_"): one for name, one in filters.items()})


def _is_division(unit: str) -> bool:
    return re.fullmatch("[0-9]{1,12}", unit) is not None


def _of_village() -> Iterator[Inbox]:
    yield _inbox(
        "selections_to_choose", "待选定的法律顾问", "advisers to choose", "/appointments",
        turn="committee",
    )  # fmt: skip
    yield _inbox(
        "work_to_confirm", "待确认的工作日志", "work logs to confirm", "/worklogs",
        counts="true", confirmed="false",
    )  # fmt: skip
    yield _inbox(
        "inspections_to_confirm", "待确认的检查", "inspections to confirm", "/inspections",
        confirmed="false", voided="false",
    )  # fmt: skip


def _of_firm(firm: str) -> Iterator[Inbox]:
    yield _inbox(
        "selections_to_answer", "待答复的选聘", "selections to answer", "/appointments",
        turn="firm", chosen_firm=firm,
    )  # fmt: skip
    yield from _to_answer("firm", firm)


def _of_casework(by: Actor, today: date) -> Iterator[Inbox]:
    account, unit = by.account, by.unit
    yield _inbox(
        "my_requests", "我负责的事项", "requests that I answer for", "/requests",
        responsible=account, status="open",
    )  # fmt: skip
    yield _inbox(
        "my_mediations", "我主持的调解", "mediations that I lead", "/requests",
        mediator=account, mediation="open", status="open",
    )  # fmt: skip
    for status, zh, en in (
        ("sent", "转介到本单位、待受理的事项", "referred to my unit, to accept"),
        ("accepted", "转介到本单位、办理中的事项", "referred to my unit, under way"),
    ):
        yield _inbox(
            f"referrals_{status}", zh, en, "/requests",
            referred_to=unit, referral=status, status="open",
        )  # fmt: skip
    yield _inbox(
        "legal_aid_applied", "本机构待审查的法律援助申请", "applications for legal aid",
        "/requests", agency=unit, legal_aid="applied",
    )  # fmt: skip
    begins = datetime.combine(today, time(), ZoneInfo(CHINA))
    yield _inbox(
        "appointments_today", "今日的约期和回电", "today's appointments and call-backs",
        "/requests", point=unit, status="open", order="appointed",
        appointed_from=begins.isoformat(), appointed_to=(begins + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    yield _inbox(
        "due_today", "今日到期和已逾期的事项", "due today, and overdue", "/requests",
        point=unit, status="open", order="due", overdue_at=(begins + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    yield _inbox(
        "waiting_for_papers", "等当事人补材料的事项", "waiting for papers", "/requests",
        point=unit, status="open", paused="true",
    )  # fmt: skip
    yield _inbox(
        "complaints_mine", "本单位待办的投诉", "complaints at my unit", "/complaints",
        turn="mine", open="true",
    )  # fmt: skip
    yield _inbox(
        "complaints_co_handled", "本单位协办的投诉", "complaints my unit co-handles", "/complaints",
        turn="co_handled", open="true",
    )  # fmt: skip
    yield _inbox(
        "dissatisfactions", "本单位的不满意", "dissatisfactions at my point", "/dissatisfactions",
        point=unit, stage="noted",
    )  # fmt: skip
    yield _inbox(
        "inspections_to_confirm", "待确认的检查", "inspections to confirm", "/inspections",
        point=unit, confirmed="false", voided="false",
    )  # fmt: skip
    if not _is_division(by.unit):
        yield from _to_answer("point", unit)


def _of_adviser(code: str) -> Iterator[Inbox]:
    yield _inbox(
        "requests_to_serve", "由我提供服务的事项", "requests that I serve", "/requests",
        adviser=code, status="open",
    )  # fmt: skip
    yield _inbox(
        "work_returned", "退回的工作日志", "work logs sent back", "/worklogs",
        adviser=code, standing="returned",
    )  # fmt: skip
    yield _inbox(
        "work_without_evidence", "待上传佐证的工作日志", "work logs that wait for evidence",
        "/worklogs", adviser=code, counts="true", waits_for_evidence="true",
    )  # fmt: skip
    yield _inbox(
        "rectifications_of_mine", "待本人反馈的整改", "my rectifications to answer",
        "/rectifications", addressee_kind="adviser", addressee=code, status="open",
    )  # fmt: skip


def _of_leader(division: str, today: date) -> Iterator[Inbox]:
    yield _inbox(
        "work_to_verify", "待核验的工作日志", "work logs to verify", "/worklogs",
        division=division, standing="logged",
    )  # fmt: skip
    yield _inbox(
        "work_doubtful", "有疑点的工作日志", "work logs with doubts", "/worklogs",
        division=division, counts="true", doubtful="true",
    )  # fmt: skip
    yield _inbox(
        "ratings_to_look_at", "待核查的存疑评价", "ratings to look at", "/ratings",
        division=division, suspect="true",
    )  # fmt: skip
    yield _inbox(
        "disputes_to_decide", "待处理的评价申诉", "rating disputes to decide", "/ratings",
        division=division, dispute="open",
    )  # fmt: skip
    yield _inbox(
        "rectifications_to_accept", "待验收的整改", "rectifications to accept", "/rectifications",
        division=division, status="answered",
    )  # fmt: skip
    yield _inbox(
        "rectifications_overdue", "逾期的整改", "rectifications overdue", "/rectifications",
        division=division, ended="false", overdue="true",
    )  # fmt: skip
    yield _inbox(
        "selections_to_act_on", "待听取意见或签合同的选聘", "selections to hear or to sign",
        "/appointments", division=division, turn="bureau",
    )  # fmt: skip
    yield _inbox(
        "contracts_ending", "即将到期的合同", "contracts that end soon", "/appointments",
        division=division, ends_from=str(today),
        ends_until=str(today + timedelta(days=ENDING_DAYS)),
    )  # fmt: skip
    yield _inbox(
        "objections_waiting", "待处理的异议", "objections to decide", "/objections",
        division=division, waiting="true",
    )  # fmt: skip
    yield _inbox(
        "samples_to_draw", "待抽取的抽查", "samples to draw", "/samples",
        division=division, drawn="false",
    )  # fmt: skip


def _to_answer(kind: str, code: str) -> Iterator[Inbox]:
    yield _inbox(
        "rectifications_to_answer", "待反馈的整改", "rectifications to answer", "/rectifications",
        addressee_kind=kind, addressee=code, status="open",
    )  # fmt: skip


# --- the answer


def question_of(routes: Iterable[Route], questions: Iterable[Question]) -> Question:
    """Declare the question; `questions` are those that an inbox may be."""
    routes, questions = tuple(routes), tuple(questions)
    lists = {one.under: one for one in questions if one.under in COUNTS}

    async def find(asking: Asking) -> Found:
        by = asking.by
        assert by is not None
        today = china_day(asking.query.as_known_at or datetime.now(UTC))
        named: tuple[Route | Question, ...] = (*routes, *questions)
        async with reading(asking, *(one.NAME for one in STORED)) as (connection, basis):
            within = replace(asking, within=Snapshot(connection, basis))
            waiting = [await _waiting(within, lists, one) for one in inboxes(by, today)]
        body = MeFound(
            account=by.account,
            role=by.role,
            unit=by.unit,
            adviser=by.adviser,
            may=tuple(sorted({one.name for one in named if _may(by, one)})),
            waiting=waiting,
        )
        return Found(body)

    return Question(
        name="Me",
        under="/me",
        summary="我是谁、可办什么、有什么在等我：每项待办的件数和清单",
        tag=ME,
        answer=MeFound,
        find=find,
    )


def _may(by: Actor, one: Route | Question) -> bool:
    """Tell whether the role may ask for it; what is open to everybody is nobody's right."""
    if isinstance(one, Route):
        return not one.public and by.role in one.roles
    return one.permission != "public" and may(by, one.permission)


async def _waiting(asking: Asking, lists: Mapping[str, Question], one: Inbox) -> Waiting:
    text, question = urlencode(one.filters), lists[one.under]
    query = query_of(text.encode(), question.query, instants_of(question.query))
    asked = replace(query, as_known_at=asking.query.as_known_at, wait_for=asking.query.wait_for)
    count = await COUNTS[one.under](replace(asking, query=asked))
    link = ROOT + one.under + (f"?{text}" if text else "")
    return Waiting(what=one.what, zh=one.zh, en=one.en, count=count, link=link)
