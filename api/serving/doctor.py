"""Checks of a home for unsafe or odd things: findings, each with its place and remedy."""

import importlib.resources
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import dict_row

from api.serving import unlisted
from domain.aggregates import AGGREGATE, CODED, REFERENCE_TOPICS, fold, has_odd_code, kind_of
from domain.evaluation.evaluation import Evaluation
from domain.moment import BrokenReference, Registers, broken_references
from domain.vocabulary import SIMULATION, stream_id
from ledger.log.codec import LedgerMapper, TopicUnknown
from ledger.log.registers import SELECT_NEWER, RegisterFault, RegisterFold
from ledger.schema import migrations
from ledger.seal import sealed
from ledger.server.connection import DatabaseFunctionsRefused, refuse_database_functions
from projections.all_views import STORED
from projections.asking.asking import fetch
from projections.asking.scope import CAN_BE_READER, READER
from projections.running import runner

Level = Literal["danger", "odd", "fine"]
Connection = psycopg.Connection[Any]
DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings of PostgreSQL without which an answered event may be lost."""
STALE: Final = timedelta(days=1)
SCHEMA: Final = "SELECT coalesce(max(number), 0) FROM schema_version"
ROLE: Final = """
    SELECT current_user, session_user,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
           (SELECT rolsuper FROM pg_roles WHERE rolname = session_user),
           (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'log_events'::regclass)
"""
UNSEALED: Final = """
    SELECT count(*), min(recorded_at), now() FROM log_events WHERE notification_id > %s
"""
EVENTS: Final = """
    SELECT notification_id, originator_id, topic, state FROM log_events
     WHERE notification_id > %s ORDER BY notification_id LIMIT 5000
"""
FAULTS: Final = """
    SELECT position, topic, string_agg(view, ', ' ORDER BY view) FROM views.faults
     WHERE view = ANY(%s) GROUP BY position, topic ORDER BY position
"""
STREAM: Final = """
    SELECT topic, state FROM log_events WHERE originator_id = %s ORDER BY originator_version
"""


SIGNING_IN: Final = "SELECT EXISTS (SELECT FROM signing_passwords)"


class DoctorFinding(Struct, frozen=True, kw_only=True):
    """`do`: what to do about it, empty where nothing needs doing."""

    level: Level
    what: str
    where: str
    do: str = ""


class _Odd(Struct):
    """An odd code in the log."""

    position: int
    topic: str
    events: int
    streams: set[UUID]


class _Scan(Struct, kw_only=True):
    odd: dict[str, _Odd] = {}
    actors: dict[str, _Odd] = {}
    """By what is odd about them."""
    unreadable: list[tuple[int, str]] = []
    unknown: list[tuple[int, str]] = []
    simulated: int = 0
    looking: unlisted.Looking
    coded: dict[UUID, str] = {}
    """Streams of things with a public code that hold an odd code → kind."""


def examined(
    connection: Connection, environment: Mapping[str, str], lag_max: int, tokens: int = 0
) -> Iterator[DoctorFinding]:
    """Yield every finding; the connection has the application's role and is in autocommit."""
    yield from environment_findings(environment)
    try:
        yield from schema_findings(connection)
    except psycopg.errors.UndefinedTable:
        yield DoctorFinding(
            level="odd", what="the database has no schema yet", where="schema_version",
            do="run `anjuan init`",
        )  # fmt: skip
        return
    with suppress(psycopg.errors.UndefinedTable):
        yield from token_findings(connection, tokens)
    yield from setting_findings(connection)
    yield from role_findings(connection)
    yield from reader_findings(connection)
    yield from view_findings(connection, lag_max)
    yield from checkpoint_findings(connection)
    yield from register_findings(connection)
    yield from log_findings(connection)


def environment_findings(environment: Mapping[str, str]) -> Iterator[DoctorFinding]:
    try:
        refuse_database_functions(environment)
    except DatabaseFunctionsRefused:
        yield DoctorFinding(
            level="danger", what="the library's own database functions lose events",
            where="environment: POSTGRES_ENABLE_DB_FUNCTIONS", do="unset it",
        )  # fmt: skip


