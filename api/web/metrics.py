"""Prometheus metrics of this process, of the log and of the views."""

import os
from collections.abc import Sequence
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest, multiprocess

from api.reactions.status import Progress
from ledger.log.appender import GroupCommit, Waiting
from ledger.log.recorder import Outcome

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Set by `serve` where several processes answer: each writes its figures there, any sums them."""
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
COMMANDS: Final = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counters of this process in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._took = Histogram(
            "anjuan_http_request_seconds",
            "From the request's head to the answer's last byte, by route template",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._flushed = Histogram(
            "anjuan_append_commands",
            "Commands that shared one commit",
            buckets=COMMANDS,
            registry=self.registry,
        )
        self._of = cache(self._took.labels)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._of(method, route, status).observe(seconds)

    def flushed(self, commands: int) -> None:
        self._flushed.observe(commands)

    def exposition(
        self, head: int, views: Sequence[tuple[str, int]], policies: Progress | None
    ) -> bytes:
        """Return the Prometheus text: counters, the log's head, lag of views, state of policies."""
        shared = SHARED_FOLDER in os.environ
        counted = CollectorRegistry() if shared else self.registry
        if shared:
            multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(_now(head, views, policies))


class MeasuredCommit(GroupCommit):
    """Group commit that counts how many commands shared each commit."""

    def __init__(self, url: str, metrics: Metrics) -> None:
        super().__init__(url)
        self._metrics = metrics

    async def _append(self, batch: Sequence[Waiting]) -> list[Outcome]:
        self._metrics.flushed(len(batch))
        return await super()._append(batch)


def _now(
    head: int, views: Sequence[tuple[str, int]], policies: Progress | None
) -> CollectorRegistry:
    """Query the database's figures, which are the same from every process."""
    registry = CollectorRegistry()
    Gauge("anjuan_log_head", "Position of the newest event", registry=registry).set(head)
    lag = Gauge("anjuan_view_lag", "Events a view is behind the log", ["view"], registry=registry)
    for name, behind in views:
        lag.labels(name).set(behind)
    if policies is not None:
        _tell(registry, policies)
    return registry


def _tell(registry: CollectorRegistry, policies: Progress) -> None:
    behind = Gauge("anjuan_policy_lag", "Events policies are behind the log", registry=registry)
    behind.set(policies.lag)
    faults = Gauge("anjuan_policy_faults", "What policies could not follow up", registry=registry)
    faults.set(policies.faults)
    if policies.looked_at is not None:
        looked = "When policies last looked at the clock, in seconds since 1970"
        Gauge("anjuan_policies_looked_at_seconds", looked, registry=registry).set(
            policies.looked_at.timestamp()
        )
