"""The command line `anjuan`: what an operator or an auditor does without a browser.

Exit codes: 0 done, 1 the answer is no or it failed, 2 asked in a way that cannot be understood.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import rich_click as click

DONE, MISUSED, INTERRUPTED = 0, 2, 130
MODULES: Final = {
    "demo": "demo",
    "init": "founding",
    "serve": "running",
    "import": "importing",
    "report": "report",
    "timeline": "looking",
    "explain": "evaluating",
    "ruleset": "evaluating",
    "evaluate": "evaluating",
    "evaluation": "evaluations",
    "sample": "sampling",
    "views": "looking",
    "rebuild": "looking",
    "project": "running",
    "policies": "running",
    "log": "looking",
    "db": "database",
    "seal": "sealing",
    "checkpoint": "sealing",
    "verify": "sealing",
    "bundle": "bundling",
    "bench": "running",
    "config": "looking",
}
"""Command → the module here that holds it; only that of the command asked for is loaded."""


class Anjuan(click.RichGroup):
    """Half a second of imports is saved by a command that needs few of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in MODULES:
            return None
        module = import_module(f"api.cli.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, "import_" if cmd_name == "import" else cmd_name)
        return command


@click.group(cls=Anjuan, context_settings={"help_option_names": ["-h", "--help"]})
@click.command_panel("Begin", commands=["demo", "init", "serve"])
@click.command_panel("Work", commands=["import", "report", "timeline", "explain"])
@click.command_panel("Operate", commands=["views", "rebuild", "project", "policies", "log", "db"])
@click.command_panel("Evaluate", commands=["ruleset", "evaluate", "evaluation", "sample"])
@click.command_panel("Trust", commands=["seal", "checkpoint", "verify", "bundle"])
@click.command_panel("Check", commands=["bench", "config"])
@click.version_option(package_name="anjuan", prog_name="anjuan")
def anjuan() -> None:
    """案卷 Anjuan: an event-sourced tracker of public legal services.

    Start with `anjuan demo`: a simulated city in a database of its own, served on this machine.
    Everything is kept under ANJUAN_HOME; `anjuan COMMAND --help` explains each command.
    """


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. A failure is one line on standard error."""
    try:
        answered = anjuan.main(list(arguments), prog_name="anjuan", standalone_mode=False)
    except click.UsageError as error:
        asked = error.ctx.command_path if error.ctx else "anjuan"
        return _failed(f"{error.format_message()} Try `{asked} --help`.", MISUSED)
    except click.ClickException as error:
        return _failed(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _failed("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # The reader has seen enough; nothing may be written on the way out either.
        sys.stdout = None
        return DONE
    except Exception as error:
        from api.cli.failures import failure

        told = failure(error)
        if told is None:
            raise
        return _failed(*told)
    return answered if isinstance(answered, int) else DONE


def _failed(line: str, code: int) -> int:
    click.echo(f"anjuan: {' '.join(line.split())}", err=True)
    return code
