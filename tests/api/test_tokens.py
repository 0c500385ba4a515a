"""The file of tokens: made, listed and taken away, and taken up by a server that runs."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api import tokens
from api.identity import Tokens
from api.serving.app import api_of, wire
from api.settings import SettingInvalid, Settings, load, tokens_path
from api.tokens import Watched
from domain.vocabulary import Actor
from tests.api.conftest import settings_of
from tests.databases import Database
from tests.environment import environment_of

LI: Final = Actor(account="li", role="supervisor", unit="440106")
ZHANG: Final = Actor(account="zhang", role="adviser", unit="440106", adviser="GW-01")


def at(home: Path, **more: str) -> Settings:
    return load({"ANJUAN_HOME": str(home), **more})


def test_a_token_is_shown_once_and_only_its_sha256_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made, entry = tokens.made(at(home), ZHANG)
    file = tokens_path(at(home))
    assert made not in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Tokens(at(home).tokens).actor(f"Bearer {made}".encode()) == ZHANG
    assert [one.id for one in tokens.listed(at(home))] == [entry.id]
    assert made not in repr(tokens.listed(at(home)))


def test_tokens_that_were_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text(
        '[old]\naccount = "a"\nrole = "auditor"\nunit = "4401"\n', "utf-8"
    )
    tokens.made(at(tmp_path), LI)
    assert at(tmp_path).tokens["old"].account == "a"
    assert {one.account for one in tokens.listed(at(tmp_path))} == {"a", "li"}


def test_a_token_is_revoked_by_its_id_or_all_of_an_account(tmp_path: Path) -> None:
    entries = [tokens.made(at(tmp_path), one)[1] for one in (LI, LI, ZHANG)]
    gone = tokens.revoked(at(tmp_path), lambda one: one.id == entries[0].id)
    assert gone == [entries[0]]
    assert tokens.revoked(at(tmp_path), lambda one: one.account == "li") == [entries[1]]
    assert [one.account for one in tokens.listed(at(tmp_path))] == ["zhang"]


@pytest.mark.parametrize("name", ["tokens.json", "tokens.toml"])
def test_another_file_of_tokens_keeps_its_format(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text("{}" if name.endswith("json") else "")
    settings = at(tmp_path / "home", ANJUAN_TOKENS_FILE=str(file))
    made, _ = tokens.made(settings, LI)
    again = at(tmp_path / "home", ANJUAN_TOKENS_FILE=str(file))
    assert Tokens(again.tokens).actor(f"Bearer {made}".encode()) == LI
    assert file.read_text().startswith("{" if name.endswith("json") else "#")


def test_tokens_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: tokens.made(at(tmp_path), LI), range(12)))
    assert len(tokens.listed(at(tmp_path))) == 12


def test_a_file_that_is_wrong_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "tokens.toml"
    file.write_text("half a line")
    with pytest.raises(SettingInvalid):
        at(tmp_path)
    file.write_text('[t]\naccount = "a"\nrole = "clerk"\nunit = "4401"\n')
    with pytest.raises(SettingInvalid):
        tokens.made(Settings(home=tmp_path), LI)
    assert "clerk" in file.read_text()


# --- while a server runs


def test_a_running_server_takes_up_what_changes(
    database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "LOOK_S", 0.0)
    settings = replace(settings_of(database, home), tokens={"own": LI})

    def status(token: str) -> int:
        answered = client.get("/api/v1/points", headers={"Authorization": f"Bearer {token}"})
        return answered.status_code

    with TestClient(api_of(wire(settings, database.app_url))) as client:
        made, entry = tokens.made(settings, LI)
        assert status(made) == 200
        tokens.revoked(settings, lambda one: one.id == entry.id)
        assert status(made) == 401
        assert status("own") == 200, "those of the settings stay"


def test_a_file_that_is_wrong_locks_nobody_out_of_a_running_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "LOOK_S", 0.0)
    tokens.made(at(tmp_path), LI)
    watched = Watched(at(tmp_path))
    (tmp_path / "tokens.toml").write_text("half a line")
    assert watched.newer() is None
    (tmp_path / "tokens.toml").write_text("")
    assert watched.newer() == {}
    assert watched.newer() is None, "nothing has changed since"


def test_processes_of_a_server_read_the_file_by_themselves(tmp_path: Path) -> None:
    given = '{"own": {"account": "li", "role": "supervisor", "unit": "440106"}}'
    tokens.made(at(tmp_path), ZHANG)
    handed_on = environment_of(at(tmp_path, ANJUAN_TOKENS=given))
    tokens.revoked(at(tmp_path), lambda _: True)
    assert load(handed_on).tokens == {"own": LI}
