"""Each unsafe setting that `anjuan doctor` names: found where it is, and nowhere else."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from api.serving.doctor import DoctorFinding
from api.serving.unsafe import unsafe_accounts, unsafe_settings
from api.settings import SECRET, Settings, variable
from ledger.reads import ReadEntry, append
from tests.api.cli.test_cli import Shell
from tests.databases import Database
from tests.ledger.log.test_clock import ahead

SHUT = 0o700


@pytest.fixture
def safe(tmp_path: Path) -> Settings:
    """A home that leaves nothing open; its witness is on another disk."""
    home = tmp_path / "home"
    home.mkdir(mode=SHUT)
    return Settings(home=home, witness_dir=Path("/dev/shm"))


def told(found: Settings, environment: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(one.level, one.what) for one in unsafe_settings(found, environment or {})]


def test_a_safe_home_is_told_nothing(safe: Settings) -> None:
    assert told(safe) == []


@pytest.mark.parametrize(
    ("changed", "level", "words"),
    [
        ({"host": "0.0.0.0"}, "danger", "plain text"),
        ({"host": "192.0.2.7"}, "danger", "plain text"),
        ({"proxies": "0.0.0.0/0"}, "danger", "anybody is believed"),
        ({"proxies": "::/0"}, "danger", "anybody is believed"),
        ({"seal_every_s": 0.0}, "odd", "nothing seals"),
        ({"witness_dir": None}, "odd", "nobody outside"),
        ({"witness_dir": Path("/nowhere/witness")}, "odd", "is not there"),
        ({"second_factor_roles": "none"}, "odd", "second factor"),
        ({"session_s": 100_000.0}, "odd", "outlasts a day"),
        ({"argon2_kib": 64}, "odd", "cheap to try"),
    ],
)
def test_an_unsafe_setting_is_named(
    changed: dict[str, Any], level: str, words: str, safe: Settings
) -> None:
    ((found, what),) = told(replace(safe, **changed))
    assert found == level
    assert words in what


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "::1"},
        {"host": "0.0.0.0", "tls": True},
        {"proxies": "10.0.0.0/8, 127.0.0.1"},
        {"second_factor_roles": "auditor"},
    ],
)
def test_a_safe_setting_is_not(changed: dict[str, Any], safe: Settings) -> None:
    assert told(replace(safe, **changed)) == []


@pytest.mark.parametrize("name", SECRET)
def test_f20_a_secret_in_the_environment_is_named_and_not_told(name: str, safe: Settings) -> None:
    given = {variable(name): "postgresql://o:hush@db/x"}
    (found,) = list(unsafe_settings(safe, given))
    assert variable(name) in found.what
    assert "_FILE" in found.do
    assert "hush" not in str(found)


def test_an_address_of_a_database_without_a_password_is_no_secret(safe: Settings) -> None:
    assert told(safe, {"ANJUAN_DATABASE_URL": "postgresql://o@/anjuan"}) == []


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o707])
def test_f24_a_home_that_others_list_is_named(mode: int, safe: Settings) -> None:
    safe.home.chmod(mode)
    assert told(safe) == [("odd", "others may look into the home")]
    safe.home.chmod(0o711)
    assert told(safe) == []


@pytest.mark.parametrize(
    "name",
    ["tokens.toml", "api.key", "keys/signing.key", "keys/seal.key", "secrets/pgpass",
     "postgres.lock"],
)  # fmt: skip
def test_f24_a_secret_that_others_read_is_named(name: str, safe: Settings) -> None:
    file = safe.home / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    for mode, is_safe in ((0o600, True), (0o640, False), (0o604, False)):
        file.chmod(mode)
        found = [one.where for one in unsafe_settings(safe, {}) if one.level == "danger"]
        assert found == ([] if is_safe else [f"{file}: {mode:04o}"])


def test_f20_a_file_that_secrets_are_read_from_is_its_owners_alone(safe: Settings) -> None:
    secret, config = safe.home / "secret", safe.home / "anjuan.toml"
    secret.write_text("hush")
    config.write_text("port = 9000\n")
    given = {"ANJUAN_SECRET_FILE": str(secret), "ANJUAN_CONFIG": str(config)}
    for file in (secret, config):
        file.chmod(0o644)
    assert [one.where for one in unsafe_settings(safe, given)] == [f"{secret}: 0644"]
    config.write_text('secret = "hush"\n')
    secret.chmod(0o600)
    assert [one.where for one in unsafe_settings(safe, given)] == [f"{config}: 0644"]


def test_evidence_that_others_read_is_named(safe: Settings) -> None:
    safe.blobs.mkdir(mode=0o755)
    assert told(safe) == [], "nobody passes the home"
    safe.home.chmod(0o711)
    assert told(safe) == [("danger", "others may look at uploaded evidence")]


def test_tokens_in_clear_text_are_counted(safe: Settings) -> None:
    file = safe.home / "tokens.toml"
    file.write_text('"hush" = { account = "li", role = "supervisor", unit = "4401" }\n')
    file.chmod(0o600)
    assert told(safe) == [("odd", "1 tokens stand in clear text")]


def test_a_witness_on_the_disk_that_it_vouches_for_is_named(safe: Settings) -> None:
    beside = safe.home / "witness"
    beside.mkdir()
    assert told(replace(safe, witness_dir=beside)) == [
        ("odd", "the witness lies on the disk that it vouches for")
    ]


# --- what the database tells


def accounts(database: Database, found: Settings) -> list[DoctorFinding]:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        return list(unsafe_accounts(connection, found))


@pytest.mark.usefixtures("api")
def test_a_clock_behind_the_last_record_is_named(database: Database, safe: Settings) -> None:
    assert accounts(database, safe) == []
    ahead(database, timedelta(minutes=2))
    (found,) = accounts(database, safe)
    assert (found.level, found.what) == ("danger", "the clock is behind the last record")


def test_a_read_log_that_was_changed_is_named(database: Database, safe: Settings) -> None:
    entry = ReadEntry(account="li", role="auditor", unit="4401", action="Request", things=("x:1",))
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        append(connection, entry)
    assert accounts(database, safe) == []
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("ALTER TABLE read_log DISABLE TRIGGER ALL")
        owner.execute("UPDATE read_log SET account = 'somebody'")
    (found,) = accounts(database, safe)
    assert (found.level, found.what) == ("danger", "the read log is not as it was written")


def test_doctor_tells_them_all(home: Path, database: Database) -> None:
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    shell = Shell(home).run(
        "doctor",
        "--json",
        ANJUAN_DATABASE_URL=database.owner_url,
        ANJUAN_APP_DATABASE_URL=database.app_url,
        ANJUAN_HOST="0.0.0.0",
        ANJUAN_SECRET="hush",
    )
    assert shell.code == 1
    found = {one["what"] for one in json.loads(shell.out)}
    assert {
        "passwords and names of people go over the network in plain text",
        "others may look into the home",
        "ANJUAN_SECRET stands in the environment",
    } <= found
    assert "hush" not in shell.out
