"""From a path to its page. There are hundreds of pages, one for each question and command: the
framework takes a millisecond for each of them, in every process and test, and this takes none."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from api.pages.page import Page
from api.pages.rendering import Shell, answered
from api.web.answers import PARAMETER, ROOT


class Pattern(Struct, frozen=True):
    """A path with parameters."""

    parts: re.Pattern[str]
    kinds: Mapping[str, str]
    page: Page


class Routing:
    """The pages by their paths. A path without parameters goes before one with."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._plain: dict[str, Page] = {}
        self._by_length: dict[int, list[Pattern]] = {}
        for page in pages:
            kinds = dict(PARAMETER.findall(page.under))
            if not kinds:
                self._plain[page.under] = page
                continue
            whole = "".join(
                f"(?P<{part[1]}>[^/]+)" if (part := PARAMETER.fullmatch(one)) else re.escape(one)
                for one in re.split("({[a-z0-9_]+:[a-z]+})", page.under)
            )
            pattern = Pattern(re.compile(whole), kinds, page)
            self._by_length.setdefault(page.under.count("/"), []).append(pattern)
        for patterns in self._by_length.values():
            # Fewer parameters say more: `/complaints/counts` before `/complaints/{id}`.
            patterns.sort(key=lambda one: len(one.kinds))

    def find(self, path: str) -> tuple[Page, dict[str, Any]] | None:
        """Return the page of a path with its parameters; None where there is none."""
        path = path.rstrip("/") or "/"
        if (page := self._plain.get(path)) is not None:
            return page, {}
        for one in self._by_length.get(path.count("/"), ()):
            if (found := one.parts.fullmatch(path)) is not None:
                given = _converted(found.groupdict(), one.kinds)
                if given is not None:
                    return one.page, given
        return None


def _converted(given: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        return {name: UUID(one) if kinds[name] == "uuid" else one for name, one in given.items()}
    except ValueError:
        return None


def with_pages(app: ASGIApp, shell: Shell, pages: Iterable[Page]) -> ASGIApp:
    """Answer pages; whatever is none goes on to the application."""
    routing = Routing(pages)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == ScopeType.HTTP and not scope["path"].startswith(ROOT):
            found = routing.find(scope["path"])
        if found is None or scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        page, path = found
        scope["path_params"] = path
        scope["path_template"] = page.under
        response = await answered(page, shell, Request(scope, receive, send))
        await response(scope, receive, send)

    return serve
