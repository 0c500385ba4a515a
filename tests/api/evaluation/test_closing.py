"""What a published evaluation is bound to, and the closing of its period, through both doors.

The log is as a restored one would be: everything up to the publication was recorded weeks ago, so
that the windows for objections are over.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import api_of, wire
from api.web.watch import watched
from domain.evaluation.determination import results_digest
from domain.evaluation.evaluation import Evaluation
from domain.vocabulary import Actor
from ledger.seal import sealed
from ledger.seal.proofs import Prover
from ledger.seal.witness import keys_in, notes_in
from ledger.tree.merkle import leaf_hash, proves_consistency, proves_inclusion
from ledger.tree.notes import Checkpoint, checkpoint_of, note_of
from ledger.tree.trust import KeySpan, trusted
from projections.evaluation.review import evaluation_of, named
from tests.api.cli.test_cli import Shell
from tests.api.conftest import ACTORS, Api, problem, settings_of
from tests.api.evaluation.test_evaluations import (
    EVALUATION,
    OPENING,
    WHO,
    act,
    adviser_of,
    asked,
    head_of,
    trial,
    version,
    village_of,
)
from tests.databases import Database
from tests.evaluating import Town, a_town, late_visit
from tests.ledger.commands import connected
from tests.ledger.sealing import Office

WEEKS: Final = timedelta(days=45)
OBJECTION: Final = {"number": 1, "upheld": False, "reason": "未见记录"}


class House(Office, frozen=True):
    """A town whose quarter was recorded weeks ago, its doors, and who seals its log."""

    town: Town
    api: Api
    then: datetime
    """When the evaluation is opened, published and objected to."""

    def then_act(
        self, path: str, action: str, body: Any, by: str = "leader", hours: int = 0
    ) -> Any:
        at = (self.then + timedelta(hours=hours)).isoformat()
        return act(self.api, path, action, body, by, occurred_at=at, late_reason="补录")

    def opened(self) -> str:
        """The path of the evaluation."""
        at = self.then.isoformat()
        answer = self.api.post(
            "/evaluations", OPENING, by="leader", occurred_at=at, late_reason="补录"
        )
        assert answer.status_code == 201, answer.text
        self.api.project()
        return str(answer.headers["location"]).removeprefix("/api/v1")

    def published(self, path: str) -> Any:
        self.api.project()
        run = trial(self.api, as_known_at=self.then.isoformat())
        seen = {"digest": run["digest"], "as_known_at": run["as_known_at"]}
        answer = self.then_act(path, "publish", seen)
        assert answer.status_code == 200, answer.text
        self.api.project()
        return run

    def state(self, path: str) -> Any:
        return self.api.get(path, by="leader").json()["state"]

    def close(self, path: str, by: str = "leader", **more: Any) -> Any:
        return act(self.api, path, "close-period", {}, by, **more)

    def last(self) -> sealed.StoredCheckpoint:
        with connected(self.database.app_url) as log:
            found = sealed.last(log)
        assert found is not None
        return found


@pytest.fixture
def house(database: Database, home: Path) -> Iterator[House]:
    town = a_town(database.app_url)
    then = weeks_ago(database)
    settings = settings_of(database, home)
    more = {
        "leader": Actor(account="leader-1", role="supervisor", unit="4401"),
        "deputy": Actor(account="leader-2", role="supervisor", unit="4401"),
        "evaluated": Actor(
            account="own-1", role="adviser", unit="440104001001", adviser=adviser_of(town)
        ),
    }
    wiring = wire(replace(settings, tokens=ACTORS | more), database.app_url)
    app = watched(api_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield House(database, home, town, Api(client, database, count(1)), then)


def weeks_ago(database: Database) -> datetime:
    """Everything recorded so far was so weeks ago; a moment afterwards."""
    office = Office(database, Path())
    with office.attacked() as log:
        log.execute("UPDATE log_events SET recorded_at = recorded_at - %s", [WEEKS])
        log.execute("UPDATE log_head SET recorded_at = recorded_at - %s", [WEEKS])
        row = log.execute("SELECT recorded_at FROM log_head").fetchone()
    assert row is not None
    return row[0] + timedelta(seconds=1)  # type: ignore[no-any-return]


# --- what a publication is bound to


def test_what_is_published_over_a_log_that_nobody_sealed_says_so(house: House) -> None:
    path = house.opened()
    house.published(path)
    (published,) = house.state(path)["determinations"]
    assert published["checkpoint"] is None


def test_a_checkpoint_that_does_not_reach_what_was_known_is_not_bound(house: House) -> None:
    """The sealer was behind: the late visit is scored and not yet sealed."""
    path = house.opened()
    house.seal()
    adviser = adviser_of(house.town)
    receipt = late_visit(house.town, adviser, village_of(house.town, adviser))
    house.api.project()
    run = trial(house.api)
    assert run["position"] >= receipt.position > house.last().size
    seen = {"digest": run["digest"], "as_known_at": run["as_known_at"]}
    assert act(house.api, path, "publish", seen).status_code == 200
    (published,) = house.state(path)["determinations"]
    assert published["checkpoint"] is None


def test_a_publication_is_bound_to_a_checkpoint_that_covers_and_proves_what_was_scored(
    house: House,
) -> None:
    path = house.opened()
    house.seal()
    bound = house.last()
    run = house.published(path)
    (published,) = house.state(path)["determinations"]
    assert published["checkpoint"] == bound.text
    checkpoint = witnessed(house, published["checkpoint"])
    cut_off = published["run"]["cut_off"]
    assert run["position"] == cut_off <= checkpoint.size

    used = sorted({at for one in run["results"] for at in positions(one["tree"])})
    assert used
    assert used[-1] <= cut_off
    with connected(house.database.app_url) as log:
        prover = Prover(log, note_of(published["checkpoint"]))
        entries = prover.entries([*used, cut_off])
        for position, entry in entries.items():
            proof = prover.proof(position)
            assert proves_inclusion(
                leaf_hash(entry), position - 1, checkpoint.size, proof.path, checkpoint.root
            )
    assert len(entries) == len({*used, cut_off})


def test_the_log_that_was_published_over_begins_every_later_one(house: House) -> None:
    path = house.opened()
    house.seal()
    house.published(path)
    (published,) = house.state(path)["determinations"]
    early = checkpoint_of(note_of(published["checkpoint"]))
    house.append(*[1] * 40)
    house.seal()
    later = witnessed(house, house.last().text)
    assert early.size < later.size
    with connected(house.database.app_url) as log:
        path_between = Prover(log).consistency(early.size)
    assert proves_consistency(early.size, later.size, early.root, later.root, path_between)
    assert house.verify(witness=True).ok


def witnessed(house: House, text: str) -> Checkpoint:
    """As somebody sees it who has the witness directory alone: signed by the log's key."""
    folder = house.place / "witness"
    assert text in {str(note) for note in notes_in(folder)}
    return trusted(note_of(text), [KeySpan(key) for key in keys_in(folder)])


