"""Fixtures of the entire suite; what they are made of is in `tests.databases`."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from secrets import randbits
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ledger.log.threads import describe_structs
from ledger.server.embedded import Cluster
from ledger.server.programs import wheel_binaries
from tests.databases import (
    Database,
    binaries_of,
    own_database,
    pg15_binaries,
    running_cluster,
    temporary_home,
)

# Not the profile that Hypothesis chooses in CI, which draws the same examples for ever. No database
# of examples: the seed is what draws them again.
settings.register_profile(
    "fresh",
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fresh")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed of this run's examples, before Hypothesis reads its option."""
    if config.option.hypothesis_seed is None:
        given = getattr(config, "workerinput", {})
        config.option.hypothesis_seed = given.get("hypothesis_seed", str(randbits(32)))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give every xdist worker the seed of the run."""
    node.workerinput["hypothesis_seed"] = node.config.option.hypothesis_seed


def pytest_collection_finish() -> None:
    """Tests that run a projector in a thread decode beside it."""
    describe_structs()


def pytest_report_header(config: pytest.Config) -> str:
    return f"laws draw their examples with --hypothesis-seed={config.option.hypothesis_seed}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if terminalreporter.stats.get("failed"):
        seed = terminalreporter.config.option.hypothesis_seed
        terminalreporter.write_line(
            f'The same examples again: make test ARGS="--lf --hypothesis-seed={seed}"', yellow=True
        )
    if shutil.which("curl") is None:
        terminalreporter.write_line(
            "docs/api.md was NOT run: there is no curl here; install it", yellow=True
        )
    if binaries_of("15") is None:
        terminalreporter.write_line(
            f"PostgreSQL 15 was NOT tested: no programs in {pg15_binaries()};"
            " install it or set ANJUAN_TEST_PG15_BIN",
            yellow=True,
        )


@pytest.fixture(scope="session")
def fresh_seed(request: pytest.FixtureRequest) -> int:
    """For laws too costly for more than one example: drawn with this run's seed."""
    return Random(str(request.config.option.hypothesis_seed)).getrandbits(32)


@pytest.fixture(scope="session")
def cluster_of() -> Iterator[Callable[[str], Cluster]]:
    """The session's server of a major version ("18", "15"), started at its first use."""
    clusters: dict[str, Cluster] = {}
    with ExitStack() as stack:

        def cluster(major: str) -> Cluster:
            if major not in clusters:
                binaries = binaries_of(major)
                if binaries is None:
                    pytest.skip(f"PostgreSQL {major} not found; set ANJUAN_TEST_PG15_BIN")
                clusters[major] = stack.enter_context(running_cluster(major, binaries))
            return clusters[major]

        yield cluster


@pytest.fixture(scope="session")
def cluster(cluster_of: Callable[[str], Cluster]) -> Cluster:
    """The session's shared server (one per xdist worker): never stop or kill this one."""
    return cluster_of("18")


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """A migrated database of this test's own."""
    with own_database(cluster) as database:
        yield database


@pytest.fixture(params=["18", "15"])
def any_cluster(request: pytest.FixtureRequest, cluster_of: Callable[[str], Cluster]) -> Cluster:
    return cluster_of(request.param)


@pytest.fixture
def any_database(any_cluster: Cluster) -> Iterator[Database]:
    """As `database`, on each PostgreSQL we support."""
    with own_database(any_cluster) as database:
        yield database


@pytest.fixture
def any_blank_database(any_cluster: Cluster) -> Iterator[Database]:
    """A database nothing was migrated into, on each PostgreSQL we support."""
    with own_database(any_cluster, template="template1") as database:
        yield database


@pytest.fixture
def home() -> Iterator[Path]:
    """A place for a home of this test's own; it does not exist yet."""
    with temporary_home() as place:
        yield place


@pytest.fixture
def new_cluster() -> Iterator[Callable[..., Cluster]]:
    """Makes servers of this test's own (not started), which it may stop, kill and break.

    `new_cluster(name="home", binaries=..., durable=False)`: one home per name.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_home()).parent

        def make(
            name: str = "home", binaries: Path | None = None, *, durable: bool = False
        ) -> Cluster:
            programs = binaries or wheel_binaries()
            cluster = Cluster(folder / name, programs, durable=durable, shared_buffers_mb=32)
            stack.callback(cluster.stop)
            return cluster

        yield make
