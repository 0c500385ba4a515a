"""Dependencies of request handlers, built once per process by the composition root."""

import asyncio
from typing import Any, Final

import psycopg
from litestar.types import Scope
from msgspec import Struct, field
from psycopg_pool import AsyncConnectionPool

from api.identity import Tokens
from api.settings import Settings
from api.signing.signing import Signing
from api.signing.throttle import WrongTokens
from api.web.bell import Bell
from api.web.cursors import Cursors
from api.web.metrics import Metrics
from api.web.quota import Quota
from domain.jurisdiction import Reach
from ledger.blobs import Blobs
from ledger.log.appender import AsyncLedger
from ledger.reads import ReadLog
from projections.asking.scope import Reader
from projections.asking.scope import Scope as Rows

Connection = psycopg.AsyncConnection[dict[str, Any]]
READERS_MAX: Final = 4
"""Connections for views: a slow report must not keep commands waiting, nor take all the cores."""


WIRING: Final = "wiring"


class Wiring(Struct, frozen=True, kw_only=True):
    settings: Settings
    ledger: AsyncLedger
    views: AsyncConnectionPool[Reader]
    reads: ReadLog
    blobs: Blobs
    uploads: Quota
    tokens: Tokens
    signing: Signing
    wrong_tokens: WrongTokens
    cursors: Cursors
    bell: Bell
    metrics: Metrics
    closing: asyncio.Event
    scopes: dict[tuple[int, Reach], Rows] = field(default_factory=dict)
    """Of posts, as the registers stood at a position."""


def wiring_of(scope: Scope) -> Wiring:
    """Return what the application that a request came to is wired with."""
    wiring: Wiring = scope["state"][WIRING]
    return wiring


def wired(scope: Scope, wiring: Wiring) -> None:
    """Give a request what its handler needs: handlers are made once in a process, and there may be
    several applications."""
    scope.setdefault("state", {})[WIRING] = wiring
