"""The sealer: follows the log beside the writers, grows the tree, and signs checkpoints of it.

Each step is one transaction under one lock: entries read, tiles written, a checkpoint signed. What
it signs extends the last checkpoint, the last one this machine remembers and the newest one of the
witness directory; where one of them says otherwise it signs nothing.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from msgspec import Struct

from ledger.log import reading
from ledger.seal import keyfile, sealed, witness
from ledger.seal.keyfile import KeyFiles, SealKey, SealRefused
from ledger.seal.leaves import between, rows
from ledger.seal.sealed import Identity, StoredCheckpoint
from ledger.tree.merkle import leaf_hash, range_hash
from ledger.tree.notes import NEXT_KEY, Checkpoint, Note, NoteBroken, VerifierKey, checkpoint_of
from ledger.tree.suite import Suite
from ledger.tree.tiles import Edge, subtrees
from ledger.tree.trust import signed_by

log = logging.getLogger(__name__)

LOCK: Final = 0x616E_0004
POLL_S: Final = 1.0
DUE: Final = """
    SELECT head.position - coalesce(last.size, 0) AS events,
           extract(epoch FROM clock_timestamp() - last.signed_at)::float8 AS age_s
      FROM log_head head
      LEFT JOIN LATERAL (SELECT size, signed_at FROM seal_checkpoints
                          ORDER BY number DESC LIMIT 1) last ON true
