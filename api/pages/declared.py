"""A page for every question and a form for every command, made from their declarations: what a role
may do over HTTP it may do here. A noun's own pages come before these (`Page.under`).

The page of a question has its path without /api/v1. The form of a command has its path; where a
question is there already, `@new` after it: no code holds an @.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.pages.asking import ask, asked, parameters
from api.pages.columns import COLUMNS
from api.pages.forms import Part, parts_of
from api.pages.giving import KEY, VERSION, NotTaken, give, new_key, status_of
from api.pages.named import Names
from api.pages.page import Elsewhere, Form, Html, Page, Visit, filled, url
from api.pages.routing import Routing
from api.pages.searched import TEXT, is_posted, opened, sealed
from api.pages.showing import Fact, facts_of, table_of
from api.pages.suggested import division_of, suggested_for
from api.pages.tongue import Tongue
from api.rights import PUBLIC, may
from api.web.acting import Performed, Route
from api.web.answers import PARAMETER
from api.web.gate import readable
from api.web.problems import Problem
from api.web.questions import Found, Question
from domain.aggregates import kind_of
from domain.jurisdiction import PLACES, Place, outside, reach_of, reaches
from domain.registers.appointment import china_day
from domain.worktime.calendar import months_after
from ledger.log.decision import project_any

REPORTS: Final = "/reports/"
FROM_TO: Final = frozenset(("from", "to"))
LATELY_MONTHS: Final = 2
"""A report of a period begins so many months ago, until somebody says otherwise: what is looked at
first is how it goes lately, and all years together take their time."""
NEW: Final = "/@new"
ONE: Final = re.compile(r"\A一[个条项次位种套家台格张]")
ENDS: Final = re.compile(r"的现状.*|的全部版本.*|及.*|的位置\Z|的由来.*")
OF_A_PAGE: Final = frozenset(
    ("limit", "cursor", "wait_for", "compared_to", "unmask", "as_known_at")
)
SUBJECT: Final = ("subject", "title", "name", "code")
"""Fields that say what a thing is, the first that it has."""
RARE: Final = (
    "Void", "Withdraw", "Cancel", "Close", "Abolish", "Suspend", "Retire", "Dissolve", "Dismiss",
)  # fmt: skip
"""Beginnings of commands that are drawn apart: they end something."""


class Declared:
    """Pages of these questions and commands."""

    def __init__(self, routes: Iterable[Route], questions: Iterable[Question]) -> None:
        self.routes: Mapping[str, Route] = {one.name: one for one in routes}
        self.questions: Mapping[str, Question] = {one.name: one for one in questions}
        self._by_under = {one.under: one for one in self.questions.values()}
        self._answering = Routing(map(self._of_question, self.questions.values()))

    def pages(self) -> Sequence[Page]:
        return (
            *(self._of_question(one) for one in self.questions.values()),
            *(self._of_route(one) for one in self.routes.values()),
        )

    # --- where things are

    def form_under(self, route: Route) -> str:
        return route.under + (NEW if route.under in self._by_under else "")

    def thing_of(self, route: Route) -> Question | None:
        """Find the question of the thing that a command is given to."""
        under = route.under
        while "{" in under:
            if (found := self._by_under.get(under)) is not None:
                return found
            under = under.rpartition("/")[0]
        return None

    def listing(self, under: str) -> Question:
        """Return the question that has this path."""
        return self._by_under[under]

    def one_of(self, listing: Question) -> Question | None:
        """Find the question of one thing of a list."""
        return next(
            (
                one
                for under, one in self._by_under.items()
                if under.startswith(f"{listing.under}/{{")
                and not PARAMETER.sub("", under.removeprefix(listing.under)).strip("/")
            ),
            None,
        )

    def link_of(self, question: Question, row: Struct) -> str | None:
        """Write the address of the page of a row; None where it does not say which thing it is."""
        path: dict[str, Any] = {}
        names = [name for name, _ in PARAMETER.findall(question.under)]
        for name in names:
            key: Sequence[str] = getattr(type(row), "KEY", ())
            given = getattr(row, name, None)
            if given is None and len(names) == 1 and len(key) == 1:
                given = getattr(row, key[0])
            if given is None:
                return None
            path[name] = given
        return url(filled(question.under, path))

    # --- questions

    def _of_question(self, question: Question) -> Page:
        is_list = rows_in(question.answer) is not None
        encoded = {one.encode_name for one in msgspec.structs.fields(question.query)}
        is_of_a_period = question.under.startswith(REPORTS) and encoded >= FROM_TO

        async def show(visit: Visit) -> Html | Elsewhere:
            if is_of_a_period and not FROM_TO & visit.query.keys():
                first = months_after(china_day(datetime.now(UTC)), -LATELY_MONTHS).replace(day=1)
                return Elsewhere(visit.at(**{"from": str(first)}))
            if missing := self.lacking(visit, question):
                return self.asking_for(visit, question, missing)
            if is_list:
                return await self.listed(visit, question)
            return await self.shown(visit, question)

        async def take(visit: Visit) -> Elsewhere:
            return searching(visit, question)

        posted = take if is_list and is_posted(question) else None
        return Page(under=question.under, of=question.name, show=show, take=posted)

    def lacking(self, visit: Visit, question: Question) -> Sequence[str]:
        """Name the parameters that the question cannot do without and the address has not."""
        return [
            field.encode_name
            for field in msgspec.structs.fields(question.query)
            if field.required and not visit.query.get(field.encode_name, "").strip()
        ]

    def asking_for(self, visit: Visit, question: Question, missing: Sequence[str]) -> Html:
        """Ask for what is missing, with what is likely filled in."""
        likely = {"division": division_of(visit), "point": _unit_of(visit)}
        given = {name: one for name, one in likely.items() if one} | dict(visit.query)
        return Html(
            template="ask.html",
            context={
                "title": visit.tongue.action(question.name, question.summary),
                "filters": _filters(visit, question, given),
                "missing": missing,
            },
        )

    async def listed(self, visit: Visit, question: Question) -> Html:
        """Show a list: its filters, its rows, and what may be begun there."""
        found = await asked(visit, question)
        tongue, names = visit.tongue, Names(visit.registers, visit.tongue, visit.by)
        one = self.one_of(question)
        rows = getattr(found.body, rows_in(question.answer) or "")
        if rows and not isinstance(rows[0], Struct):
            rows = []
        links = [None if one is None else self.link_of(one, row) for row in rows]
        return Html(
            template="list.html",
            context={
                "title": tongue.action(question.name, question.summary),
                "filters": _filters(visit, question, opened(visit)),
                "posted": is_posted(question),
                "filtered": [name for name in visit.query if name not in (*OF_A_PAGE, "done")],
                "table": table_of(
                    rows,
                    tongue,
                    names,
                    links=links,
                    columns=COLUMNS.get(question.name, ()),
                    asked=question.query,
                ),
                "begins": [
                    (self.form_under(route), tongue.action(route.name, route.summary))
                    for route in self.routes.values()
                    if route.creates
                    and not PARAMETER.search(route.under)
                    and route.under.startswith(question.under)
                    and visit.by is not None
                    and visit.by.role in route.roles
                ],
                "next": getattr(found.body, "next_cursor", None),
                **self.around(visit, question, found),
            },
        )

    async def shown(self, visit: Visit, question: Question) -> Html:
        """Show one thing: its facts, what happened to it, and what may be done now."""
        found = await asked(visit, question)
        tongue = visit.tongue
        facts = facts_of(
            found.body, tongue, Names(visit.registers, tongue, visit.by), owners=(question.name,)
        )
        return Html(
            template="thing.html",
            context={
                "title": thing_named(question, tongue),
                "subject": subject_of(facts),
                # Which thing it is the address says.
                "facts": [one for one in facts if one.name != "id"],
                "actions": self.actions(visit, question, found.body),
                "timeline": await self.timeline(visit, question),
                **self.around(visit, question, found),
            },
        )

    def around(self, visit: Visit, question: Question, found: Found) -> dict[str, Any]:
        """Collect what pages of figures and of things say of themselves."""
        listing = self._by_under.get(question.under.partition("/{")[0])
        return {
            "basis": getattr(found.body, "basis", None),
            "position": found.position,
            "done": self.done(visit),
            "as_known_at": visit.query.get("as_known_at") or None,
            "back": None
            if listing is None or listing is question
            else (listing.under, visit.tongue.action(listing.name, listing.summary)),
            "unmask": visit.by is not None and visit.by.role in question.right.clear,
        }

    def done(self, visit: Visit) -> str | None:
        """Say what was just done, as the address of the page tells."""
        route = self.routes.get(visit.query.get("done", ""))
        return None if route is None else visit.tongue.action(route.name, route.summary)

    def actions(
        self, visit: Visit, question: Question, body: Any
    ) -> Sequence[tuple[str, str, bool]]:
        """List what whoever looks may do to the thing now: where its form is, what it is called,
        and whether it ends something. None as of the past."""
        if visit.by is None or visit.query.get("as_known_at"):
            return ()
        allowed = getattr(body, "allowed", None)
        found = []
        for route in self.routes.values():
            if self.thing_of(route) is not question or route.public:
                continue
            if route.name not in allowed if allowed is not None else not self._offers(visit, route):
                continue
            said = visit.tongue.action(route.name, route.summary)
            path = filled(self.form_under(route), visit.path)
            found.append((path, said, route.name.startswith(RARE)))
        return found

    def _offers(self, visit: Visit, route: Route) -> bool:
        return visit.by is not None and visit.by.role in route.roles

    async def timeline(self, visit: Visit, question: Question) -> Any:
        """Tell what happened to the thing, as far as whoever looks may see it; None where it has no
        history of its own, or he may not read it."""
        kind = question.right.of or question.tag
        key = visit.path.get("id", visit.path.get("code"))
        telling = self.questions["Timeline"]
        if key is None or visit.by is None or not may(visit.by, telling.permission):
            return None
        given = parameters(visit, telling)
        query = {name: one for name, one in given.items() if name in ("as_known_at", "unmask")}
        try:
            found = await ask(visit, telling, {"kind": kind, "key": str(key)}, query)
        except Problem:
            return None
        return found.body

    # --- commands

    def _of_route(self, route: Route) -> Page:
        async def show(visit: Visit) -> Html:
            await refuse_beyond(visit, route)
            return await self.form(visit, route)

        async def take(visit: Visit) -> Html | Elsewhere:
            await refuse_beyond(visit, route)
            try:
                done = await give(visit, route)
            except NotTaken as error:
                return await self.form(visit, route, error)
            return Elsewhere(self.after(visit, route, done))

        return Page(under=self.form_under(route), of=_row_of(route), show=show, take=take)

    async def form(self, visit: Visit, route: Route, wrong: NotTaken | None = None) -> Html:
        """Draw the form of a command, with what was typed and what is wrong with it."""
        tongue = visit.tongue
        version = await self.version(visit, route)
        thing = self.thing_of(route)
        errors = {} if wrong is None else wrong.errors
        owner = route.command.__name__
        seen = visit.typed(VERSION)
        if not visit.form:
            # Whoever follows a link from a thing has what it says filled in.
            likely = {"point": _unit_of(visit), "division": division_of(visit), **visit.query}
            form: Form = {name: [one] for name, one in likely.items() if one}
        else:
            form = visit.form
        parts = parts_of(
            route.reads, tongue, form=form, errors=errors, owners=(owner,),
            leave_out=("late_reason",),
        )  # fmt: skip
        return Html(
            template="form.html",
            status=status_of(wrong),
            context={
                "title": tongue.action(route.name, route.summary),
                "about": (),
                "parts": parts,
                "suggested": {} if visit.by is None else suggested_for(visit, route),
                "errors": errors,
                "wrong": wrong,
                "changed": await self.changed(visit, route, int(seen))
                if wrong is not None and wrong.moved and seen.isdecimal()
                else (),
                "key": visit.typed(KEY) or new_key(),
                "version": version,
                "late": not route.public,
                "risky": route.name.startswith(RARE),
                "back": filled(thing.under, visit.path)
                if thing
                else route.under.partition("/{")[0],
            },
        )  # fmt: skip

    async def version(self, visit: Visit, route: Route) -> int | None:
        """The version of the thing that a form is about to change, for whom may read it."""
        if route.creates or route.public or route.stream is None:
            return None
        stream = route.stream(visit.path, None)
        if stream not in await readable(visit.wiring, (stream,), visit.actor):
            return None
        return len(await visit.wiring.ledger.stream(stream))

    async def changed(self, visit: Visit, route: Route, seen: int) -> Sequence[Any]:
        """Tell what happened to the thing since a version was looked at, as far as one may see."""
        thing = self.thing_of(route)
        told = None if thing is None else await self.timeline(visit, thing)
        return () if told is None else [one for one in told.events if one.version > seen]

    def after(self, visit: Visit, route: Route, done: Performed) -> str:
        """Return where to go when a command was taken: to the thing, else to its list."""
        said = {"done": route.name, "wait_for": done.receipt.position}
        if done.location is not None and self._answering.find(done.location):
            return url(done.location, **said)
        thing = self.thing_of(route)
        if thing is not None and may(visit.actor, thing.permission):
            return url(filled(thing.under, visit.path), **said)
        return url("/me", done=route.name)


async def refuse_beyond(visit: Visit, route: Route) -> None:
    """Refuse the form of a command to whose post does not reach its thing. Whoever may not read
    the thing finds no form of it either.

    Raises: Problem `not-found`. Refused — as the rules would, of a thing that he may read.
    """
    if route.public:
        return
    if route.stream is not None and not route.creates:
        stream = route.stream(visit.path, None)
    elif isinstance(visit.path.get("id"), UUID):
        stream = visit.path["id"]
    else:
        await _refuse_other_divisions(visit)
        return
    events = await visit.wiring.ledger.stream(stream)
    if not events and "id" not in visit.path:
        # Some begin with what is done to them first, as the needs of a village do.
        return
    if not events or stream not in await readable(visit.wiring, (stream,), visit.actor):
        raise Problem("not-found")
    held, registers = project_any(events), await visit.wiring.ledger.registers()
    kind = kind_of(events[0].event.topic)
    if route.kind not in PLACES or held is None:
        return
    if not reaches(visit.actor, kind, held.state, route.command, registers):
        raise outside(visit.actor)


async def _refuse_other_divisions(visit: Visit) -> None:
    """Refuse what begins in a division out of reach. Raises: Refused."""
    reach = reach_of(visit.actor, await visit.wiring.ledger.registers())
    if (lies_in := visit.path.get("division")) is None or reach is None:
        return
    if not reach.covers(Place((lies_in,))):
        raise outside(visit.actor)


def _filters(visit: Visit, question: Question, given: Mapping[str, str]) -> Sequence[Part]:
    """Draw the parameters of a question, with what is given of them."""
    return parts_of(
        question.query,
        visit.tongue,
        form={name: [one] for name, one in given.items()},
        leave_out=tuple(OF_A_PAGE),
        owners=(question.name,),
    )


def searching(visit: Visit, question: Question) -> Elsewhere:
    """Lead to what a list was asked for, with the words sealed."""
    names = (one.encode_name for one in msgspec.structs.fields(question.query))
    asked_for = {name: visit.typed(name) for name in names if visit.typed(name)}
    if words := asked_for.get(TEXT):
        asked_for[TEXT] = sealed(visit, words)
    return Elsewhere(url(visit.here, **asked_for))


def thing_named(question: Question, tongue: Tongue) -> str:
    """Call a thing by what kind it is: `一个事项的现状…` → `事项`."""
    said = tongue.action(question.name, question.summary)
    if tongue.language == "en":
        return said
    return ENDS.sub("", ONE.sub("", said))


def subject_of(facts: Sequence[Fact]) -> str:
    """Return what a thing is about, wherever its answer says it."""
    flat = list(_flat(facts))
    for name in SUBJECT:
        for one in flat:
            if one.name == name and one.cell is not None:
                return one.cell.text
    return ""


def _flat(facts: Sequence[Fact]) -> Iterable[Fact]:
    for one in facts:
        yield one
        yield from _flat(one.within)


def _unit_of(visit: Visit) -> str:
    unit = "" if visit.by is None else visit.by.unit
    return unit if unit in visit.registers.points else ""


def rows_in(answer: type[Struct]) -> str | None:
    """Name the field of an answer that holds the rows of a list; None where it is about a thing."""
    names = _fields(answer)
    if "rows" in names or "next_cursor" not in names:
        return "rows" if "rows" in names else None
    return next(one for one in names if one not in ("basis", "next_cursor"))


def _fields(kind: Any) -> Sequence[str]:
    return getattr(kind, "__struct_fields__", ())


def _row_of(route: Route) -> str:
    """Its row of the rights: of a public door the door's own."""
    return route.name if route.permission == PUBLIC else route.command.__name__
