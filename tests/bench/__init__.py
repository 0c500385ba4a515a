"""The benchmarks behind `anjuan bench`: ourselves beside peers and floors, in one run."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import msgspec

from tests.bench.figures import Sizes, lines_of
from tests.bench.machine import durable_server, facts, note
from tests.databases import binaries_of, pg15_binaries

NAMES: Final = (
    "append", "foreign", "seal", "http", "project", "rebuild", "verify", "evaluate", "as-known",
    "scoped",
)  # fmt: skip

ALONE: Final = NAMES[:4]
"""Each on a server of its own; the others share one, with one log that grows."""


def chosen(names: Sequence[str]) -> list[str]:
    """Return the benchmarks that are named, in their order; without a name, all."""
    return [name for name in NAMES if not names or "all" in names or name in names]


def run(names: Sequence[str], as_json: bool, sizes: Sizes | None = None) -> int:  # noqa: FBT001
    """Measure what is named, print it, and answer 0: a missed target is a figure, not a failure."""
    measured = measure(names, sizes or Sizes())
    if as_json:
        sys.stdout.write(msgspec.json.encode(measured).decode() + "\n")
    else:
        machine = measured.pop("machine", {})
        for name, result in measured.items():
            sys.stdout.write("\n".join([*lines_of(name, result), "", ""]))
        sys.stdout.write("".join(f"{what}: {value}\n" for what, value in machine.items()))
    return 0


def measure(names: Sequence[str], sizes: Sizes) -> dict[str, Any]:
    """Name → result, and `machine`."""
    wanted = chosen(names)
    if "foreign" in wanted and binaries_of("15") is None:
        note(f"foreign: not measured, no PostgreSQL 15 in {pg15_binaries()}")
        wanted.remove("foreign")
    measured: dict[str, Any] = {}
    for name in ALONE:
        if name in wanted:
            with durable_server() as server:
                measured["machine"] = facts(server)
                measured[name] = _module(name).measure(server, sizes)
    if on_views := [name for name in NAMES[len(ALONE) :] if name in wanted]:
        with durable_server() as server:
            measured["machine"] = facts(server)
            measured |= _module("views").measure(server, on_views, sizes)
    return measured


def _module(name: str) -> Any:
    return import_module(f"tests.bench.{name}")
