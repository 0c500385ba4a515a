"""Linked matters count once by rule sets that say so, whatever was voided or unlinked; the law is
`tests.laws.test_told_once`."""

from collections.abc import Sequence
from typing import Final

import pytest

from domain.complaints.record import ComplaintVoided, SameMatterLinked
from domain.requests.request import DuplicateLinked, DuplicateUnlinked, RequestVoided
from domain.scoring.groups import connected, repeats
from domain.scoring.shapes import Entry
from tests import complaints as complained
from tests.domain.scoring.test_on_record import (
    COMPLAINT,
    OF_A1,
    OTHER,
    RESPONDED,
    RULES,
    Step,
    given,
    tree,
)
from tests.examples import ANSWERED, NOON, ORIGINAL, REQUEST
from tests.facts import facts

LINKED: Final = DuplicateLinked(original=ORIGINAL, reason="同一事项")
VOID: Final = RequestVoided(reason="误录")


def group(*of_original: Step, duplicate: Sequence[Step] = (LINKED,)) -> list[Entry]:
    return [
        *given(OF_A1, *of_original, of=ORIGINAL, after=100),
        *given(OF_A1, *duplicate, of=REQUEST, after=200),
    ]


def standings(entries: Sequence[Entry], kind: str = "service") -> list[str]:
    by = RULES._replace(repeats=repeats(entries, RULES))
    return [one["standing_in_group"] for one in facts(entries, by, kind)]


def test_a_duplicate_counts_where_its_original_is_void() -> None:
    assert standings(group()) == ["counts", "duplicate"]
    assert standings(group(VOID)) == ["voided", "counts"]
    both = group(VOID)
    assert [one["standing"] for one in facts(both, RULES, "service")] == ["voided", "duplicate"]


def test_what_was_unlinked_stands_for_itself() -> None:
    unlinked = DuplicateUnlinked(original=ORIGINAL, reason="不同")
    assert standings(group(duplicate=(LINKED, unlinked))) == ["counts", "counts"]


def test_linked_to_each_other_the_first_counts() -> None:
    back = DuplicateLinked(original=REQUEST, reason="同一事项")
    assert standings(group(back)) == ["counts", "duplicate"]
    assert standings(group(back, VOID)) == ["voided", "counts"]


def test_of_complaints_on_one_matter_the_first_that_is_not_void_counts() -> None:
    link = SameMatterLinked(other=COMPLAINT, reason="同一事项")
    void = ComplaintVoided(reason="误", at=NOON)
    for end, expected in ((), ["counts", "duplicate"]), ((void,), ["voided", "counts"]):
        entries = [
            *given(complained.REGISTERED, *end, of=COMPLAINT, after=100),
            *given(complained.REGISTERED, link, of=OTHER, after=200),
        ]
        assert standings(entries, "complaint") == expected


@pytest.mark.parametrize("end", [(), (VOID,)])
def test_a_group_counts_once_by_the_new_rules_whatever_was_voided(end: Sequence[Step]) -> None:
    entries = group(RESPONDED, *end, duplicate=(RESPONDED, (ANSWERED, "2026-03-05 09:30"), LINKED))
    leaf = tree("point-year@3", entries)["response_in_time"]
    counted = [*leaf["used"], *leaf.get("against", ())]
    assert [one["stream"] for one in counted] == [str(REQUEST if end else ORIGINAL)]
    reasons = [one["reason"] for one in leaf["unused"]]
    assert reasons == (["voided"] if end else ["duplicate"])
    by_the_old_rules = tree("point-year@2", entries)["response_in_time"]
    assert len(by_the_old_rules["used"]) == (0 if end else 1)


def test_groups_are_connected_in_chains() -> None:
    groups = connected([("a", "b"), ("c", "d"), ("b", "c"), ("e", "f"), ("b", "a")])
    assert groups["a"] == groups["d"] == {"a", "b", "c", "d"}
    assert groups["e"] == {"e", "f"}
