"""Evidence bundles: what the log holds of one evaluation, one complaint or one point's period, with
the proofs that it does, and everything to compute anew what is claimed of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import tuple_row

import domain
from api.bundle.archive import Archive
from api.bundle.masking import Masker
from api.bundle.verify import canonical, is_needed, streams_of
from domain import computation
from domain.computation import RULES_TOPICS, RULESET_TOPIC
from domain.form import FormPublished
from ledger import sealed
from ledger.entries import decoded
from ledger.notes import key_lines
from ledger.proofs import Prover, checkpoint_covering
from ledger.sealed import Stored
from ledger.tiles import WIDTH

ROOT: Final = Path(domain.__file__).parents[1]
CODE: Final = tuple(sorted({
    *computation.SHIPPED, "ledger/__init__.py", "ledger/entries.py", "ledger/merkle.py",
    "ledger/notes.py", "ledger/suite.py", "ledger/trust.py",
}))  # fmt: skip
"""Modules of the program as they are."""
RULES: Final = (*RULES_TOPICS, RULESET_TOPIC)
BATCH: Final = 2_000
HASH_BYTES: Final = 32
POSITIONS: Final = """
    SELECT notification_id FROM log_events
     WHERE ((originator_id = ANY(%(streams)s) OR topic = ANY(%(topics)s))
            AND notification_id <= %(cut_off)s)
        OR (originator_id = ANY(%(beyond)s) AND notification_id <= %(upto)s)
        OR notification_id = %(cut_off)s
     ORDER BY notification_id
"""
STATES: Final = "SELECT notification_id, state FROM log_events WHERE notification_id = ANY(%s)"
FORMS: Final = "SELECT state FROM log_events WHERE topic = %s AND notification_id <= %s"
Connection = psycopg.Connection[Any]


class Contents(Struct, frozen=True, kw_only=True):
    """What goes into a bundle, besides what proves it. `about`: what `bundle.json` says, without
    the log's name. `whole`: the entries of the entire log, so that nothing can have been left out;
    else `streams` up to `cut_off`, and `beyond` up to `upto`."""

    about: dict[str, Any]
    cut_off: int
    upto: int
    whole: bool
    streams: Sequence[UUID] = ()
    beyond: Sequence[UUID] = ()
    files: Mapping[str, bytes] = {}
    summary: str


class Made(Struct, frozen=True, kw_only=True):
    """What was written. `masked`: how many states."""

    kind: str
    name: str
    position: int
    digest: str | None
    whole: bool
    entries: int
    states: int
    masked: int
    checkpoint: int


class _Count:
    def __init__(self) -> None:
        self.states = self.masked = 0


def written(
    connection: Connection, contents: Contents, place: Path, *, personal: bool = False
) -> Made:
    """The zip. NotSealed; OSError: nothing is written."""
    checkpoint = checkpoint_covering(connection, contents.upto)
    prover = Prover(connection, checkpoint.note)
    identity = prover.identity
    about = {
        **contents.about,
        "log": identity.log,
        "suite": identity.suite,
        "cut_off": contents.cut_off,
        "upto": contents.upto,
        "whole": contents.whole,
        "personal": personal,
    }
    positions = _positions(connection, contents)
    masker = None if personal else Masker(_forms(connection, contents.upto))
    count = _Count()
    small = {
        **_code(),
        **_seal(connection, checkpoint),
        **contents.files,
        "bundle.json": canonical(about),
        "summary.md": contents.summary.encode(),
        "verify.py": (Path(__file__).parent / "verify.py").read_bytes(),
    }
    large: dict[str, Iterable[bytes]] = {
        "entries.jsonl": _entries(connection, prover, about, positions, masker, count),
        **_proofs(connection, prover, positions),
    }
    with Archive(place) as archive:
        for name in sorted({*small, *large}):
            archive.add(name, [small[name]] if name in small else large[name])
    return Made(
        kind=about["kind"],
        name=about["name"],
        position=contents.cut_off,
        digest=about.get("digest"),
        whole=contents.whole,
        entries=len(positions),
        states=count.states,
        masked=count.masked,
        checkpoint=checkpoint.number,
    )


def _code() -> dict[str, bytes]:
    stand_in = (Path(__file__).parent / "msgspec_stand_in.py").read_bytes()
    shipped = {f"code/{name}": (ROOT / name).read_bytes() for name in CODE}
    return {**shipped, "code/msgspec.py": stand_in}


def _seal(connection: Connection, checkpoint: Stored) -> dict[str, bytes]:
    """The checkpoint, the log's first key, and the checkpoints that hand over to the next ones."""
    handovers = [
        one
        for one in sealed.checkpoints(connection)
        if one.number < checkpoint.number and one.checkpoint.next_key is not None
    ]
    return {
        "checkpoint.txt": checkpoint.text.encode(),
        "keys.txt": key_lines(sealed.keys(connection)[:1]).encode(),
        **{f"handover-{one.number:08d}.txt": one.text.encode() for one in handovers},
    }


def _positions(connection: Connection, contents: Contents) -> Sequence[int]:
    if contents.whole:
        return range(1, contents.upto + 1)
    asked = {
        "streams": list(contents.streams),
        "beyond": list(contents.beyond),
        "topics": list(RULES),
        "cut_off": contents.cut_off,
        "upto": contents.upto,
    }
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(POSITIONS, asked).fetchall()]


def _forms(connection: Connection, upto: int) -> Iterator[Mapping[str, Any]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        for (state,) in cursor.execute(FORMS, [FormPublished.topic, upto]).fetchall():
            yield msgspec.json.decode(state)["data"]["form"]


# --- entries


def _entries(
    connection: Connection,
    prover: Prover,
    about: dict[str, Any],
    positions: Sequence[int],
    masker: Masker | None,
    count: _Count,
) -> Iterator[bytes]:
    """Lines of `entries.jsonl`."""
    streams = streams_of(about)
    for start in range(0, len(positions), BATCH):
        some = list(positions[start : start + BATCH])
        entries = prover.entries(some)
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            wanted = [at for at in some if is_needed(decoded(entries[at]), about, streams)]
            states: dict[int, bytes] = dict(cursor.execute(STATES, [wanted]).fetchall())
        for at in some:
            line = {"entry": entries[at].decode()}
            if at in states:
                state = bytes(states[at])
                topic = decoded(entries[at]).topic
                masked = masker.masked(topic, state) if masker else None
                line["state" if masked is None else "masked"] = (masked or state).decode()
                count.states += 1
                count.masked += masked is not None
            yield canonical(line) + b"\n"


# --- proofs


def _proofs(
    connection: Connection, prover: Prover, positions: Sequence[int]
) -> dict[str, Iterable[bytes]]:
    """A path for each entry, or the hashes of all other leaves: whichever is smaller."""
    size = prover.checkpoint.size
    if len(positions) * (size - 1).bit_length() < size - len(positions):
        paths = (_path(prover, position) for position in positions)
        return {"proofs.jsonl": (canonical(path) + b"\n" for path in paths)}
    return {"leaves.bin": _leaves(connection, size, frozenset(positions))}


def _path(prover: Prover, position: int) -> dict[str, Any]:
    return {"position": position, "path": [one.hex() for one in prover.proof(position).path]}


def _leaves(connection: Connection, size: int, shipped: Set[int]) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        hashes = sealed.tile(connection, 0, number)
        first = number * WIDTH + 1
        for position in range(first, min(first + WIDTH, size + 1)):
            if position not in shipped:
                at = (position - first) * HASH_BYTES
                yield hashes[at : at + HASH_BYTES]
