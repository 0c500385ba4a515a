"""The scope of a question: which rows are its asker's. It is made once, at the door, from how far
his post reaches, and every table with rows about people is read through it.

What a query says is not changed: `views.journal j` becomes the rows of it that are the asker's.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import psycopg
from msgspec import Struct

from domain.codes import shortest
from domain.jurisdiction import Reach
from domain.moment import Registers
from domain.registers.division import LEVELS

EVERYBODY: Final = "*"
"""A mark of what is the whole office's."""
NO_UNIT: Final = "~"
"""It belongs to no unit: the point of its village reaches it."""
STRAYS: Final = "?"
"""It may lie elsewhere than in the division that it names."""
LIES_WITH: Final = "@"
"""Before the code of a point, an adviser or a firm: it lies where that lies."""
FIRM_OF: Final = "%"
"""Before the code of an adviser: his firm."""
BELOW: Final = "<"
"""Before the code of a division: whoever is in it reads what that does for those below it."""
JUDGED: Final = "="
"""Before the code of an adviser who is evaluated: the villages that he serves judge him."""
SEPARATOR: Final = "|"
"""Between marks in one setting; no code has it."""
SETTINGS: Final = {
    "lo": "anjuan.scope_lo",
    "hi": "anjuan.scope_hi",
    "around_lo": "anjuan.scope_around_lo",
    "around_hi": "anjuan.scope_around_hi",
    "marks": "anjuan.scope_marks",
    "lying": "anjuan.scope_lying",
}
ADVISER: Final = "adviser:"
ACCOUNT: Final = "account:"


class Scope(Struct, frozen=True, kw_only=True):
    """Rows whose division is in `lo` ≤ division < `hi`, or that have one of the marks; and those in
    the second range that belong to no unit. As it is made without anything, it is nobody's."""

    lo: str = ""
    hi: str = ""
    around_lo: str = ""
    around_hi: str = ""
    marks: tuple[str, ...] = ()
    lying: tuple[str, ...] = ()
    """What lies in the division: thousands in a city, and asked only of rows that stray."""

    def parameters(self) -> dict[str, Any]:
        return {
            "scope_lo": self.lo,
            "scope_hi": self.hi,
            "scope_around_lo": self.around_lo,
            "scope_around_hi": self.around_hi,
            "scope_marks": list(self.marks),
            "scope_lying": list(self.lying),
        }

    def settings(self) -> list[str]:
        """Return the values of `SETTINGS`, in their order."""
        ranges = (self.lo, self.hi, self.around_lo, self.around_hi)
        return [*ranges, SEPARATOR.join(self.marks), SEPARATOR.join(self.lying)]

    def plans(self) -> list[str]:
        """Return the values of `PLANS`: where few rows are one's own, they are gathered before
        anything else is asked; where nearly all are, they are read in the order that is wanted."""
        few, nearly_all = not self.lo, 0 < len(self.lo) <= WIDE
        return ["off" if few else "on", "off" if nearly_all else "on", "force_custom_plan"]


NOTHING: Final = Scope()
READER: Final = "anjuan_reader"
"""The role whose rows row-level security chooses."""
PLANS: Final = ("enable_indexscan", "enable_bitmapscan", "plan_cache_mode")
"""What the planner is told of a scope besides: it cannot guess from a policy how much of a table is
somebody's, and was wrong by a hundred times either way."""
SET_SCOPE: Final = "SELECT {}".format(
    ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS.values())
)
"""For the transaction that it is in, and no longer."""
BECOME_READER: Final = ", ".join(
    (
        SET_SCOPE,
        *(f"set_config('{name}', %s, true)" for name in PLANS),
        f"set_config('role', '{READER}', true)",
    )
)
WIDE: Final = 4
"""Digits of a city: nearly every row is in it."""
CAN_BE_READER: Final = f"""
    SELECT coalesce((SELECT pg_has_role(oid, 'MEMBER') AND NOT rolsuper
                            AND has_schema_privilege(oid, 'views', 'USAGE')
                            AND has_table_privilege(oid, 'log_events', 'SELECT')
                       FROM pg_roles WHERE rolname = '{READER}'), false)
"""  # noqa: S608
OPEN: Final[Mapping[str, str]] = {
    "requests": "words of requests, read beside their rows of the journal only",
    "directory": "published to everybody",
    "listed": "names of divisions, organs and firms",
    "publications": "rules and rule sets",
    "faults": "no texts: which event a view passed over",
    "policies": "what the system does by itself, and how far it has come",
    "rebuilds": "of views",
    "versions": "of views",
    "definitions": "of views",
}
"""Tables that every reader reads whole, and why."""
HOLDS: Final = f"""(
    (t.lies_in >= %(scope_lo)s AND t.lies_in < %(scope_hi)s)
    OR t.whose && %(scope_marks)s::text[]
    OR ('{STRAYS}' = ANY(t.whose) AND t.whose && %(scope_lying)s::text[])
    OR (t.lies_in >= %(scope_around_lo)s AND t.lies_in < %(scope_around_hi)s
        AND '{NO_UNIT}' = ANY(t.whose)))"""