def positions(tree: Any) -> set[int]:
    """Of the events that a score tree names."""
    if isinstance(tree, list):
        return set().union(*map(positions, tree))
    if not isinstance(tree, dict):
        return set()
    return set(tree.get("positions", ())).union(*map(positions, tree.values()))


# --- closing


def test_a_period_is_closed_over_its_results_at_the_newest_checkpoint(house: House) -> None:
    path = house.opened()
    house.published(path)
    house.seal()
    answer = house.close(path, key="once")
    assert answer.status_code == 200, answer.text
    closed, last = house.state(path)["closed"], house.last()
    assert (closed["position"], closed["checkpoint"]) == (last.size, last.text)
    assert closed["root"] == last.checkpoint.root.hex()
    assert closed["determination"] == 1
    with house.town.connect() as connection:
        known = evaluation_known(connection, path, closed["position"])
    assert closed["results"] == results_digest(known.standing.values())


def evaluation_known(connection: psycopg.Connection[Any], path: str, position: int) -> Evaluation:
    """As the sealed part of the log alone tells it."""
    return evaluation_of(connection, named(path.rpartition("/")[2]), position)


def test_a_period_is_closed_once_and_the_command_repeated_changes_nothing(house: House) -> None:
    path = house.opened()
    house.published(path)
    house.seal()
    first = house.close(path, key="once")
    assert first.status_code == 200, first.text
    seen = version(house.api, path)
    again = house.close(path, key="once")
    assert (again.status_code, again.json()) == (200, first.json())
    other = house.close(path)
    assert (other.status_code, other.json()["position"]) == (200, None)
    house.seal()
    assert house.close(path, key="once").json() == first.json()
    assert problem(house.close(path)) == (409, "period-is-closed")
    assert version(house.api, path) == seen


