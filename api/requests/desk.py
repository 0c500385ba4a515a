"""The clerk's desk: the quick form, what was just logged, and what was logged today.

One press gives several commands, each through its own route: the request, and what its outcome
says. All have the key of the form, and each its own path, so that pressing twice does nothing twice
and a series that was broken off goes on where it stopped.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any, Final, get_args
from uuid import UUID

from msgspec.structs import replace

from api.pages import suggested, typed
from api.pages.asking import ask, beside
from api.pages.declared import Declared
from api.pages.giving import KEY, LATE_REASON, OCCURRED_AT, NotTaken, give, new_key, status_of
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.pages.tongue import Tongue
from api.requests.quick_form import (
    LINKED,
    MODES,
    OUTCOMES,
    Filled,
    Step,
    answered_later,
    filled_in,
    id_of,
    named_adviser,
    outcomes_in,
)
from api.requests.subjects import COMMON
from api.web.problems import Problem
from domain.registers.appointment import china_day
from domain.registers.point import Point
from domain.requests.request import ClientCategory
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Service
from ledger.log.recorder import CommandIdReused
from projections.requests.requests import RequestRow

UNDER: Final = "/desk"
FIRST: Final[tuple[Service, ...]] = (
    "consultation", "mediation", "legal_aid", "referral", "legal_opinion", "contract_review",
    "lecture", "other",
)  # fmt: skip
"""Services that have a key; what else the point offers is behind them."""
MINUTES: Final = "10"
"""What stands in the form; whoever answers writes what it took."""
EARLIER_DAYS: Final = 7
NUMBER_DIGITS_MIN: Final = 7
EARLIER_MAX: Final = 3
TODAY_MAX: Final = 50
SUBJECTS_KEPT_S: Final = 300
REQUEST: Final = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
ASKED: Final = "_asked"
"""Whether earlier requests of the same number were shown before it was logged."""


class Desk:
    """Pages of the desk; they keep the subjects of each point for some minutes."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._subjects: dict[str, tuple[datetime, Sequence[str]]] = {}

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(under=UNDER, of="LogRequest", show=self.show, take=self.take),
            Page(under=f"{UNDER}/earlier", of="Requests", show=_to_the_desk, take=self.take_number),
            Page(under=f"{UNDER}/offline", of="Help", show=self.shell),
            Page(
                under=f"{UNDER}/{{id:uuid}}/answer",
                of="GiveConsultation",
                show=_to_the_desk,
                take=self.take_answer,
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
        stands = await self._standing(visit, point, rows or ())
        offered = [one for one in get_args(Service) if point.offers(one)]
        first = [one for one in FIRST if one in offered]
        return Html(
            template="desk.html",
            status=status_of(wrong),
            context={
                "title": visit.tongue.say("登记事项"),
                "point": point,
                "rows": rows,
                "today_max": TODAY_MAX,
                "standing_of": lambda row: standing_of(row, visit.tongue),
                "wrong": wrong,
                "errors": {} if wrong is None else wrong.errors,
                "value": _values(visit, stands, first or offered),
                "stands": stands,
                "services": first,
                "more": [one for one in offered if one not in first],
                "channels": list(MODES),
                "outcomes": outcomes_in(visit.tongue),
                "categories": get_args(ClientCategory),
                "label": partial(visit.tongue.label, owner=LogRequest),
                "advisers": dict(suggested.advisers(visit)),
                "catalogue": [[one, initials(one)] for one in await self._catalogue(visit, point)],
                "key": visit.typed(KEY) or new_key(),
                "saved": await self._saved(visit),
                "today": china_day(datetime.now(UTC)),
                "shell": False,
                "draft_key": visit.wiring.cursors.secret_for(f"draft {visit.actor.account}"),
            },
        )

    async def shell(self, visit: Visit) -> Html:
        """Show the form that a worker keeps for when there is no network: nobody's, of no point."""
        return Html(
            template="desk.html",
            context={
                "title": visit.tongue.say("登记事项"),
                "shell": True,
                "point": None,
                "rows": None,
                "wrong": None,
                "errors": {},
                "value": _values(replace(visit, form={}), {"window": "", "adviser": ""}, FIRST),
                "stands": {"window": ""},
                "services": FIRST,
                "more": [one for one in get_args(Service) if one not in FIRST],
                "channels": list(MODES),
                "outcomes": outcomes_in(visit.tongue),
                "categories": get_args(ClientCategory),
                "label": partial(visit.tongue.label, owner=LogRequest),
                "advisers": {},
                "catalogue": [[one, initials(one)] for one in COMMON],
                "key": "",
                "saved": None,
                "today": None,
                "draft_key": "",
            },
        )

    async def _beside(self, visit: Visit, name: str, **query: Any) -> Any:
        """Ask for what stands beside the form; None where it cannot be told now: views that are
        behind, or not there yet, keep nobody from logging."""
        asked = {one.rstrip("_"): value for one, value in query.items()}
        return await beside(ask(visit, self._declared.questions[name], {}, asked))

    async def _today(self, visit: Visit) -> Sequence[RequestRow] | None:
        """List what was logged at the point today, the newest first; None where it is not known."""
        asked = {
            "point": visit.actor.unit,
            "from_": str(china_day(datetime.now(UTC))),
            "limit": TODAY_MAX,
            "unmask": visit.query.get("unmask"),
        }
        position = visit.query.get("wait_for", "")
        found = None
        if position.isdecimal():
            found = await self._beside(visit, "Requests", **asked, wait_for=position)
        found = found or await self._beside(visit, "Requests", **asked)
        return None if found is None else found.rows

    async def _standing(
        self, visit: Visit, point: Point, rows: Sequence[RequestRow]
    ) -> Mapping[str, str]:
        """Tell what is filled in: the window one sits at, and who advised last at one's desk."""
        by = visit.actor
        own = next((one for one in rows if one.responsible == by.account), None)
        window = ""
        if point.windows:
            today = str(china_day(datetime.now(UTC)))
            sitting = await self._beside(
                visit, "Rosters", point=point.code, officer=by.account, sits="true", from_=today
            )
            window = next((one.window for one in sitting.rows), "") if sitting else ""
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
            found = await self._beside(visit, "Subjects", point=point.code)
            if found is None:
                return COMMON
            often = [one.words for one in found.rows]
            kept = now, tuple(dict.fromkeys((*often, *COMMON)))
            self._subjects[point.code] = kept
        return kept[1]

    async def _saved(self, visit: Visit) -> Mapping[str, Any] | None:
        """Look up what was just logged, as the confirmation beside the form says it."""
        request = id_of(visit.query.get("saved", ""))
        if request is None:
            return None
        try:
            found = await ask(visit, self._declared.questions["Request"], {"id": request}, {})
        except Problem:
            return None
        earlier = [one for one in map(id_of, visit.query.get("earlier", "").split(",")) if one]
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
        if len(phone) < NUMBER_DIGITS_MIN or not phone.isdecimal():
            return ()
        since = china_day(datetime.now(UTC)) - timedelta(days=EARLIER_DAYS)
        found = await self._beside(
            visit,
            "Requests",
            point=visit.actor.unit,
            text=phone,
            from_=str(since),
            limit=EARLIER_MAX + 1,
        )
        rows: Sequence[RequestRow] = found.rows if found else ()
        return [one for one in rows if one.status != "voided"]

    # --- logging

    async def take(self, visit: Visit) -> Html | Elsewhere:
        """Log what the form says, and do what its outcome says."""
        try:
            filled = filled_in(visit, self._declared)
            logged = await give(visit, filled.logging.route, path={}, body=filled.logging.body)
        except NotTaken as wrong:
            return await self.drawn(visit, wrong)
        except CommandIdReused:
            said = visit.tongue.say(
                "这张表已经登记过一件，见今日登记。要登记的是另一件，再按一次登记"
            )
            anew = replace(visit, form={**visit.form, KEY: [new_key()]})
            return await self.drawn(anew, NotTaken(HTTPStatus.CONFLICT, said))
        request, position = logged.receipt.stream, logged.receipt.position
        for done, step in enumerate(filled.then):
            try:
                position = await _given(visit, step, request) or position
            except NotTaken as wrong:
                return await self._half(visit, request, filled, done, wrong)
        told = await _told(visit, request)
        if filled.outcome.asks is not None:
            form = self._declared.routes[filled.outcome.asks]
            under = form.under.replace("{id:uuid}", str(request))
            return Elsewhere(url(under, logged=1), told=told)
        earlier = await self._earlier_than(visit, request)
        return Elsewhere(
            url(UNDER, saved=request, wait_for=position, earlier=",".join(earlier) or None),
            told=told,
        )

    async def take_answer(self, visit: Visit) -> Html | Elsewhere:
        """Take the answer to a request that was logged only: written where neither was sent yet, it
        is told as the desk tells it."""
        request = visit.path["id"]
        page = url(f"/requests/{request}")
        try:
            for step in answered_later(visit, self._declared):
                await _given(visit, step, request)
        except NotTaken as wrong:
            return await self.drawn(visit, wrong)
        return Elsewhere(page, told=await _told(visit, request))

    async def _half(
        self, visit: Visit, request: UUID, filled: Filled, done: int, wrong: NotTaken
    ) -> Html | Elsewhere:
        """Say what was taken and what not: the request is logged, whatever else was refused."""
        say = visit.tongue.action
        why = [one for one in (wrong.said, *wrong.errors.values()) if one]
        if visit.by_script:
            told = await _told(visit, request)
            return Elsewhere(url(f"/requests/{request}"), told={**told, "why": " ".join(why)})
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
                "why": why,
                "answer": visit.typed("answer"),
            },
        )

    async def _earlier_than(self, visit: Visit, request: UUID) -> Sequence[str]:
        """Ids of earlier requests of the same number, where nobody was shown them before."""
        if visit.typed(ASKED):
            return ()
        rows = await self._earlier(visit, typed.phone(visit.typed("visitor.phone")))
        return [str(one.request) for one in rows if one.request != request][:EARLIER_MAX]


