"""Duty, doubts and coverage of a division and a period."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import rich_click as click

from api.cli.asking import json_option
from api.cli.language import spoken
from api.cli.printing import say, show_table
from api.cli.reporting.asking import at_times, of_report, on_basis, shown_table, tell
from domain.reporting import report
from projections.advising import coverage, doubts, duty
from projections.asking.asking import Basis
from projections.reporting.reports import Of


def _counted(value: Any) -> Any:
    """Show pieces as done of required, and streams by their number; JSON has them one by one."""
    match value:
        case duty.Pieces(done=done, required=required):
            return f"{done}/{required}"
        case (UUID(), *_) | ():
            return len(value)
        case _:
            return value


def _figures(name: str, find: Callable[..., list[Any]], text: str) -> click.Command:
    def command(
        period: str, division: str, basis: Of, *, as_json: bool, **times: datetime | None
    ) -> None:
        def asking(connection: psycopg.Connection[Any], known: Basis) -> dict[str, Any]:
            position = known.position
            if basis == "submitted":
                raise click.UsageError(f"{name} is no table that is submitted: then or now.")
            if basis == "then":
                of = (report.STATISTICS, division, period)
                position = shown_table(connection, known, "submitted", of).table.cut_off
            of_period: dict[str, Any] = {
                "division": division, "period": period, "position": position,
            }  # fmt: skip
            told = {"cut_off": position, "rows": find(connection, **of_period)}
            if find is duty.position and basis == "now":
                told["waiting"] = duty.waiting(connection, **of_period)
            return told

        def show(told: dict[str, Any]) -> None:
            show_table(
                [
                    {name: _counted(value) for name, value in msgspec.structs.asdict(row).items()}
                    for row in told["rows"]
                ],
                owner=type(told["rows"][0]) if told["rows"] else None,
            )
            if waiting := told.get("waiting"):
                say(
                    spoken(
                        "What would change by a recalculation (it stands → it would be):",
                        "重新计算将引起的变化（现在 → 计算后）：",
                    )
                )
                show_table([_would(one) for one in waiting], owner=type(waiting[0]))

        tell(asking, show, as_json=as_json, **times, of=basis, division=division, period=period)

    command.__doc__ = text
    return click.command(name)(of_report(on_basis(at_times(json_option(command)))))


def _would(one: duty.DutyChange) -> dict[str, Any]:
    return {
        name: f"{value[0]} → {value[1]}" if isinstance(value, tuple) else value
        for name, value in msgspec.structs.asdict(one).items()
    }


DUTY: Final = _figures(
    "duty",
    duty.position,
    """What each adviser owed each village in each month, what he did, and what is short; never
    averaged.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report duty --period 2026-06 --division 440106 --json
    """,
)
DOUBTS: Final = _figures(
    "doubts",
    doubts.found,
    """Work-log entries that are doubtful, to be cleared or returned: hours told twice, more than a
    day, a village the adviser did not serve that day or that no register knows.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report doubts --period 2026-06 --division 440106 --json
    """,
)
COVERAGE: Final = _figures(
    "coverage",
    coverage.gaps,
    """What is missing where: villages not checked, without adviser, group, display or lecture.

    With --basis then: as known when the division's work statistics were submitted.

    Example: anjuan report coverage --period 2026-06 --division 440106 --json
    """,
)
