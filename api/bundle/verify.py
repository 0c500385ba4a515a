"""Checks an evidence bundle of Anjuan and computes anew what it claims. Nothing but Python 3.11 is
needed; signatures are checked by `cryptography` or `openssl`, where there is one.

    python3 verify.py [FOLDER or FILE.zip] [--key FILE]

Prints OK and what was shown, or FAILED with the first thing that is wrong and where; exit code 0 or
1. Where nothing can check a signature it says so, and the exit code tells of all the rest.

The rules that run are the program's own files in `code/` beside this file. Somebody who made up a
bundle made up those too: run your own copy of this file and of `code/` on a bundle that you doubt,
with the public key of the log that you know.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

FORMAT: Final = "anjuan-bundle/1"
MANIFEST: Final = "MANIFEST.json"
ALWAYS: Final = ("bundle.json", "checkpoint.txt", "entries.jsonl", "keys.txt")
UNMASKED: Final = ("calendar.published/1", "policy.published/1", "ruleset.published/1")
"""Rules name nobody."""
SIMULATION: Final = "simulation"
"""Device of every simulated event."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017
HASH_BYTES: Final = 32
OLDEST: Final = (3, 11)
PLAIN_MAX: Final = 64 << 20
PACKED_MAX: Final = 200
"""A part larger than PLAIN_MAX and packed more tightly than this was made to fill a memory."""
Plain = dict[str, Any]


