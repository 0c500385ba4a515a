"""The published schemes as an office uses them: opened, scored by people and published from the
events of a small town, no fact made by hand."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from api.evaluation.determining import opening_of, publication
from domain.evaluation.evaluation_commands import GiveHumanScore
from domain.evaluation.ruleset import PublishRuleSet
from domain.evaluation.ruleset_check import read
from domain.evaluation.ruleset_content import Given, Human, leaf_items
from domain.vocabulary import stream_id
from projections.evaluation.review import evaluation_of, explained
from projections.evaluation.run import RunAsked
from tests.databases import Database
from tests.evaluating import PANEL, PERIOD, Town, a_town
from tests.examples import ADMIN

SCHEMES = sorted((Path(__file__).parents[3] / "examples" / "rulesets").glob("*.json"))


@pytest.fixture
def town(database: Database) -> Town:
    return a_town(database.app_url)


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_a_published_scheme_is_opened_scored_and_published_from_real_events(
    town: Town, path: Path
) -> None:
    ruleset = read(path.read_bytes())
    assert ruleset.procedure is not None
    town.give(stream_id("ruleset", ruleset.code), PublishRuleSet(ruleset=ruleset), ADMIN)
    asked = RunAsked(ruleset=ruleset.ref, period=PERIOD)
    ready, trial = town.few(asked)
    assert all(one.grade is None for one in trial.run.results), "people have not spoken yet"
    town.give(ready.stream, opening_of(ready), PANEL)

    subjects = [one["code"] for one in ready.task.subjects]
    for item in leaf_items((*ruleset.items, *ruleset.bonuses)):
        if isinstance(item.evidence, Human):
            value = str(item.maximum) if isinstance(item.method, Given) else "0"
            for subject in subjects:
                said = GiveHumanScore(
                    subject=subject,
                    item=item.code,
                    value=value,
                    reason="评议",
                    evidence=("a" * 64,),
                )
                town.give(ready.stream, said, PANEL)
    ready, done = town.few(replace(asked, subjects=tuple(subjects)))
    with town.connect() as connection:
        command = publication(connection, done, ready.as_known_at, done.digest)
    town.give(ready.stream, command, PANEL)

    with town.connect() as connection:
        state = evaluation_of(connection, ready.stream)
        told = [explained(connection, ready.stream, code) for code in subjects]
    assert state.published
    assert all(one.agrees and one.tree["grade"] for one in told)
    # What the log itself decides is there, and not all of it is nothing.
    computed = [
        item.code
        for item in leaf_items((*ruleset.items, *ruleset.bonuses))
        if not isinstance(item.evidence, Human)
    ]
    used = [
        ref
        for one in told
        for leaf in _leaves(one.tree)
        if leaf["code"] in computed
        for ref in (*leaf["used"], *leaf.get("against", ()))
    ]
    assert used
    assert all(ref["positions"] for ref in used)


def _leaves(tree: dict[str, Any]) -> list[dict[str, Any]]:
    waiting, found = [*tree["items"], *tree["bonuses"]], []
    while waiting:
        node = waiting.pop()
        if "items" in node:
            waiting += node["items"]
        else:
            found.append(node)
    return found
