"""The list of samples."""

from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from api.web.paging import Listing, Paged
from api.web.questions import Question
from domain.codes import Code, DivisionPrefix, EvaluationPeriod
from domain.oversight import sample
from domain.oversight.sample import PopulationKind
from projections.asking.asking import Basis, Cursor
from projections.oversight import samples


class SamplesQuery(Paged, frozen=True, kw_only=True):
    of: PopulationKind | None = None
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    period: EvaluationPeriod | None = None
    drawn: bool | None = None
    announced_by: Code | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day it was announced."""
    to: date | None = None
    """Exclusive."""


class SamplesFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[samples.SampleRow]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(samples.NAME,),
    filters=samples.SampleFilters,
    page=samples.page,
    cursor=Cursor,
    place=samples.cursor_of,
    answer=SamplesFound,
)
QUESTIONS: Final = (
    Question(
        name="Samples",
        under="/samples",
        summary="抽查清单：抽查什么、是否已抽取",
        tag=sample.KIND,
        answer=SamplesFound,
        query=SamplesQuery,
        find=LISTING.find,
    ),
)
