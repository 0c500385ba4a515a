"""The command line `anjuan`: what an operator or an auditor does without a browser.

Exit codes: 0 done, 1 the answer is no or it failed, 2 asked in a way that cannot be understood.
"""

import sys
from collections.abc import Sequence
from typing import Final

import psycopg
import rich_click as click

from api.casework_file import FileUnreadable
from api.casework_mapping import MappingWrong
from api.cli.bundling import bundle
from api.cli.database import db
from api.cli.demo import demo
from api.cli.evaluating import evaluate, ruleset
from api.cli.evaluations import evaluation
from api.cli.explaining import explain
from api.cli.founding import init
from api.cli.importing import import_
from api.cli.looking import config, log, rebuild, timeline, views
from api.cli.report import report
from api.cli.running import bench, policies, project, serve
from api.cli.sampling import sample
from api.cli.sealing import checkpoint, seal, verify
from api.demo import DemoRefused
from api.settings import SettingInvalid
from domain.vocabulary import Refused
from ledger.decision import TooContended
from ledger.keyfile import SealRefused
from ledger.notes import NoteBroken
from ledger.proofs import NotSealed
from ledger.schema import DatabaseUnusable
from ledger.suite import SuiteUnknown
from ledger.timeline import StreamUnknown
from ledger.witness import WitnessUnreadable
from projections.rebuild import RebuildRefused
from projections.runner import VersionChanged

DONE, NO, MISUSED, INTERRUPTED = 0, 1, 2, 130
ADVICE: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (SettingInvalid, MISUSED, "see `anjuan config show --help`"),
    (MappingWrong, MISUSED, "examples/nyc_casework.toml explains every key"),
    (FileUnreadable, MISUSED, "nothing was imported"),
    (WitnessUnreadable, MISUSED, "see `anjuan verify --help`"),
    (NotSealed, NO, "run `anjuan seal --now`"),
    (SealRefused, NO, "nothing was signed"),
    (NoteBroken, NO, "what is stored of the seal cannot be read"),
    (SuiteUnknown, NO, "what is stored of the seal cannot be read"),
    (StreamUnknown, MISUSED, "see `anjuan timeline --help`"),
    (DemoRefused, NO, "set ANJUAN_HOME to a new directory, or leave the options out to serve it"),
    (DatabaseUnusable, NO, "see `anjuan db status` and `anjuan config show`"),
    (psycopg.OperationalError, NO, "see `anjuan db status` and `anjuan config show`"),
    (RebuildRefused, NO, "see `anjuan views`"),
    (VersionChanged, NO, "run `anjuan rebuild`"),
    (TooContended, NO, "try again"),
    (Refused, NO, "nothing was written"),
)
"""Failure → exit code, and what to do about it."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (
    *(
        demo,
        init,
        serve,
        import_,
        report,
        timeline,
        explain,
        ruleset,
        evaluate,
        evaluation,
        sample,
        views,
        rebuild,
        project,
        policies,
        log,
        db,
        seal,
        checkpoint,
        verify,
        bundle,
        bench,
        config,
    ),
):
    anjuan.add_command(command)


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
    except tuple(kind for kind, _, _ in ADVICE) as error:
        code, advice = next((code, do) for kind, code, do in ADVICE if isinstance(error, kind))
        return _failed(f"{_sentence(error)}; {advice}", code)
    return answered if isinstance(answered, int) else DONE


def _sentence(error: Exception) -> str:
    """The sentence for people, where the class has one in Chinese, and the detail."""
    said = (type(error).__doc__ or "").strip()
    detail = " ".join(str(error).split())
    if said.isascii() or said in detail:
        return detail
    return f"{said} {detail}".strip()


def _failed(line: str, code: int) -> int:
    click.echo(f"anjuan: {' '.join(line.split())}", err=True)
    return code
