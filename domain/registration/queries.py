"""Named queries 命名查询: what the program can write into a column of a table, by what the table
has a row for. A form names them; `projections.reporting` computes them.

A figure is a count of things; it can be limited to some of them (`only`) and compared with the
period before. What else a query gives is told of the row itself.
"""

from collections.abc import Mapping
from typing import Final, get_args

from msgspec import Struct

from domain.registers.form import Field as Column
from domain.registers.form import FieldKind, Form, RowsOf
from domain.vocabulary import Aspect, Concern, CriticismChannel, Service

NUMBER: Final = "number"
"""序号: where a row stands, not what it says. The column with this code always has it."""
WORK: Final = "work"
CRITICISM: Final = "criticism"


class NamedQuery(Struct, frozen=True, kw_only=True):
    """What a named query gives."""

    title: str
    kinds: tuple[FieldKind, ...]
    """Kinds of fields that its values fit."""
    always: bool = True
    """Whether every row has a value."""
    codes: tuple[str, ...] = ()
    """All that it can give, where these are codes: a choice has them as options."""
    counts: str | None = None
    """What a figure counts, work or criticism; None when it is told of the row itself."""


MARKS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    WORK: {"service": get_args(Service)},
    CRITICISM: {
        "service": get_args(Service),
        "channel": get_args(CriticismChannel),
        "aspect": get_args(Concern),
        "virtue": get_args(Aspect),
    },
}
"""What a figure can be limited by, with its codes. `aspect` is 批评方面, `virtue` one of the four
aspects of conduct 为民、务实、清廉、高效."""


def _figure(title: str, counts: str) -> NamedQuery:
    return NamedQuery(title=title, kinds=("number",), counts=counts)


def _text(title: str, *, always: bool = True) -> NamedQuery:
    return NamedQuery(title=title, kinds=("text",), always=always)


def _code(title: str, codes: tuple[str, ...], *, always: bool = True) -> NamedQuery:
    return NamedQuery(title=title, kinds=("text", "choice"), always=always, codes=codes)


def _day(title: str, *, always: bool = True) -> NamedQuery:
    return NamedQuery(title=title, kinds=("date", "text"), always=always)


def _yes_no(title: str, *, always: bool = True) -> NamedQuery:
    return NamedQuery(title=title, kinds=("yes_no",), always=always)


NUMBERED: Final = NamedQuery(title="序号", kinds=("number",))
WORK_FIGURES: Final[Mapping[str, NamedQuery]] = {
    name: _figure(title, WORK)
    for name, title in {
        "consultations": "法律咨询（件次）",
        "legal_documents": "法律意见、合同和章程审查（件次）",
        "mediations": "人民调解（件次）",
        "legal_aid": "法律援助受理和协助（件次）",
        "referrals": "转介和指引（件次）",
        "lectures": "法治讲座（场次）",
        "offpeak_lectures": "其中夜间或节假日讲座（场次）",
        "other_services": "其他服务（件次）",
        "onsite_minutes": "现场服务（分钟）",
        "offsite_minutes": "非现场服务（分钟）",
        "people_reached": "服务人数（人次）",
        "ratings": "主动评价（件次）",
        "bad_ratings": "其中差评（件次）",
        "promises_kept": "按时答复（件次）",
        "promises_missed": "逾期答复（件次）",
        "late_entries": "补录（步次，一件可有多步）",
        "late_services": "其中有补录的服务（件次）",
    }.items()
}
SERVICES: Final = "services"
"""All pieces of work, whatever their kind."""
CRITICISM_FIGURES: Final[Mapping[str, NamedQuery]] = {
    name: _figure(title, CRITICISM)
    for name, title in {
        "criticism": "群众批评意见（件，重复的不计）",
        "criticism_noted": "其中当场登记的不满（件）",
        "criticism_substantiated": "其中属实（件）",
        "criticism_satisfied": "其中群众满意（件）",
        "criticism_dissatisfied": "其中群众不满意（件）",
        "criticism_late": "其中补录（件）",
        "criticism_joint": "其中多人联名（件）",
        "criticism_people": "反映人数（人）",
        "criticism_repeated": "重复反映（件，另计）",
        "criticism_reclassified": "改为咨询（件，另计）",
    }.items()
}
FIGURES: Final[Mapping[str, NamedQuery]] = {
    SERVICES: _figure("各类服务合计（件次）", WORK),
    **WORK_FIGURES,
    **CRITICISM_FIGURES,
}
"""Figures of anything that work and criticism can be told of: also of a whole division."""

