"""The command line `anjuan`: what an operator or an auditor does without a browser.

Exit codes: 0 done, 1 the answer is no or it failed, 2 asked in a way that cannot be understood.
"""

import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import rich_click as click

from api.cli.language import choose, lang_option

PRIVATE: Final = 0o077
DONE, MISUSED, INTERRUPTED = 0, 2, 130
PANELS: Final[dict[str, dict[str, str]]] = {
    "Begin": {
        "demo": "demo", "init": "office.founding", "token": "office.tokens",
        "account": "office.accounts",
        "publish": "office.publishing", "serve": "running",
    },
    "Work": {
        "do": "declared.doing", "list": "declared.looking", "show": "declared.looking",
        "import": "office.importing", "report": "reporting.report", "timeline": "looking",
        "explain": "explaining",
    },
    "Operate": {
        "views": "looking", "rebuild": "looking", "project": "running", "policies": "running",
        "recalculate": "recalculating",
        "log": "looking", "db": "database",
    },
    "Evaluate": {
        "ruleset": "evaluating", "evaluate": "evaluating", "evaluation": "evaluations",
        "sample": "sampling",
    },
    "Trust": {
        "seal": "sealing", "checkpoint": "sealing", "verify": "sealing", "bundle": "bundling",
        "reads": "office.reads",
    },
    "Check": {
        "rights": "office.rights", "doctor": "doctor", "bench": "running", "config": "looking",
    },
}  # fmt: skip
"""What `anjuan --help` shows together: command → the module here that holds it; only that of the
command asked for is loaded."""
MODULES: Final = {name: module for some in PANELS.values() for name, module in some.items()}
IN_HELP: Final = "api.cli.in_help"
F = TypeVar("F", bound=Callable[..., Any])


class Anjuan(click.RichGroup):
    """Half a second of imports is saved by a command that needs few of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        named = f"{cmd_name}_" if cmd_name in ("import", "list") else cmd_name
        if ctx is not None and ctx.meta.get(IN_HELP) and (help_ := help_of(cmd_name, named)):
            return click.RichCommand(name=cmd_name, help=help_)
        module = import_module(f"api.cli.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, named)
        return command

    def format_help(self, ctx: click.RichContext, formatter: click.RichHelpFormatter) -> None:  # type: ignore[override]
        ctx.meta[IN_HELP] = True
        super().format_help(ctx, formatter)


def help_of(command: str, named: str) -> str | None:
    """Read what a command is for from the source of its module, which is not loaded: with all of
    them `anjuan --help` takes ten times as long. None where it does not stand there."""
    source = Path(__file__).parent / f"{MODULES[command].replace('.', '/')}.py"
    beginning = rf'^def {named}\(.*?"""(.*?)(?:\n\n|""")'
    found = re.search(beginning, source.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return found and found[1]


def in_panels(group: F) -> F:
    for title, commands in reversed(PANELS.items()):
        group = click.command_panel(title, commands=list(commands))(group)
    return group


@click.group(cls=Anjuan, context_settings={"help_option_names": ["-h", "--help"]})
@in_panels
@click.version_option(package_name="anjuan", prog_name="anjuan")
@lang_option
def anjuan() -> None:
    """案卷 Anjuan: an event-sourced tracker of public legal services.

    Start with `anjuan demo`: a simulated city in a database of its own, served on this machine.
    Everything is kept under ANJUAN_HOME; `anjuan COMMAND --help` explains each command.
    """


def main() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where the terminal's encoding has no Chinese, an escape is better than a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    # Whatever is written, whether a list with names or a lock, is its owner's alone.
    os.umask(os.umask(PRIVATE) | PRIVATE)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. A failure is one line on standard error."""
    choose(None)
    try:
        answered = anjuan.main(list(arguments), prog_name="anjuan", standalone_mode=False)
    except click.UsageError as error:
        from api.cli.misuse import misuse

        return _failed(misuse(error), MISUSED)
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
