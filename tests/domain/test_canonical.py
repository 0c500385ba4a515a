"""The bytes that digests are taken of can be written again by anybody."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from domain.canonical import GivenTwice, canonical, refuse_given_twice

# Whole numbers: no digest is taken of a binary fraction.
PLAIN = draw.recursive(
    draw.none() | draw.booleans() | draw.integers(-(2**63), 2**63 - 1) | draw.text(),
    lambda part: draw.lists(part) | draw.dictionaries(draw.text(), part),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_data_has_the_bytes_that_the_standard_library_writes(value: Any) -> None:
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Two escapes are spelt otherwise by the two; what they mean is the same.
    assert json.loads(canonical(value)) == json.loads(written)
    if written.isprintable() and "\x7f" not in written:
        assert canonical(value) == written.encode()


@given(draw.dictionaries(draw.text(), draw.integers(-(2**63), 2**63 - 1)))
def test_the_order_in_which_something_was_said_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(PLAIN)
def test_s4_what_says_each_thing_once_passes(value: Any) -> None:
    refuse_given_twice(canonical(value).decode())


@given(PLAIN, draw.text(), PLAIN)
def test_s4_a_key_given_twice_is_found_wherever_it_is(value: Any, key: str, other: Any) -> None:
    name, one, two = (json.dumps(part) for part in (key, value, other))
    with pytest.raises(GivenTwice):
        refuse_given_twice(f'{{"a": [[{{{name}: {one}, {name}: {two}}}]]}}')
