"""OpenID Connect: going to the provider and coming back, by a code with PKCE, state and nonce.

Nothing that the provider or a browser sends is believed before it was checked here; which account
it opens, `signing.py` says.
"""

import asyncio
import base64
import hashlib
import ipaddress
import ssl
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from api.settings import SettingInvalid, Settings
from api.signing.second_factor import KeyLost, SecretKey

ALGORITHMS: Final = ("RS256", "ES256")
"""Of signatures, whatever the token says: neither `none` nor an HMAC with the public key."""
WELL_KNOWN: Final = "/.well-known/openid-configuration"
SCOPE: Final = "openid profile"
CALL_S: Final = 5.0
"""The longest that one call to the provider takes, from the first byte to the last."""
ANSWER_BYTES_MAX: Final = 1 << 18
REMEMBER_S: Final = 600.0
"""How long the provider's document and keys are good for."""
TRY_AGAIN_S: Final = 5.0
"""A provider that did not answer is left alone: not every request waits for it."""
GOING_S: Final = 600
OWED_S: Final = 300
LEEWAY_S: Final = 60
ISSUED_S: Final = 600
SUBJECT_LENGTH_MAX: Final = 255
NEXT_LENGTH_MAX: Final = 500
SEALED_LENGTH_MAX: Final = 4096
NOT_AN_ACCOUNT: Final = ("email", "email_verified", "name", "nickname")
"""Claims that people give themselves, or that several have."""


class NotVouched(Exception):
    """The provider vouches for nobody; its text, for the audit alone, is the step that failed."""


class Vouched(Struct, frozen=True, kw_only=True):
    """For whom the provider vouches. `account`: what the claim of the setting says."""

    issuer: str
    subject: str
    account: str | None
    second_factor: bool


class Going(Struct, frozen=True, kw_only=True):
    """What a browser keeps, sealed, until it comes back. `next`: a local path."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    next: str


class CodeOwed(Struct, frozen=True, kw_only=True):
    """What a browser keeps, sealed, until a code of the account's authenticator is given."""

    account: str
    who: Vouched


class Document(Struct, frozen=True, kw_only=True):
    """What is used of the provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(Struct, frozen=True):
    id_token: str


class Keys(Struct, frozen=True):
    keys: list[dict[str, Any]]


Answered = TypeVar("Answered", Document, Tokens, Keys)


# --- settings


def faults_of(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the settings of the provider: the name of one, and why."""
    needed = {
        "oidc_issuer": settings.oidc_issuer,
        "oidc_client_id": settings.oidc_client_id,
        "oidc_client_secret_file": settings.oidc_client_secret_file,
    }
    if not any(needed.values()):
        return
    for name, value in needed.items():
        if not value:
            yield name, "is missing beside the others of OpenID Connect"
    if settings.oidc_issuer and not _is_safe(settings.oidc_issuer):
        yield "oidc_issuer", "is no https address (http: on this machine's own loopback only)"
    if settings.oidc_account_claim in NOT_AN_ACCOUNT:
        yield "oidc_account_claim", f"{settings.oidc_account_claim} does not identify anybody"
    if settings.oidc_client_secret_file:
        try:
            if not settings.oidc_client_secret_file.expanduser().read_text("utf-8").strip():
                yield "oidc_client_secret_file", "is empty"
        except (OSError, ValueError) as error:
            yield "oidc_client_secret_file", f"cannot be read: {type(error).__name__}"


def provider_of(settings: Settings, key: SecretKey) -> "Provider | None":
    """Return the provider of the settings, None where none is named. Raises: SettingInvalid."""
    for name, why in faults_of(settings):
        raise SettingInvalid(name, why)
    return None if settings.oidc_issuer is None else Provider(settings, key)


# --- what a browser keeps

Kept = TypeVar("Kept", Going, CodeOwed)


class Sealed(Struct, Generic[Kept], frozen=True):
    kept: Kept
    until: int


def sealed(key: SecretKey, kept: Going | CodeOwed, life_s: int) -> str:
    text = msgspec.json.encode(Sealed(kept, int(time.time()) + life_s)).decode()
    return base64.urlsafe_b64encode(key.sealed(_purpose(type(kept)), text)).decode()


