"""Calendars, policies, forms and rule sets: what is published in versions. One row for each, as its
newest version stands; every version is with the thing itself."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Struct

from domain.evaluation import ruleset
from domain.registers import calendar_publication, form, policy
from domain.vocabulary import SIMULATION
from projections.asking.asking import Query, equal, filtered, one_page, standing_at
from projections.storing.columns import SmallInt, columns_of, selected
from projections.storing.standings import WHOLE, Change, Standings, Values

NAME: Final = "publications"
Kind = Literal["calendar", "policy", "form", "ruleset"]


class PublicationRow(Struct, frozen=True, kw_only=True):
    """Its newest version. `effective_from`: of a policy or rule set; `announced_at`, `first_year`,
    `last_year`: of a calendar; `purpose`: of a form; `subject`: of a rule set."""

    KEY: ClassVar = ("code",)
    stream: UUID
    kind: Kind
    code: str
    version: SmallInt
    title: str | None
    purpose: str | None
    subject: str | None
    effective_from: date | None
    announced_at: datetime | None
    first_year: SmallInt | None
    last_year: SmallInt | None
    basis: str
    example: bool
    published_by: str
    published_at: datetime

    def streams(self) -> list[UUID]:
        return [self.stream]


COLUMNS: Final = columns_of(PublicationRow, without=("stream",), simulated="boolean")


def _of_calendar(state: Any) -> Values:
    newest = state.versions[-1]
    return {
        "kind": "calendar",
        "announced_at": newest.announced_at,
        "first_year": newest.first_year,
        "last_year": newest.last_year,
        "example": newest.example,
    }


def _of_policy(state: Any) -> Values:
    newest = state.versions[-1]
    return {"kind": "policy", "effective_from": newest.effective_from, "example": newest.example}


def _of_form(state: Any) -> Values:
    newest = state.versions[-1]
    return {
        "kind": "form",
        "title": newest.title,
        "purpose": newest.purpose,
        "example": newest.proposed,
    }


def _of_ruleset(state: Any) -> Values:
    newest = state.versions[-1]
    return {
        "kind": "ruleset",
        "title": newest.title,
        "subject": newest.subject,
        "effective_from": newest.effective_from,
        "example": newest.example,
    }


_OWN: Final[Mapping[type[Any], Callable[[Any], Values]]] = {
    calendar_publication.PublishedCalendar: _of_calendar,
    policy.Policy: _of_policy,
    form.PublishedForm: _of_form,
    ruleset.PublishedRuleSet: _of_ruleset,
}
PUBLISHED: Final = (
    calendar_publication.CalendarPublished,
    policy.PolicyPublished,
    form.FormPublished,
    ruleset.RuleSetPublished,
)


def _fold(change: Change) -> Iterator[tuple[str, Values]]:
    state, recorded = change.after, change.recorded
    if not isinstance(recorded.event, PUBLISHED):
        return
    newest = state.versions[-1]
    yield (
        WHOLE,
        {
            "code": newest.code,
            "version": newest.version,
            "basis": newest.basis,
            **_OWN[type(state)](state),
            "published_by": recorded.by.account,
            "published_at": recorded.occurred_at,
            "simulated": recorded.device == SIMULATION,
        },
    )


VIEW: Final = Standings(
    NAME,
    2,
    (calendar_publication, policy, form, ruleset),
    COLUMNS,
    _fold,
    indexes=("CREATE INDEX ON publications (kind, code)",),
)

# --- asking


class PublicationFilters(Struct, frozen=True, kw_only=True):
    """`year`: a calendar that has it. `effective_by`: in force on that day or before."""

    kind: Kind
    example: bool | None = None
    purpose: str | None = None
    subject: str | None = None
    year: int | None = None
    effective_by: date | None = None


_CONDITIONS: Final = {
    **equal("p", "kind", "example", "purpose", "subject"),
    "year": "%(year)s BETWEEN p.first_year AND p.last_year",
    "effective_by": "p.effective_from <= %(effective_by)s",
}
_COLUMNS: Final = selected(PublicationRow, "p")


def page(
    filters: PublicationFilters,
    *,
    position: int,
    limit: int,
    after: str | None = None,
    head: bool = False,
) -> Query[PublicationRow]:
    """Query one page, by code; with `head` the position is the view's own."""
    where, parameters = filtered(filters, _CONDITIONS)
    return one_page(
        PublicationRow,
        f"SELECT {_COLUMNS} FROM views.publications p",  # noqa: S608
        [*where, standing_at("p", head=head)],
        parameters | {"position": position},
        order=("p.code",),
        after=after,
        limit=limit,
    )


def cursor_of(row: PublicationRow) -> str:
    return row.code
