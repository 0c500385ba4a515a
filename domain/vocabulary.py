"""Words shared by all aggregates: events, commands, refusals, actors, stream ids."""

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from operator import attrgetter
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from unicodedata import normalize
from uuid import UUID, SafeUUID

from msgspec import Meta, Struct

from domain.codes import CODE, INVISIBLE, Code, Phone
from domain.roles import Role

NAMESPACE: Final = UUID("6f0f3c1e-5a56-5b0e-9d2f-0a3c5d1b7e11")

SIMULATION: Final = "simulation"
"""Device of every simulated event: whoever reads one can tell."""

CHINA: Final = "Asia/Shanghai"

Text = Annotated[str, Meta(min_length=1, max_length=500)]
Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Personal = Annotated[str, Meta(max_length=2000, extra={"personal": True})]
"""Text that names or describes a person: never in logs, metrics or the journal."""
PersonalName = Annotated[str, Meta(max_length=2000, extra={"personal": "name"})]
"""What a person is called: masked as 王**, where other personal text is cut."""
Statement = Annotated[str, Meta(min_length=1, max_length=2000, extra={"personal": True})]
"""`Personal` that must say something."""

# --- bounds: what columns, sums and calendars hold, with room to spare

NEWER: Final = "newer"
"""Marks a type whose upper bound is newer than some events: those are read without it."""
_NEWER: Final = {NEWER: True}
COUNT_MAX: Final = 1_000_000
Count = Annotated[int, Meta(ge=0, le=COUNT_MAX, extra=_NEWER)]
"""People, acts, minutes of a year."""
Several = Annotated[int, Meta(ge=1, le=COUNT_MAX, extra=_NEWER)]
DaysLong = Annotated[int, Meta(ge=0, le=3660, extra=_NEWER)]
"""How many days something lasts."""
SomeDays = Annotated[int, Meta(ge=1, le=3660, extra=_NEWER)]
YearsLong = Annotated[int, Meta(ge=0, le=100, extra=_NEWER)]
Version = Annotated[int, Meta(ge=1, le=10_000, extra=_NEWER)]
Position = Annotated[int, Meta(ge=1, le=2**53, extra=_NEWER)]
"""In the log."""
Bytes = Annotated[int, Meta(ge=0, le=2**53, extra=_NEWER)]
NUMBER_MAX: Final = 10**15
TEXT_LENGTH_MAX: Final = 100_000
DAY_FIRST: Final = date(1900, 1, 1)
DAY_LAST: Final = date(2999, 12, 31)
"""Days that people enter lie between, the last one for what has no end: any zone, and a few hundred
years more, can be reckoned."""


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened."""

    topic: ClassVar[str]
    """The stored name, for ever: `aggregate.fact/version`."""


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something an actor asks for: request body, command line input and simulation step alike."""


class Refused(Exception):
    """A rule says no. The subclass names the rule; its docstring is the sentence people read."""

    paths: tuple[str, ...] = ()
    """Where in what was offered, as `fields[3].query`, for those who write it as a file."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.reason())
        self.detail = detail

    @classmethod
    def reason(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip()


class NotThere(Refused):
    """The thing itself is missing, unless a detail names another one."""


class Actor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The account that acts, with its role and unit *at that moment*: stored with every event."""

    account: str
    role: Role
    unit: str
    """Point code or division code the actor acts for."""
    adviser: str | None = None
    """Adviser code if the account belongs to an adviser."""
    instead_of: str | None = None
    """The account whose post the actor fills while its holder is away."""
    emergency: bool = False
    """The actor took a post that nobody gave him (`account.emergency_access_taken`)."""

    def is_one_of(self, *accounts: str | None) -> bool:
        """Return whether any of the accounts is his, or that of whom he stands in for."""
        return self.account in accounts or (
            self.instead_of is not None and self.instead_of in accounts
        )


def faults_of_codes(actor: Mapping[str, Any]) -> list[str]:
    """Name the codes of an entering actor that no event should hold.

    Logs hold other texts of earlier times; those are read as they are.
    """
    return [
        f"{field} {value!r} is no code (printable ASCII without space, / and @)"
        for field in ("account", "unit", "adviser")
        if isinstance(value := actor.get(field), str) and not re.fullmatch(CODE, value)
    ]


