"""The inboxes of whoever is signed in: the count of each of his inboxes, and where one press or one
form settles a thing, the things themselves with what he may do about each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from api.pages.asking import ask, ask_after
from api.pages.declared import Declared
from api.pages.named import Names
from api.pages.page import Visit, url
from api.web.answers import ROOT
from domain.registers.appointment import china_day
from domain.requests.request import Mode
from domain.vocabulary import Service
from domain.worktime.calendar import ONE_DAY

LINES_MAX: Final = 5
REQUESTS: Final = "/requests"
NEAR: Final = 7 * ONE_DAY
"""What is due within these days stands out."""


class Line(Struct, frozen=True, kw_only=True):
    """One thing that waits. `acts`: the forms that settle it, and what they are called."""

    text: str
    link: str
    note: str = ""
    due: str = ""
    mark: str = ""
    """How its day is marked: `warn` when it is near, `bad` when it is over."""
    acts: tuple[tuple[str, str], ...] = ()


class Box(Struct, frozen=True, kw_only=True):
    """One inbox. `link`: the list that holds all that waits there."""

    what: str
    text: str
    count: int
    link: str
    lines: tuple[Line, ...] = ()


class Words(Struct, frozen=True):
    """How a row of an inbox is told."""

    visit: Visit
    names: Names

    def say(self, text: str, **given: Any) -> str:
        return self.visit.tongue.say(text, **given)

    def name(self, field: str, code: str | None) -> str:
        found = self.names.of(field, code)
        return (code or "–") if found is None else found.text

    def label(self, value: Any, field: str) -> str:
        return self.visit.tongue.label(value, field)


Told = Callable[[Any, Words], Line]


def _of_work(row: Any, words: Words) -> Line:
    service, mode = _service(row.service, words), _mode(row.mode, words)
    advisers = words.say("、").join(words.name("adviser", one) for one in row.advisers)
    return Line(
        text=f"{words.visit.tongue.when(row.started_at)} {service}",
        note=words.say("，").join((advisers, mode, words.visit.tongue.minutes(row.minutes))),
        link=f"/worklogs/{row.stream}",
    )


def _service(code: Service, words: Words) -> str:
    return words.label(code, "service")


def _mode(code: Mode, words: Words) -> str:
    return words.label(code, "mode")


def _of_inspection(row: Any, words: Words) -> Line:
    wrong = row.minor + row.major + row.serious
    return Line(
        text=f"{words.visit.tongue.when(row.held_at)} {words.label(row.kind, 'kind')}",
        note=words.say("{n}个问题", n=wrong) if wrong else words.say("没有问题"),
        link=f"/inspections/{row.stream}",
    )


def _of_selection(row: Any, words: Words) -> Line:
    note = words.say("、").join(words.name("adviser", one) for one in row.candidates)
    if row.chosen is not None:
        note = words.say("选定的是{who}", who=words.name("adviser", row.chosen))
    return Line(
        text=words.name("division", row.division), note=note, link=f"/appointments/{row.division}"
    )


def _of_rectification(row: Any, words: Words) -> Line:
    due = None if row.due is None else china_day(row.due)
    left = None if due is None else due - china_day(datetime.now(UTC))
    mark = "" if left is None or left > NEAR else "warn"
    return Line(
        text=words.say("、").join(row.items),
        note=words.say("第{n}轮", n=row.round) if row.round > 1 else "",
        link=f"/rectifications/{row.stream}",
        due="" if due is None else words.visit.tongue.day(due),
        mark="bad" if row.overdue else mark,
    )


def _of_request(row: Any, words: Words) -> Line:
    when = words.visit.tongue.when
    at = row.appointed_at and words.say("约在{when}", when=when(row.appointed_at))
    return Line(
        text=f"{row.number} {_service(row.service, words)}",
        note=at or words.say("{when}提出", when=when(row.requested_at)),
        link=f"/requests/{row.request}",
        due="" if row.due is None else when(row.due),
        mark="bad" if row.overdue else "",
    )


SETTLED: Final[Mapping[str, tuple[Told, tuple[tuple[str, str], ...]]]] = {
    "selections_to_choose": (_of_selection, (("ChooseAdviser", "选定…"),)),
    "selections_to_answer": (
        _of_selection, (("AcceptVillage", "接受"), ("DeclineVillage", "不接受…")),
    ),
    "work_to_confirm": (_of_work, (("ConfirmWork", "确认"),)),
    "work_returned": (_of_work, (("CorrectWork", "更正…"),)),
    "inspections_to_confirm": (_of_inspection, (("ConfirmInspection", "确认…"),)),
    "rectifications_to_answer": (_of_rectification, (("AnswerRectification", "反馈…"),)),
    "rectifications_of_mine": (_of_rectification, (("AnswerRectification", "反馈…"),)),
}  # fmt: skip
"""Inbox → how its rows are told, and the commands that settle one, with what their links say."""


async def boxes(visit: Visit, declared: Declared) -> Sequence[Box]:
    """Return every inbox of whoever is signed in, empty or not, in the order of the question."""
    found = await ask_after(visit, declared.questions["Me"])
    words = Words(visit, Names(visit.registers, visit.tongue, visit.by))
    return [
        Box(
            what=one.what,
            text=one.zh if visit.tongue.language == "zh" else one.en[:1].upper() + one.en[1:],
            count=one.count,
            link=one.link.removeprefix(ROOT),
            lines=tuple(await _lines(visit, declared, one, words)) if one.count else (),
        )
        for one in found.body.waiting
    ]


async def _lines(visit: Visit, declared: Declared, inbox: Any, words: Words) -> Sequence[Line]:
    address = urlsplit(inbox.link.removeprefix(ROOT))
    of_requests = (_of_request, ()) if address.path == REQUESTS else None
    settled = SETTLED.get(inbox.what, of_requests)
    if settled is None:
        return ()
    told, acts = settled
    question = declared.listing(address.path)
    query = {**dict(parse_qsl(address.query)), "limit": str(LINES_MAX)}
    rows = (await ask(visit, question, {}, query)).body.rows
    return [
        Line(
            text=line.text,
            link=line.link,
            note=line.note,
            due=line.due,
            mark=line.mark,
            acts=tuple(_acts(visit, declared, line.link, acts, words)),
        )
        for line in (told(row, words) for row in rows)
    ]


def _acts(
    visit: Visit,
    declared: Declared,
    thing: str,
    acts: Sequence[tuple[str, str]],
    words: Words,
) -> Iterator[tuple[str, str]]:
    """Yield where the forms are that the role may send: below the page of the thing."""
    for name, text in acts:
        route = declared.routes[name]
        if visit.actor.role in route.roles:
            yield url(f"{thing}/{route.under.rpartition('/')[2]}"), words.say(text)
