"""Evidence bundles: what the log holds of one evaluation, one complaint or one point's period, with
the proofs that it does, and everything to compute anew what is claimed of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg.rows import tuple_row

import domain
from api.bundle.archive import Archive
from api.bundle.masking import Masker
from api.bundle.summary import Counted
from api.bundle.verify import MANIFEST, canonical, is_needed, streams_of
from domain.registers import point
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.form import FormPublished
from domain.registers.point import PointOpened, PointZoneChanged
from domain.scoring import computation
from domain.scoring.basis import Rules
from domain.scoring.case_file import case_file
from domain.scoring.computation import RULES_TOPICS, RULESET_TOPIC
from domain.scoring.shapes import Entry, PlainRuleSet
from domain.vocabulary import CHINA, SIMULATION, Event, Refused
from domain.worktime.zone import zone_named
from ledger.log import reading
from ledger.log.codec import UNREADABLE, LedgerMapper
from ledger.seal import sealed
from ledger.seal.proofs import Prover, checkpoint_covering
from ledger.seal.sealed import StoredCheckpoint
from ledger.tree.entries import decoded
from ledger.tree.notes import key_lines
from ledger.tree.tiles import WIDTH
from projections.evaluation import dossier

ROOT: Final = Path(domain.__file__).parents[1]
CODE: Final = (*computation.SHIPPED, "ledger/__init__.py", "ledger/tree")
"""Modules and folders of the program as they are."""
RULES: Final = (*RULES_TOPICS, RULESET_TOPIC)
BATCH: Final = 2_000
HASH_BYTES: Final = 32
POSITIONS: Final = """
    SELECT notification_id FROM log_events
     WHERE ((originator_id = ANY(%(streams)s) OR topic = ANY(%(topics)s))
            AND notification_id <= %(cut_off)s)
        OR (originator_id = ANY(%(beyond)s) AND notification_id <= %(upto)s)
        OR notification_id = %(cut_off)s
     ORDER BY notification_id
"""
STATES: Final = "SELECT notification_id, state FROM log_events WHERE notification_id = ANY(%s)"
FORMS: Final = "SELECT state FROM log_events WHERE topic = %s AND notification_id <= %s"
ZONE_TABLES: Final = "tzdata.zoneinfo"
"""Those that the lock file pins, not the machine's: the same bundle everywhere."""
Connection = psycopg.Connection[Any]


class Contents(Struct, frozen=True, kw_only=True):
    """Content of a bundle, without its proofs."""

    about: dict[str, Any]
    """Content of `bundle.json`, without the log's name."""
    cut_off: int
    upto: int
    whole: bool
    streams: Sequence[UUID] = ()
    beyond: Sequence[UUID] = ()
    files: Mapping[str, bytes] = {}
    ruleset: PlainRuleSet | None = None
    told: "KnownThen | None" = None
    page: Callable[[Counted, Mapping[str, Any]], str]


class KnownThen(Struct, frozen=True):
    entries: Sequence[Entry]
    rules: Rules


class AnswersAreLookedAt(Refused):
    """评分标准用到检查表的答案，其中的个人信息遮盖后算不出同样的摘要；请用 --personal 出具"""


class BundleMade(Struct, frozen=True, kw_only=True):
    """Result of writing a bundle."""

    kind: str
    name: str
    position: int
    digest: str | None
    whole: bool
    entries: int
    states: int
    masked: int
    simulated: int
    checkpoint: int
    manifest: str


Disclose = Callable[[str], None]
"""Records that personal data is handed out, with the manifest's sha256."""


class _Count:
    def __init__(self) -> None:
        self.states = self.masked = self.simulated = 0


