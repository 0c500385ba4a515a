"""Evaluations by HTTP and by the command line: published, corrected, and looked at again."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from psycopg.rows import tuple_row

from api.evaluation.determining import publication
from api.serving.app import api_of, wire
from api.web.watch import watched
from domain.evaluation.evaluation_commands import WhatIfNotPublishable
from domain.evaluation.ruleset import PublishRuleSet
from domain.oversight.draw import draw
from domain.oversight.sample import DrawSample, Frame
from domain.registers.policy import DutyRules
from domain.scoring.computation import digest
from domain.scoring.scoring import leaves
from domain.vocabulary import CHINA, Actor, stream_id
from ledger.founding.shipped import shipped_rulesets
from ledger.log import reading
from ledger.log.bulk import append_slice
from ledger.log.codec import LedgerMapper, uuid7
from ledger.seal.keyfile import KeyFiles
from ledger.seal.sealer import Sealing, seal
from projections.asking.asking import NEVER
from projections.evaluation import sampling_frame
from projections.running.runner import Runner
from tests.api.cli.test_cli import Shell
from tests.api.conftest import ACTORS, Api, problem, settings_of
from tests.databases import Database
from tests.evaluating import BY_ADVISER, PERIOD, Town, a_town, late_visit
from tests.examples import ADMIN

EVALUATION: Final = f"adviser-year:4401:{PERIOD}"
OPENING: Final[dict[str, Any]] = {"ruleset": "adviser-year@1", "period": PERIOD}


@pytest.fixture
def town(database: Database) -> Town:
    return a_town(database.app_url)


@pytest.fixture
def doors(town: Town, database: Database, home: Path) -> Iterator[Api]:
    """The application over that log; `deputy` and `head` are further leaders."""
    settings = settings_of(database, home)
    more = {
        "leader": Actor(account="leader-1", role="supervisor", unit="4401"),
        "deputy": Actor(account="leader-2", role="supervisor", unit="4401"),
        "head": Actor(account="leader-3", role="supervisor", unit="4401"),
        "evaluated": Actor(
            account="own-1", role="adviser", unit="440104001001", adviser=adviser_of(town)
        ),
    }
    wiring = wire(replace(settings, tokens=ACTORS | more), database.app_url)
    with TestClient(
        watched(api_of(wiring), wiring.metrics), raise_server_exceptions=False
    ) as client:
        yield Api(client, database, count(1))


def adviser_of(town: Town) -> str:
    _, done = town.few(BY_ADVISER)
    return done.run.results[0].subject


def village_of(town: Town, adviser: str) -> str:
    with town.connect() as connection:
        row = connection.execute(
            "SELECT division FROM views.appointments WHERE advisers @> ARRAY[%s] LIMIT 1", [adviser]
        ).fetchone()
    assert row is not None
    return str(row[0])


def opened(api: Api) -> str:
    """The path of the evaluation."""
    answer = api.post("/evaluations", OPENING, by="leader")
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"]).removeprefix("/api/v1")


def trial(api: Api, by: str = "leader", **query: Any) -> Any:
    answer = api.get("/evaluations/run", by=by, **{**OPENING, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def version(api: Api, path: str) -> int:
    return int(api.get(path, by="leader").json()["version"])


def act(api: Api, path: str, action: str, body: Any, by: str = "leader", **more: Any) -> Any:
    return api.post(f"{path}/{action}", body, by=by, seen=version(api, path), **more)


def published(api: Api, path: str) -> Any:
    api.project()
    run = trial(api)
    seen = {"digest": run["digest"], "as_known_at": run["as_known_at"]}
    answer = act(api, path, "publish", seen)
    assert answer.status_code == 200, answer.text
    api.project()
    return run


# --- published


def test_what_is_published_is_the_run_that_was_looked_at(doors: Api) -> None:
    path = opened(doors)
    doors.project()
    run = trial(doors)
    seen = {"digest": "0" * 64, "as_known_at": run["as_known_at"]}
    assert problem(act(doors, path, "publish", seen)) == (409, "run-digest-differs")
    seen["digest"] = run["digest"]
    first = act(doors, path, "publish", seen, key="once")
    assert first.status_code == 200, first.text
    again = act(doors, path, "publish", seen, key="once")
    assert (again.status_code, again.json()) == (200, first.json())

    results = doors.get(f"{path}/results", by="head", determination=1).json()
    assert results["digest"] == run["digest"]
    assert results["cut_off"] == run["position"]
    assert results["results"] == [one["result"] for one in run["results"]]


def test_every_leaf_of_a_published_score_is_explained(doors: Api) -> None:
    path = opened(doors)
    run = published(doors, path)
    subject = run["results"][0]["result"]["subject"]
    told = doors.get(f"{path}/explain/{subject}", by="auditor").json()
    assert (told["determination"], told["agrees"]) == (1, True)
    assert told["tree"] == run["results"][0]["tree"]
    assert told["digest"] == run["results"][0]["result"]["tree"]
    assert problem(doors.get(f"{path}/explain/NOBODY", by="auditor")) == (409, "subject-unknown")
    assert problem(doors.get(f"{path}/explain/{subject}", by="auditor", determination=2)) == (
        409,
        "determination-unknown",
    )


def test_who_is_evaluated_sees_his_own_tree_and_of_complaints_only_that_they_count(
    doors: Api,
) -> None:
    path = opened(doors)
    run = published(doors, path)
    own = run["results"][0]["result"]["subject"]
    told = doors.get(f"{path}/explain/{own}", by="evaluated")
    assert told.status_code == 200, told.text
    named = [
        ref
        for ref in refs(told.json()["tree"])
        if ref["fact"] == "complaint" and ("stream" in ref or "positions" in ref)
    ]
    assert named == []
    assert problem(doors.get(f"{path}/explain/OTHER", by="evaluated")) == (403, "not-permitted")
    assert problem(doors.get(f"{path}/compare/1/now", by="evaluated")) == (403, "not-permitted")
    assert trial(doors, by="evaluated", subjects=own)["results"][0]["result"]["subject"] == own
    assert doors.get("/evaluations/run", by="evaluated", **OPENING).status_code == 403


def refs(tree: Any) -> list[Any]:
    if isinstance(tree, list):
        return [ref for one in tree for ref in refs(one)]
    if not isinstance(tree, dict):
        return []
    own = [tree] if "fact" in tree else []
    return own + [ref for one in tree.values() for ref in refs(one)]


def test_who_asks_for_rules_or_evaluations_that_are_not_there_is_told(doors: Api) -> None:
    nothing = stream_id("evaluation", "none:4401:2026")
    assert problem(doors.get(f"/evaluations/{nothing}", by="leader")) == (404, "not-found")
    assert problem(doors.get(f"/evaluations/{nothing}/explain/A", by="leader")) == (
        404,
        "not-found",
    )
    unknown = doors.get("/evaluations/run", by="leader", ruleset="none@1", period=PERIOD)
    assert problem(unknown) == (409, "rule-set-unknown")
    nobody = doors.get("/evaluations/run", by="leader", **OPENING, division="11")
    assert problem(nobody) == (409, "nobody-to-evaluate")
    empty = doors.get("/evaluations/run", by="leader", **OPENING, as_known_at="2020-01-01T00:00Z")
    assert problem(empty) == (409, "rule-set-unknown")


# --- late facts


def test_late_facts_leave_the_published_and_show_as_the_leaves_that_they_change(
    doors: Api, town: Town
) -> None:
    path = opened(doors)
    run = published(doors, path)
    adviser = run["results"][0]["result"]["subject"]
    before = doors.get(f"{path}/results", by="head", determination=1).json()

    receipt = late_visit(town, adviser, village_of(town, adviser))
    doors.project()
    assert (
        doors.get(f"{path}/results", by="head", determination=1).json()["results"]
        == before["results"]
    )
    assert doors.get(f"{path}/explain/{adviser}", by="leader").json()["agrees"] is True
    again = trial(doors, as_known_at=run["as_known_at"])
    assert again["digest"] == run["digest"]
    now = trial(doors)
    assert now["digest"] != run["digest"]

    found = doors.get(f"{path}/compare/1/now", by="auditor").json()
    assert [one["subject"] for one in found["differences"]] == [adviser]
    leaves = found["differences"][0]["leaves"]
    assert {leaf["code"] for leaf in leaves} == changed_leaves(run, now)
    added = [fact for leaf in leaves for fact in leaf["facts"] if fact["change"] == "added"]
    assert {tuple(fact["events"]) for fact in added if fact["fact"] == "visit"} == {
        (receipt.position,)
    }
    assert [one["position"] for one in found["events"]] == [receipt.position]
    assert found["events"][0]["topic"] == "worklog.logged/1"
    assert doors.get(f"{path}/compare/1/1", by="auditor").json()["differences"] == []


def changed_leaves(one: Any, other: Any) -> set[str]:
    """Told without `compare`: the leaves that do not say the same, positions apart."""
    before, after = (leaf_texts(run["results"][0]["tree"]) for run in (one, other))
    return {code for code in before if before[code] != after[code]}


def leaf_texts(tree: Any) -> dict[str, str]:
    found = {}
    waiting = [*tree["items"], *tree["bonuses"], *tree["vetoes"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("items", ())
        if "items" not in node:
            found[node["code"]] = json.dumps(without_positions(node), sort_keys=True)
    return found


def without_positions(value: Any) -> Any:
    if isinstance(value, list):
        return [without_positions(one) for one in value]
    if isinstance(value, dict):
        return {name: without_positions(one) for name, one in value.items() if name != "positions"}
    return value


# --- objection and appeal


def test_an_upheld_appeal_leads_to_a_correction_that_cites_the_old_and_both_replay(
    doors: Api, town: Town
) -> None:
    path = opened(doors)
    run = published(doors, path)
    adviser = run["results"][0]["result"]["subject"]
    appeal_upheld(doors, path, run, adviser)

    late_visit(town, adviser, village_of(town, adviser))
    doors.project()
    now = trial(doors, subjects=adviser)
    body = {"digest": now["digest"], "as_known_at": now["as_known_at"], "reason": "补录属实",
            "later_facts": True}  # fmt: skip
    answer = act(doors, path, "correct", body, "head")
    assert answer.status_code == 200, answer.text
    doors.project()

    state = doors.get(path, by="leader").json()["state"]
    first, second = state["determinations"]
    assert second["cites"] == first["digest"] == run["digest"]
    assert (second["number"], second["objections"]) == (2, [1])
    for number, seen in ((1, run), (2, now)):
        told = doors.get(f"{path}/explain/{adviser}", by="leader", determination=number).json()
        assert (told["determination"], told["agrees"]) == (number, True)
        assert told["tree"] == seen["results"][0]["tree"]
    found = doors.get(f"{path}/compare/1/2", by="leader").json()
    assert {leaf["code"] for leaf in found["differences"][0]["leaves"]} == changed_leaves(run, now)


def test_gap_17_an_upheld_objection_corrects_its_item_and_not_by_facts_that_came_later(
    doors: Api, town: Town
) -> None:
    path = opened(doors)
    run = published(doors, path)
    adviser = run["results"][0]["result"]["subject"]
    filed = {"subject": adviser, "items": ["lecture_quota"], "ground": "讲座已办"}
    assert act(doors, path, "file-objection", filed, "evaluated").status_code == 200
    upheld = {"number": 1, "upheld": True, "reason": "签到表属实"}
    assert act(doors, path, "answer-objection", upheld).status_code == 200
    late_visit(town, adviser, village_of(town, adviser))
    other = {"objection": 1, "item": "items_served", "value": "6", "ground": "另",
             "evidence": ["a" * 64]}  # fmt: skip
    assert problem(act(doors, path, "determine-item", other)) == (409, "item-not-objected-to")
    determined = {
        "objection": 1, "item": "lecture_quota", "value": "5.5", "ground": "签到表属实",
        "evidence": ["a" * 64],
    }  # fmt: skip
    assert act(doors, path, "determine-item", determined).status_code == 200
    doors.project()

    # What everybody sees now has the late visit in it: that is not what was objected to.
    now = trial(doors, subjects=adviser)
    body = {"digest": now["digest"], "as_known_at": now["as_known_at"], "reason": "异议成立"}
    assert problem(act(doors, path, "correct", body)) == (409, "run-digest-differs")
    named = {**body, "later_facts": True}
    assert problem(act(doors, path, "correct", named)) == (409, "items-await-correction")

    corrected_alone(doors, path, adviser)


def test_determinations_of_different_subjects_are_not_compared_as_if_nothing_differed(
    doors: Api, town: Town
) -> None:
    path = opened(doors)
    run = published(doors, path)
    first = [one["result"]["subject"] for one in run["results"]]
    with town.connect() as connection:
        row = connection.execute(
            "SELECT code FROM views.directory WHERE kind = 'adviser' AND code <> ALL(%s)", [first]
        ).fetchone()
    assert row is not None
    added = {"add": [row[0]], "reason": "漏列"}
    assert act(doors, path, "amend-population", added).status_code == 200
    doors.project()
    seen = trial(doors, subjects=row[0])
    body = {"digest": seen["digest"], "as_known_at": seen["as_known_at"], "reason": "漏列"}
    answer = act(doors, path, "correct", body)
    assert answer.status_code == 200, answer.text
    doors.project()
    none = doors.get(f"{path}/compare/1/2", by="leader")
    assert problem(none) == (409, "nothing-in-common")
    assert none.json()["detail"] == f"{', '.join(first)} / {row[0]}"
    found = doors.get(f"{path}/compare/1/now", by="leader").json()
    assert (found["subjects"], found["missing"]) == (len(first), [row[0]])


def corrected_alone(doors: Api, path: str, adviser: str) -> None:
    """The item that was determined differs, and nothing that came later is in it."""
    seen = trial(doors, subjects=adviser, correcting=True)
    body = {"digest": seen["digest"], "as_known_at": seen["as_known_at"], "reason": "异议成立"}
    answer = act(doors, path, "correct", body)
    assert answer.status_code == 200, answer.text
    doors.project()
    found = doors.get(f"{path}/compare/1/2", by="leader").json()
    [difference] = found["differences"]
    assert [leaf["code"] for leaf in difference["leaves"]] == ["lecture_quota"]
    told = doors.get(f"{path}/explain/{adviser}", by="leader").json()
    assert (told["determination"], told["agrees"]) == (2, True)
    [leaf] = [one for one in leaves(told["tree"]) if one["code"] == "lecture_quota"]
    assert (leaf["score"], leaf["determined"]["objection"]) == ("5.50", 1)
    assert leaf["computed"] != leaf["score"]
    state = doors.get(path, by="leader", unmask="复核").json()["state"]
    assert state["determined"][adviser]["lecture_quota"]["ground"] == "签到表属实"
    assert [one["later_facts"] for one in state["determinations"]] == [False, False]
    # The late visit shows as the difference between this and a run of now.
    late = doors.get(f"{path}/compare/2/now", by="leader").json()
    assert "items_served" in {leaf["code"] for leaf in late["differences"][0]["leaves"]}


def appeal_upheld(doors: Api, path: str, run: Any, adviser: str) -> None:
    filed = act(
        doors, path, "file-objection", {"subject": adviser, "ground": "漏记走访"}, "evaluated"
    )
    assert filed.status_code == 200, filed.text
    nothing = {
        "digest": run["digest"], "as_known_at": run["as_known_at"], "reason": "更正",
    }  # fmt: skip
    assert problem(act(doors, path, "correct", nothing)) == (409, "nothing-to-correct")
    rejected = {"number": 1, "upheld": False, "reason": "未见记录"}
    assert act(doors, path, "answer-objection", rejected).status_code == 200
    appeal = {"number": 1, "ground": "已补录"}
    assert act(doors, path, "file-appeal", appeal, "evaluated").status_code == 200
    upheld = {"number": 1, "upheld": True, "reason": "属实"}
    same = act(doors, path, "decide-appeal", upheld)
    assert problem(same) == (409, "same-decider")
    assert act(doors, path, "decide-appeal", upheld, "deputy").status_code == 200


def test_a_period_is_closed_at_a_sealed_checkpoint(
    doors: Api, database: Database, home: Path
) -> None:
    path = opened(doors)
    assert problem(act(doors, path, "close-period", {})) == (409, "log-not-sealed")
    published(doors, path)
    sealed(database, home)
    assert problem(act(doors, path, "close-period", {})) == (409, "still-open")


def sealed(database: Database, home: Path) -> None:
    sealing = Sealing(keys=KeyFiles(home / "keys"))
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        seal(connection, sealing)


# --- what-if


def other_rules() -> PublishRuleSet:
    """The next version of the advisers' rules: lectures count half."""
    [shipped] = [one.ruleset for one in shipped_rulesets() if one.ruleset.ref == "adviser-year@3"]
    return PublishRuleSet(ruleset=replace(shipped, version=4, title="试行"))


