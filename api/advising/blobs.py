"""Evidence by content hash: uploaded apart from the entry that names it, so that a failed upload
loses no entry; and the entry's word that its evidence is there, which the program gives itself."""

import asyncio
import logging
import mimetypes
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, Literal
from uuid import UUID

import msgspec
from litestar import HttpMethod, Request, put, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from msgspec import Struct

from api.rights import PERMISSION, READ, UPLOAD
from api.web import limits
from api.web.acting import Answer, answer_of
from api.web.answers import JSON, ROOT, Headers, pairs_of, reply
from api.web.authorization import authorized, mark_of
from api.web.gate import readable
from api.web.problems import FieldProblem, Problem
from api.web.quota import QuotaSpent
from api.web.seen import record
from api.web.wiring import Wiring, wiring_of
from domain import attachments
from domain.advising import worklog
from domain.advising.worklog import (
    ConfirmEvidenceUpload,
    EvidenceUploadConfirmed,
    Worklog,
    WorkUnknown,
)
from domain.aggregates import Story
from domain.attachments import Attachments, ConfirmUpload, UploadConfirmed, attachments_stream
from domain.codes import DIGEST, MEDIA_TYPE, MEDIA_TYPE_LENGTH_MAX
from domain.exhibits import COULD_ACT, Evidence, EvidenceIsEmpty, EvidenceUnknown
from domain.followup import command_id
from domain.vocabulary import Actor, Command
from ledger.blobs import Blob, BlobTooLarge, DigestDiffers, MediaTypeDiffers
from ledger.log.decision import Receipt, project

log = logging.getLogger(__name__)

PATH: Final = ROOT + "/blobs/{sha256:str}"
GET_OR_HEAD: Final = (HttpMethod.GET, HttpMethod.HEAD)
CHUNK_BYTES: Final = 1 << 18
ACCOUNT: Final = "policy-evidence"
CONFIRMED: Final = (EvidenceUploadConfirmed.topic, UploadConfirmed.topic)
SELECT_CONFIRMED: Final = """
    SELECT DISTINCT originator_id AS stream FROM log_events
     WHERE topic = ANY(%(topics)s)
       AND position(convert_to(%(sha256)s, 'UTF8') IN state) > 0
"""


class StoredBlob(Struct, frozen=True, kw_only=True):
    """A content that is stored, durably."""

    sha256: str
    media_type: str
    size: int
    worklog: Answer | None = None
    """Where an entry waited for it: that entry, with the evidence confirmed."""
    attachments: Answer | None = None
    """Where it is an attachment that was waited for: the attachments of that thing."""


class Waiting(Struct, frozen=True):
    """What names an upload and waits for it."""

    stream: UUID
    by: Literal["worklog", "attachments"]

    @property
    def story(self) -> Story:
        return worklog if self.by == "worklog" else attachments

    def confirming(self, sha256: str) -> Command:
        if self.by == "worklog":
            return ConfirmEvidenceUpload(sha256=sha256)
        return ConfirmUpload(sha256=sha256)


class _Announced(Struct, frozen=True, kw_only=True):
    """Headers of an upload, read before its body."""

    sha256: str
    media_type: str
    size: int | None
    waiting: Waiting | None


def handlers() -> list[HTTPRouteHandler]:
    @put(PATH, status_code=200, name="PutBlob", opt={PERMISSION: UPLOAD}, include_in_schema=False)
    async def store(request: Request[Any, Any, Any]) -> ASGIApp:
        wiring = wiring_of(request.scope)
        by = await authorized(request.scope, UPLOAD, wiring)
        announced = _announced(request.scope, wiring.blobs.size_max)
        await _refuse_without_room(wiring, by)
        there = await _there(wiring, announced)
        evidence = await _named(wiring, announced, by)
        with _disk():
            blob = await _received(wiring, announced, evidence, request, by)
        answer, waiting = None, announced.waiting
        told: dict[str, Answer] = {}
        if waiting is not None:
            answer = answer_of(await _confirm(wiring, waiting, blob.sha256, by))
            told = {waiting.by: answer}
        stored = StoredBlob(sha256=blob.sha256, media_type=blob.media_type, size=blob.size, **told)
        headers: Headers = [
            (b"content-type", JSON),
            (b"etag", _etag(blob)),
            (b"location", PATH.replace("{sha256:str}", blob.sha256).encode()),
        ]
        if answer is not None and answer.position is not None:
            headers.append((b"x-position", b"%d" % answer.position))
        return reply(200 if there else 201, headers, msgspec.json.encode(stored))

    @route(
        PATH, http_method=GET_OR_HEAD, name="Blob", opt={PERMISSION: READ}, include_in_schema=False
    )
    async def content(request: Request[Any, Any, Any]) -> ASGIApp:
        wiring = wiring_of(request.scope)
        by = await authorized(request.scope, READ, wiring)
        blob = await _found(wiring, request, by)
        if request.scope["method"] != HttpMethod.HEAD:
            # What a picture or a scan shows cannot be masked: who has had it is written down.
            await record(
                wiring,
                by,
                action="Blob",
                things=(f"blob:{blob.sha256}",),
                fields=("content",),
                session=mark_of(request.scope),
            )
        if _etag(blob) in (request.headers.get("if-none-match") or "").encode():
            return reply(304, _headers(blob), b"")
        if request.scope["method"] == HttpMethod.HEAD:
            return _content(blob, None)
        with _disk():
            return _content(blob, await asyncio.to_thread(wiring.blobs.open, blob.sha256))

    return [store, content]


