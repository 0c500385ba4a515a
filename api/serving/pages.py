"""Every page: those that a noun has made for itself, and the declared ones of all the rest."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

import api.accounts.pages as accounts_pages
import api.advising.pages as advising_pages
import api.evaluation.pages as evaluation_pages
import api.requests.pages as requests_pages
from api.advising.pages import public as public_pages
from api.pages import assets, offline
from api.pages.asking import ask
from api.pages.declared import Declared
from api.pages.page import Elsewhere, Html, Page, Visit, url
from api.pages.searched import sealed
from api.pages.waiting import boxes
from api.requests import device_pages, following_pages, rating_pages
from api.rights import PERMISSION, PUBLIC, may
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.web.answers import reply
from api.web.problems import Problem
from api.web.questions import log_head

DECLARED: Final = Declared(ROUTES, QUESTIONS)
MANIFEST: Final = "/app.webmanifest"
REQUEST_LOGGED: Final = "request.logged"


# --- pages about everything


async def _me(visit: Visit) -> Html:
    """Show what waits for whoever is signed in."""
    found = await boxes(visit, DECLARED)
    return Html(
        template="me.html",
        context={
            "title": visit.tongue.say("待办"),
            "waiting": [one for one in found if one.count],
            "nothing": [one for one in found if not one.count],
            "done": DECLARED.done(visit),
        },
    )


async def _all(visit: Visit) -> Html:
    """Everything that the post may look at or begin, by noun."""
    found = await ask(visit, DECLARED.questions["Me"], {}, {})
    may = set(found.body.may)
    lists: dict[str, list[tuple[str, str]]] = {}
    for question in QUESTIONS:
        if question.name in may and "{" not in question.under:
            said = visit.tongue.action(question.name, question.summary)
            lists.setdefault(question.tag, []).append((question.under, said))
    begins = [
        (DECLARED.form_under(route), visit.tongue.action(route.name, route.summary))
        for route in ROUTES
        if route.name in may and route.creates and "{" not in route.under
    ]
    return Html(
        template="all.html",
        context={"title": visit.tongue.say("全部功能"), "lists": lists, "begins": begins},
    )


async def _find(visit: Visit) -> Elsewhere:
    """Look for what was typed: the number of a request, which is the position where it was logged;
    the id of a thing, another position of the log, or words."""
    wanted = visit.typed("q") or visit.query.get("q", "").strip()
    try:
        return Elsewhere(url(f"/requests/{UUID(wanted)}"))
    except ValueError:
        pass
    if re.fullmatch("#?[0-9]{1,15}", wanted):
        position = wanted.lstrip("#")
        # What is beyond the log is no position: a telephone.
        if wanted.startswith("#") or int(position) <= await log_head(visit.wiring):
            return Elsewhere(await _logged_at(visit, position) or url(f"/events/{position}"))
    return Elsewhere(url("/requests", text=sealed(visit, wanted) if wanted else None))


async def _logged_at(visit: Visit, position: str) -> str | None:
    """The page of the request that goes by a number; None where no request does."""
    if not may(visit.actor, DECLARED.questions["Event"].permission):
        return None
    try:
        found = await ask(visit, DECLARED.questions["Event"], {"position": position}, {})
    except Problem:
        return None
    event = found.body.event
    return url(f"/requests/{event.stream}") if event.kind == REQUEST_LOGGED else None


async def _help(visit: Visit) -> Html:
    return Html(template="help.html", context={"title": visit.tongue.say("键盘和帮助")})


ABOUT_EVERYTHING: Final = (
    Page(under="/me", of="Me", show=_me),
    Page(under="/all", of="Me", show=_all),
    Page(under="/find", of="Requests", show=_find, take=_find),
    Page(under="/help", of="Help", show=_help),
)


# --- all of them


def pages() -> Sequence[Page]:
    own: tuple[Page, ...] = (
        *ABOUT_EVERYTHING,
        *offline.PAGES,
        *accounts_pages.PAGES,
        *rating_pages.PAGES,
        *following_pages.PAGES,
        *device_pages.PAGES,
        *public_pages.PAGES,
        *advising_pages.pages(DECLARED),
        *evaluation_pages.pages(DECLARED),
        *requests_pages.pages(DECLARED),
    )
    there = {one.under for one in own}
    return (*own, *(one for one in DECLARED.pages() if one.under not in there))


def handlers() -> list[HTTPRouteHandler]:
    """List what pages need besides themselves."""
    return [*assets.handlers(), *offline.handlers(), _manifest()]


def _manifest() -> HTTPRouteHandler:
    content = msgspec.json.encode(
        {
            "name": "案卷",
            "short_name": "案卷",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b3f7a",
            "icons": [
                {"src": assets.asset_path("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
            ],
        }
    )

    @get(MANIFEST, name="Manifest", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def send() -> ASGIApp:
        return reply(200, [(b"content-type", b"application/manifest+json")], content)

    return send
