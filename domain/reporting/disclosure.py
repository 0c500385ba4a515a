"""Disclosures: a bundle with names and texts about persons was made, from what, and why.

Reading personal data is an act, so the log keeps it. Each thing that bundles are made of has one
stream, which lists everybody to whom its persons were shown.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal, assert_never
from uuid import UUID

from msgspec import Meta, Struct

from domain.codes import Code, Digest, EvaluationPeriod
from domain.moment import Moment, not_in_future
from domain.vocabulary import Command, Event, Position, Refused, Text, stream_id

KIND: Final = "disclosure"
REASON_MAX: Final = 500
"""Characters."""
BundleKind = Literal["evaluation", "complaint", "point"]


class Bundle(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Identity of a bundle."""

    kind: BundleKind
    name: Text
    """RULESET:DIVISION:PERIOD of an evaluation, id of a complaint, code of a point."""
    period: EvaluationPeriod | None = None
    cut_off: Position
    """Log position up to which it holds events."""
    manifest: Digest
    """SHA-256 of its `MANIFEST.json`, which every holder of the bundle can compute."""


def disclosure_stream(kind: BundleKind, name: str) -> UUID:
    return stream_id(KIND, f"{kind}:{name}")


# --- events


class PersonalDataDisclosed(Event, frozen=True, kw_only=True):
    """Recorded before the bundle lies where it was asked for."""

    topic: ClassVar[str] = "disclosure.made/1"
    bundle: Bundle
    reason: Text
    disclosed_to: Code
    """Account that asked; its role and unit stand with every event."""
    at: datetime


DisclosureEvent = PersonalDataDisclosed
EVENTS: Final = (PersonalDataDisclosed,)


# --- commands


class DisclosePersonalData(Command, frozen=True, kw_only=True):
    """Given by the program when the bundle is made."""

    bundle: Bundle
    reason: Annotated[str, Meta(max_length=REASON_MAX)]


COMMANDS: Final = (DisclosePersonalData,)


# --- state


class Disclosures(Struct, frozen=True):
    """Oldest first."""

    made: tuple[PersonalDataDisclosed, ...]


# --- evolve


def evolve(state: Disclosures | None, event: DisclosureEvent) -> Disclosures:
    match event:
        case PersonalDataDisclosed():
            return Disclosures((*(state.made if state else ()), event))
        case _:
            assert_never(event)


# --- refusals


class DisclosureNeedsReason(Refused):
    """查阅、提供个人信息应当说明理由"""


# --- decide


def decide(state: Disclosures | None, command: DisclosePersonalData, moment: Moment) -> list[Event]:
    """Decide; the same bundle on another day is another disclosure."""
    not_in_future(moment)
    reason = command.reason.strip()
    if not reason:
        raise DisclosureNeedsReason
    disclosed = PersonalDataDisclosed(
        bundle=command.bundle,
        reason=reason,
        disclosed_to=moment.by.account,
        at=moment.occurred_at,
    )
    return [] if state is not None and disclosed in state.made else [disclosed]
