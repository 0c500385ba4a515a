"""Health checks (live, ready) and the metrics for Prometheus."""

import importlib.resources
from typing import Any, Final, Literal

import msgspec
import psycopg
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg_pool import PoolTimeout

from api.reactions.status import Progress, progress_query
from api.rights import PERMISSION, PUBLIC
from api.web.answers import JSON, reply
from api.web.questions import log_head
from api.web.wiring import Wiring, wiring_of
from domain.simulated_log import LogFoundedAsSimulation
from ledger.log.clock import CLOCK
from ledger.schema import migrations
from projections.all_views import STORED
from projections.asking.asking import fetch_async
from projections.running.runner import ViewStatus, status_query

LIVE_PATH: Final = "/health/live"
READY_PATH: Final = "/health/ready"
METRICS_PATH: Final = "/metrics"
METRICS_TYPE: Final = CONTENT_TYPE_LATEST.partition(";")[0]
PATIENCE_S: Final = 1.0
APPLIED: Final = """
    SELECT coalesce(max(number), 0) AS number,
           EXISTS (SELECT FROM log_events WHERE notification_id = 1 AND topic = %s) AS simulated
      FROM schema_version
"""

State = Literal["ok", "faulty", "failing", "unknown"]


class Live(Struct, frozen=True):
    status: Literal["ok"] = "ok"


class Ready(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`schema`: of this very version of the program; `views`: no further behind than allowed.

    `faulty` is answered with 200: an event that could not be taken in, or a reference fact that
    leans on nothing, is no reason to turn everybody away. `anjuan doctor` says what to do.
    """

    status: State
    database: State
    schema: State
    views: State
    clock: State
    """Failing: it is so far off the last record, or off ours, that nothing is written."""
    lag: int | None
    """Events the slowest view is behind."""
    faults: int = 0
    """Events that views could not take in, and broken reference facts."""
    simulated: bool | None = None
    """The log was founded as a simulation; None where the database does not answer."""


def handlers() -> list[HTTPRouteHandler]:
    newest = len(migrations(importlib.resources.files("ledger") / "schema"))

    @get(LIVE_PATH, name="Live", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def live() -> ASGIApp:
        return _json(200, Live())

    @get(READY_PATH, name="Ready", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def ready(request: Request[Any, Any, Any]) -> ASGIApp:
        found = await _readiness(wiring_of(request.scope), newest)
        return _json(503 if found.status == "failing" else 200, found)

    @get(METRICS_PATH, name="Metrics", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def metrics(request: Request[Any, Any, Any]) -> ASGIApp:
        wiring = wiring_of(request.scope)
        position = await log_head(wiring)
        lags = [(view.name, view.lag) for view in await _views(wiring)]
        text = wiring.metrics.exposition(position, lags, await _policies(wiring))
        return reply(200, [(b"content-type", CONTENT_TYPE_LATEST.encode())], text)

    return [live, ready, metrics]


async def _readiness(wiring: Wiring, newest: int) -> Ready:
    try:
        async with wiring.ledger.readers.connection(PATIENCE_S) as connection:
            row = await (
                await connection.execute(APPLIED, [LogFoundedAsSimulation.topic])
            ).fetchone()
            told = await (await connection.execute(CLOCK)).fetchone()
        views = await _views(wiring)
        broken = await wiring.ledger.register_faults()
    except (psycopg.Error, PoolTimeout):
        return Ready(
            status="failing",
            database="failing",
            schema="unknown",
            views="unknown",
            clock="unknown",
            lag=None,
        )
    lag = max(view.lag for view in views)
    schema: State = "ok" if row and row["number"] == newest else "failing"
    behind: State = "ok" if lag <= wiring.settings.lag_max else "failing"
    stored = {view.NAME for view in STORED}
    faults = sum(view.faults for view in views if view.name in stored)
    clock: State = "failing" if told and told["off"] else "ok"
    able: State = "faulty" if faults or broken else "ok"
    return Ready(
        status=able if schema == behind == clock == "ok" else "failing",
        database="ok",
        schema=schema,
        views="faulty" if faults and behind == "ok" else behind,
        clock=clock,
        lag=lag,
        faults=faults + broken,
        simulated=row["simulated"] if row else None,
    )


async def _views(wiring: Wiring) -> list[ViewStatus]:
    """Empty before the first projector has made the views."""
    async with wiring.views.connection(PATIENCE_S) as connection:
        try:
            return await fetch_async(connection, status_query())
        except psycopg.errors.UndefinedTable:
            return []


async def _policies(wiring: Wiring) -> Progress | None:
    """Read the progress of the policies; None before they first ran."""
    async with wiring.views.connection(PATIENCE_S) as connection:
        try:
            found = await fetch_async(connection, progress_query())
        except psycopg.errors.UndefinedTable:
            return None
    return found[0] if found else None


def _json(status: int, body: Struct) -> ASGIApp:
    return reply(status, [(b"content-type", JSON)], msgspec.json.encode(body))
