"""Verification of the whole log against every checkpoint, in the database and outside it.

Every row is read and hashed anew. One snapshot of the database is read throughout, so concurrent
appends do not matter.
"""

import base64
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from msgspec import Struct

from ledger.reads import ReadsVerified, verify_reads
from ledger.seal import sealed
from ledger.seal.sealed import Identity
from ledger.tree.notes import Checkpoint
from ledger.tree.tiles import WIDTH, hashes_in
from ledger.verify.claims import ClaimEvidence, TrustedBy
from ledger.verify.judging import Recomputed, judged
from ledger.verify.overview import Overview, counters_off, overview, streams_off, times_off
from ledger.verify.stretch import (
    Flaw,
    Kind,
    Stretch,
    StretchAsked,
    computed,
    prepare_worker,
    snapshot_begun,
    stretch_of,
)

EVENTS_PER_PART: Final = 128 * WIDTH
WORTH_PROCESSES: Final = 40_000
"""Events; for fewer, starting processes takes longer than hashing."""
SORTING: Final = "SET LOCAL work_mem = '128MB'"
"""The versions of a million events, stream by stream."""
EXPLAINING: Final[tuple[Kind, ...]] = (
    "forked",
    "signed by another key",
    "tail cut",
    "deleted",
    "inserted",
    "reordered",
    "altered",
    "counter off",
)


class Verified(Struct, frozen=True, kw_only=True):
    """Result of a verification."""

    ok: bool
    simulated: bool
    """The log was founded as a simulation: its recorded times are those of its story, told, up to
    where it began to be served."""
    size: int
    """Number of events in the log now."""
    root: str | None
    """Root of the log now; None when rows are missing."""
    sealed: int
    """Number of events that a checkpoint vouches for."""
    checkpoints: int
    outside: int
    trusted_by: TrustedBy
    """Source of the trusted key; a key from the database itself proves little."""
    first_bad: Flaw | None
    """The first of `flaws`."""
    flaws: list[Flaw]
    reads: ReadsVerified | None = None
    """Whether the read log is what was written; None where there is none yet."""


def verify(
    url: str,
    evidence: ClaimEvidence,
    *,
    since: Checkpoint | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Verified:
    """Verify the whole log, or the part after a checkpoint verified before.

    `workers` is the number of processes; 0 verifies in this one.

    Raises: NoteBroken, SealRefused — when the seal's tables cannot be read.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        snapshot_begun(connection)
        connection.execute(SORTING)
        log = overview(connection, evidence)
        parts = _parts(log, since)
        with _pool(workers if log.count >= WORTH_PROCESSES else 0) as pool:
            jobs = _jobs(connection, url, pool, log.identity, parts)
            flaws = [*log.flaws, *counters_off(connection, log), *streams_off(connection)]
            stretches: list[Stretch] = []
            for one in jobs:
                stretches.append(one)
                if progress is not None:
                    progress(len(stretches), len(parts))
        given = _tops(connection, since)
        tree = Recomputed(log, parts, stretches, given)
        flaws += [flaw for one in stretches for flaw in one.flaws]
        flaws += times_off(parts, stretches)
        flaws += judged(connection, log, tree, evidence, since)
        reads = verify_reads(connection)
    return result(log, evidence, tree.root_at(log.top), flaws, reads)


def result(
    log: Overview,
    evidence: ClaimEvidence,
    root: bytes | None,
    flaws: list[Flaw],
    reads: ReadsVerified | None = None,
) -> Verified:
    # Of those that say the same of a position, the first: it has looked closest.
    first = {(flaw.position, flaw.kind): flaw for flaw in reversed(flaws)}
    ordered = sorted(first.values(), key=_rank)
    bound = ordered[0].position if ordered else log.top + 1
    good = [one.checkpoint.size for one in log.claims if one.checkpoint.size < bound]
    return Verified(
        ok=not ordered and (reads is None or reads.fault is None),
        simulated=log.identity.simulation,
        size=log.count,
        root=None if root is None else base64.b64encode(root).decode(),
        sealed=max(good, default=0),
        checkpoints=len(log.stored),
        outside=len(evidence.notes),
        trusted_by=evidence.trusted_by,
        first_bad=ordered[0] if ordered else None,
        flaws=ordered,
        reads=reads,
    )


def _rank(flaw: Flaw) -> tuple[int, int]:
    """Sort key of flaws: by position, then by how much they explain."""
    return flaw.position, EXPLAINING.index(flaw.kind)


def _parts(found: Overview, since: Checkpoint | None) -> list[StretchAsked]:
    """The log in stretches for the processes; sizes at which roots are wanted go with them."""
    begin = since.size // WIDTH * WIDTH if since else 0
    sizes = {one.checkpoint.size for one in found.claims} | {found.top}
    sizes |= {since.size} if since else set()
    wanted = sorted(size for size in sizes if size % WIDTH and begin < size <= found.top)
    parts = []
    for after in range(begin, found.top, EVENTS_PER_PART):
        upto = min(after + EVENTS_PER_PART, found.top)
        here = tuple(size for size in wanted if after < size <= upto)
        parts.append(StretchAsked(after, upto, here, found.sealed))
    return parts


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    if not workers:
        yield None
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=prepare_worker) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _jobs(
    connection: psycopg.Connection[Any],
    url: str,
    pool: Executor | None,
    identity: Identity,
    parts: Sequence[StretchAsked],
) -> Iterator[Stretch]:
    """The stretches in order; with a pool they are begun at once."""
    if pool is None:
        return (computed(connection, identity, part) for part in parts)
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    begun = [pool.submit(stretch_of, url, row[0], identity, part) for part in parts]
    return (job.result() for job in begun)


def _tops(connection: psycopg.Connection[Any], since: Checkpoint | None) -> list[bytes | None]:
    """The roots of the full leaf tiles before a checkpoint, from the stored tiles."""
    full = since.size // WIDTH if since else 0
    tops: list[bytes | None] = []
    for number in range(-(-full // WIDTH)):
        tops += hashes_in(sealed.tile(connection, 1, number))
    return tops[:full]