@lru_cache(10_000)
def stream_id(kind: str, key: str) -> UUID:
    """Return the stream of a public code: the same code gives the same stream for ever."""
    return id_named(f"{kind}:{key}")


def id_named(name: str) -> UUID:
    """Return the id that a name has among ours: `uuid.uuid5(NAMESPACE, name)`, in half its time."""
    hashed = _OURS.copy()
    hashed.update(name.encode())
    return id_of(int.from_bytes(hashed.digest()[:16], "big") & _HASHED_BITS | _NAMED)


def id_of(bits: int) -> UUID:
    """Return the id of 128 bits, version and variant among them."""
    made = object.__new__(UUID)
    # What its constructor sets, after checks that take longer than all the rest.
    object.__setattr__(made, "int", bits)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


_OURS: Final = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
_NAMED: Final = 0x5 << 76 | 0x2 << 62
_HASHED_BITS: Final = (1 << 128) - 1 & ~(0xF << 76 | 0x3 << 62)


def is_late(state: Mapping[str, Any]) -> bool:
    """Tell of a stored state whether a person entered it late: the reason is in the envelope or, of
    what opens a thing, in the event. What the system does by itself nobody enters."""
    reasons = state.get("late_reason"), state["data"].get("late_reason")
    return any(one is not None for one in reasons) and state["by"].get("role") != "policy"


def sibling_id(stream: UUID, kind: str) -> UUID:
    """Return the id of a stream that belongs to `stream`, as a rating belongs to its request.

    It keeps the last byte of the stream's id, so both fall in the same shard of a parallel rebuild.
    """
    derived = uuid.uuid5(stream, kind)
    return UUID(bytes=derived.bytes[:15] + stream.bytes[15:], version=5)


Service = Literal[
    "consultation", "legal_opinion", "contract_review", "charter_review", "lecture", "mediation",
    "dispute_screening", "legal_aid", "legal_aid_assist", "referral", "notary", "forensic",
    "arbitration", "reconsideration", "petition_talk", "election_support", "group_incident",
    "online_post", "complaint", "other",
]  # fmt: skip

CriticismChannel = Literal[
    "counter", "phone", "wechat", "web", "letter", "box", "rating", "reception_day",
    "hotline_12348", "hotline_12345", "petition", "unrecorded",
]  # fmt: skip
"""How criticism comes in."""
Aspect = Literal["for_people", "pragmatic", "honest", "efficient"]
"""工作作风的四个方面：为民、务实、清廉、高效."""
Concern = Literal[
    "attitude", "efficiency", "quality", "facilities", "fees", "integrity", "procedure", "other"
]
"""What the criticism table counts by: 服务态度、效率、质量、
设施环境、收费、廉洁纪律、制度流程、其他."""


