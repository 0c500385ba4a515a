"""Connection URLs from the settings; the database behind them is ready."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from msgspec import Struct
from msgspec.structs import replace
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.schema import DatabaseUnusable, migrate
from ledger.server.access import APP
from ledger.server.embedded import Cluster

log = logging.getLogger(__name__)

OLDEST_SERVER: Final = 150000
FALSE_WORDS: Final = frozenset({"", "0", "n", "no", "f", "false", "off"})


class ServerTooOld(DatabaseUnusable):
    """PostgreSQL 版本过低，至少需要 15。"""


class DatabaseFunctionsRefused(DatabaseUnusable):
    """环境变量 POSTGRES_ENABLE_DB_FUNCTIONS 会丢失事件，请删除后再启动。"""


class NoDatabase(DatabaseUnusable):
    """无法连接数据库。"""


class Urls(Struct, frozen=True):
    """URLs that libpq (psql, psycopg) takes. `superuser` exists for the embedded server only."""

    app: str
    owner: str
    superuser: str | None


def ensure(
    home: Path,
    database_url: str | None = None,
    app_database_url: str | None = None,
    *,
    clock_tolerance_s: float | None = None,
) -> Urls:
    """A migrated database, and how to reach it; the application appends as long as the clock is
    at most so far behind the last record.

    Without `database_url` the embedded server under `home` is started if it is not running, and
    left running. With it, that URL's role owns the schema, and the embedded server is not touched.
    """
    refuse_database_functions(os.environ)
    if database_url is None:
        cluster = Cluster(home)
        cluster.start()
        urls = Urls(cluster.url("app"), cluster.url("owner"), cluster.url("superuser"))
        migrate(urls.owner)
        return _tolerant(urls, clock_tolerance_s)
    refuse_old_server(server_version(database_url))
    migrate(database_url)
    urls = Urls(app_database_url or app_url(database_url), database_url, None)
    return _tolerant(urls, clock_tolerance_s)


def _tolerant(urls: Urls, clock_tolerance_s: float | None) -> Urls:
    """The option is read by `ledger/schema/0004_clock.sql`."""
    if clock_tolerance_s is None:
        return urls
    option = f"-c anjuan.clock_tolerance_s={clock_tolerance_s:g}"
    return replace(urls, app=with_options(urls.app, option))


def refuse_database_functions(environment: Mapping[str, str]) -> None:
    """The library's own database functions lose events under concurrency: refuse to start."""
    if environment.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").strip().lower() not in FALSE_WORDS:
        raise DatabaseFunctionsRefused("unset POSTGRES_ENABLE_DB_FUNCTIONS: it loses events")


def server_version(url: str) -> int:
    """Read the version as libpq numbers it: 150018 is 15.18."""
    try:
        with psycopg.connect(url) as connection:
            return connection.info.server_version
    except psycopg.OperationalError as error:
        raise NoDatabase(str(error)) from error


def refuse_old_server(version: int) -> None:
    if version < OLDEST_SERVER:
        raise ServerTooOld(f"the server is PostgreSQL {version // 10000}, 15 or newer is needed")


def app_url(owner_url: str, role: str = APP) -> str:
    """The owner's URL with the application's rights, or as it is if it cannot take that role.

    The role is set by the connection's start-up options. That stops accidents, not an attacker
    who can send SQL (RESET ROLE): a login of its own, given as a second URL, stops him too.
    """
    url = with_options(owner_url, f"-c role={role}")
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as error:
        log.warning("the application connects as the owner: role %s not usable: %s", role, error)
        return owner_url
    return url


def with_options(url: str, options: str) -> str:
    """Add start-up options to a libpq URL or key=value string, keeping those it has."""
    together = f"{conninfo_to_dict(url).get('options') or ''} {options}".strip()
    if "://" not in url:
        return make_conninfo(url, options=together)
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "options"]
    # libpq reads '+' as a plus sign, so blanks must become %20.
    encoded = urlencode([*query, ("options", together)], quote_via=quote, safe="")
    return urlunsplit(parts._replace(query=encoded))