def test_a_what_if_is_marked_and_cannot_be_published(doors: Api, town: Town) -> None:
    path = opened(doors)
    town.give(stream_id("ruleset", "adviser-year"), other_rules(), ADMIN)
    doors.project()
    run, other = trial(doors), trial(doors, what_if="adviser-year@4")
    assert (run["what_if"], other["what_if"]) == (False, True)
    assert run["digest"] != other["digest"]
    seen = {"digest": other["digest"], "as_known_at": other["as_known_at"]}
    assert problem(act(doors, path, "publish", seen)) == (409, "run-digest-differs")

    ready, done = town.few(replace(BY_ADVISER, what_if="adviser-year@4"))
    with town.connect() as connection:
        command = publication(connection, done, ready.as_known_at, done.digest)
    leader = replace(ACTORS["leader"], unit="4401")
    with pytest.raises(WhatIfNotPublishable):
        town.give(ready.stream, command, leader)
    assert doors.get(path, by="leader").json()["state"]["determinations"] == []


# --- the command line


@pytest.fixture
def shell(town: Town, home: Path) -> Shell:
    assert town.url
    return Shell(home)


def asked(shell: Shell, database: Database, *arguments: object) -> Any:
    return shell.run(
        *arguments,
        ANJUAN_DATABASE_URL=database.owner_url,
        ANJUAN_APP_DATABASE_URL=database.app_url,
    )


