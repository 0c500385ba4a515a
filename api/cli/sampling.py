"""`anjuan sample`: random samples that nobody could choose and anybody can draw again."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import psycopg
import rich_click as click

from api.cli.acting import actor_of, actor_options, give
from api.cli.asking import app_url, as_known_at_option, connected, json_option
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.keeping_up import bring_views_up
from api.cli.printing import note, say, say_json
from api.evaluation.sampling import announcement, drawing, enlargement, sample_of, verified
from domain.oversight.sample import Frame, PopulationKind, Sample
from ledger.log import reading
from ledger.log.codec import uuid7

STREAM = click.argument("sample", type=click.UUID)


@click.group()
def sample() -> None:
    """Random samples: announced, sealed, drawn with the seal's root."""


@sample.command()
@click.option("--of", required=True, type=click.Choice(get_args(PopulationKind)), help="Of what.")
@click.option("--division", default="4401", show_default=True, metavar="CODE")
@click.option("--period", help="A year, quarter or month. Default: ever.")
@click.option("--size", required=True, type=click.IntRange(1), help="How many are to be drawn.")
@click.option("--purpose", required=True, help="What it is drawn for.")
@as_known_at_option
@actor_options
@json_option
def announce(
    of: PopulationKind,
    division: str,
    period: str | None,
    size: int,
    purpose: str,
    as_known_at: datetime | None,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
    *,
    as_json: bool,
) -> None:
    """Freeze a population and say how many of it will be drawn. Then seal the log, and draw.

    Example: anjuan sample announce --of worklog --period 2026-06 --size 30 --purpose 抽查
    --account li --role supervisor --unit 4401
    """
    by, url = actor_of(account, role, unit, adviser), app_url()
    bring_views_up(url)
    with connected(url) as connection:
        cut_off = reading.position_at(connection, as_known_at)
        frame = Frame(of=of, division=division, period=period, cut_off=cut_off)
        command = announcement(connection, purpose, frame, size)
    stream = uuid7()
    give(url, stream, command, by)
    _told(url, stream, as_json=as_json)


@sample.command()
@STREAM
@actor_options
@json_option
def draw(sample: UUID, *, as_json: bool, **who: Any) -> None:
    """Draw it, with the root of the first checkpoint over the announcement.

    Example: anjuan sample draw ID --account li --role supervisor --unit 4401
    """
    by, url = actor_of(**who), app_url()
    bring_views_up(url)
    with connected(url) as connection:
        command = drawing(connection, sample)
    give(url, sample, command, by)
    _told(url, sample, as_json=as_json)


@sample.command()
@STREAM
@click.option("--size", required=True, type=click.IntRange(1))
@click.option("--reason", required=True)
@actor_options
@json_option
def enlarge(sample: UUID, size: int, reason: str, *, as_json: bool, **who: Any) -> None:
    """Draw more; those drawn before stay.

    Example: anjuan sample enlarge ID --size 60 --reason 问题较多 --account li --role auditor
    --unit 4401
    """
    by, url = actor_of(**who), app_url()
    bring_views_up(url)
    with connected(url) as connection:
        command = enlargement(connection, sample, size, reason)
    give(url, sample, command, by)
    _told(url, sample, as_json=as_json)


@sample.command()
@STREAM
@json_option
def verify(sample: UUID, *, as_json: bool) -> None:
    """Draw it again from the log as known at its cut-off: population, weights, seed and what was
    drawn. Exit code 1: something differs.

    Example: anjuan sample verify ID
    """
    url = app_url()
    bring_views_up(url)
    with connected(url) as connection:
        state = verified(connection, sample)
    if as_json:
        say_json({"sample": sample, "verified": True, "seed": state.seed, "drawn": state.drawn})
        return
    _explain(sample, state)
    note("Drawn again it is the same." if state.seed else "The population is the same.")


@sample.command()
@STREAM
@as_known_at_option
@compared_to_option
@json_option
def show(
    sample: UUID, as_known_at: datetime | None, compared_to: datetime | None, *, as_json: bool
) -> None:
    """What was announced and drawn.

    Example: anjuan sample show ID --json
    """
    if compared_to is None:
        _told(app_url(), sample, as_known_at, as_json=as_json)
        return
    with connected(app_url()) as connection:
        tell_difference(
            connection,
            as_known_at,
            compared_to,
            lambda at: _known(connection, sample, at),
            as_json=as_json,
            stream=sample,
        )


def _known(connection: psycopg.Connection[Any], stream: UUID, at: datetime | None) -> Sample:
    return sample_of(connection, stream, reading.position_at(connection, at))[0]


def _told(url: str, stream: UUID, as_known_at: datetime | None = None, *, as_json: bool) -> None:
    with connected(url) as connection:
        state = _known(connection, stream, as_known_at)
    if as_json:
        say_json({"sample": stream, "announced": state.announced, "size": state.size,
                  "seed": state.seed, "drawn": state.drawn})  # fmt: skip
        return
    for one in state.drawn:
        say(one)
    _explain(stream, state)


def _explain(stream: UUID, state: Sample) -> None:
    announced = state.announced
    note(f"{stream}: {state.size} of {announced.count}"
         f"{'' if state.seed else '; seal the log, then draw'}")  # fmt: skip
    if announced.doubted_count:
        weight = announced.frame.doubted_weight
        note(f"{announced.doubted_count} with undecided doubts had {weight} tickets each.")