async def confirm_stored(
    wiring: Wiring, waiting: Waiting, evidence: Iterable[Evidence], by: Actor
) -> None:
    """Confirm what was uploaded before the entry that names it."""
    for one in evidence:
        with _disk():
            blob = await asyncio.to_thread(wiring.blobs.find, one.sha256)
        if blob is not None and (blob.media_type, blob.size) == (one.media_type, one.size):
            await _confirm(wiring, waiting, one.sha256, by)


async def _confirm(wiring: Wiring, waiting: Waiting, sha256: str, by: Actor) -> Receipt:
    """Once for what waits and a content, however often it is uploaded."""
    return await wiring.ledger.execute(
        waiting.stream,
        waiting.confirming(sha256),
        by=Actor(account=ACCOUNT, role="policy", unit=by.unit),
        command_id=command_id(waiting.stream, f"evidence-stored:{sha256}"),
    )


# --- what is announced


def _announced(scope: HTTPScope, size_max: int) -> _Announced:
    limits.refuse_encoded(scope)
    headers = dict(scope["headers"])
    said = headers.get(b"content-type", b"").decode("latin-1")
    media_type = said.partition(";")[0].strip().lower()
    well_formed = re.fullmatch(MEDIA_TYPE, media_type) and len(media_type) <= MEDIA_TYPE_LENGTH_MAX
    if not well_formed or media_type in COULD_ACT:
        raise Problem("blob-type-unsupported")
    length = headers.get(b"content-length")
    if length is not None and not re.fullmatch(rb"[0-9]{1,18}", length):
        raise Problem("malformed", "Content-Length")
    if length is not None and int(length) > size_max:
        raise Problem("too-large", f"{size_max} bytes")
    if length is not None and int(length) == 0:
        raise EvidenceIsEmpty
    return _Announced(
        sha256=_sha256(scope),
        media_type=media_type,
        size=None if length is None else int(length),
        waiting=_waiting(scope["query_string"]),
    )


def _sha256(scope: HTTPScope) -> str:
    sha256: str = scope["path_params"]["sha256"]
    if not re.fullmatch(DIGEST, sha256):
        wrong = FieldProblem("sha256", "64 hexadecimal digits, a to f in lower case")
        raise Problem("validation-failed", None, wrong)
    return sha256


def _waiting(query: bytes) -> Waiting | None:
    """Read which entry of the work log, or what thing's attachments, wait for it."""
    asked = pairs_of(query)
    entry, thing = asked.pop("worklog", None), asked.pop("attached_to", None)
    if asked:
        raise Problem("malformed", f"unknown parameter {min(asked)}")
    if entry is not None and thing is not None:
        raise Problem("malformed", "worklog and attached_to")
    if thing is not None:
        return Waiting(attachments_stream(_id("attached_to", thing)), "attachments")
    return None if entry is None else Waiting(_id("worklog", entry), "worklog")


