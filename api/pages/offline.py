"""Forms that are filled in where there is no network: the worker that shows them there, and what
their outbox is told of whose session it is.

The worker keeps files that are nobody's: style, scripts and forms without a name in them; no page
with anybody's data, and no POST passes through it.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from api.pages.assets import asset_path
from api.pages.page import Html, Page, Told, Visit, url
from api.pages.rendering import POLICY, language_of
from api.pages.tongue import LANGUAGES, Language
from api.rights import PERMISSION, PUBLIC
from api.web.answers import reply
from api.web.headers import FOR_ANYBODY

WORKER: Final = "/sw.js"
SHELLS: Final[Mapping[str, str]] = {
    "/desk": "/desk/offline",
    "/worklogs/@new": "/worklogs/@new/offline",
    "": "/offline",
}
"""Page → what is shown in its place; the last one in the place of every other page."""
FILES: Final = (
    "bootstrap.min.css", "anjuan.css", "anjuan.js", "outbox.js", "icon.svg",
)  # fmt: skip


def worker(language: Language) -> bytes:
    """Write the worker: its version is what it keeps, so that a new file is a new worker."""
    shells = {page: url(shell, lang=language) for page, shell in SHELLS.items()}
    kept = [*shells.values(), *(asset_path(one) for one in FILES)]
    text = (files("api") / "static" / "app" / "worker.txt").read_text(encoding="utf-8")
    version = hashlib.sha256((text + "".join(kept)).encode()).hexdigest()[:12]
    for name, value in (("VERSION", version), ("FILES", kept), ("SHELLS", shells)):
        text = text.replace(name, msgspec.json.encode(value).decode())
    return text.encode()


async def _show(visit: Visit) -> Html:
    return Html(template="offline.html", context={"title": visit.tongue.say("没有网络")})


async def _who(visit: Visit) -> Told:
    """Tell a script whose session it is, and the key by which the outbox of the account is sealed:
    it is handed to that account alone."""
    assert visit.session is not None
    account = visit.session.account
    secret = visit.wiring.cursors.secret_for(f"outbox {account}")
    told = {
        "account": account,
        "csrf": visit.csrf,
        "point": visit.by.unit if visit.by is not None else None,
        "key": b64encode(hashlib.sha256(secret.encode()).digest()).decode(),
        "now": datetime.now(UTC),
    }
    return Told(body=told)


PAGES: Final = (
    Page(under=SHELLS[""], of="Help", show=_show),
    Page(under="/outbox", of="OwnSession", show=_who),
)


def handlers() -> list[HTTPRouteHandler]:
    content = {one: worker(one) for one in LANGUAGES}

    @get(WORKER, name="Worker", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def send(request: Request[Any, Any, Any]) -> ASGIApp:
        # A worker obeys the policy of its own answer.
        headers = [(b"content-type", b"text/javascript; charset=utf-8"), POLICY, FOR_ANYBODY]
        return reply(200, headers, content[language_of(request.scope, {})])

    return [send]
