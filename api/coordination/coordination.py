"""Joint conferences, their follow-ups and surveys over HTTP."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.coordination.coordination_routes import ROUTES
from api.web.finding import finds_one
from api.web.paging import Listing, Paged, filters_of
from api.web.questions import Asking, Found, Knowing, Question, allowed_now, held, reading
from domain.codes import Code, DivisionPrefix, EvaluationPeriod
from domain.concerned import marks_of, part_of
from domain.coordination import conference, survey
from domain.coordination.conference import Conference, ConferenceHeld, Decision, DecisionStatus
from domain.coordination.survey import SurveyConducted, SurveyMethod, SurveyResult
from domain.registers.appointment import china_day
from projections.asking.asking import Basis, Cursor, fetch_async
from projections.coordination import conferences, surveys

# --- one


class ConferenceShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a conference."""

    held: ConferenceHeld
    decisions: tuple[Decision, ...]


class ConferenceFound(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    state: ConferenceShown
    allowed: list[str]


class SurveyShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a survey, as corrected."""

    conducted: SurveyConducted
    sample_size: int
    results: tuple[SurveyResult, ...]
    voided: bool


class SurveyFound(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    state: SurveyShown
    allowed: list[str]


def conference_shown(state: Conference) -> ConferenceShown:
    """Make the answer's copy of a conference."""
    return ConferenceShown(held=state.held, decisions=state.decisions)


async def _survey(asking: Asking) -> Found:
    stream: UUID = asking.path["id"]
    found, position = await held(asking, survey, stream)
    assert asking.by is not None
    state = found.state
    body = SurveyFound(
        id=stream,
        version=found.version,
        position=position,
        state=SurveyShown(
            conducted=state.conducted,
            sample_size=state.sample_size,
            results=state.results,
            voided=state.voided,
        ),
        allowed=await allowed_now(asking, state, survey.KIND, ROUTES),
    )
    return Found(body, version=found.version, position=position, stream=stream)


# --- lists


class ConferencesQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the day of the conference."""
    to: date | None = None
    """Exclusive."""
    with_open: bool | None = None


class ConferencesFound(Struct, frozen=True, kw_only=True):
    """Entered last first."""

    basis: Basis
    rows: list[conferences.ConferenceRow]
    next_cursor: str | None


class DecisionsQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    unit: Code | None = None
    """Code of the responsible one."""
    status: DecisionStatus | None = None
    overdue: bool | None = None
    due_before: date | None = None


class DecisionsReport(Struct, frozen=True):
    """The earliest due first."""

    basis: Basis
    rows: list[conferences.DecisionRow]


class SurveysQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    period: EvaluationPeriod | None = None
    method: SurveyMethod | None = None
    voided: bool | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the last day of the survey."""
    to: date | None = None
    """Exclusive."""


class SurveysFound(Struct, frozen=True, kw_only=True):
    """Entered last first."""

    basis: Basis
    rows: list[surveys.SurveyRow]
    next_cursor: str | None


CONFERENCES: Final = Listing(
    views=(conferences.NAME,),
    filters=conferences.ConferenceFilters,
    page=conferences.page,
    cursor=Cursor,
    place=conferences.cursor_of,
    answer=ConferencesFound,
)


async def _decisions(asking: Asking) -> Found:
    query: DecisionsQuery = asking.query
    assert asking.by is not None
    own = {} if marks_of(asking.by) is None else {"unit": asking.by.unit}
    async with reading(asking, conferences.DECISIONS) as (connection, basis):
        asked = conferences.decisions(
            filters_of(query, conferences.DecisionFilters, **own),
            position=basis.position,
            today=china_day(query.as_known_at or datetime.now(UTC)),
        )
        rows = await fetch_async(connection, asked)
    return Found(DecisionsReport(basis, rows), position=basis.position)


SURVEYS: Final = Listing(
    views=(surveys.NAME,),
    filters=surveys.SurveyFilters,
    page=surveys.page,
    cursor=Cursor,
    place=surveys.cursor_of,
    answer=SurveysFound,
)


QUESTIONS: Final = (
    Question(
        name="Conference",
        under="/conferences/{id:uuid}",
        summary="一次联席会议及议定事项",
        tag=conference.KIND,
        answer=ConferenceFound,
        find=finds_one(conference, ConferenceFound, conference_shown, routes=ROUTES, part=part_of),
    ),
    Question(
        name="Conferences",
        under="/conferences",
        summary="联席会议清单",
        tag=conference.KIND,
        answer=ConferencesFound,
        query=ConferencesQuery,
        find=CONFERENCES.find,
    ),
    Question(
        name="Decisions",
        under="/decisions",
        summary="联席会议议定事项清单：未落实的、逾期的，按期限排序",
        tag=conference.KIND,
        answer=DecisionsReport,
        query=DecisionsQuery,
        find=_decisions,
    ),
    Question(
        name="Survey",
        under="/surveys/{id:uuid}",
        summary="一次社会调查（知晓率、首选率、满意率）",
        tag=survey.KIND,
        answer=SurveyFound,
        find=_survey,
    ),
    Question(
        name="Surveys",
        under="/surveys",
        summary="社会调查清单",
        tag=survey.KIND,
        answer=SurveysFound,
        query=SurveysQuery,
        find=SURVEYS.find,
    ),
)
