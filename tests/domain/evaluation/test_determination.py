"""Digests of a run, of results and human scores; what follows from a result."""

import hashlib
import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.evaluation.determination import (
    EarlierResult,
    FollowUp,
    Run,
    SubjectResult,
    Threshold,
    Window,
    digest_of,
    follow_ups,
    results_digest,
    window_ends,
)
from domain.moment import Moment
from domain.scoring.computation import marks_digest
from tests.examples import CLERK, REGISTERS, local

TREE = "ab" * 32
GOOD = SubjectResult(subject="A-1", score="92.50", grade="优秀", subsidy="3500", tree=TREE)
POOR = SubjectResult(subject="A-2", score="59.90", grade="不合格", tree=TREE)
VETOED = SubjectResult(subject="A-3", score="88.00", grade="不合格", vetoed=True, tree=TREE)
RUN = Run(
    subject_kind="adviser",
    ruleset="adviser-year@1",
    division="440103",
    period="2025",
    calendar="gz-office@1",
    cut_off=1200,
    inputs="cd" * 32,
    marks=marks_digest({("A-1", "attitude"): "35"}),
    results=(GOOD, POOR),
)
EXIT = Threshold(follow="exit", vetoed=True, items=("一票否决，提出终止服务",))
REPLACE = Threshold(follow="replacement", below="50", items=("得分过低，提出调整",))
RECTIFY = Threshold(follow="rectification", grades=("不合格",), below="60", items=("制定整改方案",))


# --- digests


def test_anyone_can_compute_the_digest_of_a_run_again() -> None:
    stored = json.loads(msgspec.json.encode(RUN))
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest_of(RUN) == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_of_a_run_never_changes() -> None:
    assert digest_of(RUN) == "8591d12bd07474c68be9c63971d9df3743d4f71e50a83ad5f44544401c26ebb5"


@pytest.mark.parametrize(
    "change",
    [
        {"subject_kind": "point"},
        {"ruleset": "adviser-year@2"},
        {"division": "440104"},
        {"period": "2026"},
        {"calendar": "gz-office@2"},
        {"cut_off": 1201},
        {"inputs": "ce" * 32},
        {"marks": marks_digest({})},
        {"results": (GOOD,)},
        {"results": (replace(GOOD, score="92.51"), POOR)},
        {"results": (replace(GOOD, tree="ac" * 32), POOR)},
    ],
)
def test_every_input_and_every_result_is_in_the_digest(change: dict[str, Any]) -> None:
    assert digest_of(replace(RUN, **change)) != digest_of(RUN)


def test_results_and_human_scores_have_one_digest_whatever_their_order() -> None:
    assert results_digest([GOOD, POOR]) == results_digest([POOR, GOOD])
    assert results_digest([GOOD]) != results_digest([GOOD, POOR])
    values = {("A-1", "attitude"): "35", ("A-2", "attitude"): "20"}
    assert marks_digest(values) == marks_digest(dict(reversed(values.items())))
    assert marks_digest(values) != marks_digest({**values, ("A-2", "attitude"): "21"})


# --- windows


@pytest.mark.parametrize(
    ("window", "ends"),
    [
        (Window(days=7), "2026-03-10 00:00"),
        (Window(days=5), "2026-03-10 00:00"),  # the fifth day is a Saturday
        (Window(days=5, unit="working_day"), "2026-03-10 00:00"),
        (Window(days=3, unit="working_day"), "2026-03-06 00:00"),
    ],
)
def test_a_window_ends_at_midnight_and_not_on_a_day_of_rest(window: Window, ends: str) -> None:
    at = local("2026-03-02 12:00")
    moment = Moment(by=CLERK, occurred_at=at, now=at, registers=REGISTERS)
    assert window_ends(window, "gz-office@1", moment) == local(ends)


# --- what follows


def test_the_first_threshold_that_a_result_falls_under_is_its_own() -> None:
    assert follow_ups([VETOED, POOR, GOOD], (EXIT, REPLACE, RECTIFY)) == (
        FollowUp(
            subject="A-2",
            follow="rectification",
            grounds=("grade", "score"),
            items=("制定整改方案",),
        ),
        FollowUp(
            subject="A-3", follow="exit", grounds=("veto",), items=("一票否决，提出终止服务",)
        ),
    )


@pytest.mark.parametrize(
    ("score", "follow"),
    [("49.99", ["replacement"]), ("50", ["rectification"]), ("100.00", []), ("60.00", [])],
)
def test_scores_are_compared_as_numbers_and_below_is_below(score: str, follow: list[str]) -> None:
    found = follow_ups([replace(GOOD, score=score)], (REPLACE, RECTIFY))
    assert [one.follow for one in found] == follow


def test_nothing_follows_without_thresholds() -> None:
    assert follow_ups([POOR, VETOED], ()) == ()


# --- 优留劣出: several periods running

TWICE = Threshold(follow="exit", grades=("不合格",), running=3, items=("连续三年不合格，建议退出",))


def year_before(period: str, grade: str) -> EarlierResult:
    return EarlierResult(
        period=period, subject=POOR.subject, score="50", grade=grade, digest="ab" * 32
    )


def test_a_threshold_over_years_holds_where_every_one_of_them_falls_under_it() -> None:
    poor = replace(POOR, grade="不合格")
    bad = [year_before("2025", "不合格"), year_before("2024", "不合格")]
    [found] = follow_ups([poor], (TWICE,), "2026", bad)
    assert (found.follow, found.periods) == ("exit", ("2025", "2024"))
    assert follow_ups([replace(poor, grade="合格")], (TWICE,), "2026", bad) == ()


@pytest.mark.parametrize(
    "earlier",
    [
        [],
        [year_before("2025", "不合格")],
        [year_before("2025", "合格"), year_before("2024", "不合格")],
        [year_before("2024", "不合格"), year_before("2023", "不合格")],
    ],
)
def test_a_year_that_is_missing_or_was_good_breaks_the_chain(
    earlier: list[EarlierResult],
) -> None:
    mild = Threshold(follow="rectification", grades=("不合格",), items=("限期整改",))
    [found] = follow_ups([replace(POOR, grade="不合格")], (TWICE, mild), "2026", earlier)
    assert (found.follow, found.periods) == ("rectification", ())
