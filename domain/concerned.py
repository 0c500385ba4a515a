"""The village and the firms that a thing concerns. A village's committee and a law firm read what
they must act on, and nothing else; an office and its auditors read everything. Lists, single things
and timelines ask here, and so do the deciders that let a committee or a firm score and object."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from domain.advising.needs import Needs
from domain.advising.worklog import Worklog
from domain.coordination.conference import Conference
from domain.moment import Registers
from domain.oversight.inspection import Inspection
from domain.oversight.rectification import Rectification
from domain.registers.appointment import Appointment
from domain.roles import FIRMS, VILLAGES
from domain.training.helper import Helper
from domain.vocabulary import DAY_FIRST, DAY_LAST, Actor

Concerning = Appointment | Worklog | Inspection | Rectification | Needs | Helper | Conference


def marks_of(by: Actor) -> tuple[str, ...] | None:
    """Return what marks the things that the actor may read; None when he may read all of them."""
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
        case Needs():
            return (_village(state.village),)
        case Helper():
            return (_village(state.registered.village),)
        case Conference():
            codes = [one.responsible.code for one in state.decisions if one.responsible.code]
            return (*map(_village, codes), *map(_firm, codes))


def visible_to(state: Concerning, by: Actor) -> bool:
    own = marks_of(by)
    return own is None or not set(own).isdisjoint(marks(state))


def part_of(state: Concerning, by: Actor) -> Any:
    """Return what the actor may read of a thing, None where it does not concern him: of an
    appointment a firm reads its own candidates and the conduct of its own advisers, of a conference
    either reads the decisions that are its own to carry out. Who served when, anybody knows."""
    if not visible_to(state, by):
        return None
    if isinstance(state, Conference) and marks_of(by) is not None:
        own_ones = (one for one in state.decisions if one.responsible.code == by.unit)
        return replace(state, decisions=tuple(own_ones))
    if by.role not in FIRMS or not isinstance(state, Appointment):
        return state
    own = {one.adviser for one in state.candidates if one.firm == by.unit}
    own |= {one.adviser for one in state.stints if one.firm == by.unit}
    chosen = state.chosen if state.chosen_firm == by.unit else None
    return replace(
        state,
        candidates=tuple(one for one in state.candidates if one.firm == by.unit),
        chosen=chosen,
        accepted=state.accepted and chosen is not None,
        bans=tuple(one for one in state.bans if one[0] in own),
        absences=tuple(one for one in state.absences if one[0] in own),
        refusals=tuple(one for one in state.refusals if one.adviser in own),
    )


def of_other_firms(told: Iterable[Mapping[str, Any]], by: Actor) -> Iterator[bool]:
    """Tell of each event of an appointment, by its data and in order, whether it is about an
    adviser of another firm: no part of what this one may read."""
    firms: dict[str, str] = {}
    for data in told:
        if "adviser" in data and "firm" in data:
            firms[data["adviser"]] = data["firm"]
        named = (data.get("adviser"), data.get("former"))
        of = {data.get("firm"), *(firms.get(one) for one in named if one)} - {None}
        yield by.role in FIRMS and bool(of) and by.unit not in of


class Judged(Struct, frozen=True):
    """Who is evaluated, and the days of his for which somebody has to do with him."""

    subject: str
    first: date
    last: date


def judged_by(by: Actor, registers: Registers) -> tuple[Judged, ...] | None:
    """Return whose evaluation concerns a village (advisers for the days that they serve it, points
    in it) or a firm (its advisers); None when anybody else asks, who has to do with everybody."""
    if by.role in FIRMS:
        return tuple(
            Judged(code, DAY_FIRST, DAY_LAST)
            for code, one in registers.advisers.items()
            if any(post.firm == by.unit for post in one.posts)
        )
    if by.role in VILLAGES:
        there = registers.appointments.get(by.unit)
        stints = there.stints if there else ()
        return (
            *(Judged(one.adviser, one.first, one.last) for one in stints),
            *(
                Judged(code, DAY_FIRST, DAY_LAST)
                for code, one in registers.points.items()
                if one.locations[-1].division == by.unit
            ),
        )
    return None


def judges(by: Actor, subject: str, first: date, last: date, registers: Registers) -> bool:
    """Return whether the actor has to do with who is evaluated for these days."""
    own = judged_by(by, registers)
    return own is None or any(
        one.subject == subject and one.first <= last and one.last >= first for one in own
    )


def _firms(state: Appointment) -> tuple[str, ...]:
    """The firm that is chosen and has to answer, and the one whose adviser was contracted last."""
    chosen = (state.chosen_firm,) if state.chosen_firm else ()
    contracted = (one.firm for one in state.stints[-1:])
    return tuple(dict.fromkeys((*chosen, *contracted)))


def _village(code: str) -> str:
    return f"village:{code}"


def _firm(code: str) -> str:
    return f"firm:{code}"
