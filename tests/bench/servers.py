"""What the web benchmark asks: our application, the same with one commit per request, and an echo.
Each is a factory for the same web server."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar, post
from litestar.params import JSONBody
from litestar.types import ASGIApp
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, tuple_row
from psycopg_pool import AsyncConnectionPool

from api import settings
from api.serving import app
from api.serving.app import api_of, wire
from api.web import logs
from api.web.watch import watched
from domain.requests.request_commands import LogRequest
from ledger.log.appender import GroupCommit
from ledger.log.codec import LedgerEvent
from ledger.log.recorder import APPEND, NOTHING_SEEN, Outcome, Versions, append_parameters
from ledger.server.connection import ensure

CONNECTIONS: Final = 16

__all__ = ["create_app", "echo", "one_by_one", "one_per_connection"]


class OneByOne(GroupCommit):
    """The same writer; every command gets a transaction of its own."""

    async def _flush(self, batch: Sequence[Any]) -> None:
        for waiting in batch:
            await super()._flush([waiting])


class OnePerConnection(GroupCommit):
    """Every request appends by itself, on a connection from a pool."""

    async def start(self) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[TupleRow]] = AsyncConnectionPool(
            self._url,
            kwargs={"autocommit": True, "row_factory": tuple_row, "prepare_threshold": 0},
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            open=False,
        )
        await self._pool.open(wait=True)

    async def stop(self) -> None:
        await self._pool.close()

    async def append(self, events: list[LedgerEvent], seen: Versions = NOTHING_SEEN) -> Outcome:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                APPEND, append_parameters([events], [seen]), prepare=True
            )
            row = await cursor.fetchone()
        assert row is not None
        return Outcome(*row)


def create_app() -> ASGIApp:
    return app.create_app(settings.load())


def one_by_one() -> ASGIApp:
    return _committing(OneByOne)


def one_per_connection() -> ASGIApp:
    return _committing(OnePerConnection)


def _committing(commit: type[GroupCommit]) -> ASGIApp:
    loaded = settings.load()
    logs.configure(loaded.log_level)
    urls = ensure(loaded.home, loaded.database_url, loaded.app_database_url)
    wiring = wire(loaded, urls.app)
    wiring.ledger.commit = commit(urls.app)
    return watched(api_of(wiring), wiring.metrics)


def echo() -> ASGIApp:
    """A bare JSON echo: reads the body of a logged request and writes it."""

    @post("/api/v1/requests", status_code=201)
    async def echoed(data: JSONBody[LogRequest]) -> LogRequest:
        return data

    return Litestar([echoed], openapi_config=None, logging_config=None)
