"""Facts from log entries: what an indicator counts, with the events it was made of.

Plain data in, plain data out, standard library only: an evidence bundle ships the files of
`domain.scoring.computation.SHIPPED`, and an auditor runs them with a bare Python and a small
stand-in for msgspec.

An entry is a mapping with `position`, `stream` (UUID text), `topic`, `occurred_at` and `data`, of
the present topics; what else it holds is not looked at. A fact is a flat mapping of the fields of
`domain.scoring.shapes`. The order in which entries are given does not matter.

1. `published(entries)` → the calendars and policies known; `rules_of` makes `Rules` of them.

2. `facts_of(entries, rules)` → all kinds but the last two, also for a part of the streams, split by
the last byte of the id: what the parts give is simply put together.

3. `completed(facts, rules)` → the same with `duty` and `quota`, and inspections with their adviser.

Which of linked matters stands for its group depends on all of them: `domain.scoring.groups.repeats`
says it of all entries, and `rules.repeats` keeps it; without it each stands for itself.

A figure that also stands in a report is the same at the same position; `tests/laws/test_facts`
proves it. Differences on purpose: the reports on response times and satisfaction count duplicates
and imported history, the standing of a fact leaves them out; a calendar is the one known at the
cut-off, in reports the one known at the event.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from domain.scoring import (
    facts_of_appointments,
    facts_of_complaints,
    facts_of_requests,
    facts_of_work,
)
from domain.scoring.basis import Rules, TopicHandler, entered_late, instant
from domain.scoring.facts_of_duties import attributed, duties, months_of
from domain.scoring.shapes import (
    FACTS,
    AppointmentFact,
    Data,
    DeedFact,
    Entry,
    Fact,
    InspectionFact,
    VisitFact,
)


def _type_text(of: Any) -> str:
    """A field's type as the faults of rule sets name it."""
    origin = get_origin(of)
    if origin in (Union, UnionType):
        [one] = [part for part in get_args(of) if part is not NoneType]
        return f"{_type_text(one)}?"
    if origin is Annotated:
        return str(of.__metadata__[0])
    if origin is Literal:
        return "str"
    return str(of) if origin else str(of.__name__)


FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    kind: {name: _type_text(of) for name, of in shape.__annotations__.items()}
    for kind, shape in FACTS.items()
}
"""Fact kind → field → type; `?` = or None. `date` is "2026-03-02", `instant` RFC 3339 text."""
TOPICS: Final[Mapping[str, TopicHandler]] = {
    **facts_of_requests.TOPICS,
    **facts_of_complaints.TOPICS,
    **facts_of_work.TOPICS,
    **facts_of_appointments.TOPICS,
}
MISSED: Final = "promises.missed/1"
"""Told of the thing that promised, by the watch; it is not among the positions of its fact."""
PASSED_OVER: Final = frozenset({
    "adviser", "area", "attachments", "calendar", "conference", "disclosure", "division", "draft",
    "evaluation", "firm", "form", "helper", "hours", "log", "mark", "needs", "organ", "period",
    "point", "policy", "promises", "reception", "report", "roster", "ruleset", "sample", "survey",
    "team", "training", "visitplan",
})  # fmt: skip
"""Kinds of streams that no fact is made of: what they say stands in the other entries as well, but
for `MISSED`."""


MADE_OF: Final[Mapping[str, frozenset[str]]] = {
    "service": frozenset({"request"}),
    "deed": frozenset({"request"}),
    "visit": frozenset({"worklog"}),
    "complaint": frozenset({"complaint"}),
    "inspection": frozenset({"inspection", "appointment"}),
    "rectification": frozenset({"rectification"}),
    "appointment": frozenset({"appointment"}),
    "duty": frozenset({"appointment", "worklog"}),
    "quota": frozenset({"appointment", "worklog"}),
}
"""Kind of fact → the `kind` of the topics that it is made of."""


class TopicUnknown(ValueError):
    """An entry of a topic that this version of the program does not know."""


class BeginningMissing(ValueError):
    """An entry of a stream whose first entry was not given."""


def facts_of(entries: Iterable[Entry], rules: Rules) -> Iterator[Fact]:
    """Yield the facts of the kinds asked for, and those needed to complete them.

    They come in order of kind and of the streams' first entries.

    Raises: TopicUnknown — when an entry has a topic of a newer program. BeginningMissing — when a
    stream lacks its first entry. CalendarHasNoYear — when advisers worked in a year that the
    calendar of the evaluation lacks.
    """
    return facts_in_order(sorted(entries, key=_position), rules)


LASTING: Final = frozenset(topic for topic, told in TOPICS.items() if told.kind == "appointment")
"""Topics whose facts span days (appointments) and must be read from the start of the log."""


def topics_for(kinds: Iterable[str] | None) -> frozenset[str]:
    """Return the topics that facts of these kinds are made of; None means all kinds."""
    read = frozenset().union(*(MADE_OF[kind] for kind in (MADE_OF if kinds is None else kinds)))
    return frozenset((MISSED, *(topic for topic, told in TOPICS.items() if told.kind in read)))


def facts_in_order(entries: Iterable[Entry], rules: Rules, since: int = 1) -> Iterator[Fact]:
    """Yield facts from entries in order of position; no entry is held longer than needed.

    Entries before `since` are missing except lasting topics; streams that began earlier are
    skipped.
    """
    read = topics_for(rules.kinds)
    states: dict[str, dict[str, Any]] = {told.kind: {} for told in TOPICS.values()}
    topics = {topic: told for topic, told in TOPICS.items() if topic in read}
    for entry in entries:
        topic = entry["topic"]
        told = topics.get(topic)
        if told is None:
            if topic == MISSED:
                _missed(states, entry["data"])
                continue
            if topic in TOPICS or topic.partition(".")[0] in PASSED_OVER:
                continue
            raise TopicUnknown(f"no facts are known of {topic!r} at position {entry['position']}")
        kind, begin, change, under = told
        data = entry["data"]
        stream = entry["stream"] if under is None else data[under]
        state = states[kind].get(stream)
        if state is None:
            if begin is None:
                if since > 1:
                    continue
                raise BeginningMissing(f"{topic} at {entry['position']}: {stream} has no beginning")
            state = states[kind][stream] = begin(entry, data, rules)
        state.positions.append(entry["position"])
        if entered_late(entry):
            state.late_at.append(entry["position"])
        if change is not None:
            change(state, entry, data, rules)
    for of_kind in states.values():
        for state in of_kind.values():
            yield from state.facts(rules)


def _missed(states: Mapping[str, Mapping[str, Any]], data: Data) -> None:
    state = states.get(data["of_kind"], {}).get(data["of"])
    if state is not None:
        state.missed[data["name"], data["round"]] = instant(data["due"])


def _position(entry: Entry) -> int:
    return entry["position"]


def completed(facts: Iterable[Fact], rules: Rules) -> list[Fact]:
    """All facts: those given, with the adviser of each inspection, and the duties of the period."""
    by_kind: dict[str, list[Fact]] = {kind: [] for kind in FIELDS}
    for fact in facts:
        by_kind[fact["fact"]].append(fact)
    stints = cast("list[AppointmentFact]", by_kind["appointment"])
    visits = cast("list[VisitFact]", by_kind["visit"])
    inspections = cast("list[InspectionFact]", by_kind["inspection"])
    by_kind["inspection"] = list(attributed(inspections, stints))
    deeds = cast("list[DeedFact]", by_kind["deed"])
    owed = duties(stints, visits, rules, months_of(rules), deeds)
    return [fact for some in (*by_kind.values(), owed) for fact in some]
