"""The benchmarks of the views, on one simulated log that grows from one to the next."""

from collections.abc import Sequence

from tests.bench import evaluate, known, project, rebuild, scoped, verify
from tests.bench.city_log import CityLog
from tests.bench.figures import Result, Sizes
from tests.bench.machine import Server


def measure(server: Server, names: Sequence[str], sizes: Sizes) -> dict[str, Result]:
    """Of `project`, `rebuild`, `verify`, `evaluate`, `as-known` and `scoped`, those named."""
    measured = {}
    log = CityLog(server, sizes.scale)
    if "project" in names:
        log.grow(sizes.project_events)
        measured["project"] = project.measure(log, sizes)
    if "rebuild" in names:
        log.grow(sizes.rebuild_events)
        measured["rebuild"] = rebuild.measure(log, sizes)
    if "verify" in names:
        log.grow(sizes.rebuild_events)
        measured["verify"] = verify.measure(log, sizes)
    if "evaluate" in names:
        log.grow(sizes.evaluate_events)
        measured["evaluate"] = evaluate.measure(log, sizes)
    if "as-known" in names:
        log.grow(sizes.known_events)
        measured["as-known"] = known.measure(log, sizes)
    if "scoped" in names:
        log.grow(sizes.scoped_events)
        measured["scoped"] = scoped.measure(log, sizes)
    return measured
