"""docs/signing-in.md, followed: from an empty home to a token, by the commands as they stand."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from api.office import TEMPLATE
from tests.api.cli.test_cli import Shell, Told
from tests.databases import temporary_home

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "signing-in.md").read_text("utf-8")
COMMANDS: Final = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
OFFICE: Final = TEMPLATE.replace("# [administrator]", "[administrator]").replace(
    '# code = "li-ming"\n# name', 'code = "li-ming"\nname'
)
ONCE: Final = r"([A-Z2-9]{5}-){4}[A-Z2-9]{5}"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shell, dict[str, Told]]]:
    file = tmp_path_factory.mktemp("desk") / "office.toml"
    file.write_text(OFFICE, "utf-8")
    with temporary_home() as home:
        shell = Shell(home)
        told = {}
        try:
            for line in COMMANDS:
                words = shlex.split(line.replace("office.toml", str(file)))
                told[line] = shell.run(*words[1:])
            yield shell, told
        finally:
            shell.run("db", "stop")


def test_every_command_of_the_page_works(followed: tuple[Shell, dict[str, Told]]) -> None:
    _, told = followed
    assert len(told) >= 6
    assert {line: one.err for line, one in told.items() if one.code} == {}


def test_one_time_passwords_and_tokens_are_shown_once(
    followed: tuple[Shell, dict[str, Told]],
) -> None:
    shell, told = followed
    first, second = (
        re.search(ONCE, told[line].out)
        for line in ("anjuan init --office office.toml", "anjuan account password li-ming")
    )
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    token = next(one.out.strip() for line, one in told.items() if " make " in line)
    assert token.startswith("anj_")
    listed = shell.run("token", "list", "--json")
    assert token.split("_")[1] in listed.out
    assert token.split("_", 2)[2] not in listed.out
    again = shell.run("account", "sessions", "li-ming", "--json").json()
    assert again["tokens"][0]["scopes"] == ["read"]
    assert shell.run("account", "revoke", "li-ming", "--json").json()["tokens"] == 1
    kept = b"".join(file.read_bytes() for file in shell.home.glob("*.*") if file.is_file())
    assert first[0].encode() not in kept


def test_an_account_that_is_not_there_is_one_line(
    followed: tuple[Shell, dict[str, Told]],
) -> None:
    shell, _ = followed
    shell.run("account", "password", "nobody").failed(1, "账号")
    who = ("--account", "nobody", "--role", "auditor", "--unit", "4401")
    shell.run("token", "make", *who).failed(1, "nobody")
    known = ("--account", "li-ming", "--role", "administrator", "--unit", "440106")
    shell.run("token", "make", *known, "--scope", "everything").failed(2, "everything")


def test_doctor_tells_of_operators_tokens_beside_accounts(
    followed: tuple[Shell, dict[str, Told]],
) -> None:
    shell, _ = followed
    shell.run("token", "add", "--account", "op", "--role", "administrator", "--unit", "4401")
    found = [one["what"] for one in shell.run("doctor", "--json").json()]
    assert "there are operator's tokens beside accounts that sign in" in found
