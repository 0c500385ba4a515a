"""Pages of signing in and out, of one's posts, sessions, password and second factor; and, where all
is simulated, of whom a visitor may play."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from api.accounts.signing_routes import (
    DOORS,
    Calling,
    ChangePassword,
    ChoosePost,
    ConfirmSecondFactor,
    Done,
    Door,
    PrepareSecondFactor,
    SessionNow,
    SigningIn,
    begun,
)
from api.pages.forms import hidden
from api.pages.giving import NotTaken, not_taken, status_of
from api.pages.navigation import home_of
from api.pages.page import Elsewhere, Html, Page, Visit, local, url
from api.pages.playing import players
from api.pages.qr import qr_of
from api.pages.rendering import CSRF_FIELD, KEPT, signing_in
from api.web.calling import caller_of, is_from_our_pages
from api.web.problems import Problem
from domain.vocabulary import Refused

HOME: Final = "/"
_DOOR: Final[Mapping[str, Door]] = {one.name: one for one in DOORS}


async def through(visit: Visit, door: str, body: Struct | None = None, **path: str) -> Done:
    """Go through a door of signing in, as over HTTP.

    Raises: NotTaken.
    """
    calling = Calling(
        wiring=visit.wiring,
        scope=visit.scope,
        path=path,
        caller=caller_of(visit.scope, visit.wiring.settings),
        body=body,
        session=visit.session,
        by=visit.by,
    )
    try:
        done = await _DOOR[door].perform(calling)
    except (Problem, Refused) as error:
        raise not_taken(error, visit.tongue) from error
    assert isinstance(done, Done)
    return done


# --- in and out


async def _home(visit: Visit) -> Elsewhere:
    if visit.session is None:
        return Elsewhere("/sign-in")
    return Elsewhere("/own/post" if visit.by is None else home_of(visit.by))


async def sign_in_page(visit: Visit, wrong: NotTaken | None = None) -> Html:
    return signing_in(visit, kept_in(visit), wrong=wrong)


def kept_in(visit: Visit) -> Sequence[tuple[str, str]]:
    """List what was typed before the session ended, as it came through the form of signing in."""
    return [(name, one) for name, one in hidden(visit.form) if name.startswith(KEPT)]


async def _sign_in(visit: Visit) -> Html | Elsewhere:
    body = SigningIn(
        account=visit.typed("account"),
        password=visit.given("password"),
        code=visit.typed("code") or None,
    )
    try:
        done = await through(visit, "SignIn", body)
    except NotTaken as error:
        return await sign_in_page(visit, error)
    return _after(visit, done)


def _after(visit: Visit, done: Done) -> Html | Elsewhere:
    """Go on to where somebody wanted to go; what he had typed there is offered once more."""
    wanted = local(visit.typed("next")) or HOME
    kept = kept_in(visit)
    if not kept:
        return Elsewhere(wanted, done.headers)
    assert isinstance(done.answer, SessionNow)
    typed = [(name.removeprefix(KEPT), one) for name, one in kept]
    return Html(
        template="resume.html",
        context={
            "title": visit.tongue.say("接着办"),
            "target": wanted,
            "kept": [*typed, (CSRF_FIELD, done.answer.csrf)],
        },
        headers=done.headers,
    )


async def _sign_out(visit: Visit) -> Elsewhere:
    done = await through(visit, "SignOut")
    return Elsewhere("/sign-in", done.headers)


# --- whom a visitor of a simulation may play


async def _play(visit: Visit) -> Html | Elsewhere:
    """Sign in as one of them, without a password: nobody here is real.

    Raises: Problem `not-found` — where the log is no simulation, or nobody of the name is played.
    """
    if not is_from_our_pages(visit.scope):
        raise Problem("csrf")
    who = {
        one.by.account: one.by
        for one in (players(visit.registers, datetime.now(UTC)) if visit.simulated else ())
    }
    by = who.get(visit.typed("account"))
    if by is None:
        raise Problem("not-found")
    caller = caller_of(visit.scope, visit.wiring.settings)
    signed_in = await visit.wiring.signing.sign_in_simulated(by.account, caller)
    calling = Calling(visit.wiring, visit.scope, {}, caller, None)
    done = await begun(calling, signed_in)
    session = await visit.wiring.signing.session(signed_in.cookie)
    if session is not None and session.by is None:
        await visit.wiring.signing.choose_post(session, by, caller)
    return _after(visit, done)


# --- one's own


async def _posts(visit: Visit, wrong: NotTaken | None = None) -> Html:
    assert visit.session is not None
    return Html(
        template="own_post.html",
        status=status_of(wrong),
        context={
            "title": visit.tongue.say("以哪个岗位办理"),
            "wrong": wrong,
            "posts": await visit.wiring.signing.posts(visit.session.account),
            "next": visit.next_page,
        },
    )


async def _choose_post(visit: Visit) -> Html | Elsewhere:
    assert visit.session is not None
    posts = await visit.wiring.signing.posts(visit.session.account)
    number = visit.typed("post")
    chosen = posts[int(number)] if number.isdecimal() and int(number) < len(posts) else None
    if chosen is None:
        return await _posts(visit, NotTaken(422, visit.tongue.say("请选一个岗位")))
    body = asdict(chosen)
    del body["account"]
    try:
        await through(visit, "ChoosePost", ChoosePost(**body))
    except NotTaken as error:
        return await _posts(visit, error)
    return Elsewhere(local(visit.typed("next")) or home_of(chosen))


async def _password(visit: Visit, wrong: NotTaken | None = None) -> Html:
    assert visit.session is not None
    return Html(
        template="own_password.html",
        status=status_of(wrong),
        context={
            "title": visit.tongue.say("修改密码"),
            "wrong": wrong,
            "by_once": visit.session.by_once,
            "next": visit.next_page,
            "least": visit.wiring.settings.password_length_min,
        },
    )


async def _change_password(visit: Visit) -> Html | Elsewhere:
    first, again = visit.given("password"), visit.given("again")
    current = visit.given("current")
    if not first or first != again:
        return await _password(visit, NotTaken(422, visit.tongue.say("两次写的新密码不一样")))
    try:
        body = ChangePassword(current=current or None, password=first)
        done = await through(visit, "ChangePassword", body)
    except NotTaken as error:
        return await _password(visit, error)
    return Elsewhere(local(visit.typed("next")) or HOME, done.headers)


async def _second_factor(
    visit: Visit, wrong: NotTaken | None = None, secret: Mapping[str, Any] | None = None
) -> Html:
    assert visit.session is not None
    return Html(
        template="own_second_factor.html",
        status=status_of(wrong),
        context={
            "title": visit.tongue.say("验证器"),
            "wrong": wrong,
            "there": visit.session.second_factor,
            "prepared": secret,
            "codes": None,
            "next": visit.next_page,
        },
    )


async def _set_second_factor(visit: Visit) -> Html | Elsewhere:
    """First the password gives a secret; then a code of it puts it in force."""
    if code := visit.typed("code"):
        shown = {"secret": visit.typed("secret"), "uri": visit.typed("uri")}
        try:
            done = await through(visit, "ConfirmSecondFactor", ConfirmSecondFactor(code=code))
        except NotTaken as error:
            return await _second_factor(visit, error, _with_qr(shown))
        html = await _second_factor(visit)
        codes = done.answer.recovery_codes  # type: ignore[attr-defined]
        return replace(html, context={**html.context, "codes": codes})
    password = visit.given("password")
    try:
        done = await through(visit, "PrepareSecondFactor", PrepareSecondFactor(password=password))
    except NotTaken as error:
        return await _second_factor(visit, error)
    return await _second_factor(visit, secret=_with_qr(asdict(done.answer)))


def _with_qr(prepared: Mapping[str, str]) -> Mapping[str, Any]:
    return {**prepared, "qr": qr_of(prepared["uri"])}


async def _sessions(visit: Visit) -> Html:
    assert visit.session is not None
    rows = await visit.wiring.signing.own_sessions(visit.session)
    return Html(
        template="own_sessions.html",
        context={
            "title": visit.tongue.say("登录的设备"),
            "rows": rows,
            "this": visit.session.id,
            "ended": visit.query.get("ended"),
        },
    )


async def _end_sessions(visit: Visit) -> Elsewhere:
    one = visit.typed("session")
    try:
        if one:
            await through(visit, "EndSession", session=one)
        else:
            await through(visit, "EndOtherSessions")
    except NotTaken:
        # It has ended already.
        pass
    return Elsewhere(url("/own/sessions", ended="1"))


PAGES: Final = (
    Page(under="/", of="SignIn", show=_home),
    Page(under="/sign-in", of="SignIn", show=sign_in_page, take=_sign_in),
    Page(under="/sign-in/simulated", of="SimulatedSignIn", show=sign_in_page, take=_play),
    Page(under="/sign-out", of="SignOut", show=_home, take=_sign_out),
    Page(under="/own/post", of="ChoosePost", show=_posts, take=_choose_post),
    Page(under="/own/password", of="ChangePassword", show=_password, take=_change_password),
    Page(
        under="/own/second-factor",
        of="PrepareSecondFactor",
        show=_second_factor,
        take=_set_second_factor,
    ),
    Page(under="/own/sessions", of="OwnSessions", show=_sessions, take=_end_sessions),
)