class Failed(Exception):
    """A check failed; the message says what is wrong, and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


# --- files


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> set[str]:
        found = (one for one in self._path.rglob("*") if one.is_file())
        names = {one.relative_to(self._path).as_posix() for one in found}
        return {name for name in names if "__pycache__/" not in name}

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")


class Zip:
    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def names(self) -> set[str]:
        names = self._zip.namelist()
        if len(set(names)) < len(names):
            raise Failed(MANIFEST, "the zip holds a name twice")
        return set(names)

    def open(self, name: str) -> IO[bytes]:
        part = self._zip.getinfo(name)
        if part.file_size > max(PLAIN_MAX, part.compress_size * PACKED_MAX):
            what = f"{part.compress_size} bytes say that they unpack to {part.file_size}"
            raise Failed(name, f"{what}; unpack it where there is room, and give the folder")
        return self._zip.open(part)


Files = Folder | Zip


def read(files: Files, name: str) -> bytes:
    with files.open(name) as file:
        return file.read()


def text(files: Files, name: str) -> str:
    return read(files, name).decode()


def plain(files: Files, name: str) -> Any:
    """Failed: it is no JSON."""
    try:
        return json.loads(read(files, name))
    except ValueError as error:
        raise Failed(name, f"cannot be read: {error}") from error


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_manifest(files: Files) -> str:
    """Its sha256. Failed."""
    names = files.names()
    if MANIFEST not in names:
        raise Failed(MANIFEST, "is missing")
    written = read(files, MANIFEST)
    try:
        manifest = json.loads(written)
        listed = dict(manifest["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(MANIFEST, f"cannot be read: {error}") from error
    if manifest.get("format") != FORMAT or canonical(manifest) != written:
        raise Failed(MANIFEST, f"is not of the format {FORMAT}")
    for name in sorted({*listed, *ALWAYS}):
        if name not in listed or name not in names:
            raise Failed(name, "is missing")
        with files.open(name) as file:
            digest = hashlib.sha256()
            while piece := file.read(1 << 20):
                digest.update(piece)
        found = digest.hexdigest()
        if found != listed[name]:
            raise Failed(name, f"is not the file that {MANIFEST} lists: its sha256 is {found}")
    if strange := sorted(names - listed.keys() - {MANIFEST}):
        raise Failed(strange[0], f"is not in {MANIFEST}")
    return hashlib.sha256(written).hexdigest()


# --- the signed checkpoint


class Sealed(NamedTuple):
    """The checkpoint of the bundle."""

    size: int
    root: bytes
    simulation: bool
    """Whether the log was founded as one."""
    key: str | None
    """Key of its valid signature; None when nothing could check the signature."""


def check_checkpoint(files: Files, about: Plain, given: str | None) -> Sealed:
    from ledger.tree.notes import NoteBroken, checkpoint_of, keys_of, note_of  # noqa: PLC0415
    from ledger.tree.trust import NoMeans, NotTrusted, key_spans, trusted  # noqa: PLC0415

    where = "checkpoint.txt"
    try:
        note = note_of(text(files, where))
        checkpoint = checkpoint_of(note)
        anchors = keys_of(given if given is not None else text(files, "keys.txt"))
        names = sorted(name for name in files.names() if name.startswith("handover-"))
        handovers = [note_of(text(files, name)) for name in names]
    except (NoteBroken, UnicodeDecodeError) as error:
        raise Failed(where, str(error)) from error
    suite = "" if about["suite"] == "sha256" else f"/{about['suite']}"
    simulation = checkpoint.origin.startswith("anjuan-simulation/")
    if checkpoint.origin != f"anjuan{'-simulation' * simulation}/{about['log']}{suite}":
        raise Failed(where, f"it is of {checkpoint.origin}, the entries of {about['log']}")
    try:
        spans = key_spans(anchors, [*handovers, note])
        trusted(note, spans)
    except NoMeans:
        return Sealed(checkpoint.size, checkpoint.root, simulation, None)
    except NotTrusted as error:
        raise Failed(where, str(error)) from error
    return Sealed(checkpoint.size, checkpoint.root, simulation, ", ".join(map(str, anchors)))


# --- entries


class Read(NamedTuple):
    """`told`: what the rules read, of the entries whose state is here."""

    leaves: dict[int, bytes]
    told: list[Plain]
    recorded_at: dict[int, int]
    """Of the cut-off, microseconds."""
    masked_at: set[int]
    simulated: int
    unreadable_at: Set[int] = frozenset()
    """Those that the program which made the bundle could not read."""


def check_entries(files: Files, about: Plain, hash_: Any) -> Read:  # noqa: PLR0915
    """Check each entry: canonical, of this log, in order, with the state that was sealed."""
    from domain.vocabulary import is_late  # noqa: PLC0415

    entries = Read({}, [], {}, set(), 0)
    versions: dict[str, int] = {}
    before, simulated = 0, 0
    unread: set[int] = set()
    streams = streams_of(about)
    for number, where, line in _lines(files):
        entry, sealed, state, is_masked, unreadable = _entry(line, where, about, hash_)
        if entry.position <= before:
            raise Failed(where, f"position {entry.position} comes after {before}: out of order")
        if about["whole"] and entry.position != number:
            raise Failed(where, f"position {number} is missing")
        before = entry.position
        entries.leaves[entry.position] = sealed
        if entry.position == about["cut_off"]:
            entries.recorded_at[entry.position] = entry.recorded_at
        if unreadable:
            unread.add(entry.position)
        if state is not None or unreadable or about["whole"]:
            expected = versions.get(entry.stream, 0) + 1
            if entry.version != expected:
                raise Failed(where, f"version {expected} of stream {entry.stream} is missing")
            versions[entry.stream] = expected
        if state is not None:
            entries.told.append({
                "position": entry.position, "stream": entry.stream, "topic": entry.topic,
                "occurred_at": entry.occurred_at, "recorded_at": entry.recorded_at,
                "late": is_late(state), "data": state["data"],
            })  # fmt: skip
            simulated += state.get("device") == SIMULATION
            if is_masked:
                entries.masked_at.add(entry.position)
        elif not unreadable and is_needed(entry, about, streams):
            raise Failed(where, f"the state of position {entry.position} ({entry.topic}) is absent")
    if before < about["upto"] and about["whole"]:
        raise Failed("entries.jsonl", f"position {before + 1} is missing")
    if about["cut_off"] not in entries.recorded_at:
        raise Failed("entries.jsonl", f"position {about['cut_off']}, the cut-off, is missing")
    return entries._replace(simulated=simulated, unreadable_at=unread)


def _lines(files: Files) -> Iterator[tuple[int, str, bytes]]:
    with files.open("entries.jsonl") as file:
        for number, line in enumerate(file, 1):
            yield number, f"entries.jsonl, line {number}", line


def _entry(line: bytes, where: str, about: Plain, hash_: Any) -> tuple[Any, bytes, Any, bool, bool]:
    from ledger.tree.entries import EntryBroken, decoded  # noqa: PLC0415
    from ledger.tree.merkle import leaf_hash  # noqa: PLC0415

    try:
        held = json.loads(line)
        raw = held["entry"].encode()
        entry = decoded(raw)
        masked = "masked" in held
        written = held.get("masked", held.get("state"))
        state = None if written is None else json.loads(written)
        if state is not None and not isinstance(state["data"], dict):
            raise ValueError("the state has no data")
    except (EntryBroken, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed(where, f"cannot be read: {error}") from error
    if entry.log != about["log"]:
        raise Failed(where, f"position {entry.position} is of another log, {entry.log}")
    if masked and entry.topic in UNMASKED:
        raise Failed(where, f"position {entry.position}: {entry.topic} is masked, and never may be")
    if written is not None and not masked and hash_(written.encode()).hex() != entry.state:
        what = f"position {entry.position}: the state is not the one that was sealed"
        raise Failed(where, what)
    unreadable = state is None and held.get("unreadable") is True
    return entry, leaf_hash(raw, hash_), state, masked, unreadable


def is_needed(entry: Any, about: Plain, streams: Set[str] | None) -> bool:
    """Return whether the computation needs the entry's state; `streams` None stands for all."""
    from domain.scoring.computation import RULES_TOPICS, RULESET_TOPIC  # noqa: PLC0415
    from domain.scoring.facts import MISSED, PASSED_OVER  # noqa: PLC0415

    if entry.stream == about["id"]:
        return True
    if entry.position > about["cut_off"]:
        return False
    if entry.topic in (*RULES_TOPICS, RULESET_TOPIC):
        return True
    if streams is None:
        return entry.topic == MISSED or entry.topic.partition(".")[0] not in PASSED_OVER
    return entry.stream in streams


