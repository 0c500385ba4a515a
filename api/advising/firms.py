"""Law firms and their teams as registered: the lists, and one of each."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.registers import answers_to, page_of
from api.web.paging import Paged, Words, refuse_no_word
from api.web.questions import Asking, Found, Question, held
from domain.codes import Code, DivisionPrefix
from domain.registers import firm, team
from domain.registers.firm import Firm
from domain.registers.team import Team
from domain.vocabulary import stream_id

# --- firms


class FirmShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a firm: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    division: str | None
    licence: str | None
    closed_at: datetime | None

    def streams(self) -> list[UUID]:
        return [stream_id(firm.KIND, self.code)]


def firm_shown(state: Firm) -> FirmShown:
    """Make the answer's copy of a firm."""
    return FirmShown(
        code=state.code,
        name=state.name,
        division=state.division,
        licence=state.licence,
        closed_at=state.closed_at,
    )


class FirmFound(Struct, frozen=True, kw_only=True):
    """A firm as registered; `version` is what If-Match wants."""

    version: int
    position: int
    state: FirmShown


class FirmsQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    """A prefix of where its office is."""
    open: bool | None = None
    q: Words | None = None
    """Part of the name, or the beginning of the code."""


class FirmsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[FirmShown]
    next_cursor: str | None


async def _firm(asking: Asking) -> Found:
    stream = stream_id(firm.KIND, asking.path["code"])
    found, position = await held(asking, firm, stream)
    body = FirmFound(version=found.version, position=position, state=firm_shown(found.state))
    return Found(body, version=found.version, position=position, stream=stream)


async def _firms(asking: Asking) -> Found:
    query: FirmsQuery = asking.query
    refuse_no_word(query.q)
    return await page_of(
        asking,
        firm,
        lambda registers: registers.firms,
        lambda one: _firm_fits(one, query),
        FirmsFound,
        shown=firm_shown,
    )


def _firm_fits(state: Firm, query: FirmsQuery) -> bool:
    return (
        (query.division is None or (state.division or "").startswith(query.division))
        and (query.open is None or state.open == query.open)
        and answers_to(query.q, state.code, state.name)
    )


# --- teams


class TeamShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a team: clients rely on it, so deciders may change their state."""

    KEY: ClassVar = ("code",)
    code: str
    name: str
    firm: str
    members: tuple[str, ...]
    """Codes of advisers."""
    dissolved_at: datetime | None

    def streams(self) -> list[UUID]:
        return [stream_id(team.KIND, self.code)]


def team_shown(state: Team) -> TeamShown:
    """Make the answer's copy of a team."""
    return TeamShown(
        code=state.code,
        name=state.name,
        firm=state.firm,
        members=state.members,
        dissolved_at=state.dissolved_at,
    )


class TeamFound(Struct, frozen=True, kw_only=True):
    """A team as registered; `version` is what If-Match wants."""

    version: int
    position: int
    state: TeamShown


class TeamsQuery(Paged, frozen=True, kw_only=True):
    firm: Code | None = None
    member: Code | None = None
    """An adviser who is in it now."""
    open: bool | None = None
    q: Words | None = None
    """Part of the name, or the beginning of the code."""


class TeamsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    position: int
    rows: list[TeamShown]
    next_cursor: str | None


async def _team(asking: Asking) -> Found:
    stream = stream_id(team.KIND, asking.path["code"])
    found, position = await held(asking, team, stream)
    body = TeamFound(version=found.version, position=position, state=team_shown(found.state))
    return Found(body, version=found.version, position=position, stream=stream)


async def _teams(asking: Asking) -> Found:
    query: TeamsQuery = asking.query
    refuse_no_word(query.q)
    return await page_of(
        asking,
        team,
        lambda registers: registers.teams,
        lambda one: _team_fits(one, query),
        TeamsFound,
        shown=team_shown,
    )


def _team_fits(state: Team, query: TeamsQuery) -> bool:
    return (
        (query.firm is None or state.firm == query.firm)
        and (query.member is None or query.member in state.members)
        and (query.open is None or state.open == query.open)
        and answers_to(query.q, state.code, state.name)
    )


QUESTIONS: Final = (
    Question(
        name="Firms",
        under="/firms",
        summary="律所名册",
        tag=firm.KIND,
        answer=FirmsFound,
        query=FirmsQuery,
        find=_firms,
    ),
    Question(
        name="Firm",
        under="/firms/{code:str}",
        summary="一家律所",
        tag=firm.KIND,
        answer=FirmFound,
        find=_firm,
    ),
    Question(
        name="Teams",
        under="/teams",
        summary="顾问团队名册",
        tag=team.KIND,
        answer=TeamsFound,
        query=TeamsQuery,
        find=_teams,
    ),
    Question(
        name="Team",
        under="/teams/{code:str}",
        summary="一个顾问团队",
        tag=team.KIND,
        answer=TeamFound,
        find=_team,
    ),
)
