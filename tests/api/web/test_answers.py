"""How every query string is read."""

from datetime import UTC, datetime

import pytest

from api.web.answers import instant_of, pairs_of
from api.web.problems import Problem


def test_each_parameter_is_read_once_and_may_be_empty() -> None:
    assert pairs_of(b"a=1&b=%E4%BD%A0&c=") == {"a": "1", "b": "你", "c": ""}
    assert pairs_of(b"") == {}


@pytest.mark.parametrize("query", [b"a=1&a=2", b"a=%00", b"%00=1", b"a=%ff", "a=你".encode()])
def test_a_query_that_could_be_read_in_two_ways_or_kept_in_none_is_refused(query: bytes) -> None:
    with pytest.raises(Problem) as refused:
        pairs_of(query)
    assert refused.value.slug == "malformed"


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:00:00+08:00", "2026-03-02T09:00:00 08:00", "2026-03-02T01:00:00Z"]
)
def test_an_instant_is_read_also_if_nobody_escaped_its_plus_sign(text: str) -> None:
    assert instant_of("occurred_at", text) == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-03-02",
        "2026-03-02T09:00:00",
        "0026-03-02T09:00:00Z",
        "9999-01-01T00:00:00Z",
    ],
)
def test_a_time_without_offset_or_beyond_every_calendar_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        instant_of("occurred_at", text)
    assert refused.value.slug == "malformed"
