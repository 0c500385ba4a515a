"""`anjuan bundle`: evidence for somebody who has nothing of ours."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import rich_click as click

from api.cli.acting import actor_of, actor_options
from api.cli.asking import app_url, as_known_at_option, connected, json_option
from api.cli.evaluating import FEW, period_given
from api.cli.keeping_up import bring_views_up
from api.cli.printing import note, progress, say, say_json
from api.identity import TABLE, may

OUT: Final = click.Path(dir_okay=False, writable=True, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])
ACTOR: Final = ("account", "role", "unit", "adviser")


@click.group()
def bundle() -> None:
    """Evidence bundles: one zip that anybody checks with Python alone, and computes anew."""


def bundle_options(command: F) -> F:
    """--out, --personal and who asks for it, --as-known-at, --json."""
    out = click.option("--out", type=OUT, required=True, metavar="FILE.zip", help="What to write.")
    personal = click.option(
        "--personal", is_flag=True, help="With names and texts about persons; say who asks."
    )
    return out(personal(actor_options(as_known_at_option(json_option(command)))))


whole_option: Final = click.option(
    "--whole", is_flag=True, help="With an entry of every event, so that nothing can be left out."
)


@bundle.command()
@click.argument("evaluation")
@click.option("--determination", type=click.IntRange(1), help="Default: the newest.")
@click.option("--subjects", help="Codes, separated by commas. Default: all, and the whole log.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@bundle_options
def evaluation(
    evaluation: str,
    determination: int | None,
    subjects: str | None,
    workers: int,
    out: Path,
    as_known_at: datetime | None,
    *,
    personal: bool,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of an EVALUATION: its id, or RULESET:DIVISION:PERIOD.

    Of what was determined; before publication, and with --as-known-at, of a trial. It must be
    sealed: `anjuan seal --now`.

    Example: anjuan bundle evaluation adviser-year:4401:2026 --out evaluation.zip
    """
    from api.bundle.choosing import of_evaluation
    from api.evaluating import Evaluated, Prepared, evaluated, evaluated_few

    permitted(personal=personal, **actor)
    url = app_url()
    bring_views_up(url)
    codes = tuple(one for one in (subjects or "").split(",") if one)
    with connected(url) as connection:

        def evaluate(ready: Prepared) -> Evaluated:
            if len(ready.task.subjects) <= FEW or codes:
                return evaluated_few(connection, ready.task, ready.rules)
            with progress("Scoring (parts)") as tell:
                return evaluated(url, ready, workers, tell)

        contents = of_evaluation(
            connection,
            evaluation,
            evaluate,
            number=determination,
            subjects=codes,
            as_known_at=as_known_at,
        )
        _write(connection, contents, out, personal=personal, as_json=as_json)


@bundle.command()
@click.argument("id_", metavar="ID")
@whole_option
@bundle_options
def complaint(
    id_: str,
    out: Path,
    as_known_at: datetime | None,
    *,
    whole: bool,
    personal: bool,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of a complaint, with the request it is about, as far as the log is sealed.

    Example: anjuan bundle complaint 0198c1d2-7a40-7000-8000-00000000002a --out complaint.zip
    """
    from api.bundle.choosing import of_complaint

    permitted(personal=personal, **actor)
    with connected(app_url()) as connection:
        contents = of_complaint(connection, id_, as_known_at, whole=whole)
        _write(connection, contents, out, personal=personal, as_json=as_json)


@bundle.command()
@click.argument("code")
@click.option("--period", required=True, callback=period_given, help="2026, 2026-Q2 or 2026-06.")
@whole_option
@bundle_options
def point(
    code: str,
    period: str,
    out: Path,
    as_known_at: datetime | None,
    *,
    whole: bool,
    personal: bool,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of what happened at a point in a period, as far as the log is sealed.

    Example: anjuan bundle point C0001 --period 2026-Q2 --out point.zip
    """
    from api.bundle.choosing import of_point

    permitted(personal=personal, **actor)
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        contents = of_point(connection, code, period, as_known_at, whole=whole)
        _write(connection, contents, out, personal=personal, as_json=as_json)


def permitted(*, personal: bool, **actor: str | None) -> None:
    """UsageError: who asks is not said; ClickException: he may not have personal data."""
    if not personal:
        return
    by = actor_of(*(actor[name] for name in ACTOR))
    if not may(by, TABLE):
        raise click.ClickException(f"role {by.role} may not have personal data; leave --personal")


def _write(connection: Any, contents: Any, out: Path, *, personal: bool, as_json: bool) -> None:
    from api.bundle.making import written

    try:
        made = written(connection, contents, out, personal=personal)
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error}") from error
    if as_json:
        say_json(made)
        return
    say(f"{out}: {made.entries} entries, {made.states} states, {made.masked} of them masked")
    if made.digest:
        say(f"digest {made.digest}")
    note(f"As known at position {made.position}. Check: unzip it, and run python3 verify.py in it.")