def token_findings(connection: Connection, tokens: int) -> Iterator[DoctorFinding]:
    """The operator's tokens neither end nor ask for a second factor: once people sign in, they are
    for the day on which nobody can."""
    if not tokens:
        return
    where = f"tokens.toml and settings: {tokens}"
    if _row(connection, SIGNING_IN)[0]:
        yield DoctorFinding(
            level="odd", what="there are operator's tokens beside accounts that sign in",
            where=where, do="`anjuan token make` for programs, then `anjuan token revoke`",
        )  # fmt: skip
    else:
        yield DoctorFinding(level="fine", what="nobody signs in yet but by tokens", where=where)


def schema_findings(connection: Connection) -> Iterator[DoctorFinding]:
    newest = len(migrations(importlib.resources.files("ledger") / "schema"))
    applied = _row(connection, SCHEMA)[0]
    where = f"schema_version: {applied}, this program has {newest}"
    if applied > newest:
        yield DoctorFinding(
            level="danger", what="the schema is newer than this program", where=where,
            do="use the newer program",
        )  # fmt: skip
    elif applied < newest:
        yield DoctorFinding(
            level="odd", what="the schema is behind this program", where=where,
            do="any other command brings it up to date, e.g. `anjuan views`",
        )  # fmt: skip
    else:
        yield DoctorFinding(level="fine", what="the schema is this program's", where=where)


def setting_findings(connection: Connection) -> Iterator[DoctorFinding]:
    for name in DURABLE:
        value = _row(connection, "SELECT current_setting(%s)", name)[0]
        if value == "off":
            yield DoctorFinding(
                level="danger", what="an answered event may be lost in a crash",
                where=f"PostgreSQL: {name} = {value}", do=f"set {name} = on",
            )  # fmt: skip
        else:
            yield DoctorFinding(level="fine", what="events are durable", where=f"{name} = {value}")


def role_findings(connection: Connection) -> Iterator[DoctorFinding]:
    role, login, role_super, login_super, owner = _row(connection, ROLE)
    where = f"role {role}, login {login}, owner of the log {owner}"
    advice = "give the application a login of its own: ANJUAN_APP_DATABASE_URL"
    if role_super or role == owner:
        yield DoctorFinding(
            level="danger", what="the application may change the log", where=where, do=advice
        )
    elif login_super or login == owner:
        yield DoctorFinding(
            level="odd", what="the application's login may take the owner's rights (RESET ROLE)",
            where=where, do=advice,
        )  # fmt: skip
    else:
        yield DoctorFinding(level="fine", what="the application may only append", where=where)


def reader_findings(connection: Connection) -> Iterator[DoctorFinding]:
    """Say whether the database itself chooses the rows that questions show."""
    if _row(connection, CAN_BE_READER)[0]:
        yield DoctorFinding(
            level="fine", what="the database itself shows a post its own rows only",
            where=f"role {READER}",
        )  # fmt: skip
    else:
        yield DoctorFinding(
            level="odd", what="only the program keeps rows of other units from an answer",
            where=f"role {READER}: missing, or not granted to the application",
            do="see docs/operations.md#the-database",
        )  # fmt: skip


def view_findings(connection: Connection, lag_max: int) -> Iterator[DoctorFinding]:
    try:
        views = fetch(connection, runner.status_query())
        others = [view.NAME for view in STORED if not runner.is_ours(connection, view)]
    except psycopg.errors.UndefinedTable:
        yield DoctorFinding(
            level="odd", what="the views were never built", where="schema views",
            do="run `anjuan project`",
        )  # fmt: skip
        return
    for view in views:
        if view.faults:
            yield DoctorFinding(
                level="danger", what=f"the view {view.name} could not take in {view.faults} events",
                where=f"view {view.name}", do=f"see the log, then `anjuan rebuild {view.name}`",
            )  # fmt: skip
        if view.lag > lag_max:
            yield DoctorFinding(
                level="odd", what=f"the view {view.name} is {view.lag} events behind",
                where=f"view {view.name}", do="run `anjuan project`",
            )  # fmt: skip
    for name in others:
        yield DoctorFinding(
            level="odd", what=f"the view {name} is of another version or definition",
            where=f"view {name}", do=f"run `anjuan rebuild {name}`",
        )  # fmt: skip


