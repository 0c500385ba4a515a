"""Answers that need several queries, written as generators of queries.

The synchronous and the asynchronous driver run the same generator: it yields a query, is sent the
rows, and returns the answer.
"""

from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

from projections.asking.asking import Query, fetch, fetch_async

AnswerT = TypeVar("AnswerT")

Answering = Generator[Query[Any], list[Any], AnswerT]
"""Yields queries, is sent the rows of each, and returns the answer."""


def answer(connection: psycopg.Connection[Any], answering: Answering[AnswerT]) -> AnswerT:
    """Run the generator on a synchronous connection.

    All queries must see one state: use a transaction with repeatable reads, or a position that
    every view has passed.
    """
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
    """Run the generator on an asynchronous connection, as `answer` does."""
    try:
        query = next(answering)
        while True:
            query = answering.send(await fetch_async(connection, query))
    except StopIteration as done:
        found: AnswerT = done.value
        return found