def written(
    connection: Connection, contents: Contents, place: Path, disclose: Disclose | None = None
) -> BundleMade:
    """The zip, without personal data unless that is recorded: by `disclose`, before the zip lies in
    its place. NotSealed, AnswersAreLookedAt, OSError, what `disclose` raises: nothing is there."""
    if disclose is None and contents.ruleset and "answers" in _looked_at(contents.ruleset):
        raise AnswersAreLookedAt
    checkpoint = checkpoint_covering(connection, contents.upto)
    prover = Prover(connection, checkpoint.note)
    identity = prover.identity
    about = {
        **contents.about,
        "log": identity.log,
        "suite": identity.suite,
        "cut_off": contents.cut_off,
        "upto": contents.upto,
        "whole": contents.whole,
        "personal": disclose is not None,
    }
    positions = _positions(connection, contents)
    own = about["name"] if about["kind"] == point.KIND else None
    masker = None if disclose else Masker(_forms(connection, contents.upto), own)
    case = _case(contents.told, about, masker)
    count = _Count()
    small = {
        **_code(),
        **_zones(connection, contents.upto),
        **_seal(connection, checkpoint),
        **contents.files,
        **{name: canonical(value) for name, value in case.items()},
        "bundle.json": canonical(about),
        "verify.py": (Path(__file__).parent / "verify.py").read_bytes(),
    }
    large: dict[str, Iterable[bytes]] = {
        "entries.jsonl": _entries(connection, prover, about, positions, masker, count),
        **_proofs(connection, prover, positions),
    }
    manifests: list[str] = []

    def whole(manifest: str) -> None:
        manifests.append(manifest)
        if disclose is not None:
            disclose(manifest)

    with Archive(place, whole) as archive:
        for name in sorted({*small, *large}):
            archive.add(name, [small[name]] if name in small else large[name])
        counted = Counted(
            about=about,
            entries=len(positions),
            states=count.states,
            masked=count.masked,
            simulated=count.simulated,
            simulation=identity.simulation,
            files=[*small, *large, MANIFEST],
            recorded_at=dossier.recorded_at(connection, contents.cut_off),
            checkpoint=checkpoint.checkpoint,
            key=str(sealed.keys(connection)[0]),
        )
        archive.add("index.html", [contents.page(counted, case).encode()])
    return BundleMade(
        kind=about["kind"],
        name=about["name"],
        position=contents.cut_off,
        digest=about.get("digest"),
        whole=contents.whole,
        entries=len(positions),
        states=count.states,
        masked=count.masked,
        simulated=count.simulated,
        checkpoint=checkpoint.number,
        manifest=manifests[0],
    )


def _looked_at(ruleset: PlainRuleSet) -> set[str]:
    fields = computation.looked_at(ruleset)
    return {name for names in fields.values() for name in names}


def _case(
    told: KnownThen | None, about: Mapping[str, Any], masker: Masker | None
) -> dict[str, Any]:
    """Build the case file as `verify.py` does from the entries that it finds."""
    if told is None:
        return {}
    shown: list[Entry] = []
    masked: set[int] = set()
    for entry in told.entries:
        data = masker.hidden(entry["topic"], entry["data"]) if masker else None
        if data is not None:
            masked.add(entry["position"])
        shown.append({**entry, "data": entry["data"] if data is None else data})
    return case_file(shown, told.rules, about, masked)


def _zones(connection: Connection, upto: int) -> dict[str, bytes]:
    """The tables of the zones that calendars and points have; of one that does not exist there is
    none: its days are counted by Guangzhou's."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        known = reading.reference(cursor.connection, LedgerMapper(), upto)
    named = {CHINA, *(zone for one in known if (zone := _zone(one.event)))}
    tables = {
        zone: files(ZONE_TABLES).joinpath(*zone.split("/")) for zone in named if zone_named(zone)
    }
    return {f"code/zones/{zone}": table.read_bytes() for zone, table in sorted(tables.items())}


def _zone(event: Event) -> str | None:
    match event:
        case CalendarPublished(calendar=calendar):
            return calendar.zone
        case PointOpened(zone=zone) | PointZoneChanged(zone=zone):
            return zone
        case _:
            return None


def modules(names: Iterable[str]) -> list[str]:
    """Paths of the Python files that modules and folders stand for, from the program's root."""
    found = {
        path.relative_to(ROOT).as_posix()
        for name in names
        for path in ((ROOT / name).glob("*.py") if (ROOT / name).is_dir() else (ROOT / name,))
    }
    return sorted(found)


