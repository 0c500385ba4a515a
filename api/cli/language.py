"""The language of the command line: Chinese or English."""

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, Final, TypeVar

import rich_click as click

F = TypeVar("F", bound=Callable[..., Any])
LANGUAGES: Final = ("zh", "en")
LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
HEADINGS: Final = {
    "by score": "按得分的等次",
    "days": "日期",
    "do": "怎么办",
    "equal": "与所用的一致",
    "first_recorded_at": "首条记录时间",
    "gapless": "记录位置没有缺号",
    "head": "最后一条记录的位置",
    "last_recorded_at": "末条记录时间",
    "meaning": "含义",
    "pid": "进程号",
    "rank": "名次",
    "size_bytes": "大小（字节）",
    "socket": "套接字",
    "variable": "环境变量",
    "versions": "各版本",
    "what": "项目",
    "where": "位置",
    "why": "原因",
    # Of a score tree, which is data to the API.
    "different": "计不同的",
    "lost": "未得的分",
    "pending": "尚待人工评分的项目",
    "positions": "记录位置",
    "raised": "是否触发",
    "rate": "标准",
    "unused": "未采用的记录",
}
"""What the words of the API do not name."""
_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)


def choose(language: str | None) -> None:
    """Speak this language from now on; without one, that of the settings or the locale."""
    _chosen.set(language)


def language() -> str:
    """Return what --lang chose, else the setting `lang`, else Chinese in a Chinese locale."""
    if (asked := _chosen.get()) is None:
        asked = _set() or _of_locale()
        choose(asked)
    return asked


def spoken(en: str, zh: str) -> str:
    return zh if language() == "zh" else en


def heading(name: str, owner: type | None = None) -> str:
    """Name a field or column: in Chinese by the words of the API, the owner's own first."""
    if language() != "zh" or not name.isascii():
        return name.replace("_", " ")
    from api.words import named, own_name

    field = name.replace(" ", "_")
    own = None if owner is None else own_name(field, owner.__name__)
    return own or HEADINGS.get(name) or named(field) or name


def label(value: str, name: str, owner: type | None = None) -> str:
    """Name a value of a choice: in Chinese by its label, as the owner's field takes it."""
    if language() != "zh" or not value.isascii():
        return value
    from api.words import of_events
    from api.words.choices import CHOICES, zh

    of_owner = "" if owner is None else owner.__name__
    own = of_events.CHOICES.get(f"{of_owner}.{name}", _choice_of(owner, name))
    # What an event says is free text wherever its type is no choice.
    general = {} if of_owner in of_events.structs() else CHOICES.get(name, {})
    for choice in (own, general):
        if (found := choice.get(value)) is not None:
            return zh(found)
    return value


@cache
def _choices_in(owner: type) -> Mapping[str, Mapping[str | int, str]]:
    from api.words.choices import BY_VALUES, CHOICES, literals

    return {
        field: CHOICES[BY_VALUES[values]]
        for values, fields in literals([owner]).items()
        if values in BY_VALUES
        for field in fields
    }


def _choice_of(owner: type | None, name: str) -> Mapping[str | int, str]:
    if owner is None or not hasattr(owner, "__struct_fields__"):
        return {}
    return _choices_in(owner).get(f"{owner.__name__}.{name}", {})


def _set() -> str | None:
    from api import settings

    try:
        return settings.load().lang
    except settings.SettingInvalid:
        # Whoever needs the settings says what is wrong with them.
        return None


def _of_locale() -> str:
    locale = next((value for name in LOCALES if (value := os.environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def lang_option(command: F) -> F:
    """Add --lang; it needs no parameter."""

    def spoken(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None and not context.resilient_parsing:
            choose(value)

    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        callback=spoken,
        help="Language of what is shown. Default: ANJUAN_LANG, else that of the locale.",
    )(command)
