"""A log of a whole simulated city, grown through the bulk lane as far as a benchmark needs it."""

import gc
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final

import psycopg

from domain.simulation import SimulatedStep, World, city, services
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_divisions,
    shipped_forms,
    shipped_policies,
)
from ledger.log import reading
from ledger.log.bulk import EVENTS_PER_SLICE, append_slice, slices
from ledger.log.codec import LedgerMapper, Recorded
from ledger.log.decision import ask, envelop
from tests.bench.machine import Server, note

FIRST_DAY: Final = date(2022, 1, 1)
DAYS: Final = 1500
SEED: Final = 1
TELL_EVERY: Final = 200_000


class CityLog:
    """Grows by days of the city's life; the simulation goes on from where it was left."""

    def __init__(self, server: Server, scale: float) -> None:
        self.server = server
        self.head = 0
        commands = (_recorded(step) for step in _steps(scale))
        self._slices = iter(slices(commands, min(EVENTS_PER_SLICE, int(2000 + 18000 * scale))))

    def grow(self, events: int) -> None:
        """Until the log has at least so many events, give or take a slice. The next slice is
        simulated while the database takes in the one before."""
        if self.head >= events:
            return
        gc.disable()  # Thousands of lives wait in the simulation, none of them garbage.
        try:
            with (
                psycopg.connect(self.server.urls.app, autocommit=True) as connection,
                ThreadPoolExecutor(max_workers=1) as writer,
            ):
                mapper, waiting = LedgerMapper(), None
                while self.head < events and (one := next(self._slices, None)):
                    if waiting is not None:
                        waiting.result()
                    waiting = writer.submit(append_slice, connection, one, mapper)
                    told, self.head = self.head // TELL_EVERY, self.head + len(one)
                    if self.head // TELL_EVERY > told:
                        note(f"simulating a log: {self.head:,} of {events:,} events")
                if waiting is not None:
                    waiting.result()
                assert reading.head(connection) == self.head
        finally:
            gc.enable()
        with psycopg.connect(self.server.urls.owner, autocommit=True) as owner:
            owner.execute("VACUUM (ANALYZE) log_events")


def _steps(scale: float) -> Iterator[SimulatedStep]:
    draw, world = random.Random(SEED), World()
    for step in city(
        draw,
        divisions=shipped_divisions(),
        scale=scale,
        calendars=shipped_calendars(),
        policies=shipped_policies(),
        forms=shipped_forms(),
    ):
        world.record(step)
        yield step
    yield from services(draw, world, first_day=FIRST_DAY, days=DAYS, scale=scale)


def _recorded(step: SimulatedStep) -> list[Recorded]:
    asked = ask(
        step.stream,
        step.command,
        by=step.by,
        now=step.occurred_at,
        command_id=step.command_id,
    )
    return envelop(asked, step.version - 1, list(step.events), late_reason=step.late_reason)
