"""Jurisdiction: where a thing stands, and how far a post reaches.

Both are decided from the log alone: by the deciders before anything is written, and by the one gate
that every read of a stream passes. Lists ask the same of columns.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from domain.accounts import account
from domain.accounts.account import may_act
from domain.advising import needs, visit_plan, worklog
from domain.codes import DIVISION, shortest
from domain.complaints import complaint, reception
from domain.complaints.reception import BookSlot
from domain.complaints.record import NoteDissatisfaction, RegisterComplaint
from domain.coordination import conference, survey
from domain.evaluation import evaluation
from domain.honours import mark
from domain.moment import Moment, NotThisFirm, NotThisVillage, Registers
from domain.oversight import area, inspection, rectification, sample
from domain.registers import adviser, appointment, division, firm, organ, point, team
from domain.registers.appointment import china_day
from domain.registration.account_commands import EndPost, GivePost, TakeEmergencyAccess
from domain.reporting import draft, report
from domain.requests import rating, request, roster
from domain.roles import CITIZENS, FIRMS, POLICIES, VILLAGES, Role
from domain.training import helper, session
from domain.vocabulary import Actor, Command, Refused

BY_THEMSELVES: Final[frozenset[Role]] = frozenset((*CITIZENS, *POLICIES, "importer"))
"""Who acts for no office: people, their devices, rules, and the import of history. What they may do
is bound by other means: a code, a device's window, an event that calls for it."""


VILLAGE_DIGITS: Final = 12


class Place(Struct, frozen=True):
    """Where a thing stands: any of these makes it somebody's."""

    divisions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """Points, agencies, organs and firms that have to do with it now."""
    advisers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    everybody: bool = False
    """It is the whole office's: rules, calendars, what belongs to no division."""


class Reach(Struct, frozen=True):
    """How far a post reaches."""

    prefixes: tuple[str, ...] = ()
    """All that lies in these divisions."""
    around: str | None = None
    """The division of the post's own point: there it reaches what belongs to no point."""
    units: tuple[str, ...] = ()
    adviser: str | None = None
    account: str = ""

    def covers(self, place: Place) -> bool:
        return (
            place.everybody
            or any(one.startswith(self.prefixes) for one in place.divisions)
            or any(one in place.units for one in self.units)
            or (self.adviser is not None and self.adviser in place.advisers)
            or self.account in place.accounts
            or (
                self.around is not None
                and not place.units
                and any(one.startswith(self.around) for one in place.divisions)
            )
        )


def reach_of(by: Actor, registers: Registers) -> Reach | None:
    """Return how far an actor's post reaches; None for those who act for no office."""
    if by.role in BY_THEMSELVES:
        return None
    at = registers.points.get(by.unit)
    around = shortest(at.locations[-1].division) if at and by.role not in VILLAGES else None
    return Reach(
        prefixes=_divisions_of(by) if at is None else (),
        around=around,
        units=(by.unit,),
        adviser=by.adviser,
        account=by.account,
    )


def _divisions_of(by: Actor) -> tuple[str, ...]:
    """A committee is that of one village, whatever its unit was written as."""
    if not re.fullmatch(DIVISION, by.unit):
        return ()
    code = shortest(by.unit)
    return () if by.role in VILLAGES and len(code) != VILLAGE_DIGITS else (code,)


# --- where things stand


def _request(state: request.Request, registers: Registers) -> Place:
    proceedings = state.proceedings
    referred = proceedings.referred_to if proceedings.referral in ("sent", "accepted") else None
    at, asked = state.transfer.at, state.transfer.asked
    there = (state.logged.division,) if at is None else ()
    return Place(
        divisions=(*there, *_lying_now(state.holder, registers), *_lying_now(asked, registers)),
        units=_some(state.holder, asked, referred, proceedings.agency, proceedings.bureau),
        advisers=_some(state.adviser, *state.served_by),
        accounts=(state.responsible,),
    )


