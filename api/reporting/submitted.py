"""The list of statutory tables that were submitted, version by version."""

from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from api.web.paging import Listing, Paged
from api.web.questions import Question
from domain.codes import Code, DivisionPrefix, PeriodCode
from domain.reporting import report
from projections.asking.asking import Basis
from projections.reporting import reports


class ReportsQuery(Paged, frozen=True, kw_only=True):
    template: Code | None = None
    """Without its version."""
    division: DivisionPrefix | None = None
    """A prefix of the division code."""
    period: PeriodCode | None = None
    signer: Code | None = None
    unit: Code | None = None
    """The unit of who signed, then."""
    newest: bool | None = None
    """Of each table only the last version; false: only those that another replaced."""
    from_: date | None = msgspec.field(default=None, name="from")
    """Inclusive, by the local day of submission."""
    to: date | None = None
    """Exclusive."""


class ReportsFound(Struct, frozen=True, kw_only=True):
    """The newest first."""

    basis: Basis
    rows: list[reports.ReportLine]
    next_cursor: str | None


LISTING: Final = Listing(
    views=(reports.NAME,),
    filters=reports.ReportFilters,
    page=reports.page,
    cursor=int,
    place=reports.place_of,
    answer=ReportsFound,
)
QUESTIONS: Final = (
    Question(
        name="Reports",
        under="/reports",
        summary="已报送的报表清单，每个版本一行，不含表内各行",
        tag=report.KIND,
        answer=ReportsFound,
        query=ReportsQuery,
        find=LISTING.find,
    ),
)
