"""Lists of what is published in versions: calendars, policies, forms, rule sets."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from api.web.paging import Listing, Paged
from api.web.questions import Question
from domain.evaluation.determination import SubjectKind
from projections.asking.asking import Basis
from projections.evaluation import publications

FormPurpose = Literal["checklist", "report"]


class CalendarsQuery(Paged, frozen=True, kw_only=True):
    example: bool | None = None
    year: Annotated[int, Meta(ge=1900, le=2999)] | None = None


class PoliciesQuery(Paged, frozen=True, kw_only=True):
    example: bool | None = None
    effective_by: date | None = None


class FormsQuery(Paged, frozen=True, kw_only=True):
    example: bool | None = None
    purpose: FormPurpose | None = None


class RuleSetsQuery(Paged, frozen=True, kw_only=True):
    example: bool | None = None
    subject: SubjectKind | None = None
    effective_by: date | None = None


class PublicationsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    basis: Basis
    rows: list[publications.PublicationRow]
    next_cursor: str | None


def _list(
    kind: publications.Kind,
    under: str,
    summary: str,
    query: type[Paged],
) -> Question:
    filters = publications.PublicationFilters.__struct_fields__
    others = dict.fromkeys(set(filters) - set(query.__struct_fields__))
    listing = Listing(
        views=(publications.NAME,),
        filters=publications.PublicationFilters,
        page=publications.page,
        cursor=str,
        place=publications.cursor_of,
        answer=PublicationsFound,
        fixed=others | {"kind": kind},
    )
    return Question(
        name=query.__name__.removesuffix("Query"),
        under=under,
        summary=summary,
        tag=kind,
        answer=PublicationsFound,
        query=query,
        find=listing.find,
    )


QUESTIONS: Final = (
    _list("calendar", "/calendars", "工作日历清单", CalendarsQuery),
    _list("policy", "/policies", "规则清单", PoliciesQuery),
    _list("form", "/forms", "检查表和统计表样清单", FormsQuery),
    _list("ruleset", "/rulesets", "评分标准清单", RuleSetsQuery),
)
