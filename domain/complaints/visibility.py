"""Visibility of a complaint: hidden from the one complained of (信访工作条例 art. 30).

Whoever was named once does not read it when another is named, nor how it stood before. A leader
un-hides it from one who was named by mistake, by an event of its own.
"""

from domain.complaints.complaint import Complaint
from domain.vocabulary import Actor

# --- what may be seen, done, linked


def visible_to(state: Complaint, actor: Actor) -> bool:
    """Return whether the actor may read it: not the one complained of, nor anybody recused."""
    return not is_kept_from(state, actor) and not actor.is_one_of(*state.recused)


def is_kept_from(state: Complaint, actor: Actor) -> bool:
    return not set(state.kept_from).isdisjoint(marks_of(actor))


def hidden_from(state: Complaint) -> tuple[str, ...]:
    """Return the marks of those who may not read it: `visible_to` for queries over many."""
    return (*state.kept_from, *(f"account:{one}" for one in state.recused))


def marks_of(actor: Actor) -> tuple[str, ...]:
    """Return the marks of an actor: account, whom he stands in for, adviser, unit; a citizen acts
    for no unit."""
    accounts = (actor.account, *((actor.instead_of,) if actor.instead_of else ()))
    adviser = (f"adviser:{actor.adviser}",) if actor.adviser else ()
    unit = (f"unit:{actor.unit}",) if actor.role != "citizen" else ()
    return (*(f"account:{one}" for one in accounts), *adviser, *unit)
