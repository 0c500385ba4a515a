"""Whom a thing concerns. A village's committee and a law firm read what they must act on, and
nothing else; an office and its auditors read everything. Lists, single things and timelines ask
here, and so do the deciders that let a committee or a firm score and object."""

from datetime import date

from domain.advising.worklog import Worklog
from domain.moment import Registers
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import Rectification
from domain.registers.appointment import Appointment
from domain.roles import FIRMS, VILLAGES
from domain.vocabulary import Actor

Concerning = Appointment | Worklog | Inspection | Rectification


def marks_of(by: Actor) -> tuple[str, ...] | None:
    """Return what marks the things that the actor may read; None: he may read all of them."""
    if by.role in VILLAGES:
        return (_village(by.unit),)
    if by.role in FIRMS:
        return (_firm(by.unit),)
    return None


def marks(state: Concerning) -> tuple[str, ...]:
    """Return the marks of the village and the firms that a thing concerns: `visible_to` for queries
    over many."""
    match state:
        case Appointment():
            return (_village(state.division), *map(_firm, _firms(state)))
        case Worklog():
            return (_village(state.now.work.village),)
        case Inspection():
            return (_village(state.held.division),)
        case Rectification():
            ordered = state.ordered
            village = (_village(ordered.division),) if ordered.division else ()
            to_firm = ordered.addressee.kind == "firm"
            return (*village, _firm(ordered.addressee.code)) if to_firm else village


def visible_to(state: Concerning, by: Actor) -> bool:
    own = marks_of(by)
    return own is None or not set(own).isdisjoint(marks(state))


def judges(by: Actor, subject: str, first: date, last: date, registers: Registers) -> bool:
    """Return whether a committee or a firm has to do with who is evaluated for these days: an
    adviser who served the village, a point in it; an adviser of the firm. Others are not asked."""
    if by.role in FIRMS:
        known = registers.advisers.get(subject)
        return known is not None and any(post.firm == by.unit for post in known.posts)
    if by.role in VILLAGES:
        there, place = registers.appointments.get(by.unit), registers.points.get(subject)
        served = there is not None and any(
            one.adviser == subject and one.first <= last and one.last >= first
            for one in there.stints
        )
        return served or (place is not None and place.locations[-1].division == by.unit)
    return True


def _firms(state: Appointment) -> tuple[str, ...]:
    """The firm that is chosen and has to answer, and the one whose adviser was contracted last."""
    chosen = (state.chosen_firm,) if state.chosen_firm else ()
    contracted = (one.firm for one in state.stints[-1:])
    return tuple(dict.fromkeys((*chosen, *contracted)))


def _village(code: str) -> str:
    return f"village:{code}"


def _firm(code: str) -> str:
    return f"firm:{code}"