RUN: Final = ("evaluate", "--period", PERIOD, "--ruleset", "adviser-year@1")
WHO: Final = ("--account", "li", "--role", "supervisor", "--unit", "4401")


def test_a_plain_run_writes_nothing_and_can_be_held_to_its_digest(
    shell: Shell, database: Database, town: Town
) -> None:
    head = head_of(town)
    told = asked(shell, database, *RUN, "--json").json()
    assert told["digest"] == town.few(BY_ADVISER)[1].digest
    assert told["position"] == head == head_of(town)
    result = told["results"][0]
    assert result["tree"]["score"] == result["score"]
    assert digest(result["tree"]) == result["tree_digest"]
    assert asked(shell, database, *RUN, "--expect", told["digest"]).code == 0
    assert asked(shell, database, *RUN, "--expect", "0" * 64).code == 1
    asked(shell, database, *RUN, "--publish").failed(2, "--account")


def head_of(town: Town) -> int:
    with town.connect() as connection:
        return reading.head(connection)


def test_an_evaluation_is_opened_published_and_explained_on_the_command_line(
    shell: Shell, database: Database, town: Town
) -> None:
    done = asked(shell, database, *RUN, "--open", "--publish", *WHO, "--json").json()
    assert done["published"]
    (line,) = asked(shell, database, "evaluation", "list", "--json").json()
    assert (line["key"], line["stage"]) == (EVALUATION, "published")
    subject = done["results"][0]["subject"]
    told = asked(shell, database, "explain", "score", EVALUATION, subject, "--json").json()
    assert (told["agrees"], told["digest"]) == (True, done["results"][0]["tree_digest"])

    receipt = late_visit(town, subject, village_of(town, subject))
    compared = asked(shell, database, "evaluation", "compare", EVALUATION, 1, "now")
    assert compared.code == 1
    assert f"{receipt.position} worklog.logged/1" in compared.out


