"""Signing in over HTTP: one's session, its post, what one signs in with; recovery of an account.

None of it is a command: credentials are outside the log. No answer of it may be kept by anybody.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Scope
from msgspec import Meta, Struct

from api.accounts.accounts import refuse_other_offices
from api.rights import PERMISSION, PUBLIC, SIGNING, right_of
from api.signing import second_factor
from api.signing.passwords import Busy
from api.signing.sessions import Session, SessionShown, csrf_of
from api.signing.signing import Caller, SignedIn, SigningFailed
from api.signing.throttle import TooMany
from api.web.answers import JSON, ROOT, Headers, parameters_of, reply
from api.web.authorization import authorized, session_of
from api.web.calling import caller_of, cookie_set, is_from_our_pages, session_cookie
from api.web.limits import body_of, refuse_nested
from api.web.problems import Problem, invalid
from api.web.wiring import Wiring, wiring_of
from domain.codes import Code
from domain.registration.account_commands import NotToOneself
from domain.roles import Role
from domain.vocabulary import Actor

BUSY_S: Final = 5
Secret = Annotated[str, Meta(min_length=1, max_length=4096)]
FactorCode = Annotated[str, Meta(min_length=1, max_length=64)]
"""Of the second factor: six digits, or a recovery code."""


# --- bodies


class SigningIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    account: Code
    password: Secret
    code: FactorCode | None = None


class ChoosePost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Role
    unit: Code
    adviser: Code | None = None
    instead_of: Code | None = None
    emergency: bool = False


class ChangePassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    current: Secret | None = None
    """Not needed where a one-time password opened the session."""
    password: Secret


class PrepareSecondFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    password: Secret


class ConfirmSecondFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: FactorCode


class RecoverAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lost_factor: bool = False
    """The second factor goes, too."""


# --- answers


class SessionNow(Struct, frozen=True, kw_only=True):
    """Whose session it is, and what it still lacks."""

    account: str
    name: str
    posts: list[Actor]
    post: Actor | None
    must_change: bool
    second_factor: bool
    second_factor_needed: bool
    csrf: str
    """For the header X-Anjuan-Csrf of all that changes something."""
    idle_until: datetime
    ends_at: datetime


class SessionsFound(Struct, frozen=True, kw_only=True):
    this: UUID
    rows: list[SessionShown]


class SessionsEnded(Struct, frozen=True, kw_only=True):
    ended: int


class SecondFactorPrepared(Struct, frozen=True, kw_only=True):
    secret: str
    uri: str
    """What an authenticator reads as a QR code."""


class SecondFactorConfirmed(Struct, frozen=True, kw_only=True):
    recovery_codes: list[str]


class AccountRecovered(Struct, frozen=True, kw_only=True):
    password: str
    """One-time, shown this once."""
    until: datetime


class SignedOut(Struct, frozen=True):
    """The session has ended."""


# --- doors


class Calling(Struct, frozen=True):
    wiring: Wiring
    scope: Scope
    path: dict[str, Any]
    caller: Caller
    body: Any
    session: Session | None = None
    by: Actor | None = None

    @property
    def own(self) -> Session:
        assert self.session is not None
        return self.session


class Done(Struct, frozen=True):
    answer: Struct
    headers: Headers = []


class Elsewhere(Struct, frozen=True):
    """The browser goes on at another address."""

    location: str
    headers: Headers = []


class Door(Struct, frozen=True, kw_only=True):
    """Declaration of one way to sign in, out, or change what one signs in with."""

    name: str
    method: Literal["GET", "POST", "DELETE"]
    under: str
    summary: str
    perform: Callable[[Calling], Awaitable[Done | Elsewhere]]
    answer: type[Struct] | None
    """None when it sends the browser elsewhere."""
    takes: tuple[str, ...] = ()
    """Parameters of its query."""
    reads: type[Struct] | None = None
    problems: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        return ROOT + self.under

    @property
    def permission(self) -> str:
        """Return what its row in the table of rights asks for."""
        return str(right_of(self.name).permission)


async def _sign_in(calling: Calling) -> Done:
    """The session that the browser brought ends: nobody goes on under an id he was given."""
    wiring, body = calling.wiring, calling.body
    if not is_from_our_pages(calling.scope):
        raise Problem("csrf")
    try:
        signed_in = await wiring.signing.sign_in(
            body.account, body.password, body.code, calling.caller
        )
    except SigningFailed as error:
        raise Problem("signing-in-failed") from error
    except TooMany as error:
        raise kept_out(calling, error.wait_s) from error
    except Busy as error:
        raise kept_out(calling, BUSY_S) from error
    return await begun(calling, signed_in)


def kept_out(calling: Calling, wait_s: float) -> Problem:
    """Say to come again, and note whom the throttle keeps out."""
    calling.wiring.signing.note_kept_out(calling.caller.address)
    return Problem("too-many-tries", retry_after_s=wait_s)


async def begun(calling: Calling, signed_in: SignedIn) -> Done:
    """Begin the session, and end the one that the browser brought."""
    wiring, scope = calling.wiring, calling.scope
    before = session_cookie(scope)
    former = None if before is None else await wiring.signing.session(before)
    if former is not None:
        await wiring.signing.sign_out(former, calling.caller)
    session = await wiring.signing.session(signed_in.cookie)
    if session is None:
        raise Problem("signing-in-failed")
    posts = await wiring.signing.posts(session.account)
    if len(posts) == 1 and not wiring.signing.lacks_second_factor(session, posts[0]):
        await wiring.signing.choose_post(session, posts[0], calling.caller)
        session = msgspec.structs.replace(session, by=posts[0])
    headers = [
        cookie_set(scope, signed_in.cookie),
        cookie_set(scope, signed_in.device, device=True),
    ]
    return Done(await _now(wiring, session, signed_in.cookie), headers)


async def _now(wiring: Wiring, session: Session, cookie: str) -> SessionNow:
    posts = await wiring.signing.posts(session.account)
    registers = await wiring.ledger.registers()
    return SessionNow(
        account=session.account,
        name=registers.accounts[session.account].name,
        posts=posts,
        post=session.by,
        must_change=session.must_change,
        second_factor=session.second_factor,
        second_factor_needed=any(wiring.signing.lacks_second_factor(session, one) for one in posts),
        csrf=csrf_of(cookie),
        idle_until=session.idle_until,
        ends_at=session.ends_at,
    )


async def _session(calling: Calling) -> Done:
    return Done(await _now(calling.wiring, calling.own, session_cookie(calling.scope) or ""))


async def _sign_out(calling: Calling) -> Done:
    await calling.wiring.signing.sign_out(calling.own, calling.caller)
    return Done(SignedOut(), [cookie_set(calling.scope, "")])


async def _choose_post(calling: Calling) -> Done:
    wiring, session = calling.wiring, calling.own
    if session.must_change:
        raise Problem("password-must-change")
    by = Actor(account=session.account, **msgspec.structs.asdict(calling.body))
    await wiring.signing.choose_post(session, by, calling.caller)
    chosen = msgspec.structs.replace(session, by=by)
    return Done(await _now(wiring, chosen, session_cookie(calling.scope) or ""))


async def _change_password(calling: Calling) -> Done:
    wiring, body = calling.wiring, calling.body
    with_cookie = await _own_tries(
        wiring.signing.change_password(calling.own, body.current, body.password, calling.caller)
    )
    session = await wiring.signing.session(with_cookie)
    if session is None:
        raise Problem("not-authenticated")
    answer = await _now(wiring, session, with_cookie)
    return Done(answer, [cookie_set(calling.scope, with_cookie)])


async def _prepare_second_factor(calling: Calling) -> Done:
    if calling.own.must_change:
        raise Problem("password-must-change")
    secret = await _own_tries(
        calling.wiring.signing.prepare_second_factor(calling.own, calling.body.password)
    )
    uri = second_factor.uri_of(calling.own.account, secret)
    return Done(SecondFactorPrepared(secret=secret, uri=uri))


async def _confirm_second_factor(calling: Calling) -> Done:
    if calling.own.must_change:
        raise Problem("password-must-change")
    codes = await _own_tries(
        calling.wiring.signing.confirm_second_factor(calling.own, calling.body.code, calling.caller)
    )
    return Done(SecondFactorConfirmed(recovery_codes=codes))


async def _sessions(calling: Calling) -> Done:
    rows = await calling.wiring.signing.own_sessions(calling.own)
    return Done(SessionsFound(this=calling.own.id, rows=rows))


async def _end_session(calling: Calling) -> Done:
    try:
        one = UUID(calling.path["session"])
    except ValueError as error:
        raise Problem("not-found") from error
    ended = await calling.wiring.signing.end_sessions(calling.own, one, calling.caller)
    if not ended:
        raise Problem("not-found")
    return Done(SessionsEnded(ended=ended))


async def _end_others(calling: Calling) -> Done:
    ended = await calling.wiring.signing.end_sessions(calling.own, None, calling.caller)
    return Done(SessionsEnded(ended=ended))


async def _recover(calling: Calling) -> Done:
    """By an administrator whose post reaches the account; never for himself."""
    by, code = calling.by, calling.path["code"]
    assert by is not None
    await refuse_other_offices(calling.wiring, by, code)
    if by.is_one_of(code):
        raise NotToOneself(code)
    password, until = await calling.wiring.signing.recover(
        code, by.account, calling.caller, lost_factor=calling.body.lost_factor
    )
    return Done(AccountRecovered(password=password, until=until))


async def _own_tries(trying: Awaitable[Any]) -> Any:
    try:
        return await trying
    except TooMany as error:
        raise Problem("too-many-tries", retry_after_s=error.wait_s) from error


DOORS: Final = (
    Door(
        name="SignIn",
        method="POST",
        under="/session",
        summary="登录",
        reads=SigningIn,
        answer=SessionNow,
        perform=_sign_in,
    ),
    Door(
        name="OwnSession",
        method="GET",
        under="/session",
        summary="当前会话：账号、可选岗位、现用岗位",
        answer=SessionNow,
        perform=_session,
    ),
    Door(
        name="SignOut",
        method="DELETE",
        under="/session",
        summary="退出登录",
        answer=SignedOut,
        perform=_sign_out,
    ),
    Door(
        name="ChoosePost",
        method="POST",
        under="/session/post",
        summary="选择以哪个岗位办理",
        reads=ChoosePost,
        answer=SessionNow,
        perform=_choose_post,
        problems=(409,),
    ),
    Door(
        name="ChangePassword",
        method="POST",
        under="/session/password",
        summary="修改密码",
        reads=ChangePassword,
        answer=SessionNow,
        perform=_change_password,
        problems=(409,),
    ),
    Door(
        name="PrepareSecondFactor",
        method="POST",
        under="/session/second-factor",
        summary="设置验证器：取得密钥",
        reads=PrepareSecondFactor,
        answer=SecondFactorPrepared,
        perform=_prepare_second_factor,
        problems=(409,),
    ),
    Door(
        name="ConfirmSecondFactor",
        method="POST",
        under="/session/second-factor/confirm",
        summary="设置验证器：以验证码确认，取得恢复码",
        reads=ConfirmSecondFactor,
        answer=SecondFactorConfirmed,
        perform=_confirm_second_factor,
        problems=(409,),
    ),
    Door(
        name="OwnSessions",
        method="GET",
        under="/sessions",
        summary="本账号的全部会话",
        answer=SessionsFound,
        perform=_sessions,
    ),
    Door(
        name="EndOtherSessions",
        method="DELETE",
        under="/sessions",
        summary="结束本账号的其他会话",
        answer=SessionsEnded,
        perform=_end_others,
    ),
    Door(
        name="EndSession",
        method="DELETE",
        under="/sessions/{session:str}",
        summary="结束本账号的一个会话",
        answer=SessionsEnded,
        perform=_end_session,
        problems=(404,),
    ),
    Door(
        name="RecoverAccount",
        method="POST",
        under="/accounts/{code:str}/recovery",
        summary="恢复账号：发给一次性密码",
        reads=RecoverAccount,
        answer=AccountRecovered,
        perform=_recover,
        problems=(404, 409),
    ),
)


def handler(door: Door) -> HTTPRouteHandler:
    declare = route(
        door.path,
        http_method=door.method,
        status_code=200,
        name=door.name,
        opt={PERMISSION: door.permission},
        include_in_schema=False,
    )

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        scope = request.scope
        wiring = wiring_of(scope)
        session = by = None
        if door.permission == SIGNING:
            session = await session_of(scope, wiring)
        elif door.permission != PUBLIC:
            by = await authorized(scope, door.permission, wiring)
        calling = Calling(
            wiring=wiring,
            scope=scope,
            path=parameters_of(scope),
            caller=caller_of(scope, wiring.settings),
            body=None if door.reads is None else await _read(request, door.reads),
            session=session,
            by=by,
        )
        done = await door.perform(calling)
        if isinstance(done, Elsewhere):
            return reply(302, [(b"location", done.location.encode("ascii")), *done.headers], b"")
        headers = [(b"content-type", JSON), *done.headers]
        return reply(200, headers, msgspec.json.encode(done.answer))

    return declare(handle)


async def _read(request: Request[Any, Any, Any], kind: type[Struct]) -> Any:
    """JSON alone: what a form of another site can send is something else."""
    media_type = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if media_type != JSON.decode():
        raise Problem("media-type-unsupported")
    raw = await body_of(request)
    refuse_nested(raw)
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except ValueError as error:
        raise Problem("malformed", "the body is not JSON") from error
