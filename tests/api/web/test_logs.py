"""Log lines: their fields, their order, and what they leave out."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from api.web import logs


def record(logger: str = "api.http", level: int = logging.INFO, **extra: Any) -> logging.LogRecord:
    made = logging.getLogger(logger).makeRecord(
        *(logger, level, "file.py", 7, "row %s", ("陈小明",), None), extra=extra
    )
    made.created = 1_764_000_000.25
    return made


def test_a_line_is_json_with_its_fields_in_one_order() -> None:
    assert logs.Json().format(record(status=503, route="/a", ms=1.5)) == (
        '{"event":"row 陈小明","level":"info","timestamp":"2025-11-24T16:00:00.250000Z",'
        '"logger":"api.http","ms":1.5,"route":"/a","status":503}'
    )


def test_a_field_that_is_not_known_to_be_harmless_is_left_out() -> None:
    line = json.loads(logs.Json().format(record(visitor="陈小明", account="li", event="x")))
    assert set(line) == {"event", "level", "timestamp", "logger"}


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Coloured()])
def test_the_message_of_another_package_is_told_without_its_values(
    formatter: logging.Formatter,
) -> None:
    assert "row 陈小明" in formatter.format(record("ledger.log"))
    assert "row %s" in formatter.format(record("httpx"))
    assert "陈" not in formatter.format(record("httpx", level=logging.CRITICAL, visitor="陈小明"))


def test_a_failure_is_one_line_without_the_message_of_its_exception() -> None:
    failed = record("httpx")
    failed.exc_info = (ValueError, ValueError("陈小明"), None)
    failed.stack_info = "Stack: 陈小明"
    for formatter in (logs.Json(), logs.Coloured()):
        assert "\n" not in formatter.format(failed)
        assert "陈" not in formatter.format(failed)


def test_a_person_reads_the_same_fields_as_a_machine() -> None:
    told = record(level=logging.WARNING, status=503, route="/a")
    seen = re.sub(r"\x1b\[\d+m", "", logs.Coloured().format(told))
    line = json.loads(logs.Json().format(told))
    assert seen.startswith(f"{line.pop('timestamp')} warning  row 陈小明 logger=api.http")
    assert all(str(value) in seen for value in line.values())


def test_the_line_of_a_request_reads_the_same_whichever_way_it_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logs.configure("info", terminal=False)
        answered = logs.Answered(
            timestamp=datetime(2026, 1, 1, tzinfo=UTC),
            trace_id="t", method="GET", route="/a", status=200, ms=2.0,
        )  # fmt: skip
        logs.teller()(answered)
        fast = json.loads(capsys.readouterr().err)
        logging.getLogger("api.http").info("answered", extra=msgspec.structs.asdict(answered))
        assert json.loads(capsys.readouterr().err) == fast
    finally:
        root.handlers[:] = before
        root.setLevel(level)
