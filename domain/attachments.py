"""Attachments 附件 of a request, complaint, inspection or rectification: photos and scans.

They have a stream of their own beside the thing, so that nothing waits for an upload and no rule of
the thing asks for one. Entries of the work log name theirs themselves; the rest is the same
(`domain.exhibits`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Code, Digest
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.exhibits import (
    NONE,
    Evidence,
    EvidenceStatus,
    EvidenceUnknown,
    Exhibit,
    Exhibits,
    exhibit,
    marked,
    refuse_unfit,
    to_confirm,
    to_miss,
)
from domain.moment import Beside, Moment
from domain.oversight import inspection, rectification
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import Rectification
from domain.requests import request
from domain.requests.request import Request
from domain.vocabulary import Command, Event, NotThere, Refused, Text, sibling_id

KIND: Final = "attachments"
OfKind = Literal["request", "complaint", "inspection", "rectification"]
THINGS: Final[Mapping[OfKind, type[Struct]]] = {
    request.KIND: Request,
    complaint.KIND: Complaint,
    inspection.KIND: Inspection,
    rectification.KIND: Rectification,
}
"""What there can be attachments of → its state."""


def attachments_stream(of: UUID) -> UUID:
    return sibling_id(of, KIND)


# --- events


class FileAttached(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "attachments.attached/1"
    of: UUID
    of_kind: OfKind
    evidence: Evidence
    title: Text | None = None
    by: Code
    at: datetime


class UploadConfirmed(Event, frozen=True, kw_only=True):
    """The content is in the blob store and has this hash."""

    topic: ClassVar[str] = "attachments.upload_confirmed/1"
    of: UUID
    of_kind: OfKind
    sha256: Digest


class AttachmentMissing(Event, frozen=True, kw_only=True):
    """No longer waited for; a later upload is still taken."""

    topic: ClassVar[str] = "attachments.missing/1"
    of: UUID
    of_kind: OfKind
    sha256: Digest
    reason: Text


AttachmentEvent = FileAttached | UploadConfirmed | AttachmentMissing
EVENTS: Final[tuple[type[Event], ...]] = get_args(AttachmentEvent)


# --- commands


class AttachFile(Command, frozen=True, kw_only=True):
    of: UUID
    of_kind: OfKind
    evidence: Evidence
    title: Text | None = None


class ConfirmUpload(Command, frozen=True, kw_only=True):
    """Sent by whoever stored the content and computed its hash."""

    sha256: Digest


class ReportAttachmentMissing(Command, frozen=True, kw_only=True):
    sha256: Digest
    reason: Text


AttachmentCommand = AttachFile | ConfirmUpload | ReportAttachmentMissing
COMMANDS: Final[tuple[type[Command], ...]] = get_args(AttachmentCommand)


# --- state


class Attached(Struct, frozen=True, kw_only=True):
    """Who attached a file, when, and what he said of it."""

    sha256: str
    title: str | None
    by: str
    at: datetime


class Attachments(Struct, frozen=True, kw_only=True):
    of: UUID
    of_kind: OfKind
    exhibits: Exhibits = NONE
    attached: tuple[Attached, ...] = ()
    """One for each exhibit."""

    def exhibit(self, sha256: str) -> Exhibit | None:
        return exhibit(self.exhibits, sha256)


# --- evolve


def evolve(state: Attachments | None, event: AttachmentEvent) -> Attachments:
    if isinstance(event, FileAttached):
        state = state or Attachments(of=event.of, of_kind=event.of_kind)
        told = Attached(sha256=event.evidence.sha256, title=event.title, by=event.by, at=event.at)
        return replace(
            state,
            exhibits=(*state.exhibits, Exhibit(event.evidence)),
            attached=(*state.attached, told),
        )
    assert state is not None
    status: EvidenceStatus
    match event:
        case UploadConfirmed():
            status = "stored"
        case AttachmentMissing():
            status = "missing"
        case _:
            assert_never(event)
    return replace(state, exhibits=marked(state.exhibits, event.sha256, status))


# --- refusals


class NothingToAttachTo(NotThere):
    """没有这件事项、投诉、检查或者整改，不能添加附件"""


class AttachedElsewhere(Refused):
    """附件所属的对象与登记的不一致"""


# --- decide


def decide(state: Attachments | None, command: AttachmentCommand, moment: Moment) -> list[Event]:
    if isinstance(command, AttachFile):
        return _attach(state, command, moment)
    if state is None:
        raise EvidenceUnknown
    of, of_kind, sha256 = state.of, state.of_kind, command.sha256
    match command:
        case ConfirmUpload():
            told = UploadConfirmed(of=of, of_kind=of_kind, sha256=sha256)
            return [told] if to_confirm(state.exhibits, sha256) else []
        case ReportAttachmentMissing(reason=reason):
            missing = AttachmentMissing(of=of, of_kind=of_kind, sha256=sha256, reason=reason)
            return [missing] if to_miss(state.exhibits, sha256) else []
        case _:
            assert_never(command)


def _attach(state: Attachments | None, command: AttachFile, moment: Moment) -> list[Event]:
    if moment.stream not in (None, attachments_stream(command.of)):
        raise AttachedElsewhere
    if not isinstance(moment.beside.get(command.of), THINGS[command.of_kind]):
        raise NothingToAttachTo
    if state is not None and state.exhibit(command.evidence.sha256) is not None:
        return []
    refuse_unfit(command.evidence)
    return [
        FileAttached(
            of=command.of,
            of_kind=command.of_kind,
            evidence=command.evidence,
            title=command.title,
            by=moment.by.account,
            at=moment.occurred_at,
        )
    ]


def reads(state: Attachments | None, command: AttachmentCommand, _: Moment) -> Iterator[UUID]:
    """Yield the thing itself: who may attach to it is who may read it (`domain.reading`)."""
    if isinstance(command, AttachFile):
        yield command.of
    elif state is not None:
        yield state.of


BESIDE: Final = Beside((AttachFile, ReportAttachmentMissing), reads)