def streams_of(about: Plain) -> Set[str] | None:
    return None if about["streams"] is None else frozenset(about["streams"])


def check_proofs(files: Files, found: Read, sealed: Sealed, hash_: Any) -> None:
    if not found.leaves or max(found.leaves) > sealed.size:
        raise Failed("entries.jsonl", f"not among the {sealed.size} events of the checkpoint")
    if "leaves.bin" in files.names():
        _check_root(read(files, "leaves.bin"), found, sealed, hash_)
    elif "proofs.jsonl" in files.names():
        _check_paths(files, found, sealed, hash_)
    else:
        raise Failed("proofs.jsonl", "is missing")


def _check_root(others: bytes, found: Read, sealed: Sealed, hash_: Any) -> None:
    from ledger.tree.merkle import root  # noqa: PLC0415

    missing = sealed.size - len(found.leaves)
    if len(others) != missing * HASH_BYTES:
        what = f"holds {len(others) // HASH_BYTES} hashes; {missing} entries are not here"
        raise Failed("leaves.bin", what)
    hashes, at = [], 0
    for position in range(1, sealed.size + 1):
        leaf = found.leaves.get(position)
        if leaf is None:
            leaf, at = others[at : at + HASH_BYTES], at + HASH_BYTES
        hashes.append(leaf)
    if root(hashes, hash_) != sealed.root:
        raise Failed("entries.jsonl and leaves.bin", "do not give the root that was signed")


