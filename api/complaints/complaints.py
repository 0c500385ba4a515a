"""Complaints 投诉: one of them as it stands, for those who may see it."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from api.complaints.complaint_access import opened
from api.complaints.complaint_routes import ROUTES
from api.web.acting import allowed
from api.web.problems import Problem
from api.web.questions import Asking, Found, Question, as_known, reached
from domain.complaints import complaint
from domain.complaints.complaint import Complaint, Stage
from ledger.log.decision import project
from projections.history.promises import PromiseTold, promises_of


class ComplaintFound(Struct, frozen=True, kw_only=True):
    """A complaint as it stands; `version` is what If-Match wants."""

    id: UUID
    version: int
    position: int
    stage: Stage
    state: Complaint
    promises: list[PromiseTold]
    """Every one ever given, those that ended first."""
    allowed: list[str]
    """Names of commands: what the asking role may do and the state does not rule out."""


async def _one(asking: Asking) -> Found:
    """Find a complaint; visibility is judged by what is known now, whatever was known then."""
    stream: UUID = asking.path["id"]
    assert asking.by is not None
    await reached(asking)
    events = as_known(asking, await opened(asking.wiring, stream, asking.by))
    found = project(complaint, None, events)
    if found is None:
        raise Problem("not-found")
    state: Complaint = found.state
    body = ComplaintFound(
        id=stream,
        version=found.version,
        position=events[-1].position or 0,
        stage=state.stage,
        state=state,
        promises=promises_of(complaint.KIND, events, await asking.wiring.ledger.registers()),
        allowed=allowed(state, asking.by, complaint.KIND, ROUTES),
    )
    return Found(body, version=found.version, position=body.position, stream=stream)


QUESTIONS: Final = (
    Question(
        name="Complaint",
        under="/complaints/{id:uuid}",
        summary="一个投诉的现状、时限及其由来和当前可办的操作",
        tag=complaint.KIND,
        answer=ComplaintFound,
        find=_one,
    ),
)
