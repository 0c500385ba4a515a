"""The shapes of plain data are those of the data: nothing else and nothing less is in it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec.structs import fields

from domain.evaluation import ruleset_content
from domain.evaluation.ruleset_check import read
from domain.evaluation.ruleset_content import plain
from domain.scoring import shapes
from domain.scoring.computation import human_scores
from domain.scoring.scoring import human_evidence, score
from domain.scoring.shapes import Entry, FactRef, HumanScore, PlainRuleSet, ScoreTree
from ledger.founding.shipped import shipped_rulesets
from tests.domain.scoring.test_facts import DUTY, EVERYTHING
from tests.facts import all_facts
from tests.scored import ADVISER, ROOM, YEAR, fact, facts, said

EXAMPLES: Final = Path(__file__).parents[3] / "examples" / "rulesets"
RULE_SETS: Final = [
    *(plain(one.ruleset) for one in shipped_rulesets()),
    *(plain(read(path.read_bytes())) for path in sorted(EXAMPLES.glob("*.json"))),
]


def faults(value: Any, shape: Any, place: str = "") -> Iterator[str]:
    """Where the value is not of the shape."""
    origin, args = get_origin(shape), get_args(shape)
    if origin is Annotated:
        yield from faults(value, args[0], place)
    elif origin in (Union, UnionType):
        each = [list(faults(value, one, place)) for one in args]
        if [] not in each:
            yield min(each, key=len)[0]
    elif origin is Literal:
        if value not in args:
            yield f"{place}: {value!r} is none of {args}"
    elif hasattr(shape, "__required_keys__"):
        yield from _of_keys(value, shape, place)
    elif type(value) is not {Mapping: dict}.get(origin, origin or shape):
        yield f"{place}: {value!r} is no {shape}"
    elif origin is list:
        for number, one in enumerate(value):
            yield from faults(one, args[0], f"{place}[{number}]")


def _of_keys(value: Any, shape: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is no {shape.__name__}"
        return
    of = get_type_hints(shape)
    if missing := shape.__required_keys__ - value.keys():
        yield f"{place}: {sorted(missing)} missing"
    if unknown := value.keys() - of.keys():
        yield f"{place}: {sorted(unknown)} not in {shape.__name__}"
    for name in value.keys() & of.keys():
        yield from faults(value[name], of[name], f"{place}.{name}")


def test_a_fault_says_where_the_value_is_of_another_shape() -> None:
    ref = {"fact": "visit", "stream": "s", "day": "2026-03-02", "positions": [1]}
    assert not list(faults(ref, FactRef))
    for wrong, fault in (
        ({**ref, "positions": ["1"]}, ".positions[0]: '1' is no <class 'int'>"),
        ({**ref, "positions": (1,)}, ".positions: (1,) is no list[int]"),
        ({**ref, "why": 1}, ": ['why'] not in FactRef"),
        ({"fact": "visit", "day": "2026-03-02"}, ": ['positions', 'stream'] missing"),
        (7, ": 7 is no FactRef"),
    ):
        assert list(faults(wrong, FactRef)) == [fault]
    (fault,) = faults({"places": 1, "mode": "up"}, shapes.PlainRounding)
    assert fault == ".mode: 'up' is none of ('half_up', 'half_even', 'down')"


def test_facts_of_every_kind_have_their_shape() -> None:
    found = all_facts(EVERYTHING, DUTY)
    assert {one["fact"] for one in found} == shapes.FACTS.keys()
    assert not [fault for one in found for fault in faults(one, shapes.FACTS[one["fact"]])]


def test_entries_have_their_shape() -> None:
    assert not [fault for one in EVERYTHING for fault in faults(one, Entry)]


def test_published_rule_sets_have_their_shape() -> None:
    assert not [fault for one in RULE_SETS for fault in faults(one, PlainRuleSet)]


def test_result_trees_and_human_scores_have_their_shape() -> None:
    some = [*facts("visit", 3), *facts("service", 2, start=50), fact("appointment", 60)]
    entry: Entry = {
        "position": 9,
        "stream": "the-evaluation",
        "topic": "evaluation.human_score_given/1",
        "occurred_at": 0,
        "data": {"subject": "A-1", "item": "log", "evidence": ["a" * 64], **said("20")},
    }
    sheet = human_scores([entry])["A-1"]
    assert not list(faults(sheet["log"], HumanScore))
    for ruleset in RULE_SETS:
        subject = ADVISER if ruleset["subject"] == "adviser" else ROOM
        human = sheet if "log" in human_evidence(ruleset) else {}
        assert not list(faults(score(ruleset, some, subject, YEAR, human), ScoreTree))


STRUCTS: Final = [
    one
    for name, one in vars(ruleset_content).items()
    if isinstance(one, type) and issubclass(one, msgspec.Struct)
    if one.__module__ == ruleset_content.__name__ and not name.startswith("_")
    if one is not ruleset_content.Procedure  # determination follows it, scoring does not
]


@pytest.mark.parametrize("struct", STRUCTS)
def test_every_struct_of_a_rule_set_has_a_shape_with_its_fields(
    struct: type[msgspec.Struct],
) -> None:
    shape = getattr(shapes, f"Plain{struct.__name__}")
    fields_said = {one.encode_name: one.required for one in fields(struct)}
    config = struct.__struct_config__
    if config.tag_field:
        fields_said[config.tag_field] = True
        assert get_args(get_type_hints(shape)[config.tag_field]) == (config.tag,)
    assert {name: name in shape.__required_keys__ for name in get_type_hints(shape)} == fields_said
