"""The inbox of those who handle requests: of each list that waits, its first rows."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from msgspec import Struct

from api.pages.asking import ask
from api.pages.declared import Declared
from api.pages.page import Visit
from api.web.answers import ROOT
from projections.requests.requests import RequestRow

OF_REQUESTS: Final = "/requests"
ROWS: Final = 5
"""Of each list; the rest is behind its link."""


class Inbox(Struct, frozen=True):
    """A list of requests that waits, and the first of them."""

    of: Any
    link: str
    rows: Sequence[RequestRow]


async def inboxes_of(visit: Visit, declared: Declared, waiting: Sequence[Any]) -> Sequence[Inbox]:
    """Ask for the first rows of each list of requests in which something waits."""
    found = []
    for one in waiting:
        link = str(one.link).removeprefix(ROOT)
        path, _, query = link.partition("?")
        if path == OF_REQUESTS:
            asked = {**dict(parse_qsl(query)), "limit": ROWS}
            listed = await ask(visit, declared.questions["Requests"], {}, asked)
            found.append(Inbox(one, link, listed.body.rows))
    return found