async def _given(visit: Visit, step: Step, request: UUID) -> int | None:
    """Give a command of the series; return the position to wait for. Raises: NotTaken."""
    try:
        given = await give(visit, step.route, path={"id": request}, body=step.body)
    except CommandIdReused as error:
        said = visit.tongue.say("这一步已经办过，和这次写的不一样，没有再记")
        raise NotTaken(HTTPStatus.CONFLICT, said) from error
    return given.receipt.position


async def _told(visit: Visit, request: UUID) -> Mapping[str, str]:
    """Return what a script is told of a request."""
    if not visit.by_script:
        return {}
    number = str(await number_of(visit, request))
    return {"page": url(f"/requests/{request}"), "named": number}


async def _to_the_desk(_: Visit) -> Elsewhere:
    return Elsewhere(UNDER)


# --- what is filled in, and how things stand


def _values(visit: Visit, stands: Mapping[str, str], offered: Sequence[str]) -> Mapping[str, str]:
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


async def number_of(visit: Visit, request: UUID) -> int:
    """The number that a request goes by: where the log holds that it was logged. Only of what the
    visitor may read."""
    events = await visit.wiring.ledger.stream(request)
    return events[0].position or 0


def standing_of(row: RequestRow, tongue: Tongue) -> tuple[str, str]:
    """Say how a request stands in a word or two, and how it is marked."""
    say = tongue.say
    standings = (
        (row.status == "voided", say("已作废"), ""),
        (row.close_kind == "answered", say("已答复"), ""),
        (row.status == "closed", say("已办结"), ""),
        (row.paused, say("待补材料"), "warn"),
        (row.overdue, say("逾期"), "bad"),
        (row.referral == "sent", say("待对方受理"), ""),
        (row.referral == "accepted", say("对方已受理"), ""),
        (row.mediation == "open", say("调解中"), ""),
        (row.legal_aid == "applied", say("援助待审查"), ""),
    )
    found = next(((said, mark) for holds, said, mark in standings if holds), None)
    return found or (say("办理中"), "")


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """First letters of how a text is read, digits and letters as they are: 拖欠3月工资 → tq3ygz."""
    # Its dictionary takes a third of a second and 50 MB, which only a desk needs.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    read = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(one for one in read if one.isascii() and one.isalnum()).lower()
