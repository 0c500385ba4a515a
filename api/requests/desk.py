"""The clerk's desk: the quick form, what was just logged, and what was logged today.

One press gives several commands, each through its own route: the request, and what its outcome
says. All have the key of the form, and each its own path, so that pressing twice does nothing twice
and a series that was broken off goes on where it stopped.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from msgspec import Struct
from pypinyin import Style, lazy_pinyin

from api.pages import typed
from api.pages.asking import ask
from api.pages.declared import Declared
from api.pages.forms import errors_of, read
from api.pages.giving import KEY, LATE_REASON, OCCURRED_AT, NotTaken, besides_of, give, new_key
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.pages.tongue import Tongue
from api.requests.subjects import COMMON
from api.web.acting import Route
from api.web.problems import Problem, invalid
from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.requests.request import Channel, ClientCategory, Mode
from domain.requests.request_commands import GiveConsultation, LogRequest
from domain.vocabulary import Service
from ledger.log.recorder import CommandIdReused
from projections.requests.requests import RequestRow

UNDER: Final = "/desk"
FIRST: Final[tuple[Service, ...]] = (
    "consultation", "mediation", "legal_aid", "referral", "legal_opinion", "contract_review",
    "lecture", "other",
)  # fmt: skip
"""Services that have a key; what else the point offers is behind them."""
MODES: Final[Mapping[Channel, Mode]] = {
    "counter": "onsite", "visit": "onsite", "reception_day": "onsite", "phone": "phone",
    "hotline_12348": "phone", "hotline_12345": "phone", "wechat": "wechat", "web": "network",
}  # fmt: skip
"""How advice was given, by how the person came: the desk asks for it once."""
MINUTES: Final = "10"
"""What stands in the form; whoever answers writes what it took."""
MOBILE_DIGITS: Final = 11
NOT_ASKED: Final = ("point", "detail", "person", "work_order", "external", "place", "late_reason")
GIVEN_WITH_IT: Final = ("adviser", "mode")
"""Fields of a consultation that the form asks for once, with the request."""
EARLIER_DAYS: Final = 7
EARLIER_MAX: Final = 3
TODAY_MAX: Final = 50
SUBJECTS_KEPT_S: Final = 300
LINKED: Final = "duplicate_of"
ASKED: Final = "_asked"
"""Whether earlier requests of the same number were shown before it was logged."""
SAME_MATTER: Final = "登记时核对：同一号码，同一件事"

# --- outcomes


class Outcome(Struct, frozen=True):
    """What a clerk says came of it: commands that the form holds all of, or one that asks more."""

    code: str
    zh: str
    gives: tuple[str, ...] = ()
    asks: str | None = None


OUTCOMES: Final = (
    Outcome("answered", "当场答复", gives=("GiveConsultation", "CloseRequest")),
    Outcome("referred", "转介…", asks="Refer"),
    Outcome("legal_aid", "受理援助…", asks="ApplyForLegalAid"),
    Outcome("mediation", "启动调解…", asks="OpenMediation"),
    Outcome("open", "只登记，稍后办"),
)


class Step(Struct, frozen=True):
    """A command of the series, as its form says it."""

    route: Route
    body: Mapping[str, Any]


class Filled(Struct, frozen=True):
    """What the quick form says, before anything of it is given."""

    logging: Step
    then: tuple[Step, ...]
    outcome: Outcome


class Desk:
    """Pages of the desk; they keep the subjects of each point for some minutes."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._subjects: dict[str, tuple[datetime, Sequence[str]]] = {}

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(under=UNDER, of="LogRequest", show=self.show, take=self.take),
            Page(
                under=f"{UNDER}/earlier", of="Requests", show=_to_the_desk, take=self.take_number
            ),
        )

    # --- looking

    async def show(self, visit: Visit) -> Html:
        return await self.drawn(visit)

    async def drawn(self, visit: Visit, wrong: NotTaken | None = None) -> Html:
        """Draw the desk, with what was typed and what is wrong with it."""
        point = visit.registers.points.get(visit.actor.unit)
        if point is None or not point.open:
            return Html(
                template="no_desk.html",
                context={"title": visit.tongue.say("登记事项"), "closed": point is not None},
            )
        rows = await self._today(visit)
        stands = await self._standing(visit, point, rows)
        offered = [one for one in get_args(Service) if point.offers(one)]
        first = [one for one in FIRST if one in offered]
        return Html(
            template="desk.html",
            status=200 if wrong is None else wrong.status,
            context={
                "title": visit.tongue.say("登记事项"),
                "point": point,
                "rows": rows,
                "standing_of": lambda row: standing_of(row, visit.tongue),
                "wrong": wrong,
                "errors": {} if wrong is None else wrong.errors,
                "value": _values(visit, stands, first or offered),
                "stands": stands,
                "services": first,
                "more": [one for one in offered if one not in first],
                "channels": [one for one in MODES],
                "outcomes": OUTCOMES,
                "categories": get_args(ClientCategory),
                "label": partial(visit.tongue.label, owner=LogRequest),
                "advisers": advisers_of(visit, point),
                "catalogue": [[one, initials(one)] for one in await self._catalogue(visit, point)],
                "key": visit.typed(KEY) or new_key(),
                "saved": await self._saved(visit),
                "today": china_day(datetime.now(UTC)),
                "draft_key": visit.wiring.cursors.secret_for(f"draft {visit.actor.account}"),
            },
        )

    async def _today(self, visit: Visit) -> Sequence[RequestRow]:
        """What was logged at the point today, the newest first."""
        since = str(china_day(datetime.now(UTC)))
        asked = {"point": visit.actor.unit, "from": since, "limit": TODAY_MAX}
        asked |= {"unmask": visit.query.get("unmask")}
        question = self._declared.questions["Requests"]
        try:
            found = await ask(
                visit, question, {}, {**asked, "wait_for": visit.query.get("wait_for")}
            )
        except Problem as problem:
            if problem.slug not in ("not-yet-visible", "position-unknown", "validation-failed"):
                raise
            found = await ask(visit, question, {}, asked)
        rows: Sequence[RequestRow] = found.body.rows
        return rows

    async def _standing(
        self, visit: Visit, point: Point, rows: Sequence[RequestRow]
    ) -> Mapping[str, str]:
        """What is filled in: the window one sits at, and who advised last at one's desk today."""
        by = visit.actor
        own = next((one for one in rows if one.responsible == by.account), None)
        window = ""
        if point.windows:
            sitting = await ask(
                visit, self._declared.questions["Rosters"], {},
                {"point": point.code, "officer": by.account, "sits": "true", "limit": 1,
                 "from": str(china_day(datetime.now(UTC)))},
            )  # fmt: skip
            window = next((one.window for one in sitting.body.rows), "")
        adviser = by.adviser or (own and own.adviser) or ""
        return {
            "window": window or (own and own.window) or "",
            "adviser": named_adviser(visit, adviser),
        }

    async def _catalogue(self, visit: Visit, point: Point) -> Sequence[str]:
        """Subjects that were often logged at the point, the latest first, then those of the field:
        kept for some minutes, for all clerks of the point alike."""
        now = datetime.now(UTC)
        kept = self._subjects.get(point.code)
        if kept is None or (now - kept[0]).total_seconds() > SUBJECTS_KEPT_S:
            found = await ask(
                visit, self._declared.questions["Subjects"], {}, {"point": point.code}
            )
            often = [one.text for one in found.body.rows]
            kept = now, tuple(dict.fromkeys((*often, *COMMON)))
            self._subjects[point.code] = kept
        return kept[1]

    async def _saved(self, visit: Visit) -> Mapping[str, Any] | None:
        """What was just logged, as the confirmation beside the form says it."""
        request = _id(visit.query.get("saved", ""))
        if request is None:
            return None
        try:
            found = await ask(visit, self._declared.questions["Request"], {"id": request}, {})
        except Problem:
            return None
        earlier = [one for one in map(_id, visit.query.get("earlier", "").split(",")) if one]
        return {
            "request": request,
            "number": await number_of(visit, request),
            "state": found.body.state,
            "earlier": earlier[:EARLIER_MAX],
        }

    # --- earlier requests of the same number

    async def take_number(self, visit: Visit) -> Html:
        """Show what was logged here for the number that was just typed. It is posted: a number in
        an address would stand in every log on the way."""
        rows = await self._earlier(visit, typed.phone(visit.typed("visitor.phone")))
        return Html(
            template="_earlier.html",
            context={
                "rows": rows,
                "standing_of": lambda row: standing_of(row, visit.tongue),
                "label": partial(visit.tongue.label, owner=LogRequest),
            },
        )

    async def _earlier(self, visit: Visit, phone: str) -> Sequence[RequestRow]:
        """Earlier requests at this point, of the last days, that say the number."""
        if len(phone) < MOBILE_DIGITS - 4 or not phone.isdecimal():
            return ()
        since = china_day(datetime.now(UTC)) - timedelta(days=EARLIER_DAYS)
        found = await ask(
            visit, self._declared.questions["Requests"], {},
            {"point": visit.actor.unit, "text": phone, "from": str(since), "limit": EARLIER_MAX + 1},
        )  # fmt: skip
        return [one for one in found.body.rows if one.status != "voided"]

    # --- logging

    async def take(self, visit: Visit) -> Html | Elsewhere:
        """Log what the form says, and do what its outcome says."""
        try:
            filled = self._filled(visit)
            try:
                logged = await give(visit, filled.logging.route, path={}, body=filled.logging.body)
            except CommandIdReused as error:
                said = "这张表已经登记过一件，见今日登记。要登记的是另一件，再按一次登记"
                raise NotTaken(409, visit.tongue.say(said)) from error
        except NotTaken as wrong:
            if wrong.status == 409 and isinstance(wrong.__cause__, CommandIdReused):
                visit = msgspec.structs.replace(visit, form={**visit.form, KEY: [new_key()]})
            return await self.drawn(visit, wrong)
        request, position = logged.receipt.stream, logged.receipt.position
        for done, step in enumerate(filled.then):
            try:
                given = await give(visit, step.route, path={"id": request}, body=step.body)
            except NotTaken as wrong:
                return await self._half(visit, request, filled, done, wrong)
            position = given.receipt.position or position
        if filled.outcome.asks is not None:
            form = self._declared.routes[filled.outcome.asks]
            return Elsewhere(url(form.under.replace("{id:uuid}", str(request)), logged=1))
        earlier = await self._earlier_than(visit, request)
        return Elsewhere(
            url(UNDER, saved=request, wait_for=position, earlier=",".join(earlier) or None)
        )

    async def _half(
        self, visit: Visit, request: UUID, filled: Filled, done: int, wrong: NotTaken
    ) -> Html:
        """Say what was taken and what not: the request is logged, whatever else was refused."""
        say = visit.tongue.action
        steps = [filled.logging, *filled.then]
        return Html(
            template="half.html",
            status=wrong.status,
            context={
                "title": visit.tongue.say("登记了，后面的没有办成"),
                "request": request,
                "number": await number_of(visit, request),
                "done": [say(one.route.name, one.route.summary) for one in steps[: done + 1]],
                "refused": say(steps[done + 1].route.name, steps[done + 1].route.summary),
                "form": steps[done + 1].route.under.replace("{id:uuid}", str(request)),
                "why": [one for one in (wrong.said, *wrong.errors.values()) if one],
                "answer": visit.typed("answer"),
            },
        )

    async def _earlier_than(self, visit: Visit, request: UUID) -> Sequence[str]:
        """Ids of earlier requests of the same number, where nobody was shown them before."""
        if visit.typed(ASKED):
            return ()
        try:
            rows = await self._earlier(visit, typed.phone(visit.typed("visitor.phone")))
        except Problem:
            return ()
        return [str(one.request) for one in rows if one.request != request][:EARLIER_MAX]

    def _filled(self, visit: Visit) -> Filled:
        """Read the whole form before anything is given.

        Raises: NotTaken.
        """
        tongue, by = visit.tongue, visit.actor
        if (opened_at := visit.typed("point")) and opened_at != by.unit:
            point = visit.registers.points.get(opened_at)
            said = "这张表是在{point}打开的，你现在的岗位在别处。换回那个岗位再登记，写的都还在"
            name = point.name if point else opened_at
            raise NotTaken(409, tongue.say(said, point=name))
        errors: dict[str, str] = {}
        routes = self._declared.routes
        found = read(
            LogRequest, visit.form, tongue, owners=("LogRequest",), leave_out=NOT_ASKED
        )  # fmt: skip
        errors |= found.errors
        body = {**found.body, "point": by.unit}
        body.setdefault("channel", "counter")
        errors.pop("channel", None)
        if (adviser := self._adviser(visit, errors)) is not None:
            body["adviser"] = adviser
        else:
            body.pop("adviser", None)
        if wrong := _wrong_number(visit):
            errors["visitor.phone"] = wrong
        told = visit.typed("outcome") or OUTCOMES[0].code
        outcome = next((one for one in OUTCOMES if one.code == told), None)
        if outcome is None:
            errors["outcome"] = tongue.say("请从所列选项中选")
            outcome = OUTCOMES[0]
        then: list[Step] = []
        if (original := visit.typed(LINKED)) and _id(original) is not None:
            linked = {"original": original, "reason": SAME_MATTER}
            then.append(Step(routes["LinkDuplicate"], linked))
        if "GiveConsultation" in outcome.gives:
            given = read(
                GiveConsultation, visit.form, tongue, owners=("GiveConsultation",),
                leave_out=GIVEN_WITH_IT,
            )  # fmt: skip
            errors |= given.errors
            mode = MODES.get(body["channel"], "onsite")
            consulted = {**given.body, "mode": mode}
            if adviser is not None:
                consulted["adviser"] = adviser
            then += [
                Step(routes["GiveConsultation"], consulted),
                Step(routes["CloseRequest"], {"kind": "answered"}),
            ]
        errors |= besides_of(visit)[1]
        steps = (Step(routes["LogRequest"], body), *then)
        for step in steps:
            errors = {**_checked(step, tongue), **errors}
        if errors:
            raise NotTaken(422, "", errors)
        return Filled(steps[0], steps[1:], outcome)

    def _adviser(self, visit: Visit, errors: dict[str, str]) -> str | None:
        """Find who advised by the name or the code that was typed."""
        told, say = typed.plain(visit.typed("adviser")), visit.tongue.say
        if not told:
            return None
        advisers = visit.registers.advisers
        if told in advisers:
            return told
        point = visit.registers.points.get(visit.actor.unit)
        here = {} if point is None else advisers_of(visit, point)
        named = [code for code, name in here.items() if name == told] or [
            one.code for one in advisers.values() if one.name == told
        ]
        if len(named) == 1:
            return named[0]
        if named:
            rule = say("叫{name}的有{n}位，写工号：{codes}", name=told, n=len(named),
                       codes="、".join(named[:5]))  # fmt: skip
            errors["adviser"] = rule
        else:
            errors["adviser"] = say("顾问名册里没有“{given}”", given=told[:40])
        return None


