"""Texts that leave the house: entries, signed notes, keys, proofs; and whose signature counts."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.seal.keyfile import SealKey
from ledger.tree.entries import EntryBroken, LogEntry, bundled, decoded, encoded, unbundled
from ledger.tree.notes import (
    NEXT_KEY,
    Checkpoint,
    Note,
    NoteBroken,
    Proof,
    VerifierKey,
    checkpoint_of,
    consistency_text,
    key_lines,
    keys_of,
    note_of,
    proof_of,
    verifier_key,
)
from ledger.tree.trust import (
    KeySpan,
    SignatureBroken,
    SignedByAnother,
    holds_by_openssl,
    key_spans,
    trusted,
)
from tests.travelling import lay_out

SHIPPED: Final = ("merkle", "suite", "entries", "notes", "tiles", "trust")
PUBLISHED: Final = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
"""The example of C2SP tlog-checkpoint."""
ORIGIN: Final = "anjuan/here"
ENTRY: Final = LogEntry(
    log="0198f2c4-0000-4000-8000-000000000001",
    position=7,
    stream="0198f2c4-0000-4000-8000-000000000002",
    version=2,
    topic="request.closed/1",
    recorded_at=1_793_000_000_000_001,
    occurred_at=1_792_000_000_000_000,
    event_id="0198f2c4-0000-4000-8000-000000000003",
    command_id="0198f2c4-0000-4000-8000-000000000004",
    command_events=1,
    command_digest=None,
    state="ab" * 32,
)


def key(seed: int, name: str = ORIGIN) -> SealKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return SealKey(private, VerifierKey(name, private.public_key().public_bytes_raw()))


def signed(size: int, *by: SealKey, next_key: SealKey | None = None) -> Note:
    more = (f"{NEXT_KEY}{next_key.verifier}",) if next_key else ()
    checkpoint = Checkpoint(ORIGIN, size, bytes([size]) * 32, more)
    return Note(checkpoint.text, tuple(one.sign(checkpoint.text) for one in by))


OLD, NEW, STRANGER = key(1), key(2), key(3)


# --- entries


def test_an_entry_is_json_that_anybody_can_write_again() -> None:
    assert encoded(ENTRY).decode() == (
        '{"command_digest":null,"command_events":1,'
        '"command_id":"0198f2c4-0000-4000-8000-000000000004",'
        '"event_id":"0198f2c4-0000-4000-8000-000000000003",'
        '"log":"0198f2c4-0000-4000-8000-000000000001","occurred_at":1792000000000000,'
        '"position":7,"recorded_at":1793000000000001,"state":"' + "ab" * 32 + '",'
        '"stream":"0198f2c4-0000-4000-8000-000000000002","topic":"request.closed/1","version":2}'
    )


@given(
    st.builds(
        LogEntry,
        log=st.uuids().map(str),
        position=st.integers(1, 2**63),
        stream=st.uuids().map(str),
        version=st.integers(-(2**63), 2**63),
        topic=st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
        recorded_at=st.integers(-(2**63), 2**63),
        occurred_at=st.integers(-(2**63), 2**63),
        event_id=st.uuids().map(str),
        command_id=st.uuids().map(str),
        command_events=st.integers(0, 2**31),
        command_digest=st.none() | st.binary(max_size=40).map(bytes.hex),
        state=st.binary(min_size=32, max_size=32).map(bytes.hex),
    )
)
def test_an_entry_read_and_written_is_the_same_entry(entry: LogEntry) -> None:
    assert decoded(encoded(entry)) == entry


@pytest.mark.parametrize(
    "data",
    [
        b"", b"7", b"{}", b"[]", encoded(ENTRY) + b" ", encoded(ENTRY).replace(b":7,", b": 7,"),
        encoded(ENTRY).replace(b'"position":7', b'"position":"7"'),
        encoded(ENTRY).replace(b'"version"', b'"versions"'),
    ],
)  # fmt: skip
def test_other_bytes_are_no_entry(data: bytes) -> None:
    with pytest.raises(EntryBroken):
        decoded(data)


def test_an_entry_that_is_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(EntryBroken, match="66010 bytes"):
        encoded(ENTRY._replace(topic="x" * 65_600))


@given(st.lists(st.binary(max_size=300)))
def test_a_bundle_holds_its_entries(entries: list[bytes]) -> None:
    data = bundled(entries)
    assert list(unbundled(data)) == entries
    if data:
        with pytest.raises(EntryBroken):
            list(unbundled(data[:-1] if entries[-1] else data[:-2] + b"\x01"))


# --- notes


def test_the_published_checkpoint_is_read_and_written_as_it_is() -> None:
    note = note_of(PUBLISHED)
    checkpoint = checkpoint_of(note)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert str(note) == PUBLISHED
    assert checkpoint.text == note.text


def test_a_key_is_written_as_other_programs_write_it() -> None:
    text = str(OLD.verifier)
    assert text.startswith(f"{ORIGIN}+{OLD.verifier.key_id.hex()}+A")
    assert verifier_key(text) == OLD.verifier
    assert keys_of(key_lines([OLD.verifier, NEW.verifier])) == (OLD.verifier, NEW.verifier)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\n1\n", "no signatures"),
        ("a\n1\n\n— a AAAAAAA=", "no signatures"),
        ("a\n1\n\n- a AAAAAAA=\n", "no signature line"),
        ("a\n1\n\n— a+b AAAAAAA=\n", "no signature line"),
        ("a\n1\n\n— a AAAA\n", "too short"),
        ("a\n1\n\n— a !!!!\n", "base64"),
        ("a\t\n1\n\n— a AAAAAAA=\n", "control"),
        ("a" * 70_000, "too long"),
    ],
)
def test_what_is_no_signed_note_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(NoteBroken, match=why):
        note_of(text)


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n",
     "a\n1\n" + "A" * 43 + "=\nnext-key nobody\n", "a\n\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteBroken):
        checkpoint_of(Note(text, ()))


@pytest.mark.parametrize("text", ["", "a", "a+b+c", "a+00000000+AQ==", str(OLD.verifier)[:-4]])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteBroken):
        verifier_key(text)


@pytest.mark.parametrize("extra", [None, b"", b"more"])
def test_a_proof_is_one_text_that_holds_all(extra: bytes | None) -> None:
    proof = Proof(5, (bytes(32), b"\x01" * 32), signed(8, OLD), extra)
    lines = str(proof).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert ("index 5" in lines[:3], lines[lines.index("") + 1]) == (True, ORIGIN)
    assert proof_of(str(proof)) == proof


@pytest.mark.parametrize(
    "change", [("@v1", "@v2"), ("index 5", "index 05"), ("index", "at"), ("AAA", "A A")]
)
def test_what_is_no_proof_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(NoteBroken):
        proof_of(str(Proof(5, (bytes(32),), signed(8, OLD))).replace(*change, 1))


def test_a_consistency_proof_is_what_a_witness_is_sent() -> None:
    text = consistency_text(3, [bytes(32)], signed(8, OLD))
    assert text.startswith("old 3\n" + "A" * 43 + "=\n\n" + ORIGIN)


# --- whose signature counts


def test_a_checkpoint_counts_that_a_known_key_has_signed() -> None:
    assert trusted(signed(4, OLD), [KeySpan(OLD.verifier)]).size == 4
    assert trusted(signed(4, STRANGER, OLD), [KeySpan(OLD.verifier)]).size == 4


def test_one_of_another_key_does_not_even_under_the_same_name() -> None:
    with pytest.raises(SignedByAnother, match=STRANGER.verifier.key_id.hex()):
        trusted(signed(4, STRANGER), [KeySpan(OLD.verifier)])


def test_a_signature_under_a_changed_text_is_broken() -> None:
    note = signed(4, OLD)
    with pytest.raises(SignatureBroken):
        trusted(note._replace(text=note.text.replace("4", "5", 1)), [KeySpan(OLD.verifier)])


def test_a_key_hands_over_to_the_next_which_then_counts_alone() -> None:
    change = signed(5, OLD, NEW, next_key=NEW)
    spans = key_spans([OLD.verifier], [signed(3, OLD), change, signed(7, NEW)])
    assert spans == (KeySpan(OLD.verifier, 0, 5), KeySpan(NEW.verifier, 5))
    for note in (signed(3, OLD), change, signed(7, NEW)):
        trusted(note, spans)
    for note in (signed(7, OLD), signed(3, NEW)):
        with pytest.raises(SignedByAnother, match="did not count"):
            trusted(note, spans)


@pytest.mark.parametrize(
    "change",
    [
        signed(5, OLD, STRANGER),
        signed(5, STRANGER, next_key=STRANGER),
        signed(5, OLD, next_key=STRANGER),
        Note(
            signed(5, OLD, next_key=NEW).text,
            (*signed(5, OLD, next_key=NEW).signatures, *signed(5, STRANGER).signatures),
        ),
    ],
    ids=["names no key", "old has not signed", "new has not signed", "another has signed"],
)
def test_nobody_else_can_make_himself_the_next_key(change: Note) -> None:
    assert [span.key for span in key_spans([OLD.verifier], [change])] == [OLD.verifier]


def test_a_retired_key_hands_over_to_nobody() -> None:
    changes = [signed(5, OLD, NEW, next_key=NEW), signed(9, OLD, STRANGER, next_key=STRANGER)]
    spans = key_spans([OLD.verifier], changes)
    assert [span.key for span in spans] == [OLD.verifier, NEW.verifier]


def test_the_program_openssl_judges_as_the_library_does() -> None:
    text = signed(4, OLD).text.encode()
    signature = OLD.private.sign(text)
    assert holds_by_openssl(OLD.verifier.public, text, signature)
    assert not holds_by_openssl(OLD.verifier.public, text + b"\n", signature)
    assert not holds_by_openssl(NEW.verifier.public, text, signature)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_to_auditors_runs_on_the_standard_library_alone(
    name: str, tmp_path: Path
) -> None:
    lay_out(("ledger/__init__.py", "ledger/tree"), tmp_path)
    # -S: without site-packages; -I: without this directory and the environment.
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import ledger.tree.{name}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", start], capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
