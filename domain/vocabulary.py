"""Words shared by all aggregates: events, commands, refusals, actors, stream ids."""

import re
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from domain.codes import CODE, Code, Phone
from domain.roles import Role

NAMESPACE: Final = UUID("6f0f3c1e-5a56-5b0e-9d2f-0a3c5d1b7e11")

SIMULATION: Final = "simulation"
"""Device of every simulated event: whoever reads one can tell."""

CHINA: Final = "Asia/Shanghai"

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Personal = Annotated[str, Meta(max_length=2000, extra={"personal": True})]
"""Text that names or describes a person: never in logs, metrics or the journal."""


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened."""

    topic: ClassVar[str]
    """The stored name, for ever: `aggregate.fact/version`."""


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something an actor asks for: request body, command line input and simulation step alike."""


class Refused(Exception):
    """A rule says no. The subclass names the rule; its docstring is the sentence people read."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.reason())
        self.detail = detail

    @classmethod
    def reason(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip()


class NotThere(Refused):
    """The thing itself is missing, unless a detail names another one."""


class Actor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The account that acts, with its role and unit *at that moment*: stored with every event."""

    account: str
    role: Role
    unit: str
    """Point code or division code the actor acts for."""
    adviser: str | None = None
    """Adviser code if the account belongs to an adviser."""


def faults_of_codes(actor: Mapping[str, Any]) -> list[str]:
    """Name the codes of an entering actor that no event should hold.

    Logs hold other texts of earlier times; those are read as they are.
    """
    return [
        f"{field} {value!r} is no code (printable ASCII without space, / and @)"
        for field in ("account", "unit", "adviser")
        if isinstance(value := actor.get(field), str) and not re.fullmatch(CODE, value)
    ]


def stream_id(kind: str, key: str) -> UUID:
    """Return the stream of a public code: the same code gives the same stream for ever."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{key}")


def sibling_id(stream: UUID, kind: str) -> UUID:
    """Return the id of a stream that belongs to `stream`, as a rating belongs to its request.

    It keeps the last byte of the stream's id, so both fall in the same shard of a parallel rebuild.
    """
    derived = uuid.uuid5(stream, kind)
    return UUID(bytes=derived.bytes[:15] + stream.bytes[15:], version=5)


Service = Literal[
    "consultation", "legal_opinion", "contract_review", "charter_review", "lecture", "mediation",
    "dispute_screening", "legal_aid", "legal_aid_assist", "referral", "notary", "forensic",
    "arbitration", "reconsideration", "petition_talk", "election_support", "group_incident",
    "online_post", "complaint", "other",
]  # fmt: skip


class Visitor(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    name: Personal | None = None
    phone: Phone | None = None


class ExternalId(Struct, frozen=True, forbid_unknown_fields=True):
    source: Code
    id: Annotated[str, Meta(min_length=1, max_length=128)]
