"""The first events of a log: what is shipped with the package, published as anybody's rules are."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from msgspec import Struct

from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.evaluation import ruleset
from domain.evaluation.ruleset import RuleSetVersionDiffers
from domain.registers import calendar_publication, form, policy
from domain.registration.calendar_commands import CalendarVersionDiffers
from domain.registration.form_commands import FormVersionDiffers
from domain.registration.policy_commands import PolicyVersionDiffers
from domain.vocabulary import Actor, Command, stream_id
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_forms,
    shipped_policies,
    shipped_rulesets,
)
from ledger.log.decision import ask
from ledger.log.store import Ledger

PUBLICATIONS: Final = (calendar_publication, policy, form, ruleset)
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
    topics = [event.topic for one in PUBLICATIONS for event in one.EVENTS]
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