def test_a_period_is_not_closed_before_its_publication_is_sealed(house: House) -> None:
    path = house.opened()
    assert problem(house.close(path)) == (409, "log-not-sealed")
    house.seal()
    assert problem(house.close(path)) == (409, "evaluation-not-published")
    house.published(path)
    assert problem(house.close(path)) == (409, "log-not-sealed")
    house.seal()
    assert house.close(path).status_code == 200


def test_only_leaders_close_a_period(house: House) -> None:
    path = house.opened()
    house.published(path)
    house.seal()
    for by in ("clerk", "evaluated", "auditor", "device", "policy"):
        assert problem(house.close(path, by)) == (403, "not-permitted"), by
    assert house.state(path)["closed"] is None
    assert house.close(path, "admin").status_code == 200


def test_a_period_is_not_closed_while_an_objection_is_open(house: House) -> None:
    path = house.opened()
    run = house.published(path)
    adviser = run["results"][0]["result"]["subject"]
    filed = {"subject": adviser, "ground": "漏记走访"}
    assert house.then_act(path, "file-objection", filed, "evaluated", 1).status_code == 200
    assert problem(sealed_and_closed(house, path)) == (409, "still-open")
    assert act(house.api, path, "answer-objection", OBJECTION).status_code == 200
    assert problem(sealed_and_closed(house, path)) == (409, "still-open")
    appeal = {"number": 1, "ground": "已补录"}
    assert act(house.api, path, "file-appeal", appeal, "evaluated").status_code == 200
    assert problem(sealed_and_closed(house, path)) == (409, "still-open")
    assert act(house.api, path, "decide-appeal", OBJECTION, "deputy").status_code == 200
    assert sealed_and_closed(house, path).status_code == 200


def test_a_period_is_not_closed_over_what_was_upheld_and_not_corrected(house: House) -> None:
    path = house.opened()
    run = house.published(path)
    adviser = run["results"][0]["result"]["subject"]
    filed = {"subject": adviser, "ground": "漏记走访"}
    assert house.then_act(path, "file-objection", filed, "evaluated", 1).status_code == 200
    upheld = {**OBJECTION, "upheld": True}
    assert house.then_act(path, "answer-objection", upheld, hours=2).status_code == 200
    assert problem(sealed_and_closed(house, path)) == (409, "still-open")
    house.api.project()
    now = trial(house.api, subjects=adviser)
    body = {"digest": now["digest"], "as_known_at": now["as_known_at"], "reason": "补录属实",
            "later_facts": True}  # fmt: skip
    assert act(house.api, path, "correct", body).status_code == 200
    # The corrected one may be objected to in its turn.
    assert problem(sealed_and_closed(house, path)) == (409, "still-open")


def sealed_and_closed(house: House, path: str) -> Any:
    house.seal()
    return house.close(path)


# --- after the closing


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("amend-population", {"add": ["A9999"], "reason": "漏列"}),
        ("give-human-score", {"subject": "A", "item": "honours", "value": "1", "reason": "表彰"}),
        ("withdraw-human-score", {"subject": "A", "item": "honours", "reason": "录入有误"}),
        ("file-objection", {"subject": "A", "ground": "漏记走访"}),
        ("answer-objection", OBJECTION),
        ("file-appeal", {"number": 1, "ground": "已补录"}),
        ("decide-appeal", OBJECTION),
    ],
)
def test_nothing_is_scored_objected_to_or_amended_after_the_closing(
    house: House, action: str, body: dict[str, Any]
) -> None:
    path = closed_over(house)
    before = house.state(path)
    assert problem(act(house.api, path, action, body)) == (409, "period-is-closed")
    assert house.state(path) == before


