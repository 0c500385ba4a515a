"""What happened is told in the words of what happened: each field of an event is called as its own
event, or the document of the API, calls it; never by another noun's word."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec import inspect

from api.cli.happened import kind_named, said_in
from api.cli.language import choose, heading, label
from api.cli.printing import shown
from api.tokens import Token
from api.words import common, own_name
from api.words.choices import BY_VALUES, literals
from api.words.of_events import CHOICES, FIELDS, KINDS, structs
from domain.aggregates import ALL, EVENTS_BY_TOPIC
from domain.requests.rating import RatingCodeIssued
from domain.vocabulary import Actor

GOLDEN: Final = Path(__file__).parents[2] / "ledger" / "golden"
TOPICS: Final = sorted(EVENTS_BY_TOPIC)
NOUN: Final = {"promises": "requests", "scoring": "evaluation", "worktime": "registers"}
"""Folder of `domain/` → whose file of words it has, where it has none of its own."""


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    choose("zh")
    try:
        yield
    finally:
        choose(None)


def golden(topic: str) -> dict[str, Any]:
    name, _, version = topic.partition("/")
    stored: dict[str, Any] = json.loads((GOLDEN / name / f"{version}.json").read_bytes())
    return stored


def parts(kind: type[Any]) -> set[type[Any]]:
    """An event and the structs in it."""
    found: set[type[Any]] = set()

    def walk(one: Any) -> None:
        if isinstance(one, inspect.StructType) and one.cls not in found:
            found.add(one.cls)
        elif isinstance(one, inspect.StructType):
            return
        for name in getattr(one, "__struct_fields__", ()):
            value = getattr(one, name)
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, inspect.Type | inspect.Field):
                    walk(each)

    walk(inspect.type_info(kind))
    assert kind in found
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_a_field_of_an_event_is_never_called_by_another_nouns_word(topic: str) -> None:
    for struct in parts(EVENTS_BY_TOPIC[topic]):
        folder = struct.__module__.split(".")[1]
        try:
            own_noun = importlib.import_module(f"api.words.{NOUN.get(folder, folder)}").WORDS
        except ModuleNotFoundError:
            own_noun = {}
        for field in struct.__struct_encode_fields__:
            own = own_name(field, struct.__name__)
            assert own or field in own_noun or field in common.WORDS, (struct.__name__, field)
            assert not own or heading(field, struct) == own
            assert not heading(field, struct).isascii(), (struct.__name__, field)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_golden_event_is_told_by_its_own_words(topic: str) -> None:
    event, data = EVENTS_BY_TOPIC[topic], golden(topic)["data"]
    said = said_in(topic, data)
    assert type(said) is event
    told = shown(said)
    for field in msgspec.to_builtins(said):
        assert f"{heading(field, event)}:" in told
    assert KINDS[topic.partition("/")[0]] == kind_named(topic.partition("/")[0])


def test_every_kind_and_every_word_of_events_is_of_an_event() -> None:
    assert set(KINDS) == {topic.partition("/")[0] for topic in TOPICS}
    fields = structs()
    assert {key for key in FIELDS if "." in key} <= {
        f"{name}.{field}" for name, own in fields.items() for field in own
    }
    assert {key for key in FIELDS if "." not in key} <= set().union(*fields.values())


def test_every_choice_of_an_event_has_its_labels() -> None:
    events = [event for one in ALL for event in one.EVENTS]
    unnamed = {
        field: values
        for values, fields in literals(events).items()
        if values not in BY_VALUES
        for field in fields
    }
    assert {field: frozenset(names) for field, names in CHOICES.items()} == unnamed


@pytest.mark.parametrize(
    ("topic", "field", "said"),
    [
        ("request.logged/1", "subject", "事项的主题"),
        ("request.referral_accepted/1", "by", "办理人"),
        ("complaint.recused/1", "account", "回避的账号"),
        ("request.note_added/1", "text", "内容"),
        ("request.handed_over/1", "to", "接手人的账号"),
    ],
)
def test_what_a_newcomer_read_wrongly(topic: str, field: str, said: str) -> None:
    assert heading(field, EVENTS_BY_TOPIC[topic]) == said


def test_accounts_and_choices_are_what_they_are() -> None:
    assert heading("account", Token) == heading("account") == "账号"
    assert label("duty_officer", "role", Actor) == "值班人员"
    assert label("receipt", "way", RatingCodeIssued) == "小票打印"
    logged = said_in("request.logged/1", golden("request.logged/1")["data"])
    assert "来源渠道:窗口" in shown(logged)
    # Free text that is the name of a choice elsewhere stays what somebody wrote.
    assert label("point", "subject", type(logged)) == "point"


def test_an_event_of_another_program_is_told_as_it_is() -> None:
    assert said_in("request.unheard_of/1", {"a": 1}) == {"a": 1}
    assert said_in("request.logged/1", {"channel": 7}) == {"channel": 7}
    assert kind_named("request.unheard_of") == "request.unheard_of"