def test_a_run_is_repeated_by_its_position_and_another_position_is_no_sign_of_tampering(
    shell: Shell, database: Database, town: Town
) -> None:
    done = asked(shell, database, *RUN, "--open", "--publish", *WHO, "--json").json()
    at, subject = f"@{done['position']}", done["results"][0]["subject"]
    late_visit(town, subject, village_of(town, subject))
    with town.connect() as connection:
        recorded = reading.recorded_at(connection, done["position"])
    assert recorded is not None
    when = recorded.astimezone(ZoneInfo(CHINA)).isoformat()
    shown = asked(shell, database, "evaluation", "show", EVALUATION)
    assert f"position {done['position']} (recorded {when}; --as-known-at {at})" in shown.out
    explained = asked(shell, database, "explain", "score", EVALUATION, subject)
    assert f"(recorded {when}; --as-known-at {at}); tree" in explained.err
    assert "anjuan show event POSITION" in explained.err
    for same in (at, when):
        again = asked(shell, database, *RUN, "--as-known-at", same, "--expect", done["digest"])
        assert again.code == 0, again.err
        trial = ("explain", "score", EVALUATION, subject, "--as-known-at", same, "--json")
        told = asked(shell, database, *trial).json()
        assert told["digest"] == done["results"][0]["tree_digest"]
    listed = asked(shell, database, "list", "evaluations", "--as-known-at", at, "--json").json()
    assert listed["basis"]["position"] == done["position"]
    other = asked(shell, database, *RUN, "--expect", done["digest"])
    assert other.code == 1
    assert "another state of knowledge, which is no sign of tampering" in other.err
    assert f"--as-known-at {at}" in other.err
    strange = asked(shell, database, *RUN, "--as-known-at", at, "--expect", "0" * 64)
    assert (strange.code, "another state of knowledge" in strange.err) == (1, True)


