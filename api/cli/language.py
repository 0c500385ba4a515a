"""The language of the command line: Chinese or English."""

import os
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import rich_click as click

F = TypeVar("F", bound=Callable[..., Any])
LANGUAGES: Final = ("zh", "en")
LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
FIRST_PART: Final = re.compile("[^(（；：，。]*")
"""Of a line of words, without what explains it."""
HEADINGS: Final = {
    "field": "项目",
    "value": "内容",
}
"""What only the command line shows."""
_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)


def choose(language: str | None) -> None:
    """Speak this language from now on; None: that of the settings or the locale."""
    _chosen.set(language)


def language() -> str:
    """Return what --lang chose, else the setting `lang`, else Chinese in a Chinese locale."""
    if (asked := _chosen.get()) is None:
        asked = _set() or _of_locale()
        choose(asked)
    return asked


def told(en: str, zh: str) -> str:
    return zh if language() == "zh" else en


def heading(name: str, *owners: str) -> str:
    """Name a field or column: in Chinese by the words of the API, the owner's own first."""
    if language() != "zh":
        return name.replace("_", " ")
    from api.serving.words import described

    words = HEADINGS.get(name) or described(name.replace(" ", "_"), *owners)
    return FIRST_PART.match(words)[0].strip() if words else name  # type: ignore[index]


def label(value: str) -> str:
    """Name a value of a choice: in Chinese by its label."""
    return value


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
