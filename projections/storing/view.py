"""What a module must offer to be a view that keeps tables of its own."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import psycopg

from ledger.log.codec import Recorded


class View(Protocol):
    """Tables filled from the log. `TOPICS`: the only events it looks at; None: all."""

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
    def TOPICS(self) -> tuple[str, ...] | None: ...

    @property
    def SHARDS(self) -> int:
        """Parts that a rebuild makes of the log."""

    @property
    def BY_STREAM(self) -> bool:
        """Whether a row may depend on its stream's earlier events: parts are then whole streams,
        else stretches of the log, which are read faster."""

    def memory(self, connection: psycopg.Connection[Any], position: int, /) -> Any:
        """What `apply` needs at hand when the tables stand at a position."""

    def rows(self, events: Iterable[Recorded], reference: Sequence[Recorded], /) -> Iterator[bytes]:
        """COPY's bytes of one part of the log, from nothing. `reference`: the reference facts of
        the whole log, in order."""

    def apply(self, cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Any, /) -> None:
        """Take in events that follow those the tables hold. `memory` lives from batch to batch."""


def definition(view: View) -> str:
    """What tells its tables and indexes from those of another definition: whoever changes one need
    not raise `VERSION` for it, which says what the rows mean."""
    return hashlib.sha256("\n".join((view.TABLES, *view.INDEXES)).encode()).hexdigest()
