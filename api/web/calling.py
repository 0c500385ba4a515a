"""The caller of a request, and the cookies it brings."""

import ipaddress
from collections.abc import Mapping
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import SplitResult, urlsplit

from litestar.types import Scope

from api.settings import SettingInvalid, Settings
from api.signing.signing import Caller

LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "::1")
SESSION: Final = "anjuan"
DEVICE: Final = "anjuan-device"
PROVIDER: Final = "anjuan-oidc"
HOST_PREFIX: Final = "__Host-"
"""Browsers take such a cookie over TLS alone, from this host alone: no other name can plant one."""
DEVICE_S: Final = 180 * 86_400
EMPTY: Final = SplitResult("", "", "", "", "")
DEVICE_LENGTH_MIN: Final = 32

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


def caller_of(scope: Scope, settings: Settings) -> Caller:
    device = cookies_of(scope).get(_named(DEVICE, plain=is_plain(scope)), "")
    return Caller(
        address=address_of(scope, networks_of(settings.proxies)),
        program=header(scope, b"user-agent") or "",
        device=device if len(device) >= DEVICE_LENGTH_MIN else None,
    )


def address_of(scope: Scope, proxies: Networks) -> str:
    """The address that speaks to us; where it is a proxy of ours, the last that it names which is
    none. What others write into X-Forwarded-For is not believed."""
    client = scope.get("client")
    address = client[0] if client else ""
    told = ",".join(
        value.decode("latin-1") for key, value in scope["headers"] if key == b"x-forwarded-for"
    )
    for before in reversed([one.strip() for one in told.split(",") if one.strip()]):
        if not _within(address, proxies):
            break
        address = before
    return address


def _within(address: str, networks: Networks) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in one for one in networks)


@cache
def networks_of(text: str | None) -> Networks:
    """Raises: SettingInvalid."""
    try:
        given = [one.strip() for one in (text or "").split(",") if one.strip()]
        return tuple(ipaddress.ip_network(one, strict=False) for one in given)
    except ValueError as error:
        raise SettingInvalid("proxies", str(error)) from error


# --- cookies


def is_plain(scope: Scope) -> bool:
    """Return whether it came over this machine's own loopback without TLS, as in the demo; from
    anywhere else, and through any proxy, cookies are for TLS alone."""
    client = scope.get("client")
    host = (_parts(f"//{header(scope, b'host') or ''}") or EMPTY).hostname
    return (
        client is not None
        and client[0] in LOCAL_NAMES
        and host in LOCAL_NAMES
        and not _may_be_tls(scope)
    )


def keeps_no_cookie(scope: Scope) -> bool:
    """Return whether it came without TLS from elsewhere: no browser keeps a cookie of ours there,
    and nobody stays signed in."""
    return not is_plain(scope) and not _may_be_tls(scope)


def _may_be_tls(scope: Scope) -> bool:
    """Return whether it came over TLS, or through a proxy that may have taken it off."""
    forwarded = any(
        name == b"forwarded" or name.startswith(b"x-forwarded-") for name, _ in scope["headers"]
    )
    return forwarded or scope.get("scheme") == "https"


def cookies_of(scope: Scope) -> Mapping[str, str]:
    found: SimpleCookie = SimpleCookie()
    try:
        found.load(header(scope, b"cookie") or "")
    except CookieError:
        return {}
    return {name: one.value for name, one in found.items()}


def session_cookie(scope: Scope) -> str | None:
    return cookies_of(scope).get(_named(SESSION, plain=is_plain(scope))) or None


def cookie_set(scope: Scope, value: str, *, device: bool = False) -> tuple[bytes, bytes]:
    """The header that sets the cookie of a session, or the mark of a browser."""
    name, life_s = (DEVICE, DEVICE_S) if device else (SESSION, None)
    return _set(scope, name, value, life_s if value else 0)


def provider_cookie(scope: Scope) -> str:
    """Return what a browser keeps while it is with the provider of OpenID Connect."""
    return cookies_of(scope).get(_named(PROVIDER, plain=is_plain(scope)), "")


def provider_cookie_set(scope: Scope, value: str, life_s: int) -> tuple[bytes, bytes]:
    """Write the header of that cookie: Lax, so that it comes back with the browser."""
    return _set(scope, PROVIDER, value, life_s)


def _set(scope: Scope, name: str, value: str, life_s: int | None) -> tuple[bytes, bytes]:
    """Write the header of a cookie; without a life it lasts as long as the browser is open."""
    plain = is_plain(scope)
    secure = "" if plain else "; Secure"
    life = "" if life_s is None else f"; Max-Age={life_s}"
    told = f"{_named(name, plain=plain)}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}"
    return b"set-cookie", told.encode()


def origin_of(scope: Scope) -> str | None:
    """Return our own origin as the browser sees it; None where it names no host."""
    host = header(scope, b"host") or ""
    parts = _parts(f"//{host}") or EMPTY
    if not parts.hostname or parts.netloc != host or "@" in host or not host.isascii():
        return None
    return f"{'http' if is_plain(scope) else 'https'}://{host}"


def is_from_our_pages(scope: Scope) -> bool:
    """Return whether one of our own pages sent it, as far as the browser says anything."""
    site = header(scope, b"sec-fetch-site")
    origin = header(scope, b"origin")
    return (site is None or site == "same-origin") and (
        origin is None or (_parts(origin) or EMPTY).netloc == (header(scope, b"host") or "-")
    )


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _named(name: str, *, plain: bool) -> str:
    return name if plain else HOST_PREFIX + name
