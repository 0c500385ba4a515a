"""The protocol of a view that keeps tables of its own."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import psycopg

from ledger.log.codec import Recorded


class View(Protocol):
    """A view with tables filled from the log."""

    @property
    def NAME(self) -> str: ...

    @property
    def VERSION(self) -> int: ...

    @property
    def TABLES(self) -> str: ...

    @property
    def INDEXES(self) -> tuple[str, ...]: ...

    @property
    def COPY(self) -> str: ...

    @property
    def TOPICS(self) -> tuple[str, ...] | None:
        """The only topics it folds; None means all."""

    @property
    def SHARDS(self) -> int:
        """Number of shards a rebuild cuts the log into."""

    @property
    def BY_STREAM(self) -> bool:
        """True when a row may depend on earlier events of its stream.

        Shards are then whole streams, else ranges of the log, which are read faster.
        """

    def memory(self, connection: psycopg.Connection[Any], position: int, /) -> Any:
        """Build the cache for `apply` when the tables stand at a position."""

    def rows(self, events: Iterable[Recorded], reference: Sequence[Recorded], /) -> Iterator[bytes]:
        """Yield COPY bytes of one shard, folded from nothing.

        `reference` holds the reference events of the whole log, in order.
        """

    def apply(self, cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Any, /) -> None:
        """Fold events that follow those in the tables; `memory` lives from batch to batch."""


def definition(view: View) -> str:
    """Return the hash of the DDL.

    A changed hash forces a rebuild; `VERSION` is raised only when rows change their meaning.
    """
    return hashlib.sha256("\n".join((view.TABLES, *view.INDEXES)).encode()).hexdigest()
