"""An application in which accounts sign in, over TLS as browsers see it; hashing is cheap."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
import pyotp
import pytest
from litestar.testing import TestClient
from litestar.types import ASGIApp
from msgspec import Struct
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.signing.sessions import token_made
from api.signing.signing import connected, recovered
from api.web.watch import watched
from api.web.wiring import Wiring
from domain.vocabulary import Actor
from ledger.log.store import Ledger
from tests.api.conftest import Api, founded, settings_of
from tests.databases import Database

PASSWORD: Final = "a lamp beside the river"
ADDRESS: Final = "X-Test-Address"
ORIGIN: Final = "https://office.example"
POST: Final = {"role": "duty_officer", "unit": "ROOM-1", "since": "2020-01-01", "basis": "任命"}


class Office(Struct, frozen=True):
    """The application, and browsers of its people."""

    api: Api
    wiring: Wiring
    database: Database

    def open_account(self, code: str, *posts: dict[str, Any]) -> None:
        answer = self.api.post("/accounts", {"code": code, "name": f"{code} 某"}, by="admin")
        assert answer.status_code == 201, answer.text
        for seen, post in enumerate(posts or (POST,), start=1):
            path = f"/accounts/{code}/give-post"
            answer = self.api.post(path, post, by="admin", seen=seen)
            assert answer.status_code == 200, answer.text

    def once(self, code: str, *, lost_factor: bool = False) -> str:
        """A one-time password, as the operator's command line gives it."""

        async def given() -> str:
            async with connected(self.database.app_url) as connection:
                password, _ = await recovered(
                    connection,
                    account,
                    by="operator",
                    address="",
                    good_s=600,
                    lost_factor=lost_factor,
                )
                return password

        with Ledger(self.database.app_url) as ledger:
            account = ledger.registers().accounts[code]
        return asyncio.run(given())

    def token(self, code: str, *scopes: str) -> str:
        """An API token of the account's first post."""

        async def made() -> str:
            async with connected(self.database.app_url) as connection:
                until = datetime.now(UTC) + timedelta(days=1)
                _, token = await token_made(
                    connection, by, expires_at=until, made_by="operator", scopes=scopes or None
                )
                return token

        with Ledger(self.database.app_url) as ledger:
            held = ledger.registers().accounts[code].posts[0]
        by = Actor(account=code, role=held.role, unit=held.unit, adviser=held.adviser)
        return asyncio.run(made())

    def browser(self, address: str = "203.0.113.7") -> "Browser":
        return Browser(self.api.client, address, {}, {})

    def signed_in(self, code: str, *posts: dict[str, Any]) -> "Browser":
        """The browser of a new account that has changed its one-time password."""
        self.open_account(code, *posts)
        browser = self.browser()
        answer = browser.sign_in(code, self.once(code))
        assert answer.status_code == 200, answer.text
        changed = browser.send("POST", "/session/password", {"password": PASSWORD})
        assert changed.status_code == 200, changed.text
        again = browser.sign_in(code, PASSWORD)
        assert again.status_code == 200, again.text
        return browser

    def as_owner(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database.owner_url)

    def rows(self, query: str) -> list[Any]:
        with self.as_owner() as connection:
            return connection.execute(query).fetchall()


class Browser(Struct, frozen=True):
    """It keeps cookies as browsers do, and sends what pages of ours send."""

    client: TestClient[ASGIApp]
    address: str
    cookies: dict[str, str]
    kept: dict[str, str]

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        sent = {ADDRESS: self.address, **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = f"{ORIGIN}/api/v1{path}"
        answer = self.client.request(method, url, json=body, headers=sent, follow_redirects=False)
        self.client.cookies.clear()
        for one in answer.headers.get_list("set-cookie"):
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status_code == 200 and "csrf" in answer.text:
            self.kept["csrf"] = answer.json()["csrf"]
        return answer

    def sign_in(
        self, account: str, password: str, code: str | None = None, **headers: str
    ) -> httpx.Response:
        body = {"account": account, "password": password, "code": code}
        return self.ask("POST", "/session", body, headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        ours = {"X-Anjuan-Csrf": self.kept.get("csrf", ""), "Origin": ORIGIN}
        return self.ask(method, path, body, {**ours, **headers})

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def with_second_factor(self) -> tuple[str, list[str]]:
        """Set it up: its secret, and the recovery codes."""
        prepared = self.send("POST", "/session/second-factor", {"password": PASSWORD})
        assert prepared.status_code == 200, prepared.text
        secret = prepared.json()["secret"]
        code = {"code": pyotp.TOTP(secret).now()}
        confirmed = self.send("POST", "/session/second-factor/confirm", code)
        assert confirmed.status_code == 200, confirmed.text
        return secret, confirmed.json()["recovery_codes"]


@pytest.fixture
def office(database: Database, home: Path) -> Iterator[Office]:
    with office_with(database, home) as opened:
        yield opened


@contextmanager
def office_with(database: Database, home: Path, **settings: Any) -> Iterator[Office]:
    cheap = {"argon2_kib": 8, "argon2_passes": 1, "argon2_lanes": 1}
    wiring = wire(replace(settings_of(database, home), **cheap, **settings), database.app_url)
    app = from_addresses(watched(api_of(wiring), wiring.metrics))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Office(founded(client, database), wiring, database)


def from_addresses(app: ASGIApp) -> ASGIApp:
    """Let a header say which address a request comes from, as the network would."""

    async def told(scope: Any, receive: Any, send: Any) -> None:
        for name, value in scope.get("headers", ()):
            if name == ADDRESS.lower().encode():
                scope["client"] = (value.decode(), 50_000)
        await app(scope, receive, send)

    return told
