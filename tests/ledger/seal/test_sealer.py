"""The sealer: what it signs, what it refuses to sign, and where its checkpoints go."""

import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, LiteralString

import psycopg
import pytest
from msgspec.structs import replace

from ledger.schema import migrate
from ledger.seal import sealed, witness
from ledger.seal.keyfile import SealRefused, remembered_keys
from ledger.seal.proofs import NotSealed, Prover, bundle_entries, checkpoint_covering
from ledger.seal.sealed import StoredCheckpoint
from ledger.seal.sealer import Sealing, change_key, is_due, run, seal
from ledger.server.embedded import Cluster
from ledger.tree.entries import decoded
from ledger.tree.merkle import leaf_hash, proves_consistency, proves_inclusion
from ledger.tree.notes import checkpoint_of, proof_of
from ledger.tree.tiles import Edge
from ledger.tree.trust import key_spans, trusted
from ledger.verify.claims import gathered
from ledger.verify.whole_log import verify
from tests.databases import Database, own_database
from tests.ledger.commands import connected
from tests.ledger.sealing import Office

NOT_HIS: Final[tuple[LiteralString, ...]] = (
    "UPDATE seal_log SET log_id = gen_random_uuid()",
    "INSERT INTO seal_log VALUES (false)",
    "UPDATE seal_suite SET suite = 'sm3'",
    "DELETE FROM seal_suite",
    "UPDATE seal_checkpoints SET note = ''",
    "DELETE FROM seal_checkpoints WHERE number = 2",
    "TRUNCATE seal_checkpoints",
    "UPDATE seal_keys SET verifier_key = 'x'",
    "DELETE FROM seal_keys",
    "DELETE FROM seal_tiles",
    "TRUNCATE seal_tiles",
    "UPDATE seal_tiles SET hashes = hashes",
    "UPDATE seal_tiles SET hashes = substr(hashes, 1, 32)",
    "UPDATE seal_tiles SET hashes = set_byte(hashes || hashes, 0, get_byte(hashes, 0) # 1)"
    " WHERE level = 1",
    "UPDATE seal_tiles SET level = 3",
)


@pytest.fixture
def office(any_database: Database, home: Path) -> Office:
    return Office(any_database, home)


def tiles(office: Office) -> dict[tuple[int, int], bytes]:
    with connected(office.database.app_url) as log:
        rows = log.execute("SELECT level, number, hashes FROM seal_tiles").fetchall()
    return {(level, number): bytes(hashes) for level, number, hashes in rows}


def last_of(office: Office) -> StoredCheckpoint:
    with connected(office.database.app_url) as log:
        found = sealed.last(log)
    assert found is not None
    return found


# --- what is sealed


def test_an_empty_log_is_not_sealed(office: Office) -> None:
    assert office.seal() == []
    assert not office.sealing.witness.exists()  # type: ignore[union-attr]


def test_every_event_is_sealed_in_steps_and_nothing_twice(office: Office) -> None:
    office.append(*[1, 2, 3] * 120)
    assert [(one.number, one.size) for one in office.seal()] == [(1, 300), (2, 600), (3, 720)]
    assert office.seal() == []
    office.append(1)
    assert [(one.number, one.size) for one in office.seal()] == [(4, 721)]


def test_the_tree_is_over_the_entries_of_the_log_and_the_same_in_one_step_or_in_many(
    cluster: Cluster, database: Database, tmp_path: Path
) -> None:
    office = Office(database, tmp_path / "one")
    office.append(*[1] * 20)
    office.seal()
    for _ in range(30):
        office.append(*[1, 2] * 6)
        office.seal()
    with connected(database.app_url) as log:
        identity = sealed.identity(log)
        leaves = [leaf_hash(one) for number in range(3) for one in bundle_entries(log, number)]
        states = log.execute("SELECT sha256(state) FROM log_events ORDER BY notification_id")
        digests = [bytes(row[0]).hex() for row in states.fetchall()]
        for number, digest in enumerate(digests[:256]):
            entry = decoded(bundle_entries(log, 0)[number]) if number in {0, 255} else None
            assert entry is None or entry.state == digest
    edge = Edge(0, lambda _: b"", identity.hash)
    assert edge.extend(leaves) == tiles(office)
    assert edge.root() == last_of(office).checkpoint.root
    assert cluster.exists


