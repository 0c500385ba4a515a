"""The page of a request: what it is, what was promised, what happened, what may be done now; and
the receipt that the person takes along."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final, Literal

from msgspec import Struct

from api.pages.asking import ask, parameters
from api.pages.declared import Declared
from api.pages.forms import read
from api.pages.giving import KEY, NotTaken, give, new_key, status_of
from api.pages.page import Elsewhere, Html, Page, Visit, filled, url
from api.pages.qr import qr_of
from api.pages.tongue import Tongue
from api.requests import following_pages
from api.requests.desk import number_of
from api.requests.ratings import RatingCode
from api.requests.requests import RequestFound
from api.rights import may
from api.web.calling import origin_of
from api.web.problems import Problem
from api.web.questions import Question
from domain.moment import Registers
from domain.promises.promise import Promise
from domain.registers.appointment import china_day
from domain.requests.rating import IssueRatingCode
from domain.requests.request_commands import AddNote, LogRequest
from domain.vocabulary import Actor
from domain.worktime.calendar import CalendarHasNoYear, days_between
from projections.history.promises import PromiseTold
from projections.history.timeline import Timeline, TimelineEvent

UNDER: Final = "/requests/{id:uuid}"
PART: Final = "_part"
"""Which of a page's forms was sent."""
RARE: Final = frozenset((
    "HandOver", "TransferRequest", "AssignAdviser", "InformOnce", "Reclassify", "LinkDuplicate",
    "UnlinkDuplicate", "RecalculateDeadlines", "ExtendRequestDeadline", "ClearRequestDoubts",
    "MissAppointment", "DeemLegalAidWithdrawn", "ReplaceFollowCode",
))  # fmt: skip
"""What is seldom done, and stands behind 其他操作."""
RISKY: Final = frozenset(("VoidRequest",))
"""What cannot be undone; it comes last."""
NOT_FOR_HIM: Final = ("not-found", "not-permitted")
"""Nothing is kept beside it, or not for whoever looks; all else that goes wrong is said."""
COMPOSED: Final = "AddNote"
"""Has its place at the end of what happened."""
REOPENED: Final = "request.reopened"
SAID_ELSEWHERE: Final = frozenset((
    "requested_at", "subject", "point", "division", "calendar", "zone", "channel", "service",
    "window",
    "client_category", "first_contact", "firm", "team", "given_by", "given_on", "of", "of_kind",
    "round", "policy", "served_by", "request", "issued_by", "issued_at", "token_sha256",
    "sessions", "by", "at", "sha256", "paused_at", "resumed_at", "external", "work_order",
))  # fmt: skip
"""Fields of events that the facts of the page say, or nobody reads."""
WORDS: Final = frozenset((
    "detail", "answer", "text", "summary", "record", "terms", "outcome", "comment",
))  # fmt: skip
"""Fields in which somebody wrote what was said."""

# --- promises


Standing = Literal["kept", "late", "runs", "overdue", "paused", "stopped"]


class Clock(Struct, frozen=True, kw_only=True):
    """A promise as its clock is drawn."""

    promise: PromiseTold
    standing: Standing
    said: str


def clock_of(told: PromiseTold, registers: Registers, now: datetime, tongue: Tongue) -> Clock:
    """Say how a promise stands: kept or not, or how much of it is left."""
    standing: Standing
    if told.stopped_at is not None:
        standing, said = "stopped", tongue.say("不再计")
    elif told.met_at is not None:
        late = told.in_time is False
        standing, said = ("late" if late else "kept"), tongue.say("超期办理" if late else "按时")
    elif told.paused_since is not None:
        standing, said = "paused", tongue.say("已暂停")
    elif told.due < now:
        standing, said = "overdue", _left(told, registers, now, tongue, overdue=True)
    else:
        standing, said = "runs", _left(told, registers, now, tongue, overdue=False)
    return Clock(promise=told, standing=standing, said=said)


def _left(
    told: PromiseTold, registers: Registers, now: datetime, tongue: Tongue, *, overdue: bool
) -> str:
    first, last = sorted((china_day(now), china_day(told.due)))
    if first == last:
        return tongue.say("今天到期，已过" if overdue else "今天到期")
    days = working_days(told.calendar, first, last, registers)
    if days is None:
        n = (last - first).days
        return tongue.say("逾期{n}天" if overdue else "还剩{n}天", n=n)
    return tongue.say("逾期{n}个工作日" if overdue else "还剩{n}个工作日", n=days)


def working_days(ref: str, first: date, last: date, registers: Registers) -> int | None:
    """Count the working days after the first until the last; None where the calendar cannot."""
    calendar = registers.calendars.get(ref)
    if calendar is None:
        return None
    try:
        return sum(calendar.is_working(day) for day in days_between(first, last) if day > first)
    except CalendarHasNoYear:
        return None


# --- actions


class Action(Struct, frozen=True):
    link: str
    said: str


