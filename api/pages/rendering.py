"""Templates into pages: what every page has around it, packed as it leaves."""

import gzip
import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope
from msgspec.structs import replace

from api.pages.assets import asset_path, packs
from api.pages.forms import hidden
from api.pages.giving import NotTaken, status_of
from api.pages.happened import Happened
from api.pages.named import Names
from api.pages.navigation import menu_of
from api.pages.page import Elsewhere, Html, Page, Show, Told, Visit, form_of, local, url
from api.pages.playing import players
from api.pages.tongue import LANGUAGES, TONGUES, Language, Tongue
from api.rights import PUBLIC, SIGNING
from api.signing.sessions import Session, csrf_of
from api.web.answers import JSON, ROOT, Headers, pairs_of, parameters_of, reply
from api.web.authorization import acting, authorized, refuse_not_permitted, session_of
from api.web.calling import cookies_of, header, is_plain, keeps_no_cookie, session_cookie
from api.web.headers import FOR_ANYBODY
from api.web.limits import body_of
from api.web.problems import HANDLERS, MEDIA_TYPE, Problem, ProblemDetails
from api.web.wiring import Wiring
from domain import simulated_log
from domain.moment import Registers

POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    b" connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self';"
    b" base-uri 'none'; frame-ancestors 'none'",
)
HTML: Final = (b"content-type", b"text/html; charset=utf-8")
VALIDATED: Final = FOR_ANYBODY
"""Header of pages that are the same for everybody: a browser keeps one, and asks whether it is
still the newest."""
FOR_EVERYBODY: Final = ("/ratings/", "/public/")
"""Where no page is found for a path below these, somebody without a login has a link that was cut
off."""
LANGUAGE: Final = "anjuan-lang"
LANGUAGE_S: Final = 31_536_000
PACK_FROM: Final = 1000
"""Bytes: smaller pages are not packed."""
SIGN_IN: Final = "/sign-in"
GO_FIRST: Final[Mapping[str, str]] = {
    "not-authenticated": SIGN_IN,
    "password-must-change": "/own/password",
    "post-not-chosen": "/own/post",
    "second-factor-needed": "/own/second-factor",
}
"""Where whoever lacks something goes before he comes back."""
SHELL: Final = "shell"
"""Key of a request's state."""
NO_REGISTERS: Final = Registers(points={}, advisers={}, calendars={}, policies={})
FORM: Final = "application/x-www-form-urlencoded"
CSRF_FIELD: Final = "_csrf"
KEPT: Final = "kept."
"""Before the names of fields that were typed before the session ended."""


