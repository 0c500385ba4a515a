"""What a benchmark says: figures and their spread, what they are held against, what bounds them."""

import statistics
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field


class Sizes(Struct, frozen=True, kw_only=True):
    """How much is measured. The defaults are those of the published figures."""

    seconds: float = 3.0
    """Of each run that is bounded by time."""
    rounds: int = 5
    concurrency: int = 64
    project_events: int = 100_000
    rebuild_events: int = 1_000_000
    rebuild_rounds: int = 3
    evaluate_events: int = 1_700_000
    known_events: int = 2_500_000
    scoped_events: int = 1_500_000
    draws: int = 60
    """Per report."""
    scale: float = 1.0
    """Of the simulated city."""


class Runs(Struct, frozen=True):
    """One figure of every run."""

    n: int
    min: float
    median: float
    max: float


class Result(Struct, frozen=True, kw_only=True):
    """One benchmark. `ours` and `against` are medians in `unit`; `ratio` is ours to against."""

    what: str
    unit: str
    ours: float
    against: float
    against_what: str
    ratio: float
    target: str
    met: bool
    bounded_by: str
    runs: dict[str, Runs]
    foreign_cores: Runs
    """Cores that others used while we measured."""
    details: dict[str, Any] = field(default_factory=dict)


def runs_of(values: Sequence[float]) -> Runs:
    return Runs(
        len(values),
        rounded(min(values)),
        rounded(statistics.median(values)),
        rounded(max(values)),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def rounded(value: float) -> float:
    """As many digits as a measurement deserves."""
    return float(f"{value:.4g}")


def lines_of(name: str, result: Result) -> list[str]:
    """A result for people."""
    width = max(map(len, result.runs))
    return [
        f"{name}: {result.what}",
        *(
            f"  {what:<{width}}  {_number(one.median):>9} {result.unit}"
            f"  (min {_number(one.min)}, max {_number(one.max)}, {one.n} runs)"
            for what, one in result.runs.items()
        ),
        *(f"  {what}: {_detail(value)}" for what, value in result.details.items()),
        f"  ratio {result.ratio:g}; target: {result.target}: {'met' if result.met else 'MISSED'}",
        f"  bounded by {result.bounded_by}",
        f"  others used {result.foreign_cores.median:g} cores"
        f" (at most {result.foreign_cores.max:g})",
    ]


def table_of(measured: dict[str, Result]) -> list[str]:
    """Results as `docs/performance.md` has them."""
    head = "| benchmark | what | median | min – max | runs |", "|---|---|---|---|---|"
    rows = [
        f"| {name} | {what} | {_number(one.median)} {result.unit} |"
        f" {_number(one.min)} – {_number(one.max)} | {one.n} |"
        for name, result in measured.items()
        for what, one in result.runs.items()
    ]
    head_of_ratios = "| benchmark | ratio | target | | others used |", "|---|---|---|---|---|"
    ratios = [
        f"| {name} | {result.ratio:g} | {result.target} | {'met' if result.met else 'missed'} |"
        f" {result.foreign_cores.median:g} cores |"
        for name, result in measured.items()
    ]
    return [*head, *rows, "", *head_of_ratios, *ratios]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:g}"


def _detail(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_detail(one)}" for name, one in value.items())
    return _number(value) if isinstance(value, int | float) else str(value)