def _code() -> dict[str, bytes]:
    stand_in = (Path(__file__).parent / "msgspec_stand_in.py").read_bytes()
    shipped = {f"code/{name}": (ROOT / name).read_bytes() for name in modules(CODE)}
    return {**shipped, "code/msgspec.py": stand_in}


def _seal(connection: Connection, checkpoint: StoredCheckpoint) -> dict[str, bytes]:
    """The checkpoint, the log's first key, and the checkpoints that hand over to the next ones."""
    handovers = [
        one
        for one in sealed.checkpoints(connection)
        if one.number < checkpoint.number and one.checkpoint.next_key is not None
    ]
    return {
        "checkpoint.txt": checkpoint.text.encode(),
        "keys.txt": key_lines(sealed.keys(connection)[:1]).encode(),
        **{f"handover-{one.number:08d}.txt": one.text.encode() for one in handovers},
    }


def _positions(connection: Connection, contents: Contents) -> Sequence[int]:
    if contents.whole:
        return range(1, contents.upto + 1)
    asked = {
        "streams": list(contents.streams),
        "beyond": list(contents.beyond),
        "topics": list(RULES),
        "cut_off": contents.cut_off,
        "upto": contents.upto,
    }
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(POSITIONS, asked).fetchall()]


class _StoredForm(Struct):
    data: dict[str, Any]


def _forms(connection: Connection, upto: int) -> Iterator[Mapping[str, Any]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        for (state,) in cursor.execute(FORMS, [FormPublished.topic, upto]).fetchall():
            with suppress(*UNREADABLE):
                yield msgspec.json.decode(state, type=_StoredForm).data["form"]


# --- entries


def _entries(
    connection: Connection,
    prover: Prover,
    about: dict[str, Any],
    positions: Sequence[int],
    masker: Masker | None,
    count: _Count,
) -> Iterator[bytes]:
    """Lines of `entries.jsonl`."""
    streams = streams_of(about)
    readable = dossier.Readable()
    for start in range(0, len(positions), BATCH):
        some = list(positions[start : start + BATCH])
        entries = prover.entries(some)
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            wanted = [at for at in some if is_needed(decoded(entries[at]), about, streams)]
            states: dict[int, bytes] = dict(cursor.execute(STATES, [wanted]).fetchall())
        for at in some:
            line: dict[str, Any] = {"entry": entries[at].decode()}
            if at in states:
                state = bytes(states[at])
                entry = decoded(entries[at])
                topic = entry.topic
                if not readable.takes(entry.position, entry.stream, topic, state):
                    yield canonical({**line, "unreadable": True}) + b"\n"
                    continue
                masked = masker.masked(topic, state) if masker else None
                line["state" if masked is None else "masked"] = (masked or state).decode()
                count.states += 1
                count.simulated += _device(state).device == SIMULATION
                count.masked += masked is not None
            yield canonical(line) + b"\n"


class _Envelope(Struct):
    device: str | None = None


_device: Final = msgspec.json.Decoder(_Envelope).decode


# --- proofs


def _proofs(
    connection: Connection, prover: Prover, positions: Sequence[int]
) -> dict[str, Iterable[bytes]]:
    """A path for each entry, or the hashes of all other leaves: whichever is smaller."""
    size = prover.checkpoint.size
    if len(positions) * (size - 1).bit_length() < size - len(positions):
        paths = (_path(prover, position) for position in positions)
        return {"proofs.jsonl": (canonical(path) + b"\n" for path in paths)}
    return {"leaves.bin": _leaves(connection, size, frozenset(positions))}


def _path(prover: Prover, position: int) -> dict[str, Any]:
    return {"position": position, "path": [one.hex() for one in prover.proof(position).path]}


def _leaves(connection: Connection, size: int, shipped: Set[int]) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        hashes = sealed.tile(connection, 0, number)
        first = number * WIDTH + 1
        for position in range(first, min(first + WIDTH, size + 1)):
            if position not in shipped:
                at = (position - first) * HASH_BYTES
                yield hashes[at : at + HASH_BYTES]
