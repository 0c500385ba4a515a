"""`allowed` tells the truth: over lawful lives, what a state lets happen can be done with some
plausible arguments by somebody, and what it does not let happen is refused or does nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from api.advising import duty_routes
from api.complaints import complaint_routes
from api.requests import request_routes
from api.web.acting import Route
from domain.advising import appointment_commands, worklog
from domain.advising.worklog import Share
from domain.aggregates import AGGREGATE, fold
from domain.complaints import record, review, routing
from domain.complaints.complaint import Complaint
from domain.exhibits import Evidence
from domain.moment import Moment
from domain.oversight import inspection, rectification
from domain.registers import appointment
from domain.registers.appointment import Appointment
from domain.requests import proceedings_commands, request, request_commands, transfer
from domain.requests.request import Request
from domain.simulation import SimulatedStep, World
from domain.vocabulary import Actor, Command, Refused, Service
from tests.lives import complaint, hamlet, life

WHY: Final = "核对"
LATER: Final = timedelta(minutes=1)
NEXT_YEAR: Final = timedelta(days=400)
ROUTES: Final[tuple[Route, ...]] = (
    *request_routes.ROUTES, *complaint_routes.ROUTES, *duty_routes.ROUTES
)  # fmt: skip
KINDS: Final = (
    request.KIND, "complaint", appointment.KIND, worklog.KIND, inspection.KIND, rectification.KIND,
)  # fmt: skip
OF_KIND: Final[Mapping[str, tuple[Route, ...]]] = {
    kind: tuple(one for one in ROUTES if one.kind == kind and not one.creates and not one.public)
    for kind in KINDS
}
BY_THE_RULES: Final = (
    request_commands.HandOver,
    transfer.TransferRequest,
    request_commands.AssignAdviser,
    request_commands.RecalculateDeadlines,
    request_commands.ExtendRequestDeadline,
    request_commands.LinkDuplicate,
    proceedings_commands.DeemLegalAidWithdrawn,
    record.RecalculateComplaintDeadlines,
    record.ExtendDeadline,
    record.LinkSameMatter,
    record.ReclassifyComplaint,
    routing.AskReturn,
    review.AskReview,
    review.FinalizeComplaint,
    rectification.MarkOverdue,
    appointment_commands.RenewTerm,
    appointment_commands.SignContract,
    appointment_commands.ReplaceAdviser,
    appointment_commands.DismissAdviser,
    appointment_commands.NoteAbsence,
    appointment_commands.NoteRefusedArrangement,
    appointment_commands.DissolveWechatGroup,
    appointment_commands.RemoveDisplay,
    worklog.CorrectWork,
)
"""What may still be refused by rules, registers, the clock or another thing, where the state lets
it happen. What the state does not let happen is refused in these, too."""


class Stage:
    """Things folded from nothing but the events of the steps so far."""

    def __init__(self) -> None:
        self.world = World()
        self.states: dict[UUID, tuple[str, Any]] = {}

    def take(self, step: SimulatedStep, kind: str) -> None:
        aggregate = AGGREGATE[kind]
        _, before = self.states.get(step.stream, (kind, None))
        self.states[step.stream] = kind, fold(aggregate, step.events, before)
        self.world.record(step)


# --- plausible arguments


def actors(kind: str, state: Any) -> Iterator[Actor]:
    """Somebody of every unit that has to do with it, and somebody who has not."""
    units = {"4401", "440104"}
    if kind == request.KIND:
        of: Request = state
        units |= {of.logged.point, of.proceedings.referred_to or of.logged.point}
        units |= {of.proceedings.agency or "", of.proceedings.bureau or ""}
    elif kind == "complaint":
        about: Complaint = state
        units |= {about.holder, about.division[:6], *about.routing.awaited}
        units |= {about.routing.assigned.by} if about.routing.assigned else set()
    elif kind == worklog.KIND:
        units |= {state.now.work.village}
    elif kind == inspection.KIND:
        units |= {state.held.office, state.held.division, state.held.point or ""}
    for unit in sorted(units - {""}):
        yield Actor(account=f"nobody-{unit}", role="supervisor", unit=unit)
        yield Actor(account=f"other-{unit}", role="administrator", unit=unit)
        if kind == request.KIND:
            yield Actor(account=f"aid-{unit}", role="legal_aid_officer", unit=unit)


def arguments(command: type[Command], state: Any) -> Iterator[dict[str, Any]]:
    """Arguments that are made of the state, of which some fit."""
    names = set(command.__struct_fields__)
    common: dict[str, Any] = {
        "reason": WHY, "text": WHY, "to": "UNIT-9", "items": [WHY], "basis": WHY,
        "mode": "phone", "minutes": 5, "outcome": WHY, "mediator": "M-9", "onsite": True,
        "form": "written", "terms": WHY, "routes_told": True, "court": WHY, "confirmed": True,
        "agency": "AID-9", "lawyer": "L-9", "consented": True, "target": "other", "at": None,
        "purpose": "visit", "measure": WHY, "people": 77, "contact": "phone", "ground": "no_facts",
        "unit": "4401", "opinion": WHY, "task": WHY, "approved": True, "level": "city",
        "demand": WHY, "claim": WHY, "facts": WHY, "amount": 1, "notified": "phone",
        "reached": True, "satisfied": True, "account": "who-9", "kind": "consultation",
        "decision": "upheld", "day": None, "place": WHY, "note": WHY, "arrangement": WHY,
        "measures": WHY, "answers": None, "sha256": "0" * 64, "agreed": True,
        "cause": "verification", "upheld": True,
    }  # fmt: skip
    base = {name: one for name, one in common.items() if name in names and one is not None}
    special = SPECIAL.get(command)
    for changes in special(state) if special else ({},):
        yield base | changes


def _kinds(_: Any) -> Iterator[dict[str, Any]]:
    yield {"kind": "withdrawn"}
    yield {"kind": "answered"}


def _services(state: Request) -> Iterator[dict[str, Any]]:
    services: tuple[Service, ...] = ("consultation", "legal_opinion", "mediation", "referral")
    yield from ({"service": one} for one in services if one != state.service)


def _performed(_: Any) -> Iterator[dict[str, Any]]:
    yield {"fully": True}
    yield {"fully": False}


def _candidates(state: Appointment) -> Iterator[dict[str, Any]]:
    yield from ({"adviser": one.adviser} for one in state.candidates)
    yield {"adviser": "A-NOBODY"}


def _heard(state: Appointment) -> Iterator[dict[str, Any]]:
    said = {"committee": "objects", "residents": "objects", "residents_heard": 999}
    yield from (one | said for one in _candidates(state))


def _ends(state: Appointment) -> Iterator[dict[str, Any]]:
    for one in state.stints:
        yield {"effective_on": one.first}
        yield {"effective_on": one.last}
    yield {"effective_on": date(1950, 1, 1)}


def _dismissed(state: Appointment) -> Iterator[dict[str, Any]]:
    yield from (one | {"ground": "unsuitable"} for one in _ends(state))


def _terms(state: Appointment) -> Iterator[dict[str, Any]]:
    last = max((one.last for one in state.stints), default=date(2026, 1, 1))
    yield {"starts_on": last + timedelta(days=1), "ends_on": last + NEXT_YEAR}


def _replaced(state: Appointment) -> Iterator[dict[str, Any]]:
    yield from (one | {"adviser": "A-NOBODY"} for one in _ends(state))


def _absent(state: Appointment) -> Iterator[dict[str, Any]]:
    yield from ({"day": day} for _, day in state.absences)
    yield {"day": date(1950, 1, 1)}


def _unlinked(state: Appointment) -> Iterator[dict[str, Any]]:
    for one in state.links:
        yield {"provider": one.provider, "code": one.code, "until": one.span.since}
    yield {"provider": "firm", "code": "F-NOBODY", "until": date(2026, 1, 1)}


def _originals(state: Request) -> Iterator[dict[str, Any]]:
    yield from ({"original": one} for one in (*state.duplicate_of, uuid4()))


def _others(state: Complaint) -> Iterator[dict[str, Any]]:
    yield from ({"other": one} for one in (*state.same_matter, uuid4()))


def _units(state: Complaint) -> Iterator[dict[str, Any]]:
    yield from ({"unit": one} for one in (*state.routing.awaited, "4401", state.division[:6]))


def _paused(_: Any) -> Iterator[dict[str, Any]]:
    yield from ({"cause": one} for one in ("verification", "hearing"))


def _promises(_: Any) -> Iterator[dict[str, Any]]:
    yield from ({"promise": one} for one in ("answer", "review"))


def _closing(_: Any) -> Iterator[dict[str, Any]]:
    yield {"reason": WHY}


def _shown(state: Any) -> Iterator[dict[str, Any]]:
    yield {"answers": dict(state.answers), "findings": [{"severity": "minor", "text": "另一处"}]}


def _doubts(state: Any) -> Iterator[dict[str, Any]]:
    yield from ({"doubts": [one]} for one in (*state.doubts, "overlap"))


def _exhibits(state: Any) -> Iterator[dict[str, Any]]:
    yield from ({"sha256": one.evidence.sha256} for one in state.exhibits)
    yield {"sha256": "f" * 64}


def _evidence(_: Any) -> Iterator[dict[str, Any]]:
    yield {"evidence": Evidence(sha256="e" * 64, media_type="image/jpeg", size=1)}


def _corrected(state: Any) -> Iterator[dict[str, Any]]:
    shares = tuple(Share(adviser=one.adviser, minutes=one.minutes) for one in state.now.served)
    work = replace(state.now.work, summary="更正后的内容")
    yield {"started_at": state.now.started_at, "work": work, "shares": shares}


def _appointed(_: Any) -> Iterator[dict[str, Any]]:
    yield {"at": "2999-01-01T09:00:00+08:00"}


def _escalated(_: Any) -> Iterator[dict[str, Any]]:
    yield {"to": "exit"}


def _registered(_: Any) -> Iterator[dict[str, Any]]:
    yield {}


def _unhidden(state: Complaint) -> Iterator[dict[str, Any]]:
    nobody = {"adviser": None, "account": None, "point_itself": False}
    for mark in set(state.kept_from) - set(state.complained_of):
        kind, _, code = mark.partition(":")
        yield nobody | ({"point_itself": True} if kind == "unit" else {kind: code})


SPECIAL: Final[dict[type[Command], Callable[[Any], Iterator[dict[str, Any]]]]] = {
    request_commands.CloseRequest: _kinds,
    request_commands.Reclassify: _services,
    request_commands.MakeAppointment: _appointed,
    request_commands.AssignAdviser: lambda _: iter(({"adviser": "A-NOBODY"},)),
    request_commands.LinkDuplicate: _originals,
    request_commands.UnlinkDuplicate: _originals,
    request_commands.ClearRequestDoubts: _doubts,
    proceedings_commands.ReportMediationPerformed: _performed,
    appointment_commands.RecordCoordination: _heard,
    appointment_commands.ChooseAdviser: _candidates,
    appointment_commands.SignContract: _terms,
    appointment_commands.RenewTerm: _terms,
    appointment_commands.ReplaceAdviser: _replaced,
    appointment_commands.DismissAdviser: _dismissed,
    appointment_commands.EndTerm: _ends,
    appointment_commands.ExcuseAbsence: _absent,
    appointment_commands.UnlinkProvider: _unlinked,
    record.RegisterComplaint: _registered,
    record.UnhideComplaint: _unhidden,
    record.LinkSameMatter: _others,
    record.UnlinkSameMatter: _others,
    record.PauseComplaint: _paused,
    record.ExtendDeadline: _promises,
    record.CloseComplaint: _closing,
    routing.AssignComplaint: _units,
    routing.AskCoHandler: _units,
    routing.AnswerAsCoHandler: _units,
    routing.ReleaseCoHandler: _units,
    record.AnswerComplaint: lambda _: iter(({"outcome": "explained"},)),
    inspection.CorrectInspection: _shown,
    rectification.EscalateRectification: _escalated,
    worklog.ClearDoubts: _doubts,
    worklog.ReportEvidenceMissing: _exhibits,
    worklog.AttachEvidence: _evidence,
    worklog.CorrectWork: _corrected,
}
NEEDS_AN_ADVISER: Final = (request_commands.AssignAdviser,)


# --- the law


def can_be_done(
    stage: Stage, kind: str, state: Any, command: type[Command], moment: Moment
) -> bool:
    """Whether some of the arguments, given by somebody, lead to an event."""
    aggregate = AGGREGATE[kind]
    advisers = [one.code for one in stage.world.registers.advisers.values() if one.active]
    for made in arguments(command, state):
        if command in NEEDS_AN_ADVISER:
            made["adviser"] = next((one for one in advisers if one != state.adviser), "A-NOBODY")
        asked = convert(made, command)
        for by in actors(kind, state):
            try:
                if aggregate.decide(state, asked, replace(moment, by=by)):
                    return True
            except Refused:
                continue
    return False


def check(steps: list[SimulatedStep], seen: Counter[tuple[str, bool]], every: int = 1) -> None:
    stage = Stage()
    for number, step in enumerate(steps):
        kind = step.events[0].topic.partition(".")[0]
        stage.take(step, kind)
        if kind not in KINDS or number % every:
            continue
        _, state = stage.states[step.stream]
        at = step.occurred_at + LATER
        moment = Moment(
            by=step.by,
            occurred_at=at,
            now=at,
            registers=stage.world.registers,
            stream=step.stream,
            beside={one: thing for one, (_, thing) in stage.states.items()},
        )
        for route in OF_KIND[kind]:
            allowed = route.possible(state)
            done = can_be_done(stage, kind, state, route.command, moment)
            if not allowed:
                assert not done, f"{route.name} can be done: {state}"
            elif route.command not in BY_THE_RULES:
                assert done, f"{route.name} cannot be done: {state}"
            seen[route.name, allowed] += 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), lived=st.sampled_from([life, complaint]))
def test_allowed_is_what_the_state_lets_happen(
    seed: int, lived: Callable[[Random], list[SimulatedStep]]
) -> None:
    check(lived(Random(seed)), Counter())


@pytest.mark.slow
def test_allowed_is_what_the_state_lets_happen_in_a_hamlet(fresh_seed: int) -> None:
    seen: Counter[tuple[str, bool]] = Counter()
    check(hamlet(fresh_seed, 60), seen)
    sometimes = {name for name, allowed in seen if allowed} & {
        name for name, allowed in seen if not allowed
    }
    # An appointment listed all of its commands, whatever had become of it.
    of_appointments = {one.name for one in OF_KIND[appointment.KIND]}
    assert len(of_appointments & sometimes) > len(of_appointments) / 2


def test_every_kind_says_what_its_state_lets_happen() -> None:
    """No route of these kinds is possible in any state at all without asking the state."""
    unasked = Route.__struct_defaults__[-1]
    for kind, routes in OF_KIND.items():
        assert routes, kind
        assert not [one.name for one in routes if one.possible is unasked], kind