def unsealed(key: SecretKey, kind: type[Kept], text: str) -> Kept | None:
    """Read what a browser of ours kept; None where it is none, or too old."""
    if len(text) > SEALED_LENGTH_MAX:
        return None
    try:
        plain = key.opened(_purpose(kind), base64.urlsafe_b64decode(text))
        found: Sealed[Kept] = msgspec.json.decode(plain, type=Sealed[kind])  # type: ignore[valid-type]
    except (KeyLost, ValueError):
        return None
    return found.kept if time.time() < found.until else None


def _purpose(kind: type[Struct]) -> str:
    """Name what it is for, as no account is called: it opens nothing else."""
    return f"\0{kind.__name__}"


def is_local(path: str) -> bool:
    """Return whether a browser that is sent there stays with us, whatever it makes of the path."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and len(path) <= NEXT_LENGTH_MAX
        and path.isascii()
        and path.isprintable()
        and not set(path) & set(" \\#")
    )


# --- the provider


class Provider:
    """The provider of the settings, for one process."""

    def __init__(self, settings: Settings, key: SecretKey) -> None:
        assert settings.oidc_issuer
        assert settings.oidc_client_id
        assert settings.oidc_client_secret_file
        self.issuer = settings.oidc_issuer
        self.key = key
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret_file.expanduser().read_text("utf-8").strip()
        self._claim = settings.oidc_account_claim
        factors = (settings.oidc_second_factor or "").split(",")
        self._factors = {one.strip() for one in factors} - {""}
        self._tls = ssl.create_default_context()
        self._asking = asyncio.Lock()
        self._document: tuple[float, Document] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed_at = -TRY_AGAIN_S

    async def going(self, redirect_uri: str, then: str) -> tuple[Going, str]:
        """Send a browser there: what it keeps, and the address. Raises: NotVouched."""
        document = await self._discovered()
        going = Going(
            state=token_urlsafe(32),
            nonce=token_urlsafe(32),
            verifier=token_urlsafe(48),
            redirect_uri=redirect_uri,
            next=then,
        )
        challenge = hashlib.sha256(going.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": going.state,
            "nonce": going.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in document.authorization_endpoint else "?"
        return going, document.authorization_endpoint + joint + urlencode(asked)

    async def vouched(self, going: Going, brought: Mapping[str, str]) -> Vouched:
        """Exchange the code that this browser brought back, with its own state.

        Raises: NotVouched.
        """
        document = await self._discovered()
        told = brought.get("iss")
        if told != self.issuer and (
            told is not None or document.authorization_response_iss_parameter_supported
        ):
            raise NotVouched("iss of the answer")
        if "error" in brought or not brought.get("code"):
            raise NotVouched("the provider refused")
        tokens = await self._exchanged(document, going, brought["code"])
        return self._checked(going, await self._verified(document, tokens.id_token))

    async def _exchanged(self, document: Document, going: Going, code: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": going.redirect_uri,
            "code_verifier": going.verifier,
        }
        headers = {}
        methods = document.token_endpoint_auth_methods_supported
        if "client_secret_post" in methods and "client_secret_basic" not in methods:
            form |= {"client_id": self._client_id, "client_secret": self._secret}
        else:
            pair = f"{quote(self._client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return await self._asked(Tokens, document.token_endpoint, form, headers)

    async def _verified(self, document: Document, token: str) -> dict[str, Any]:
        """Return the claims of a token whose signature is the provider's. Keys that do not fit are
        asked for anew, once: he may have changed them."""
        try:
            return _decoded(token, await self._signing_keys(document))
        except NotVouched:
            self._keys = None
        return _decoded(token, await self._signing_keys(document))

    def _checked(self, going: Going, claims: dict[str, Any]) -> Vouched:
        now = int(time.time())
        registry = jwt.JWTClaimsRegistry(
            now,
            LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            nonce={"essential": True, "value": going.nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise NotVouched(f"claim: {error.error} {getattr(error, 'claim', '')}") from error
        # Whoever else it is for could have it from us, or we from him.
        if claims.get("aud") not in (self._client_id, [self._client_id]):
            raise NotVouched("claim: aud")
        if claims.get("azp", self._client_id) != self._client_id:
            raise NotVouched("claim: azp")
        if claims["iat"] < now - ISSUED_S - LEEWAY_S:
            raise NotVouched("claim: iat")
        subject = claims["sub"]
        if not _is_plain(subject):
            raise NotVouched("claim: sub")
        named = claims.get(self._claim)
        return Vouched(
            issuer=self.issuer,
            subject=subject,
            account=named if _is_plain(named) else None,
            second_factor=not self._factors.isdisjoint(_told_of_factors(claims)),
        )

    async def _discovered(self) -> Document:
        async with self._asking:
            if self._document is not None and _is_fresh(self._document[0]):
                return self._document[1]
            if time.monotonic() - self._failed_at < TRY_AGAIN_S:
                raise NotVouched("discovery: failed a moment ago")
            try:
                found = await self._asked(Document, self.issuer.rstrip("/") + WELL_KNOWN)
                self._refuse_other(found)
            except NotVouched:
                self._failed_at = time.monotonic()
                raise
            self._document = time.monotonic(), found
            return found

    def _refuse_other(self, found: Document) -> None:
        if found.issuer != self.issuer:
            raise NotVouched("discovery: another issuer")
        for one in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not _is_safe(one) or (_is_tls(self.issuer) and not _is_tls(one)):
                raise NotVouched("discovery: an address without TLS")
        if "S256" not in found.code_challenge_methods_supported:
            raise NotVouched("discovery: no PKCE with S256")

    async def _signing_keys(self, document: Document) -> KeySet:
        if self._keys is None or not _is_fresh(self._keys[0]):
            found = await self._asked(Keys, document.jwks_uri)
            signing = [
                one
                for one in found.keys
                if one.get("kty") in ("RSA", "EC") and one.get("use", "sig") == "sig"
            ]
            try:
                keys = KeySet.import_key_set({"keys": signing})
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise NotVouched("keys") from error
            self._keys = time.monotonic(), keys
        return self._keys[1]

    async def _asked(
        self,
        kind: type[Answered],
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Return what the provider answers. It may be slow, endless, or send us elsewhere: it is
        not followed."""
        raw = b""
        accepting = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        try:
            async with (
                asyncio.timeout(CALL_S),
                httpx2.AsyncClient(verify=self._tls, trust_env=False, timeout=CALL_S) as client,
                client.stream(
                    "GET" if form is None else "POST", url, data=form, headers=accepting
                ) as answer,
            ):
                if answer.status_code != HTTPStatus.OK:
                    raise NotVouched(f"{kind.__name__}: answered {answer.status_code}")
                async for part in answer.aiter_raw():
                    raw += part
                    if len(raw) > ANSWER_BYTES_MAX:
                        raise NotVouched(f"{kind.__name__}: too long")
            return msgspec.json.decode(raw, type=kind)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError) as error:
            raise NotVouched(f"{kind.__name__}: {type(error).__name__}") from error


def _decoded(token: str, keys: KeySet) -> dict[str, Any]:
    try:
        return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotVouched(f"signature: {type(error).__name__}") from error


def _is_plain(told: object) -> bool:
    """Return whether it may be a subject or a code: what PostgreSQL keeps and nobody misreads."""
    return (
        isinstance(told, str)
        and 0 < len(told) <= SUBJECT_LENGTH_MAX
        and told.isascii()
        and told.isprintable()
    )


def _told_of_factors(claims: Mapping[str, Any]) -> list[str]:
    amr = claims.get("amr")
    told = [claims.get("acr"), *(amr if isinstance(amr, list) else ())]
    return [one for one in told if isinstance(one, str)]


def _is_fresh(at_s: float) -> bool:
    return time.monotonic() - at_s < REMEMBER_S


def _is_tls(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def _is_safe(url: str) -> bool:
    """Return whether it is an https address, or one of this machine's own loopback."""
    if not (url.isascii() and url.isprintable()) or set(url) & set(" \\#@"):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host or ""))
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
