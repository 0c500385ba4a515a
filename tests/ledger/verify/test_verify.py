"""Verifying: an honest log is never accused, and whoever changes one is found, whatever his rights
in the database."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, LiteralString
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from ledger.schema import migrate
from ledger.seal import keyfile, sealed
from ledger.seal.sealer import change_key
from ledger.seal.witness import WitnessUnreadable, note_in
from ledger.server.embedded import Cluster
from ledger.tree.notes import checkpoint_of, note_of
from ledger.verify import whole_log as verify
from ledger.verify.claims import gathered
from ledger.verify.streams import verify_streams
from ledger.verify.whole_log import Verified
from tests.databases import Database, own_database, temporary_home
from tests.ledger.commands import append, connected, written
from tests.ledger.sealing import Office

Attacker = psycopg.Connection[Any]
HISTORIES: Final = 10
STATES: Final = 25
"""Of each history, in each of four tests: a thousand honest states of a log are verified in all."""
UPDATE: Final = "UPDATE log_events SET {} WHERE notification_id = 417"
FORGED: Final = """
    INSERT INTO log_events
    SELECT gen_random_uuid(), 1, {position}, recorded_at, occurred_at, gen_random_uuid(),
           gen_random_uuid(), 1, NULL, topic, state
      FROM log_events WHERE notification_id = {like}