_POINT: Final = {
    "point": _text("服务点编号"),
    "point_name": _text("服务点名称"),
    "division": _text("统计用区划代码"),
}
_OF_COMPLAINT: Final[Mapping[str, NamedQuery]] = {
    "received_on": _day("收到日期"),
    "division": _text("统计用区划代码"),
    "point": _text("服务点编号", always=False),
    "channel": _code("渠道", get_args(CriticismChannel)),
    "service": _code("服务种类", get_args(Service), always=False),
    "object": _text("批评对象（单位或人员编号）", always=False),
    "aspect": _code("批评方面", get_args(Concern)),
    "summary": _text("内容摘要"),
    "substantiated": _yes_no("是否属实", always=False),
    "measure": _text("整改措施", always=False),
    "finished_on": _day("办结日期", always=False),
    "feedback": _code("群众反馈", ("satisfied", "dissatisfied"), always=False),
    "repeated": _yes_no("是否重复"),
    "work_order": _text("工单号", always=False),
}
CATALOGUE: Final[Mapping[RowsOf, Mapping[str, NamedQuery]]] = {
    "complaint": {
        **_OF_COMPLAINT,
        "virtues": _text("作风四方面（代码，以、分隔）", always=False),
        "people": NamedQuery(title="反映人数", kinds=("number",)),
        "joint": _yes_no("是否多人联名"),
        "noted": _yes_no("是否当场登记的不满"),
        "late": _yes_no("是否补录"),
    },
    "point": {**_POINT, **FIGURES},
    "point_and_adviser": {
        **_POINT,
        "adviser": _text("法律顾问编号", always=False),
        "firm": _text("律师事务所编号", always=False),
        **FIGURES,
    },
    "adviser": {
        "adviser": _text("法律顾问编号"),
        "firm": _text("律师事务所编号", always=False),
        **FIGURES,
    },
    "village": {"village": _text("村（社区）区划代码"), **FIGURES},
    "division": {"division": _text("下级区划代码"), **FIGURES},
    "service": {"service": _code("服务种类", get_args(Service)), **FIGURES},
    "channel": {"channel": _code("渠道", get_args(CriticismChannel)), **CRITICISM_FIGURES},
    "aspect": {"aspect": _code("批评方面", get_args(Concern)), **CRITICISM_FIGURES},
    "virtue": {"virtue": _code("作风四方面", get_args(Aspect)), **CRITICISM_FIGURES},
    "criticism": {
        "by": _code("分类", ("all", "channel", "service", "aspect", "virtue", "unit")),
        "key": _text("类别（代码）", always=False),
        **CRITICISM_FIGURES,
    },
}
"""What a table has a row for → its queries. `criticism`: one row for all of it, then one for each
channel, kind of service, aspect, virtue and unit."""


class Implied(Struct, frozen=True):
    """What the forms say that do not name their rows: those of two codes, from before there were
    named queries. A column has the query of its own name."""

    rows: RowsOf
    queries: frozenset[str]


IMPLIED: Final[Mapping[str, Implied]] = {
    "criticism": Implied("complaint", frozenset(_OF_COMPLAINT)),
    "work-statistics": Implied(
        "point_and_adviser", frozenset((*_POINT, "adviser", "firm", *WORK_FIGURES))
    ),
}


class Computed(Struct, frozen=True):
    """A column that the program fills in."""

    column: Column
    name: str
    query: NamedQuery


def rows_of(form: Form) -> RowsOf | None:
    """Return what a table has a row for; None where nothing says so."""
    if form.rows is not None:
        return form.rows
    implied = IMPLIED.get(form.code)
    return implied.rows if implied is not None else None


def query_name(form: Form, column: Column) -> str | None:
    """Name of the query that fills in a column; None where a person does."""
    if column.code == NUMBER:
        return NUMBER
    if form.rows is not None:
        return column.query
    implied = IMPLIED.get(form.code)
    return column.code if implied is not None and column.code in implied.queries else None


def computed(form: Form) -> list[Computed]:
    """The columns that the program fills in, in the form's order."""
    rows = rows_of(form)
    known = {NUMBER: NUMBERED, **(CATALOGUE[rows] if rows is not None else {})}
    named = [(one, query_name(form, one)) for one in form.fields]
    return [Computed(one, name, known[name]) for one, name in named if name in known]


def computed_sections(form: Form) -> list[Computed]:
    """The sections that the program fills in: figures of the whole division."""
    return [
        Computed(one, one.query, FIGURES[one.query])
        for one in form.sections
        if one.query is not None and one.query in FIGURES
    ]
