"""What a walk through all pages needs: what the office holds, who walks, and where to.

Generated from the table of rights, the declared pages and what a simulated office holds. What a
post reaches is decided here from the log by the rules alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.pages.declared import FROM_TO, REPORTS
from api.pages.page import Page, filled
from api.rights import PUBLIC, SIGNING
from api.serving.commands import ROUTES
from api.serving.pages import DECLARED, pages
from api.web.acting import Route
from api.web.answers import PARAMETER
from domain.aggregates import kind_of
from domain.jurisdiction import PLACES, Place, reach_of, reaches
from domain.moment import Registers
from domain.reading import BESIDE, may_read
from domain.requests import rating
from domain.requests.request_commands import LogRequest
from domain.vocabulary import Actor, Visitor
from ledger.log.codec import uuid7
from ledger.log.store import Ledger
from ledger.server.connection import ensure

# --- what the office holds


KINDS: Final[Mapping[str, str]] = {
    "/accounts": "account", "/advisers": "adviser", "/appointments": "appointment",
    "/areas": "area", "/attachments": "attachments", "/calendars": "calendar",
    "/complaints": "complaint", "/conferences": "conference", "/devices": "device",
    "/divisions": "division", "/evaluations": "evaluation", "/firms": "firm", "/forms": "form",
    "/helpers": "helper", "/inspections": "inspection", "/marks": "mark", "/needs": "needs",
    "/organs": "organ", "/points": "point", "/policies": "policy", "/receptions": "reception",
    "/rectifications": "rectification", "/reports": "report", "/requests": "request",
    "/requests/{id:uuid}/rating": "rated", "/rosters": "roster", "/rulesets": "ruleset",
    "/samples": "sample", "/surveys": "survey", "/teams": "team", "/trainings": "training",
    "/visit-plans": "visitplan", "/worklogs": "worklog",
}  # fmt: skip
"""How the paths of things begin → what they are of. Devices, files and ratings belong to others."""
OF_NO_THING: Final = ("/events/", "/streams/", "/public/", "/ratings/")
"""The log itself, and who comes by a link."""
BY_SCRIPTS: Final = frozenset(
    (
        "/outbox",
        "/desk/earlier",
        "/desk/offline",
        "/worklogs/@new/offline",
        "/desk/{id:uuid}/answer",
    )
)
"""What scripts of the desk ask, and no person."""
FOR_EVERY_READER: Final = frozenset(("Choices",))
"""Whom a village may choose, anybody may ask who reads the registers; its needs stay there."""
OF_REGISTERS: Final = frozenset((
    "adviser", "calendar", "device", "division", "firm", "form", "organ", "point", "policy",
    "ruleset", "team",
))  # fmt: skip
STREAMS: Final = """
    SELECT DISTINCT ON (originator_id) originator_id, topic, notification_id
      FROM log_events ORDER BY originator_id, originator_version
