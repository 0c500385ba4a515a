"""Dependencies of request handlers, built once per process by the composition root."""

import asyncio
from typing import Any, Final

import psycopg
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
from projections.asking.scope import Reader, Scope

Connection = psycopg.AsyncConnection[dict[str, Any]]
READERS_MAX: Final = 4
"""Connections for views: a slow report must not keep commands waiting, nor take all the cores."""


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
    scopes: dict[tuple[int, Reach], Scope] = field(default_factory=dict)
    """Of posts, as the registers stood at a position."""