def _check_paths(files: Files, found: Read, sealed: Sealed, hash_: Any) -> None:
    from ledger.tree.merkle import proves_inclusion  # noqa: PLC0415

    proved = set()
    with files.open("proofs.jsonl") as file:
        for number, line in enumerate(file, 1):
            where = f"proofs.jsonl, line {number}"
            try:
                held = json.loads(line)
                position, path = int(held["position"]), [bytes.fromhex(n) for n in held["path"]]
            except (ValueError, KeyError, TypeError) as error:
                raise Failed(where, f"cannot be read: {error}") from error
            leaf = found.leaves.get(position)
            if leaf is None:
                raise Failed(where, f"the entry of position {position} is not here")
            index = position - 1
            if not proves_inclusion(leaf, index, sealed.size, path, sealed.root, hash_):
                what = f"the entry of position {position} is not what was sealed there"
                raise Failed(where, what)
            proved.add(position)
    for position in sorted(found.leaves.keys() - proved):
        raise Failed("proofs.jsonl", f"nothing proves the entry of position {position}")


# --- computed anew


def check_evaluation(files: Files, about: Plain, found: Read) -> list[str]:
    """Check an evaluation and return the lines to print."""
    from domain.scoring import computation  # noqa: PLC0415

    cut_off = about["cut_off"]
    if about["whole"] != (about["streams"] is None):
        raise Failed("bundle.json", "a whole evaluation is of all streams, a part of some")
    known: list[Any] = [one for one in found.told if one["position"] <= cut_off]
    marks_at = about.get("marks_at")
    own: list[Any] = [
        one
        for one in found.told
        if one["stream"] == about["id"] and one["position"] <= (marks_at or cut_off)
    ]
    codes = {one["code"] for one in about["subjects"]}
    ruleset = computation.ruleset_of(known, about["ruleset"])
    _same("ruleset.json", plain(files, "ruleset.json"), ruleset)
    human = {code: sheet for code, sheet in computation.human_scores(own).items() if code in codes}
    task = computation.Task(
        ruleset=ruleset,
        division=about["division"],
        period=about["period"],
        calendar=about["calendar"],
        cut_off=cut_off,
        subjects=tuple(about["subjects"]),
        human=computation.fitting(ruleset, human),
        marks_at=marks_at,
        others=_others(about, found, codes) if ruleset.get("quotas") else (),
    )
    recorded_at = EPOCH + timedelta(microseconds=found.recorded_at[cut_off])
    as_known_at = datetime.fromisoformat(about["as_known_at"])
    by = computation.rules(known, task, recorded_at=recorded_at, as_known_at=as_known_at)
    made, trees = computation.run_of(known, task, by)
    published = determined(about, found)
    if published is not None:
        _check_determined(about, made, published)
    _same("run.json", plain(files, "run.json"), made)
    for code, tree in sorted(trees.items()):
        name = f"trees/{code}.json"
        if read(files, name) != tree:
            raise Failed(name, "the score tree computed from the entries is another")
    digest = computation.run_digest(made)
    if about["digest"] != digest:
        raise Failed("bundle.json", f"the digest computed from the entries is {digest}")
    return [
        f"digest {digest}",
        f"scores of {len(trees)} subjects computed anew from the entries, every one the same",
        _determined_as(about, published),
    ]


def _others(about: Plain, found: Read, codes: set[str]) -> tuple[Any, ...]:
    """The results that stand by the determinations until then, of others than these subjects."""
    one = about["determination"]
    upto, number = (about["cut_off"], None) if one is None else (one["position"], one["number"])
    standing: dict[str, Any] = {}
    for entry in found.told:
        data = entry["data"]
        if entry["stream"] != about["id"] or entry["position"] > upto or "run" not in data:
            continue
        if number is None or data.get("number", 1) <= number:
            standing |= {result["subject"]: result for result in data["run"]["results"]}
    return tuple(standing[code] for code in sorted(standing) if code not in codes)


