"""What an older program accepted is read for ever: codes that today's patterns refuse."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest

from domain import aggregates
from domain.aggregates import ALL, CODED, EVENTS_BY_TOPIC, CodeNotAccepted, fold
from domain.moment import Registers
from domain.registration.point_commands import OpenPoint, RenamePoint
from domain.requests.request import NoteAdded
from domain.vocabulary import Actor, stream_id
from ledger.log import tolerant
from ledger.log.codec import Entry, LedgerMapper
from ledger.log.decision import Held, ask, decide
from ledger.log.store import Ledger
from tests.databases import Database
from tests.ledger.log.test_codec import GOLDEN, TOPICS

BY: Final = Actor(account="admin-1", role="administrator", unit="4401")
NOW: Final = datetime(2026, 7, 1, tzinfo=UTC)
MAPPER: Final = LedgerMapper()
STREAM: Final = UUID(int=1)


def golden(topic: str) -> Any:
    """An event as it is stored, by an actor of today."""
    stored = json.loads((GOLDEN / f"{topic}.json").read_bytes())
    return stored | {"by": stored["by"] | {"role": "adviser"}}


def spoilt(node: Any) -> Iterator[Any]:
    """The same with one of its texts, or keys, given a final newline."""
    match node:
        case str():
            yield node + "\n"
        case dict():
            for key, value in node.items():
                yield from ({**node, key: other} for other in spoilt(value))
                yield {(key + "\n" if one == key else one): kept for one, kept in node.items()}
        case list():
            for at, value in enumerate(node):
                yield from ([*node[:at], other, *node[at + 1 :]] for other in spoilt(value))
        case _:
            pass


def refusal(topic: str, state: bytes) -> str:
    kind: Any = EVENTS_BY_TOPIC[topic]
    try:
        msgspec.json.decode(state, type=Entry[kind])
    except msgspec.ValidationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("topic", TOPICS)
def test_an_event_with_a_code_of_older_patterns_is_read_as_it_was_written(topic: str) -> None:
    for data in spoilt(golden(topic)["data"]):
        stored = {**golden(topic), "data": data}
        state = json.dumps(stored).encode()
        if "regex" in refusal(topic, state):
            event = MAPPER.entry(topic, state).data
            assert type(event) is EVENTS_BY_TOPIC[topic]
            again = msgspec.to_builtins(MAPPER.entry(topic, msgspec.json.encode({**stored})).data)
            assert msgspec.to_builtins(event) == again
            assert "\\n" in msgspec.json.encode(event).decode()


def test_most_kinds_of_events_have_codes_so_the_test_above_looks_at_many() -> None:
    looked_at = {
        topic
        for topic in TOPICS
        for data in spoilt(golden(topic)["data"])
        if "regex" in refusal(topic, json.dumps({**golden(topic), "data": data}).encode())
    }
    assert len(looked_at) > len(TOPICS) / 3


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_broken_otherwise_stays_unreadable(topic: str) -> None:
    for state in (b"{", b"[]", b'{"by":{"account":"a","role":"r","unit":"u"},"data":[]}'):
        with pytest.raises(msgspec.DecodeError):
            MAPPER.entry(topic, state)


@pytest.mark.parametrize("role", ["clerk", "city_admin", "", "值班员"])
def test_a_role_that_no_longer_exists_is_read_as_it_was_written(role: str) -> None:
    for topic in TOPICS:
        stored = golden(topic)
        stored["by"] |= {"role": role}
        entry = MAPPER.entry(topic, msgspec.json.encode(stored))
        assert entry.by.role == role
        assert type(entry.data) is EVENTS_BY_TOPIC[topic]
        assert MAPPER.broken(topic, msgspec.json.encode(stored)) == []


def test_an_event_of_an_older_topic_keeps_a_role_that_no_longer_exists() -> None:
    mapper = LedgerMapper(upcasts={"request.remark/1": (NoteAdded.topic, lambda data: data)})
    state = b'{"by":{"account":"a","role":"clerk","unit":"u"},"data":{"text":"x"}}'
    entry = mapper.entry("request.remark/1", state)
    assert (entry.by.role, entry.data) == ("clerk", NoteAdded(text="x"))


def test_all_other_constraints_stay() -> None:
    stored = golden("point.opened/1")
    stored["data"] |= {"code": "ROOM-1\n", "kind": "castle"}
    with pytest.raises(msgspec.ValidationError, match="castle"):
        MAPPER.entry("point.opened/1", json.dumps(stored).encode())
    stored["data"] |= {"code": "R" * 65, "kind": "room"}
    with pytest.raises(msgspec.ValidationError, match="64"):
        MAPPER.entry("point.opened/1", json.dumps(stored).encode())


# --- no new command


OPENINGS: Final = {
    "account": ("account.opened/1", ("code",)),
    "adviser": ("adviser.registered/1", ("code",)),
    "appointment": ("appointment.adviser_nominated/1", ("division",)),
    "area": ("area.assigned/1", ("division",)),
    "calendar": ("calendar.published/1", ("calendar", "code")),
    "division": ("division.listed/1", ("code",)),
    "draft": ("draft.filled_in/1", ("period",)),
    "evaluation": ("evaluation.opened/1", ("period",)),
    "firm": ("firm.registered/1", ("code",)),
    "form": ("form.published/1", ("form", "code")),
    "helper": ("helper.registered/1", ("code",)),
    "mark": ("mark.awarded/1", ("code",)),
    "needs": ("needs.noted/1", ("village",)),
    "organ": ("organ.listed/1", ("code",)),
    "period": ("period.ended/1", ("period",)),
    "point": ("point.opened/1", ("code",)),
    "policy": ("policy.published/1", ("policy", "code")),
    "report": ("report.submitted/1", ("table", "period")),
    "roster": ("roster.window_taken/1", ("point",)),
    "ruleset": ("ruleset.published/1", ("ruleset", "code")),
    "team": ("team.formed/1", ("code",)),
    "visitplan": ("visitplan.planned/1", ("village",)),
}
"""Kind of what has a public code → the event that makes one, and where the code is in it."""


def state_of(kind: str, added: str) -> Any:
    """A thing as an older program left it."""
    topic, path = OPENINGS[kind]
    stored = golden(topic)
    inner = stored["data"]
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] += added
    event = MAPPER.entry(topic, json.dumps(stored).encode()).data
    return fold(aggregate_of(kind), [event])


def aggregate_of(kind: str) -> aggregates.Aggregate:
    (found,) = [one for one in ALL if kind == one.KIND]
    return found


def test_every_kind_that_has_a_public_code_is_looked_at() -> None:
    assert sorted(CODED) == sorted(OPENINGS)


@pytest.mark.parametrize("added", ["\n", "\u200b", "\ufeff", "\uff12", "\u0662"])
@pytest.mark.parametrize("kind", sorted(CODED))
def test_a_thing_with_an_odd_code_takes_no_command(kind: str, added: str) -> None:
    state = state_of(kind, added)
    for command in aggregate_of(kind).COMMANDS:
        empty = command(**dict.fromkeys(command.__struct_fields__))
        asked = ask(STREAM, empty, by=BY, now=NOW)
        registers = Registers(points={}, advisers={}, calendars={}, policies={})
        with pytest.raises(CodeNotAccepted) as refused:
            decide(asked, Held(STREAM, 1, state), registers)
        assert ascii(added)[1:-1] in refused.value.detail


@pytest.mark.parametrize("kind", sorted(CODED))
def test_a_thing_with_a_code_of_today_is_not_refused_for_it(kind: str) -> None:
    aggregates.refuse_odd_code(kind, state_of(kind, ""))


def test_a_point_of_an_older_program_stays_in_the_register_and_is_not_changed(
    database: Database,
) -> None:
    with Ledger(database.app_url) as ledger:
        for code in ("ROOM-1", "ROOM-1\n"):
            command = OpenPoint(
                code=code,
                kind="room",
                name="室",
                division="440104",
                division_source="test",
                valid_from=NOW.date(),
            )
            ledger.execute(stream_id("point", code), command, by=BY)
        assert set(ledger.registers().points) >= {"ROOM-1", "ROOM-1\n"}
        with pytest.raises(CodeNotAccepted):
            ledger.execute(stream_id("point", "ROOM-1\n"), RenamePoint(name="新"), by=BY)
        renamed = ledger.execute(stream_id("point", "ROOM-1"), RenamePoint(name="新"), by=BY)
        assert renamed.version == 2


def test_plain_data_of_older_patterns_is_converted_too() -> None:
    made = tolerant.convert(
        {"code": "ROOM-1\n", "kind": "room", "name": "室", "division": "440104",
         "division_source": "test", "valid_from": "2026-01-01"},
        OpenPoint,
    )  # fmt: skip
    assert type(made) is OpenPoint
    assert made.code == "ROOM-1\n"
