"""`anjuan demo`: the shortest way to something to look at."""

import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import rich_click as click

from api.cli.asking import DAY, connected, json_option, loaded
from api.cli.keeping_up import bring_views_up
from api.cli.printing import note, progress, say, say_json
from api.cli.running import address_options, at_address, refuse_used_address, serve_with_views
from api.demo.demo import (
    DAYS,
    EARLIEST,
    City,
    Demo,
    DemoRefused,
    city_in,
    first_day_of,
    found_in,
    make_tokens,
    simulate,
)
from api.history.sealing import sealing_of
from api.identity import DIGEST_MARK
from api.settings import Settings
from ledger.log import reading
from ledger.seal.sealer import Sealing, seal
from ledger.server.connection import Urls, ensure
from projections.history.timeline import Statistics, statistics
from projections.running.beside import followed_beside

TRY: Final = (
    "report workload --by division",
    "report response-times --by service",
    "timeline point:C0001",
)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A demonstration in the log; `simulated` is None when the log holds something else."""

    points: dict[str, int]
    advisers: int
    requests: int
    events: int
    head: int
    gapless: bool
    seconds: float
    simulated: Demo | None


@click.command()
@click.option("--days", type=click.IntRange(1, 1500), help="Length of the period. Default: 91.")
@click.option("--seed", type=int, help="Another seed, another city. Default: 1.")
@click.option(
    "--scale", type=click.FloatRange(0, 20, min_open=True), help="Size of the city. Default: 1.0."
)
@click.option("--first-day", type=DAY, help="Default: so that the period ends yesterday.")
@click.option("--no-serve", is_flag=True, help="Stop once the data are there.")
@address_options
@json_option
def demo(
    days: int | None,
    seed: int | None,
    scale: float | None,
    first_day: date | None,
    host: str | None,
    port: int | None,
    *,
    no_serve: bool,
    as_json: bool,
) -> None:
    """Simulate a quarter of a city's services, through the real rules, and serve it.

    The city has the published size of Guangzhou's network: 12 centres, 176 stations, 2,829 rooms,
    99 featured points, 1,841 advisers, about 50,000 services a quarter. All of it is invented but
    the names of the divisions, and marked as simulated. Where ANJUAN_HOME holds data already, those
    are served and nothing is added.

    Example: anjuan demo --days 7 --scale 0.1
    """
    started = time.monotonic()
    given = {"first_day": first_day, "days": days, "seed": seed, "scale": scale}
    settings = at_address(loaded(), host, port)
    if not no_serve:
        refuse_used_address(settings)
    urls = ensure(settings.home, settings.database_url, settings.app_database_url)
    simulated = _city(
        settings, urls, {name: value for name, value in given.items() if value is not None}
    )
    if simulated is not None:
        _kept_up(sealing_of(settings), urls.app)
    else:
        bring_views_up(urls.app)
    with connected(urls.app) as connection:
        city, figures = city_in(connection, simulated), statistics(connection)
    summary = _summary(city, figures, simulated, time.monotonic() - started)
    if as_json:
        say_json(summary)
    else:
        _tell(summary)
    if not no_serve:
        if not settings.tokens and settings.tokens_file is None:
            make_tokens(settings.home)
            settings = at_address(loaded(), host, port)
        _how_to_go_on(settings)
        serve_with_views(settings, urls.app)
    elif not as_json:
        note(f"To go on: {_called()} serve")


def _kept_up(how: Sealing, url: str) -> None:
    """Bring the views up to the head of the log, and seal it. A seal cannot be backdated: what it
    says is that these events were there before any that follow."""
    bring_views_up(url)
    with connected(url) as connection:
        seal(connection, how)


def _city(settings: Settings, urls: Urls, given: dict[str, Any]) -> Demo | None:
    """Simulate the city into an empty log.

    Raises: DemoRefused — when the log holds another one.
    """
    with connected(urls.app) as connection:
        there, head = found_in(connection), reading.head(connection)
    if there is None and head:
        if given:
            raise DemoRefused("the log holds events that are not simulated")
        note("The log holds events that are not simulated: nothing is added to them.")
        return None
    if there is not None and any(getattr(there.demo, name) != given[name] for name in given):
        raise DemoRefused(f"the log holds another demonstration ({there.demo.mark})")
    if there is not None and there.complete:
        note(f"The log holds this demonstration already ({there.demo.mark}).")
        return there.demo
    wanted = there.demo if there is not None else _wanted(given)
    with followed_beside(urls.app):
        with progress("Simulating the city (days)", lines=True) as tell:
            simulate(urls, wanted, tell, partial(_kept_up, sealing_of(settings)))
        bring_views_up(urls.app)
    return wanted


def _wanted(given: dict[str, Any]) -> Demo:
    begins = first_day_of(given.get("days", DAYS), datetime.now(UTC))
    wanted = Demo(**{"first_day": begins, **given})
    if wanted.first_day < EARLIEST:
        raise click.UsageError(
            f"The shipped rules begin in 2022: the first day is {EARLIEST} or later."
        )
    if wanted.ends_at > datetime.now(UTC):
        raise click.UsageError(
            "The period ends in the future: choose an earlier first day or fewer days."
        )
    return wanted


def _summary(city: City, figures: Statistics, simulated: Demo | None, seconds: float) -> Summary:
    return Summary(
        points=city.points,
        advisers=city.advisers,
        requests=city.requests,
        events=figures.events,
        head=figures.head,
        gapless=figures.gapless,
        seconds=round(seconds, 1),
        simulated=simulated,
    )


def _tell(summary: Summary) -> None:
    points = ", ".join(f"{count:,} {kind}" for kind, count in summary.points.items())
    gaps = "without a gap" if summary.gapless else "WITH GAPS"
    kind = "simulated; nothing is real but the names of the divisions" if summary.simulated else ""
    say(f"Points: {points}; advisers: {summary.advisers:,}")
    say(f"Requests: {summary.requests:,} {f'({kind})' if kind else ''}".rstrip())
    say(f"Log: {summary.events:,} events {gaps}; ready after {summary.seconds:.1f} s")


def _how_to_go_on(found: Settings) -> None:
    address = f"http://{found.host}:{found.port}"
    tokens = {
        actor.role: token
        for token, actor in found.tokens.items()
        if not token.startswith(DIGEST_MARK)
    }
    lines = [
        f"Open {address} in a browser, and choose a person: all of them are simulated.",
        "Bearer tokens, by role:",
        *(f"  {role:<14} {token}" for role, token in tokens.items()),
        "Try, in another terminal:",
        f"  curl -H 'Authorization: Bearer {next(iter(tokens.values()), 'TOKEN')}'"
        f" {address}/api/v1/requests",
        *(f"  {_called()} {command}" for command in TRY),
    ]
    for line in lines:
        note(line)


def _called() -> str:
    """Return the program's name as called, so that a line can be copied."""
    called = sys.argv[0]
    return called if Path(called).name == "anjuan" else "anjuan"
