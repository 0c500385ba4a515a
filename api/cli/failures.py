"""Failures on the command line: exit code and advice. Loaded only after a failure."""

from typing import Final

import psycopg

from api.cli.language import spoken
from api.demo.demo import DemoRefused
from api.imports.casework import ImportStopped
from api.imports.casework_mapping import MappingWrong
from api.imports.csv_text import FileUnreadable
from api.imports.lists import ListStopped
from api.office import OfficeWrong
from api.publishing.document import DocumentWrong
from api.settings import SettingInvalid
from api.web.problems import PROBLEMS, Problem, slug_of
from domain.vocabulary import OutOfBounds, Refused
from ledger.log.appender import LogBusy
from ledger.log.clock import ClockOff
from ledger.log.decision import TooContended, VersionMoved
from ledger.log.recorder import CommandIdReused
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
NOT_UNDERSTOOD: Final = (400, 413, 415)
"""Statuses of problems that another way of asking would solve."""
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
    (VersionMoved, NO, "nothing was written"),
    (CommandIdReused, MISUSED, "choose another --key"),
    (LogBusy, NO, "try again"),
    (OutOfBounds, MISUSED, "nothing was written"),
    (Refused, NO, "nothing was written"),
)
"""Failure → exit code, and what to do about it."""
IN_CHINESE: Final = {
    "see `anjuan config show --help`": "参见 anjuan config show --help",
    "examples/nyc_casework.toml explains every key": "examples/nyc_casework.toml 说明了每一项",
    "nothing was imported": "未导入任何内容",
    "nothing was published": "未公布任何内容",
    "`anjuan init --template` prints one to fill in": "anjuan init --template 给出样例，填写即可",
    "import the file again: what is in counts as unchanged": "请重新导入该文件：已导入的不会重复",
    "see `anjuan verify --help`": "参见 anjuan verify --help",
    "run `anjuan seal --now`": "请运行 anjuan seal --now",
    "nothing was signed": "未签署任何内容",
    "what is stored of the seal cannot be read": "所存的封存记录无法读取",
    "see `anjuan timeline --help`": "参见 anjuan timeline --help",
    "set ANJUAN_HOME to a new directory, or leave the options out to serve it": (
        "请将 ANJUAN_HOME 设为新目录，或者去掉选项"
    ),
    "see `anjuan config show`": "参见 anjuan config show",
    "see `anjuan db status` and `anjuan config show`": (
        "参见 anjuan db status 和 anjuan config show"
    ),
    "see `anjuan views`": "参见 anjuan views",
    "run `anjuan rebuild`": "请运行 anjuan rebuild",
    "try again": "请重试",
    "nothing was written": "未写入任何内容",
    "choose another --key": "请换一个 --key",
}


def failure(error: Exception) -> tuple[str, int] | None:
    """Return the message with advice, and the exit code; None for an unexpected error."""
    if isinstance(error, Problem):
        return _problem(error)
    for kind, code, do in ADVICE:
        if isinstance(error, kind):
            return spoken(
                f"{_sentence(error)}; {do}", f"{_sentence(error)}；{IN_CHINESE[do]}"
            ), code
    return None


def _problem(error: Problem) -> tuple[str, int]:
    status, title = PROBLEMS[error.slug]
    wrong = [f"{one.field}: {one.message}".removeprefix(": ") for one in error.errors]
    details = "; ".join(filter(None, (error.detail, *wrong)))
    named = spoken(f"{error.slug.replace('-', ' ')} ({title})", title)
    said = f"{named}{spoken(': ', '：')}{details}" if details else named
    return said, MISUSED if status in NOT_UNDERSTOOD else NO


def _sentence(error: Exception) -> str:
    """The sentence for people, where the class has one in Chinese, and the detail."""
    said = (type(error).__doc__ or "").strip()
    detail = " ".join(str(error).split())
    if not said.isascii() and said not in detail:
        detail = f"{said} {detail}".strip()
    if isinstance(error, Refused):
        # Its sentence is Chinese; its name is English.
        return spoken(f"{slug_of(type(error)).replace('-', ' ')} ({detail})", detail)
    return detail
