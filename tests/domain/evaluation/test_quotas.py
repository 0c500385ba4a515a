"""Quotas of grades and ranks are data of the rule set and of the results."""

from typing import Any

import pytest

from domain.canonical import canonical
from domain.evaluation.determination import SubjectResult, ranked
from domain.evaluation.ruleset_check import problems
from domain.scoring.computation import Computed, Task, within_quotas
from tests.domain.evaluation.test_ruleset import of
from tests.scored import item, rules

POINTS = item({"measure": "count", "of": {"fact": "visit"}}, {"kind": "points", "each": 1})
GRADES: list[dict[str, Any]] = [
    {"name": "优秀", "at_least": 8},
    {"name": "良好", "at_least": 5},
    {"name": "不合格", "at_least": 0},
]
SUBSIDY: dict[str, Any] = {
    "rates": [{"grade": "优秀", "amount": 300}, {"grade": "良好", "amount": 200},
              {"grade": "不合格", "amount": 0}],
    "unit": "元", "per": "村/年", "basis": "测试",
}  # fmt: skip
QUOTA = {"grade": "优秀", "percent_max": 15, "basis": "某办法：优秀不超过百分之十五"}
BEST = {"quotas": [QUOTA], "grades": GRADES}


def results(scores: list[str], *, others: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    ruleset = rules(POINTS, **{**BEST, "subsidy": SUBSIDY, **more})
    some = []
    for n, score in enumerate(scores):
        grade = next(one["name"] for one in GRADES if float(score) >= one["at_least"])
        [rate] = [one["amount"] for one in SUBSIDY["rates"] if one["grade"] == grade]
        tree = canonical({"subsidy": {"rate": str(rate), "unit": "元", "per": "村/年"}})
        result = {"subject": f"A-{n:02}", "score": score, "tree": "0" * 64, "grade": grade,
                  "subsidy": str(rate)}  # fmt: skip
        some.append(Computed(result, tree, ""))  # type: ignore[arg-type]
    task = Task(ruleset, "4401", "2026", "c@1", 1, (), others=others)
    return {one["subject"]: one for one in within_quotas(task, some)}


def test_at_most_15_of_a_hundred_are_excellent_and_the_result_says_what_that_changed() -> None:
    found = results([f"{20 - n}.00" for n in range(10)])
    assert [one["grade"] for one in found.values()].count("优秀") == 1
    first, second = found["A-00"], found["A-01"]
    assert (first["grade"], "before_quota" in first) == ("优秀", False)
    assert (second["grade"], second["before_quota"], second["subsidy"]) == ("良好", "优秀", "200")


def test_who_is_tied_across_the_bound_has_the_next_grade() -> None:
    found = results(["9.00", "9.00", *["1.00"] * 6])
    assert {found[code]["grade"] for code in ("A-00", "A-01")} == {"良好"}


def test_without_a_quota_the_grade_is_that_of_the_score() -> None:
    found = results(["9.00", "9.00"], quotas=[])
    assert {one["grade"] for one in found.values()} == {"优秀"}


def test_who_is_corrected_has_his_place_among_all() -> None:
    def other(n: int, score: str) -> dict[str, Any]:
        return {"subject": f"B-{n}", "score": score, "grade": "优秀", "tree": "0" * 64}

    rest = [{"subject": f"C-{n}", "score": "1.00", "grade": "不合格", "tree": "0" * 64}
            for n in range(8)]  # fmt: skip
    better = results(["9.50"], others=(other(1, "9.00"), *rest))
    worse = results(["8.50"], others=(other(1, "9.00"), *rest))
    assert better["A-00"]["grade"] == "优秀"
    assert (worse["A-00"]["grade"], worse["A-00"]["before_quota"]) == ("良好", "优秀")


@pytest.mark.parametrize(
    ("quotas", "fault"),
    [
        ([{**QUOTA, "grade": "不合格"}], "quotas[0].grade: 不合格 is the last"),
        ([{**QUOTA, "grade": "无"}], "quotas[0].grade: no such grade: 无"),
        ([QUOTA, QUOTA], "quotas[1].grade: 优秀 has a quota already"),
        ([{**QUOTA, "example": True}], "example: quotas[0] is an example"),
    ],
)
def test_a_quota_is_checked_before_it_is_published(quotas: list[Any], fault: str) -> None:
    [found] = problems(of(rules(POINTS, quotas=quotas, grades=GRADES)))
    assert found.startswith(fault)


def test_ranks_say_ties() -> None:
    some = [
        SubjectResult(subject=code, score=score, tree="0" * 64)
        for code, score in (("A-1", "7.5"), ("A-2", "9"), ("A-3", "7.50"), ("A-4", "1"))
    ]
    found = [(one.result.subject, one.rank, one.tied) for one in ranked(some)]
    assert found == [("A-2", 1, 1), ("A-1", 2, 2), ("A-3", 2, 2), ("A-4", 4, 1)]
