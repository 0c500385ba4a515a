"""Ids of names: what the standard library makes, made faster."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import NAMESPACE, id_named


@given(st.text(st.characters(codec="utf-8")))
def test_the_id_of_a_name_is_that_of_the_standard_library(name: str) -> None:
    made, expected = id_named(name), uuid.uuid5(NAMESPACE, name)
    assert made == expected
    assert (str(made), hash(made), made.version, made.is_safe) == (
        (str(expected), hash(expected), expected.version, expected.is_safe)
    )
