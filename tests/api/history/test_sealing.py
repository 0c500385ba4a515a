"""Sealing and verifying as an operator does it, and the sealed log as the world reads it."""

import base64
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import pytest

from ledger.seal.sealer import Sealing, seal
from ledger.tree.entries import decoded, unbundled
from ledger.tree.merkle import leaf_hash, proves_inclusion, root
from ledger.tree.notes import checkpoint_of, keys_of, note_of, proof_of
from ledger.tree.tiles import hashes_in
from ledger.tree.trust import KeySpan, trusted
from tests.api.cli.test_cli import Shell, Told
from tests.api.conftest import Api, problem
from tests.databases import Database
from tests.ledger.commands import connected
from tests.ledger.sealing import Office

VERIFIED: Final = {
    "ok", "size", "root", "sealed", "checkpoints", "outside", "trusted_by", "first_bad", "flaws",
    "simulated",
}  # fmt: skip


class Desk(Office, frozen=True):
    """An office that is run by the command line: its home and its witness directory."""

    def run(self, *arguments: object, **settings: str) -> Told:
        return Shell(self.place / "home").run(*arguments, **self.settings | settings)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "ANJUAN_DATABASE_URL": self.database.owner_url,
            "ANJUAN_APP_DATABASE_URL": self.database.app_url,
            "ANJUAN_WITNESS_DIR": str(self.place / "witness"),
            "ANJUAN_SEAL_EVERY_EVENTS": "300",
        }

    def damage(self, change: str) -> None:
        with self.attacked() as attacker:
            attacker.execute(change.encode())


@pytest.fixture
def desk(database: Database, home: Path) -> Desk:
    (home / "home").mkdir(parents=True)
    return Desk(database, home)


def one_line(told: Told, code: int) -> Any:
    assert told.code == code, told.err
    return json.loads(told.out)


# --- the command line


def test_a_log_is_sealed_shown_and_verified(desk: Desk) -> None:
    desk.append(*[1, 2] * 200)
    assert desk.run("seal", "--now", "--json").json() == {
        "signed": [{"number": 1, "size": 300}, {"number": 2, "size": 600}]
    }
    assert desk.run("seal", "--now", "--json").json() == {"signed": []}
    shown = desk.run("checkpoint", "show")
    checkpoint = checkpoint_of(note_of(shown.out))
    told = desk.run("checkpoint", "show", "--json").json()
    assert (told["size"], told["unsealed"], told["note"]) == (600, 0, shown.out)
    assert told["root"] == base64.b64encode(checkpoint.root).decode()
    assert "\n300\n" in desk.run("checkpoint", "show", "--number", 1).out
    verified = desk.run("verify", "--json").json()
    assert set(verified) == VERIFIED
    assert verified["ok"] is True
    assert verified["first_bad"] is None
    assert (verified["size"], verified["root"]) == (600, told["root"])
    assert (verified["trusted_by"], verified["outside"]) == ("this machine", 2)
    assert "OK: 600 events, 600 of them sealed" in desk.run("verify").out


def test_what_was_done_is_told_and_the_answer_is_no(desk: Desk, tmp_path: Path) -> None:
    desk.append(*[1] * 40)
    desk.run("seal", "--now")
    kept = tmp_path / "kept"
    kept.write_text(desk.run("checkpoint", "show").out)
    desk.damage("UPDATE log_events SET topic = 'x/1' WHERE notification_id = 17")
    said = one_line(desk.run("verify", "--json"), 1)
    assert said["ok"] is False
    assert said["first_bad"]["position"] == 17
    assert said["first_bad"]["kind"] == "altered"
    assert said["first_bad"]["why"]
    assert "17" in desk.run("verify").out
    for how in (["--witness", desk.place / "witness"], ["--checkpoint", kept]):
        assert one_line(desk.run("verify", *how, "--json"), 1)["first_bad"]["position"] == 17


def test_f24_only_who_has_something_from_outside_can_be_sure(desk: Desk, tmp_path: Path) -> None:
    desk.append(*[1] * 40)
    desk.run("seal", "--now")
    keys = desk.place / "witness" / "keys"
    stranger = Desk(desk.database, tmp_path)
    (tmp_path / "home").mkdir()
    stranger.run("verify").failed(1, "witness", "is not there")
    alone = stranger.run("verify", "--json", ANJUAN_WITNESS_DIR="")
    assert (alone.json()["ok"], alone.json()["trusted_by"]) == (True, "database")
    assert "taken from the database itself" in alone.err
    for given in (keys, keys.read_text().strip()):
        told = stranger.run("verify", "--key", given, "--json")
        assert (told.json()["trusted_by"], told.err) == ("given key", "")
    told = stranger.run("verify", "--witness", desk.place / "witness", "--json")
    assert told.json()["trusted_by"] == "witness"


def test_one_stream_and_what_follows_a_checkpoint_are_verified_by_themselves(
    desk: Desk, tmp_path: Path
) -> None:
    desk.append(*[1] * 320)
    desk.run("seal", "--now")
    with connected(desk.database.app_url) as log:
        row = log.execute(
            "SELECT originator_id FROM log_events WHERE notification_id = 300"
        ).fetchone()
    stream = f"request:{row[0] if row else ''}"
    since = tmp_path / "since"
    since.write_text(desk.run("checkpoint", "show", "--number", 1).out)
    assert desk.run("verify", stream, "--json").json()["ok"]
    assert desk.run("verify", "--since", since, "--json").json()["ok"]
    desk.damage("UPDATE log_events SET state = state || ' ' WHERE notification_id = 300")
    assert one_line(desk.run("verify", stream, "--json"), 1)["first_bad"]["position"] == 300
    desk.run("verify", stream, "--since", since).failed(2, "--since")


