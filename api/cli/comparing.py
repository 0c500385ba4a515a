"""`--compared-to`: what differs between two times, in place of an answer."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
import rich_click as click

from api.cli.asking import PAST
from api.cli.happened import line_of
from api.cli.language import heading, spoken
from api.cli.printing import note_basis, say_json, show_table, shown
from domain.vocabulary import Refused
from projections.history.timeline import TimelineEvent

if TYPE_CHECKING:
    from api.web.comparing import Difference, Touching

F = TypeVar("F", bound=Callable[..., Any])
Find = Callable[[datetime | None], Any]
"""The answer as known at an instant; None, or a refusal: there is none. Instant None = now."""
SHOWN_CHARACTERS = 60


def compared_to_option(command: F) -> F:
    return click.option(
        "--compared-to",
        type=PAST,
        metavar="TIME|@POSITION",
        help="Tell what differs between --as-known-at (without it: now) and this time, whichever is"
        " earlier. Exit code 0 also where something does.",
    )(command)


def tell_difference(
    connection: psycopg.Connection[Any],
    as_known_at: datetime | None,
    compared_to: datetime,
    find: Find,
    *,
    as_json: bool,
    stream: UUID | None = None,
    touching: "Touching | None" = None,
) -> bool:
    """Print the difference, as over HTTP (`compared_to`).

    It returns whether the thing was known at either time.
    `stream` and `touching` are as in `api.web.questions.Found`. A refusal at both times is a
    refusal.
    """
    from api.web.comparing import compared, moments, side_of
    from projections.asking.answering import answer
    from projections.asking.asking import fetch

    then, now = fetch(connection, moments(as_known_at, compared_to))
    before, refused = _found(find, then.instant)
    after, missing = _found(find, now.instant)
    if after is None and (error := missing or refused) is not None and before is None:
        raise error
    sides = side_of(then, before), side_of(now, after)
    found = answer(connection, compared(*sides, (before, after), stream, touching))
    if as_json:
        say_json(found)
        return sides[0].known or sides[1].known
    show_difference(found)
    return sides[0].known or sides[1].known


def show_difference(found: "Difference") -> None:
    """Show a line for each field that differs, and what either side stands on."""
    show_table(list(_lines(found)), empty=spoken("nothing differs", "没有差异"))
    for side in (found.then, found.now):
        note_basis(side.position, side.recorded_at, simulated=side.simulated, known=side.known)


def _found(find: Find, instant: datetime) -> tuple[Any, Exception | None]:
    try:
        return find(instant), None
    except (Refused, click.ClickException) as refused:
        if isinstance(refused, click.UsageError):
            raise
        return None, refused


def _lines(found: Any, where: str = "") -> Iterator[dict[str, str]]:
    """A line for each field that differs, and for each row that came or went."""
    for field in found.fields:
        yield _line(where, field.field, field.then, field.now)
    for each in found.lists:
        at = f"{where}{each.at}"
        for row in each.only_then:
            yield _line(
                f"{at} {_key(row.key)}",
                spoken("gone", "消失"),
                row.row,
                msgspec.UNSET,
                _events(row),
            )
        for row in each.only_now:
            own = isinstance(row.row, TimelineEvent)
            events = _event(row.row) if own else _events(row)
            yield _line(
                f"{at} {_key(row.key)}", spoken("new", "新增"), msgspec.UNSET, row.row, events
            )
        for row in each.changed:
            events = _events(row)
            for line in _lines(row, f"{at} {_key(row.key)}"):
                yield {**line, "events": line["events"] or events}


def _line(where: str, what: str, then: Any, now: Any, events: str = "") -> dict[str, str]:
    return {
        "where": _place(where) or "-",
        "what": _place(what),
        "then": _short(then),
        "now": _short(now),
        "events": events,
    }


def _place(pointer: str) -> str:
    """Name each step of a place in an answer; in English as JSON does."""
    steps = pointer.lstrip("/").split("/")
    return "/".join(spoken(step, heading(step)) for step in steps)


def _events(row: Any) -> str:
    """Format each event with its position, or the number of each kind."""
    counts = (f"{kind}×{number}" for kind, number in (row.touched or {}).items())
    return " ".join((*map(_event, row.events or ()), *counts))


def _event(one: Any) -> str:
    return f"{one.position}:{one.topic.partition('/')[0]}"


def _key(key: list[Any]) -> str:
    return " ".join(map(shown, key))


def _short(value: Any) -> str:
    if value is msgspec.UNSET:
        return "-"
    text = shown(line_of(value) if isinstance(value, TimelineEvent) else value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
