"""`anjuan init`: what a log needs before the first point can be opened."""

from collections import Counter
from typing import Final

import rich_click as click

from api.cli.asking import app_url, json_option
from api.cli.printing import note, say_json, show_table
from domain.vocabulary import Actor
from ledger.founding.founding import Publication, publish_shipped
from ledger.log.store import Ledger

FOUNDER: Final = Actor(account="anjuan-init", role="administrator", unit="4401")


@click.command()
@json_option
def init(*, as_json: bool) -> None:
    """Publish the shipped calendars, rules and forms into the log.

    The calendars are those of the State Council's notices. Rules and forms are examples, and marked
    as such: publish your own next versions before you rely on a deadline. Done again it adds
    nothing; what a log publishes itself under the same code is kept; and a log whose work has begun
    gets only the next versions of what it follows.

    Example: anjuan init --json
    """
    with Ledger(app_url()) as ledger:
        found = list(publish_shipped(ledger, FOUNDER))
    if as_json:
        say_json(found)
        return
    show_table([_line(found, kind, code) for kind, code in _things(found)])
    done = Counter(one.outcome for one in found)
    words = (
        f"{done['published']} versions published",
        f"{done['there']} there already",
        f"{done['kept']} left for the log's own",
        f"{done['left_out']} not in use here",
    )
    note(", ".join(words))


def _things(found: list[Publication]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.kind, one.code) for one in found))


def _line(found: list[Publication], kind: str, code: str) -> dict[str, str]:
    versions = [one for one in found if (one.kind, one.code) == (kind, code)]
    told = [f"{one.version} {one.outcome.replace('_', ' ')}" for one in versions]
    return {"kind": kind, "code": code, "versions": ", ".join(told)}
