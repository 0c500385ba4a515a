"""The composition root: settings → ledger → views → routes; and the server around it."""

import asyncio
import gc
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Send
from psycopg import IsolationLevel
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from api import settings
from api.accounts import oidc_routes
from api.advising import blobs
from api.history import log, seal_routes
from api.identity import Tokens
from api.pages.rendering import SHELL, Shell, refused
from api.pages.routing import with_pages
from api.serving import documents, health, openapi, pages
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.settings import Settings
from api.signing.signing import Signing
from api.signing.throttle import WrongTokens
from api.tokens import Watched
from api.web import acting, logs, question_routes
from api.web.bell import Bell
from api.web.cursors import cursors_of
from api.web.limits import HEADERS_BYTES_MAX
from api.web.metrics import SHARED_FOLDER, MeasuredCommit, Metrics
from api.web.problems import HANDLERS
from api.web.quota import Quota
from api.web.watch import watched
from api.web.wiring import READERS_MAX, Wiring, wired
from ledger.blobs import DiskBlobs
from ledger.log.appender import AsyncLedger, refuse_lost
from ledger.log.threads import describe_structs
from ledger.reads import ReadLog
from ledger.server.connection import ensure
from projections.asking.scope import CAN_BE_READER, NOTHING, Reader

STOP_S: Final = 3
"""A stream of events may be open when the server stops; it is cut after this."""
STATEMENT_S: Final = 30
HEADERS_MS: Final = 10_000
"""For the headers of a request to come in."""
COLLECT_AFTER: Final = 10_000
"""Objects made before the youngest are looked through: some hundred requests' worth."""


def create_app(given: Settings) -> ASGIApp:
    """The factory that the server calls in each of its processes, with what was handed on."""
    loaded = settings.taken_over(given)
    logs.configure(loaded.log_level)
    _end_with_the_server()
    app = app_of(loaded)
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    return app


def _end_with_the_server() -> None:
    """Stop this worker when its parent dies; a killed parent cannot signal it."""
    parent = multiprocessing.parent_process()

    def end() -> None:
        assert parent is not None
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    if parent is not None:
        threading.Thread(target=end, name="end with the server", daemon=True).start()


def app_of(loaded: Settings) -> ASGIApp:
    """The application as the server sees it: watched."""
    urls = ensure(
        loaded.home,
        loaded.database_url,
        loaded.app_database_url,
        clock_tolerance_s=loaded.clock_tolerance_s,
    )
    wiring = wire(loaded, urls.app)
    return watched(application_of(wiring), wiring.metrics, tls=loaded.tls)


def application_of(wiring: Wiring) -> ASGIApp:
    """The API, and the pages before it."""
    shell = Shell(wiring)
    return with_pages(api_of(wiring, shell), shell, pages.pages())


