"""Lines of a history in people's words: one for each event."""

from typing import Any

import msgspec

from api.cli.language import label, language
from domain.vocabulary import Actor
from projections.history.timeline import TimelineEvent


def line_of(event: TimelineEvent) -> dict[str, Any]:
    actor = event.actor
    role = label(actor.role, "role", Actor)
    return {
        "position": event.position,
        "recorded_at": event.recorded_at,
        "occurred_at": event.occurred_at,
        "kind": kind_named(event.kind),
        "actor": f"{actor.account} ({role}, {actor.unit})",
        "data": said_in(event.topic, event.data),
    }


def full(event: TimelineEvent) -> dict[str, Any]:
    """All of an event, as JSON holds it, with what it says in the words of its own fields."""
    fields = msgspec.structs.asdict(event)
    said = {"kind": kind_named(event.kind), "data": said_in(event.topic, event.data)}
    return {name: value for name, value in (fields | said).items() if value is not None}


def kind_named(kind: str) -> str:
    """Name a kind of event: in Chinese, or as it is stored."""
    if language() != "zh":
        return kind
    from api.words.of_events import KINDS

    return KINDS.get(kind, kind)


def said_in(topic: str, data: dict[str, Any]) -> Any:
    """Return what an event says as the struct whose words its fields have; as it is, where this
    program does not know it."""
    from domain.aggregates import EVENTS_BY_TOPIC

    event = EVENTS_BY_TOPIC.get(topic)
    if event is None:
        return data
    try:
        return msgspec.convert(data, event, strict=False)
    except msgspec.ValidationError:
        return data