def test_a_position_that_the_log_does_not_have_or_not_alone_is_refused(
    shell: Shell, database: Database, town: Town
) -> None:
    head = head_of(town)
    ask = ("timeline", "calendar:gz-office", "--as-known-at")
    for unknown in (0, head + 1):
        asked(shell, database, *ask, f"@{unknown}").failed(2, f"the log ends at {head}")
    asked(shell, database, *ask, "@x").failed(2, "@x")
    with town.connect() as connection:
        within = [at for at in range(1, head) if is_within(connection, at)]
    for at in within[:1]:
        asked(shell, database, *ask, f"@{at}").failed(2, f"position {at} was recorded together")


def is_within(connection: psycopg.Connection[Any], position: int) -> bool:
    """Whether a later event was recorded at the same time."""
    recorded = reading.recorded_at(connection, position)
    return reading.position_at(connection, recorded) != position


def test_a_what_if_is_shown_beside_and_refused_for_publication(
    shell: Shell, database: Database, town: Town
) -> None:
    asked(shell, database, *RUN, "--open", *WHO)
    town.give(stream_id("ruleset", "adviser-year"), other_rules(), ADMIN)
    told = asked(shell, database, *RUN, "--what-if", "adviser-year@4", "--json").json()
    assert (told["what_if"], told["beside"]["what_if"]) == (False, True)
    head = head_of(town)
    refused = asked(shell, database, *RUN, "--what-if", "adviser-year@4", "--publish", *WHO)
    refused.failed(1, "试算", "nothing was written")
    assert head_of(town) == head


