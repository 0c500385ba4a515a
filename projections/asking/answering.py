"""Answers that take several queries and some reckoning, as generators of queries: so that the
synchronous and the asynchronous door run the very same steps."""

from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

from projections.asking.asking import Query, fetch, fetch_async

AnswerT = TypeVar("AnswerT")

Answering = Generator[Query[Any], list[Any], AnswerT]
"""Yields queries, is sent the rows of each, and returns the answer."""


def answer(connection: psycopg.Connection[Any], answering: Answering[AnswerT]) -> AnswerT:
    """All queries must see one state of the views: ask within a transaction of repeatable reads, or
    at a position that every view has passed."""
    try:
        query = next(answering)
        while True:
            query = answering.send(fetch(connection, query))
    except StopIteration as done:
        found: AnswerT = done.value
        return found


async def answer_async(
    connection: psycopg.AsyncConnection[Any], answering: Answering[AnswerT]
) -> AnswerT:
    """As `answer`."""
    try:
        query = next(answering)
        while True:
            query = answering.send(await fetch_async(connection, query))
    except StopIteration as done:
        found: AnswerT = done.value
        return found
