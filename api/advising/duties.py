"""Advisers' duties: an appointment, a work log, an inspection, a rectification as it stands."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.advising.duty_routes import ROUTES
from api.web.finding import Finds, finds_one
from api.web.questions import Asking, Found, Question, held
from domain.advising import worklog
from domain.advising.worklog import SignIn, Standing, Wording, Worklog
from domain.aggregates import Story
from domain.concerned import part_of
from domain.exhibits import Exhibit
from domain.oversight import inspection, rectification
from domain.oversight.inspection import Finding, Inspection, InspectionConfirmed, InspectionHeld
from domain.oversight.rectification import (
    Rectification,
    RectificationAnswered,
    RectificationOrdered,
    Status,
)
from domain.promises.promise import Promise
from domain.registers import appointment, form
from domain.registers.appointment import (
    Appointment,
    ArrangementRefused,
    Candidate,
    Link,
    Span,
    Term,
)
from domain.registers.form import Form, Values
from domain.registers.stint import Stint
from domain.vocabulary import stream_id


class ThingShown(Struct, frozen=True, kw_only=True):
    """`version` is what If-Match wants; `allowed`: names of commands that the asking role may give
    and the state does not rule out."""

    id: UUID
    version: int
    position: int
    allowed: list[str]


class AppointmentShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an appointment; like those below it is relied on by clients, so deciders
    may change their state."""

    division: str
    candidates: tuple[Candidate, ...]
    chosen: str | None
    accepted: bool
    terms: tuple[Term, ...]
    stints: tuple[Stint, ...]
    bans: tuple[tuple[str, date], ...]
    absences: tuple[tuple[str, date], ...]
    refusals: tuple[ArrangementRefused, ...]
    groups: tuple[Span, ...]
    displays: tuple[Span, ...]
    links: tuple[Link, ...]


def appointment_shown(state: Appointment) -> AppointmentShown:
    """Make the answer's copy of an appointment."""
    return AppointmentShown(
        division=state.division,
        candidates=state.candidates,
        chosen=state.chosen,
        accepted=state.accepted,
        terms=state.terms,
        stints=state.stints,
        bans=state.bans,
        absences=state.absences,
        refusals=state.refusals,
        groups=state.groups,
        displays=state.displays,
        links=state.links,
    )


class WorkShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a work-log entry."""

    recorder: str
    wordings: tuple[Wording, ...]
    sign_in: SignIn | None
    exhibits: tuple[Exhibit, ...]
    standing: Standing
    confirmed: bool


def work_shown(state: Worklog) -> WorkShown:
    """Make the answer's copy of a work-log entry."""
    return WorkShown(
        recorder=state.recorder,
        wordings=state.wordings,
        sign_in=state.sign_in,
        exhibits=state.exhibits,
        standing=state.standing,
        confirmed=state.confirmed,
    )


class InspectionShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of an inspection."""

    held: InspectionHeld
    answers: Values
    findings: tuple[Finding, ...]
    confirmed: InspectionConfirmed | None
    voided: bool


def inspection_shown(state: Inspection) -> InspectionShown:
    """Make the answer's copy of an inspection."""
    return InspectionShown(
        held=state.held,
        answers=state.answers,
        findings=state.findings,
        confirmed=state.confirmed,
        voided=state.voided,
    )


class RectificationShown(Struct, frozen=True, kw_only=True):
    """The answer's copy of a rectification."""

    ordered: RectificationOrdered
    status: Status
    round: int
    since: datetime
    promises: tuple[Promise, ...]
    answer: RectificationAnswered | None
    overdue: bool


def rectification_shown(state: Rectification) -> RectificationShown:
    """Make the answer's copy of a rectification."""
    return RectificationShown(
        ordered=state.ordered,
        status=state.status,
        round=state.round,
        since=state.since,
        promises=state.promises,
        answer=state.answer,
        overdue=state.overdue,
    )


class AppointmentFound(ThingShown, frozen=True, kw_only=True):
    state: AppointmentShown


class WorkFound(ThingShown, frozen=True, kw_only=True):
    state: WorkShown


class InspectionFound(ThingShown, frozen=True, kw_only=True):
    state: InspectionShown


class RectificationFound(ThingShown, frozen=True, kw_only=True):
    state: RectificationShown


class FormFound(Struct, frozen=True, kw_only=True):
    """Oldest first."""

    position: int
    versions: tuple[Form, ...]


def _finder(story: Story, answer: type[Struct], shown: Callable[[Any], Struct]) -> Finds:
    """Find one thing; for whom it does not concern there is none."""
    return finds_one(story, answer, shown, routes=ROUTES, part=part_of)


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
        find=_finder(appointment, AppointmentFound, appointment_shown),
    ),
    Question(
        name="Worklog",
        under="/worklogs/{id:uuid}",
        summary="一条工作日志",
        tag=worklog.KIND,
        answer=WorkFound,
        find=_finder(worklog, WorkFound, work_shown),
    ),
    Question(
        name="Inspection",
        under="/inspections/{id:uuid}",
        summary="一次检查或督导",
        tag=inspection.KIND,
        answer=InspectionFound,
        find=_finder(inspection, InspectionFound, inspection_shown),
    ),
    Question(
        name="Rectification",
        under="/rectifications/{id:uuid}",
        summary="一项整改",
        tag=rectification.KIND,
        answer=RectificationFound,
        find=_finder(rectification, RectificationFound, rectification_shown),
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