"""


@pytest.fixture(scope="module")
def sealed_of() -> Iterator[Callable[[Cluster], Office]]:
    """The office of a server that the others are copies of, made at its first use."""
    made: dict[str, Office] = {}
    with ExitStack() as stack:

        def sealed(cluster: Cluster) -> Office:
            server = cluster.url("superuser")
            if server not in made:
                database = stack.enter_context(own_database(cluster))
                made[server] = Office(database, stack.enter_context(temporary_home()))
                _sealed(made[server])
            return made[server]

        yield sealed


def _sealed(office: Office) -> None:
    """600 events sealed at 300 and 600, 3 more not yet."""
    office.append(*[1, 2, 3] * 50)
    office.seal()
    office.append(*[1, 2, 3] * 50)
    office.seal()
    office.append(1, 2)
    assert office.verify(witness=True).ok


@pytest.fixture
def office(
    any_cluster: Cluster, sealed_of: Callable[[Cluster], Office], home: Path
) -> Iterator[Office]:
    """A copy of the sealed office: its database, its keys and its witness."""
    sealed = sealed_of(any_cluster)
    shutil.copytree(sealed.place, home)
    with own_database(any_cluster, template=sealed.database.name) as database:
        yield Office(database, home)


def found(verified: Verified) -> tuple[int, str]:
    assert not verified.ok
    assert verified.first_bad is not None
    return verified.first_bad.position, verified.first_bad.kind


# --- what is done to a log


def altered(attacker: Attacker) -> None:
    """One byte."""
    attacker.execute(
        "UPDATE log_events SET state = set_byte(state, 20, get_byte(state, 20) # 1)"
        " WHERE notification_id = 417"
    )


def _exchanged(attacker: Attacker, one: int, other: int) -> None:
    for position, becomes in ((one, -1), (other, one), (-1, other)):
        attacker.execute(
            "UPDATE log_events SET notification_id = %s WHERE notification_id = %s",
            [becomes, position],
        )


def swapped(attacker: Attacker) -> None:
    _exchanged(attacker, 17, 18)


def swapped_far(attacker: Attacker) -> None:
    _exchanged(attacker, 17, 518)


def swapped_with_their_times_kept(attacker: Attacker) -> None:
    times = [
        attacker.execute(
            "SELECT recorded_at FROM log_events WHERE notification_id = %s", [position]
        ).fetchone()
        for position in (17, 518)
    ]
    _exchanged(attacker, 17, 518)
    for position, row in zip((17, 518), times, strict=True):
        attacker.execute(
            "UPDATE log_events SET recorded_at = %s WHERE notification_id = %s",
            [row[0] if row else None, position],
        )


def deleted(attacker: Attacker) -> None:
    attacker.execute("DELETE FROM log_events WHERE notification_id = 100")


def _shifted(attacker: Attacker, start: int, by: int) -> None:
    """Later positions move, and the counter with them."""
    attacker.execute(
        "UPDATE log_events SET notification_id = -notification_id WHERE notification_id >= %s",
        [start],
    )
    attacker.execute(
        "UPDATE log_events SET notification_id = -notification_id + %s WHERE notification_id < 0",
        [by],
    )
    attacker.execute("UPDATE log_head SET position = position + %s", [by])


def deleted_and_closed_up(attacker: Attacker) -> None:
    deleted(attacker)
    _shifted(attacker, 101, -1)


def inserted(attacker: Attacker) -> None:
    _shifted(attacker, 100, 1)
    attacker.execute(FORGED.format(position=100, like=99).encode())


def inserted_at_a_taken_position(attacker: Attacker) -> None:
    attacker.execute("DROP INDEX log_events_notification_id_idx")
    attacker.execute(FORGED.format(position=100, like=99).encode())


def inserted_past_the_counter(attacker: Attacker) -> None:
    attacker.execute(FORGED.format(position=604, like=99).encode())


def inserted_before_the_beginning(attacker: Attacker) -> None:
    attacker.execute(FORGED.format(position=0, like=99).encode())


def cut(attacker: Attacker) -> None:
    attacker.execute("DELETE FROM log_events WHERE notification_id > 590")


def cut_with_the_counter(attacker: Attacker) -> None:
    cut(attacker)
    attacker.execute(
        "UPDATE log_head SET position = 590, recorded_at ="
        " (SELECT recorded_at FROM log_events WHERE notification_id = 590)"
    )


def counter_set_back(attacker: Attacker) -> None:
    attacker.execute("UPDATE log_head SET position = 500")


def counter_set_on(attacker: Attacker) -> None:
    attacker.execute("UPDATE log_head SET position = position + 1")


def counter_with_another_time(attacker: Attacker) -> None:
    attacker.execute("UPDATE log_head SET recorded_at = recorded_at + interval '1 hour'")


def counter_gone(attacker: Attacker) -> None:
    attacker.execute("DELETE FROM log_head")


def unsealed_time_turned_back(attacker: Attacker) -> None:
    attacker.execute("UPDATE log_events SET recorded_at = '2020-01-01' WHERE notification_id = 602")


def unsealed_version_skipped(attacker: Attacker) -> None:
    attacker.execute("UPDATE log_events SET originator_version = 7 WHERE notification_id = 603")


def tile_altered(attacker: Attacker) -> None:
    attacker.execute(
        "UPDATE seal_tiles SET hashes = set_byte(hashes, 100, get_byte(hashes, 100) # 1)"
        " WHERE level = 0 AND number = 1"
    )


def tile_above_altered(attacker: Attacker) -> None:
    attacker.execute(
        "UPDATE seal_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)"
        " WHERE level = 1"
    )


def tile_deleted(attacker: Attacker) -> None:
    attacker.execute("DELETE FROM seal_tiles WHERE level = 0 AND number = 1")


def checkpoint_altered(attacker: Attacker) -> None:
    attacker.execute("UPDATE seal_checkpoints SET note = replace(note, E'\\n600\\n', E'\\n599\\n'),"
                     " size = 599 WHERE number = 2")  # fmt: skip


def checkpoint_deleted(attacker: Attacker) -> None:
    attacker.execute("DELETE FROM seal_checkpoints WHERE number = 1")


def checkpoint_made_nonsense(attacker: Attacker) -> None:
    attacker.execute("UPDATE seal_checkpoints SET note = 'nothing' WHERE number = 2")


def another_log(attacker: Attacker) -> None:
    attacker.execute("UPDATE seal_log SET log_id = gen_random_uuid()")


ATTACKS: Final[tuple[tuple[Callable[[Attacker], None], int, str], ...]] = (
    (altered, 417, "altered"),
    (swapped, 17, "reordered"),
    (swapped_far, 17, "reordered"),
    (swapped_with_their_times_kept, 17, "reordered"),
    (deleted, 100, "deleted"),
    (deleted_and_closed_up, 100, "deleted"),
    (inserted, 100, "inserted"),
    (inserted_at_a_taken_position, 100, "inserted"),
    (inserted_past_the_counter, 604, "inserted"),
    (inserted_before_the_beginning, 0, "inserted"),
    (cut, 591, "tail cut"),
    (cut_with_the_counter, 591, "tail cut"),
    (counter_set_back, 501, "counter off"),
    (counter_set_on, 604, "tail cut"),
    (counter_with_another_time, 603, "counter off"),
    (counter_gone, 1, "counter off"),
    (unsealed_time_turned_back, 602, "counter off"),
    (unsealed_version_skipped, 603, "counter off"),
    (tile_altered, 260, "altered"),
    (tile_above_altered, 1, "altered"),
    (tile_deleted, 257, "altered"),
    (checkpoint_altered, 301, "altered"),
    (checkpoint_deleted, 1, "deleted"),
    (checkpoint_made_nonsense, 301, "altered"),
    (another_log, 1, "altered"),
)
COLUMNS: Final[tuple[LiteralString, ...]] = (
    "topic = 'request.voided/1'",
    "recorded_at = recorded_at + interval '1 microsecond'",
    "occurred_at = occurred_at - interval '1 microsecond'",
    "event_id = gen_random_uuid()",
    "command_id = gen_random_uuid()",
    "command_events = command_events - 1",
    "command_digest = sha256(state)",
    "originator_id = gen_random_uuid()",
    "originator_version = originator_version + 100",
)


@pytest.mark.parametrize("alone", [True, False], ids=["database alone", "with witness"])
@pytest.mark.parametrize(
    ("attack", "position", "kind"), ATTACKS, ids=[one[0].__name__ for one in ATTACKS]
)
def test_what_was_done_with_every_right_and_no_trigger_is_found_and_named(
    office: Office,
    attack: Callable[[Attacker], None],
    position: int,
    kind: str,
    alone: bool,  # noqa: FBT001
) -> None:
    with office.attacked() as attacker:
        attack(attacker)
    verified = office.verify(own=not alone, witness=not alone)
    assert found(verified) == (position, kind), verified.flaws
    assert verified.sealed < max(position, 1)


@pytest.mark.parametrize("assignment", COLUMNS)
def test_no_column_of_an_event_can_be_altered_unseen(
    office: Office, assignment: LiteralString
) -> None:
    with office.attacked() as attacker:
        attacker.execute(UPDATE.format(assignment).encode())
    verified = office.verify()
    assert found(verified)[0] == 417
    assert "altered" in [flaw.kind for flaw in verified.flaws if flaw.position == 417]


def test_a_row_altered_with_its_tile_is_told_from_its_neighbours_by_the_witness_alone(
    office: Office,
) -> None:
    with office.attacked() as attacker:
        altered(attacker)
        attacker.execute(
            "UPDATE seal_tiles SET hashes"
            " = set_byte(hashes, 32 * 160, get_byte(hashes, 32 * 160) # 1)"
            " WHERE level = 0 AND number = 1"
        )
    alone = office.verify(own=False).first_bad
    assert alone is not None
    assert (alone.position, alone.upto, alone.kind) == (257, 512, "altered")
    witnessed = office.verify(witness=True)
    assert 417 in [flaw.position for flaw in witnessed.flaws if flaw.kind == "altered"]


@pytest.mark.parametrize("name", ["topic", "state", "event_id", "recorded_at"])
def test_a_row_that_is_no_event_any_more_is_altered(office: Office, name: LiteralString) -> None:
    with office.attacked() as attacker:
        attacker.execute(f"ALTER TABLE log_events ALTER COLUMN {name} DROP NOT NULL".encode())
        attacker.execute(UPDATE.format(f"{name} = NULL").encode())
    assert found(office.verify()) == (417, "altered")
    assert (417, "altered") in [
        (one.position, one.kind) for one in of_streams(office, streams_at(office, 417)).flaws
    ]


def test_the_newest_checkpoint_is_missed_by_the_machine_that_signed_it(office: Office) -> None:
    with office.attacked() as attacker:
        attacker.execute("DELETE FROM seal_checkpoints WHERE number = 2")
        attacker.execute("DELETE FROM seal_tiles WHERE level = 0 AND number = 2")
        attacker.execute(
            "UPDATE seal_tiles SET hashes = substr(hashes, 1, 32 * 44) WHERE number = 1"
        )
        attacker.execute("UPDATE seal_tiles SET hashes = substr(hashes, 1, 32) WHERE level = 1")
    assert office.verify(own=False).ok, "the database alone cannot know"
    assert found(office.verify()) == (301, "deleted")


# --- he who seals anew, with a key of his own


def sealed_anew(office: Office, place: Path) -> None:
    """All that is stored of the seal, made again from the rows as they are now."""
    with office.attacked() as attacker:
        attacker.execute("TRUNCATE seal_checkpoints, seal_tiles, seal_keys")
    forger = Office(office.database, place)
    forger.seal()
    assert forger.verify(witness=True).ok, "the forgery is whole in itself"


def test_a_log_sealed_anew_with_another_key_convinces_only_who_believes_the_database(
    office: Office, tmp_path: Path
) -> None:
    given = office.sealing.keys
    keys = keyfile.remembered_keys(given)
    with office.attacked() as attacker:
        altered(attacker)
    sealed_anew(office, tmp_path / "forger")
    assert found(office.verify()) == (1, "signed by another key")
    assert found(office.verify(own=False, keys=keys)) == (1, "signed by another key")
    alone = office.verify(own=False)
    assert (alone.ok, alone.trusted_by) == (True, "database")
    with_witness = office.verify(own=False, witness=True)
    assert (417, "altered") in [(one.position, one.kind) for one in with_witness.flaws]


def test_checkpoints_without_tiles_still_tell_between_which_two_it_was(
    office: Office, tmp_path: Path
) -> None:
    files = [tmp_path / "mailed-300", tmp_path / "mailed-600"]
    with connected(office.database.app_url) as log:
        stored = sealed.checkpoints(log)
        keys = sealed.keys(log)
    for file, one in zip(files, (stored[0], stored[-1]), strict=True):
        file.write_text(one.text)
    with office.attacked() as attacker:
        altered(attacker)
    sealed_anew(office, tmp_path / "forger")
    evidence = gathered(None, None, [note_in(file) for file in files], keys)
    verified = verify.verify(office.database.app_url, evidence, workers=0)
    told = [(one.position, one.upto, one.kind) for one in verified.flaws]
    assert (301, 600, "altered") in told


def test_a_forged_change_of_key_is_not_believed(office: Office, tmp_path: Path) -> None:
    """An honest checkpoint that another key has signed as well, and called its own."""
    forger = Office(office.database, tmp_path / "forger")
    with connected(office.database.app_url) as log:
        name = sealed.identity(log).origin
        last = sealed.last(log)
    assert last is not None
    key = keyfile.create(forger.sealing.keys.key, name)
    note = last.note
    both = note._replace(signatures=(*note.signatures, key.sign(note.text)))
    with office.attacked() as attacker:
        attacker.execute("UPDATE seal_checkpoints SET note = %s WHERE number = 2", [str(both)])
        attacker.execute("INSERT INTO seal_keys VALUES (2, %s, 2)", [str(key.verifier)])
    forger.append(1)
    with connected(office.database.app_url) as log:
        keyfile.remember(forger.sealing.keys, sealed.keys(log), str(both))
    forger.seal()
    for own in (True, False):
        position, kind = found(office.verify(own=own, keys=() if own else (key_of(office),)))
        assert (position, kind) == (1, "signed by another key")


def key_of(office: Office) -> Any:
    return keyfile.remembered_keys(office.sealing.keys)[0]


# --- he who puts an older state back


def test_a_log_rolled_back_to_a_dump_is_whole_in_itself_and_cut_for_the_witness(
    cluster: Cluster, home: Path
) -> None:
    with own_database(cluster) as database:
        living = Office(database, home)
        living.append(*[1] * 120)
        living.seal()
        living.append(*[1] * 7)
        with own_database(cluster, template=database.name) as dumped:
            living.append(*[1] * 50)
            living.seal()
            rolled_back = replace(living, database=dumped)
            assert rolled_back.verify(own=False).ok
            for witness in (False, True):
                verified = rolled_back.verify(own=not witness, witness=witness)
                assert found(verified) == (128, "tail cut")
                assert verified.sealed == 120
            rolled_back.append(*[1] * 100)
            assert found(rolled_back.verify(own=False, witness=True)) == (128, "altered")
            sealed_by_the_same_key(rolled_back)
            verified = rolled_back.verify(own=False, witness=True)
            assert found(verified) == (128, "forked")
            assert "two histories were signed" in str(verified.first_bad)


def sealed_by_the_same_key(office: Office) -> None:
    """By somebody who has the key, and forgets what it has signed."""
    elsewhere = Office(office.database, office.place / "elsewhere")
    ours, theirs = office.sealing.keys, elsewhere.sealing.keys
    theirs.key.parent.mkdir(parents=True)
    theirs.key.write_bytes(ours.key.read_bytes())
    elsewhere.seal()


def test_a_dump_that_is_restored_has_the_same_roots(
    new_cluster: Callable[..., Cluster], tmp_path: Path
) -> None:
    source, target = new_cluster("source"), new_cluster("target")
    source.start()
    target.start()

    def office_of(cluster: Cluster) -> Office:
        urls = [cluster.url(role) for role in ("app", "owner", "superuser")]
        return Office(Database("anjuan", *urls), tmp_path / "office")

    migrate(source.url("owner"))
    before = office_of(source)
    before.append(*[1, 2] * 200)
    before.seal()
    source.backup(tmp_path / "anjuan.dump")
    told = before.verify(witness=True)
    target.restore(tmp_path / "anjuan.dump")
    target.start()
    after = office_of(target)
    again = after.verify(witness=True)
    assert (again.ok, again.root, again.size) == (True, told.root, 600)
    after.append(1)
    assert after.seal()[0].size == 601
    assert after.verify(witness=True).ok


# --- an honest log


@pytest.mark.parametrize("first", range(0, 4 * HISTORIES, HISTORIES))
def test_a_thousand_honest_states_are_never_accused(
    cluster: Cluster, home: Path, first: int
) -> None:
    accused = []
    for history in range(first, first + HISTORIES):
        draw = random.Random(history)
        with own_database(cluster) as database:
            office = Office(database, home / str(history))
            for state in range(STATES):
                step(office, draw)
                verified = office.verify(
                    own=draw.random() < 0.5,
                    witness=(office.place / "witness" / "checkpoint").exists(),
                )
                if not verified.ok:
                    accused.append((history, state, verified.flaws))
    assert accused == []


def step(office: Office, draw: random.Random) -> None:
    """Something that happens to an honest log."""
    what = draw.choice(["append", "append", "many", "go on", "seal", "seal", "key", "lost home"])
    match what:
        case "append":
            office.append(*(draw.randint(1, 4) for _ in range(draw.randint(1, 5))))
        case "many":
            office.append(*[1] * draw.choice([100, 255, 256, 257, 300]))
        case "go on":
            with connected(office.database.app_url) as log:
                row = log.execute(
                    "SELECT originator_id, max(originator_version) FROM log_events"
                    " GROUP BY 1 ORDER BY random() LIMIT 1"
                ).fetchone()
                append(log, written((row[0], row[1] + 1) if row else (uuid4(), 1)))
        case "seal":
            office.seal()
        case "key":
            office.append(1)
            with connected(office.database.app_url) as log:
                change_key(log, office.sealing)
        case _:
            office.sealing.keys.last.unlink(missing_ok=True)


def test_events_that_are_appended_meanwhile_do_not_matter(office: Office) -> None:
    with connected(office.database.app_url) as log:
        with log.transaction():
            append(log, written((uuid4(), 1)))
            assert office.verify(witness=True).size == 603
        assert office.verify(witness=True).size == 604


def test_an_empty_log_is_what_it_is(any_database: Database, tmp_path: Path) -> None:
    verified = Office(any_database, tmp_path).verify()
    assert (verified.ok, verified.size, verified.sealed) == (True, 0, 0)
    assert verified.root == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_processes_come_to_the_same_result(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "WORTH_PROCESSES", 1)
    monkeypatch.setattr(verify, "EVENTS_PER_PART", 256)
    evidence = gathered(office.sealing.keys, office.sealing.witness)
    told: list[tuple[int, int]] = []
    here = verify.verify(office.database.app_url, evidence, workers=0)
    there = verify.verify(
        office.database.app_url,
        evidence,
        workers=2,
        progress=lambda done, parts: told.append((done, parts)),
    )
    assert here == there
    assert told == [(1, 3), (2, 3), (3, 3)]
    with office.attacked() as attacker:
        altered(attacker)
    assert found(verify.verify(office.database.app_url, evidence, workers=2)) == (417, "altered")


# --- a part of it


def test_what_follows_a_checkpoint_is_verified_without_what_is_before(office: Office) -> None:
    with connected(office.database.app_url) as log:
        first = sealed.checkpoints(log)[0].checkpoint
    assert office.verify(since=first).root == office.verify().root
    with office.attacked() as attacker:
        attacker.execute("UPDATE log_events SET topic = 'x' WHERE notification_id = 3")
    assert office.verify(since=first).ok, "before the tile in which it begins nothing is read"
    assert found(office.verify()) == (3, "altered")
    with office.attacked() as attacker:
        altered(attacker)
    assert found(office.verify(since=first)) == (417, "altered")
    other = first._replace(root=bytes(32))
    assert found(office.verify(since=other)) == (1, "altered")


def streams_at(office: Office, *positions: int) -> list[Any]:
    with connected(office.database.app_url) as log:
        rows = log.execute(
            "SELECT originator_id FROM log_events WHERE notification_id = ANY(%s)",
            [list(positions)],
        ).fetchall()
    return [row[0] for row in rows]


def of_streams(office: Office, streams: list[Any], *, witness: bool = True) -> Verified:
    evidence = gathered(office.sealing.keys, office.sealing.witness if witness else None)
    return verify_streams(office.database.app_url, streams, evidence)


def test_one_stream_is_verified_by_its_events_paths(office: Office) -> None:
    here, there = streams_at(office, 417), streams_at(office, 12, 601)
    assert of_streams(office, [*here, *there]).ok
    with office.attacked() as attacker:
        altered(attacker)
    assert found(of_streams(office, here)) == (417, "altered")
    assert of_streams(office, there).ok


@pytest.mark.parametrize(
    ("attack", "position", "kind"),
    [(deleted, 100, "deleted"), (cut_with_the_counter, 591, "tail cut"),
     (tile_altered, 257, "altered"), (unsealed_version_skipped, 603, "counter off")],
)  # fmt: skip
def test_one_stream_cannot_be_whole_in_a_log_that_is_not(
    office: Office, attack: Callable[[Attacker], None], position: int, kind: str
) -> None:
    streams = streams_at(office, 258, 603)
    with office.attacked() as attacker:
        attack(attacker)
    told = of_streams(office, streams)
    assert not told.ok
    if attack is not tile_altered:
        assert found(told) == (position, kind)


# --- what is given from outside


def test_what_is_no_witness_is_said_to_be_none(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(WitnessUnreadable):
            gathered(None, folder)
    (tmp_path / "checkpoint").write_text("nothing")
    with pytest.raises(WitnessUnreadable, match="no checkpoint"):
        gathered(None, tmp_path)


def test_the_witness_of_another_log_is_no_witness(
    office: Office, cluster: Cluster, tmp_path: Path
) -> None:
    with own_database(cluster) as database:
        with connected(database.superuser_url) as superuser:
            superuser.execute("ALTER TABLE seal_log DISABLE TRIGGER ALL")
            superuser.execute("UPDATE seal_log SET log_id = gen_random_uuid()")
        other = Office(database, tmp_path / "other")
        other.append(1)
        other.seal()
        evidence = gathered(office.sealing.keys, other.sealing.witness)
    verified = verify.verify(office.database.app_url, evidence, workers=0)
    assert found(verified) == (1, "signed by another key")


def test_a_single_checkpoint_is_kept_as_it_is(office: Office) -> None:
    with connected(office.database.app_url) as log:
        last = sealed.last(log)
    assert last is not None
    assert str(note_of(last.text)) == last.text
    assert checkpoint_of(last.note).size == 600