def test_an_entry_says_what_every_column_of_the_event_says(office: Office) -> None:
    office.append(2)
    office.seal()
    with connected(office.database.app_url) as log:
        entry = decoded(bundle_entries(log, 0)[1])
        row = log.execute(
            "SELECT originator_id::text, originator_version, notification_id,"
            " (extract(epoch FROM recorded_at) * 1000000)::bigint,"
            " (extract(epoch FROM occurred_at) * 1000000)::bigint, event_id::text,"
            " command_id::text, command_events, encode(command_digest, 'hex'), topic,"
            " encode(sha256(state), 'hex') FROM log_events WHERE notification_id = 2"
        ).fetchone()
        columns = log.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'log_events'"
        ).fetchone()
        log_id = sealed.identity(log).log
    assert row == (
        entry.stream, entry.version, entry.position, entry.recorded_at, entry.occurred_at,
        entry.event_id, entry.command_id, entry.command_events, entry.command_digest, entry.topic,
        entry.state,
    )  # fmt: skip
    assert columns == (len(row),)
    assert entry.log == log_id


def test_sealers_side_by_side_make_one_tree(office: Office) -> None:
    office.append(*[1] * 700)
    with ThreadPoolExecutor(4) as sealers:
        signed = [one for many in sealers.map(lambda _: office.seal(), range(4)) for one in many]
    assert sorted((one.number, one.size) for one in signed) == [(1, 300), (2, 600), (3, 700)]
    assert office.verify(witness=True).ok


def test_a_log_may_be_sealed_with_sm3_and_says_so(office: Office) -> None:
    office.append(*[1] * 300)
    sealing = Sealing(keys=office.sealing.keys, witness=office.sealing.witness, suite="sm3")
    with connected(office.database.app_url) as log:
        seal(log, sealing)
        assert sealed.identity(log).suite == "sm3"
    assert last_of(office).checkpoint.origin.endswith("/sm3")
    assert office.verify(witness=True).ok
    office.append(1)
    office.seal()
    assert last_of(office).checkpoint.origin.endswith("/sm3"), "the first seal decides"
    with office.attacked() as attacker:
        attacker.execute("UPDATE log_events SET state = state || ' ' WHERE notification_id = 9")
    found = office.verify().first_bad
    assert found is not None
    assert (found.position, found.kind) == (9, "altered")


# --- when


def test_sealing_is_due_after_so_many_events_or_so_much_time(office: Office) -> None:
    often = Sealing(keys=office.sealing.keys, every_events=5, every_s=3600)
    at_once = Sealing(keys=office.sealing.keys, every_events=5, every_s=0)
    with connected(office.database.app_url) as log:
        assert not is_due(log, at_once)
        office.append(1)
        assert is_due(log, often), "the first checkpoint is not waited for"
        seal(log, often)
        office.append(*[1] * 4)
        assert not is_due(log, often)
        assert is_due(log, at_once)
        office.append(1)
        assert is_due(log, often)


def test_the_sealer_follows_the_log_until_it_is_told_to_stop(office: Office) -> None:
    stop = threading.Event()
    office.append(*[1] * 10)
    sealing = Sealing(keys=office.sealing.keys, witness=office.sealing.witness, every_s=0)
    sealer = threading.Thread(target=run, args=[office.database.app_url, sealing, stop])
    sealer.start()
    try:
        with connected(office.database.app_url) as log:
            wait_for(lambda: sealed.last(log) is not None)
    finally:
        stop.set()
        sealer.join()
    assert last_of(office).size == 10


def test_what_is_refused_is_said_in_the_log_and_the_sealer_goes_on(
    sealed_office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    files = sealed_office.sealing.keys
    kept = files.key.read_bytes()
    files.key.unlink()
    sealed_office.append(1)
    stop = threading.Event()
    sealing = Sealing(keys=files, every_events=1, every_s=0.1)
    sealer = threading.Thread(target=run, args=[sealed_office.database.app_url, sealing, stop])
    sealer.start()
    try:
        wait_for(lambda: "put it back" in caplog.text)
        files.key.write_bytes(kept)
        wait_for(lambda: last_of(sealed_office).size == 601)
    finally:
        stop.set()
        sealer.join()


def wait_for(reached: Callable[[], bool]) -> None:
    for _ in range(600):
        if reached():
            return
        threading.Event().wait(0.05)
    raise AssertionError("not reached in half a minute")


# --- the key


def test_the_key_is_made_once_readable_by_nobody_else_and_never_in_the_database(
    office: Office,
) -> None:
    office.append(1)
    office.seal()
    files = office.sealing.keys
    before = files.key.read_bytes()
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.key.parent.stat().st_mode) == 0o700
    office.append(1)
    office.seal()
    assert files.key.read_bytes() == before
    with connected(office.database.app_url) as log:
        assert remembered_keys(files) == sealed.keys(log)


