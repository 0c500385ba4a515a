"""What a module must offer to be a view that keeps tables of its own."""

from collections.abc import Sequence
from typing import Any, Protocol

import psycopg

from ledger.codec import Recorded


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

    def apply(self, cursor: psycopg.Cursor[Any], batch: Sequence[Recorded], memory: Any, /) -> None:
        """Take in events that follow those the tables hold. `memory` lives from batch to batch."""
