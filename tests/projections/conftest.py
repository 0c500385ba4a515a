"""A log with views, for each test of a view."""

from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.projections.viewing import Given, Viewing


@pytest.fixture
def viewing(database: Database) -> Iterator[Viewing]:
    """A log that knows the example calendar, and nothing else."""
    viewing = Viewing(database.app_url)
    yield viewing
    viewing.close()


@pytest.fixture
def given(viewing: Viewing) -> Given:
    """given(*happenings).shown_by(...)"""
    return viewing.given
