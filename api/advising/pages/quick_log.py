"""The quick form of the work log: where, what, how long, one line; several advisers and
earlier days under a fold each. It is read into the command `LogWork`; what it does not hold, the
whole form does.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.pages import typed
from api.pages.forms import RULES, errors_of, read
from api.pages.giving import LATE_REASON, OCCURRED_AT, NotTaken
from api.pages.page import Visit
from api.pages.tongue import ZONE
from api.web.problems import invalid
from domain.advising.worklog import (
    HoursOverlap,
    LateWorkNeedsReason,
    NobodyServed,
    NotServingThere,
    NotYourWork,
    ServedTwice,
    SharesDoNotAddUp,
    VillageUnknown,
    WorkEndsBeforeStart,
    WorkTooLong,
    even_shares,
)
from domain.hours import MinutesBeyondDay
from domain.moment import HappensInFuture
from domain.registers.appointment import china_day
from domain.vocabulary import Refused

OPENED: Final = "_opened"
"""When the form was opened: what is told by its minutes alone ended then, however often it is
sent."""
OPEN_MAX: Final = timedelta(minutes=15)
"""A form that was opened earlier than this tells work that ended when it was sent."""
MINUTES_MAX: Final = 24 * 60
OVERNIGHT_MAX: Final = timedelta(hours=12)
"""Longer work that ends before it begins is a slip and not a night."""
OTHERS: Final = 3
"""Advisers besides oneself; more are told in the whole form."""
ENDED: Final = "work.ended_at"
ASKED: Final[Mapping[str, str]] = {
    "work.village": "选在哪个村（社区）",
    "work.service": "选做了什么",
    "work.mode": "选怎么做的",
    "work.summary": "写一句做了什么",
}
"""Field → what is said where nothing is typed."""
NOT_ASKED: Final = ("shares", "sign_in", "evidence", "late_reason")
"""Fields of the command that the form asks for in its own way, or not at all."""
FIELDS: Final[Mapping[str, str]] = {ENDED: "until", "shares": "share.1.adviser"}
"""Field of the command → the one of the form that says it."""
REFUSED_AT: Final[Mapping[type[Refused], str]] = {
    HappensInFuture: "from",
    HoursOverlap: "from",
    LateWorkNeedsReason: LATE_REASON,
    MinutesBeyondDay: "minutes",
    NobodyServed: "share.1.adviser",
    NotServingThere: "work.village",
    NotYourWork: "share.1.adviser",
    ServedTwice: "share.1.adviser",
    SharesDoNotAddUp: "share.1.minutes",
    VillageUnknown: "work.village",
    WorkEndsBeforeStart: "until",
    WorkTooLong: "until",
}
"""Refusal → the field that it is about."""
NAMES: Final = (
    "work.village", "work.service", "minutes", "from", "until", "work.summary", "work.mode", "day",
    LATE_REASON, "share.0.minutes",
    *(f"share.{row}.{of}" for row in range(1, OTHERS + 1) for of in ("adviser", "minutes")),
    "work.people_reached",
)  # fmt: skip
"""Every field that is typed or chosen, from the top."""


class Filled(Struct, frozen=True):
    """The command, as JSON, and when the work began."""

    body: Mapping[str, Any]
    began: datetime

    def given_to(self, visit: Visit) -> Visit:
        """The visit, as if its form said when the work began."""
        at = self.began.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
        return replace(visit, form={**visit.form, OCCURRED_AT: [at]})


def filled_in(visit: Visit, reads: type[Struct], now: datetime) -> Filled:
    """Read the form into what is read as a command. Raises: NotTaken."""
    reader = _Reader(visit, reads, now)
    began, ended = reader.span()
    work = reader.work()
    shares = reader.shares((ended - began) // timedelta(minutes=1)) if began and ended else ()
    if reader.errors or began is None or ended is None:
        raise NotTaken(HTTPStatus.UNPROCESSABLE_ENTITY, "", reader.errors)
    body: dict[str, Any] = {"work": {**work, "ended_at": ended.isoformat()}}
    if shares:
        body["shares"] = [{"adviser": one, "minutes": minutes} for one, minutes in shares]
    try:
        msgspec.convert(body, reads)
    except msgspec.ValidationError as error:
        errors = errors_of(invalid(error).errors, visit.tongue)
        raise NotTaken(HTTPStatus.UNPROCESSABLE_ENTITY, "", errors) from error
    return Filled(body, began)


def at_its_field(wrong: NotTaken) -> NotTaken:
    """Say a refusal beside the field that it is about."""
    errors = {FIELDS.get(name, name): why for name, why in wrong.errors.items()}
    field = REFUSED_AT.get(type(wrong.__cause__))  # type: ignore[arg-type]
    if field is None or not wrong.said:
        return NotTaken(wrong.status, wrong.said, errors, moved=wrong.moved, code=wrong.code)
    return NotTaken(wrong.status, "", {**errors, field: wrong.said}, code=wrong.code)


class _Reader:
    def __init__(self, visit: Visit, reads: type[Struct], now: datetime) -> None:
        self.visit = visit
        self.reads = reads
        self.now = now
        self.errors: dict[str, str] = {}

    def say(self, text: str, **given: Any) -> str:
        return self.visit.tongue.say(text, **given)

    # --- what and where

    def work(self) -> dict[str, Any]:
        """The work as the whole form would read it, but for when it ended."""
        read_there = read(self.reads, self.visit.form, self.visit.tongue, leave_out=NOT_ASKED)
        self.errors |= read_there.errors
        self.errors.pop(ENDED, None)
        for name, rule in ASKED.items():
            if not self.visit.typed(name):
                self.errors[name] = self.say(rule)
        work: dict[str, Any] = read_there.body.get("work", {})
        return work

    # --- from when to when

    def span(self) -> tuple[datetime | None, datetime | None]:
        """When the work began and ended; None where that cannot be read."""
        day = self._day()
        minutes = self._number("minutes") if self.visit.typed("minutes") else None
        began, ended = self._clock("from", day), self._clock("until", day)
        if self.errors:
            return None, None
        if began is None and ended is not None and minutes is not None:
            return ended - timedelta(minutes=minutes), ended
        if began is None:
            return self._until_now(day, minutes, ended)
        if ended is None:
            if minutes is None:
                self.errors["until"] = self.say("写几点结束，或者写多少分钟")
                return None, None
            return began, began + timedelta(minutes=minutes)
        return self._from_until(began, ended, minutes)

    def _until_now(
        self, day: date | None, minutes: int | None, ended: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """Minutes alone: it ended when the form was opened."""
        today = china_day(self.now)
        if minutes is None or ended is not None:
            name = "minutes" if ended is None else "from"
            self.errors[name] = self.say("写多少分钟，或者几点到几点")
            return None, None
        if day is not None and day != today:
            self.errors["from"] = self.say("不是今天的，要写几点开始")
            return None, None
        end = _opened(self.visit, self.now).replace(second=0, microsecond=0)
        return end - timedelta(minutes=minutes), end

    def _from_until(
        self, began: datetime, ended: datetime, minutes: int | None
    ) -> tuple[datetime | None, datetime | None]:
        if ended <= began:
            ended += timedelta(days=1)
            if ended - began > OVERNIGHT_MAX:
                self.errors["until"] = self.say("结束要晚于开始")
                return None, None
        lasted = (ended - began) // timedelta(minutes=1)
        if minutes is not None and minutes != lasted:
            said = self.say("从开始到结束是{n}分钟，和这里写的不一样；空着就按起止时间", n=lasted)
            self.errors["minutes"] = said
            return None, None
        return began, ended

    def _day(self) -> date | None:
        told = self.visit.typed("day")
        if not told:
            return None
        try:
            return typed.day(told, china_day(self.now))
        except typed.NotRead:
            self.errors["day"] = self.say(RULES["day"], given=told[:40])
            return None

    def _clock(self, name: str, day: date | None) -> datetime | None:
        """An hour and minute of the day that is told, or else of today."""
        told = typed.plain(self.visit.typed(name))
        if not told:
            return None
        try:
            return typed.instant(f"{day or china_day(self.now)} {told}", self.now)
        except typed.NotRead:
            self.errors[name] = self.say("时间写成 09:41 或 0941，现在是“{given}”", given=told[:40])
            return None

    def _number(self, name: str) -> int | None:
        told = self.visit.typed(name)
        try:
            found = typed.number(told)
        except typed.NotRead:
            self.errors[name] = self.say(RULES["number"], given=told[:40])
            return None
        if not 1 <= found <= MINUTES_MAX:
            self.errors[name] = self.say("要在1到1440分钟之间，现在是{n}", n=found)
            return None
        return found

    # --- by whom

    def shares(self, minutes: int) -> Sequence[tuple[str, int]]:
        """Tell who served and how long; empty: oneself alone. Without minutes they share alike;
        what is left is one's own."""
        visit, rows = self.visit, range(1, OTHERS + 1)
        others = [row for row in rows if visit.typed(f"share.{row}.adviser")]
        own = visit.actor.adviser
        if not others or own is None or minutes < 1:
            return ()
        codes = [visit.typed(f"share.{row}.adviser") for row in others]
        told = {
            row: self._number(f"share.{row}.minutes")
            for row in (0, *others)
            if visit.typed(f"share.{row}.minutes")
        }
        if not told:
            even = even_shares(minutes, (own, *codes))
            return [(one.adviser, one.minutes) for one in even]
        for row in others:
            if row not in told:
                self.errors[f"share.{row}.minutes"] = self.say(
                    "写这位顾问多少分钟，或者都不写，平均分"
                )
        if self.errors:
            return ()
        given = [told[row] or 0 for row in others]
        mine = told.get(0) or minutes - sum(given)
        if mine < 1:
            said = self.say("几位加起来超过了{n}分钟", n=minutes)
            self.errors[f"share.{others[0]}.minutes"] = said
            return ()
        return [(own, mine), *zip(codes, given, strict=True)]


def _opened(visit: Visit, now: datetime) -> datetime:
    try:
        opened = datetime.fromisoformat(visit.typed(OPENED))
    except ValueError:
        return now
    if opened.tzinfo is None or not now - OPEN_MAX <= opened <= now:
        return now
    return opened.astimezone(UTC)
