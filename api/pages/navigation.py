"""The main menu of each role: at most five entries; everything else is under 全部功能."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from domain.roles import AUDITORS, FIRMS, LEADERS, STAFF, VILLAGES
from domain.vocabulary import Actor

if TYPE_CHECKING:
    from api.pages.page import Visit


class Entry(Struct, frozen=True):
    link: str
    text: str


TODO: Final = Entry("/me", "待办")
REQUESTS: Final = Entry("/requests", "事项")
COMPLAINTS: Final = Entry("/complaints", "投诉")
ALL: Final = Entry("/all", "全部功能")
DESK: Final = Entry("/desk", "登记")
CLERK: Final = (DESK, TODO, REQUESTS, COMPLAINTS, ALL)
HANDLER: Final = (TODO, DESK, REQUESTS, COMPLAINTS, ALL)
"""Of staff who may sit at no point: what waits for them is their home."""
ADVISER: Final = (
    Entry("/month", "本月"),
    Entry("/worklogs/@new", "记日志"),
    TODO,
    Entry("/score", "得分"),
    ALL,
)
LEADER: Final = (TODO, COMPLAINTS, REQUESTS, Entry("/rectifications", "整改"), ALL)
AUDITOR: Final = (
    Entry("/evaluations", "考核"),
    COMPLAINTS,
    Entry("/reads", "查阅记录"),
    Entry("/views", "视图状态"),
    ALL,
)
ADMINISTRATOR: Final = (
    Entry("/accounts", "账号"),
    Entry("/points", "服务点"),
    Entry("/advisers", "顾问"),
    Entry("/divisions", "区划"),
    ALL,
)
VILLAGE: Final = (
    TODO,
    Entry("/appointments", "选聘"),
    Entry("/worklogs", "工作日志"),
    Entry("/inspections", "月检"),
    ALL,
)
FIRM: Final = (
    TODO,
    Entry("/appointments", "选聘"),
    Entry("/rectifications", "整改"),
    Entry("/evaluations", "考核"),
    ALL,
)
DEVICE: Final = (Entry("/device", "评价"),)
OTHER: Final = (ALL,)


def entries_of(by: Actor) -> Sequence[Entry]:
    """The entries of an actor; the first is his home."""
    if by.role == "administrator":
        return ADMINISTRATOR
    if by.role == "adviser":
        return ADVISER
    for roles, entries in (
        (("duty_officer",), CLERK), (STAFF, HANDLER), (LEADERS, LEADER), (AUDITORS, AUDITOR),
        (VILLAGES, VILLAGE), (FIRMS, FIRM), (("device",), DEVICE),
    ):  # fmt: skip
        if by.role in roles:
            return entries
    return OTHER


def menu_of(visit: "Visit") -> Sequence[Entry]:
    return () if visit.by is None else entries_of(visit.by)


def home_of(by: Actor) -> str:
    return entries_of(by)[0].link


def every_entry() -> Sequence[Entry]:
    """List the entries of all roles."""
    menus = (CLERK, HANDLER, ADVISER, LEADER, AUDITOR, ADMINISTRATOR, VILLAGE, FIRM, DEVICE, OTHER)
    return tuple(dict.fromkeys(one for menu in menus for one in menu))
