"""Many commands decided one after another and appended together, for imports.

Each is decided as the ledger would, against the log and what was decided before it; what belongs
together is taken whole or not at all.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from msgspec import structs
from psycopg.rows import dict_row

from domain.aggregates import AGGREGATE, kind_of
from domain.moment import KnownRegisters, Registers
from ledger.log.bulk import append_slice, known_commands
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import (
    Ask,
    Held,
    decide,
    project,
    project_any,
    read_beside,
)
from ledger.log.recorder import SELECT_STREAMS, stored_event
from ledger.log.registers import SELECT_NEWER, RegisterFold


class Intake:
    """A group at a time: `look`, `decide` what belongs together, `append`.

    A rehearsal appends nothing and goes on from what it decided.
    """

    def __init__(self, connection: psycopg.Connection[Any], *, rehearsal: bool = False) -> None:
        self._connection = connection
        self._rehearsal = rehearsal
        self._mapper = LedgerMapper()
        self._fold = RegisterFold()
        self._known: KnownRegisters | None = None
        self._held: dict[UUID, Held | None] = {}
        self._decided: list[Recorded] = []

    @property
    def registers(self) -> Registers:
        """The registers, with what was decided since `look`."""
        assert self._known is not None
        return self._known.registers

    def look(self, streams: Iterable[UUID]) -> None:
        """Begin a group: look at the log anew, forgetting what was decided and not appended."""
        self._decided = []
        if self._known is None or not self._rehearsal:
            with self._connection.cursor(row_factory=dict_row) as cursor:
                rows = cursor.execute(SELECT_NEWER, self._fold.parameters(), binary=True).fetchall()
            self._fold.read(rows, self._mapper)
            self._known = self._fold.ahead()
            self._held = {}
        self._load(streams)

    def known(self, command_ids: Iterable[UUID]) -> dict[UUID, bytes | None]:
        """Return the digests of those commands that are in the log already."""
        found = known_commands(self._connection, command_ids)
        return {command: digest for command, (digest, _) in found.items()}

    def decide(self, asks: Sequence[Ask], digest: bytes | None = None) -> list[Recorded]:
        """Decide commands that belong together, each on what the one before it left.

        `digest`, of what they were made from, stands with each of them in place of its own.

        Raises: Refused — when a rule forbids one of them; nothing of them is kept then.
        """
        ahead: dict[UUID, Held | None] = {}
        decided: list[Recorded] = []
        for asked in asks:
            held = self._of(asked.stream, ahead)
            beside = {one: self._of(one, ahead) for one in read_beside(asked, held, self.registers)}
            for recorded in decide(asked, held, self.registers, beside):
                story = AGGREGATE[kind_of(recorded.event.topic)]
                stream = recorded.originator_id
                ahead[stream] = project(story, self._of(stream, ahead), [recorded])
                if digest is not None and recorded.command_events:
                    recorded = structs.replace(recorded, command_digest=digest)  # noqa: PLW2901
                decided.append(recorded)
        for recorded in decided:
            # One that could not be read again is found while it can still be told from the others.
            self._mapper.state_of(recorded)
        assert self._known is not None
        for recorded in decided:
            self._known.take(recorded.originator_id, recorded.event)
        self._held |= ahead
        self._decided += decided
        return decided

    def append(self) -> None:
        """Append what was decided since `look`, all or nothing.

        Raises: psycopg.errors.UniqueViolation — when somebody else was quicker with one of the
        streams or commands: look again. ClockOff.
        """
        decided, self._decided = self._decided, []
        if decided and not self._rehearsal:
            append_slice(self._connection, decided, self._mapper)

    def _of(self, stream: UUID, ahead: dict[UUID, Held | None]) -> Held | None:
        if stream in ahead:
            return ahead[stream]
        self._load([stream])
        return self._held[stream]

    def _load(self, streams: Iterable[UUID]) -> None:
        """Fold the streams that are not at hand yet, all by one query."""
        missing = [one for one in dict.fromkeys(streams) if one not in self._held]
        if not missing:
            return
        self._held |= dict.fromkeys(missing)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(SELECT_STREAMS, {"streams": missing}, binary=True).fetchall()
        told: dict[UUID, list[Recorded]] = {}
        for row in rows:
            recorded = self._mapper.of_thing(stored_event(row))
            told.setdefault(recorded.originator_id, []).append(recorded)
        self._held |= {stream: project_any(events) for stream, events in told.items()}