def determined(about: Plain, found: Read) -> Plain | None:
    """The determination as the log has it, unmasked."""
    if about["determination"] is None:
        return None
    position = about["determination"]["position"]
    if position in found.masked_at:
        raise Failed("entries.jsonl", f"position {position}, the determination, is masked")
    for one in found.told:
        if one["position"] == position and one["stream"] == about["id"]:
            data: Plain = one["data"]
            if "run" in data and data.get("number", 1) == about["determination"]["number"]:
                return data
    raise Failed("entries.jsonl", f"position {position} is not the determination")


def _check_determined(about: Plain, made: Plain, published: Plain) -> None:
    where = f"entries.jsonl, position {about['determination']['position']}"
    if _instant(published["as_known_at"]) != _instant(about["as_known_at"]):
        raise Failed("bundle.json", "it was determined as known at another time")
    run = published["run"]
    results = {one["subject"]: one for one in run["results"]}
    for result in made["results"]:
        code = result["subject"]
        if results.get(code) != result:
            told = canonical(results.get(code)).decode()
            what = f"of {code} {told} was determined; the entries give {canonical(result).decode()}"
            raise Failed(where, what)
    if about["whole"]:
        _same(where, run, made)
        digest = hashlib.sha256(canonical(made)).hexdigest()
        if published["digest"] != digest:
            raise Failed(where, f"the digest computed from the entries is {digest}")


def _determined_as(about: Plain, published: Plain | None) -> str:
    if published is None:
        return "a trial: nothing of it was published"
    number = about["determination"]["number"]
    what = "the digest is" if about["whole"] else "the results and trees of these subjects are"
    return f"determination {number}: {what} what was published"


def check_case(files: Files, about: Plain, found: Read) -> list[str]:
    """Check the case file of a complaint, or of a point in a period."""
    from domain.scoring.basis import published, rules_of  # noqa: PLC0415
    from domain.scoring.case_file import NotAsFrozen, case_file  # noqa: PLC0415

    known: list[Any] = [one for one in found.told if one["position"] <= about["cut_off"]]
    at = EPOCH + timedelta(microseconds=found.recorded_at[about["cut_off"]])
    first, last = date.fromisoformat(about["first"]), date.fromisoformat(about["last"])
    by = rules_of(published(known), about["calendar"], at.isoformat(), str(first), str(last))
    try:
        made = case_file(known, by, about, found.masked_at)
    except NotAsFrozen as error:
        raise Failed(f"entries.jsonl, position {error.position}", str(error)) from error
    there = {name for name in files.names() if name.startswith(("reports/", "forms/"))}
    if strange := sorted(there - made.keys()):
        raise Failed(strange[0], "no entry tells of it")
    for name, value in sorted(made.items()):
        if name not in files.names():
            raise Failed(name, "is missing")
        _same(name, plain(files, name), value)
    streams = {one["stream"] for one in known}
    facts = f"{len(made['facts.json'])} facts of {len(streams)} streams computed anew"
    return [f"{facts}, every one the same", *_tables(made)]


def _tables(made: Plain) -> list[str]:
    if "reports.json" not in made:
        return []
    tables, forms = made["reports.json"], [name for name in made if name.startswith("forms/")]
    if not tables:
        return [f"no table was submitted; all checklists fit their {len(forms)} forms"]
    masked = sum(1 for one in tables if one["masked"])
    digests = f"{len(tables) - masked} with the digest they were frozen with"
    hidden = f", {masked} masked, their digests cannot be checked" if masked else ""
    return [f"{len(tables)} tables submitted, {digests}{hidden}; they and all checklists fit their"
            f" {len(forms)} forms"]  # fmt: skip


def check_promises(about: Plain, found: Read) -> str:
    """Check the deadlines given at the beginning and after a pause, an extension, a reopening.

    Raises: Failed — for the first wrong one.
    """
    from domain.scoring import promise_check  # noqa: PLC0415

    known: list[Any] = [one for one in found.told if one["position"] <= about["cut_off"]]
    try:
        count = promise_check.check_promises(known)
    except promise_check.PromiseNotFounded as error:
        raise Failed(f"entries.jsonl, position {error.position}", str(error)) from error
    return f"{count} deadlines promised, each due when the rules and the calendar it names say"


