"""Every page and every form as every post, inside and outside what it reaches, over HTTP.

Generated from the table of rights, the declared pages and what a simulated office holds: a page or
a form that is added is walked. What a post reaches is decided here from the log by the rules alone;
the pages must agree with that, and with the API.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest
from msgspec import Struct

from api.pages.page import PARAMETER, Page, filled
from api.rights import COMMANDS, PUBLIC, QUESTIONS
from api.serving.commands import ROUTES
from api.serving.pages import DECLARED, pages
from api.serving.questions import QUESTIONS as ASKED
from api.web.acting import Route
from domain.aggregates import kind_of
from domain.jurisdiction import PLACES, place_of, reach_of, reaches
from domain.moment import Registers
from domain.reading import BESIDE, may_read
from domain.vocabulary import Actor
from ledger.log.decision import project_any
from ledger.log.store import Ledger
from ledger.server.connection import ensure
from tests.web.conftest import Office, served

pytestmark = pytest.mark.timeout(300)
MAIN: Final = re.compile("<main.*</main>", re.DOTALL)
CSRF: Final = re.compile('name="_csrf" value="([^"]+)"')
PLAYED: Final = re.compile('data-role="([a-z_]+)">.*?name="account" value="([^"]+)"', re.DOTALL)
HEADING: Final = re.compile("<h1[^>]*>[^<]*[^<> \n]")
LINK: Final = re.compile('(?:href|formaction|action)="([^"?#]+)')
ID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_VERSION: Final = "999999"
"""That nothing is at: whatever may be done, nothing is."""
ASKS_FOR_MORE: Final = 400
"""What a question refuses for want of a parameter, its page asks for."""
NOT_TAKEN: Final = (303, 409, 412, 422)
"""What a form without anything in it comes to, where it may be sent."""
KINDS: Final[Mapping[str, str]] = {
    "accounts": "account", "advisers": "adviser", "appointments": "appointment", "areas": "area",
    "attachments": "request", "calendars": "calendar", "complaints": "complaint",
    "conferences": "conference", "devices": "point", "divisions": "division",
    "evaluations": "evaluation", "firms": "firm", "forms": "form", "helpers": "helper",
    "inspections": "inspection", "marks": "mark", "needs": "needs", "organs": "organ",
    "points": "point", "policies": "policy", "receptions": "reception",
    "rectifications": "rectification", "reports": "report", "requests": "request",
    "rosters": "roster", "rulesets": "ruleset", "samples": "sample", "surveys": "survey",
    "teams": "team", "trainings": "training", "visit-plans": "visitplan", "worklogs": "worklog",
}  # fmt: skip
"""How the paths of things begin → their kind."""
NOT_THINGS: Final = frozenset(("events", "streams", "ratings", "public"))
"""Paths of the log itself, and of whoever has a link."""


class Thing(Struct, frozen=True):
    id: UUID
    kind: str
    state: Any
    path: Mapping[str, str]
    """Parameters of its pages."""


class World(Struct, frozen=True):
    """What the office holds, by its log."""

    things: Mapping[str, Sequence[Thing]]
    """By kind, the newest first."""
    beside: Mapping[UUID, UUID]
    """What belongs to another thing → that thing."""
    registers: Registers

    def readable(self, by: Actor, thing: Thing) -> bool:
        return may_read(thing.kind, thing.state, by, self.registers)

    def one(self, kind: str, fits: Callable[[Thing], bool]) -> Thing | None:
        return next((one for one in self.things.get(kind, ()) if fits(one)), None)


class Post(Struct, frozen=True):
    """Somebody who is signed in, and what his browser sends."""

    by: Actor
    client: httpx.Client
    csrf: str

    def look(self, path: str) -> httpx.Response:
        return self.client.get(path, headers={"accept": "text/html"})

    def send(self, path: str, csrf: str | None = None) -> httpx.Response:
        form = {"_csrf": self.csrf if csrf is None else csrf, "_version": NO_VERSION}
        return self.client.post(path, data=form, headers={"accept": "text/html"})

    def ask(self, path: str) -> int:
        return self.client.get(f"/api/v1{path}").status_code


NAMES: Final = (
    "code", "village", "division", "adviser", "month", "point", "day", "template", "period",
)  # fmt: skip


STREAMS: Final = """
    SELECT DISTINCT ON (originator_id) originator_id, topic, notification_id
      FROM log_events ORDER BY originator_id, originator_version
