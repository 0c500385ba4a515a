"""Settings: where they come from, which wins, what is said when one is wrong, what is shown."""

from pathlib import Path

import msgspec
import pytest

from api.settings import SettingInvalid, load, redacted
from domain.vocabulary import Actor
from tests.environment import environment_of

AUDITOR = Actor(account="a", role="auditor", unit="4401")
TOKENS = '{"word": {"account": "a", "role": "auditor", "unit": "4401"}}'


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    found = load({"XDG_DATA_HOME": str(tmp_path)})
    assert found.home == tmp_path / "anjuan"
    assert (found.host, found.port, found.workers) == ("127.0.0.1", 8000, 1)
    assert found.database_url is None


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    file = tmp_path / "anjuan.toml"
    file.write_text('port = 9000\nhost = "::1"\nhome = "/srv/anjuan"\n')
    found = load({"ANJUAN_CONFIG": str(file), "ANJUAN_PORT": "9001"})
    assert (found.host, found.port, found.home) == ("::1", 9001, Path("/srv/anjuan"))


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://o:hush@db/anjuan\n")
    found = load({"ANJUAN_DATABASE_URL_FILE": str(file), "ANJUAN_HOME": str(tmp_path)})
    assert found.database_url == "postgresql://o:hush@db/anjuan"


@pytest.mark.parametrize("name", ["tokens.json", "tokens.toml"])
def test_tokens_come_from_the_environment_and_from_files(tmp_path: Path, name: str) -> None:
    toml = '[other]\naccount = "b"\nrole = "device"\nunit = "R"\n'
    file = tmp_path / name
    file.write_text(TOKENS if name.endswith("json") else toml)
    env = {"ANJUAN_HOME": str(tmp_path / "h"), "ANJUAN_TOKENS": TOKENS}
    found = load(env | {"ANJUAN_TOKENS_FILE": str(file)}).tokens
    assert found["word"] == AUDITOR
    assert ("other" in found) == name.endswith("toml")


def test_tokens_in_the_home_are_found_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text('[t]\naccount = "a"\nrole = "auditor"\nunit = "4401"\n')
    assert load({"ANJUAN_HOME": str(tmp_path)}).tokens == {"t": AUDITOR}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ANJUAN_PORT": "eighty"}, "ANJUAN_PORT"),
        ({"ANJUAN_LOG_LEVEL": "loud"}, "ANJUAN_LOG_LEVEL"),
        ({"ANJUAN_TOKENS": "{"}, "ANJUAN_TOKENS"),
        ({"ANJUAN_TOKENS": '{"x": {"account": "a"}}'}, "ANJUAN_TOKENS"),
        ({"ANJUAN_TOKENS": f"{TOKENS[:-1]}, {TOKENS[1:]}"}, "ANJUAN_TOKENS"),
        ({"ANJUAN_DATABASE_URL_FILE": "/nowhere/at/all"}, "ANJUAN_DATABASE_URL_FILE"),
        ({"ANJUAN_CONFIG": "/nowhere/at/all"}, "ANJUAN_CONFIG"),
        ({"ANJUAN_TOKENS_FILE": "/nowhere/at/all"}, "ANJUAN_TOKENS_FILE"),
    ],
)
def test_what_is_wrong_is_named(environment: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid) as refused:
        load({"ANJUAN_HOME": str(tmp_path)} | environment)
    assert refused.value.name == named


@pytest.mark.parametrize("role", ["clerk", "Auditor", "importer", ""])
@pytest.mark.parametrize("where", ["ANJUAN_TOKENS", "ANJUAN_TOKENS_FILE"])
def test_a_token_with_a_role_that_does_not_exist_is_refused_with_the_roles_there_are(
    role: str, where: str, tmp_path: Path
) -> None:
    tokens = msgspec.json.encode({"t": {"account": "liu", "role": role, "unit": "4401"}}).decode()
    (tmp_path / "tokens.json").write_text(tokens)
    value = tokens if where == "ANJUAN_TOKENS" else str(tmp_path / "tokens.json")
    with pytest.raises(SettingInvalid, match=r"'liu'.*administrator.*supervisor") as refused:
        load({"ANJUAN_HOME": str(tmp_path), where: value})
    assert refused.value.name == where
    assert "importer" not in str(refused.value).partition("the roles are")[2]


@pytest.mark.parametrize("field", ["account", "unit", "adviser"])
@pytest.mark.parametrize(
    "code", ["li.ming@gz.gov.cn", "张三", "4401\n", "４４０１", "ROOM\u200b-1", "", "a b"]
)
def test_a_token_whose_actor_has_a_code_that_no_event_should_hold_is_refused(
    field: str, code: str, tmp_path: Path
) -> None:
    actor = {"account": "liu", "role": "supervisor", "unit": "4401"} | {field: code}
    (tmp_path / "tokens.json").write_bytes(msgspec.json.encode({"t": actor}))
    with pytest.raises(SettingInvalid, match=f"{field} .* is no code"):
        load({"ANJUAN_HOME": str(tmp_path), "ANJUAN_TOKENS_FILE": str(tmp_path / "tokens.json")})


def test_a_field_that_no_actor_has_is_named_with_those_there_are(tmp_path: Path) -> None:
    """A mistyped adviser would be an account that is nobody's."""
    actor = {"account": "liu", "role": "adviser", "unit": "4401", "adviseer": "A-1"}
    (tmp_path / "tokens.json").write_bytes(msgspec.json.encode({"t": actor}))
    with pytest.raises(SettingInvalid, match=r"'liu'.*'adviseer'.*adviser"):
        load({"ANJUAN_HOME": str(tmp_path), "ANJUAN_TOKENS_FILE": str(tmp_path / "tokens.json")})


def test_an_unknown_key_of_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "anjuan.toml"
    file.write_text("prot = 9000\n")
    with pytest.raises(SettingInvalid, match="prot"):
        load({"ANJUAN_CONFIG": str(file), "ANJUAN_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    "url", ["postgresql://o:hush@db:5432/anjuan", "host=db user=o password=hush dbname=anjuan"]
)
def test_what_is_shown_holds_no_secret(url: str, tmp_path: Path) -> None:
    found = load({
        "ANJUAN_HOME": str(tmp_path),
        "ANJUAN_DATABASE_URL": url,
        "ANJUAN_SECRET": "hush",
        "ANJUAN_TOKENS": TOKENS.replace("word", "hush"),
    })  # fmt: skip
    shown = msgspec.json.encode(redacted(found)).decode()
    assert "hush" not in shown
    assert "db" in shown
    assert "auditor" in shown


def test_another_process_of_ours_loads_the_very_same_settings(tmp_path: Path) -> None:
    found = load({"ANJUAN_HOME": str(tmp_path), "ANJUAN_TOKENS": TOKENS, "ANJUAN_PORT": "9009"})
    assert load(environment_of(found)) == found
