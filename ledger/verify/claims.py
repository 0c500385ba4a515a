"""Signed claims about the log: checkpoints in the database and outside it, and their signatures."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ledger.seal import keyfile, witness
from ledger.seal.keyfile import KeyFiles
from ledger.seal.sealed import Identity, StoredCheckpoint
from ledger.tree.notes import Checkpoint, Note, NoteBroken, VerifierKey
from ledger.tree.trust import KeySpan, NotTrusted, SignatureBroken, key_spans, trusted
from ledger.verify.stretch import Flaw, Kind

TrustedBy = Literal["given key", "this machine", "witness", "database"]


class ClaimEvidence(Struct, frozen=True, kw_only=True):
    """Evidence from outside the database; without any key, the database's first key is trusted."""

    anchors: tuple[VerifierKey, ...] = ()
    trusted_by: TrustedBy = "database"
    notes: tuple[Note, ...] = ()
    tiles: Callable[[int, int], bytes] | None = None
    """Reads the tiles of a witness by (level, number)."""


class Claim(Struct, frozen=True):
    """A checkpoint with a valid signature."""

    checkpoint: Checkpoint
    outside: bool
    """Whether it is known from outside the database."""


def gathered(
    files: KeyFiles | None,
    folder: Path | None,
    notes: Iterable[Note] = (),
    given: Sequence[VerifierKey] = (),
) -> ClaimEvidence:
    """Collect the evidence of this machine, a witness directory and the caller.

    Call it before reading the database: a checkpoint published meanwhile is in the database then.

    Raises: WitnessUnreadable, NoteBroken — when a part of it cannot be read.
    """
    found = list(notes)
    own = remembered = None
    if files is not None:
        own, remembered = keyfile.remembered_keys(files), keyfile.remembered_note(files)
    if remembered is not None:
        found.append(remembered)
    if folder is not None:
        found += witness.notes_in(folder)
    witnessed = witness.keys_in(folder) if folder is not None else ()
    ways: tuple[tuple[TrustedBy, Sequence[VerifierKey]], ...] = (
        ("given key", given),
        ("this machine", own or ()),
        ("witness", witnessed[:1]),
    )
    by, anchors = next(((by, keys) for by, keys in ways if keys), ("database", ()))
    return ClaimEvidence(
        anchors=tuple(anchors),
        trusted_by=by,
        notes=tuple({str(note): note for note in found}.values()),
        tiles=witness.tile_in(folder) if folder is not None else None,
    )


def examined(
    identity: Identity,
    stored: Sequence[StoredCheckpoint],
    keys: Sequence[VerifierKey],
    evidence: ClaimEvidence,
) -> tuple[list[Claim], list[Flaw]]:
    """The checkpoints that count, by size, and what is wrong with the others."""
    notes, flaws = _read(stored)
    anchors = evidence.anchors or tuple(keys[:1])
    spans = key_spans(anchors, [*notes.values(), *evidence.notes])
    flaws += _strange_keys(keys, spans)
    claims: list[Claim] = []
    outside = {str(note) for note in evidence.notes}
    before = 0
    for row in stored:
        note = notes.get(row.number)
        if note is not None:
            found = _claim(note, identity, spans, outside=str(note) in outside)
            if isinstance(found, Claim):
                claims.append(found)
            else:
                where = f"checkpoint {row.number} (of {row.size} events)"
                flaws.append(Flaw(before + 1, found[0], f"{where}: {found[1]}"))
        before = max(before, row.size)
    inside = {str(note) for note in notes.values()}
    for note in evidence.notes:
        if str(note) not in inside:
            found = _claim(note, identity, spans, outside=True)
            if isinstance(found, Claim):
                claims.append(found)
            else:
                flaws.append(Flaw(1, found[0], f"a checkpoint from outside: {found[1]}"))
    return sorted(claims, key=lambda claim: claim.checkpoint.size), flaws


def _read(stored: Sequence[StoredCheckpoint]) -> tuple[dict[int, Note], list[Flaw]]:
    """The notes of the database by number, and what is wrong with its table."""
    notes: dict[int, Note] = {}
    flaws: list[Flaw] = []
    size, number = 0, 0
    for row in stored:
        number += 1
        if row.number != number:
            flaws.append(Flaw(size + 1, "deleted", f"checkpoint {number} is missing"))
            number = row.number
        try:
            if row.checkpoint.size != row.size or row.size < size:
                why = f"checkpoint {number} does not have the size it should"
                flaws.append(Flaw(min(size, row.size) + 1, "altered", why))
            notes[number] = row.note
        except NoteBroken as error:
            flaws.append(Flaw(size + 1, "altered", f"checkpoint {number}: {error}"))
        size = max(size, row.size)
    return notes, flaws


def _claim(
    note: Note, identity: Identity, spans: Sequence[KeySpan], *, outside: bool
) -> Claim | tuple[Kind, str]:
    try:
        checkpoint = trusted(note, spans)
    except SignatureBroken as error:
        return "altered", str(error)
    except (NotTrusted, NoteBroken) as error:
        return "signed by another key", str(error)
    if checkpoint.origin != identity.origin:
        return "altered", f"it is of {checkpoint.origin}, the database of {identity.origin}"
    return Claim(checkpoint, outside)


def _strange_keys(keys: Sequence[VerifierKey], spans: Sequence[KeySpan]) -> list[Flaw]:
    known = {span.key for span in spans}
    return [
        Flaw(1, "signed by another key", f"the key {key} is none that the log was handed over to")
        for key in keys
        if key not in known
    ][:1]