def test_a_key_is_changed_and_the_log_verifies_by_the_first_one(desk: Desk) -> None:
    desk.append(*[1] * 5)
    desk.run("seal", "--now")
    first = (desk.place / "witness" / "keys").read_text().strip()
    assert desk.run("seal", "--rotate-key", "--json").json() == {
        "signed": [{"number": 2, "size": 5}]
    }
    desk.append(1)
    desk.run("seal", "--now")
    keys = desk.run("checkpoint", "show", "--json").json()["keys"]
    assert (len(keys), keys[0]) == (2, first)
    assert desk.run("verify", "--key", first, "--json").json()["ok"]


def test_sealing_that_is_not_due_waits_for_its_time(desk: Desk) -> None:
    desk.append(1)
    assert len(desk.run("seal", "--json").json()["signed"]) == 1
    desk.append(1)
    assert desk.run("seal", "--json").json() == {"signed": []}
    assert len(desk.run("seal", "--json", ANJUAN_SEAL_EVERY_EVENTS="1").json()["signed"]) == 1


def test_a_proof_and_its_entry_are_all_that_somebody_else_needs(desk: Desk, tmp_path: Path) -> None:
    desk.append(*[1] * 270)
    desk.run("seal", "--now")
    proof = proof_of(desk.run("checkpoint", "prove", 260).out)
    entry = desk.run("checkpoint", "prove", 260, "--entry").out.strip().encode()
    key = keys_of((desk.place / "witness" / "keys").read_text())[0]
    checkpoint = trusted(proof.note, [KeySpan(key)])
    leaf = leaf_hash(entry)
    assert proves_inclusion(leaf, 259, checkpoint.size, proof.path, checkpoint.root)
    bundle = tmp_path / "entries"
    desk.run("checkpoint", "entries", 1, bundle)
    entries = list(unbundled(bundle.read_bytes()))
    assert [decoded(one).position for one in entries] == list(range(257, 271))
    assert entries[3] == entry


def test_what_cannot_be_is_said_in_one_line(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("checkpoint", "show").code == 1
    desk.run("checkpoint", "prove", 1).failed(1, "nothing is sealed", "seal --now")
    desk.run("verify", "--witness", tmp_path).failed(2, "no checkpoint")
    desk.run("verify", "--key", "nobody").failed(2, "nobody", "--key")
    desk.append(1)
    (desk.place / "witness").touch()
    desk.run("seal", "--now").failed(1, "not published")
    (desk.place / "witness").unlink()
    (desk.place / "home" / "keys" / "seal.key").unlink()
    desk.append(1)
    desk.run("seal", "--now").failed(1, "put it back", "nothing was signed")


def test_the_projector_seals_beside_the_views_and_ends_when_told(desk: Desk) -> None:
    desk.append(*[1] * 3)
    with Shell(desk.place / "home").start("project", **desk.settings) as projector:
        newest = desk.place / "witness" / "checkpoint"
        deadline = time.monotonic() + 60
        while not newest.exists() and time.monotonic() < deadline:
            with pytest.raises(subprocess.TimeoutExpired):
                projector.wait(0.1)
        projector.send_signal(signal.SIGTERM)
        _, err = projector.communicate(timeout=30)
    assert checkpoint_of(note_of(newest.read_text())).size == 3
    assert projector.returncode == 0, err
    assert desk.run("verify", "--json").json()["ok"]


# --- over HTTP


@pytest.fixture
def sealed_api(api: Api, home: Path) -> Api:
    with connected(api.database.app_url) as log:
        seal(log, Sealing(keys=Office(api.database, home).sealing.keys))
    return api


def test_the_sealed_log_is_read_by_everybody_as_the_specification_lays_it_out(
    sealed_api: Api,
) -> None:
    client = sealed_api.client
    answer = client.get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    (key,) = keys_of(client.get("/log/keys").text)
    checkpoint = trusted(note_of(answer.text), [KeySpan(key)])
    assert checkpoint.size > 0
    tile = client.get(f"/log/tile/0/000.p/{checkpoint.size}")
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert root(hashes_in(tile.content)) == checkpoint.root
    fewer = client.get(f"/log/tile/0/000.p/{checkpoint.size - 1}")
    assert fewer.content == tile.content[:-32]


@pytest.mark.parametrize(
    "path",
    ["tile/0/000", "tile/0/001", "tile/0/000.p/255", "tile/1/000", "tile/0/00", "tile/x",
     "tile/entries/000", "tile/entries/000.p/1"],
)  # fmt: skip
def test_what_is_no_tile_of_the_log_is_not_found(sealed_api: Api, path: str) -> None:
    assert problem(sealed_api.client.get(f"/log/{path}")) == (404, "not-found")


def test_before_the_first_seal_there_is_nothing_to_read(api: Api) -> None:
    for path in ("checkpoint", "keys", "tile/0/000.p/1"):
        assert problem(api.client.get(f"/log/{path}")) == (404, "not-found")
