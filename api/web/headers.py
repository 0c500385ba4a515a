"""Headers that every answer has, whatever made it: what a browser may do with it.

They are added where all answers leave (`api.web.watch`), so that no route can forget one.
"""

from typing import Final

from api.web.answers import Headers

TLS_S: Final = 63_072_000
"""Two years for which a browser keeps to TLS."""
ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
KEEP_TO_TLS: Final = (b"strict-transport-security", b"max-age=%d" % TLS_S)
POLICY: Final = b"content-security-policy"
NOTHING: Final = (POLICY, b"default-src 'none'; frame-ancestors 'none'")
"""An answer of the API is data: as a page it loads nothing, and stands in no other page."""
CACHE: Final = b"cache-control"
NOT_STORED: Final = (CACHE, b"no-store")
"""Unless it says that it is for everybody: a browser keeps nothing of it on its disk."""
FOR_ANYBODY: Final = (CACHE, b"no-cache")
"""Anybody may have it; whoever keeps it asks whether it is the newest."""


def lacking(given: Headers) -> Headers:
    """Return what an answer lacks of the two that a route may choose itself."""
    names = [name for name, _ in given]
    found = [] if POLICY in names else [NOTHING]
    if CACHE not in names:
        found.append(NOT_STORED)
    return found
