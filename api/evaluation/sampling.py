"""Samples as the program draws them: the population is listed from the log, the seed is the first
checkpoint over the announcement."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from api.evaluation.determining import first_over
from domain.oversight import sample
from domain.oversight.sample import (
    AnnounceSample,
    DrawSample,
    EnlargeSample,
    Frame,
    Sample,
    SampleUnknown,
)
from ledger.log import reading
from ledger.log.codec import LedgerMapper
from ledger.log.decision import project
from projections.evaluation import sampling_frame
from projections.evaluation.known import population

Connection = psycopg.Connection[Any]


def announcement(connection: Connection, purpose: str, frame: Frame, size: int) -> AnnounceSample:
    return AnnounceSample(
        purpose=purpose, frame=frame, population=listed(connection, frame), size=size
    )


def drawing(connection: Connection, stream: UUID) -> DrawSample:
    """SampleUnknown; LogNotSealed: no checkpoint covers the announcement yet."""
    state, announced_at = sample_of(connection, stream)
    seed = first_over(connection, announced_at)
    return DrawSample(
        population=listed(connection, state.announced.frame),
        announced_at=announced_at,
        checkpoint=seed.size,
        root=seed.checkpoint.root.hex(),
    )


def enlargement(connection: Connection, stream: UUID, size: int, reason: str) -> EnlargeSample:
    """Build the enlargement of a sample.

    Raises: SampleUnknown — no such sample.
    """
    state, _ = sample_of(connection, stream)
    ids = listed(connection, state.announced.frame)
    return EnlargeSample(population=ids, size=size, reason=reason)


def listed(connection: Connection, frame: Frame) -> tuple[str, ...]:
    """Everything of the frame. The views must have reached its cut-off."""
    match frame.of:
        case "adviser" | "point" as kind:
            return population(connection, kind, frame.division, frame.period, frame.cut_off)
        case _:
            return sampling_frame.ids(connection, frame)


def sample_of(connection: Connection, stream: UUID, upto: int | None = None) -> tuple[Sample, int]:
    """Read a sample as known at a position, with the position of its announcement.

    Raises: SampleUnknown — no such sample.
    """
    position = reading.head(connection) if upto is None else upto
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        events = reading.streams(cursor, LedgerMapper(), [stream], position)
    held = project(sample, None, events)
    if held is None or events[0].position is None:
        raise SampleUnknown
    return held.state, events[0].position