"""
NAMES: Final = (
    "code", "village", "division", "adviser", "month", "point", "day", "template", "period",
)  # fmt: skip
SECRET: Final = "密不外传的事由"
"""In a request of a room where nobody of the walk has to do with."""


class Thing(Struct, frozen=True):
    of: str
    """One of `KINDS`."""
    kind: str
    state: Any
    path: Mapping[str, str]
    """Parameters of its pages."""


class World(Struct, frozen=True):
    things: Mapping[str, Sequence[Thing]]
    """By what they are of, the newest first."""
    by_id: Mapping[str, Thing]
    registers: Registers

    def readable(self, by: Actor, thing: Thing) -> bool:
        return may_read(thing.kind, thing.state, by, self.registers)

    def reaches(self, by: Actor, page: Page, thing: Thing) -> bool:
        """Whether a post reaches a thing with what the page is for."""
        if (route := ROUTE.get(page.under)) is None or route.kind not in PLACES:
            return True
        if route.stream is None and "{division:" in page.under:
            reach = reach_of(by, self.registers)
            return reach is None or reach.covers(Place((thing.path["division"],)))
        return reaches(by, thing.kind, thing.state, route.command, self.registers)

    def one(self, of: str, fits: Callable[[Thing], bool]) -> Thing | None:
        return next((one for one in self.things.get(of, ()) if fits(one)), None)

    def at(self, page: Page, path: Mapping[str, Any]) -> Thing | None:
        """The thing that an address is of."""
        asked = {name: str(one) for name, one in path.items()}
        return self.one(
            of_page(page),
            lambda one: all(
                asked[name] == given for name, given in one.path.items() if name in asked
            ),
        )


ROUTE: Final[Mapping[str, Route]] = {DECLARED.form_under(one): one for one in ROUTES}


def of_page(page: Page) -> str:
    """Say what the things of a page are; a page whose things have no row fails the walk."""
    return KINDS[max((one for one in KINDS if page.under.startswith(one)), key=len)]


def world_of(ledger: Ledger) -> World:
    things: dict[str, list[Thing]] = {}
    rows = ledger.recorder.rows(STREAMS, {})
    for row in sorted(rows, key=lambda one: -one["notification_id"]):
        stream, kind = row["originator_id"], kind_of(row["topic"])
        of = {"attachments": "attachments", rating.KIND: "rated"}.get(kind, kind)
        if kind in BESIDE:
            first: Any = next(iter(ledger.events.get(stream)))
            stream = BESIDE[kind](first.event)
        held = ledger.any(stream)
        if held is not None:
            begun: Any = next(iter(ledger.events.get(stream)))
            kind = kind_of(begun.event.topic)
            path = {"id": str(stream), **codes_of(kind, held.state)}
            things.setdefault(of, []).append(Thing(of, kind, held.state, path))
    for point in tuple(things["point"]):
        for device in point.state.devices:
            path = {"code": device}
            things.setdefault("device", []).append(replace(point, of="device", path=path))
    by_id = {
        one.path["id"]: one for several in things.values() for one in several if "id" in one.path
    }
    return World(things, by_id, ledger.registers())


def codes_of(kind: str, state: Any) -> Mapping[str, str]:
    """What a thing is called by, wherever its state says it."""
    versions = getattr(state, "versions", ())[-1:]
    tables = (getattr(one, "table", None) for one in versions)
    found: dict[str, str] = {}
    for part in (state, getattr(state, "registered", None), *versions, *tables):
        for name in NAMES:
            if (one := getattr(part, name, None)) is not None:
                found.setdefault(name, str(one))
    if kind == "appointment":
        found["code"] = found["division"]
    if "template" in found:
        found["template"] = found["template"].partition("@")[0]
    return found


CITY: Final = "4401"


def log_secret(ledger: Ledger) -> None:
    """Write down what nobody of the walk may see but who oversees the whole city."""
    registers = ledger.registers()
    point = next(
        one
        for one in sorted(registers.points.values(), key=lambda one: one.code, reverse=True)
        if one.kind == "room" and not one.locations[-1].division.startswith("440103")
    )
    command = LogRequest(
        point=point.code, channel="counter", service="consultation", subject=SECRET,
        visitor=Visitor(name=SECRET[:4], phone="13800009999"),
    )  # fmt: skip
    by = Actor(account="secret-1", role="duty_officer", unit=point.code)
    ledger.execute(uuid7(), command, by=by)


# --- who walks


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


PLAYED: Final = re.compile('data-role="([a-z_]+)">.*?name="account" value="([^"]+)"', re.DOTALL)
CSRF: Final = re.compile('name="_csrf" value="([^"]+)"')
NO_VERSION: Final = "999999"
"""That nothing is at: whatever may be done, nothing is."""


def signed_in(url: str, account: str) -> Post:
    client = httpx.Client(base_url=url, headers={"origin": url}, timeout=30)
    assert client.post("/sign-in/simulated", data={"account": account}).status_code == 303
    csrf = CSRF.search(client.get("/own/post").text)
    assert csrf is not None
    return Post(msgspec.json.decode(client.get("/api/v1/me").content, type=Actor), client, csrf[1])


# --- where to


Standing = Literal["for another role", "unreadable", "out of reach", "mine"]


class Case(Struct, frozen=True):
    """A page for a post, with the parameters of a thing where it is of one."""

    page: Page
    path: str
    standing: Standing
    made_up: bool = False
    """A parameter is, because no thing says it: that the API says the same is all that is asked."""


def cases_of(world: World, by: Actor) -> Iterator[Case]:
    for page in PAGES:
        if by.role not in page.right.roles:
            yield case_of(page, None, "for another role")
        elif "{" not in page.under:
            yield case_of(page, None, "mine")
        else:
            yield from cases_of_things(world, by, page)


def cases_of_things(world: World, by: Actor, page: Page) -> Iterator[Case]:
    """The newest thing that stands in each way to the post, where there is one."""
    found: dict[Standing, Thing] = {}
    for thing in world.things.get(of_page(page), ()):
        found.setdefault(standing_of(world, by, page, thing), thing)
    for standing, thing in found.items():
        yield case_of(page, thing, standing)


def standing_of(world: World, by: Actor, page: Page, thing: Thing) -> Standing:
    if page.of not in FOR_EVERY_READER and not world.readable(by, thing):
        return "unreadable"
    return "mine" if world.reaches(by, page, thing) else "out of reach"


def case_of(page: Page, thing: Thing | None, standing: Standing) -> Case:
    names = [name for name, _ in PARAMETER.findall(page.under)]
    known = {} if thing is None else thing.path
    path = {name: known.get(name, NOWHERE if name == "id" else "x") for name in names}
    address = filled(page.under, path) + (LATELY if page.under in OF_A_PERIOD else "")
    return Case(page, address, standing, made_up=any(n not in known for n in names))


LATELY: Final = "?from=2026-01-01"
OF_A_PERIOD: Final = frozenset(
    one.under
    for one in DECLARED.questions.values()
    if one.under.startswith(REPORTS)
    and {field.encode_name for field in msgspec.structs.fields(one.query)} >= FROM_TO
)
"""Reports that go on at an address with a period, where theirs has none."""
NOWHERE: Final = "00000000-0000-4000-8000-000000000009"
PAGES: Final = [
    one
    for one in pages()
    if one.right.permission not in (PUBLIC, SIGNING)
    and not one.under.startswith(OF_NO_THING)
    and one.under not in BY_SCRIPTS
]


# --- all of them


BEGUN: Final[Mapping[str, Mapping[str, str]]] = {
    "/evaluations/@new": {
        "ruleset": "adviser-year@1", "period": str(datetime.now(UTC).year), "division": "440103",
    },
    "/samples/@new": {"of": "worklog", "division": "440103", "size": "3", "purpose": "抽查"},
}  # fmt: skip
"""What no simulated quarter comes to, and the forms by which the city begins it."""


@contextmanager
def walking(url: str, home: Path) -> Iterator[tuple[World, Sequence[Post]]]:
    """Sign in everybody whom the page of signing in offers, and list what there is."""
    shown = httpx.get(url + "/sign-in").text
    posts = [signed_in(url, account) for _, account in PLAYED.findall(shown)]
    # She reaches everything: what she may is what a district may of its own.
    city = next(one for one in posts if (one.by.role, one.by.unit) == ("supervisor", CITY))
    posts.remove(city)
    for path, form in BEGUN.items():
        done = city.client.post(path, data={"_csrf": city.csrf, "_key": path, **form})
        # Begun already, where the office was walked through before.
        assert done.status_code in (303, 409), done.text
    with Ledger(ensure(home).app) as ledger:
        log_secret(ledger)
        world = world_of(ledger)
    yield world, posts
    for one in (*posts, city):
        one.client.close()
