"""The benchmarks run and say what they promise; at sizes at which their figures mean nothing."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tests.bench import run
from tests.bench.figures import Sizes, percentile, runs_of
from tests.databases import binaries_of

TINY = Sizes(
    seconds=0.2,
    rounds=1,
    concurrency=4,
    project_events=1_000,
    rebuild_events=2_000,
    rebuild_rounds=1,
    evaluate_events=2_500,
    known_events=3_000,
    scoped_events=3_500,
    draws=3,
    scale=0.02,
)
KEYS = {
    "what", "unit", "ours", "against", "against_what", "ratio", "target", "met", "bounded_by",
    "runs", "foreign_cores", "details",
}  # fmt: skip
MACHINE = {"cores", "postgresql", "settings", "file_system", "date", "packages"}
NEEDS_15 = pytest.mark.skipif(binaries_of("15") is None, reason="PostgreSQL 15 not found")


def measured(names: Sequence[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(names, as_json=True, sizes=TINY) == 0
    found: dict[str, Any] = msgspec.json.decode(capsys.readouterr().out)
    machine = found.pop("machine")
    assert machine.keys() >= MACHINE
    assert machine["settings"]["fsync"] == machine["settings"]["synchronous_commit"] == "on"
    return found


@pytest.mark.parametrize(
    "names",
    [
        ["append"],
        pytest.param(["foreign"], marks=NEEDS_15),
        ["seal"],
        ["http"],
        ["project", "rebuild", "verify", "evaluate", "as-known", "scoped"],
    ],
)
def test_a_benchmark_says_our_figure_the_other_and_their_ratio(
    names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(names, capsys)
    assert list(found) == names
    for result in found.values():
        assert result.keys() == KEYS
        assert result["ratio"] == pytest.approx(result["ours"] / result["against"], rel=1e-2)
        for one in result["runs"].values():
            assert one["n"] >= 1
            assert 0 < one["min"] <= one["median"] <= one["max"]


def test_people_are_told_the_same_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["append"], as_json=False, sizes=TINY) == 0
    said = capsys.readouterr().out
    assert said.startswith("append: durable appends")
    assert "target: ratio at least 15" in said
    assert "fsync" in said


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([5.0], 0.99) == 5.0
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0


def test_runs_are_told_by_their_median_and_their_spread() -> None:
    runs = runs_of([4.0, 1.0, 2.0])
    assert (runs.n, runs.min, runs.median, runs.max) == (3, 1.0, 2.0, 4.0)
