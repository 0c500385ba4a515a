"""Matters linked as one: which of a group counts, and which only repeat it.

A group is everything that links connect, in chains as well, and through what is void. The first
that counts by itself stands for it: those linked to nothing come first, then by the order of the
log; as `projections.asking.groups` has it for reports. Where none does, none repeats another.

Plain data and the standard library only: an evidence bundle ships this file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.scoring.basis import Rules
from domain.scoring.facts import facts_of
from domain.scoring.shapes import ComplaintFact, Entry, ServiceFact

NAMED: Final[Mapping[str, str]] = {
    "request.duplicate_linked/1": "original",
    "complaint.same_matter_linked/1": "other",
    "complaint.declined/1": "same_as",
}
"""Topic that links a thing to another → the field that names it."""
KINDS: Final = frozenset(("service", "complaint"))
"""Kinds of facts that are linked."""
Matter = ServiceFact | ComplaintFact


def links_of(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the streams that were ever linked, in pairs."""
    for entry in entries:
        field = NAMED.get(entry["topic"])
        if field is not None and entry["data"].get(field) is not None:
            yield entry["stream"], entry["data"][field]


def connected(links: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the groups that links connect; each member has its group at its place."""
    group: dict[str, set[str]] = {}
    for one, other in links:
        smaller, larger = sorted((group.get(one, {one}), group.get(other, {other})), key=len)
        larger |= smaller
        for member in (one, other, *smaller):
            group[member] = larger
    return group


def repeats(entries: Sequence[Entry], rules: Rules) -> frozenset[str]:
    """Return the streams of those that only repeat another of their group, as the entries have it;
    of a group they hold all or nothing."""
    ever = connected(links_of(entries))
    if not ever:
        return frozenset()
    own = [one for one in entries if one["stream"] in ever]
    alone = rules._replace(kinds=KINDS, repeats=frozenset())
    facts: list[Any] = list(facts_of(own, alone))
    matters: dict[str, Matter] = {one["stream"]: one for one in facts}
    groups = connected(
        (stream, other) for stream, one in matters.items() for other in one["linked_to"]
    )
    counting = {
        stream: one for stream, one in matters.items() if one["standing_in_group"] == "counts"
    }
    first = {
        stream: min((counting[one] for one in group if one in counting), key=_place)["stream"]
        for stream, group in groups.items()
        if stream in counting
    }
    return frozenset(stream for stream, one in first.items() if stream != one)


def _place(one: Matter) -> tuple[bool, int]:
    return bool(one["linked_to"]), one["positions"][0]
