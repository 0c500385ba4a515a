"""Training sessions and legal helpers over HTTP: one, lists, what each person was credited with."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from api.training.training_routes import ROUTES
from api.web.finding import finds_one
from api.web.paging import Listing, Paged
from api.web.questions import Asking, Found, Knowing, Question, allowed_now, held, reading
from domain.codes import Code, DivisionPrefix
from domain.concerned import part_of
from domain.training import helper, session
from domain.training.helper import Helper, HelperActivityReported, HelperRegistered, Qualification
from domain.training.session import (
    Attendance,
    Trainee,
    TrainingAnnounced,
    TrainingKind,
    TrainingStatus,
)
from projections.asking.asking import Basis, Cursor, fetch_async
from projections.training import helpers, trainings

Year = Annotated[int, Meta(ge=1900, le=2999)]

# --- one


class TrainingShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a training session."""

    announced: TrainingAnnounced
    invited: tuple[Trainee, ...]
    attended: tuple[Attendance, ...]
    status: TrainingStatus


class TrainingFound(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    state: TrainingShown
    allowed: list[str]


class HelperShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a legal helper."""

    registered: HelperRegistered
    activities: tuple[HelperActivityReported, ...]
    left_on: date | None


class HelperFound(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    state: HelperShown
    allowed: list[str]


async def _training(asking: Asking) -> Found:
    stream: UUID = asking.path["id"]
    found, position = await held(asking, session, stream)
    assert asking.by is not None
    state = found.state
    shown = TrainingShown(
        announced=state.announced,
        invited=state.invited,
        attended=state.attended,
        status=state.status,
    )
    may = await allowed_now(asking, state, session.KIND, ROUTES)
    body = TrainingFound(
        id=stream, version=found.version, position=position, state=shown, allowed=may
    )
    return Found(body, version=found.version, position=position, stream=stream)


def helper_shown(state: Helper) -> HelperShown:
    """Make the answer's copy of a legal helper."""
    return HelperShown(
        registered=state.registered, activities=state.activities, left_on=state.left_on
    )


# --- lists


class TrainingsQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    """Prefix of the organiser."""
    kind: TrainingKind | None = None
    status: TrainingStatus | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the day of the session."""
    to: date | None = None
    """Exclusive."""


class TrainingsFound(Struct, frozen=True, kw_only=True):
    """Entered last first."""

    basis: Basis
    rows: list[trainings.TrainingRow]
    next_cursor: str | None


class HelpersQuery(Paged, frozen=True, kw_only=True):
    division: DivisionPrefix | None = None
    """Prefix of the village."""
    qualification: Qualification | None = None
    serving: bool | None = None
    active: bool | None = None


class HelpersFound(Struct, frozen=True, kw_only=True):
    """Registered last first."""

    basis: Basis
    rows: list[helpers.HelperRow]
    next_cursor: str | None


TRAININGS: Final = Listing(
    views=(trainings.NAME,),
    filters=trainings.TrainingFilters,
    page=trainings.page,
    cursor=Cursor,
    place=trainings.cursor_of,
    answer=TrainingsFound,
)


HELPERS: Final = Listing(
    views=(helpers.NAME,),
    filters=helpers.HelperFilters,
    page=helpers.page,
    cursor=Cursor,
    place=helpers.cursor_of,
    answer=HelpersFound,
)


# --- counts


class TrainingCreditsQuery(Knowing, frozen=True, kw_only=True):
    year: Year | None = None
    trainee_kind: Literal["adviser", "helper"] | None = None
    trainee: Code | None = None
    division: DivisionPrefix | None = None
    """Prefix of the organiser."""


class TrainingCreditsReport(Struct, frozen=True):
    basis: Basis
    rows: list[trainings.CreditRow]


class HelperCountsQuery(Knowing, frozen=True, kw_only=True):
    division: DivisionPrefix
    """Prefix of the village."""
    year: Year
    by: helpers.ByDivision = "village"


class HelperCountsReport(Struct, frozen=True):
    basis: Basis
    rows: list[helpers.HelperCount]


async def _credits(asking: Asking) -> Found:
    query: TrainingCreditsQuery = asking.query
    async with reading(asking, trainings.CREDITS) as (connection, basis):
        asked = trainings.credits(
            position=basis.position,
            year=query.year,
            trainee_kind=query.trainee_kind,
            trainee=query.trainee,
            division=query.division,
        )
        rows = await fetch_async(connection, asked)
    return Found(TrainingCreditsReport(basis, rows), position=basis.position)


async def _counts(asking: Asking) -> Found:
    query: HelperCountsQuery = asking.query
    async with reading(asking, *helpers.VIEWS) as (connection, basis):
        asked = helpers.counts(
            division=query.division, year=query.year, by=query.by, position=basis.position
        )
        rows = await fetch_async(connection, asked)
    return Found(HelperCountsReport(basis, rows), position=basis.position)


QUESTIONS: Final = (
    Question(
        name="Training",
        under="/trainings/{id:uuid}",
        summary="一次培训及出席情况",
        tag=session.KIND,
        answer=TrainingFound,
        find=_training,
    ),
    Question(
        name="Trainings",
        under="/trainings",
        summary="培训清单",
        tag=session.KIND,
        answer=TrainingsFound,
        query=TrainingsQuery,
        find=TRAININGS.find,
    ),
    Question(
        name="TrainingCredits",
        under="/reports/training-credits",
        summary="每人每年参加培训的次数和时长",
        tag="report",
        answer=TrainingCreditsReport,
        query=TrainingCreditsQuery,
        find=_credits,
    ),
    Question(
        name="Helper",
        under="/helpers/{code:str}",
        summary="一位法律明白人及其活动",
        tag=helper.KIND,
        answer=HelperFound,
        find=finds_one(helper, HelperFound, helper_shown, routes=ROUTES, part=part_of),
    ),
    Question(
        name="Helpers",
        under="/helpers",
        summary="法律明白人名册",
        tag=helper.KIND,
        answer=HelpersFound,
        query=HelpersQuery,
        find=HELPERS.find,
    ),
    Question(
        name="HelperCounts",
        under="/reports/helpers",
        summary="法律明白人统计：按村（社区）、镇街或区列出人数、培训和活动",
        tag="report",
        answer=HelperCountsReport,
        query=HelperCountsQuery,
        find=_counts,
    ),
)
