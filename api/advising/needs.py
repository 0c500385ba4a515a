"""Needs of villages 一村一清单: all villages, one of them, and whom it may choose from."""

from datetime import UTC, date, datetime
from functools import partial
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.planning_routes import ROUTES
from api.advising.registers import known
from api.identity import OWN
from api.web.finding import finds_one
from api.web.gate import readable
from api.web.paging import Limit, Paged, begins_after, concerned, filters_of, listed
from api.web.problems import Problem
from api.web.questions import Asking, Found, Knowing, Question, as_known, reading
from domain.advising import needs
from domain.advising.choosing import CRITERIA, choices
from domain.advising.needs import (
    NeedCategory,
    Needs,
    NeedSource,
    NeedStanding,
    VillageGraded,
    needs_stream,
)
from domain.codes import Code, DivisionPrefix
from domain.concerned import part_of
from domain.moment import STORIES
from domain.registers import adviser, appointment
from domain.registers.appointment import china_day
from domain.vocabulary import stream_id
from ledger.log.decision import project
from projections.advising import needs as view
from projections.asking.asking import Basis, fetch_async
from projections.honours import marks

# --- villages


class NeedsQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    level: Code | None = None
    category: NeedCategory | None = None
    some_open: bool | None = None


class NeedsListed(Struct, frozen=True, kw_only=True):
    """By village."""

    basis: Basis
    rows: list[view.VillageNeeds]
    next_cursor: str | None


async def _many(asking: Asking) -> Found:
    query: NeedsQuery = asking.query
    after = begins_after(asking, str)
    async with reading(asking, view.NAME) as (connection, basis):
        page = view.page(
            filters_of(query, view.NeedsFilters, **concerned(asking, view.NeedsFilters)),
            position=basis.position,
            limit=query.limit + 1,
            after=after,
        )
        found = await fetch_async(connection, page)
    answer = partial(NeedsListed, basis=basis)
    return listed(asking, found, lambda row: row.village, answer, basis.position)


# --- one village


class NeedShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a need."""

    KEY: ClassVar = ("number",)
    number: int
    category: NeedCategory
    text: str
    since: date
    source: NeedSource
    standing: NeedStanding
    met_on: date | None
    how: str | None
    work: UUID | None
    withdrawn_because: str | None


class NeedsShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a village's list of needs."""

    village: str
    graded: VillageGraded | None
    needs: tuple[NeedShown, ...]
    """In the order noted."""


class NeedsFound(Struct, frozen=True, kw_only=True):
    """The needs of a village as they stand; `version` is what If-Match wants."""

    version: int
    position: int
    allowed: list[str]
    state: NeedsShown


def needs_shown(state: Needs) -> NeedsShown:
    """Make the answer's copy of a list of needs."""
    shown = (
        NeedShown(
            number=number,
            category=one.noted.category,
            text=one.noted.text,
            since=one.noted.since,
            source=one.noted.source,
            standing=one.standing,
            met_on=one.met.met_on if one.met else None,
            how=one.met.how if one.met else None,
            work=one.met.work if one.met else None,
            withdrawn_because=one.withdrawn.reason if one.withdrawn else None,
        )
        for number, one in state.needs.items()
    )
    return NeedsShown(village=state.village, graded=state.graded, needs=tuple(shown))


# --- whom it may choose from


class ChoicesQuery(Knowing, frozen=True, kw_only=True):
    limit: Limit = 50


class ChoiceShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an adviser whom a village may choose: `rank` in the order of the
    criteria, with all that it stands on."""

    KEY: ClassVar = ("adviser",)
    rank: int
    adviser: str
    name: str
    firm: str
    team: str | None
    obstacles: tuple[str, ...]
    nominated: bool
    linked: bool
    difficult_villages: int
    awards: int
    villages: int
    practising_since: date | None

    def streams(self) -> list[UUID]:
        return [stream_id(adviser.KIND, self.adviser)]


class ChoicesFound(Struct, frozen=True, kw_only=True):
    """Whom a village may choose from, the first of them in order; nothing follows from it."""

    basis: Basis
    day: date
    """The day by which rules and terms are judged."""
    criteria: tuple[str, ...]
    """In order of weight."""
    graded: VillageGraded | None
    needs: tuple[NeedShown, ...]
    """Those that are open."""
    rows: list[ChoiceShown]


async def _choices(asking: Asking) -> Found:
    query: ChoicesQuery = asking.query
    village = asking.path["code"]
    registers, _ = await known(asking, *STORIES)
    if village not in registers.appointments:
        raise Problem("not-found")
    day = china_day(query.as_known_at or datetime.now(UTC))
    async with reading(asking, view.NAME, marks.NAME) as (connection, basis):
        graded = await fetch_async(connection, view.graded(position=basis.position))
        given = await fetch_async(connection, marks.of_advisers(position=basis.position, day=day))
    ordered = choices(
        village,
        day,
        registers,
        {one.village: one.rank for one in graded},
        {one.code: one.awards for one in given},
    )
    stream = needs_stream(village)
    assert asking.by is not None
    # Anybody may ask whom to choose from; what the village needs is told where it stands.
    there = await readable(asking.wiring, (stream,), asking.by)
    events = await asking.wiring.ledger.stream(stream) if there else []
    list_of_needs = project(needs, None, as_known(asking, events))
    shown = needs_shown(list_of_needs.state) if list_of_needs else None
    rows = [
        ChoiceShown(
            rank=rank,
            adviser=one.adviser,
            name=one.name,
            firm=one.firm,
            team=one.team,
            obstacles=one.obstacles,
            nominated=one.nominated,
            linked=one.linked,
            difficult_villages=one.difficult_villages,
            awards=one.awards,
            villages=one.villages,
            practising_since=one.practising_since,
        )
        for rank, one in enumerate(ordered[: query.limit], start=1)
    ]
    body = ChoicesFound(
        basis=basis,
        day=day,
        criteria=CRITERIA,
        graded=shown.graded if shown else None,
        needs=tuple(one for one in shown.needs if one.standing == "open") if shown else (),
        rows=rows,
    )
    return Found(body, position=basis.position)


QUESTIONS: Final = (
    Question(
        name="NeedsOfVillages",
        under="/needs",
        summary="各村（社区）需求清单和难度等级",
        tag=needs.KIND,
        permission=OWN,
        answer=NeedsListed,
        query=NeedsQuery,
        find=_many,
    ),
    Question(
        name="Needs",
        under="/needs/{village:str}",
        summary="一个村（社区）的需求清单和难度等级",
        tag=needs.KIND,
        permission=OWN,
        answer=NeedsFound,
        find=finds_one(
            needs,
            NeedsFound,
            needs_shown,
            stream_of=lambda path: needs_stream(path["village"]),
            routes=ROUTES,
            part=part_of,
        ),
    ),
    Question(
        name="Choices",
        under="/appointments/{code:str}/choices",
        summary="遴选参考：村（社区）的需求、难度和可选的法律顾问，按公开的标准排序，不自动指派",
        tag=appointment.KIND,
        answer=ChoicesFound,
        query=ChoicesQuery,
        find=_choices,
    ),
)
