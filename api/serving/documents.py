"""The OpenAPI document, and a page to read and try it that loads nothing from elsewhere."""

from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from api.rights import PERMISSION, PUBLIC
from api.web.answers import JSON, Headers, reply

PATH: Final = "/schema"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>案卷 API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/schema/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/schema/swagger-ui-bundle.js"></script>
<script src="/schema/start.js"></script>
</body>
</html>
"""
START: Final = """SwaggerUIBundle({
  url: "/schema/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


def handlers(document: dict[str, Any]) -> list[HTTPRouteHandler]:
    vendored = files("api") / "static" / "vendor" / "swagger-ui"
    script = b"text/javascript; charset=utf-8"
    return [
        _file("", b"text/html; charset=utf-8", PAGE.encode()),
        _file("/start.js", script, START.encode()),
        _file("/swagger-ui-bundle.js", script, (vendored / "swagger-ui-bundle.js").read_bytes()),
        _file(
            "/swagger-ui.css",
            b"text/css; charset=utf-8",
            (vendored / "swagger-ui.css").read_bytes(),
        ),
        _file("/openapi.json", JSON, msgspec.json.encode(document)),
    ]


def _file(under: str, media_type: bytes, content: bytes) -> HTTPRouteHandler:
    return _at(PATH + under, media_type, content)


def _at(path: str, media_type: bytes, content: bytes) -> HTTPRouteHandler:
    @get(path, name=f"Document{path}", opt={PERMISSION: PUBLIC}, include_in_schema=False)
    async def send() -> ASGIApp:
        headers: Headers = [
            (b"content-type", media_type),
            (b"content-security-policy", CSP.encode()),
            (b"cache-control", b"public, max-age=3600"),
        ]
        return reply(200, headers, content)

    return send