# --- time zones


def check_zones(found: Read, machine: Sequence[str]) -> list[str]:
    """Check the time zone tables in use, and whether this machine's own agree."""
    zones: dict[str, tuple[int, int]] = {}
    for one in found.told:
        if one["topic"] == "calendar.published/1":
            calendar = one["data"]["calendar"]
            first, last = zones.get(calendar["zone"], (9999, 0))
            years = min(first, calendar["first_year"]), max(last, calendar["last_year"])
            zones[calendar["zone"]] = years
    return [_zone_told(name, years, machine) for name, years in sorted(zones.items())]


def _zone_told(name: str, years: tuple[int, int], machine: Sequence[str]) -> str:
    try:
        used = _offsets(zoneinfo.ZoneInfo(name), years)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise Failed(f"code/zones/{name}", "this verifier has no table of the time zone") from error
    shown = ", ".join(f"UTC{offset}" for offset in dict.fromkeys(used))
    own = next((Path(one, name) for one in machine if Path(one, name).is_file()), None)
    if own is None:
        beside = "this machine has none to compare"
    else:
        with own.open("rb") as file:
            same = _offsets(zoneinfo.ZoneInfo.from_file(file, name), years) == used
        beside = f"this machine's own says {'the same' if same else 'OTHERWISE'}"
    return f"local time in {name}, {years[0]}-{years[1]}: {shown}, by the table here; {beside}"


def _offsets(zone: zoneinfo.ZoneInfo, years: tuple[int, int]) -> list[str]:
    first = datetime(years[0], 1, 1, tzinfo=timezone.utc)  # noqa: UP017
    days = (datetime(years[1] + 1, 1, 1, tzinfo=timezone.utc) - first).days  # noqa: UP017
    return [f"{(first + timedelta(days=day)).astimezone(zone):%z}" for day in range(days)]


def _same(where: str, claimed: Any, made: Any, inside: str = "") -> None:
    """Failed: the first place where they differ."""
    if isinstance(claimed, dict) and isinstance(made, dict):
        for name in sorted({*claimed, *made}):
            _same(where, claimed.get(name), made.get(name), f"{inside}.{name}")
    elif isinstance(claimed, list) and isinstance(made, list) and len(claimed) == len(made):
        for number, (one, other) in enumerate(zip(claimed, made, strict=True)):
            _same(where, one, other, f"{inside}[{number}]")
    elif canonical(claimed) != canonical(made):
        shown, computed = canonical(claimed).decode()[:200], canonical(made).decode()[:200]
        raise Failed(
            where, f"{inside.removeprefix('.') or 'it'} is {shown}; the entries give {computed}"
        )


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


# --- all of it

CHECKS: Final[Mapping[str, Any]] = {
    "evaluation": check_evaluation,
    "complaint": check_case,
    "point": check_case,
}


def verified(files: Files, key: str | None, machine: Sequence[str] = ()) -> list[str]:
    """Run all checks and return the lines to print.

    `machine` names the folders of this machine's own time zones.

    Raises: Failed — for the first check that fails.
    """
    manifest = check_manifest(files)
    try:
        about = plain(files, "bundle.json")
        check = CHECKS[about["kind"]]
        from ledger.tree.suite import hash_of  # noqa: PLC0415

        hash_ = hash_of(about["suite"])
        sealed = check_checkpoint(files, about, key)
        entries = check_entries(files, about, hash_)
        check_proofs(files, entries, sealed, hash_)
        zones = check_zones(entries, machine)
        promises = check_promises(about, entries)
        results = check(files, about, entries)
    except (ValueError, KeyError, TypeError, LookupError, AttributeError, RecursionError) as error:
        what = f"what it says does not hold together: {type(error).__name__} {error}"
        raise Failed("bundle.json", " ".join(what.split())) from error
    unchecked = "" if sealed.key else ", EXCEPT FOR THE SIGNATURE: nothing here can check it"
    return [
        f"OK{unchecked}: {about['kind']} {about['name']}, as known at position {about['cut_off']}",
        *results,
        promises,
        *zones,
        f"{len(entries.leaves)} entries of the {sealed.size} under the checkpoint, each proved",
        _completeness(about),
        _masking(about, entries),
        *_unreadable(entries),
        *_simulated(entries, sealed),
        _signature(sealed, key),
        f"sha256 of {MANIFEST}: {manifest}",
    ]


