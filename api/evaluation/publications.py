"""What is published in versions, as lists: calendars, policies, forms, rule sets."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from api.identity import READ, REPORT
from api.web.paging import Listing, Paged
from api.web.questions import Question
from domain.evaluation.determination import SubjectKind
from projections.asking.asking import Basis
from projections.evaluation import publications

FormPurpose = Literal["checklist", "report"]


class PublicationsQuery(Paged, frozen=True, kw_only=True):
    example: bool | None = None
    purpose: FormPurpose | None = None
    """Of a form."""
    subject: SubjectKind | None = None
    """Of a rule set."""
    year: Annotated[int, Meta(ge=1900, le=2999)] | None = None
    """Of a calendar."""
    effective_by: date | None = None
    """Of a policy or a rule set."""


class PublicationsFound(Struct, frozen=True, kw_only=True):
    """By code."""

    basis: Basis
    rows: list[publications.PublicationRow]
    next_cursor: str | None


def _list(
    name: str, under: str, summary: str, kind: publications.Kind, permission: str = READ
) -> Question:
    listing = Listing(
        views=(publications.NAME,),
        filters=publications.PublicationFilters,
        page=publications.page,
        cursor=str,
        place=publications.cursor_of,
        answer=PublicationsFound,
        fixed={"kind": kind},
    )
    return Question(
        name=name,
        under=under,
        summary=summary,
        tag=kind,
        answer=PublicationsFound,
        query=PublicationsQuery,
        permission=permission,
        find=listing.find,
    )


QUESTIONS: Final = (
    _list("Calendars", "/calendars", "工作日历清单", "calendar"),
    _list("Policies", "/policies", "规则清单", "policy"),
    _list("Forms", "/forms", "检查表和统计表样清单", "form"),
    _list("RuleSets", "/rulesets", "评分标准清单", "ruleset", REPORT),
)
