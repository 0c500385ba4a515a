"""First appointments of advisers in the villages of the founded city."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from domain.advising.appointment_commands import (
    AcceptVillage,
    ChooseAdviser,
    CreateWechatGroup,
    NominateAdviser,
    PostDisplay,
    RecordCoordination,
    SignContract,
)
from domain.registers.appointment import china_day
from domain.simulation import words
from domain.simulation.chance import Draw, happens
from domain.simulation.errand import bureau, committee, justice_office, law_firm, village_adviser
from domain.vocabulary import Actor, Command

LONG_TERM_ENDS: Final = date(2026, 12, 31)
"""Of most first terms; the others end with a month of the year before that."""
ENDS_EARLIER: Final = 0.1


class Planned(NamedTuple):
    at: datetime
    code: str
    command: Command
    by: Actor


def first_appointments(
    draw: Draw, villages: Sequence[str], advisers: Sequence[tuple[str, str]], founded: datetime
) -> Iterator[Planned]:
    """Yield the first appointment of every village.

    `advisers` are pairs of code and firm. A few serve two villages, neighbours in the list.
    """
    starts = china_day(founded) + timedelta(days=28)
    for number, village in enumerate(dict.fromkeys(villages)):
        adviser, firm = advisers[number * len(advisers) // len(villages)]
        ends = _term_ends(draw, starts)
        office, people = justice_office(village[:9]), committee(village)
        taken: tuple[tuple[int, Actor, Command], ...] = (
            (1, bureau(village[:6]), nomination(draw, village, adviser)),
            (5, office, heard(draw, adviser)),
            (8, people, ChooseAdviser(adviser=adviser)),
            (11, law_firm(firm), AcceptVillage()),
            (15, office, SignContract(starts_on=starts, ends_on=ends)),
            (29, village_adviser(adviser, village), CreateWechatGroup()),
            (30, people, PostDisplay(place=words.DISPLAY_PLACE)),
        )
        for days, by, command in taken:
            yield Planned(founded + timedelta(days=days, seconds=2 * number), village, command, by)


def _term_ends(draw: Draw, starts: date) -> date:
    ends = max(LONG_TERM_ENDS, date(starts.year + 3, 12, 31))
    if not happens(draw, ENDS_EARLIER):
        return ends
    return ends.replace(month=1 + int(draw.random() * 11), day=1) - timedelta(days=1)


def nomination(draw: Draw, village: str, adviser: str) -> NominateAdviser:
    reason = words.NOMINATION_REASONS[int(draw.random() * len(words.NOMINATION_REASONS))]
    return NominateAdviser(division=village, adviser=adviser, reason=reason)


def heard(draw: Draw, adviser: str) -> RecordCoordination:
    return RecordCoordination(
        adviser=adviser,
        committee="supports",
        residents="neutral" if happens(draw, 0.1) else "supports",
        residents_heard=3 + int(draw.random() * 20),
    )
