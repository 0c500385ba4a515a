"""`anjuan bundle`: evidence for somebody who has nothing of ours."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import rich_click as click
from msgspec import Struct

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, as_known_at_option, connected, json_option
from api.cli.declared.application import at_work
from api.cli.evaluating import FEW, period_given
from api.cli.keeping_up import bring_views_up
from api.cli.printing import note, progress, say, say_json
from api.rights import may
from api.web.gate import kept_from, opened
from api.web.wiring import Wiring
from domain.reporting.disclosure import REASON_MAX, Bundle, DisclosePersonalData, disclosure_stream
from domain.vocabulary import Actor

OUT: Final = click.Path(dir_okay=False, writable=True, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])
ACTOR: Final = ("account", "role", "unit", "adviser")


@click.group()
def bundle() -> None:
    """Evidence bundles: one zip that anybody checks with Python alone, and computes anew."""


def bundle_options(command: F) -> F:
    """Add --out, --personal with its actor and reason, --as-known-at and --json."""
    out = click.option("--out", type=OUT, required=True, metavar="FILE.zip", help="What to write.")
    personal = click.option(
        "--personal",
        is_flag=True,
        help="With names and texts about persons; say who asks and why: the log keeps it.",
    )
    reason = click.option("--reason", help="Why personal data is needed.")
    return out(personal(reason(actor_options(as_known_at_option(json_option(command))))))


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
    reason: str | None,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of an EVALUATION: its id, or RULESET:DIVISION:PERIOD.

    Of what was determined; before publication, and with --as-known-at, of a trial. It must have
    been opened, which fixes whom it is about (`anjuan evaluate … --open`): a run of rules over
    people whom nobody named is no claim to prove. And it must be sealed: `anjuan seal --now`.

    Example: anjuan bundle evaluation adviser-year:4401:2026 --out evaluation.zip
    """
    from api.bundle.choosing import of_evaluation
    from projections.evaluation.run import Evaluated, Prepared, evaluated, evaluated_few

    asks = asking(personal=personal, reason=reason, **actor)
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
        _write(connection, contents, out, asks, as_json=as_json)


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
    reason: str | None,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of a complaint, with the request it is about, as far as the log is sealed.

    Example: anjuan bundle complaint 0198c1d2-7a40-7000-8000-00000000002a --out complaint.zip
    """
    from api.bundle.choosing import of_complaint

    asks = asking(personal=personal, reason=reason, **actor)
    url = app_url()
    if asks:
        bring_views_up(url)
    with connected(url) as connection:
        contents = of_complaint(connection, id_, as_known_at, whole=whole)
        _write(connection, contents, out, asks, as_json=as_json)


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
    reason: str | None,
    as_json: bool,
    **actor: str | None,
) -> None:
    """Write the bundle of what happened at a point in a period, as far as the log is sealed.

    Example: anjuan bundle point C0001 --period 2026-Q2 --out point.zip
    """
    from api.bundle.choosing import of_point

    asks = asking(personal=personal, reason=reason, **actor)
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        contents = of_point(connection, code, period, as_known_at, whole=whole)
        _write(connection, contents, out, asks, as_json=as_json)


class Asks(Struct, frozen=True):
    """The actor who may have personal data, and the reason."""

    by: Actor
    reason: str


def asking(*, personal: bool, reason: str | None, **actor: str | None) -> Asks | None:
    """Build the request for personal data of the options; None when none is requested.

    Raises: UsageError — when actor or reason is missing. ClickException — when the role may not.
    """
    if not personal:
        return None
    by = actor_of(*(actor[name] for name in ACTOR))
    if not may(by, DisclosePersonalData):
        raise click.ClickException(f"role {by.role} may not have personal data; leave --personal")
    if not (reason or "").strip() or len(reason or "") > REASON_MAX:
        raise click.UsageError(
            f"Say why personal data is needed: --reason, of at most {REASON_MAX} characters."
        )
    return Asks(by, reason or "")


def _write(connection: Any, contents: Any, out: Path, asks: Asks | None, *, as_json: bool) -> None:
    from api.bundle.making import written

    try:
        made = written(connection, contents, out, _disclosing(contents, asks))
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error}") from error
    if as_json:
        say_json(made)
        return
    say(f"{out}: {made.entries} entries, {made.states} states, {made.masked} of them masked")
    if made.digest:
        say(f"digest {made.digest}")
    note(
        f"As known at position {made.position}. Unzip it: index.html tells what it holds,"
        " python3 verify.py checks it."
    )


async def _kept(wiring: Wiring, *, about: UUID, by: Actor) -> frozenset[UUID]:
    """Find the complaints that are kept from who asks.

    Raises: Problem `not-found` — when he may not read the thing that the bundle is about.
    """
    await opened(wiring, about, by)
    return await kept_from(wiring, by)


def _disclosing(contents: Any, asks: Asks | None) -> Callable[[str], None] | None:
    """Record the disclosure.

    Raises: ClickException — when the bundle holds complaints that the actor may not see.
    """
    if asks is None:
        return None
    about = contents.about
    hidden = at_work(partial(_kept, about=UUID(about["id"]), by=asks.by), views=False)
    if hidden and (about["streams"] is None or hidden & {*contents.streams}):
        raise click.ClickException(
            f"{asks.by.account} may not see every complaint in it: one is about him, or he stepped"
            " aside"
        )

    def disclose(manifest: str) -> None:
        bundle = Bundle(
            kind=about["kind"],
            name=about["name"],
            period=about.get("period"),
            cut_off=contents.cut_off,
            manifest=manifest,
        )
        command = DisclosePersonalData(bundle=bundle, reason=asks.reason)
        give(app_url(), disclosure_stream(bundle.kind, bundle.name), command, asks.by)

    return disclose
