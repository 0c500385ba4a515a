"""Attachments over HTTP: of requests, complaints, inspections and rectifications. Whoever may not
see a complaint is answered as if there were none."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.blobs import Waiting, confirm_stored
from api.complaints.complaint_access import shown
from api.history.log import CONCERNING
from api.identity import OWN
from api.web.acting import Answer, CommandAsking, Route, answer_of
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question, held
from api.web.wiring import Wiring
from domain import attachments
from domain.aggregates import kind_of
from domain.attachments import (
    AttachFile,
    Attachments,
    OfKind,
    ReportAttachmentMissing,
    attachments_stream,
)
from domain.complaints import complaint
from domain.concerned import marks_of, visible_to
from domain.exhibits import Evidence, EvidenceStatus
from domain.vocabulary import Actor, Text
from ledger.log.codec import Recorded
from ledger.log.decision import Receipt

UNDER: Final = "/attachments/{id:uuid}"


class Attaching(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    of_kind: OfKind
    evidence: Evidence
    title: Text | None = None


async def _refuse_hidden(wiring: Wiring, of: UUID, by: Actor) -> None:
    """Raises: Problem `not-found` — for a complaint that the actor may not see."""
    events: list[Recorded] = await wiring.ledger.stream(of)
    if events and kind_of(events[0].event.topic) == complaint.KIND and shown(events, by) is None:
        raise Problem("not-found")


async def _attach(asking: CommandAsking, body: Attaching) -> tuple[Receipt, Answer]:
    """The answer is of this command alone, so that it is the same when it is sent again; what was
    uploaded before is confirmed in a version after it."""
    of: UUID = asking.path["id"]
    await _refuse_hidden(asking.wiring, of, asking.by)
    command = AttachFile(of=of, of_kind=body.of_kind, evidence=body.evidence, title=body.title)
    receipt = await asking.execute(attachments_stream(of), command)
    waiting = Waiting(receipt.stream, "attachments")
    await confirm_stored(asking.wiring, waiting, (body.evidence,), asking.by)
    return receipt, answer_of(receipt)


async def _miss(asking: CommandAsking, command: ReportAttachmentMissing) -> tuple[Receipt, Answer]:
    of: UUID = asking.path["id"]
    await _refuse_hidden(asking.wiring, of, asking.by)
    receipt = await asking.execute(attachments_stream(of), command)
    return receipt, answer_of(receipt)


ROUTES: Final = (
    Route(
        command=AttachFile,
        under=f"{UNDER}/attach",
        summary="为事项、投诉、检查或者整改添加附件",
        body=Attaching,
        perform=_attach,
        creates=True,
        location=lambda path, _, __: f"/attachments/{path['id']}",
    ),
    Route(
        command=ReportAttachmentMissing,
        under=f"{UNDER}/report-missing",
        summary="登记附件缺失",
        perform=_miss,
    ),
)


class Attachment(Struct, frozen=True, kw_only=True):
    """A file, and whether its content is stored: `GET /blobs/{sha256}`."""

    KEY: ClassVar = ("sha256",)

    sha256: str
    media_type: str
    size: int
    status: EvidenceStatus
    title: str | None
    by: str
    at: datetime


class AttachmentsFound(Struct, frozen=True, kw_only=True):
    of: UUID
    of_kind: OfKind
    version: int
    attachments: list[Attachment]
    """In the order in which they were attached."""


async def _attachments(asking: Asking) -> Found:
    """Find the attachments of a thing, as known then.

    Raises: Problem `not-found` — when there are none, or none for this reader.
    """
    assert asking.by is not None
    of: UUID = asking.path["id"]
    await _refuse_hidden(asking.wiring, of, asking.by)
    found, position = await held(asking, attachments, attachments_stream(of))
    state: Attachments = found.state
    if marks_of(asking.by) is not None:
        story = CONCERNING.get(state.of_kind)
        thing = None if story is None else (await held(asking, story, of))[0].state
        if thing is None or not visible_to(thing, asking.by):
            raise Problem("not-found")
    told = [
        Attachment(
            sha256=one.evidence.sha256,
            media_type=one.evidence.media_type,
            size=one.evidence.size,
            status=one.status,
            title=said.title,
            by=said.by,
            at=said.at,
        )
        for one, said in zip(state.exhibits, state.attached, strict=True)
    ]
    body = AttachmentsFound(of=of, of_kind=state.of_kind, version=found.version, attachments=told)
    return Found(body, version=found.version, position=position)


QUESTIONS: Final = (
    Question(
        name="Attachments",
        under=UNDER,
        summary="一个对象的附件",
        tag=attachments.KIND,
        permission=OWN,
        answer=AttachmentsFound,
        find=_attachments,
    ),
)
