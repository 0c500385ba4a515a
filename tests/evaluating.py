"""A log of three villages with the shipped rule sets, to evaluate: for laws and for the doors."""

from datetime import datetime
from typing import Any, Final

import psycopg
from msgspec import Struct

from domain.advising.worklog import LogWork, Work
from domain.evaluation import ruleset
from domain.vocabulary import Actor, stream_id
from ledger.founding.shipped import shipped_rulesets
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, uuid7
from ledger.log.store import Ledger
from projections.evaluation.run import Evaluated, Prepared, RunAsked, evaluated_few, prepared
from projections.running.runner import Runner
from tests.examples import ADMIN, local
from tests.laws.logs import a_hamlet

PANEL: Final = Actor(account="panel-1", role="supervisor", unit="4401")
SECOND: Final = Actor(account="panel-2", role="supervisor", unit="4401")
THIRD: Final = Actor(account="panel-3", role="supervisor", unit="4401")
PERIOD: Final = "2026-Q2"
BY_ADVISER: Final = RunAsked(ruleset="adviser-year@1", period=PERIOD)
BY_POINT: Final = RunAsked(ruleset="point-year@1", period=PERIOD)
SEED: Final = 7


class Town(Struct, frozen=True):
    """A log in a database of its own, with its views."""

    url: str

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def few(self, asked: RunAsked) -> tuple[Prepared, Evaluated]:
        Runner(self.url).catch_up()
        with self.connect() as connection:
            found = prepared(connection, asked)
            return found, evaluated_few(connection, found.task, found.rules)

    def give(self, stream: Any, command: Any, by: Actor, at: datetime | None = None) -> Any:
        with Ledger(self.url) as ledger:
            return ledger.execute(stream, command, by=by, occurred_at=at, late_reason="补录")


def a_town(url: str, seed: int = SEED, days: int = 91) -> Town:
    """Everything of a quarter in three villages, and the shipped rule sets."""
    town = Town(url)
    with town.connect() as connection:
        append_slice(connection, a_hamlet(seed, days), LedgerMapper())
    for command in shipped_rulesets():
        town.give(stream_id(ruleset.KIND, command.ruleset.code), command, ADMIN)
    return town


def late_visit(town: Town, adviser: str, village: str) -> Any:
    """Entered months afterwards: an afternoon in May."""
    work = Work(
        village=village,
        service="consultation",
        mode="onsite",
        ended_at=local("2026-05-20 16:00"),
        clients={"resident": 3},
        summary="村民咨询",
        result="已答复",
    )
    by = Actor(account="late-1", role="adviser", unit=village, adviser=adviser)
    command = LogWork(work=work, late_reason="补录")

    return town.give(uuid7(), command, by, local("2026-05-20 14:00"))
