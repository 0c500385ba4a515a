"""`anjuan report`: the period views, now or as known at an instant."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final, get_args

import msgspec
import psycopg
import rich_click as click

from api.cli.asking import DAY, app_url, as_known_at_option, connected, json_option
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.keeping_up import bring_views_up
from api.cli.language import spoken
from api.cli.printing import note_basis, say_json, show_table
from api.cli.reporting.drafts import fill_in
from api.cli.reporting.figures import COVERAGE, DOUBTS, DUTY
from api.cli.reporting.submissions import adjustments, city, resubmit, submit, versions
from api.cli.reporting.tables import OF_TABLES, any_table, queries
from domain.registers.point import PointKind
from domain.vocabulary import Service
from projections.asking.asking import Basis, By, PeriodAsked, Query, fetch, grouping
from projections.history.events import Touched
from projections.oversight import promises
from projections.requests import response_times, satisfaction, workload
from projections.requests.touching import touched
from projections.running.basis import basis_query


class Answered(msgspec.Struct, frozen=True):
    basis: dict[str, Any]
    rows: list[Any]


@click.group()
def report() -> None:
    """Answer a question about a period: how much work, how long, how well liked; and the statutory
    tables: filled in, submitted, compared with what is known now.

    The views are brought up to date first.
    """


def _report(
    name: str,
    view: ModuleType,
    text: str,
    by: tuple[str, ...] = get_args(By),
    *,
    crossing: bool = True,
) -> None:
    def answer(
        as_known_at: datetime | None,
        compared_to: datetime | None,
        *,
        as_json: bool,
        **question: Any,
    ) -> None:
        url = app_url()
        bring_views_up(url)
        with connected(url) as connection:
            if compared_to is not None:
                times = (as_known_at, compared_to)
                _compare(connection, view, times, question, as_json=as_json)
                return
            basis, asked = _asked(connection, as_known_at, question)
            rows = fetch(connection, view.report(asked))
        if as_json:
            say_json(Answered(_basis(basis, asked), rows))
            return
        kind = type(rows[0]) if rows else None
        nothing = spoken("no requests", "没有事项")
        show_table([_line(row, asked) for row in rows], owner=kind, empty=nothing)
        note_basis(basis.position, basis.recorded_at, simulated=basis.simulated)

    answer.__doc__ = text
    command: Callable[..., Any] = answer
    options = (_by(by), *OPTIONS) if crossing else (_by(by, most=1), *OPTIONS[:-NARROWER])
    for option in reversed(options):
        command = option(command)
    report.command(name)(json_option(as_known_at_option(compared_to_option(command))))


def _asked(
    connection: psycopg.Connection[Any], at: datetime | None, question: dict[str, Any]
) -> tuple[Basis, PeriodAsked]:
    (basis,) = fetch(connection, basis_query(at))
    return basis, _period(question, position=basis.position, now=at or datetime.now(UTC))


def _period(question: dict[str, Any], *, position: int, now: datetime) -> PeriodAsked:
    return PeriodAsked(position=position, now=now, **{**question, **grouping(question["by"])})


def _line(row: msgspec.Struct, asked: PeriodAsked) -> dict[str, Any]:
    """A row for people: without `crossed` where nothing was crossed."""
    return {
        name: value
        for name, value in msgspec.structs.asdict(row).items()
        if name != "crossed" or asked.crossed_by is not None
    }


def _compare(
    connection: psycopg.Connection[Any],
    view: ModuleType,
    times: tuple[datetime | None, datetime],
    question: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    def found(at: datetime | None) -> dict[str, Any]:
        return {"rows": fetch(connection, view.report(_asked(connection, at, question)[1]))}

    def touching(after: int, upto: int) -> Query[Touched] | None:
        asked = _period(question, position=upto, now=datetime.now(UTC))
        return touched(view.NAME, asked, after) if view is not promises else None

    tell_difference(connection, *times, found, as_json=as_json, touching=touching)


def _basis(basis: Basis, asked: PeriodAsked) -> dict[str, Any]:
    question = msgspec.structs.asdict(asked)
    question["from"] = question.pop("from_")
    return {**question, **msgspec.structs.asdict(basis)}


class _Groupings(click.ParamType[str]):
    """One of the choices, or as many as `most` with a comma between."""

    name = "grouping"

    def __init__(self, choices: tuple[str, ...], most: int) -> None:
        self.choices = choices
        self.most = most

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        named = value.split(",")
        if len(named) > self.most or not set(named) <= set(self.choices):
            known = ", ".join(self.choices)
            self.fail(f"{value!r} is not at most {self.most} of {known}", param, ctx)
        return value


def _by(choices: tuple[str, ...], most: int = 2) -> Callable[[Any], Any]:
    return click.option(
        "--by",
        type=_Groupings(choices, most),
        metavar="WHAT" if most == 1 else "WHAT[,WHAT]",
        default="point",
        show_default=True,
        help=f"What each row stands for, at most {most} of: {', '.join(choices)}.",
    )


NARROWER: Final = 3
"""The last of the options, which only reports on requests have."""
OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--from", "from_", type=DAY, metavar="DAY", help="First day the service was requested."
    ),
    click.option("--to", type=DAY, metavar="DAY", help="The day after the last one."),
    click.option(
        "--division", metavar="CODE", help="Only there: a division code or its first digits."
    ),
    click.option("--service", type=click.Choice(get_args(Service)), help="Only this service."),
    click.option("--point", metavar="CODE", help="Only this point."),
    click.option("--adviser", metavar="CODE", help="Only what stands with this adviser."),
    click.option("--window", metavar="CODE", help="Only what was asked at this window."),
    click.option("--officer", metavar="ACCOUNT", help="Only what this account answers for."),
    click.option(
        "--point-kind", type=click.Choice(get_args(PointKind)), help="Only points of this kind."
    ),
)

_report(
    "workload",
    workload,
    """How much was done: services, minutes on site and off, off-peak and late entries.

    Example: anjuan report workload --by adviser,month --from 2026-07-01 --to 2026-10-01
    """,
)
_report(
    "response-times",
    response_times,
    """How long people waited: median and p90 in calendar days and in working minutes.

    Example: anjuan report response-times --by division --division 440106 --json
    """,
)
_report(
    "satisfaction",
    satisfaction,
    """What people said: ratings given, by default and in callbacks, each apart.

    Example: anjuan report satisfaction --by month --as-known-at 2026-10-01
    """,
)

_report(
    "promises",
    promises,
    """How deadlines were kept, of requests, complaints and rectifications, by the day due.

    Example: anjuan report promises --by month --from 2026-01-01 --json
    """,
    get_args(promises.ByPlace),
    crossing=False,
)

for one in (
    *OF_TABLES, DUTY, DOUBTS, COVERAGE, adjustments, versions, city, any_table, fill_in, submit,
    resubmit, queries,
):  # fmt: skip
    report.add_command(one)
