"""The help of all commands: quick, and what the commands say of themselves."""

import subprocess
import sys

import pytest
import rich_click as click

from api.cli import MODULES, anjuan, help_of


@pytest.mark.parametrize("name", MODULES)
def test_the_help_of_all_says_of_each_command_what_its_own_help_begins_with(name: str) -> None:
    """It loads none of them; a command that is not found in its module's source would be loaded."""
    named = f"{name}_" if name in ("import", "list") else name
    command = anjuan.get_command(click.Context(anjuan), name)
    assert command is not None
    assert command.help is not None
    told = help_of(name, named)
    assert told is not None
    assert told.split() == command.help.partition("\n\n")[0].split()


def test_the_help_of_all_loads_no_command() -> None:
    loaded = "import sys; from api.cli import run; run(['--help']); print('\\n', *sys.modules)"
    told = subprocess.run(
        (sys.executable, "-c", loaded), capture_output=True, text=True, check=True
    )
    modules = set(told.stdout.splitlines()[-1].split())
    assert "api.cli.language" in modules
    assert modules.isdisjoint({f"api.cli.{one}" for one in MODULES.values()})
    assert modules.isdisjoint({"litestar", "psycopg", "eventsourcing"})
