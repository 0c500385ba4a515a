"""The page where an adviser logs his work, in less than a minute and with one hand; photographs go
after it, each on its own. Whoever is no adviser has the whole form."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, Final, get_args
from uuid import UUID

from msgspec.structs import replace

from api.advising.pages.quick_log import NAMES, OPENED, OTHERS, at_its_field, filled_in
from api.pages.asking import ask, ask_after, beside
from api.pages.declared import NEW, Declared
from api.pages.forms import Errors
from api.pages.giving import KEY, NotTaken, give, new_key, status_of
from api.pages.named import Names
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.web.problems import Problem
from domain.advising.worklog import Work, villages_served
from domain.requests.request import Mode
from domain.vocabulary import Service
from ledger.log.recorder import CommandIdReused

UNDER: Final = f"/worklogs{NEW}"
FIRST: Final[tuple[Service, ...]] = (
    "consultation", "legal_opinion", "contract_review", "lecture", "mediation",
    "dispute_screening", "charter_review", "legal_aid_assist", "other",
)  # fmt: skip
"""Services that have a key; the others are behind them."""
KEYS: Final = 9
QUICK: Final = "_quick"
"""The form is the quick one, and not the whole one at the same address."""
WHOLE: Final = "whole"


class LogWorkPage:
    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._route = declared.routes["LogWork"]

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(under=UNDER, of="LogWork", show=self.show, take=self.take),
            Page(under=f"{UNDER}/offline", of="Help", show=self.shell),
        )

    async def show(self, visit: Visit) -> Html:
        if not _is_quick(visit):
            return await self._declared.form(visit, self._route)
        again = await self._entry(visit, visit.query.get("again"))
        logged = await self._entry(visit, visit.query.get("logged"))
        value = _EMPTY if again is None else _from(again, visit.actor.adviser)
        return await self._drawn(visit, value, logged=logged)

    async def take(self, visit: Visit) -> Html | Elsewhere:
        if not visit.typed(QUICK) or visit.actor.adviser not in visit.registers.advisers:
            return await self._take_whole(visit)
        typed = {name: visit.typed(name) for name in NAMES}
        try:
            filled = filled_in(visit, self._route.reads, visit.pressed_at)
            done = await give(filled.given_to(visit), self._route, path={}, body=filled.body)
        except NotTaken as wrong:
            return await self._drawn(visit, typed, at_its_field(wrong))
        except CommandIdReused:
            said = visit.tongue.say("这张表已经记过一条。要记的是另一条，再按一次记下")
            anew = replace(visit, form={**visit.form, KEY: [new_key()]})
            return await self._drawn(anew, typed, NotTaken(HTTPStatus.CONFLICT, said))
        told = {"page": url(f"/worklogs/{done.receipt.stream}")}
        after = url(UNDER, logged=done.receipt.stream, wait_for=done.receipt.position)
        return Elsewhere(after, told=told)

    async def shell(self, visit: Visit) -> Html:
        """Show the form that a worker keeps for when there is no network: nobody's, of no village.
        The browser of whoever opened his own before fills in his villages and colleagues."""
        return Html(template="log_work.html", context=self._around(visit, _EMPTY))

    async def _take_whole(self, visit: Visit) -> Html | Elsewhere:
        try:
            done = await give(visit, self._route)
        except NotTaken as wrong:
            return await self._declared.form(visit, self._route, wrong)
        return Elsewhere(self._declared.after(visit, self._route, done))

    async def _drawn(
        self,
        visit: Visit,
        value: Mapping[str, str],
        wrong: NotTaken | None = None,
        logged: Any = None,
    ) -> Html:
        """Draw the form, with what was typed and what is wrong with it."""
        code, now = visit.actor.adviser, datetime.now(UTC)
        assert code is not None
        names = Names(visit.registers, visit.tongue, visit.by)
        villages = [
            (one, _named(names, "village", one))
            for one in villages_served(code, now, visit.registers)
        ]
        alone = villages[0][0] if len(villages) == 1 else ""
        newest = None if visit.form else await self._newest(visit, code)
        return Html(
            template="log_work.html",
            status=status_of(wrong),
            context={
                **self._around(visit, value),
                "shell": False,
                "value": {**value, "work.village": value["work.village"] or alone},
                "wrong": wrong,
                "errors": {} if wrong is None else _in_order(wrong.errors),
                "villages": villages[:KEYS],
                "more_villages": villages[KEYS:],
                "colleagues": _colleagues(visit, code, now),
                "own_name": _named(names, "adviser", code),
                "key": visit.typed(KEY) or new_key(),
                "opened": visit.typed(OPENED) or now.isoformat(),
                "logged": logged,
                "village_of": partial(_named, names, "village"),
                "again": newest,
                "doubts": _doubts(visit, newest)
                if logged is not None and newest is not None and newest.stream == logged.id
                else "",
            },
        )

    def _around(self, visit: Visit, value: Mapping[str, str]) -> dict[str, Any]:
        """Return what the form holds, whoever fills it in."""
        return {
            "title": visit.tongue.say("记工作日志"),
            "shell": True,
            "value": value,
            "wrong": None,
            "errors": {},
            "villages": [],
            "more_villages": [],
            "services": FIRST,
            "more_services": [one for one in get_args(Service) if one not in FIRST],
            "modes": get_args(Mode),
            "label": partial(visit.tongue.label, owner=Work),
            "colleagues": [],
            "others": range(1, OTHERS + 1),
            "own_name": "",
            "key": "",
            "opened": "",
            "logged": None,
            "again": None,
        }

    async def _newest(self, visit: Visit, code: str) -> Any:
        asked = {"adviser": code, "counts": "true", "limit": 1}
        found = await beside(ask_after(visit, self._declared.questions["Worklogs"], {}, asked))
        return next(iter(found.rows), None) if found else None

    async def _entry(self, visit: Visit, stream: str | None) -> Any:
        """An entry as it stands; None where there is none for whoever looks."""
        try:
            path = {"id": UUID(stream or "")}
            return (await ask(visit, self._declared.questions["Worklog"], path, {})).body
        except (ValueError, Problem):
            return None


_EMPTY: Final[Mapping[str, str]] = {**dict.fromkeys(NAMES, ""), "work.mode": "onsite"}


def _from(entry: Any, own: str | None) -> Mapping[str, str]:
    """Return what is filled in to repeat an entry: not what was done, which differs each time."""
    now = entry.state.wordings[-1]
    others = [one.adviser for one in now.served if one.adviser != own]
    return {
        **_EMPTY,
        "work.village": now.work.village,
        "work.service": now.work.service,
        "work.mode": now.work.mode,
        "minutes": str(now.minutes),
        **{f"share.{row}.adviser": one for row, one in enumerate(others[:OTHERS], start=1)},
    }


def _in_order(errors: Errors) -> Errors:
    """Errors in the order of their fields."""
    places = {name: place for place, name in enumerate(NAMES)}
    return dict(sorted(errors.items(), key=lambda one: places.get(one[0], len(places))))


def _doubts(visit: Visit, row: Any) -> str:
    label = partial(visit.tongue.label, field="doubt")
    return visit.tongue.say("、").join(map(label, row.doubts))


def _is_quick(visit: Visit) -> bool:
    code = visit.actor.adviser
    return code in visit.registers.advisers and WHOLE not in visit.query


def _named(names: Names, field: str, code: str) -> str:
    found = names.of(field, code)
    return code if found is None else found.text


def _colleagues(visit: Visit, code: str, now: datetime) -> Sequence[tuple[str, str]]:
    """Advisers of the same firm, by name."""
    advisers = visit.registers.advisers
    firm = advisers[code].post_at(now).firm
    found = (
        (one.code, one.name)
        for one in advisers.values()
        if one.code != code and one.post_at(now).firm == firm
    )
    return sorted(found, key=lambda one: (one[1], one[0]))
