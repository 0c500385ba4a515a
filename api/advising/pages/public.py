"""Pages for everybody: where to get legal help, when it is open, and who advises there."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from api.advising.directory import QUESTIONS
from api.pages.asking import ask
from api.pages.page import Html, Page, Visit
from api.pages.public import onward
from api.pages.qr import qr_of
from api.pages.rendering import VALIDATED
from api.pages.tongue import ZONE, Tongue
from api.web.calling import origin_of
from api.web.problems import Problem
from domain.registers.appointment import china_day
from domain.worktime.calendar import Periods
from domain.worktime.opening import Hours
from projections.advising.directory import Kind

DIRECTORY: Final = "/public/directory"
POINT: Final = "/public/points/{code:str}"
ON_A_PAGE: Final = 20
ADVISERS_MAX: Final = 20
DISTRICT_DIGITS: Final = 6
A_MONDAY: Final = date(2024, 1, 1)
_DIRECTORY: Final = next(one for one in QUESTIONS if one.name == "PublicDirectory")
_TO: Final = "\u2060–\u2060"
"""No line breaks between the ends of a period."""


async def _directory(visit: Visit) -> Html:
    """List points that are open now first, then those that are not, then advisers."""
    asked = {name: visit.query.get(name, "").strip() for name in ("division", "near", "kind")}
    query: dict[str, Any] = {name: one for name, one in asked.items() if one}
    query |= {"order": "open", "limit": ON_A_PAGE, "cursor": visit.query.get("cursor")}
    wrong = None
    try:
        found = (await ask(visit, _DIRECTORY, {}, query)).body
    except Problem as error:
        if error.slug not in ("validation-failed", "malformed", "cursor-invalid"):
            raise
        wrong, found = error, None
    return Html(
        template="public_directory.html",
        status=200 if wrong is None else 422,
        context={
            "title": visit.tongue.say("找服务点和法律顾问"),
            "asked": asked,
            "wrong": wrong,
            "rows": () if found is None else found.rows,
            "next": found and found.next_cursor and visit.at(cursor=found.next_cursor),
            "first": visit.query.get("cursor") and visit.at(cursor=None),
            "districts": _districts(visit),
            "kinds": kinds(visit.tongue),
            **_around(visit),
        },
        headers=[VALIDATED],
    )


async def _point(visit: Visit) -> Html:
    """Show one point; its page on paper is a notice for its wall."""
    code = visit.path["code"]
    try:
        asked = {"code": code, "limit": 2}
        found = (await ask(visit, _DIRECTORY, {}, asked)).body
    except Problem as error:
        if error.slug != "validation-failed":
            raise
        found = None
    here = [one for one in found.rows if one.kind != "adviser"] if found else []
    if not here:
        title = visit.tongue.say("没有这个服务点")
        context = {"title": title, **_around(visit)}
        return Html(template="public_point_unknown.html", status=404, context=context)
    (point,) = here
    advisers = None
    if point.division is not None:
        asked = {"division": point.division, "kind": "adviser", "limit": ADVISERS_MAX}
        advisers = (await ask(visit, _DIRECTORY, {}, asked)).body
    address = (origin_of(visit.scope) or "") + onward(visit, visit.here)
    return Html(
        template="public_point.html",
        context={
            "title": point.name,
            "point": point,
            "advisers": () if advisers is None else advisers.rows,
            "more_advisers": bool(advisers and advisers.next_cursor),
            "address": address.partition("?")[0],
            "qr": qr_of(address.partition("?")[0]),
            **_around(visit),
        },
        headers=[VALIDATED],
    )


def kinds(tongue: Tongue) -> Sequence[tuple[Kind, str]]:
    """Name what may be looked for."""
    return (
        ("center", tongue.say("服务中心")),
        ("station", tongue.say("工作站")),
        ("room", tongue.say("工作室")),
        ("featured", tongue.say("特色服务点")),
        ("adviser", tongue.say("法律顾问")),
    )


def _around(visit: Visit) -> dict[str, Any]:
    tongue = visit.tongue
    return {
        "onward": partial(onward, visit),
        "standing": partial(_standing, tongue),
        "today": partial(_today, tongue),
        "week": partial(_week, tongue),
        "services": partial(_services, tongue),
    }


def _districts(visit: Visit) -> Sequence[tuple[str, str]]:
    """Name the districts that are listed today."""
    day = china_day(datetime.now(UTC))
    return [
        (code, one.name_on(day).name)
        for code, one in sorted(visit.registers.divisions.items())
        if len(code) == DISTRICT_DIGITS and one.abolished_on is None
    ]


# --- hours in words


def _standing(tongue: Tongue, hours: Hours) -> str:
    """Say whether it is open now: `现在开门，到12:00`."""
    if hours.until is not None:
        return tongue.say("现在开门，到{time}", time=_time(tongue, hours.until))
    if hours.opens_at is None:
        return tongue.say("现在关门")
    day, time = tongue.when(hours.opens_at)[:-6], _time(tongue, hours.opens_at)
    if day == tongue.when(datetime.now(UTC))[:-6]:
        return tongue.say("现在关门，今天{time}开", time=time)
    weekday = tongue.weekday(hours.opens_at.astimezone(ZONE).date())
    return tongue.say("现在关门，{day}（{weekday}）{time}开", day=day, weekday=weekday, time=time)


def _today(tongue: Tongue, hours: Hours) -> str:
    """Say the hours of today, and what is out of the ordinary."""
    said = _periods(tongue, hours.today)
    if hours.today_is == "holiday":
        why = hours.why if tongue.language == "zh" else "public holiday"
    elif hours.today_is == "makeup":
        why = hours.why if tongue.language == "zh" else "working day in place of a day of rest"
    else:
        return said
    return tongue.say("{hours}（{why}）", hours=said, why=why)


def _week(tongue: Tongue, hours: Hours) -> Sequence[tuple[str, str]]:
    """List the hours of plain weeks: days in a row that have the same are one line."""
    lines: list[tuple[int, int, Periods]] = []
    for number, periods in enumerate(hours.week):
        if lines and lines[-1][2] == periods:
            lines[-1] = (lines[-1][0], number, periods)
        else:
            lines.append((number, number, periods))
    days = [tongue.weekday(A_MONDAY + timedelta(days=number)) for number in range(7)]
    return [
        (
            days[first]
            if first == last
            else tongue.say("{first}至{last}", first=days[first], last=days[last]),
            _periods(tongue, periods),
        )
        for first, last, periods in lines
    ]


def _periods(tongue: Tongue, periods: Periods) -> str:
    if not periods:
        return tongue.say("不开门")
    told = (f"{_clock(one.start_minute)}{_TO}{_clock(one.end_minute)}" for one in periods)
    return tongue.say("，").join(told)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _time(tongue: Tongue, instant: datetime) -> str:
    return tongue.when(instant)[-5:]


def _services(tongue: Tongue, given: Sequence[str] | None) -> str:
    """Name what a point offers; none are named: all of it."""
    if not given:
        return tongue.say("各类公共法律服务")
    return tongue.say("、").join(tongue.label(one, "service") for one in given)


_page: Final = partial(Page, for_everybody=True)
PAGES: Final = (
    _page(under=DIRECTORY, of="PublicDirectory", show=_directory),
    _page(under=POINT, of="PublicDirectory", show=_point),
)
