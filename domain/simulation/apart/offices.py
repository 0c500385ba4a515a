"""Accounts of the people of three districts and of the city's bureau, with their posts; and the
account of one who came and went. Nothing is drawn: what there is follows from the points.

Whoever has an account here acts through its posts; all others act as their tokens say.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from domain.registers.appointment import china_day
from domain.registration.account_commands import (
    CloseAccount,
    EndPost,
    EndStandIn,
    GivePost,
    NameStandIn,
    OpenAccount,
    RenameAccount,
    RestoreAccount,
    ReviewEmergencyAccess,
    SuspendAccount,
    TakeEmergencyAccess,
)
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.point_commands import OpenPoint
from domain.roles import Role
from domain.simulation import words
from domain.simulation.errand import bureau
from domain.simulation.listing import Listed
from domain.vocabulary import Actor, Command

CITY: Final = "4401"
DISTRICTS: Final = 3
"""How many districts have accounts."""
OF_THE_CITY: Final = (1, 7, 9)
OF_A_DISTRICT: Final = (1, 2, 4, 5)
"""Whom of the bureau errands send."""
AT_A_CENTER: Final = (1, 2, 3, 4)
TOWNS: Final = 6
VILLAGES: Final = 12
BASIS: Final = f"任职通知{words.SIMULATED}"


class _Post(NamedTuple):
    account: str
    role: Role
    unit: str
    adviser: str | None = None


def accounts_of(
    founded: datetime, points: Sequence[OpenPoint], advisers: Sequence[RegisterAdviser]
) -> Iterator[Listed]:
    """Yield who is given an account at the founding."""
    day = china_day(founded)
    for number, post in enumerate(_posts(points, advisers)):
        yield from _given(number, post, day)


def _given(number: int, post: _Post, day: date) -> Iterator[Listed]:
    at_once = timedelta(0)
    opened = OpenAccount(code=post.account, name=words.person_name(number))
    yield Listed(at_once, post.account, opened)
    given = GivePost(role=post.role, unit=post.unit, adviser=post.adviser, since=day, basis=BASIS)
    yield Listed(at_once, post.account, given)


def _posts(points: Sequence[OpenPoint], advisers: Sequence[RegisterAdviser]) -> Iterator[_Post]:
    yield from (_Post(f"b-{CITY}-{number}", "supervisor", CITY) for number in OF_THE_CITY)
    for point in points:
        # To whom the desk of a point hands over.
        yield _Post(f"u-{point.code}-{AT_A_CENTER[-1]}", "duty_officer", point.code)
    yield _Post("audit-1", "auditor", CITY)
    yield _Post("hotline-1", "integration", CITY)
    districts = sorted({one.division[:6] for one in points if len(one.division) > len(CITY)})
    for district in districts[:DISTRICTS]:
        yield from _of_district(district, [one for one in points if district in one.division])
    for one in advisers[:DISTRICTS]:
        yield _Post(f"sign-{one.code}", "adviser", one.firm, one.code)
    for firm in list(dict.fromkeys(one.firm for one in advisers))[:DISTRICTS]:
        yield _Post(f"f-{firm}", "firm", firm)
    yield _Post(f"a-{CITY}-1", "administrator", CITY)
    # The first centre has one of each kind that a visitor may play.
    for center in [one for one in points if one.kind == "center"][:1]:
        yield _Post(f"l-{center.code}", "legal_aid_officer", center.code)
        yield _Post(f"D-{center.code}-{words.WINDOWS[0]}", "device", center.code)
        if center.division == CITY:
            yield _Post(f"m-{center.code}", "mediator", center.code)


def _of_district(district: str, points: Sequence[OpenPoint]) -> Iterator[_Post]:
    for number in OF_A_DISTRICT:
        yield _Post(f"b-{district}-{number}", "supervisor", district)
    for center in (one.code for one in points if one.kind == "center"):
        for number in AT_A_CENTER[:-1]:
            yield _Post(f"u-{center}-{number}", "duty_officer", center)
        yield _Post(f"m-{center}", "mediator", center)
    towns = sorted({one.division[:9] for one in points if len(one.division) > len(district)})
    yield from (_Post(f"j-{town}-1", "supervisor", town) for town in towns[:TOWNS])
    villages = sorted({one.division for one in points if one.kind == "room"})
    yield from (_Post(f"k-{village}", "committee", village) for village in villages[:VILLAGES])


def come_and_gone_account(founded: datetime, points: Iterable[OpenPoint]) -> Iterator[Listed]:
    """Yield the life of an account of one who worked at two points, was away, and left."""
    first, *others = (one.code for one in points)
    second = others[0] if others else first
    code, day = "u-900", china_day(founded)
    himself = Actor(account=code, role="duty_officer", unit=first)
    urgent = TakeEmergencyAccess(
        role="mediator", unit=second, reason="当事人情绪激动，调解员尚在途中", minutes=60
    )
    away = NameStandIn(
        post=1, account=f"b-{CITY}-1", since=day, until=day + timedelta(days=20), reason="休假"
    )
    life: tuple[tuple[Command, Actor | None], ...] = (
        (OpenAccount(code=code, name="旧名"), None),
        (RenameAccount(name="新名"), None),
        (GivePost(role="duty_officer", unit=first, since=day, basis=BASIS), None),
        (away, himself),
        (EndStandIn(number=1, until=day + timedelta(days=8), reason="提前返岗"), himself),
        (urgent, himself),
        (ReviewEmergencyAccess(number=1, justified=True), bureau(CITY)),
        (SuspendAccount(reason="长期未登录"), None),
        (RestoreAccount(reason="已返岗"), None),
        (EndPost(number=1, until=day + timedelta(days=30), reason="轮岗"), None),
        (CloseAccount(reason="离职"), None),
    )
    for number, (command, by) in enumerate(life):
        yield Listed(timedelta(days=number, hours=2), code, command, by)