def test_whoever_publishes_is_told_whether_a_checkpoint_covers_it(
    shell: Shell, database: Database, town: Town, home: Path
) -> None:
    asked(shell, database, *RUN, "--open", *WHO)
    of_points = ("evaluate", "--period", PERIOD, "--ruleset", "point-year@1", "--no-trees")
    bare = asked(shell, database, *of_points, "--open", "--publish", *WHO)
    assert (bare.code, "without a checkpoint" in bare.err) == (0, True)
    sealed(database, home)
    with town.connect() as connection:
        note = connection.execute("SELECT note FROM seal_checkpoints").fetchone()
    done = asked(shell, database, *RUN, "--publish", *WHO, "--json").json()
    assert note == (done["checkpoint"],)


def test_what_is_typed_and_cannot_be_recorded_is_refused(
    shell: Shell, database: Database, town: Town
) -> None:
    done = asked(shell, database, *RUN, "--open", *WHO, "--json").json()
    of_whom = ("evaluation", "score", EVALUATION, "--subject", done["results"][0]["subject"])
    saying = (*of_whom, "--item", "honours", "--source", stream_id("worklog", "x"), *WHO)
    head = head_of(town)
    for value, reason, words in (("2", "长" * 2_001, "reason"), ("2" * 41, "表彰", "value")):
        refused = asked(shell, database, *saying, "--value", value, "--reason", reason)
        refused.failed(2, words, "GiveHumanScore")
    assert head_of(town) == head


def test_a_rule_set_with_a_fault_is_told_the_place_and_not_published(
    shell: Shell, database: Database, tmp_path: Path
) -> None:
    faulty = replace(other_rules().ruleset, maximum=99)
    file = tmp_path / "rules.json"
    file.write_bytes(msgspec.json.encode(faulty))
    told = asked(shell, database, "ruleset", "validate", file, "--json")
    assert told.code == 1
    assert json.loads(told.out)["faults"][0].startswith("maximum")
    by = ("--account", "li", "--role", "administrator", "--unit", "4401")
    assert asked(shell, database, "ruleset", "publish", file, *by).code == 1
    assert len(asked(shell, database, "ruleset", "list", "--json").json()) == len(
        shipped_rulesets()
    )


