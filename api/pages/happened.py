"""Events as people tell them: the title of an event, what it says, and how it is marked."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from api.pages.named import Names
from api.pages.showing import Fact, facts_of
from api.pages.tongue import Tongue
from api.words.of_events import KINDS
from domain.aggregates import EVENTS_BY_TOPIC
from projections.history.timeline import TimelineEvent

BEGAN: Final = re.compile(r"\.(logged|opened|registered|noted|announced|referred|invited)")
KEPT: Final = re.compile(r"\.(closed|answered|completed|accepted|confirmed|verified|agreed|given)")
CHANGED: Final = re.compile(
    r"\.(reclassified|reopened|paused|resumed|extended|corrected|recalculated|returned|moved)"
)
AGAINST: Final = re.compile(r"\.(missed|voided|refused|declined|rejected|overdue|withdrawn)")
MARKS: Final = ((AGAINST, "bad"), (CHANGED, "warn"), (KEPT, "ok"), (BEGAN, "in"))
NOT_SAID: Final = frozenset(("of", "of_kind", "sha256", "calendar", "policy", "zone"))
"""What nobody reads in a history: it is on the event's own page."""
SAID_MAX: Final = 6
"""Lines of an event; the rest is on its own page."""


class Happened:
    def __init__(self, names: Names, tongue: Tongue) -> None:
        self._names = names
        self._tongue = tongue

    def title(self, event: TimelineEvent) -> str:
        if self._tongue.language == "zh":
            return KINDS.get(event.kind, event.kind)
        noun, _, said = event.kind.partition(".")
        return f"{noun} {said}".replace("_", " ").capitalize()

    def mark(self, event: TimelineEvent) -> str:
        """Tell how the event is marked: began, was kept, changed, was against us."""
        return next((mark for found, mark in MARKS if found.search(event.kind)), "else")

    def said(self, event: TimelineEvent) -> Sequence[Fact]:
        """List what an event says, shortest first things first; as it is where this program does
        not know it."""
        kind = EVENTS_BY_TOPIC.get(event.topic)
        said: Any = None
        if kind is not None:
            try:
                said = msgspec.convert(event.data, kind, strict=False)
            except msgspec.ValidationError:
                said = None
        if said is None:
            return ()
        facts = facts_of(said, self._tongue, self._names)
        told = self._tongue.when(event.occurred_at)
        return [
            one
            for one in facts
            if one.cell is not None and one.name not in NOT_SAID and one.cell.text != told
        ][:SAID_MAX]
