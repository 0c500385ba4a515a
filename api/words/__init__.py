"""The words of the OpenAPI document: what each field, parameter and struct means to its readers, in
Chinese with the English term. A row is looked up by `described`; `document` writes it down.

A key is the name of a field or parameter, which then means it wherever it stands; `Struct.field`,
where it means something else in one struct, query or operation; or the name of a struct that is not
the one body or answer of an operation, whose summary would say it."""

import re
from typing import Final

from api.words import (
    accounts,
    advising,
    common,
    complaints,
    coordination,
    evaluation,
    history,
    honours,
    oversight,
    registers,
    reporting,
    requests,
    signing,
    training,
)
from api.words.of_events import of_event

BY_NOUN: Final = (
    accounts.WORDS,
    advising.WORDS,
    common.WORDS,
    complaints.WORDS,
    coordination.WORDS,
    evaluation.WORDS,
    history.WORDS,
    honours.WORDS,
    oversight.WORDS,
    registers.WORDS,
    reporting.WORDS,
    requests.WORDS,
    signing.WORDS,
    training.WORDS,
)
WORDS: Final = {key: text for words in BY_NOUN for key, text in words.items()}
FIRST_PART: Final = re.compile("(?:村（(?:社区|居)）|[^(（；：，。])*")
"""Of a line of words, without what explains it; a village is named with what is like one."""


def described(field: str, *owners: str) -> str | None:
    """Find the words of a field: its own in the first of the owners that has some, else those that
    it has everywhere."""
    return own(field, *owners) or WORDS.get(field)


def own(field: str, *owners: str) -> str | None:
    """Find the words that one of the owners alone has for a field."""
    found = (WORDS.get(f"{owner}.{field}") for owner in owners)
    return next(filter(None, found), None)


def named(field: str, *owners: str) -> str | None:
    """Name a field in Chinese, as the heading of a column does."""
    words = described(field, *owners)
    return None if words is None else first_part(words)


def own_name(field: str, owner: str) -> str | None:
    """Name a field as its owner alone does: as the document says of it, or as events do."""
    words = own(field, owner)
    return of_event(field, owner) if words is None else first_part(words)


def first_part(words: str) -> str:
    return FIRST_PART.match(words)[0].strip()  # type: ignore[index]