class Shell:
    """What the pages of one process share."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.known_simulated = False

    async def simulated(self) -> bool:
        """Tell whether the log began as a simulation. No log becomes one later, but one that is
        empty yet may."""
        if not self.known_simulated:
            self.known_simulated = bool(await self.wiring.ledger.stream(simulated_log.STREAM))
        return self.known_simulated

    async def visit(self, request: Request[Any, Any, Any]) -> Visit:
        """A visit by nobody yet."""
        scope = request.scope
        query = {} if not scope["query_string"] else pairs_of(scope["query_string"])
        language = language_of(scope, query)
        query.pop("lang", None)
        return Visit(
            wiring=self.wiring,
            scope=scope,
            registers=await self.wiring.ledger.registers(),
            tongue=TONGUES[language],
            path=parameters_of(scope) if "path_params" in scope else {},
            query=query,
            simulated=await self.simulated(),
        )

    def reply(self, visit: Visit, html: Html) -> ASGIApp:
        content = rendered(visit, html).encode()
        headers: Headers = [
            HTML,
            POLICY,
            (b"content-language", visit.tongue.tag.encode()),
            (b"vary", b"Cookie, Accept-Encoding, Accept-Language"),
            *html.headers,
        ]
        if asked := _asked_language(visit.scope):
            headers.append(_language_cookie(visit.scope, asked))
        if VALIDATED in html.headers:
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            headers.append((b"etag", etag.encode()))
            if etag in (header(visit.scope, b"if-none-match") or ""):
                return reply(304, headers, b"")
        if len(content) > PACK_FROM and packs(header(visit.scope, b"accept-encoding")):
            headers.append((b"content-encoding", b"gzip"))
            content = gzip.compress(content, 5, mtime=0)
        return reply(html.status, headers, content)


async def answered(page: Page, shell: Shell, request: Request[Any, Any, Any]) -> ASGIApp:
    """Answer a visit of a page, whatever comes of it, and say how long it took."""
    began, visit = time.perf_counter(), None
    try:
        visit = await shell.visit(request)
        does = _does(page, request.method)
        if request.method == "POST":
            visit = replace(visit, form=await _form(request))
        visit = await _identified(visit, page)
        done = await does(visit)
        if request.method == "POST" and visit.by_script:
            done = _told(done)
        took = (b"server-timing", b"page;dur=%.1f" % ((time.perf_counter() - began) * 1000))
        if isinstance(done, Elsewhere):
            return reply(303, [(b"location", done.location.encode()), took, *done.headers], b"")
        if isinstance(done, Told):
            headers: Headers = [(b"content-type", JSON), took]
            return reply(done.status, headers, msgspec.json.encode(done.body))
        return shell.reply(visit, replace(done, headers=[*done.headers, took]))
    except Exception as error:
        template = "public_problem.html" if page.for_everybody else "problem.html"
        return await mistaken(shell, request, error, visit, template)


def _told(done: Html | Elsewhere | Told) -> Html | Elsewhere | Told:
    """Tell a script that sent a form what came of it: where to go on, or what is wrong with it."""
    if isinstance(done, Elsewhere):
        return Told(body={"next": done.location, **done.told})
    wrong = done.context.get("wrong") if isinstance(done, Html) else None
    if not isinstance(wrong, NotTaken):
        return done
    why = "；".join(one for one in (wrong.said, *wrong.errors.values()) if one)
    return Told(body={"code": wrong.code, "why": why}, status=wrong.status)


def _does(page: Page, method: str) -> Show:
    """Raises: Problem `method-not-allowed`."""
    if method in ("GET", "HEAD"):
        return page.show
    if method == "POST" and page.take is not None:
        return page.take
    raise Problem("method-not-allowed")


async def _form(request: Request[Any, Any, Any]) -> Mapping[str, list[str]]:
    media_type = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    raw = await body_of(request)
    if raw and media_type != FORM:
        raise Problem("malformed", "form")
    return form_of(raw)  # type: ignore[return-value]


async def _identified(visit: Visit, page: Page) -> Visit:
    """Return the visit of whoever is signed in, whom the page is for.

    Raises: Problem — as `api.web.authorization`.
    """
    scope, wiring = visit.scope, visit.wiring
    permission = page.right.permission
    csrf = visit.typed(CSRF_FIELD) if visit.form else None
    if header(scope, b"authorization") is not None and permission not in (PUBLIC, SIGNING):
        return replace(visit, by=await authorized(scope, permission, wiring))
    if permission == PUBLIC:
        # What changes something there asks for its origin itself; a page only says who is here.
        session = await _session(scope, wiring)
    else:
        session = await session_of(scope, wiring, csrf)
    by = None if session is None else session.by
    written_by = header(scope, b"x-account")
    if written_by is not None and (session is None or written_by != session.account):
        # An outbox sends what its writer has written as himself alone.
        raise Problem("csrf")
    if permission not in (PUBLIC, SIGNING):
        assert session is not None
        by = acting(session, wiring)
        refuse_not_permitted(by, permission)
    token = csrf_of(session_cookie(scope) or "") if session is not None else ""
    return replace(visit, session=session, by=by, csrf=token)


async def _session(scope: HTTPScope, wiring: Wiring) -> Session | None:
    cookie = session_cookie(scope)
    return None if cookie is None else await wiring.signing.session(cookie)


# --- what went wrong


async def mistaken(
    shell: Shell,
    request: Request[Any, Any, Any],
    error: Exception,
    visit: Visit | None = None,
    template: str = "problem.html",
) -> ASGIApp:
    """Answer with the page of a problem, or with what whoever came has to do first."""
    handle = next(HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS)
    response: Any = handle(request, error)
    details = msgspec.json.decode(response.content, type=ProblemDetails)
    slug = details.type.rpartition(":")[2]
    first = GO_FIRST.get(slug)
    scope = request.scope
    if "application/json" in (header(scope, b"accept") or ""):
        # A script must not take a page of signing in for an answer.
        return reply(
            details.status, [(b"content-type", MEDIA_TYPE.encode())], bytes(response.content)
        )
    if first is not None and request.method == "GET":
        wanted = local(scope["path"] + _query(scope["query_string"]))
        return reply(303, [(b"location", url(first, next=wanted).encode())], b"")
    if visit is None:
        visit = Visit(
            wiring=shell.wiring,
            scope=scope,
            registers=(await shell.wiring.ledger.registers()),
            tongue=TONGUES[language_of(scope, {})],
            simulated=await shell.simulated(),
        )
    if visit.session is None and slug != "not-authenticated":
        session = await _session(scope, shell.wiring)
        visit = replace(visit, session=session, by=session.by if session else None)
    if slug == "not-authenticated":
        return shell.reply(visit, _signed_out(visit))
    context = {"problem": details, "slug": slug}
    html = Html(template=template, context=context, status=details.status)
    if "retry-after" in {one.lower() for one in response.headers}:
        html = replace(html, headers=[(b"retry-after", response.headers["Retry-After"].encode())])
    return shell.reply(visit, html)


def signing_in(
    visit: Visit, kept: Sequence[tuple[str, str]], *, wrong: NotTaken | None = None
) -> Html:
    """Draw the page of signing in, which keeps what was typed until then."""
    return Html(
        template="sign_in.html",
        status=status_of(wrong),
        context={
            "title": visit.tongue.say("登录"),
            "wrong": wrong,
            "account": visit.typed("account"),
            "insecure": keeps_no_cookie(visit.scope),
            "next": visit.next_page,
            "kept": kept,
            "played": players(visit.registers, datetime.now(UTC)) if visit.simulated else (),
            "provider": visit.wiring.signing.provider is not None,
        },
    )


def _signed_out(visit: Visit) -> Html:
    """Draw the page of signing in for whose session ended, with what he had typed."""
    kept = [(KEPT + name, one) for name, one in hidden(visit.form, but=(CSRF_FIELD,))]
    html = signing_in(replace(visit, form={}), kept)
    return replace(html, status=401, context={**html.context, "next": visit.here})


def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refuses: with a page, where a browser asked for one."""
    response: Response[bytes] = HANDLERS[HTTPException](request, error)
    scope = request.scope
    shell: Shell | None = scope["state"].get(SHELL)
    if (
        shell is None
        or scope["path"].startswith(ROOT)
        or "text/html" not in (header(scope, b"accept") or "")
    ):
        return response
    details = msgspec.json.decode(response.content, type=ProblemDetails)
    visit = Visit(
        wiring=shell.wiring,
        scope=scope,
        registers=NO_REGISTERS,
        tongue=TONGUES[language_of(scope, {})],
        simulated=shell.known_simulated,
    )
    context = {"problem": details, "slug": details.type.rpartition(":")[2]}
    public = scope["path"].startswith(FOR_EVERYBODY)
    html = Html(template="public_problem.html" if public else "problem.html", context=context)
    return Response(
        rendered(visit, html).encode(),
        status_code=details.status,
        media_type="text/html; charset=utf-8",
        headers={POLICY[0].decode(): POLICY[1].decode()},
    )