def checkpoint_findings(connection: Connection) -> Iterator[DoctorFinding]:
    last = sealed.last(connection)
    size = last.size if last else 0
    count, oldest, now = _row(connection, UNSEALED, size)
    where = f"{count} events after position {size}"
    if count and last is None:
        yield DoctorFinding(
            level="odd", what="the log was never sealed", where=where, do="run `anjuan seal --now`"
        )
    elif count and now - oldest > STALE:
        yield DoctorFinding(
            level="odd", what="events older than a day are under no checkpoint", where=where,
            do="run `anjuan seal --now`",
        )  # fmt: skip
    else:
        yield DoctorFinding(
            level="fine", what="the log is sealed, or has been for a day", where=where
        )


def register_findings(connection: Connection) -> Iterator[DoctorFinding]:
    passed_over, broken = register_faults(connection)
    for fault in passed_over:
        yield DoctorFinding(
            level="danger", what=f"{fault.topic} is not in the registers: it cannot be read there",
            where=f"position {fault.position}", do="see docs/operations.md#faults",
        )  # fmt: skip
    for one in broken:
        yield DoctorFinding(level="danger", what=one.what, where=f"point {one.point!a}", do=one.do)


def register_faults(
    connection: Connection,
) -> tuple[list[RegisterFault], list[BrokenReference]]:
    """Return what is broken in the registers."""
    fold = _registers(connection)
    return fold.faults, broken_references(fold.registers)


def registers_of(connection: Connection) -> Registers:
    return _registers(connection).registers


def _registers(connection: Connection) -> RegisterFold:
    fold, asked = RegisterFold(), {"topics": list(REFERENCE_TOPICS), "after": 0}
    with connection.cursor(row_factory=dict_row) as cursor:
        fold.read(cursor.execute(SELECT_NEWER, asked, binary=True).fetchall(), LedgerMapper())
    return fold


def faults(connection: Connection) -> list[str]:
    """Say in a line each what could not be taken in: events by the views, reference facts."""
    passed_over, broken = register_faults(connection)
    told = [f"position {one.position} ({one.topic}) is not in the registers" for one in passed_over]
    told += [f"point {one.point!a}: {one.what}" for one in broken]
    if _row(connection, "SELECT to_regclass('views.faults') IS NOT NULL")[0]:
        told += [
            f"position {position} ({topic}) is not in {views}"
            for position, topic, views in connection.execute(
                FAULTS, [[view.NAME for view in STORED]]
            ).fetchall()
        ]
    return told


# --- what the log holds


def log_findings(connection: Connection) -> Iterator[DoctorFinding]:
    """Reads every event: a few seconds for each million."""
    scan = _scanned(connection)
    for position, why in scan.unreadable:
        yield DoctorFinding(
            level="danger", what=f"an event cannot be read: {why}", where=f"position {position}",
            do="it is passed over; run `anjuan verify`, restore a backup if it was changed, and see"
            " docs/operations.md#faults",
        )  # fmt: skip
    for position, topic in scan.unknown:
        yield DoctorFinding(
            level="danger", what=f"no event is called {topic!a} in this program",
            where=f"position {position}", do="use the program that wrote it, or a newer one",
        )  # fmt: skip
    for code, odd in sorted(scan.odd.items()):
        yield DoctorFinding(
            level="odd",
            what=f"the code {code!a} is accepted no longer",
            where=f"position {odd.position} ({odd.topic}); {odd.events} events of"
            f" {len(odd.streams)} {'thing' if len(odd.streams) == 1 else 'things'}",
            do="it is shown as it is; a thing of that code takes no command",
        )
    for why, odd in sorted(scan.actors.items()):
        yield DoctorFinding(
            level="odd",
            what=f"somebody acted whom no settings would let in: {why}",
            where=f"position {odd.position} ({odd.topic}); {odd.events} events",
            do="they are shown as they are",
        )
    for register, codes in sorted(scan.looking.found.items()):
        if codes:
            yield DoctorFinding(
                level="odd",
                what=f"{len(codes)} codes are not listed in the register of {register}",
                where=unlisted.told(codes),
                do="list them, or leave them: what is recorded stays as it is",
            )
    yield from _twins(connection, scan.coded)
    if scan.simulated:
        yield DoctorFinding(
            level="fine",
            what=f"{scan.simulated} events are simulated",
            where=f"device {SIMULATION}",
        )


