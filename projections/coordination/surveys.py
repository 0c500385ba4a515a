"""Surveys as they stand, by their counts: each figure with its sample beside it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from domain.coordination import survey
from domain.coordination.survey import Survey, SurveyMethod
from domain.vocabulary import SIMULATION
from projections.asking.asking import NEVER, Cursor, Query, equal, filtered, one_page, standing_at
from projections.storing.columns import columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "surveys"


class SurveyRow(Struct, frozen=True, kw_only=True):
    """`…_positive` of `…_answered` gave a positive answer; null where it was not asked."""

    KEY: ClassVar = ("stream",)
    stream: UUID
    number: int
    version_position: int
    division: str
    period: str
    method: SurveyMethod
    conducted_on: date
    conducted_by: str
    basis: str
    sample_size: int
    awareness_answered: int | None
    awareness_positive: int | None
    first_choice_answered: int | None
    first_choice_positive: int | None
    satisfaction_answered: int | None
    satisfaction_positive: int | None
    voided: bool
    entered_at: datetime

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(SurveyRow, without=("stream", "version_position"), simulated="boolean")


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state: Survey = change.after
    stood, conducted = change.stood.get(WHOLE), state.conducted
    values = {
        "number": stood["number"] if stood else change.recorded.position,
        "division": conducted.division,
        "period": conducted.period,
        "method": conducted.method,
        "conducted_on": conducted.conducted_on,
        "conducted_by": conducted.conducted_by,
        "basis": conducted.basis,
        "sample_size": state.sample_size,
        "voided": state.voided,
        "entered_at": stood["entered_at"] if stood else change.recorded.occurred_at,
        "simulated": change.recorded.device == SIMULATION,
    }
    for measure in ("awareness", "first_choice", "satisfaction"):
        found = state.result(measure)
        values[f"{measure}_answered"] = found.answered if found else None
        values[f"{measure}_positive"] = found.positive if found else None
    if values != stood:
        yield WHOLE, values


VIEW: Final = Standings(
    NAME,
    2,
    (survey,),
    COLUMNS,
    _fold,
    indexes=(f"CREATE INDEX ON surveys (entered_at, stream) WHERE superseded_at = {NEVER}",),
)


class SurveyFilters(Struct, frozen=True, kw_only=True):
    """`division` is a prefix; `period` is exact; `from_` to `to` (exclusive) are days."""

    division: str | None = None
    period: str | None = None
    method: SurveyMethod | None = None
    voided: bool | None = None
    from_: date | None = None
    to: date | None = None


_CONDITIONS: Final = {
    **equal("s", "period", "method", "voided"),
    "division": "starts_with(s.division, %(division)s)",
    "from_": "s.conducted_on >= %(from_)s",
    "to": "s.conducted_on < %(to)s",
}


def page(
    filters: SurveyFilters,
    *,
    position: int,
    limit: int,
    after: Cursor | None = None,
    head: bool = False,
) -> Query[SurveyRow]:
    """Query one page, entered last first; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    where.append(standing_at("s", head=head))
    columns = selected(SurveyRow, "s", version_position="s.position")
    return one_page(
        SurveyRow,
        f"SELECT {columns} FROM views.surveys s",  # noqa: S608
        where,
        parameters | {"position": position},
        order=("s.entered_at", "s.stream"),
        descending=True,
        after=after,
        limit=limit,
    )


def cursor_of(row: SurveyRow) -> Cursor:
    return Cursor(row.entered_at, row.stream)