def test_a_new_key_is_signed_for_by_the_old_one_and_the_history_is_kept(office: Office) -> None:
    office.append(*[1] * 10)
    office.seal()
    with connected(office.database.app_url) as log:
        change = change_key(log, office.sealing)
        office.append(1)
        office.seal()
        keys = sealed.keys(log)
        notes = [one.note for one in sealed.checkpoints(log)]
    assert len(keys) == 2
    assert change.checkpoint.next_key == keys[1]
    assert [len(note.signatures) for note in notes] == [1, 2, 1]
    spans = key_spans(keys[:1], notes)
    assert [trusted(note, spans).size for note in notes] == [10, 10, 11]
    assert remembered_keys(office.sealing.keys) == keys
    assert len(list(office.sealing.keys.key.parent.glob("*.retired"))) == 1
    for own in (True, False):
        assert office.verify(own=own, witness=True).ok


def test_a_change_of_key_that_was_cut_off_after_its_commit_is_finished_later(
    office: Office,
) -> None:
    office.append(1)
    office.seal()
    files = office.sealing.keys
    old = files.key.read_bytes()
    with connected(office.database.app_url) as log:
        change_key(log, office.sealing)
    files.key.replace(files.next)
    files.key.write_bytes(old)
    next(files.key.parent.glob("*.retired")).unlink()
    office.append(1)
    office.seal()
    assert not files.next.exists()
    assert office.verify(witness=True).ok


def test_without_its_key_the_log_is_not_sealed_on(office: Office) -> None:
    office.append(1)
    office.seal()
    files = office.sealing.keys
    kept = files.key.read_bytes()
    files.key.unlink()
    office.append(1)
    with pytest.raises(SealRefused, match=r"put it back"):
        office.seal()
    files.key.write_text("no key")
    with pytest.raises(SealRefused, match="cannot be read as a key"):
        office.seal()
    assert last_of(office).size == 1
    files.key.write_bytes(kept)
    assert office.seal()[0].size == 2


# --- what is not signed


def refused(office: Office, why: str) -> None:
    office.append(1)
    before = last_of(office)
    with pytest.raises(SealRefused, match=why):
        office.seal()
    assert last_of(office) == before


@pytest.fixture
def sealed_office(office: Office) -> Office:
    office.append(*[1, 2] * 200)
    office.seal()
    return office


def test_changed_tiles_are_not_signed_on(sealed_office: Office) -> None:
    with sealed_office.attacked() as attacker:
        attacker.execute(
            "UPDATE seal_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)"
            " WHERE level = 0 AND number = 2"
        )
    refused(sealed_office, "tiles are not those of the last checkpoint")


def test_a_checkpoint_of_another_key_is_not_signed_on(
    sealed_office: Office, tmp_path: Path
) -> None:
    forger = Office(sealed_office.database, tmp_path / "forger")
    with sealed_office.attacked() as attacker:
        attacker.execute("DELETE FROM seal_checkpoints")
        attacker.execute("DELETE FROM seal_keys")
        attacker.execute("DELETE FROM seal_tiles")
    forger.seal()
    with pytest.raises(SealRefused, match="which is not in"):
        sealed_office.seal()


def test_a_log_with_a_gap_is_not_signed(sealed_office: Office) -> None:
    sealed_office.append(1, 1, 1)
    with sealed_office.attacked() as attacker:
        attacker.execute("DELETE FROM log_events WHERE notification_id = 602")
    refused(sealed_office, r"position 602 is not as the log writes it|602 is missing")


@pytest.mark.parametrize("remembers", ["machine", "witness"])
def test_an_older_state_is_not_sealed_on(cluster: Cluster, home: Path, remembers: str) -> None:
    """What a restored dump is: everything in the database is whole, and older."""
    with own_database(cluster) as database:
        office = Office(database, home)
        office.append(*[1] * 300)
        office.seal()
        with own_database(cluster, template=database.name) as older:
            office.append(*[1] * 50)
            office.seal()
            restored = replace(office, database=older)
            if remembers == "machine":
                for file in home.glob("witness/**/*"):
                    if file.is_file():
                        file.unlink()
            else:
                office.sealing.keys.last.unlink()
            refused(restored, "an older state was restored")
            restored.append(*[1] * 50)
            with pytest.raises(SealRefused, match="an older state was restored"):
                restored.seal()


def test_an_older_state_is_sealed_on_where_what_contradicts_it_was_put_aside(
    cluster: Cluster, home: Path
) -> None:
    with own_database(cluster) as database:
        office = Office(database, home)
        office.append(*[1] * 20)
        office.seal()
        with own_database(cluster, template=database.name) as older:
            office.append(*[1] * 5)
            office.seal()
            restored = replace(office, database=older)
            restored.append(*[1] * 7)
            aside = (home / "witness").rename(home / "aside")
            office.sealing.keys.last.unlink()
            assert restored.seal()[0].size == 27
            assert restored.verify(witness=True).ok
            evidence = gathered(restored.sealing.keys, aside)
            first_bad = verify(older.app_url, evidence, workers=0).first_bad
    assert first_bad is not None
    assert (first_bad.position, first_bad.kind) == (21, "forked")