def _rating(state: rating.Rating, registers: Registers) -> Place:
    if state.invited is None:
        return OFFICE
    there = _point(state.invited.point, registers)
    return replace(there, advisers=state.invited.served_by)


def _complaint(state: complaint.Complaint, _: Registers) -> Place:
    assigned = state.routing.assigned
    co_handlers = (one.unit for one in state.routing.co_handlers if one.status != "released")
    return Place(
        divisions=(state.division,),
        units=_some(
            state.grievance.point,
            *((assigned.unit, assigned.by) if assigned else ()),
            *state.reviews.units,
            *co_handlers,
        ),
    )


def _appointment(state: appointment.Appointment, _: Registers) -> Place:
    firms = (*(one.firm for one in state.candidates), *(one.firm for one in state.stints))
    advisers = (*(one.adviser for one in state.candidates), *(one.adviser for one in state.stints))
    return Place((state.division,), units=_some(*firms), advisers=_some(*advisers))


def _worklog(state: worklog.Worklog, _: Registers) -> Place:
    return Place(
        divisions=(state.now.work.village,),
        advisers=tuple(one.adviser for one in state.now.served),
        accounts=(state.recorder,),
    )


def _rectification(state: rectification.Rectification, registers: Registers) -> Place:
    ordered, whom = state.ordered, state.ordered.addressee.code
    if ordered.division is None and ordered.point is None:
        there = _person(whom, registers) if whom in registers.advisers else _firm(whom, registers)
    else:
        there = Place((*_some(ordered.division), *_lying_now(ordered.point, registers)))
    return replace(there, units=_some(ordered.point, whom), advisers=(whom,), accounts=(whom,))


def _inspection(state: inspection.Inspection, registers: Registers) -> Place:
    held = state.held
    return Place(
        divisions=(held.division, *_lying_now(held.point, registers)),
        units=_some(held.point),
        accounts=(held.inspector,),
    )


def _evaluation(state: evaluation.Evaluation, registers: Registers) -> Place:
    subjects = state.subjects
    firms = (
        post.firm
        for code in subjects
        if code in registers.advisers
        for post in registers.advisers[code].posts
    )
    # Of whom a village has to do with, its committee judges and objects: no office around it does.
    villages = (
        code
        for code, one in registers.appointments.items()
        if any(stint.adviser in subjects for stint in one.stints)
    )
    return Place(
        divisions=(state.opened.division, *(d for s in subjects for d in _lying_now(s, registers))),
        units=(*subjects, *dict.fromkeys(firms), *villages),
        advisers=subjects,
    )


def _person(code: str, registers: Registers) -> Place:
    return _adviser(registers.advisers[code], registers)


def _adviser(state: adviser.Adviser, registers: Registers) -> Place:
    return replace(_firm(state.posts[-1].firm, registers), advisers=(state.code,))


def _account(state: account.Account, registers: Registers) -> Place:
    """Whoever opens accounts anywhere may still name, suspend or close one that has no post yet."""
    if not state.posts:
        return replace(OFFICE, accounts=(state.code,))
    posts = [_unit(one.unit, registers) for one in state.posts]
    return Place(
        divisions=tuple(division for one in posts for division in one.divisions),
        units=tuple(one.unit for one in state.posts),
        accounts=(state.code,),
    )


def _conference(state: conference.Conference, _: Registers) -> Place:
    """Also whoever has to carry out what was decided: he reports that it is done."""
    responsible = (one.responsible for one in state.decisions)
    codes = (one.code for one in (*state.held.attending, *state.held.absent, *responsible))
    return Place(divisions=(state.held.division,), units=_some(*codes))


