"""The synchronous ledger for the command line, imports, policies and tests.

It is the library's Application over our recorder: load, decide, append; after a lost race, decide
again.
"""

from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, Final, Unpack
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper

from domain.moment import Registers
from domain.vocabulary import Actor, Command
from ledger.log.codec import LedgerMapper, TopicUnknown
from ledger.log.decision import (
    Ask,
    Held,
    Receipt,
    Surroundings,
    TooContended,
    aggregate_of,
    ask,
    decide,
    named,
    nothing,
    only_read,
    project,
    project_any,
    read_beside,
    receipt,
)
from ledger.log.recorder import (
    SELECT_STREAM,
    CommandIdReused,
    LedgerRecorder,
    Outcome,
    library_environment,
    stored_event,
)
from ledger.log.registers import SELECT_NEWER, RegisterFold

ATTEMPTS_MAX: Final = 8

__all__ = ["CommandIdReused", "Ledger", "TopicUnknown"]


class Ledger(Application[UUID]):
    """The log as an application of the library. Use it as a context manager or `close` it."""

    name = "log"
    recorder: LedgerRecorder

    def __init__(self, url: str) -> None:
        super().__init__(env=library_environment(url))
        self._registers = RegisterFold()
        self._refreshing = Lock()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def construct_mapper(self) -> Mapper[UUID]:
        return LedgerMapper()

    def execute(
        self,
        stream: UUID,
        command: Command,
        *,
        by: Actor,
        now: datetime | None = None,
        **surroundings: Unpack[Surroundings],
    ) -> Receipt:
        """Decide and append a command; a command id that is in the log returns its first result.

        Raises: Refused, VersionMoved, CommandIdReused, TooContended — nothing was written then.
        """
        asked = ask(stream, command, by=by, now=now or datetime.now(UTC), **surroundings)
        for _ in range(ATTEMPTS_MAX):
            if asked.identified and (earlier := self._earlier(asked)):
                return earlier
            held, registers = self.held(asked), self.registers()
            others = {one: self.any(one) for one in read_beside(asked, held, registers)}
            recorded = decide(asked, held, registers, others)
            if not recorded:
                return nothing(asked, held)
            outcomes: list[Outcome] = []
            try:
                self.save(*recorded, outcomes=outcomes, seen=only_read(others, recorded))
            except CommandIdReused:
                raise
            except IntegrityError:
                continue
            self._registers.expire_if(recorded)
            return receipt(asked, outcomes[0], recorded)
        raise TooContended

    def held(self, asked: Ask) -> Held | None:
        """Load and fold the stream of the command; None when there is no such stream."""
        projector: Any = partial(project, aggregate_of(asked))
        try:
            held: Held = self.repository.get(asked.stream, projector_func=projector)
        except AggregateNotFoundError:
            return None
        return held

    def any(self, stream: UUID) -> Held | None:
        """Load and fold a stream of whatever aggregate; None when there is no such stream."""
        mapper = self.mapper
        assert isinstance(mapper, LedgerMapper)
        rows = self.recorder.rows(SELECT_STREAM, {"stream": stream})
        return project_any(mapper.of_thing(stored_event(row)) for row in rows)

    def registers(self) -> Registers:
        """Return the registers, cached for a second unless this process changes them."""
        fold = self._registers
        with self._refreshing:
            if fold.stale:
                self._refresh(fold)
        return fold.registers

    def _refresh(self, fold: RegisterFold) -> None:
        mapper = self.mapper
        assert isinstance(mapper, LedgerMapper)
        rows = self.recorder.rows(SELECT_NEWER, fold.parameters())
        fold.read(rows, mapper)

    def _earlier(self, asked: Ask) -> Receipt | None:
        found = self.recorder.result_of(named(asked))
        return receipt(asked, found) if found else None