"""


class Sealing(Struct, frozen=True, kw_only=True):
    """Settings of the sealer: key, witness directory, intervals."""

    keys: KeyFiles
    witness: Path | None = None
    suite: Suite = "sha256"
    every_events: int = 10_000
    every_s: float = 600.0


class SealStanding(Struct, frozen=True, kw_only=True):
    """Checked state at the beginning of a sealing step."""

    identity: Identity
    keys: tuple[VerifierKey, ...]
    key: SealKey
    last: StoredCheckpoint | None
    edge: Edge


def seal(connection: psycopg.Connection[Any], sealing: Sealing) -> list[StoredCheckpoint]:
    """Seal what the log holds now, and publish; the checkpoints that were signed. `connection` is
    in autocommit. Raises SealRefused, WitnessUnreadable, and OSError where it cannot publish: the
    checkpoint is then in the database, and published the next time."""
    goal = reading.head(connection)
    signed: list[StoredCheckpoint] = []
    if goal == 0:
        # Its first event will say what its origin is.
        return signed
    while one := _step(connection, sealing, goal):
        signed.append(one)
    publish(connection, sealing)
    return signed


def change_key(connection: psycopg.Connection[Any], sealing: Sealing) -> StoredCheckpoint:
    """Seal, then hand the log over to a new key; the checkpoint that both keys have signed. As
    `seal`."""
    seal(connection, sealing)
    with connection.transaction():
        standing = _standing(connection, sealing)
        if standing.last is None:
            raise SealRefused("the log is empty: there is nothing to hand over")
        sealing.keys.next.unlink(missing_ok=True)
        new = keyfile.create(sealing.keys.next, standing.identity.origin)
        extension = f"{NEXT_KEY}{new.verifier}"
        signed = _signed(standing, [standing.key, new], (extension,))
        sealed.add_checkpoint(connection, signed)
        sealed.add_key(connection, new.verifier, len(standing.keys) + 1, signed.number)
    with connection.transaction():
        # Under the lock, as another sealer may have found the new key meanwhile.
        _standing(connection, sealing)
    publish(connection, sealing)
    return signed


def publish(connection: psycopg.Connection[Any], sealing: Sealing) -> None:
    """Publish the missing checkpoints to the witness directory and remember the last one here."""
    with connection.transaction():
        _lock(connection)
        last = sealed.last(connection)
        if last is None:
            return
        keys = sealed.keys(connection)
        keyfile.remember(sealing.keys, keys, last.text)
        if sealing.witness is not None:
            since = max(0, witness.last_number(sealing.witness) - 1)
            stored = sealed.checkpoints(connection, since)
            witness.publish(sealing.witness, stored, keys, sealed.tile_reader(connection))


def run(url: str, sealing: Sealing, stop: threading.Event) -> None:
    """Seal when it is due, until told to stop. A lost database is waited for; what is refused is
    said in the log and tried again after `every_s`."""
    while not stop.is_set():
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                while not stop.wait(POLL_S):
                    if is_due(connection, sealing):
                        seal(connection, sealing)
        except psycopg.OperationalError as error:
            log.warning("sealing waits for the database: %s", error)
            stop.wait(POLL_S)
        except (SealRefused, witness.WitnessUnreadable, NoteBroken, OSError) as error:
            log.error("the log is not sealed: %s", error)
            stop.wait(sealing.every_s)


def is_due(connection: psycopg.Connection[Any], sealing: Sealing) -> bool:
    """Return whether enough events are unsealed, or the last checkpoint is old enough."""
    row = connection.execute(DUE).fetchone()
    assert row is not None
    events, age_s = row
    return events >= sealing.every_events or (
        events > 0 and (age_s is None or age_s >= sealing.every_s)
    )


def _step(
    connection: psycopg.Connection[Any], sealing: Sealing, goal: int
) -> StoredCheckpoint | None:
    with connection.transaction():
        standing = _standing(connection, sealing)
        after = standing.edge.size
        upto = min(goal, after + sealing.every_events)
        if upto <= after:
            return None
        leaves = _leaves(connection, standing.identity, after, upto)
        sealed.write_tiles(connection, standing.edge.extend(leaves))
        signed = _signed(standing, [standing.key])
        sealed.add_checkpoint(connection, signed)
    return signed


def _signed(
    standing: SealStanding, by: list[SealKey], extensions: tuple[str, ...] = ()
) -> StoredCheckpoint:
    edge = standing.edge
    checkpoint = Checkpoint(standing.identity.origin, edge.size, edge.root(), extensions)
    note = Note(checkpoint.text, tuple(key.sign(checkpoint.text) for key in by))
    number = standing.last.number + 1 if standing.last else 1
    return StoredCheckpoint(number, edge.size, str(note))


def _leaves(
    connection: psycopg.Connection[Any], identity: Identity, after: int, upto: int
) -> Iterator[bytes]:
    """The leaf hashes of positions that have not been sealed yet. Raises SealRefused."""
    expected = after
    with closing(rows(connection, identity.log, identity.hash, between(after, upto))) as found:
        for row in found:
            expected += 1
            if row.position != expected or row.entry is None:
                raise SealRefused(f"position {expected} is not as the log writes it")
            yield leaf_hash(row.entry, identity.hash)
    if expected != upto:
        raise SealRefused(f"position {expected + 1} is missing")


# --- what may be extended


def _standing(connection: psycopg.Connection[Any], sealing: Sealing) -> SealStanding:
    """The tree as it stands, after checking that it may be signed on. Takes the sealer's lock until
    the transaction ends. Raises SealRefused."""
    _lock(connection)
    identity = sealed.fix_suite(connection, sealing.suite)
    keys = sealed.keys(connection)
    key = keyfile.current(sealing.keys, identity.origin, keys)
    if not keys:
        sealed.add_key(connection, key.verifier, 1, 1)
        keys = (key.verifier,)
    last = sealed.last(connection)
    size = last.checkpoint.size if last else 0
    edge = _edge(connection, identity, size)
    if last is not None:
        _refuse_other(last, identity, key, edge)
    if reading.head(connection) < size:
        raise SealRefused(f"{size} events are sealed, the log has fewer; see `anjuan verify`")
    read = sealed.tile_reader(connection)
    subtree = subtrees(read, identity.hash)
    for note in _outside(sealing):
        checkpoint = checkpoint_of(note)
        _refuse_origin(checkpoint, identity)
        if checkpoint.size > size:
            raise SealRefused(
                f"a checkpoint of {checkpoint.size} events was signed before, but only {size} are"
                " sealed here: events are gone, or an older state was restored"
            )
        if range_hash(0, checkpoint.size, subtree, identity.hash) != checkpoint.root:
            raise SealRefused(f"another log of {checkpoint.size} events was signed before")
    return SealStanding(identity=identity, keys=keys, key=key, last=last, edge=edge)


def _lock(connection: psycopg.Connection[Any]) -> None:
    """Take the advisory lock of the one sealer until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _edge(connection: psycopg.Connection[Any], identity: Identity, size: int) -> Edge:
    def partial(tile: Any) -> bytes:
        hashes = sealed.tile(connection, tile.level, tile.number)
        if len(hashes) != tile.width * 32:
            raise SealRefused(f"tile {tile.path} does not end where the last checkpoint does")
        return hashes

    return Edge(size, partial, identity.hash)


def _refuse_other(last: StoredCheckpoint, identity: Identity, key: SealKey, edge: Edge) -> None:
    checkpoint = last.checkpoint
    _refuse_origin(checkpoint, identity)
    if not signed_by(key.verifier, last.note):
        raise SealRefused("the last checkpoint is not signed with our key; see `anjuan verify`")
    if checkpoint.root != edge.root():
        raise SealRefused("the tiles are not those of the last checkpoint; see `anjuan verify`")


def _refuse_origin(checkpoint: Checkpoint, identity: Identity) -> None:
    if checkpoint.origin != identity.origin:
        raise SealRefused(f"a checkpoint is of {checkpoint.origin}, this log is {identity.origin}")


def _outside(sealing: Sealing) -> list[Note]:
    """The newest checkpoints that are not in the database."""
    found = [keyfile.remembered_note(sealing.keys)]
    if sealing.witness is not None:
        found.append(witness.newest(sealing.witness))
    return [note for note in found if note is not None]
