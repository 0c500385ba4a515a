"""The adviser's month: what is missing in each of his villages, by when, by which rule; what waits
for him; and what he planned. Every figure is of the questions about duty, coverage and work logs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, ValidationError, convert

from api.pages.asking import ask, ask_after
from api.pages.declared import Declared
from api.pages.named import Names
from api.pages.page import Html, Page, Visit, url
from api.pages.waiting import Box, boxes
from api.web.problems import Problem, slug_of
from domain.advising.visit_plan import Month
from domain.registers.appointment import china_day
from domain.vocabulary import Refused
from domain.worktime.calendar import months_after
from domain.worktime.period import days_of, month_of

UNDER: Final = "/month"
WORK_MAX: Final = 200
VISITS_MAX: Final = 62


class Item(Struct, frozen=True, kw_only=True):
    """One duty: whether it is done, how much, and where its rows or its form are."""

    name: str
    done: bool
    text: str
    link: str | None = None
    act: tuple[str, str] | None = None


class Panel(Struct, frozen=True, kw_only=True):
    """A village in the month."""

    code: str
    name: str
    items: tuple[Item, ...]
    link: str
    onsite: int = 0
    """Minutes that count as on site."""
    required: int = 0
    doubtful: int = 0
    doubtful_link: str | None = None
    rule: str | None = None
    why: tuple[str, ...] = ()
    """Sentences that explain what the calendar decided by itself."""

    @property
    def short(self) -> bool:
        return not all(one.done for one in self.items)


class MonthPage:
    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def pages(self) -> tuple[Page, ...]:
        return (Page(under=UNDER, of="Duty", show=self.show),)

    async def show(self, visit: Visit) -> Html:
        code = visit.actor.adviser
        if code is None or code not in visit.registers.advisers:
            return Html(template="no_adviser.html", context={"title": visit.tongue.say("本月")})
        today = china_day(datetime.now(UTC))
        month = _month(visit) or month_of(today)
        work = await self._work(visit, code, month)
        panels = [
            await self._panel(visit, code, village, month, work, today)
            for village in _villages(visit, code, month, work)
        ]
        waiting = [one for one in await boxes(visit, self._declared) if one.count]
        first, last = days_of(month)
        return Html(
            template="month.html",
            context={
                "title": _title(visit, first),
                "done": self._declared.done(visit),
                "month": month,
                "first": first,
                "today": today,
                "days_left": (last - today).days + 1 if first <= today <= last else None,
                "earlier": month_of(months_after(first, -1)),
                "later": month_of(months_after(first, 1)) if last < today else None,
                "panels": panels,
                "sentence": _sentence(visit, panels, waiting),
                "waiting": waiting,
                "visits": await self._visits(visit, code, month),
                "plan": url("/visit-plans", adviser=code, month=month),
                "again": await self._newest(visit, code),
                "as_of": datetime.now(UTC),
            },
        )

    # --- what is asked

    async def _ask(self, visit: Visit, name: str, **query: Any) -> Any:
        return (await ask(visit, self._declared.questions[name], {}, query)).body

    async def _work(self, visit: Visit, code: str, month: str) -> Mapping[UUID, Any]:
        asked = {"adviser": code, "period": month, "limit": WORK_MAX}
        found = await ask_after(visit, self._declared.questions["Worklogs"], {}, asked)
        return {row.stream: row for row in found.body.rows}

    async def _newest(self, visit: Visit, code: str) -> Any:
        """The entry that may be repeated: the newest of his that counts."""
        found = await self._ask(visit, "Worklogs", adviser=code, counts="true", limit=1)
        return next(iter(found.rows), None)

    async def _visits(self, visit: Visit, code: str, month: str) -> Sequence[Any]:
        found = await self._ask(visit, "Visits", adviser=code, month=month, limit=VISITS_MAX)
        return sorted(found.rows, key=lambda row: (row.starts_at, row.village))

    async def _panel(
        self,
        visit: Visit,
        code: str,
        village: str,
        month: str,
        work: Mapping[UUID, Any],
        today: date,
    ) -> Panel:
        names = Names(visit.registers, visit.tongue, visit.by)
        found = names.of("village", village)
        name = village if found is None else found.text
        link = url("/worklogs", adviser=code, village=village, period=month)
        try:
            duty = await self._ask(visit, "Duty", division=village, period=month, adviser=code)
            of_now = days_of(month).last >= today
            there = tuple(await self._there(visit, village, month)) if of_now else ()
        except Refused as refused:
            # No calendar, or none of that year: nothing can be judged, and the page says so.
            said = visit.tongue.problem(slug_of(type(refused)), refused.reason())
            item = Item(name=visit.tongue.say("履职"), done=False, text=said)
            return Panel(code=village, name=name, link=link, items=(item,))
        row = next((one for one in duty.rows if one.village == village), None)
        if row is None:
            return Panel(code=village, name=name, link=link, items=there)
        return Panel(
            code=village,
            name=name,
            link=link,
            onsite=row.onsite + row.offset,
            required=row.required,
            doubtful=row.doubtful,
            doubtful_link=url("/worklogs", adviser=code, village=village, doubtful="true"),
            rule=row.rule,
            items=(*_items(visit, row, link), *there),
            why=tuple(_why(visit, row, work)),
        )

    async def _there(self, visit: Visit, village: str, month: str) -> Iterator[Item]:
        """Tell what must be there in the village, as the report of gaps says, and what is there."""
        gaps = (await self._ask(visit, "Coverage", division=village, period=month)).rows
        held = (await self._ask(visit, "Appointments", division=village, limit=1)).rows
        missing, here = {gap.what for gap in gaps}, f"/appointments/{village}"
        return (item for row in held for item in _present(visit, row, missing, here))


# --- which month, which villages


def _month(visit: Visit) -> str | None:
    asked = visit.query.get("month")
    if asked is None:
        return None
    try:
        return convert(asked, Month)
    except ValidationError as error:
        raise Problem("malformed", "month") from error


def _villages(visit: Visit, code: str, month: str, work: Mapping[UUID, Any]) -> Sequence[str]:
    """List those that he serves in the month, and those where he worked."""
    first, last = days_of(month)
    held = visit.registers.appointments_of(code)
    serving = [
        division
        for division, one in held.items()
        if any(s.adviser == code and s.first <= last and s.last >= first for s in one.stints)
    ]
    worked = sorted({row.village for row in work.values()})
    return tuple(dict.fromkeys((*serving, *worked)))


def _title(visit: Visit, first: date) -> str:
    if visit.tongue.language == "zh":
        return f"{first.year}年{first.month}月"
    return f"{first:%B %Y}"


# --- what is told


def _items(visit: Visit, row: Any, link: str) -> Iterator[Item]:
    """Each duty that is owed, or done although it is not owed."""
    say, tongue = visit.tongue.say, visit.tongue
    _, last = days_of(month_of(row.month))
    if row.required:
        short = say(
            "还差{left}，{day}前", left=tongue.minutes(row.shortfall), day=_day(visit, last)
        )
        text = short if row.shortfall else say("已达标")
        yield Item(name=say("现场服务"), done=not row.shortfall, text=text, link=link)
    yield Item(
        name=say("到场"),
        done=bool(row.onsite_work) or not row.required,
        text=say("{n}次", n=len(row.onsite_work)),
        link=link,
    )
    for name, pieces in (
        (say("本季讲座"), row.lectures),
        (say("非工作时间讲座"), row.offpeak_lectures),
        (say("矛盾纠纷排查"), row.risk_screenings),
    ):
        if pieces.required or pieces.done:
            yield _of_pieces(visit, name, pieces)


def _present(visit: Visit, row: Any, missing: Collection[str], here: str) -> Iterator[Item]:
    """Tell what is there, or what the rules ask for and is not."""
    say = visit.tongue.say
    if row.group_open:
        yield Item(name=say("微信工作群"), done=True, text=say("已建"), link=here)
    elif "no_wechat_group" in missing:
        act = (f"{here}/create-wechat-group", say("建群…"))
        yield Item(name=say("微信工作群"), done=False, text=say("还没有建"), link=here, act=act)
    if row.display_up:
        yield Item(name=say("公示二维码"), done=True, text=say("已公示"), link=here)
    elif "no_public_display" in missing:
        text = say("还没有公示，由村（居）委会张贴")
        yield Item(name=say("公示二维码"), done=False, text=text, link=here)


def _of_pieces(visit: Visit, name: str, pieces: Any) -> Item:
    say = visit.tongue.say
    text = say("{n}次", n=pieces.done)
    if pieces.shortfall:
        text = say("还差{n}次，{day}前", n=pieces.shortfall, day=_day(visit, pieces.last))
    link = f"/worklogs/{pieces.work[-1]}" if pieces.work else None
    return Item(name=name, done=not pieces.shortfall, text=text, link=link)


def _day(visit: Visit, day: date) -> str:
    """Within the year a day goes without it."""
    if visit.tongue.language == "zh":
        return f"{day:%m-%d}"
    return visit.tongue.day(day)


def _why(visit: Visit, row: Any, work: Mapping[UUID, Any]) -> Iterator[str]:
    """Say of each off-peak lecture of the month when it began: the calendar recognised it."""
    for stream in row.offpeak_lectures.work:
        if (entry := work.get(stream)) is not None:
            yield visit.tongue.say(
                "{when}（{weekday}）开始，系统按日历和规则认定为非工作时间，不需要自己勾选",
                when=visit.tongue.when(entry.started_at),
                weekday=visit.tongue.weekday(entry.day),
            )


def _sentence(visit: Visit, panels: Sequence[Panel], waiting: Sequence[Box]) -> tuple[str, bool]:
    """Say what is missing, in one sentence, and whether anything is."""
    say = visit.tongue.say
    parts = []
    if not panels:
        parts.append(say("这个月没有服务的村（社区）"))
    if short := sum(one.short for one in panels):
        parts.append(say("{n}个村（社区）还差服务", n=short))
    lines = [line for box in waiting if "rectification" in box.what for line in box.lines]
    if lines:
        due = min((line.due for line in lines if line.due), default="")
        said = say("{n}项整改 {day} 到期", n=len(lines), day=due)
        parts.append(said if due else say("{n}项整改等你反馈", n=len(lines)))
    missing = bool(parts)
    if not missing:
        parts.append(say("这个月的服务都做到了"))
    return say("，").join(parts), missing
