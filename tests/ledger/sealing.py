"""Sealed logs for tests, and what an attacker with every right in the database does to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
from msgspec import Struct

from ledger.seal.keyfile import key_files
from ledger.seal.sealed import StoredCheckpoint
from ledger.seal.sealer import Sealing, seal
from ledger.tree.notes import VerifierKey
from ledger.verify.claims import gathered
from ledger.verify.whole_log import Verified, verify
from tests.databases import Database
from tests.ledger.commands import append, connected, written

TABLES: Final = (
    "log_events", "log_head", "seal_log", "seal_suite", "seal_tiles", "seal_checkpoints",
    "seal_keys",
)  # fmt: skip


class Office(Struct, frozen=True):
    """A log, the machine that holds its key, and the witness directory."""

    database: Database
    place: Path

    @property
    def sealing(self) -> Sealing:
        return Sealing(
            keys=key_files(self.place / "home"), witness=self.place / "witness", every_events=300
        )

    def append(self, *sizes: int) -> None:
        """One flush: a new stream for each command of so many events."""
        with connected(self.database.app_url) as log:
            streams = [(uuid4(), size) for size in sizes]
            append(log, *(written(*((s, n + 1) for n in range(size))) for s, size in streams))

    def seal(self) -> list[StoredCheckpoint]:
        with connected(self.database.app_url) as log:
            return seal(log, self.sealing)

    def verify(
        self,
        *,
        witness: bool = False,
        own: bool = True,
        keys: tuple[VerifierKey, ...] = (),
        **more: Any,
    ) -> Verified:
        """`own`: with what the machine remembers; without, the database has only itself."""
        evidence = gathered(
            self.sealing.keys if own else None,
            self.sealing.witness if witness else None,
            given=keys,
        )
        return verify(self.database.app_url, evidence, workers=0, **more)

    @contextmanager
    def attacked(self) -> Iterator[psycopg.Connection[Any]]:
        """As superuser, with every trigger off; they are on again afterwards."""
        with connected(self.database.superuser_url) as attacker:
            for table in TABLES:
                attacker.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            yield attacker
            for table in TABLES:
                attacker.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