async def _to_the_desk(_: Visit) -> Elsewhere:
    return Elsewhere(UNDER)


# --- what is filled in, and how things stand


def _values(
    visit: Visit, stands: Mapping[str, str], offered: Sequence[str]
) -> Mapping[str, str]:
    """Each field of the form: what was typed, or else what is filled in."""
    filled = {
        "service": offered[0] if offered else "", "outcome": OUTCOMES[0].code, "subject": "",
        "visitor.name": "", "visitor.phone": "", "client_category": "", "answer": "",
        "minutes": MINUTES, "channel": "counter", LINKED: "", OCCURRED_AT: "", LATE_REASON: "",
        **stands,
    }  # fmt: skip
    if not visit.form:
        return filled
    return {name: visit.typed(name) for name in filled}


def advisers_of(visit: Visit, point: Point) -> Mapping[str, str]:
    """Code → name of the advisers who have a post at a point."""
    today = china_day(datetime.now(UTC))
    advisers = visit.registers.advisers
    found: dict[str, str] = {}
    for one in visit.registers.accounts.values():
        for post in one.posts:
            code = post.adviser
            if post.unit == point.code and code in advisers and post.holds_on(today):
                found[code] = advisers[code].name
    return found


def named_adviser(visit: Visit, code: str) -> str:
    """The name of an adviser where it is his alone, or else his code."""
    found = visit.registers.advisers.get(code)
    if found is None:
        return code
    namesakes = (one for one in visit.registers.advisers.values() if one.name == found.name)
    return found.name if len(list(namesakes)) == 1 else code