"""


def world_of(office: Office) -> World:
    things: dict[str, list[Thing]] = {}
    beside: dict[UUID, UUID] = {}
    with Ledger(ensure(office.shell.home).app) as ledger:
        rows = ledger.recorder.rows(STREAMS, {})  # type: ignore[attr-defined]
        for row in sorted(rows, key=lambda one: -one["notification_id"]):
            stream, kind = row["originator_id"], kind_of(row["topic"])
            held = ledger.any(stream)
            if kind in BESIDE:
                first: Any = next(iter(ledger.events.get(stream)))
                beside[stream] = BESIDE[kind](first.event)
            elif held is not None:
                path = {"id": str(stream), **codes_of(kind, held.state)}
                things.setdefault(kind, []).append(Thing(stream, kind, held.state, path))
        return World(things, beside, ledger.registers())


def codes_of(kind: str, state: Any) -> Mapping[str, str]:
    """What a thing is called by, wherever its state says it."""
    versions = getattr(state, "versions", ())
    parts = (state, getattr(state, "registered", None), *versions[-1:])
    parts = (*parts, *(getattr(one, "table", None) for one in versions[-1:]))
    found: dict[str, str] = {}
    for part in parts:
        for name in NAMES:
            if (one := getattr(part, name, None)) is not None:
                found.setdefault(name, str(one))
    if kind == "appointment":
        found["code"] = found["division"]
    if "template" in found:
        found["template"] = found["template"].partition("@")[0]
    return found


def posts_of(office: Office) -> Sequence[Post]:
    """Everybody whom the page of signing in offers."""
    shown = httpx.get(office.url + "/sign-in").text
    return [signed_in(office, account) for _, account in PLAYED.findall(shown)]


def signed_in(office: Office, account: str) -> Post:
    client = httpx.Client(base_url=office.url, headers={"origin": office.url}, timeout=30)
    assert client.post("/sign-in/simulated", data={"account": account}).status_code == 303
    csrf = CSRF.search(client.get("/own/post").text)
    assert csrf is not None
    return Post(client.get("/api/v1/me").read() and by_of(client), client, csrf[1])


def by_of(client: httpx.Client) -> Actor:
    return msgspec.json.decode(client.get("/api/v1/me").content, type=Actor)


# --- the walk


class Case(Struct, frozen=True):
    """A page with its parameters, for one post."""

    page: Page
    path: str
    reached: bool
    """By the post, with what the page is for."""
    thing: Thing | None = None


def cases_of(world: World, post: Post) -> Iterator[Case]:
    for page in pages():
        right = page.right
        if right.permission in (PUBLIC, "signing") or page.under in ASIDE:
            continue
        first = page.under.split("/")[1]
        if "{" not in page.under:
            yield Case(page, page.under, post.by.role in right.roles)
        elif first in NOT_THINGS:
            continue
        elif post.by.role not in right.roles:
            some = world.one(KINDS[first], lambda one: True)
            if some is not None:
                yield Case(page, address(page, some), reached=False)
        else:
            for fits in (True, False):
                for reached in (True, False):
                    thing = world.one(
                        KINDS[first],
                        lambda one: (
                            world.readable(post.by, one) is fits  # noqa: B023
                            and reaches_with(world, post, page, one) is reached
                        ),  # noqa: B023
                    )
                    if thing is not None:
                        yield Case(page, address(page, thing), fits and reached, thing)


ROUTE: Final[Mapping[str, Route]] = {DECLARED.form_under(one): one for one in ROUTES}


def reaches_with(world: World, post: Post, page: Page, thing: Thing) -> bool:
    route = ROUTE.get(page.under)
    if route is None or route.kind not in PLACES:
        return True
    return reaches(post.by, thing.kind, thing.state, route.command, world.registers)


def address(page: Page, thing: Thing) -> str:
    return filled(
        page.under, {name: thing.path.get(name, "x") for name, _ in PARAMETER.findall(page.under)}
    )


ASIDE: Final = frozenset(("/find",))