def test_nothing_is_determined_anew_or_cancelled_after_the_closing(house: House) -> None:
    path = closed_over(house)
    house.api.project()
    run = trial(house.api, as_known_at=house.then.isoformat())
    seen = {"digest": run["digest"], "as_known_at": run["as_known_at"]}
    correction = {**seen, "reason": "补录属实"}
    assert problem(act(house.api, path, "publish", seen)) == (409, "period-is-closed")
    assert problem(act(house.api, path, "correct", correction)) == (409, "nothing-to-correct")
    named_one = {**correction, "subjects": [run["results"][0]["result"]["subject"]]}
    assert problem(act(house.api, path, "correct", named_one)) == (409, "period-is-closed")
    cancelling = act(house.api, path, "cancel", {"reason": "规则选错"})
    assert problem(cancelling) == (409, "evaluation-is-published")
    before = house.state(path)
    again = house.api.post("/evaluations", OPENING, by="leader")
    assert (again.status_code, again.json()["position"]) == (201, None)
    other = house.api.post("/evaluations", {**OPENING, "subjects": ["A9999"]}, by="leader")
    assert problem(other) == (409, "evaluation-exists")
    assert house.state(path) == before


def test_a_late_fact_of_a_closed_period_is_recorded_and_shows_as_a_difference_alone(
    house: House,
) -> None:
    path = closed_over(house)
    closed = house.state(path)["closed"]
    results = house.api.get(f"{path}/results", by="leader").json()
    adviser = results["results"][0]["subject"]
    receipt = late_visit(house.town, adviser, village_of(house.town, adviser))
    assert receipt.position > closed["position"]
    house.api.project()

    assert house.state(path)["closed"] == closed
    assert house.api.get(f"{path}/results", by="leader").json() == results
    assert house.api.get(f"{path}/explain/{adviser}", by="leader").json()["agrees"] is True
    found = house.api.get(f"{path}/compare/1/now", by="auditor").json()
    assert [one["subject"] for one in found["differences"]] == [adviser]
    assert [one["position"] for one in found["events"]] == [receipt.position]


def closed_over(house: House) -> str:
    path = house.opened()
    house.published(path)
    answer = sealed_and_closed(house, path)
    assert answer.status_code == 200, answer.text
    return path


# --- the command line


def test_a_period_is_closed_on_the_command_line_by_who_may_and_once(
    house: House, home: Path
) -> None:
    path = house.opened()
    shell, closing = Shell(home), ("evaluation", "close", EVALUATION)
    asked(shell, house.database, *closing, *WHO).failed(1, "anjuan seal --now")
    house.published(path)
    house.seal()
    clerk = ("--account", "chen", "--role", "duty_officer", "--unit", "440104001001")
    asked(shell, house.database, *closing, *clerk).failed(1, "may not do ClosePeriod")
    asked(shell, house.database, *closing).failed(2, "--account")
    assert house.state(path)["closed"] is None

    told = asked(shell, house.database, *closing, *WHO, "--json").json()
    assert told["position"] is not None
    assert house.state(path)["closed"]["position"] == house.last().size
    again = asked(shell, house.database, *closing, *WHO, "--json").json()
    assert again == {**told, "position": None}
    assert "Closed." in asked(shell, house.database, "evaluation", "show", EVALUATION).err
    (line,) = asked(shell, house.database, "evaluation", "list", "--json").json()
    assert line["stage"] == "closed"
    house.seal()
    asked(shell, house.database, *closing, *WHO).failed(1, "已经结账")


def test_the_command_line_does_not_close_over_an_open_objection(house: House, home: Path) -> None:
    path = house.opened()
    run = house.published(path)
    filed = {"subject": run["results"][0]["result"]["subject"], "ground": "漏记走访"}
    assert house.then_act(path, "file-objection", filed, "evaluated", 1).status_code == 200
    house.seal()
    head = head_of(house.town)
    refused = asked(Shell(home), house.database, "evaluation", "close", EVALUATION, *WHO)
    refused.failed(1, "还有未处理", "nothing was written")
    assert head_of(house.town) == head
