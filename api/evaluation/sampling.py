"""Samples as the program draws them: the population is listed from the log, the seed is the first
checkpoint over the announcement."""

from typing import Any
from uuid import UUID

import psycopg
from msgspec.structs import replace
from psycopg.rows import tuple_row

from api.evaluation.determining import first_over
from domain.oversight import sample
from domain.oversight.draw import population_digest
from domain.oversight.sample import (
    AnnounceSample,
    DrawSample,
    EnlargeSample,
    Frame,
    Sample,
    SampleUnknown,
    drawn_of,
)
from domain.vocabulary import Refused
from ledger.log import reading
from ledger.log.codec import LedgerMapper
from ledger.log.decision import project
from projections.evaluation import sampling_frame
from projections.evaluation.known import population

Connection = psycopg.Connection[Any]


def announcement(
    connection: Connection, purpose: str, frame: Frame, size: int, *, again: bool = False
) -> AnnounceSample:
    """Build an announcement: what is doubtful weighs more, as the rules have it.

    again: the frame is that of an announcement made before
    """
    ids = listed(connection, frame)
    if not again and sampling_frame.doubted(connection, frame, ids):
        weight = sampling_frame.weight_of_doubted(connection, frame)
        frame = replace(frame, doubted_weight=weight)
    doubted = doubted_in(connection, frame, ids)
    return AnnounceSample(purpose=purpose, frame=frame, population=ids, size=size, doubted=doubted)


def doubted_in(connection: Connection, frame: Frame, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return those that have more tickets than one."""
    if frame.doubted_weight == 1:
        return ()
    return sampling_frame.doubted(connection, frame, ids)


def drawing(connection: Connection, stream: UUID) -> DrawSample:
    """SampleUnknown; LogNotSealed: no checkpoint covers the announcement yet."""
    state, announced_at = sample_of(connection, stream)
    seed = first_over(connection, announced_at)
    frame = state.announced.frame
    ids = listed(connection, frame)
    return DrawSample(
        population=ids,
        doubted=doubted_in(connection, frame, ids),
        announced_at=announced_at,
        checkpoint=seed.size,
        root=seed.checkpoint.root.hex(),
    )


def enlargement(connection: Connection, stream: UUID, size: int, reason: str) -> EnlargeSample:
    """Build the enlargement of a sample.

    Raises: SampleUnknown — no such sample.
    """
    state, _ = sample_of(connection, stream)
    frame = state.announced.frame
    ids = listed(connection, frame)
    doubted = doubted_in(connection, frame, ids)
    return EnlargeSample(population=ids, doubted=doubted, size=size, reason=reason)


class SampleDiffers(Refused):
    """按当时的记录重新抽取，结果与登记的不一致"""


def verified(connection: Connection, stream: UUID) -> Sample:
    """Draw a sample again from the log as known at its cut-off, and compare what was announced and
    drawn. The views must have reached the cut-off.

    Raises: SampleUnknown; SampleDiffers — with what differs.
    """
    state, announced_at = sample_of(connection, stream)
    announced, frame = state.announced, state.announced.frame
    ids = listed(connection, frame)
    doubted = doubted_in(connection, frame, ids)
    if population_digest(ids) != announced.population or len(ids) != announced.count:
        raise SampleDiffers("the population")
    if (population_digest(doubted) if doubted else None) != announced.doubted:
        raise SampleDiffers("what is doubted in it")
    if state.seed is not None:
        if first_over(connection, announced_at).checkpoint.root.hex() != state.seed:
            raise SampleDiffers("the seed is not the first checkpoint's over the announcement")
        if drawn_of(frame, state.seed, ids, state.size, doubted) != state.drawn:
            raise SampleDiffers("what was drawn")
    return state


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