def test_a_sample_is_drawn_with_the_root_of_the_first_checkpoint_over_its_announcement(
    shell: Shell, database: Database, home: Path
) -> None:
    announcing = ("sample", "announce", "--of", "request", "--size", 3, "--purpose", "抽查")
    told = asked(shell, database, *announcing, *WHO, "--json").json()
    waiting = asked(shell, database, "sample", "draw", told["sample"], *WHO)
    waiting.failed(1, "尚未封存")
    sealed(database, home)
    drawn = asked(shell, database, "sample", "draw", told["sample"], *WHO, "--json").json()
    assert len(drawn["drawn"]) == 3
    again = asked(shell, database, "sample", "draw", told["sample"], *WHO, "--json").json()
    assert again == drawn
    more = ("sample", "enlarge", told["sample"], "--size", 5, "--reason", "问题较多")
    larger = asked(shell, database, *more, *WHO, "--json").json()
    assert larger["drawn"][:3] == drawn["drawn"]


def test_audit_3_what_is_doubted_and_undecided_weighs_more_in_a_sample_of_the_work_log(
    shell: Shell, town: Town, database: Database, home: Path
) -> None:
    Runner(town.url).catch_up()
    with town.connect() as connection:
        twice = connection.execute(
            "SELECT stream FROM views.worklogs WHERE superseded_at = %s AND standing = 'logged'"
            " ORDER BY day DESC LIMIT 1",
            [NEVER],
        ).fetchone()
        assert twice is not None
        [logged, *_] = reading.streams(
            connection.cursor(binary=True, row_factory=tuple_row),
            LedgerMapper(), [twice[0]], 2**63 - 1,
        )  # fmt: skip
        # A simulation has no day sheets: hours told twice are seen by the views.
        again = replace(logged, originator_id=uuid7(), event_id=uuid7(), command_id=uuid7(),
                        command_events=1, position=None, recorded_at=None)  # fmt: skip
        append_slice(connection, [again], LedgerMapper())
    announcing = ("sample", "announce", "--of", "worklog", "--size", 2, "--purpose", "抽查")
    told = asked(shell, database, *announcing, *WHO, "--json").json()
    announced = told["announced"]
    assert announced["frame"]["doubted_weight"] == DutyRules().doubted_sample_weight == 3
    assert announced["doubted_count"] >= 2
    sealed(database, home)
    drawn = asked(shell, database, "sample", "draw", told["sample"], *WHO, "--json").json()

    with town.connect() as connection:
        frame = frame_of(told)
        ids = sampling_frame.ids(connection, frame)
        doubted = sampling_frame.doubted(connection, frame, ids)
    assert {str(twice[0]), str(again.originator_id)} <= set(doubted)
    by_hand = draw(drawn["seed"], ids, 2, dict.fromkeys(doubted, 3))
    assert drawn["drawn"] == list(by_hand)

    same = asked(shell, database, "sample", "verify", told["sample"])
    assert same.code == 0
    assert f"{len(doubted)} with undecided doubts had 3 tickets each" in same.err


def test_a_sample_that_was_not_drawn_by_its_seed_is_found(
    shell: Shell, town: Town, database: Database, home: Path
) -> None:
    announcing = ("sample", "announce", "--of", "worklog", "--size", 2, "--purpose", "抽查")
    told = asked(shell, database, *announcing, *WHO, "--json").json()
    sealed(database, home)
    with town.connect() as connection:
        ids = sampling_frame.ids(connection, frame_of(told))
        doubted = sampling_frame.doubted(connection, frame_of(told), ids)
    stream = UUID(told["sample"])
    chosen = DrawSample(
        population=ids, doubted=doubted, announced_at=1, checkpoint=1, root="7a" * 32
    )
    town.give(stream, chosen, ADMIN)
    differs = asked(shell, database, "sample", "verify", told["sample"])
    differs.failed(1, "the seed is not the first checkpoint")


def frame_of(told: Any) -> Frame:
    return msgspec.convert(told["announced"]["frame"], Frame)
