"""The composition root: settings → ledger → views → routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import psycopg
from litestar import Litestar
from litestar.types import ASGIApp
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from api import commands, logs, requests, settings
from api.bell import Bell
from api.cursors import cursors_of
from api.identity import Tokens
from api.metrics import MeasuredCommit, Metrics
from api.problems import HANDLERS
from api.settings import Settings
from api.watch import watched
from api.wiring import READERS_MAX, Connection, Wiring
from ledger.appender import AsyncLedger
from ledger.connection import ensure

ACTS: Final = (*requests.ACTS,)


def create_app() -> ASGIApp:
    """The factory that the server calls in each of its processes."""
    loaded = settings.load()
    logs.configure(loaded.log_level)
    return app_of(loaded)


def app_of(loaded: Settings) -> ASGIApp:
    urls = ensure(loaded.home, loaded.database_url, loaded.app_database_url)
    metrics = Metrics()

    wiring = _wire(loaded, urls.app, metrics)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with wiring.ledger, wiring.views:
            try:
                yield
            finally:
                wiring.closing.set()
                await wiring.bell.stop()

    litestar = Litestar(
        route_handlers=commands.routes(ACTS, wiring),
        exception_handlers=HANDLERS,
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )
    return watched(litestar, metrics)


def _wire(loaded: Settings, url: str, metrics: Metrics) -> Wiring:
    ledger = AsyncLedger(url)
    ledger.commit = MeasuredCommit(url, metrics)
    views: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        url,
        connection_class=psycopg.AsyncConnection,
        kwargs={"autocommit": True, "row_factory": dict_row},
        min_size=1,
        max_size=READERS_MAX,
        open=False,
    )
    return Wiring(
        settings=loaded,
        ledger=ledger,
        views=views,
        tokens=Tokens(loaded.tokens),
        cursors=cursors_of(loaded),
        bell=Bell(url),
        metrics=metrics,
        closing=asyncio.Event(),
    )
