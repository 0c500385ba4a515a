"""The two languages of the pages: their own sentences, and the words of the API for
fields, choices, commands and refusals. Chinese is what templates are written in."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from api.words import described, first_part, own_name
from api.words.choices import BY_VALUES, CHOICES, en, literals, zh
from api.words.of_events import CHOICES as OF_EVENTS
from domain.aggregates import ALL
from domain.vocabulary import CHINA

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
ZONE: Final = ZoneInfo(CHINA)
WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BRACKETED: Final = re.compile(r"\(([^()]*)\)")
BEFORE_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def english() -> Mapping[str, str]:
    """Chinese → English, of every sentence of the pages."""
    found: dict[str, str] = {}
    folder = files("api").joinpath("pages", "english")
    for file in sorted(folder.iterdir(), key=str):
        if file.name.endswith(".json"):
            found |= json.loads(file.read_text(encoding="utf-8"))
    return found


ALSO: Final[Mapping[str, str]] = {
    "categories": "need_category",
    "clients": "client_category",
    "roles": "role",
    "scorers": "role",
    "unit": "unit_of_time",
}
"""Field that holds several of a choice, or holds it as plain text → the choice."""
OF_EXAMPLES: Final[Mapping[str, Mapping[Any, str]]] = {
    "level": {
        "ordinary": "一般 (ordinary)",
        "difficult": "困难 (difficult)",
        "very_difficult": "特别困难 (very difficult)",
    },
}
"""Codes that the rules we bring along give as examples: a city may publish others."""


class Tongue:
    """One language. Templates call it by `_`, `label`, `heading`, `when`, `day`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.tag = "zh-CN" if language == "zh" else "en"

    def say(self, text: str, /, **given: Any) -> str:
        """Say a sentence, with what is put into it as `{name}`. A test finds what has no English;
        a page says it in Chinese rather than nothing."""
        if self.language == "en":
            text = english().get(text, text)
        return text.format(**given) if given else text

    def words(self, described_as: str) -> str:
        """Speak words of the API, which hold both languages: `主题 (subject)`."""
        if self.language == "zh":
            return first_part(described_as).removesuffix("的编号")
        found = BRACKETED.findall(described_as)
        spoken = found[-1] if found else described_as
        return spoken[:1].upper() + spoken[1:].partition(";")[0].partition(":")[0]

    def heading(self, field: str, *owners: str) -> str:
        """Name a field of a struct."""
        found = described(field, *owners)
        if found is None:
            owner = next((one for one in owners if own_name(field, one)), None)
            if owner is not None and self.language == "zh":
                return own_name(field, owner) or field
            return field.replace("_", " ") if self.language == "en" else field
        return self.words(found)

    def label(self, value: Any, field: str = "", owner: type | None = None) -> str:
        """Name a value of a choice; whatever is none says itself."""
        if value is True or value is False:
            return self.say("是" if value else "否")
        if not isinstance(value, str | int):
            return str(value)
        own = choices_in(owner).get(field) if owner is not None else None
        of_owner = "" if owner is None else owner.__name__
        every: tuple[Mapping[Any, str] | None, ...] = (
            own,
            OF_EVENTS.get(f"{of_owner}.{field}"),
            CHOICES.get(field),
            CHOICES.get(ALSO.get(field, "")),
            _everywhere().get(field),
            OF_EXAMPLES.get(field),
        )
        found = next((one[value] for one in every if one and value in one), None)
        return str(value) if found is None else self.of_choice(found)

    def of_choice(self, label: str) -> str:
        if self.language == "zh":
            return zh(label)
        said = en(label)
        return said[:1].upper() + said[1:]

    def action(self, name: str, summary: str) -> str:
        """Call a command or question by what it does."""
        if self.language == "zh":
            return first_part(summary)
        said = BEFORE_CAPITAL.sub(" ", name).lower()
        return said[:1].upper() + said[1:]

    def problem(self, slug: str, title: str) -> str:
        """Say what went wrong; in English by its name, which is a sentence: `request is closed`."""
        if self.language == "zh":
            return title
        said = english().get(title) or slug.replace("-", " ")
        return said[:1].upper() + said[1:]

    # --- times

    def when(self, instant: datetime | str | None, *, seconds: bool = False) -> str:
        """`2026-11-23 09:41` in China."""
        if instant is None:
            return "–"
        if isinstance(instant, str):
            instant = datetime.fromisoformat(instant)
        local = instant.astimezone(ZONE)
        time = local.strftime("%H:%M:%S" if seconds else "%H:%M")
        return f"{self.day(local.date())} {time}"

    def day(self, given: date | str | None) -> str:
        if given is None:
            return "–"
        if isinstance(given, str):
            given = date.fromisoformat(given)
        if self.language == "zh":
            return given.isoformat()
        return f"{given.day} {MONTHS[given.month - 1]} {given.year}"

    def weekday(self, given: date) -> str:
        return WEEKDAYS[given.weekday()] if self.language == "zh" else given.strftime("%A")

    def minutes(self, given: int) -> str:
        """`6小时20分`."""
        hours, minutes = divmod(given, 60)
        if self.language == "en":
            return f"{hours} h {minutes} min" if hours else f"{minutes} min"
        return (
            f"{hours}小时{minutes}分"
            if hours and minutes
            else (f"{hours}小时" if hours else f"{minutes}分")
        )


TONGUES: Final[Mapping[Language, Tongue]] = {one: Tongue(one) for one in LANGUAGES}


@cache
def _everywhere() -> Mapping[str, Mapping[Any, str]]:
    """Field → labels of its values, where all events that have such a field call a value the same:
    rows of views hold values as plain text."""
    found: dict[str, dict[Any, set[str]]] = {}
    for values, fields in literals(event for one in ALL for event in one.EVENTS).items():
        for field in fields if values in BY_VALUES else ():
            labels = found.setdefault(field.partition(".")[2], {})
            for value, label in CHOICES[BY_VALUES[values]].items():
                labels.setdefault(value, set()).add(label)
    return {
        field: {value: one.pop() for value, one in labels.items() if len(one) == 1}
        for field, labels in found.items()
    }


@cache
def choices_in(owner: type) -> Mapping[str, Mapping[str | int, str]]:
    return {
        field.partition(".")[2]: CHOICES[BY_VALUES[values]]
        for values, fields in literals([owner]).items()
        if values in BY_VALUES
        for field in fields
        if field.startswith(f"{owner.__name__}.")
    }
