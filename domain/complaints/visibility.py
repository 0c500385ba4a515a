"""Visibility of a complaint: hidden from the one complained of (信访工作条例 art. 30)."""

from domain.complaints.complaint import Complaint
from domain.complaints.record import Grievance
from domain.vocabulary import Actor

# --- what may be seen, done, linked


def visible_to(state: Complaint, actor: Actor) -> bool:
    """Return whether the actor may read it: not the one complained of, nor anybody recused."""
    return not _is_complained_of(state, actor) and actor.account not in state.recused


def _is_complained_of(state: Complaint, actor: Actor) -> bool:
    return not set(complained_of(state)).isdisjoint(marks_of(actor))


def complained_of(state: Complaint) -> tuple[str, ...]:
    """Return the marks of those complained of.

    A dissatisfaction that is only noted does not count against the point, which settles it itself.
    """
    about = state.grievance
    itself = state.registered and about.against_unit(about.unit)
    return (*persons_of(about), *((f"unit:{about.unit}",) if itself else ()))


def persons_of(about: Grievance) -> tuple[str, ...]:
    """Return the marks of the people complained of."""
    adviser = (f"adviser:{about.adviser}",) if about.adviser else ()
    account = (f"account:{about.account}",) if about.account else ()
    return (*adviser, *account)


def hidden_from(state: Complaint) -> tuple[str, ...]:
    """Return the marks of those who may not read it: `visible_to` for queries over many."""
    return (*complained_of(state), *(f"account:{one}" for one in state.recused))


def marks_of(actor: Actor) -> tuple[str, ...]:
    """Return the marks of an actor: account, adviser, unit; a citizen acts for no unit."""
    account = (f"account:{actor.account}",)
    adviser = (f"adviser:{actor.adviser}",) if actor.adviser else ()
    unit = (f"unit:{actor.unit}",) if actor.role != "citizen" else ()
    return (*account, *adviser, *unit)
