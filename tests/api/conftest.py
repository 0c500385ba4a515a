"""A whole application on a real database of its own, asked over ASGI."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from litestar.testing import TestClient
from litestar.types import ASGIApp
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from api.serving.app import application_of, wire
from api.settings import Settings
from api.web.watch import watched
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.point_commands import OpenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Actor, Command
from ledger.log.store import Ledger
from projections.running.runner import Runner
from tests.databases import Database
from tests.examples import CALENDAR, OPENED, REGISTERED, RULES, STATION

ACTORS: Final = {
    "clerk": Actor(account="clerk-1", role="duty_officer", unit="ROOM-1"),
    "colleague": Actor(account="clerk-2", role="duty_officer", unit="ROOM-1"),
    "station": Actor(account="handler-1", role="duty_officer", unit="STATION-1"),
    "lawyer": Actor(account="chen", role="adviser", unit="ROOM-1", adviser="A-1"),
    "leader": Actor(account="leader-1", role="supervisor", unit="440103"),
    "city": Actor(account="leader-0", role="supervisor", unit="4401"),
    "aid": Actor(account="aid-1", role="legal_aid_officer", unit="AID-1"),
    "aid-at-the-desk": Actor(account="aid-1", role="duty_officer", unit="ROOM-1"),
    "admin": Actor(account="admin-1", role="administrator", unit="4401"),
    "auditor": Actor(account="auditor-1", role="auditor", unit="4401"),
    "committee": Actor(account="committee-1", role="committee", unit="440103001001"),
    "desk": Actor(account="clerk-2", role="duty_officer", unit="ROOM-1"),
    "neighbour": Actor(account="clerk-9", role="duty_officer", unit="ROOM-9"),
    "elsewhere": Actor(account="leader-9", role="supervisor", unit="440104"),
    "firm": Actor(account="firm-1", role="firm", unit="FIRM-1"),
    "device": Actor(account="device-1", role="device", unit="ROOM-1"),
    "policy": Actor(account="rating-policy", role="policy", unit="4401"),
}
"""Token → who acts."""
LOGGED: Final[dict[str, Any]] = {
    "point": "ROOM-1",
    "channel": "counter",
    "service": "consultation",
    "subject": "拖欠工资",
    "visitor": {"name": "陈小明", "phone": "13800001234"},
}
NEXT_YEAR: Final = datetime.now(UTC).year + 1
"""Over HTTP everything happens now: what is promised in December is due in the next year."""
CONSULTED: Final = {"mode": "onsite", "minutes": 20}
FOUNDING: Final[tuple[tuple[str, Command], ...]] = (
    ("/calendars", PublishCalendar(calendar=replace(CALENDAR, last_year=NEXT_YEAR))),
    ("/policies", PublishPolicy(policy=RULES)),
    ("/points", OpenPoint(**{name: getattr(OPENED, name) for name in OpenPoint.__struct_fields__})),
    (
        "/points",
        OpenPoint(**{name: getattr(STATION, name) for name in OpenPoint.__struct_fields__}),
    ),
    ("/advisers", RegisterAdviser(code=REGISTERED.code, name=REGISTERED.name, firm="FIRM-1")),
)


class Api(Struct, frozen=True):
    """The application with a client; keys are drawn anew unless given."""

    client: TestClient[ASGIApp]
    database: Database
    numbers: "count[int]"

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        by: str | None = "clerk",
        key: str | None = None,
        seen: int | None = None,
        headers: dict[str, Any] | None = None,
        **query: Any,
    ) -> httpx.Response:
        """A command; `seen` is the version for If-Match, an empty `key` leaves the header out."""
        sent = {"Content-Type": "application/json"}
        if by is not None:
            sent["Authorization"] = f"Bearer {by}"
        if key != "":
            sent["Idempotency-Key"] = key or f"key-{next(self.numbers)}"
        if seen is not None:
            sent["If-Match"] = f'"{seen}"'
        sent |= headers or {}
        return self.client.post(f"/api/v1{path}", json=body, headers=sent, params=query or None)

    def get(
        self,
        path: str,
        *,
        by: str | None = "clerk",
        headers: dict[str, Any] | None = None,
        **query: Any,
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {by}"} if by is not None else {}
        return self.client.get(
            f"/api/v1{path}", headers=sent | (headers or {}), params=query or None
        )

    def logged(self, **more: Any) -> str:
        """The id of a new request."""
        answer = self.post("/requests", LOGGED | more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["stream"])

    def served_by_firm(self) -> None:
        """The firm of A-1 serves the town of the room, so that he may work in its village."""
        link = {"division": "440103001", "provider": "firm", "code": "FIRM-1"}
        path, since = "/appointments/link-provider", {"since": "2020-01-01"}
        answer = self.post(path, link | since, by="leader")
        assert answer.status_code == 201, answer.text

    def consulted(self) -> str:
        """The id of a new request that was served by the adviser A-1."""
        request = self.logged()
        served = self.post(f"/requests/{request}/give-consultation", CONSULTED, by="lawyer", seen=1)
        assert served.status_code == 200, served.text
        return request

    def invited(self) -> tuple[str, str]:
        """A served request and its rating link, without /api/v1, as a colleague printed it."""
        request = self.consulted()
        answer = self.post(f"/requests/{request}/rating-invitation")
        assert answer.status_code == 201, answer.text
        return request, self.coded(request)

    def coded(self, request: str, *, by: str = "colleague", seen: int = 1, **more: Any) -> str:
        """A code for the person of a request that was invited: its link, without /api/v1."""
        answer = self.post(f"/requests/{request}/rating/code", by=by, seen=seen, **more)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["link"]).removeprefix("/api/v1")

    def project(self) -> int:
        """Bring the views to the head of the log."""
        return Runner(self.database.app_url).catch_up()


def settings_of(database: Database, home: Path) -> Settings:
    return Settings(
        home=home,
        database_url=database.owner_url,
        app_database_url=database.app_url,
        tokens=ACTORS,
        secret="for tests only",
    )


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of a problem, after checking its form."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["trace_id"] == answer.headers["x-trace-id"]
    return answer.status_code, body["type"].removeprefix("urn:anjuan:problem:")


def founded(client: TestClient[ASGIApp], database: Database) -> Api:
    """With a calendar, rules, two points and an adviser."""
    made = Api(client, database, count(1))
    for path, command in FOUNDING:
        answer = made.post(path, to_builtins(command), by="admin")
        assert answer.status_code == 201, answer.text
    return made


@pytest.fixture
def api(database: Database, home: Path) -> Iterator[Api]:
    wiring = wire(settings_of(database, home), database.app_url)
    app = watched(application_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield founded(client, database)


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    """The same log by the synchronous door."""
    with Ledger(database.app_url) as opened:
        yield opened
