"""A page: its declaration, who looks at it, and what it answers with."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode

from litestar.types import HTTPScope
from msgspec import Struct, field

from api.pages.tongue import Tongue
from api.rights import Right, right_of
from api.signing.sessions import Session
from api.web.answers import PARAMETER, Headers
from api.web.calling import header
from api.web.problems import Problem
from api.web.wiring import Wiring
from domain.moment import Registers
from domain.vocabulary import Actor

FIELDS_MAX: Final = 2000
Form = Mapping[str, Sequence[str]]
"""What was typed, by the names of the fields: those that stand several times have several texts."""
PRESSED_AT: Final = "_pressed_at"
NOTHING_TYPED: Final[Form] = MappingProxyType({})


class Visit(Struct, frozen=True, kw_only=True):
    """Who looks at a page, and what he asks of it."""

    wiring: Wiring
    scope: HTTPScope
    registers: Registers
    tongue: Tongue
    path: dict[str, Any] = {}
    query: Mapping[str, str] = {}
    form: Form = {}
    session: Session | None = None
    by: Actor | None = None
    csrf: str = ""
    simulated: bool = False
    """The log began as a simulation."""

    @property
    def actor(self) -> Actor:
        """Whoever acts, on a page that is nobody's without a post."""
        assert self.by is not None
        return self.by

    @property
    def here(self) -> str:
        """The path of this page."""
        return str(self.scope["path"])

    def at(self, **changed: str | None) -> str:
        """This page with other parameters: None takes one away."""
        kept = {name: one for name, one in {**self.query, **changed}.items() if one is not None}
        return url(self.here, **kept)

    def given(self, name: str) -> str:
        """Return what a field holds, as it was typed: of a password blanks are a part."""
        return next(iter(self.form.get(name, ())), "")

    def typed(self, name: str) -> str:
        """Return what was typed into a field of one line, without blanks around it."""
        return self.given(name).strip()

    @property
    def pressed_at(self) -> datetime:
        """When the form was pressed: an outbox says it, whose forms arrive when there is a network
        again. What is typed of times is meant as of then."""
        try:
            told = datetime.fromisoformat(self.typed(PRESSED_AT))
        except ValueError:
            return datetime.now(UTC)
        return datetime.now(UTC) if told.tzinfo is None else told.astimezone(UTC)

    @property
    def by_script(self) -> bool:
        """A script of ours asks: it is answered as JSON."""
        return "application/json" in (header(self.scope, b"accept") or "")

    @property
    def next_page(self) -> str:
        """Return where whoever came here wanted to go, as the address or the form says."""
        return self.query.get("next") or self.typed("next")


class Html(Struct, frozen=True, kw_only=True):
    """A page to be rendered."""

    template: str
    context: Mapping[str, Any] = {}
    status: int = 200
    headers: Headers = field(default_factory=list)


class Elsewhere(Struct, frozen=True):
    """The browser goes on at another page of ours."""

    location: str
    headers: Headers = []
    told: Mapping[str, str] = {}
    """What a script that sent the form is told besides: the `page` of what was made, what it is
    `named`, and `why` something after it was not taken."""


class Told(Struct, frozen=True, kw_only=True):
    """An answer to a script of ours, as JSON."""

    body: Any
    status: int = 200


Show = Callable[[Visit], Awaitable[Html | Elsewhere | Told]]


class Page(Struct, frozen=True, kw_only=True):
    """Declaration of one page."""

    under: str
    """Its path; it names the parameters."""
    of: str
    """The row of `api.rights` that it stands under: of a question, a command or a door."""
    show: Show
    take: Show | None = None
    """What is done with what its form sends."""
    for_everybody: bool = False
    """Also when something goes wrong on it, it looks as pages without a login do."""

    @property
    def right(self) -> Right:
        """Raises: NoRight."""
        return right_of(self.of)


def filled(under: str, path: Mapping[str, Any]) -> str:
    """Fill in the parameters of a path."""
    return PARAMETER.sub(lambda found: str(path[found[1]]), under)


def url(path: str, /, **query: Any) -> str:
    """Write an address of ours; parameters that are None are left out."""
    asked = {name: one for name, one in query.items() if one is not None}
    return quote(path, safe="/@:-._~") + (f"?{urlencode(asked, doseq=True)}" if asked else "")


def form_of(raw: bytes) -> Form:
    """Read what a form sends.

    Raises: Problem `malformed`.
    """
    try:
        return parse_qs(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX
        )
    except ValueError as error:
        raise Problem("malformed", "form") from error


def local(target: str | None) -> str | None:
    """Return where somebody wanted to go, if it is a page of ours: a link from elsewhere must not
    lead on through us."""
    if target is None or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return None
    return target if target.isascii() and target.isprintable() else None