def _query(raw: bytes) -> str:
    return f"?{raw.decode('latin-1')}" if raw else ""


# --- language


def language_of(scope: HTTPScope, query: Mapping[str, str]) -> Language:
    asked = query.get("lang") or cookies_of(scope).get(LANGUAGE)
    return next((one for one in LANGUAGES if one == asked), "zh")


def _asked_language(scope: HTTPScope) -> Language | None:
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang")
    return next((one for one in LANGUAGES if one == asked), None)


def _language_cookie(scope: HTTPScope, language: Language) -> tuple[bytes, bytes]:
    cookie: SimpleCookie = SimpleCookie({LANGUAGE: language})
    cookie[LANGUAGE].update({"path": "/", "samesite": "Lax", "max-age": str(LANGUAGE_S)})
    if not is_plain(scope):
        cookie[LANGUAGE]["secure"] = True
    return b"set-cookie", cookie[LANGUAGE].OutputString().encode()


# --- templates


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals.update(asset=asset_path, url=url, CSRF_FIELD=CSRF_FIELD)
    return made


def rendered(visit: Visit, html: Html) -> str:
    """Render a page with what every page has around it."""
    tongue: Tongue = visit.tongue
    names = Names(visit.registers, tongue, visit.by)
    around = {
        "visit": visit,
        "_": tongue.say,
        "t": tongue,
        "names": names,
        "happened": Happened(names, tongue),
        "menu": menu_of(visit),
        "csrf": visit.csrf,
    }
    return environment().get_template(html.template).render({**around, **html.context})
