"""Attachments over HTTP: of requests, complaints, inspections and rectifications. Whoever may not
read the thing is answered as if there were none."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from msgspec import Struct

from api.advising.blobs import Waiting, confirm_stored
from api.identity import OWN
from api.web.acting import Answer, CommandAsking, Route, answer_of
from api.web.questions import Asking, Found, Question, held
from domain import attachments
from domain.attachments import (
    AttachFile,
    Attachments,
    OfKind,
    ReportAttachmentMissing,
    attachments_stream,
)
from domain.exhibits import Evidence, EvidenceStatus
from domain.vocabulary import Text
from ledger.log.decision import Receipt

UNDER: Final = "/attachments/{id:uuid}"


class Attaching(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    of_kind: OfKind
    evidence: Evidence
    title: Text | None = None


async def _attach(asking: CommandAsking, body: Attaching) -> tuple[Receipt, Answer]:
    """The answer is of this command alone, so that it is the same when it is sent again; what was
    uploaded before is confirmed in a version after it."""
    of: UUID = asking.path["id"]
    command = AttachFile(of=of, of_kind=body.of_kind, evidence=body.evidence, title=body.title)
    receipt = await asking.execute(attachments_stream(of), command)
    waiting = Waiting(receipt.stream, "attachments")
    await confirm_stored(asking.wiring, waiting, (body.evidence,), asking.by)
    return receipt, answer_of(receipt)


async def _miss(asking: CommandAsking, command: ReportAttachmentMissing) -> tuple[Receipt, Answer]:
    receipt = await asking.execute(attachments_stream(asking.path["id"]), command)
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
    of: UUID = asking.path["id"]
    found, position = await held(asking, attachments, attachments_stream(of))
    state: Attachments = found.state
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