def test_the_key_does_not_seal_two_logs(sealed_office: Office, cluster: Cluster) -> None:
    with own_database(cluster, template="template1") as other:
        migrate(other.owner_url)
        another = replace(sealed_office, database=other)
        another.append(1)
        with pytest.raises(SealRefused, match="this log is"):
            another.seal()
    assert sealed_office.verify().ok


# --- where it goes


def test_the_witness_directory_is_a_log_as_any_web_server_can_serve_it(
    sealed_office: Office,
) -> None:
    folder = sealed_office.sealing.witness
    assert folder is not None
    sealed_office.append(1)
    sealed_office.seal()
    newest = witness.newest(folder)
    assert newest is not None
    assert checkpoint_of(newest) == last_of(sealed_office).checkpoint
    assert [one.name for one in sorted((folder / "checkpoints").iterdir())] == [
        f"{number:010d}" for number in (1, 2, 3)
    ]
    read = witness.tile_in(folder)
    assert {which: read(*which) for which in tiles(sealed_office)} == tiles(sealed_office)
    assert (folder / "tile" / "0" / "002.p" / "88").exists(), "of the checkpoint of 600"
    assert not list(folder.rglob("*.partial"))


def test_a_directory_that_was_away_gets_what_it_missed(sealed_office: Office) -> None:
    folder = sealed_office.sealing.witness
    assert folder is not None
    away = folder.rename(folder.with_name("away"))
    folder.touch()
    sealed_office.append(1)
    with pytest.raises(OSError, match="witness"):
        sealed_office.seal()
    assert last_of(sealed_office).size == 601
    folder.unlink()
    away.rename(folder)
    assert sealed_office.seal() == []
    newest = witness.newest(folder)
    assert newest is not None
    assert checkpoint_of(newest).size == 601


def test_a_published_checkpoint_is_never_overwritten(sealed_office: Office) -> None:
    folder = sealed_office.sealing.witness
    assert folder is not None
    path = folder / "checkpoints" / f"{2:010d}"
    path.write_text(path.read_text().replace("600", "599"))
    sealed_office.append(1)
    with pytest.raises(SealRefused, match="another checkpoint"):
        sealed_office.seal()
    assert "599" in path.read_text()


# --- proofs


def test_every_event_has_a_proof_that_needs_nothing_of_ours(sealed_office: Office) -> None:
    with connected(sealed_office.database.app_url) as log:
        prover = Prover(log)
        entries = prover.entries([1, 256, 257, 600])
        for position, entry in entries.items():
            read = proof_of(str(prover.proof(position)))
            checkpoint = checkpoint_of(read.note)
            leaf = leaf_hash(entry)
            assert read.leaf == position - 1
            assert proves_inclusion(leaf, read.leaf, checkpoint.size, read.path, checkpoint.root)
        assert len(entries) == 4
        old = checkpoint_covering(log, 12)
        assert old.size == 300
        path = prover.consistency(300)
        top = prover.checkpoint.root
        assert proves_consistency(300, 600, old.checkpoint.root, top, path)
        assert prover.consistency_text(300).startswith("old 300\n")
        earlier = Prover(log, old.note)
        assert proof_of(str(earlier.proof(300))).note == old.note
        for position in (0, 301):
            with pytest.raises(NotSealed):
                earlier.proof(position)


def test_what_is_not_sealed_has_no_proof(office: Office) -> None:
    with connected(office.database.app_url) as log:
        for asked in (lambda: Prover(log), lambda: bundle_entries(log, 0)):
            with pytest.raises(NotSealed):
                asked()
        office.append(1)
        with pytest.raises(NotSealed):
            checkpoint_covering(log, 1)


# --- rights


@pytest.mark.parametrize("attempt", NOT_HIS)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_what_is_sealed_is_not_changed_by_the_application_nor_by_the_owner(
    sealed_once: Office, role: str, attempt: LiteralString
) -> None:
    before = tiles(sealed_once)
    database = sealed_once.database
    with connected(database.app_url if role == "app" else database.owner_url) as log:
        refusal = (psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)
        with pytest.raises(refusal):
            log.execute(attempt)
    assert tiles(sealed_once) == before


@pytest.fixture(scope="module")
def sealed_once(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with own_database(cluster) as database:
        office = Office(database, tmp_path_factory.mktemp("office"))
        office.append(*[1] * 257)
        office.seal()
        yield office
