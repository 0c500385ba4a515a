"""Canonical JSON: the bytes that digests are taken of."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import json

canonical: Final[Callable[[Any], bytes]] = json.Encoder(order="sorted").encode
"""Of plain data as everyone can write it again: UTF-8, sorted keys, no blanks; what
`json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))` gives."""