def api_of(wiring: Wiring, shell: Shell | None = None) -> ASGIApp:
    """The API alone, from its start to its end; with what pages share it answers browsers with
    pages."""
    api = _api()
    # Answers are worked out in threads.
    describe_structs()

    async def serve(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(wiring, receive, send)
            return
        wired(scope, wiring)
        if shell is not None:
            scope["state"][SHELL] = shell
        await api(scope, receive, send)

    return serve


async def _live(wiring: Wiring, receive: Any, send: Any) -> None:
    """Open what requests need, until the server ends."""
    await receive()
    try:
        async with wiring.ledger, wiring.views, wiring.signing.pool, wiring.reads:
            await send({"type": "lifespan.startup.complete"})
            await receive()
            wiring.closing.set()
            await wiring.bell.stop()
    except BaseException as error:
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        raise
    await send({"type": "lifespan.shutdown.complete"})


@cache
def _api() -> Litestar:
    """The routes of the API. Made once in a process: it takes a third of a second."""
    return Litestar(
        route_handlers=handlers(),
        exception_handlers={**HANDLERS, HTTPException: refused},
        openapi_config=None,
        logging_config=None,
    )


def handlers() -> list[HTTPRouteHandler]:
    """List every route of the API, and what pages need besides themselves."""
    return [
        *(acting.handler_of(route) for route in ROUTES),
        *(question_routes.handler_of(question) for question in QUESTIONS),
        log.stream_handler(),
        *oidc_routes.handlers(),
        *blobs.handlers(),
        *health.handlers(),
        *seal_routes.handlers(),
        *documents.handlers(_document()),
        *pages.handlers(),
    ]


@cache
def _document() -> openapi.Json:
    return openapi.document(ROUTES, QUESTIONS)


def wire(loaded: Settings, url: str) -> Wiring:
    """Build the dependencies; `url` gives the application's rights on the database."""
    metrics = Metrics()
    ledger = AsyncLedger(url)
    ledger.commit = MeasuredCommit(url, metrics)
    views: AsyncConnectionPool[Reader] = AsyncConnectionPool(
        url,
        connection_class=Reader,
        kwargs={"autocommit": True, "row_factory": dict_row},
        configure=_limit,
        reset=_forget,
        check=refuse_lost,
        min_size=1,
        max_size=READERS_MAX,
        open=False,
    )
    stored = DiskBlobs(loaded.blobs, loaded.blob_bytes_max)
    stored.sweep(datetime.now(UTC))
    return Wiring(
        settings=loaded,
        ledger=ledger,
        views=views,
        reads=ReadLog(url),
        blobs=stored,
        uploads=Quota(loaded.upload_bytes_daily),
        tokens=Tokens(loaded.tokens, Watched(loaded).newer),
        signing=Signing(loaded, url, ledger.registers, ledger.registers_now),
        wrong_tokens=WrongTokens(),
        cursors=cursors_of(loaded),
        bell=Bell(url),
        metrics=metrics,
        closing=asyncio.Event(),
    )


async def _limit(connection: Reader) -> None:
    # What a transaction begins with, without a statement of its own.
    await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
    await connection.set_read_only(True)
    await connection.execute(f"SET statement_timeout = '{STATEMENT_S}s'")
    row = await (await connection.execute(CAN_BE_READER)).fetchone()
    connection.second_net = row is not None and next(iter(row.values()))


async def _forget(connection: Reader) -> None:
    """Whoever is served next has a scope of his own, or none."""
    connection.scope = NOTHING


# --- the server


@contextmanager
def _counted_together(found: Settings) -> Iterator[Path | None]:
    """The folder in which several processes count, in the home: what a server of this address that
    was killed left there is cleared away."""
    if found.workers == 1:
        yield None
        return
    folder = found.home / "metrics" / str(found.port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def serve(found: Settings) -> None:
    """Answer on the settings' address until interrupted."""
    from granian import Granian  # noqa: PLC0415
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415

    with _counted_together(found) as folder:
        if folder is not None:
            os.environ[SHARED_FOLDER] = str(folder)
        for name in settings.SECRET:
            os.environ.pop(settings.variable(name), None)
        # Fresh processes: a forked one would share what this one has already opened and counted.
        multiprocessing.set_start_method("spawn", force=True)
        Granian(
            "anjuan",
            address=found.host,
            port=found.port,
            interface=Interfaces.ASGI,
            workers=found.workers,
            workers_kill_timeout=STOP_S,
            # HTTP/2 in plain text is spoken by no browser, and by no proxy that we document.
            http=HTTPModes.http1,
            # The buffer grows by doubling: what no longer fits is at most twice as long.
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADERS_MS, max_buffer_size=HEADERS_BYTES_MAX // 2
            ),
            websockets=False,
            log_level="warning",  # type: ignore[arg-type]
        ).serve(
            # By the pipe that starts a process, not by its environment.
            target_loader=partial(create_app, settings.handed_on(found)),
            wrap_loader=False,
        )