def _completeness(about: Plain) -> str:
    if about["whole"]:
        of_all = "none is left out" if about["streams"] is None else "its streams have no other"
        return f"complete: every position from 1 to {about['upto']} is here, {of_all}"
    return (
        "no stream has a gap; that none went on, and that no other stream belongs here, only the"
        " whole log can show"
    )


def _masking(about: Plain, found: Read) -> str:
    if not found.masked_at:
        return f"{len(found.told)} states, each with the digest that was sealed; none is masked"
    hidden = len(found.masked_at)
    masked = (
        f"{len(found.told) - hidden} states with the digest that was sealed;"
        f" {hidden} are masked, their digests cannot be checked: what is computed from them"
    )
    if about.get("determination") and about["whole"]:
        return f"{masked} is what was determined, digest of the inputs included, or it would show"
    return f"{masked} holds as far as the maker of the bundle is believed"


def _unreadable(found: Read) -> list[str]:
    if not found.unreadable_at:
        return []
    where = ", ".join(map(str, sorted(found.unreadable_at)[:20]))
    return [
        f"{len(found.unreadable_at)} states could not be read by the program that made this, and"
        f" nothing is computed from them: position {where}"
    ]


def _simulated(found: Read, sealed: Sealed) -> list[str]:
    told = []
    if sealed.simulation:
        told.append(
            "SIMULATED: its log was founded as a simulation; its recorded times are a story's"
        )
    if found.simulated:
        states = f"{found.simulated} of the states were made by a simulation"
        told.append(f"SIMULATED: {states}; nobody lived it")
    return told


def _signature(sealed: Sealed, key: str | None) -> str:
    if sealed.key is None:
        return "signature NOT CHECKED: install the Python package cryptography, or openssl 3"
    if key is not None:
        return f"signed by the key that you gave: {sealed.key}"
    return f"signed by a key that comes with the bundle; compare it with the log's: {sealed.key}"


UNREADABLE: Final = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, UnicodeDecodeError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
"""RuntimeError: a zip under a password."""


def main(arguments: Sequence[str]) -> int:
    if sys.version_info < OLDEST:
        sys.stdout.write("FAILED: Python 3.11 or newer is needed\n")
        return 1
    sys.dont_write_bytecode = True
    here = Path(__file__).resolve().parent
    asked = argparse.ArgumentParser(description="Check an evidence bundle.")
    asked.add_argument("bundle", nargs="?", type=Path, default=here, help="folder or zip")
    asked.add_argument("--key", type=Path, help="file with the log's public key, known beforehand")
    given = asked.parse_args(arguments)
    if not (here / "code" / "domain").is_dir():
        sys.stdout.write(f"FAILED {here}: the folder code must lie beside verify.py\n")
        return 1
    sys.path.insert(0, str(here / "code"))
    machine = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(here / "code" / "zones")])
    try:
        files = Folder(given.bundle) if given.bundle.is_dir() else Zip(given.bundle)
        key = given.key.read_text("utf-8") if given.key else None
        told = verified(files, key, machine)
    except Failed as error:
        sys.stdout.write(f"FAILED {error}\n")
        return 1
    except UNREADABLE as error:
        what = " ".join(f"{type(error).__name__} {error}".split())
        sys.stdout.write(f"FAILED {given.bundle}: cannot be read: {what}\n")
        return 1
    sys.stdout.write("\n".join(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
