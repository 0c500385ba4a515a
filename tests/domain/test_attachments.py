"""Attachments: named by hash beside the thing, and never in its way."""

from typing import Any, get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.aggregates import AGGREGATE
from domain.attachments import (
    THINGS,
    AttachedElsewhere,
    AttachFile,
    AttachmentMissing,
    ConfirmUpload,
    FileAttached,
    NothingToAttachTo,
    OfKind,
    ReportAttachmentMissing,
    UploadConfirmed,
    attachments_stream,
)
from domain.exhibits import (
    Evidence,
    EvidenceCouldAct,
    EvidenceIsEmpty,
    EvidenceIsStored,
    EvidenceUnknown,
)
from domain.vocabulary import Event
from tests.complaints import COMPLAINT, NOTED
from tests.examples import CLERK, NOON, REQUEST
from tests.spec import given as given_known

SCAN = Evidence(sha256="a" * 64, media_type="application/pdf", size=90_000)
ATTACH = AttachFile(of=COMPLAINT, of_kind="complaint", evidence=SCAN, title="来信")
ATTACHED = FileAttached(
    of=COMPLAINT, of_kind="complaint", evidence=SCAN, title="来信", by=CLERK.account, at=NOON
)
OF: dict[str, Any] = {"of": COMPLAINT, "of_kind": "complaint", "sha256": SCAN.sha256}
STORED = UploadConfirmed(**OF)
MISSING = AttachmentMissing(**OF, reason="扫描件损坏")
CONFIRM = ConfirmUpload(sha256=SCAN.sha256)
MISS = ReportAttachmentMissing(sha256=SCAN.sha256, reason="扫描件损坏")
STATE = AGGREGATE["complaint"].evolve(None, NOTED)


def given(*events: Event, of: UUID = COMPLAINT, thing: Any = STATE) -> given_known:
    beside = {} if thing is None else {of: thing}
    return given_known(*events, beside=beside, stream=attachments_stream(of))


def test_a_file_is_attached_by_its_hash_and_waited_for() -> None:
    state = given().when(ATTACH).then(ATTACHED)
    assert state.exhibit(SCAN.sha256).status == "waiting"
    assert (state.attached[0].by, state.attached[0].title) == (CLERK.account, "来信")
    given(ATTACHED).when(ATTACH).nothing()


def test_what_came_is_stored_and_what_does_not_come_holds_nobody_up() -> None:
    assert given(ATTACHED).when(CONFIRM).then(STORED).exhibit(SCAN.sha256).status == "stored"
    assert given(ATTACHED).when(MISS).then(MISSING).exhibit(SCAN.sha256).status == "missing"
    given(ATTACHED, MISSING).when(CONFIRM).then(STORED)
    given(ATTACHED, STORED).when(CONFIRM).nothing()
    given(ATTACHED, MISSING).when(MISS).nothing()
    given(ATTACHED, STORED).when(MISS).refused(EvidenceIsStored)


def test_what_nobody_attached_is_neither_confirmed_nor_missed() -> None:
    other = "b" * 64
    for command in (ConfirmUpload(sha256=other), replace(MISS, sha256=other)):
        given().when(command).refused(EvidenceUnknown)
        given(ATTACHED).when(command).refused(EvidenceUnknown)


@pytest.mark.parametrize("kind", get_args(OfKind))
def test_a_file_belongs_to_a_thing_that_there_is(kind: OfKind) -> None:
    command = replace(ATTACH, of_kind=kind)
    given(thing=None).when(command).refused(NothingToAttachTo)
    if kind != "complaint":
        given().when(command).refused(NothingToAttachTo)


def test_the_files_of_a_thing_stand_in_its_own_stream() -> None:
    elsewhere = given_known(beside={REQUEST: STATE}, stream=attachments_stream(COMPLAINT))
    elsewhere.when(replace(ATTACH, of=REQUEST)).refused(AttachedElsewhere)


def test_what_proves_nothing_is_no_evidence() -> None:
    given().when(replace(ATTACH, evidence=replace(SCAN, size=0))).refused(EvidenceIsEmpty)
    for media_type in ("text/html", "image/svg+xml", "application/x-sh"):
        acting = replace(SCAN, media_type=media_type)
        given().when(replace(ATTACH, evidence=acting)).refused(EvidenceCouldAct)


def test_every_kind_of_thing_has_its_state() -> None:
    assert {*THINGS} == {*get_args(OfKind)}
    for kind, state in THINGS.items():
        assert AGGREGATE[kind].evolve.__annotations__["return"] is state
