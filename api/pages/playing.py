"""The people whom a visitor of a simulation may play: nobody there is real."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from domain.accounts.account import own_actors
from domain.moment import Registers
from domain.registers.appointment import china_day
from domain.vocabulary import Actor

PLAYED: Final = (
    "duty_officer", "adviser", "committee", "firm", "mediator", "legal_aid_officer", "supervisor",
    "auditor", "administrator", "device",
)  # fmt: skip


class Player(Struct, frozen=True, kw_only=True):
    by: Actor
    name: str


def players(registers: Registers, now: datetime) -> Sequence[Player]:
    """List one account of each role, and of leaders one of each level."""
    found: dict[tuple[str, int], Player] = {}
    for _, account in sorted(registers.accounts.items()):
        for by in own_actors(account, china_day(now)):
            if by.role in PLAYED:
                level = len(by.unit) if by.role == "supervisor" else 0
                found.setdefault((by.role, level), Player(by=by, name=account.name))
    return sorted(found.values(), key=lambda one: (PLAYED.index(one.by.role), -len(one.by.unit)))
