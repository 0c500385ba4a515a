"""Looking at the log, the views and the settings."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from getpass import getuser
from typing import Any, get_type_hints

import psycopg
import rich_click as click

from api import settings
from api.cli.acting import actor_of, actor_options
from api.cli.asking import app_url, as_known_at_option, connected, json_option, loaded
from api.cli.comparing import compared_to_option, tell_difference
from api.cli.happened import kind_named, line_of
from api.cli.language import spoken
from api.cli.printing import progress, say, say_json, show_structs, show_table, shown, tell_faults
from api.identity import OPERATOR
from api.web.masking import masked
from api.web.problems import Problem
from api.web.questions import Asking, Knowing
from api.web.wiring import Wiring
from domain.vocabulary import Actor
from ledger.log import reading
from ledger.reads import ReadEntry, append
from projections.history import timeline as log_timeline
from projections.history.timeline import Timeline, TimelineEvent

TAIL_WAIT_S = 5.0


@click.command()
@click.argument("stream")
@actor_options
@as_known_at_option
@compared_to_option
@click.option("--unmask", metavar="PURPOSE", help="Show people in clear text; it is written down.")
@json_option
@click.pass_context
def timeline(
    context: click.Context,
    stream: str,
    as_known_at: datetime | None,
    compared_to: datetime | None,
    *,
    unmask: str | None,
    as_json: bool,
    account: str | None,
    role: str | None,
    unit: str | None,
    adviser: str | None,
) -> None:
    """Everything that happened to one thing, in the order it was recorded.

    STREAM is request:ID (with its rating, and the complaint and rectification that came of it),
    rating:ID of the request, complaint:ID, worklog:ID, inspection:ID, rectification:ID, promises:ID
    of the request or complaint, or KIND:CODE of a point, adviser, calendar, policy, form or period,
    appointment:DIVISION. Exit code 1: the log has nothing of it.

    People are masked, unless --unmask says for what purpose they are not; both are written down.

    With --json also its promises: when each is due and why, when it was met. With --compared-to
    only what was recorded between. With --account, --role and --unit it is what that actor may
    read; without, the operator reads everything.

    Example: anjuan timeline point:C0001 --as-known-at 2026-03-02
    """
    with connected(app_url()) as connection:
        named = any((account, role, unit, adviser))
        by = actor_of(account, role, unit, adviser) if named else OPERATOR
        told = partial(_shown, connection, stream, by, unmask)
        if compared_to is not None:
            _write_down(connection, by, stream, unmask)
            known = tell_difference(connection, as_known_at, compared_to, told, as_json=as_json)
            context.exit(0 if known else 1)
        found = told(as_known_at) or Timeline(stream=stream, position=0, events=[])
        if found.events:
            _write_down(connection, by, stream, unmask)
    if as_json:
        say_json(found)
    else:
        show_table(
            [line_of(event) for event in found.events],
            owner=TimelineEvent,
            empty=spoken(f"no events of {stream}", f"没有 {stream} 的记录"),
        )
    context.exit(0 if found.events else 1)


def _shown(
    connection: psycopg.Connection[Any],
    stream: str,
    by: Actor,
    unmask: str | None,
    at: datetime | None,
) -> Timeline | None:
    """Read a timeline as `_known` does, with people masked unless there is a purpose."""
    found = _known(connection, stream, by, at)
    return found if found is None or unmask is not None else masked(found, Timeline)


def _write_down(
    connection: psycopg.Connection[Any], by: Actor, thing: str, purpose: str | None
) -> None:
    """Write into the read log who looked, before he sees anything."""
    entry = ReadEntry(
        account=by.account,
        role=by.role,
        unit=by.unit,
        action="anjuan timeline",
        things=(thing,),
        fields=() if purpose is None else ("data",),
        purpose=purpose,
        session=f"os:{getuser()}",
    )
    append(connection, entry)


def _known(
    connection: psycopg.Connection[Any], stream: str, by: Actor, at: datetime | None
) -> Timeline | None:
    """Read a timeline as known then, as far as the actor may; None when there is none for him."""
    if by is OPERATOR:
        found = log_timeline.timeline(connection, stream, at)
        return found if found.events else None
    from api.cli.declared.application import at_work
    from api.history.log import QUESTIONS
    from api.web.authorization import refuse_not_permitted

    kind, _, key = stream.partition(":")
    (question,) = QUESTIONS
    refuse_not_permitted(by, question.permission)

    async def work(wiring: Wiring) -> Timeline | None:
        asked = Knowing(as_known_at=at)
        try:
            told = await question.find(Asking(wiring, by, {"kind": kind, "key": key}, asked, ""))
        except Problem as problem:
            if problem.slug != "not-found":
                raise
            return None
        timeline: Timeline = told.body
        return timeline

    return at_work(work, views=False)


@click.group()
def log() -> None:
    """The log itself: its figures, its last events."""


@log.command()
@json_option
@click.pass_context
def stats(context: click.Context, *, as_json: bool) -> None:
    """Count every event and check that no position is missing. Exit code 1: one is.

    Example: anjuan log stats --json
    """
    with connected(app_url()) as connection:
        found = log_timeline.statistics(connection)
    if as_json:
        say_json(found)
    else:
        show_structs([found])
    context.exit(0 if found.gapless else 1)


@log.command()
@click.option("-n", "--number", type=click.IntRange(0), default=10, show_default=True)
@click.option("-f", "--follow", is_flag=True, help="Go on with new events until interrupted.")
@json_option
def tail(number: int, *, follow: bool, as_json: bool) -> None:
    """The last events; with --json one object a line, with what happened; people are masked.

    Without --json no contents are shown, as they may name persons.

    Example: anjuan log tail -n 20 --follow
    """
    with connected(app_url()) as connection:
        position = max(0, reading.head(connection) - number)
        for event in _following(connection, position, follow=follow):
            if as_json:
                say_json(masked(event, TimelineEvent))
            else:
                words = (event.position, event.recorded_at, kind_named(event.kind), event.stream)
                say("  ".join(shown(word) for word in words) + f"  {event.actor.account}")


def _following(
    connection: psycopg.Connection[Any], position: int, *, follow: bool
) -> Iterator[TimelineEvent]:
    if follow:
        connection.execute("LISTEN log_events")
    while True:
        events = log_timeline.after(connection, position)
        yield from events
        if events:
            position = events[-1].position
        elif follow:
            # Wait for one notification; the time limit stands in for one that was lost.
            list(connection.notifies(timeout=TAIL_WAIT_S, stop_after=1))
        else:
            return


@click.command()
@json_option
def views(*, as_json: bool) -> None:
    """Each view: its version, how far it has come, how far it is behind, and its faults.

    Example: anjuan views --json
    """
    from api.serving.doctor import faults
    from projections.asking.asking import fetch
    from projections.running.runner import install, status_query

    with connected(app_url()) as connection:
        install(connection)
        found = fetch(connection, status_query())
        wrong = faults(connection)
    if as_json:
        say_json(found)
    else:
        show_structs(found)
    tell_faults(wrong)


@click.command()
@click.argument("names", nargs=-1, metavar="[VIEW]...")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@json_option
@click.pass_context
def rebuild(context: click.Context, names: tuple[str, ...], workers: int, *, as_json: bool) -> None:
    """Build stored views anew from the log, beside the serving ones, compare, and swap.

    Without a name, all of them. One that was interrupted goes on where it stopped. Exit code 1:
    a view differed from what the log says (it is right now).

    Example: anjuan rebuild journal --workers 4
    """
    from projections.running import rebuild as rebuilding

    with progress("Rebuilding") as tell:
        rebuilt = rebuilding.rebuild(
            app_url(),
            list(names) or None,
            workers,
            lambda _, done, shards: tell(done, shards),
        )
    if as_json:
        say_json(rebuilt)
    else:
        show_structs(rebuilt)
    context.exit(1 if any(one.equal is False for one in rebuilt) else 0)


@click.group()
def config() -> None:
    """The settings."""


@config.command()
@json_option
def show(*, as_json: bool) -> None:
    """Print the settings in force; passwords, tokens and secrets are never shown.

    A setting comes from ANJUAN_NAME (or, for a secret, a file named by ANJUAN_NAME_FILE), else from
    the TOML file that ANJUAN_CONFIG names, else it has its default.

    Example: ANJUAN_PORT=9000 anjuan config show
    """
    in_force = settings.redacted(loaded())
    if as_json:
        say_json(in_force)
        return
    meanings = get_type_hints(settings.Settings, include_extras=True)
    show_table(
        [
            {
                "variable": settings.variable(name),
                "value": shown(value),
                "meaning": meanings[name].__metadata__[0].description,
            }
            for name, value in in_force.items()
        ]
    )
