"""A provider of OpenID Connect, as a process of its own, that lies as it is told to.

`PUT /lies` takes what it does wrong from now on (`Lies`); without any it is honest. Whoever comes
to `/authorize` is believed to be the person of `claims`.
"""

import base64
import hashlib
import json
import sys
import time
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.embed import Server
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from litestar import Litestar, Request, Response, get, post, put
from msgspec import Struct, convert

CLIENT: Final = "anjuan"
SECRET: Final = "between the two of us"


class Lies(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    claims: dict[str, Any] = {}
    """Put over those of the token; null takes one away."""
    document: dict[str, Any] = {}
    algorithm: str = "RS256"
    rotated: bool = False
    """It signs with a new key from now on, and tells no other."""
    stranger: bool = False
    """It signs with a key that it does not tell."""
    twice: bool = False
    """A code is good for ever."""
    raw: str | None = None
    """All that the endpoint of tokens says."""
    status: int = 200
    keys: list[Any] | None = None


class Told(Struct):
    issuer: str
    lies: Lies
    rsa: RSAKey
    ec: ECKey
    codes: dict[str, dict[str, str]]


def rsa(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


TOLD = Told("", Lies(), rsa("first"), ECKey.generate_key("P-256", {"kid": "curve"}), {})


@put("/lies", status_code=204)
async def lie(request: Request[Any, Any, Any]) -> None:
    TOLD.lies = convert(json.loads(await request.body()), Lies)
    if TOLD.lies.rotated:
        TOLD.rsa = rsa(f"key-{time.monotonic_ns()}")


@get("/.well-known/openid-configuration")
async def document() -> dict[str, Any]:
    honest = {
        "issuer": TOLD.issuer,
        "authorization_endpoint": f"{TOLD.issuer}/authorize",
        "token_endpoint": f"{TOLD.issuer}/token",
        "jwks_uri": f"{TOLD.issuer}/jwks",
        "code_challenge_methods_supported": ["S256"],
    }
    return honest | TOLD.lies.document


@get("/jwks")
async def jwks() -> dict[str, Any]:
    honest = [TOLD.rsa.as_dict(private=False), TOLD.ec.as_dict(private=False)]
    return {"keys": honest if TOLD.lies.keys is None else TOLD.lies.keys}


@get("/authorize", status_code=302)
async def authorize(request: Request[Any, Any, Any]) -> Response[None]:
    asked = dict(request.query_params)
    code = f"code-{len(TOLD.codes)}"
    TOLD.codes[code] = asked
    back = f"{asked['redirect_uri']}?code={code}&state={asked['state']}"
    return Response(None, status_code=302, headers={"Location": back})


@post("/token", status_code=200)
async def token(request: Request[Any, Any, Any]) -> Response[bytes]:
    if TOLD.lies.raw is not None:
        return Response(TOLD.lies.raw.encode(), status_code=TOLD.lies.status)
    form = await request.form()
    asked = TOLD.codes.get(form["code"])
    known = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
    proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
    if (
        asked is None
        or request.headers.get("authorization") != f"Basic {known}"
        or proof.rstrip(b"=").decode() != asked["code_challenge"]
        or form["redirect_uri"] != asked["redirect_uri"]
    ):
        return Response(b'{"error":"invalid_grant"}', status_code=400)
    if not TOLD.lies.twice:
        del TOLD.codes[form["code"]]
    answer = {"access_token": "a", "token_type": "Bearer", "id_token": signed(asked["nonce"])}
    return Response(json.dumps(answer).encode(), status_code=TOLD.lies.status)


def signed(nonce: str) -> str:
    lies, now = TOLD.lies, int(time.time())
    claims: dict[str, Any] = {
        "iss": TOLD.issuer,
        "aud": CLIENT,
        "sub": "subject-1",
        "preferred_username": "wang",
        "nonce": nonce,
        "iat": now,
        "exp": now + 300,
    }
    claims = {name: one for name, one in (claims | lies.claims).items() if one is not None}
    match lies.algorithm:
        case "none":
            header = {"alg": "none", "kid": TOLD.rsa.kid}
            parts = [json.dumps(one).encode() for one in (header, claims)]
            return (
                ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."
            )
        case "HS256":
            public = OctKey.import_key(base64.b64encode(TOLD.rsa.as_pem(private=False)))
            return jwt.encode({"alg": "HS256", "kid": TOLD.rsa.kid}, claims, public, ["HS256"])
        case "ES256":
            return jwt.encode({"alg": "ES256", "kid": "curve"}, claims, TOLD.ec, ["ES256"])
        case one:
            key = rsa("first") if lies.stranger else TOLD.rsa
            return jwt.encode({"alg": one, "kid": TOLD.rsa.kid}, claims, key, [one])


if __name__ == "__main__":
    import asyncio

    port = int(sys.argv[1])
    TOLD.issuer = f"http://127.0.0.1:{port}"
    app = Litestar([lie, document, jwks, authorize, token])
    asyncio.run(Server(app, "127.0.0.1", port, interface=Interfaces.ASGI).serve())