class Actions(Struct, frozen=True):
    """What may be done now: at most one first, then what is common, seldom, and hard to undo."""

    first: Action | None
    common: tuple[Action, ...]
    rare: tuple[Action, ...]
    risky: tuple[Action, ...]

    @property
    def any(self) -> bool:
        return bool(self.first or self.common or self.rare or self.risky)


def actions_of(
    visit: Visit, declared: Declared, allowed: Sequence[str], first: str | None
) -> Actions:
    """Sort what is allowed: what is to be done next before all."""
    names = [one for one in allowed if one != COMPOSED and one in declared.routes]

    def action(name: str) -> Action:
        route = declared.routes[name]
        path = filled(declared.form_under(route), visit.path)
        return Action(path, visit.tongue.action(route.name, route.summary))

    rest = [one for one in names if one != first]
    return Actions(
        first=None if first is None else action(first),
        common=tuple(action(one) for one in rest if one not in RARE | RISKY),
        rare=tuple(action(one) for one in rest if one in RARE),
        risky=tuple(action(one) for one in rest if one in RISKY),
    )


def next_of(visit: Visit, body: RequestFound, holder: str, now: datetime) -> str | None:
    """The command that is the visitor's to give next, where it is his turn."""
    by, state, proceedings = visit.actor, body.state, body.state.proceedings
    here = by.unit == holder
    to = proceedings.referred_to
    answers = to == by.unit or (here and to not in visit.registers.points)
    steps = (
        ("AcceptTransfer", not here),
        ("ReceiveSupplement", here),
        ("CompleteReferral", answers and proceedings.referral == "accepted"),
        ("AcceptReferral", answers and proceedings.referral == "sent"),
        ("GrantLegalAid", proceedings.agency == by.unit),
        ("HoldMediationSession", here and proceedings.mediation == "open"),
        (
            "KeepAppointment",
            here and state.appointment is not None and state.appointment.at <= now,
        ),
        ("CloseRequest", here and bool(state.served_by)),
        ("GiveConsultation", here and proceedings.referral not in ("sent", "accepted")),
    )
    return next((name for name, turn in steps if turn and name in body.allowed), None)


def holder_of(point: str, told: Timeline | None) -> str:
    """The point that has the request now, as its history says."""
    asked = point
    for one in told.events if told else ():
        if one.kind == "request.transferred":
            asked = str(one.data.get("to", point))
        elif one.kind == "request.transfer_accepted":
            point = asked
    return point


class Round(Struct, frozen=True):
    """The band where a request was opened again."""

    number: int
    reason: str


def rounds_of(events: Sequence[TimelineEvent]) -> Mapping[int, Round]:
    """Position of an event → the round that begins with it."""
    opened = [one for one in events if one.kind == REOPENED]
    return {
        one.position: Round(number, str(one.data.get("reason", "")))
        for number, one in enumerate(opened, start=2)
    }


# --- the pages


