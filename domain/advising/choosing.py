"""Choices 遴选参考: the advisers a village may choose from, in an order that anybody can check.

A difficult village is offered those first who have served difficult villages 优先指派. The order
chooses nobody.
"""

from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Final

from msgspec import Struct

from domain.advising.appointment_commands import eligible
from domain.moment import Registers
from domain.registers.adviser import Adviser
from domain.registers.appointment import Appointment, Term
from domain.vocabulary import Refused

TOWN_DIGITS: Final = 9
DIFFICULT_FROM: Final = 2
"""Rank of a level from which on a village is difficult: the first is the easiest."""
CRITERIA: Final = (
    "no rule stands against an appointment",
    "is nominated",
    "his firm or team is linked to the village or its town",
    "of a difficult village: has served more difficult villages",
    "of a difficult village: has more valid awards",
    "serves fewer villages now",
    "has practised longer",
)
"""In order of weight; the code of the adviser decides in the end."""


class Choice(Struct, frozen=True, kw_only=True):
    """An adviser whom a village may choose, with what the order stands on."""

    adviser: str
    name: str
    firm: str
    team: str | None
    obstacles: tuple[str, ...]
    """Rules that stand against an appointment today."""
    nominated: bool
    linked: bool
    difficult_villages: int
    """Villages he served that are graded as difficult."""
    awards: int
    villages: int
    """That he serves now."""
    practising_since: date | None


def choices(
    village: str,
    day: date,
    registers: Registers,
    ranks: Mapping[str, int],
    awards: Mapping[str, int],
) -> list[Choice]:
    """Return the advisers in office, ordered by `CRITERIA`.

    `ranks`: of the difficulty of villages; `awards`: valid ones, by adviser.
    """
    difficult = ranks.get(village, 0) >= DIFFICULT_FROM
    hard = {code for code, rank in ranks.items() if rank >= DIFFICULT_FROM}
    found = [
        _choice(one, village, day, registers, hard, awards.get(one.code, 0))
        for one in registers.advisers.values()
        if one.active
    ]

    def weight(one: Choice) -> tuple[object, ...]:
        return (
            bool(one.obstacles),
            not one.nominated,
            not one.linked,
            -one.difficult_villages if difficult else 0,
            -one.awards if difficult else 0,
            one.villages,
            one.practising_since or date.max,
            one.adviser,
        )

    return sorted(found, key=weight)


def _choice(
    adviser: Adviser,
    village: str,
    day: date,
    registers: Registers,
    hard: Set[str],
    awards: int,
) -> Choice:
    code, town = adviser.code, village[:TOWN_DIGITS]
    places = [registers.appointments.get(one) for one in (village, town)]
    here = places[0] or Appointment(division=village)
    linked = {link.code for one in places if one for link in one.providers_on(day)}
    stints = [
        stint
        for one in registers.appointments_of(code).values()
        for stint in one.stints
        if stint.adviser == code
    ]
    return Choice(
        adviser=code,
        name=adviser.name,
        firm=adviser.firm,
        team=adviser.team,
        obstacles=tuple(_obstacles(here, code, day, registers)),
        nominated=any(one.adviser == code for one in here.candidates),
        linked=not linked.isdisjoint((adviser.firm, adviser.team)),
        difficult_villages=len({one.division for one in stints if one.first <= day} & hard),
        awards=awards,
        villages=sum(one.covers(day) for one in stints),
        practising_since=adviser.practising_since,
    )


def _obstacles(here: Appointment, code: str, day: date, registers: Registers) -> Iterator[str]:
    try:
        eligible(here, code, Term(day, day), registers)
    except Refused as refused:
        yield type(refused).__name__