def _scanned(connection: Connection) -> _Scan:
    mapper, after = LedgerMapper(), 0
    scan = _Scan(looking=unlisted.Looking(_registers(connection).registers))
    simulated = f'"device":"{SIMULATION}"'.encode()
    while rows := connection.execute(EVENTS, [after], binary=True).fetchall():
        for position, stream, topic, state in rows:
            scan.simulated += simulated in state
            try:
                codes = mapper.broken(topic, state)
                for why in mapper.odd_actor(state):
                    acted = scan.actors.setdefault(ascii(why), _Odd(position, topic, 0, set()))
                    acted.events += 1
            except TopicUnknown:
                scan.unknown.append((position, topic))
                continue
            except (msgspec.MsgspecError, ValueError) as error:
                scan.unreadable.append((position, type(error).__name__))
                continue
            scan.looking.see(position, state)
            for code in set(codes):
                odd = scan.odd.setdefault(code, _Odd(position, topic, 0, set()))
                odd.events += 1
                odd.streams.add(stream)
                if kind_of(topic) in CODED:
                    scan.coded[stream] = kind_of(topic)
        after = rows[-1][0]
    return scan


def _twins(connection: Connection, coded: Mapping[UUID, str]) -> Iterator[DoctorFinding]:
    """Things that differ only in how their codes are written."""
    mapper = LedgerMapper()
    alike: dict[tuple[str, str], dict[str, Any]] = {}
    for stream, kind in coded.items():
        state = _folded(connection, mapper, kind, stream)
        if state is not None and has_odd_code(kind, state):
            code = CODED[kind](state)
            alike.setdefault((kind, plainly(code)), {})[code] = state
    for (kind, plain), states in sorted(alike.items()):
        state = _folded(connection, mapper, kind, stream_id(kind, plain))
        found = states | ({plain: state} if state is not None else {})
        if len(found) > 1:
            published = [
                one for one in found.values() if not isinstance(one, Evaluation) or one.published
            ]
            yield DoctorFinding(
                level="danger" if len(published) > 1 else "odd",
                what=f"one {kind} stands {len(found)} times in the log, written differently",
                where=", ".join(f"{kind}:{code!a}" for code in sorted(found)),
                do="decide which one counts; the oddly written one takes no command",
            )


def _folded(connection: Connection, mapper: LedgerMapper, kind: str, stream: UUID) -> Any:
    """Fold a stream; None when there is none, or it cannot be read."""
    try:
        rows = connection.execute(STREAM, [stream], binary=True).fetchall()
        events = [mapper.entry(topic, state).data for topic, state in rows]
    except (TopicUnknown, msgspec.MsgspecError, ValueError):
        return None
    return fold(AGGREGATE[kind], events)


def plainly(code: str) -> str:
    """A code as it looks: compatibility forms and digits of any script in ASCII, nothing that is
    not seen."""
    found = []
    for character in unicodedata.normalize("NFKC", code):
        digit = unicodedata.digit(character, None)
        if digit is not None:
            found.append(str(digit))
        elif unicodedata.category(character)[0] not in "CZM":
            found.append(character)
    return "".join(found)


def _row(connection: Connection, query: str, *given: Any) -> Any:
    row = connection.execute(query, given).fetchone()
    assert row is not None
    return row
