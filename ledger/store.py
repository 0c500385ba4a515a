"""The synchronous door to the log, for command line, imports, policies and tests: the library's
Application over our recorder. Load, decide, append; a lost race decides again."""

from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper

from domain.vocabulary import Actor, Command, Registers
from ledger.codec import LedgerMapper, Recorded, TopicUnknown
from ledger.decision import (
    Ask,
    Held,
    Receipt,
    TooContended,
    aggregate_of,
    ask,
    decide,
    digest,
    project,
)
from ledger.recorder import CommandIdReused, LedgerRecorder, library_environment, stored_event
from ledger.registers import SELECT_NEWER, RegisterFold

ATTEMPTS_MAX: Final = 8

__all__ = ["CommandIdReused", "Ledger", "TopicUnknown"]


class Ledger(Application[UUID]):
    """The log as an application of the library. Use as a context manager or `close` it."""

    name = "log"
    recorder: LedgerRecorder

    def __init__(self, url: str) -> None:
        super().__init__(env=library_environment(url))
        self._registers = RegisterFold()

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
        **surroundings: Any,
    ) -> Receipt:
        """Decide and append. Surroundings as in `ledger.decision.ask`. Refused, VersionMoved and
        CommandIdReused tell why nothing was written; an identified command that is in the log
        already answers its first result."""
        asked = ask(stream, command, by=by, now=now or datetime.now(UTC), **surroundings)
        for _ in range(ATTEMPTS_MAX):
            if asked.identified and (earlier := self._earlier(asked)):
                return earlier
            held = self.held(asked)
            recorded = decide(asked, held, self.registers())
            try:
                return self._saved(asked, held, recorded)
            except CommandIdReused:
                raise
            except IntegrityError:
                continue
        raise TooContended

    def held(self, asked: Ask) -> Held | None:
        projector = partial(project, aggregate_of(asked))
        try:
            return self.repository.get(asked.stream, projector_func=projector)  # type: ignore[arg-type]
        except AggregateNotFoundError:
            return None

    def registers(self) -> Registers:
        """Reference facts, at most a second old; this process's own changes at once."""
        fold = self._registers
        if fold.stale:
            mapper = self.mapper
            assert isinstance(mapper, LedgerMapper)
            with self.recorder.datastore.cursor() as cursor:
                rows = cursor.execute(SELECT_NEWER, fold.parameters(), binary=True).fetchall()
            fold.feed(mapper.recorded(stored_event(row)) for row in rows)
        return fold.registers

    def _saved(self, asked: Ask, held: Held | None, recorded: list[Recorded]) -> Receipt:
        version = held.version if held else 0
        if not recorded:
            return Receipt(stream=asked.stream, version=version, position=None, recorded_at=None)
        recordings = self.save(*recorded)
        self._registers.expire_if(recorded)
        return Receipt(
            stream=asked.stream,
            version=version + len(recorded),
            position=recordings[-1].notification.id,
            recorded_at=None,
            events=tuple(one.event for one in recorded),
        )

    def _earlier(self, asked: Ask) -> Receipt | None:
        found = self.recorder.result_of(asked.command_id)
        if found is None:
            return None
        if found["command_digest"] != digest(asked.command):
            raise CommandIdReused(f"command {asked.command_id} was used for something else")
        return Receipt(
            stream=found["originator_id"],
            version=found["originator_version"],
            position=found["last_position"],
            recorded_at=found["recorded_at"],
            repeated=True,
        )