"""Of a row `t`. The first event is everybody's: it says whether the log is a simulation."""
_TABLE: Final = re.compile(
    r"(?<![a-z_])views\.([a-z_]+)(?![a-z_0-9(])"
    r"(?:[ \n]+(?:AS[ \n]+)?([a-z][a-z_]*)(?![a-z_0-9]))?"
)


def scope_of(reach: Reach, registers: Registers) -> Scope:
    """Return the scope of a post, where things lie now."""
    prefix = reach.prefixes[0] if reach.prefixes else ""
    lo, hi = prefix_range(prefix)
    around_lo, around_hi = prefix_range(reach.around or "")
    marks = [EVERYBODY, *reach.units, *_moved(prefix, registers), ACCOUNT + reach.account]
    marks += (BELOW + upper for upper in _uppers(prefix or reach.around or ""))
    if (served := registers.appointments.get(prefix)) is not None:
        marks += (JUDGED + one.adviser for one in served.stints)
    if reach.adviser is not None:
        marks.append(ADVISER + reach.adviser)
    marks += (
        FIRM_OF + person.code
        for person in registers.advisers.values()
        if any(one.firm in reach.units for one in person.posts)
    )
    return Scope(
        lo=lo,
        hi=hi,
        around_lo=around_lo,
        around_hi=around_hi,
        marks=tuple(dict.fromkeys(marks)),
        lying=tuple(dict.fromkeys(_lying(prefix, registers))),
    )


def _uppers(code: str) -> Iterator[str]:
    """Name the divisions that a division is in, and itself."""
    yield from (code[:digits] for digits in LEVELS if digits <= len(code))


def _moved(prefix: str, registers: Registers) -> Iterator[str]:
    """Name the points that lie in the prefix and lay elsewhere: what they were asked there is in it
    now."""
    for one in registers.points.values() if prefix else ():
        within = [there.division.startswith(prefix) for there in one.locations]
        if within[-1] and not all(within):
            yield LIES_WITH + one.code


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return lo and hi of lo ≤ code < hi; of no prefix, a range that holds nothing."""
    kept = prefix.rstrip("9")
    if not kept:
        return "", ""
    return prefix, kept[:-1] + str(int(kept[-1]) + 1)


def _lying(prefix: str, registers: Registers) -> Iterator[str]:
    """Name what lies in the prefix, or is nobody's to keep from anybody."""
    if prefix:
        for one in registers.points.values():
            if one.locations[-1].division.startswith(prefix):
                yield LIES_WITH + one.code
        for code in registers.divisions:
            if code.startswith(prefix):
                yield LIES_WITH + code
    whose = {code: _lies_in_reach(code, prefix, registers) for code in _firms(registers)}
    for code, lies in whose.items():
        if lies:
            yield LIES_WITH + code
            yield LIES_WITH + FIRM_OF + code
    for person in registers.advisers.values():
        if whose[person.posts[-1].firm]:
            yield LIES_WITH + FIRM_OF + person.code


def _firms(registers: Registers) -> Iterator[str]:
    yield from registers.firms
    for person in registers.advisers.values():
        yield from (one.firm for one in person.posts)


def _lies_in_reach(firm: str, prefix: str, registers: Registers) -> bool:
    known = registers.firms.get(firm)
    if known is None or known.division is None:
        return True
    return bool(prefix) and shortest(known.division).startswith(prefix)


# --- reading within it


class Reader(psycopg.AsyncConnection[dict[str, Any]]):
    """A connection that questions are asked on; None means all rows. Nobody's, until it is said."""

    scope: Scope | None = NOTHING
    second_net: bool = False
    """Whether it can become the role whose rows the database itself chooses."""


class ThreadReader(psycopg.Connection[Any]):
    """The same in a thread."""

    scope: Scope | None = NOTHING


async def enter(connection: Reader) -> None:
    """Become, for this transaction, the reader whose rows the database chooses by the scope."""
    if connection.scope is not None and connection.second_net:
        await connection.execute(
            BECOME_READER, [*connection.scope.settings(), *connection.scope.plans()]
        )


def within(
    sql: str, parameters: Mapping[str, Any], connection: object
) -> tuple[str, Mapping[str, Any]]:
    """Return a query as it is asked on a connection: a reader's, of the rows of its scope only."""
    if not isinstance(connection, Reader | ThreadReader) or connection.scope is None:
        return sql, parameters
    return _narrowed(sql), {**parameters, **connection.scope.parameters()}


@lru_cache(1024)
def _narrowed(sql: str) -> str:
    return _TABLE.sub(_rows, sql)


def _rows(found: re.Match[str]) -> str:
    table, alias = found[1], found[2] or found[1]
    if table in OPEN:
        return found[0]
    holds = HOLDS if table != "journal" else f"({HOLDS} OR t.position = 1)"
    return f"(SELECT t.* FROM views.{table} t WHERE {holds}) {alias}"  # noqa: S608