def _id(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Problem("validation-failed", None, FieldProblem(name, "not a UUID")) from error


async def _refuse_without_room(wiring: Wiring, by: Actor) -> None:
    """PostgreSQL may write to the same disk: evidence never takes the last of it.

    Raises: Problem `upload-quota-spent`, `store-full`.
    """
    try:
        wiring.uploads.refuse_spent(by.account)
    except QuotaSpent as error:
        daily = f"{wiring.settings.upload_bytes_daily} bytes a day"
        raise Problem("upload-quota-spent", daily, retry_after_s=error.wait_s) from error
    with _disk():
        free = await asyncio.to_thread(wiring.blobs.free_bytes)
    if free < wiring.settings.blob_bytes_free + wiring.blobs.size_max:
        log.error("blob store full: %d bytes free", free)
        raise Problem("store-full")


async def _there(wiring: Wiring, announced: _Announced) -> Blob | None:
    """Return the stored content; None when it is not there.

    Raises: Problem `blob-type-differs` — when it is stored under another media type.
    """
    with _disk():
        there = await asyncio.to_thread(wiring.blobs.find, announced.sha256)
    if there is not None and there.media_type != announced.media_type:
        raise Problem("blob-type-differs", there.media_type)
    return there


async def _named(wiring: Wiring, announced: _Announced, by: Actor) -> Evidence | None:
    """Return the evidence as what waits for it names it; refuse a wrong upload before its body.

    None when the upload names nothing.
    """
    waiting = announced.waiting
    if waiting is None:
        return None
    there = await readable(wiring, (waiting.stream,), by)
    found = project(waiting.story, None, await wiring.ledger.stream(waiting.stream))
    if found is None or waiting.stream not in there:
        raise WorkUnknown if waiting.by == "worklog" else EvidenceUnknown
    entry: Worklog | Attachments = found.state
    exhibit = entry.exhibit(announced.sha256)
    if exhibit is None:
        raise EvidenceUnknown
    evidence = exhibit.evidence
    if announced.media_type != evidence.media_type:
        wrong = FieldProblem("media_type", evidence.media_type)
        raise Problem("evidence-differs", None, wrong)
    if announced.size is not None:
        _agrees(evidence, announced.size)
    return evidence


def _agrees(evidence: Evidence, size: int) -> None:
    """Compare with the entry.

    Raises: Problem `evidence-differs` — when the entry states another size.
    """
    if size != evidence.size:
        raise Problem("evidence-differs", None, FieldProblem("size", str(evidence.size)))


# --- in and out


async def _received(
    wiring: Wiring,
    announced: _Announced,
    evidence: Evidence | None,
    request: Request[Any, Any, Any],
    by: Actor,
) -> Blob:
    """Written as it comes, part by part."""
    try:
        with wiring.blobs.receive(announced.sha256, announced.media_type) as receiving:
            try:
                async for part in _parts(request):
                    await asyncio.to_thread(receiving.write, part)
            finally:
                wiring.uploads.count(by.account, receiving.size)
            if receiving.size == 0:
                raise EvidenceIsEmpty
            if evidence is not None:
                _agrees(evidence, receiving.size)
            return await asyncio.to_thread(receiving.keep)
    except BlobTooLarge as error:
        raise Problem("too-large", f"{wiring.blobs.size_max} bytes") from error
    except DigestDiffers as error:
        raise Problem("blob-digest-differs") from error
    except MediaTypeDiffers as error:
        raise Problem("blob-type-differs") from error


async def _parts(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    more = True
    while more:
        try:
            message = await asyncio.wait_for(request.receive(), limits.BODY_S)
        except TimeoutError as error:
            raise Problem("too-slow", f"{limits.BODY_S:g} s") from error
        if message["type"] != "http.request":
            raise Problem("malformed", "disconnected")
        if part := message.get("body", b""):
            yield part
        more = message.get("more_body", False)


async def _found(wiring: Wiring, request: Request[Any, Any, Any], by: Actor) -> Blob:
    """Find a content for whoever may read a thing that names it.

    Raises: Problem `not-found` — when it is not stored, or not for him.
    """
    sha256 = _sha256(request.scope)
    if pairs_of(request.scope["query_string"]):
        raise Problem("malformed", "query")
    with _disk():
        blob = await asyncio.to_thread(wiring.blobs.find, sha256)
    if blob is None or not await readable(wiring, await _naming(wiring, sha256), by):
        raise Problem("not-found")
    return blob


async def _naming(wiring: Wiring, sha256: str) -> list[UUID]:
    """List what was told that this content is there: entries of the work log, attachments."""
    asked = {"topics": list(CONFIRMED), "sha256": f'"{sha256}"'}
    async with wiring.ledger.readers.connection() as connection:
        cursor = await connection.execute(SELECT_CONFIRMED, asked)
        return [row["stream"] for row in await cursor.fetchall()]


@contextmanager
def _disk() -> Iterator[None]:
    """Translate errors of the disk.

    Raises: Problem `store-unavailable` — when it is full, read-only or gone.
    """
    try:
        yield
    except OSError as error:
        log.error("blob store unavailable: %s", error.strerror)
        raise Problem("store-unavailable") from error


def _etag(blob: Blob) -> bytes:
    return b'"%s"' % blob.sha256.encode()


def _headers(blob: Blob) -> Headers:
    """Whatever it is, it is saved and not shown: an upload must not act as a page of ours."""
    name = blob.sha256 + (mimetypes.guess_extension(blob.media_type) or "")
    return [
        (b"content-type", blob.media_type.encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
        (b"etag", _etag(blob)),
        (b"vary", b"Authorization, Cookie"),
    ]


def _content(blob: Blob, file: BinaryIO | None) -> ASGIApp:
    """The answer, part by part; without a file its head only."""
    headers = [*_headers(blob), (b"content-length", b"%d" % blob.size)]

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if file is not None:
            with file:
                while part := await asyncio.to_thread(file.read, CHUNK_BYTES):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return respond
