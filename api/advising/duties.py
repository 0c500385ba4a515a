"""Advisers' duties: an appointment, a work log, an inspection, a rectification as it stands."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.advising.duty_routes import ROUTES
from api.web.acting import allowed
from api.web.questions import Asking, Found, Question, held
from domain.advising import worklog
from domain.advising.worklog import Worklog
from domain.aggregates import Story
from domain.oversight import inspection, rectification
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import Rectification
from domain.registers import appointment, form
from domain.registers.appointment import Appointment
from domain.registers.form import Form
from domain.vocabulary import stream_id


class ThingShown(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants; `allowed`: names of commands that the asking role may give
    and the state does not rule out."""

    id: UUID
    version: int
    position: int
    allowed: list[str]


class AppointmentFound(ThingShown, frozen=True, kw_only=True):
    state: Appointment


class WorkFound(ThingShown, frozen=True, kw_only=True):
    state: Worklog


class InspectionFound(ThingShown, frozen=True, kw_only=True):
    state: Inspection


class RectificationFound(ThingShown, frozen=True, kw_only=True):
    state: Rectification


class FormFound(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    position: int
    versions: tuple[Form, ...]


Finds = Callable[[Asking], Awaitable[Found]]


def _finder(story: Story, answer: type[Any]) -> Finds:
    """Build the finder of one thing by its id, or by its code."""

    async def find(asking: Asking) -> Found:
        path = asking.path
        stream = path["id"] if "id" in path else stream_id(story.KIND, path["code"])
        found, position = await held(asking, story, stream)
        assert asking.by is not None
        body = answer(
            id=stream,
            version=found.version,
            position=position,
            state=found.state,
            allowed=allowed(found.state, asking.by, story.KIND, ROUTES),
        )
        return Found(body, version=found.version, position=position, stream=stream)

    return find


async def _form(asking: Asking) -> Found:
    stream = stream_id(form.KIND, asking.path["code"])
    found, position = await held(asking, form, stream)
    body = FormFound(position=position, versions=found.state.versions)
    return Found(body, version=found.version, position=position, stream=stream)


QUESTIONS: Final = (
    Question(
        name="Appointment",
        under="/appointments/{code:str}",
        summary="一个村（社区）或镇街的法律顾问聘任",
        tag=appointment.KIND,
        answer=AppointmentFound,
        find=_finder(appointment, AppointmentFound),
    ),
    Question(
        name="Worklog",
        under="/worklogs/{id:uuid}",
        summary="一条工作日志",
        tag=worklog.KIND,
        answer=WorkFound,
        find=_finder(worklog, WorkFound),
    ),
    Question(
        name="Inspection",
        under="/inspections/{id:uuid}",
        summary="一次检查或督导",
        tag=inspection.KIND,
        answer=InspectionFound,
        find=_finder(inspection, InspectionFound),
    ),
    Question(
        name="Rectification",
        under="/rectifications/{id:uuid}",
        summary="一项整改",
        tag=rectification.KIND,
        answer=RectificationFound,
        find=_finder(rectification, RectificationFound),
    ),
    Question(
        name="Form",
        under="/forms/{code:str}",
        summary="一种表样的全部版本",
        tag=form.KIND,
        answer=FormFound,
        find=_form,
    ),
)