PLACES: Final[Mapping[str, Callable[[Any, Registers], Place]]] = {
    request.KIND: _request,
    rating.KIND: _rating,
    roster.KIND: lambda state, registers: _point(state.point, registers),
    complaint.KIND: _complaint,
    reception.KIND: lambda state, registers: _point(state.announced.point, registers),
    worklog.KIND: _worklog,
    visit_plan.KIND: lambda state, _: Place((state.village,), advisers=(state.adviser,)),
    needs.KIND: lambda state, _: Place((state.village,)),
    area.KIND: lambda state, _: Place((state.division,)),
    inspection.KIND: _inspection,
    rectification.KIND: _rectification,
    report.KIND: lambda state, _: Place((state.versions[-1].table.division,)),
    draft.KIND: lambda state, _: Place((state.division,)),
    evaluation.KIND: _evaluation,
    sample.KIND: lambda state, _: Place((state.announced.frame.division,)),
    session.KIND: lambda state, _: Place((state.announced.organiser,)),
    helper.KIND: lambda state, _: Place((state.registered.village,)),
    conference.KIND: _conference,
    survey.KIND: lambda state, _: Place((state.conducted.division,)),
    point.KIND: lambda state, _: Place((state.locations[-1].division,), units=(state.code,)),
    adviser.KIND: _adviser,
    appointment.KIND: _appointment,
    division.KIND: lambda state, _: Place((state.code,)),
    firm.KIND: lambda state, registers: _firm(state.code, registers),
    team.KIND: lambda state, registers: _firm(state.firm, registers),
    organ.KIND: lambda state, _: Place(_some(state.division), units=(state.code,)),
    account.KIND: _account,
    mark.KIND: lambda state, _: Place(_some(state.awarded.division)),
}
"""Kind → where a thing of it stands. What is missing here is the whole office's: rules, calendars,
forms, and what rules write by themselves."""


def place_of(kind: str, state: Any, registers: Registers) -> Place:
    place = PLACES.get(kind)
    return OFFICE if place is None else place(state, registers)


OFFICE: Final = Place(everybody=True)


def place_asked(command: Any, registers: Registers, at: datetime) -> Place:
    """Return where a command would place a new thing, by the fields that say so.

    What lies in a point lies where that was then, and where it is now: whoever has moved away with
    it enters what happened before, and so does who was left.
    """
    for name in ("grievance", "work", "table", "frame"):
        if (part := getattr(command, name, None)) is not None:
            return place_asked(part, registers, at)
    if (code := getattr(command, "point", None)) is not None:
        there = registers.points.get(code)
        then = (there.division_on(china_day(at)),) if there else ()
        known = _point(code, registers)
        return replace(known, divisions=(*known.divisions, *then))
    for name in ("division", "village", "organiser"):
        if (lies_in := getattr(command, name, None)) is not None:
            if registers.divisions and shortest(lies_in) not in registers.divisions:
                return OFFICE
            return Place((lies_in,), advisers=_some(getattr(command, "adviser", None)))
    if (of := getattr(command, "firm", None)) is not None:
        return _firm(of, registers)
    return OFFICE


def _point(code: str, registers: Registers) -> Place:
    """Return where a point is.

    What no register knows is everybody's to name: the rules of the thing refuse it, and name the
    nearest entries.
    """
    return Place(_lying_now(code, registers), (code,)) if code in registers.points else OFFICE


def _lying_now(code: str | None, registers: Registers) -> tuple[str, ...]:
    """Return the division a point lies in by its newest move: its things go where it goes."""
    at = registers.points.get(code) if code else None
    return (at.locations[-1].division,) if at else ()


def _unit(code: str, registers: Registers) -> Place:
    """Return where a unit is: a point, a division's office, a firm or an organ."""
    if code in registers.points:
        return _point(code, registers)
    if (known := registers.organs.get(code)) is not None:
        return Place(_some(known.division), (code,))
    if re.fullmatch(DIVISION, code):
        return Place((code,), (code,))
    return replace(_firm(code, registers), units=(code,))


def _firm(code: str, registers: Registers) -> Place:
    known = registers.firms.get(code)
    if known is None or known.division is None:
        return OFFICE
    return Place((known.division,), (code,))


