"""Failures on the command line: exit code and advice. Loaded only after a failure."""

from typing import Final

import psycopg

from api.demo.demo import DemoRefused
from api.imports.casework import ImportStopped
from api.imports.casework_mapping import MappingWrong
from api.imports.csv_text import FileUnreadable
from api.imports.lists import ListStopped
from api.office import OfficeWrong
from api.publishing.document import DocumentWrong
from api.settings import SettingInvalid
from domain.vocabulary import Refused
from ledger.log.clock import ClockOff
from ledger.log.decision import TooContended
from ledger.schema import DatabaseUnusable
from ledger.seal.keyfile import SealRefused
from ledger.seal.proofs import NotSealed
from ledger.seal.witness import WitnessUnreadable
from ledger.server.programs import HomeNotMade, HomeUnusable
from ledger.tree.notes import NoteBroken
from ledger.tree.suite import SuiteUnknown
from projections.history.timeline import StreamUnknown
from projections.running.rebuild import RebuildRefused
from projections.running.runner import VersionChanged

NO, MISUSED = 1, 2
ADVICE: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (SettingInvalid, MISUSED, "see `anjuan config show --help`"),
    (MappingWrong, MISUSED, "examples/nyc_casework.toml explains every key"),
    (FileUnreadable, MISUSED, "nothing was imported"),
    (ImportStopped, NO, "import the file again: what is in counts as unchanged"),
    (ListStopped, NO, "import the file again: what is in counts as unchanged"),
    (DocumentWrong, MISUSED, "nothing was published"),
    (OfficeWrong, MISUSED, "`anjuan init --template` prints one to fill in"),
    (WitnessUnreadable, MISUSED, "see `anjuan verify --help`"),
    (NotSealed, NO, "run `anjuan seal --now`"),
    (SealRefused, NO, "nothing was signed"),
    (NoteBroken, NO, "what is stored of the seal cannot be read"),
    (SuiteUnknown, NO, "what is stored of the seal cannot be read"),
    (StreamUnknown, MISUSED, "see `anjuan timeline --help`"),
    (DemoRefused, NO, "set ANJUAN_HOME to a new directory, or leave the options out to serve it"),
    (HomeUnusable, NO, "see `anjuan config show`"),
    (HomeNotMade, MISUSED, "see `anjuan config show`"),
    (DatabaseUnusable, NO, "see `anjuan db status` and `anjuan config show`"),
    (psycopg.OperationalError, NO, "see `anjuan db status` and `anjuan config show`"),
    (psycopg.ProgrammingError, MISUSED, "see `anjuan config show`"),
    (RebuildRefused, NO, "see `anjuan views`"),
    (VersionChanged, NO, "run `anjuan rebuild`"),
    (TooContended, NO, "try again"),
    (ClockOff, NO, "nothing was written"),
    (Refused, NO, "nothing was written"),
)
"""Failure → exit code, and what to do about it."""


def failure(error: Exception) -> tuple[str, int] | None:
    """Return the message with advice, and the exit code; None for an unexpected error."""
    for kind, code, do in ADVICE:
        if isinstance(error, kind):
            return f"{_sentence(error)}; {do}", code
    return None


def _sentence(error: Exception) -> str:
    """The sentence for people, where the class has one in Chinese, and the detail."""
    said = (type(error).__doc__ or "").strip()
    detail = " ".join(str(error).split())
    if said.isascii() or said in detail:
        return detail
    return f"{said} {detail}".strip()
