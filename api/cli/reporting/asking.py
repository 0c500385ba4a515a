"""Options of a division and a period, and the answers of the commands that take them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, get_args

import msgspec
import psycopg
import rich_click as click

from api.cli.asking import app_url, as_known_at_option, connected
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.keeping_up import bring_views_up
from api.cli.printing import note_basis, say_json
from domain.codes import Code, DivisionCode, PeriodCode
from projections.asking.answering import answer
from projections.asking.asking import Basis, fetch
from projections.reporting import reports
from projections.reporting.reports import Of, Shown
from projections.running.basis import basis_query

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Checked(click.ParamType[str]):
    """A text of a form that is written down as a type."""

    def __init__(self, name: str, kind: Any, example: str) -> None:
        self.name = name
        self._kind = kind
        self._example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return str(msgspec.convert(value, self._kind))
        except msgspec.ValidationError:
            self.fail(f"{value!r} is not like {self._example}", param, ctx)


PERIOD: Final = Checked("period", PeriodCode, "2026-06 or 2026-Q2")
TEMPLATE: Final = Checked("template", Code, "legal-aid-monthly: the code of a published form")
DIVISION: Final = Checked("division", DivisionCode, "440103: 2, 4, 6, 9 or 12 digits")


class Nothing(click.ClickException):
    """No such submission: exit code 1."""


def of_report(command: F) -> F:
    """Add --period and --division."""
    command = click.option(
        "--division", type=DIVISION, required=True, metavar="CODE", help="The whole division."
    )(command)
    return click.option(
        "--period", type=PERIOD, required=True, help="A month or a quarter: 2026-06, 2026-Q2."
    )(command)


def on_basis(command: F) -> F:
    return click.option(
        "--basis",
        type=click.Choice(get_args(Of)),
        default="now",
        show_default=True,
        help="As it was submitted, as known at the cut-off of the submission, or as known now.",
    )(command)


def at_times(command: F) -> F:
    """Add --as-known-at and --compared-to."""
    return as_known_at_option(compared_to_option(command))


version_option = click.option(
    "--version", "version", type=click.IntRange(1), help="Of the submission. Default: the newest."
)


Asking = Callable[[psycopg.Connection[Any], Basis], T]


def asked(url: str, asking: Asking[T], as_known_at: datetime | None = None) -> tuple[Basis, T]:
    """Bring the views up to date and fetch."""
    bring_views_up(url)
    with connected(url) as connection:
        return known_at(connection, asking, as_known_at)


def known_at(
    connection: psycopg.Connection[Any], asking: Asking[T], at: datetime | None
) -> tuple[Basis, T]:
    (basis,) = fetch(connection, basis_query(at))
    return basis, asking(connection, basis)


def tell(
    asking: Asking[dict[str, Any]],
    show: Callable[[dict[str, Any]], None],
    *,
    as_json: bool,
    as_known_at: datetime | None,
    compared_to: datetime | None,
    **of: Any,
) -> None:
    """Print an answer on its basis: as JSON with what it is `of`, or as `show` shows it; of two
    times the difference."""
    if compared_to is None:
        basis, found = asked(app_url(), asking, as_known_at)
        if as_json:
            say_json({"basis": {**of, **msgspec.structs.asdict(basis)}, **found})
            return
        show(found)
        note_basis(basis.position, simulated=basis.simulated)
        return
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        tell_difference(
            connection,
            as_known_at,
            compared_to,
            lambda at: known_at(connection, asking, at)[1],
            as_json=as_json,
        )


def shown_table(
    connection: psycopg.Connection[Any],
    basis: Basis,
    of: Of,
    name: tuple[str, str, str],
    **more: Any,
) -> Shown:
    now = basis.as_known_at or datetime.now(UTC)
    wanted = reports.shown(of, *name, position=basis.position, now=now, **more)
    found = answer(connection, wanted)
    if found is None:
        raise Nothing(f"nothing was submitted of {' '.join(name)}")
    return found
