"""Signing in by OpenID Connect over HTTP: to the provider, back from it, and the code still owed.

Whatever fails has one answer; which step it was, the audit says.
"""

from typing import Final

from litestar.handlers import HTTPRouteHandler
from litestar.types import Scope
from msgspec import Struct

from api.accounts import signing_routes
from api.accounts.signing_routes import (
    Calling,
    Done,
    Door,
    Elsewhere,
    FactorCode,
    SessionNow,
    begun,
    handler,
    kept_out,
)
from api.signing.oidc import (
    GOING_S,
    OWED_S,
    CodeOwed,
    Going,
    NotVouched,
    Provider,
    is_local,
    sealed,
    unsealed,
)
from api.signing.signing import SigningFailed
from api.signing.throttle import Admitted, TooMany
from api.web.answers import ROOT, pairs_of
from api.web.calling import is_from_our_pages, origin_of, provider_cookie, provider_cookie_set
from api.web.problems import Problem

CALLBACK: Final = "/session/oidc/callback"
CODE_OWED: Final = "oidc=code"
"""In the query of the page to which somebody comes back who still owes a code."""


class PayCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: FactorCode


async def _go(calling: Calling) -> Elsewhere:
    provider, asked = _provider(calling), pairs_of(calling.scope["query_string"])
    then = asked.get("next", "/")
    origin = origin_of(calling.scope)
    if not is_local(then) or origin is None:
        raise Problem("malformed", "next")
    try:
        going, location = await provider.going(origin + ROOT + CALLBACK, then)
    except NotVouched as error:
        await _admitted(calling, None)
        raise await _failed(calling, str(error)) from error
    kept = sealed(provider.key, going, GOING_S)
    return Elsewhere(location, [provider_cookie_set(calling.scope, kept, GOING_S)])


async def _come_back(calling: Calling) -> Elsewhere:
    provider, scope = _provider(calling), calling.scope
    signing = calling.wiring.signing
    going = unsealed(provider.key, Going, provider_cookie(scope))
    brought = _brought(scope)
    if going is not None and going.state != brought.get("state"):
        going = None
    admission = await _admitted(calling, None if going is None else going.state)
    if going is None or admission is None:
        raise await _failed(calling, "state")
    try:
        who = await provider.vouched(going, brought)
        opened = await signing.sign_in_vouched(who, calling.caller, admission)
    except NotVouched as error:
        raise await _failed(calling, str(error)) from error
    except SigningFailed as error:
        raise Problem("provider-did-not-vouch") from error
    if isinstance(opened, CodeOwed):
        joint = "&" if "?" in going.next else "?"
        kept = sealed(provider.key, opened, OWED_S)
        return Elsewhere(going.next + joint + CODE_OWED, [provider_cookie_set(scope, kept, OWED_S)])
    done = await begun(calling, opened)
    return Elsewhere(going.next, [*done.headers, provider_cookie_set(scope, "", 0)])


async def _pay_code(calling: Calling) -> Done:
    provider, scope = _provider(calling), calling.scope
    if not is_from_our_pages(scope):
        raise Problem("csrf")
    owed = unsealed(provider.key, CodeOwed, provider_cookie(scope))
    if owed is None:
        await _admitted(calling, None)
        raise await _failed(calling, "no code owed")
    try:
        opened = await calling.wiring.signing.pay_code(owed, calling.body.code, calling.caller)
    except TooMany as error:
        raise kept_out(calling, error.wait_s) from error
    except SigningFailed as error:
        raise Problem("provider-did-not-vouch") from error
    done = await begun(calling, opened)
    return Done(done.answer, [*done.headers, provider_cookie_set(scope, "", 0)])


def _provider(calling: Calling) -> Provider:
    if (found := calling.wiring.signing.provider) is None:
        raise Problem("not-found")
    return found


def _brought(scope: Scope) -> dict[str, str]:
    """Read what the browser brought back; a query that is none brings nothing."""
    try:
        return pairs_of(scope["query_string"])
    except Problem:
        return {}


async def _admitted(calling: Calling, state: str | None) -> Admitted | None:
    try:
        return await calling.wiring.signing.from_provider(state, calling.caller)
    except TooMany as error:
        raise kept_out(calling, error.wait_s) from error


async def _failed(calling: Calling, step: str) -> Problem:
    await calling.wiring.signing.provider_failed(calling.caller, step)
    return Problem("provider-did-not-vouch")


DOORS: Final = (
    Door(
        name="GoToProvider",
        method="GET",
        under="/session/oidc",
        summary="统一身份认证：前往登录",
        takes=("next",),
        answer=None,
        perform=_go,
        problems=(404,),
    ),
    Door(
        name="ComeFromProvider",
        method="GET",
        under=CALLBACK,
        summary="统一身份认证：返回并登录",
        takes=("code", "state", "iss", "error"),
        answer=None,
        perform=_come_back,
        problems=(404,),
    ),
    Door(
        name="PayCode",
        method="POST",
        under="/session/oidc/code",
        summary="统一身份认证：补交本系统验证器的验证码",
        reads=PayCode,
        answer=SessionNow,
        perform=_pay_code,
        problems=(404,),
    ),
)
ALL_DOORS: Final = (*signing_routes.DOORS, *DOORS)


def handlers() -> list[HTTPRouteHandler]:
    return [handler(door) for door in ALL_DOORS]