class RequestPage:
    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(under=UNDER, of="Request", show=self.show, take=self.take),
            Page(under=f"{UNDER}/receipt", of="Request", show=self.receipt, take=self.take_receipt),
        )

    @property
    def _question(self) -> Question:
        return self._declared.questions["Request"]

    async def show(self, visit: Visit) -> Html:
        return await self.drawn(visit)

    async def drawn(self, visit: Visit, wrong: NotTaken | None = None) -> Html:
        question, declared, tongue = self._question, self._declared, visit.tongue
        # What was sent by one of the forms is no parameter of the question.
        found = await ask(visit, question, visit.path, parameters(visit, question))
        body: RequestFound = found.body
        told = await declared.timeline(visit, question)
        events: Sequence[TimelineEvent] = told.events if told else ()
        now = datetime.now(UTC)
        state = body.state
        holder = holder_of(state.logged.point, told)
        as_known_at = visit.query.get("as_known_at") or None
        return Html(
            template="request.html",
            status=status_of(wrong),
            context={
                "title": tongue.say("事项"),
                "number": await number_of(visit, body.id),
                "body": body,
                "state": state,
                "label": partial(tongue.label, owner=LogRequest),
                "mark": partial(_marked, tongue=tongue),
                "holder": holder,
                "papers": state.supplement.items if state.supplement else (),
                "clocks": [clock_of(one, visit.registers, now, tongue) for one in body.promises],
                "promise_named": partial(tongue.label, field="name", owner=Promise),
                "told": told,
                "said_elsewhere": SAID_ELSEWHERE,
                "words": WORDS,
                "china_day": china_day,
                "events": events if visit.query.get("order") != "new" else events[::-1],
                "rounds": rounds_of(events),
                "reclassified": sum(one.kind == "request.reclassified" for one in events),
                "actions": None
                if as_known_at
                else actions_of(visit, declared, body.allowed, next_of(visit, body, holder, now)),
                "rating": await self._beside(visit, "Rating"),
                "attachments": await self._beside(visit, "Attachments"),
                "may_note": COMPOSED in body.allowed and not as_known_at,
                "may_attach": not as_known_at
                and visit.actor.role in declared.routes["AttachFile"].roles,
                "wrong": wrong,
                "errors": {} if wrong is None else wrong.errors,
                "key": visit.typed(KEY) or new_key(),
                **declared.around(visit, question, found),
            },
        )

    async def _beside(self, visit: Visit, name: str) -> Any:
        """Look up what is kept beside the request, as known then; None where there is none for
        whoever looks."""
        question = self._declared.questions[name]
        query = parameters(visit, self._question)
        kept = {one: query[one] for one in ("as_known_at",) if one in query}
        try:
            return (await ask(visit, question, visit.path, kept)).body
        except Problem as problem:
            if problem.slug not in NOT_FOR_HIM:
                raise
            return None

    async def take(self, visit: Visit) -> Html | Elsewhere:
        """Take a note, or a file that was uploaded before."""
        try:
            done = await self._taken(visit)
        except NotTaken as wrong:
            return await self.drawn(visit, wrong)
        return Elsewhere(url(visit.here, done=done) + "#now")

    async def _taken(self, visit: Visit) -> str:
        routes = self._declared.routes
        if visit.typed(PART) == "file":
            size = visit.typed("size")
            evidence = {
                "sha256": visit.typed("sha256"),
                "media_type": visit.typed("media_type"),
                "size": int(size) if size.isdecimal() else 0,
            }
            body = {"of_kind": "request", "evidence": evidence}
            if title := visit.typed("title"):
                body["title"] = title
            await give(visit, routes["AttachFile"], path=visit.path, body=body)
            return "AttachFile"
        found = read(AddNote, visit.form, visit.tongue, owners=("AddNote",))
        if found.errors:
            raise NotTaken(422, "", found.errors)
        await give(visit, routes[COMPOSED], path=visit.path, body=found.body)
        return COMPOSED

    # --- the receipt

    async def receipt(self, visit: Visit) -> Html:
        return await self.printed(visit)

    async def printed(
        self, visit: Visit, code: str | None = None, wrong: NotTaken | None = None
    ) -> Html:
        """Draw the receipt; with the link of a code, its square beside."""
        question = self._question
        found = await ask(visit, question, visit.path, parameters(visit, question))
        state = found.body.state
        rating = await self._beside(visit, "Rating")
        follow = await self._beside(visit, "FollowCode")
        invited = rating is not None and rating.state.invited is not None
        served = _served(visit.actor, state, rating)
        return Html(
            template="receipt.html",
            status=status_of(wrong),
            context={
                "title": visit.tongue.say("回执"),
                "number": await number_of(visit, found.body.id),
                "body": found.body,
                "state": state,
                "label": partial(visit.tongue.label, owner=LogRequest),
                "promise_named": partial(visit.tongue.label, field="name", owner=Promise),
                "follow": follow,
                "follow_page": _address(visit, following_pages.UNDER),
                "follow_qr": follow and qr_of(_address(visit, follow.page)),
                "may_replace": "ReplaceFollowCode" in found.body.allowed,
                "informed": state.informed.items if state.informed else (),
                "point": visit.registers.points.get(state.logged.point),
                "now": datetime.now(UTC),
                "invited": invited and rating.state.given is None and not rating.state.defaulted,
                "served": served,
                "may_issue": may(visit.actor, IssueRatingCode),
                "code": None if code is None else qr_of(code),
                "link": code,
                "wrong": wrong,
                "key": new_key(),
                "as_known_at": None,
                "unmask": visit.actor.role in question.right.clear,
            },
        )

    async def take_receipt(self, visit: Visit) -> Html:
        """Issue a code for the person, to be printed: the rules say who may."""
        try:
            done = await give(
                visit, self._declared.routes["IssueRatingCode"], path=visit.path, body={}
            )
        except NotTaken as wrong:
            return await self.printed(visit, wrong=wrong)
        assert isinstance(done.answer, RatingCode)
        return await self.printed(visit, code=_address(visit, done.answer.page))


def _served(by: Actor, state: Any, rating: Any) -> bool:
    """Tell whether somebody served a request himself: then he is told that another prints it."""
    served_by = {*state.served_by, state.responsible}
    if rating is not None and rating.state.invited is not None:
        served_by |= {*rating.state.invited.served_by, rating.state.invited.officer}
    return bool({by.account, by.adviser} & served_by - {None})


def _address(visit: Visit, path: str) -> str:
    """The whole address of a page of ours, as the browser of whoever looks has it."""
    return (origin_of(visit.scope) or "") + path


def _marked(state: Any, tongue: Tongue) -> Iterator[tuple[str, str]]:
    """Words of how a request stands, for its head, each with how it is marked."""
    if state.voided:
        yield tongue.say("已作废"), "bad"
    elif state.closed:
        yield tongue.say("已办结"), "ok"
    else:
        yield tongue.say("办理中"), "in"
    if state.supplement is not None:
        yield tongue.say("待补材料"), "warn"
    proceedings = state.proceedings
    for field, heading in (
        ("referral", tongue.say("转介")),
        ("mediation", tongue.say("调解")),
        ("legal_aid", tongue.say("援助")),
    ):
        value = getattr(proceedings, field)
        if value != "none":
            yield f"{heading} {tongue.label(value, field, type(proceedings))}", ""
