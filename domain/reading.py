"""Reading: who may read one thing, by what the log says now, whatever time is asked about.

The one rule behind every door: answers about a single thing, its history, notices of what is
recorded, files, bundles, and the attaching of files. Lists ask the same of columns.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from domain import attachments, hours, simulated_log
from domain.accounts import account
from domain.advising import needs, worklog
from domain.attachments import AttachFile, NothingToAttachTo, ReportAttachmentMissing
from domain.complaints import complaint, reception, record, visibility
from domain.concerned import judges, marks_of, visible_to
from domain.coordination import conference
from domain.evaluation import evaluation, ruleset
from domain.exhibits import EvidenceUnknown
from domain.honours import mark
from domain.jurisdiction import Place, Reach, place_of, reach_of
from domain.moment import Moment, Registers
from domain.oversight import area, inspection, rectification, sample
from domain.promises import promise_watch
from domain.registers import (
    adviser,
    appointment,
    calendar_publication,
    division,
    firm,
    form,
    organ,
    point,
    policy,
    team,
)
from domain.reporting import disclosure, period_end
from domain.requests import rating
from domain.roles import AUDITORS, LEADERS
from domain.training import helper, session
from domain.vocabulary import Actor, Command, Event, Refused, stream_id
from domain.worktime.period import days_of

OPEN: Final[frozenset[str]] = frozenset(
    one.KIND
    for one in (
        adviser, calendar_publication, division, firm, form, mark, organ, period_end, point, policy,
        reception, ruleset, simulated_log, team,
    )
)  # fmt: skip
"""Registers, rules, honours and reception days: every office may read them. Whom a leader receives
is asked for besides (`sees_people`)."""
DOWNWARDS: Final[frozenset[str]] = frozenset(one.KIND for one in (area, sample, session))
"""What an upper division does for those below it: they read it as well."""
IN_ITS_ROOMS: Final[frozenset[str]] = frozenset((appointment.KIND,))
"""Who serves a village is known in its rooms, whichever firms have to do with it."""
CONCERNING: Final[frozenset[str]] = frozenset(
    one.KIND for one in (appointment, worklog, inspection, rectification, needs, helper, conference)
)
"""What may concern a village or a firm (`domain.concerned`)."""
BESIDE: Final[Mapping[str, Callable[[Any], UUID]]] = {
    rating.KIND: lambda event: event.request,
    promise_watch.KIND: lambda event: event.of,
    attachments.KIND: lambda event: event.of,
    disclosure.KIND: lambda event: _disclosed(event.bundle),
}
"""Kinds of streams that belong to another thing → which, by their first event: whoever reads that
reads them."""
ACCOUNTS_READ_BY: Final = frozenset((*LEADERS, *AUDITORS))
"""Who reads of his colleagues which posts they have and had; everybody else, of himself."""
NOWHERE: Final = (hours.KIND,)
"""What only deciders read."""


def beside_of(kind: str, first: Event) -> UUID | None:
    """Return the thing to which a stream belongs, by its first event; None for a thing of its
    own."""
    found = BESIDE.get(kind)
    return found(first) if found else None


def _disclosed(bundle: disclosure.Bundle) -> UUID:
    if bundle.kind == complaint.KIND:
        return UUID(bundle.name)
    return stream_id(bundle.kind, bundle.name)


def may_read(kind: str, state: Any, by: Actor, registers: Registers) -> bool:
    """Return whether an actor may read a thing that belongs to no other."""
    if kind == complaint.KIND and not visibility.visible_to(state, by):
        return False
    if kind == account.KIND and by.role not in ACCOUNTS_READ_BY:
        return bool(state.code == by.account)
    if marks_of(by) is not None:
        return _concerns(kind, state, by, registers)
    reach = reach_of(by, registers)
    if reach is None or kind in NOWHERE:
        return False
    if kind in OPEN:
        return True
    place = place_of(kind, state, registers)
    if reach.covers(place):
        return True
    if kind in IN_ITS_ROOMS:
        return reach.covers(Place(place.divisions))
    return kind in DOWNWARDS and _lies_in(reach, place)


def _concerns(kind: str, state: Any, by: Actor, registers: Registers) -> bool:
    """A village's committee and a firm read what they must act on, and nothing else."""
    if kind in CONCERNING:
        return visible_to(state, by)
    if kind != evaluation.KIND:
        return False
    first, last = days_of(state.opened.period)
    return any(judges(by, one, first, last, registers) for one in state.subjects)


def _lies_in(reach: Reach, place: Place) -> bool:
    own = (*reach.prefixes, *((reach.around,) if reach.around else ()))
    return any(one.startswith(upper) for one in own for upper in place.divisions)


KEEPING: Final = tuple(
    event.topic
    for event in (
        record.DissatisfactionNoted, record.ComplaintRegistered, record.ObjectNamed, record.Recused,
    )
)  # fmt: skip
"""What makes somebody one who may not see a complaint."""


def marks_named(by: Actor) -> tuple[str, ...]:
    """Return what these events call an actor, whom he stands in for, and his unit."""
    return tuple(sorted({mark.partition(":")[2] for mark in visibility.marks_of(by)}))


def is_kept_from(state: Any, by: Actor) -> bool:
    """Return whether a complaint is hidden from an actor, wherever it stands."""
    return not visibility.visible_to(state, by)


def sees_people(by: Actor, code: str, registers: Registers) -> bool:
    """Return whether an actor may read whom a leader receives at a point, and why."""
    reach, known = reach_of(by, registers), registers.points.get(code)
    if reach is None or not reception.sees_people(by, code):
        return False
    return known is None or reach.covers(place_of(point.KIND, known, registers))


def ids_in(data: Any) -> Iterator[UUID]:
    """Yield whatever ids an event names, in its plain form."""
    if isinstance(data, str):
        if len(data) == len("00000000-0000-0000-0000-000000000000"):
            try:
                yield UUID(data)
            except ValueError:
                return
    elif isinstance(data, dict):
        for part in data.values():
            yield from ids_in(part)
    elif isinstance(data, list | tuple):
        for part in data:
            yield from ids_in(part)


def without_in_lists(data: Any, ids: Container[UUID]) -> Any:
    """Return what an event says without the entries of lists that name any of the ids."""
    if isinstance(data, dict):
        return {name: without_in_lists(part, ids) for name, part in data.items()}
    if isinstance(data, list | tuple):
        kept = (without_in_lists(part, ids) for part in data)
        return [one for one in kept if not any(named in ids for named in ids_in(one))]
    return data


def refuse_unread(command: Command, state: Any, moment: Moment) -> None:
    """Refuse to attach to what the actor may not read, as if it were not there.

    Raises: NothingToAttachTo, EvidenceUnknown.
    """
    refusal: type[Refused]
    if isinstance(command, AttachFile):
        of, of_kind, refusal = command.of, command.of_kind, NothingToAttachTo
    elif isinstance(command, ReportAttachmentMissing) and state is not None:
        of, of_kind, refusal = state.of, state.of_kind, EvidenceUnknown
    else:
        return
    thing = moment.beside.get(of)
    if not isinstance(thing, attachments.THINGS[of_kind]):
        raise refusal
    if moment.by.role != "importer" and not may_read(of_kind, thing, moment.by, moment.registers):
        raise refusal