async def number_of(visit: Visit, request: UUID) -> int:
    """The number that a request goes by: where the log holds that it was logged. Only of what the
    visitor may read."""
    events = await visit.wiring.ledger.stream(request)
    return events[0].position or 0


def standing_of(row: RequestRow, tongue: Tongue) -> tuple[str, str]:
    """Say how a request stands in a word or two, and how it is marked."""
    if row.status == "voided":
        return tongue.say("已作废"), ""
    if row.status == "closed":
        return tongue.say("已答复" if row.close_kind == "answered" else "已办结"), ""
    for holds, said, mark in (
        (row.paused, "待补材料", "warn"),
        (row.overdue, "逾期", "bad"),
        (row.referral == "sent", "待对方受理", ""),
        (row.referral == "accepted", "对方已受理", ""),
        (row.mediation == "open", "调解中", ""),
        (row.legal_aid == "applied", "援助待审查", ""),
    ):
        if holds:
            return tongue.say(said), mark
    return tongue.say("办理中"), ""


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """First letters of how a text is read: 拖欠工资 → tqgz."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore")).lower()


# --- reading


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _wrong_number(visit: Visit) -> str | None:
    """Say what is wrong with a mobile number: a digit too few is found while the person stands
    there."""
    phone = typed.phone(visit.typed("visitor.phone"))
    if phone.startswith("1") and phone.isdecimal() and len(phone) != MOBILE_DIGITS:
        return visit.tongue.say("手机号要11位，现在是{n}位", n=len(phone))
    return None


def _checked(step: Step, tongue: Tongue) -> Mapping[str, str]:
    """What the command itself would not take, found before any of the series is given."""
    try:
        msgspec.convert(step.body, step.route.reads)
    except msgspec.ValidationError as error:
        return errors_of(invalid(error).errors, tongue)
    return {}