class Visitor(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    name: PersonalName | None = None
    phone: Phone | None = None


class ExternalId(Struct, frozen=True, forbid_unknown_fields=True):
    source: Code
    id: Annotated[str, Meta(min_length=1, max_length=128)]


# --- what can be kept


class OutOfBounds(Refused):
    """内容超出可以记录的范围：数字过大、日期不在合理的年份，或文字中没有可见的字符"""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


def refuse_unbounded(value: Any, field: str = "") -> None:
    """Refuse a command with numbers, texts or days, however deep, that could not be stored, shown
    or reckoned with. Events of earlier programs may hold them.

    Raises: OutOfBounds — names the first such field.
    """
    if not _is_plain(value):
        _refuse_unbounded(value, field)


def _refuse_unbounded(value: Any, field: str) -> None:
    kind = type(value)
    if kind in _ALWAYS_HELD:
        return
    wrong = None
    if kind is str:
        wrong = _wrong_text(value)
    elif kind is int:
        if not -NUMBER_MAX <= value <= NUMBER_MAX:
            wrong = f"a number is at most {NUMBER_MAX}"
    elif kind is date or kind is datetime:
        day = value.date() if kind is datetime else value
        if not DAY_FIRST <= day <= DAY_LAST:
            wrong = f"{day} is not between {DAY_FIRST} and {DAY_LAST}"
    elif issubclass(kind, Struct):
        if kind is ExternalId:
            wrong = _wrong_identity(value.id)
        for name in _open_fields(kind):
            _refuse_unbounded(getattr(value, name), f"{field}.{name}" if field else name)
    elif issubclass(kind, Mapping):
        for key, part in value.items():
            _refuse_unbounded(key, field)
            _refuse_unbounded(part, f"{field}[...]")
    elif issubclass(kind, tuple | list | frozenset | set):
        for part in value:
            _refuse_unbounded(part, f"{field}[...]")
    if wrong is not None:
        raise OutOfBounds(field, wrong)


_ALWAYS_HELD: Final = frozenset((type(None), bool, UUID))


@cache
def _open_fields(kind: type[Struct]) -> tuple[str, ...]:
    """Return the fields that can hold what is out of bounds: not listed choices and short texts
    of a pattern, which are checked when the event is read again before it is appended."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name in kind.__struct_fields__ if not _is_closed(hints[name]))


def _is_closed(hint: Any) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return True
    if origin is Annotated:
        return any(one.pattern and one.max_length for one in inner[1:] if isinstance(one, Meta))
    if origin in (Union, UnionType, tuple):
        return all(one is Ellipsis or _is_closed(one) for one in inner)
    return hint in _ALWAYS_HELD


_SEEN: Final = re.compile(f"[^{INVISIBLE}]").search
_HALF: Final = re.compile("[\ud800-\udfff]").search


def _is_plain(value: Any) -> bool:
    """Return whether nothing in it needs a closer look: no part but texts of printable characters
    that begin with one of ASCII or a Chinese one, and what always holds. Nearly every command is
    like this: it is looked at in half the time."""
    kind = type(value)
    if kind is str:
        return _reads_plainly(value)
    if kind in _ALWAYS_HELD:
        return True
    if kind is datetime:
        day: date = value.date()
        return DAY_FIRST <= day <= DAY_LAST
    parts = _PARTS.get(kind)
    if parts is None:
        if kind is ExternalId or not issubclass(kind, Struct):
            return False
        parts = _PARTS[kind] = _parts_of(kind)
    for part in parts(value):
        if part is None:
            continue
        # Most parts are texts: told here, without another call.
        if not (_reads_plainly(part) if type(part) is str else _is_plain(part)):
            return False
    return True


def _reads_plainly(text: str) -> bool:
    """Texts are compared as they are: between "!" and U+007F lie those that begin so."""
    return (
        ("!" <= text < "\x7f" or "一" <= text < "\ua000")
        and text.isprintable()
        and len(text) <= TEXT_LENGTH_MAX
    )


_PARTS: Final[dict[type, Callable[[Any], tuple[Any, ...]]]] = {}
"""Kind of struct → what reads all of its open fields at once."""


def _parts_of(kind: type[Struct]) -> Callable[[Any], tuple[Any, ...]]:
    names = _open_fields(kind)
    if not names:
        return lambda _: ()
    # An attribute alone is no tuple: the first one is read twice.
    return attrgetter(*names, names[0])


def _wrong_text(text: str) -> str | None:
    if len(text) > TEXT_LENGTH_MAX:
        return f"a text has at most {TEXT_LENGTH_MAX} characters"
    if text and not says_something(text):
        return "a text that is given has characters that are seen"
    if "\0" in text or (not text.isascii() and _HALF(text)):
        return "a text has no U+0000 and no half characters"
    return None


def _wrong_identity(text: str) -> str | None:
    seen = text.replace(" ", "")
    if normalize("NFKC", text) != text or text != text.strip() or re.search(f"[{INVISIBLE}]", seen):
        return "an id has no full-width or invisible characters, and no blanks around it"
    return None


def says_something(text: str) -> bool:
    """Return whether a text has a character that is seen."""
    return _SEEN(text) is not None
