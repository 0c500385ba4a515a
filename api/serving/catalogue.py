"""The catalogue: every choice with its labels and the fields that take it, and the choices of the
published forms. Its version changes with its content."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

import msgspec
from msgspec import Struct

from api.advising.registers import known
from api.web.acting import Route
from api.web.questions import Asking, Found, Question
from api.words.choices import BY_VALUES, CHOICES, Fields, Value, en, literals, zh
from domain.registers import form

ME: Final = "me"
"""Tag of what is about who asks, and of what everybody may know."""


class Option(Struct, frozen=True, kw_only=True):
    KEY: ClassVar = ("value",)
    value: Value
    zh: str
    en: str | None
    """Null where a form gives no English."""


class Choice(Struct, frozen=True, kw_only=True):
    """`fields`: what takes one of these values, as `Struct.field` of the OpenAPI document."""

    KEY: ClassVar = ("name",)
    name: str
    fields: tuple[str, ...]
    options: tuple[Option, ...]


class FormChoice(Struct, frozen=True, kw_only=True):
    """A question of a published form with its options; every version is there."""

    KEY: ClassVar = ("form", "field")
    form: str
    field: str
    title: str
    options: tuple[Option, ...]


class CatalogFound(Struct, frozen=True, kw_only=True):
    """`version` is the same wherever the content is."""

    version: str
    choices: tuple[Choice, ...]
    forms: tuple[FormChoice, ...]


def shown_types(routes: Iterable[Route], questions: Iterable[Question]) -> Iterator[Any]:
    """List what the API reads and answers with."""
    for route in routes:
        yield from (route.reads, route.answer)
    for question in questions:
        yield from (question.query, question.answer)


def choices_of(fields: Fields) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            name=BY_VALUES[values],
            fields=tuple(sorted(taking)),
            options=tuple(
                Option(value=value, zh=zh(label), en=en(label))
                for value, label in CHOICES[BY_VALUES[values]].items()
            ),
        )
        for values, taking in sorted(
            ((one, taking) for one, taking in fields.items() if one in BY_VALUES),
            key=lambda one: BY_VALUES[one[0]],
        )
    )


def question_of(routes: Iterable[Route], questions: Iterable[Question]) -> Question:
    """Declare the catalogue of these routes and questions."""
    choices = choices_of(literals(shown_types(routes, questions)))

    async def find(asking: Asking) -> Found:
        registers, _ = await known(asking, form)
        forms = tuple(
            FormChoice(
                form=ref,
                field=field.code,
                title=field.title,
                options=tuple(
                    Option(value=code, zh=text, en=None) for code, text in field.options.items()
                ),
            )
            for ref, one in sorted(registers.forms.items())
            for field in one.fields
            if field.options
        )
        content = msgspec.json.encode((choices, forms))
        version = hashlib.sha256(content).hexdigest()[:16]
        return Found(CatalogFound(version=version, choices=choices, forms=forms))

    return Question(
        name="Catalog",
        under="/catalog",
        summary="全部选项的中英文名称，以及哪些字段使用；版本随内容变化",
        tag=ME,
        answer=CatalogFound,
        find=find,
    )