def _some(*codes: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in codes if one))


# --- the rule


class OutsideJurisdiction(Refused):
    """这不是您的岗位管辖范围内的事项，请由有管辖权的单位办理，或者先转办"""


class PostNotHeld(Refused):
    """您的账号现在没有这个岗位，或者账号已停用；请重新选择岗位，或联系本单位管理员"""


ANYWHERE: Final = (RegisterComplaint, NoteDissatisfaction, BookSlot, TakeEmergencyAccess)
"""首问负责：谁先接待谁登记，不论投诉的是哪里、要约见的是哪一级领导。 And what an emergency is for.

A cross-check 交叉检查 is none of them: who inspects elsewhere is given a post there, or at the unit
above, for the days that it lasts.
"""


def refuse_without_post(moment: Moment) -> None:
    """Refuse an account that does not have, as it enters something, the post it acts for.

    An account that is not listed is that of an operator's token, of a rule or of a person: logs of
    earlier programs list none. Raises: PostNotHeld.
    """
    accounts = moment.registers.accounts
    if moment.by.account not in accounts or moment.by.role in BY_THEMSELVES - {"device"}:
        return
    if not may_act(moment.by, accounts, moment.now, china_day(moment.now)):
        raise PostNotHeld(f"{moment.by.role}@{moment.by.unit}")


def refuse_outside(kind: str, state: Any, command: Command, moment: Moment) -> None:
    """Refuse what lies outside the actor's post. Raises: OutsideJurisdiction."""
    refuse_without_post(moment)
    if state is None and not moment.beside and getattr(command, "point", None) == moment.by.unit:
        # Begun in one's own rooms, as nearly everything is: a point's post reaches whatever has to
        # do with it. No register needs to be asked.
        return
    reach = reach_of(moment.by, moment.registers)
    if reach is None or isinstance(command, ANYWHERE):
        return
    place = _place(kind, state, command, moment)
    if not reach.covers(place):
        raise outside(moment.by)


def outside(by: Actor) -> Refused:
    """Say to whose post does not reach that far what his kind is told."""
    if by.role in VILLAGES:
        return NotThisVillage(by.unit)
    if by.role in FIRMS:
        return NotThisFirm(by.unit)
    return OutsideJurisdiction(f"{by.role}@{by.unit}")


SAYS_WHERE: Final = (GivePost, EndPost)
"""Commands that hold where what their words say is, not where their thing is."""


def reaches(by: Actor, kind: str, state: Any, command: type[Command], registers: Registers) -> bool:
    """Return whether a post reaches a thing that is there with a command of which nobody has said
    yet what it holds: what is offered, and which form is drawn. `refuse_outside` decides."""
    reach = reach_of(by, registers)
    if reach is None or issubclass(command, (*ANYWHERE, *SAYS_WHERE)):
        return True
    return reach.covers(place_of(kind, state, registers))


def _place(kind: str, state: Any, command: Command, moment: Moment) -> Place:
    registers = moment.registers
    if isinstance(command, GivePost):
        return _unit(command.unit, registers)
    if isinstance(command, EndPost) and 1 <= command.number <= len(state.posts if state else ()):
        return _unit(state.posts[command.number - 1].unit, registers)
    if isinstance(command, rating.InviteRating):
        # Who has it now invites to rate it; what it is rated as is where it was asked.
        for one in moment.beside.values():
            if isinstance(one, request.Request):
                return _request(one, registers)
    if isinstance(command, worklog.LogWork) and state is None:
        # An adviser's post may be at his firm: what he did in a village is his.
        served = tuple(one.adviser for one in command.shares) or _some(moment.by.adviser)
        return replace(place_asked(command, registers, moment.occurred_at), advisers=served)
    if state is None:
        return place_asked(command, registers, moment.occurred_at)
    return place_of(kind, state, registers)
