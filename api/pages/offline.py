"""The worker that shows the desk where there is no network.

It keeps files that are nobody's: style, scripts and a form without a name in it; no page with
anybody's data, and no POST passes through it.
"""

import hashlib
from importlib.resources import files
from typing import Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from api.pages.assets import asset_path
from api.pages.rendering import POLICY
from api.rights import PERMISSION, PUBLIC
from api.web.answers import reply
from api.web.headers import FOR_ANYBODY

WORKER: Final = "/sw.js"
SHELL: Final = "/desk/offline"
FILES: Final = (
    "bootstrap.min.css", "anjuan.css", "anjuan.js", "outbox.js", "icon.svg",
)  # fmt: skip


def worker() -> bytes:
    """Write the worker: its version is what it keeps, so that a new file is a new worker."""
    kept = [SHELL, *(asset_path(one) for one in FILES)]
    text = (files("api") / "static" / "app" / "worker.txt").read_text(encoding="utf-8")
    version = hashlib.sha256((text + "".join(kept)).encode()).hexdigest()[:12]
    listed = ", ".join(f'"{one}"' for one in kept)
    return text.replace("VERSION", f'"{version}"').replace("FILES", f"[{listed}]").encode()


def handlers() -> list[HTTPRouteHandler]:
    content = worker()

    @get(WORKER, name="Worker", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def send() -> ASGIApp:
        # A worker obeys the policy of its own answer.
        headers = [(b"content-type", b"text/javascript; charset=utf-8"), POLICY, FOR_ANYBODY]
        return reply(200, headers, content)

    return [send]
