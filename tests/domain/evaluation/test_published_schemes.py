"""Schemes that other places published, each written as a rule set without code, and cases computed
by hand. What could not be read of them is marked as an example in the files."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.evaluation.ruleset_check import problems, read
from domain.evaluation.ruleset_content import plain
from domain.scoring.shapes import HumanScore, PlainRuleSet
from tests.scored import ROOM, VILLAGE, Fact, fact, facts, said, scored

FOLDER = Path(__file__).parents[3] / "examples" / "rulesets"
NEIGHBOUR = "440103001002"


def scheme(name: str) -> PlainRuleSet:
    return plain(read((FOLDER / f"{name}.json").read_bytes()))


def points(tree: dict[str, Any]) -> dict[str, str]:
    """Of every item, also those in groups."""
    found: dict[str, str] = {}
    waiting = [*tree["items"], *tree["bonuses"]]
    while waiting:
        node = waiting.pop()
        found[node["code"]] = node["score"]
        waiting += node.get("items", [])
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_published_scheme_may_be_published_here(path: Path) -> None:
    ruleset = read(path.read_bytes())
    assert problems(ruleset) == []
    assert ruleset.code == path.stem
    assert plain(read(json.dumps(plain(ruleset)).encode())) == plain(ruleset)


# --- Tongzhou: grades and subsidy


def tongzhou_year(checked: int, villages: tuple[str, ...] = (VILLAGE,)) -> list[Fact]:
    """A year's duty and contract in these villages; the first months of each were checked."""
    some = []
    for n, village in enumerate(villages):
        some.append(
            fact(
                "appointment",
                1000 + n,
                village=village,
                first="2026-01-01",
                last="2026-12-31",
                days=365,
                contract_signed=True,
            )
        )
        for month in range(1, 13):
            day = f"2026-{month:02}-01"
            some.append(fact("duty", 100 * n + month, village=village, day=day, days=28))
            if month <= checked:
                held = {"division": village, "day": day, "inspection": "check"}
                some.append(fact("inspection", 500 + 100 * n + month, **held))
    return some


@pytest.mark.parametrize(
    ("checked", "panel", "score", "grade", "rate"),
    [
        # 40 − 0 × 4 + 50.0
        (12, "50", "90.0", "优秀", "3500"),
        # 40 − 0 × 4 + 49.9: a tenth below
        (12, "49.9", "89.9", "良好", "2800"),
        # 40 − 2 × 4 + 43 = 75
        (10, "43", "75.0", "良好", "2800"),
        # 40 − 12 × 4 is below 0, so 0 + 60
        (0, "60", "60.0", "一般", "2000"),
    ],
)
def test_tongzhou_pays_each_village_by_the_grade(
    checked: int, panel: str, score: str, grade: str, rate: str
) -> None:
    tree = scored(scheme("tongzhou-2016"), tongzhou_year(checked), human={"panel": said(panel)})
    assert (tree["score"], tree["grade"]) == (score, grade)
    assert (tree["subsidy"]["rate"], tree["subsidy"]["amount"]) == (rate, f"{rate}.0")


def test_tongzhou_pays_for_every_village_of_the_adviser() -> None:
    two = tongzhou_year(12, (VILLAGE, NEIGHBOUR))
    tree = scored(scheme("tongzhou-2016"), two, human={"panel": said(60)})
    assert tree["grade"] == "优秀"
    # 3,500 × 2
    assert tree["subsidy"]["amount"] == "7000.0"
    assert tree["subsidy"]["times"]["different"] == [VILLAGE, NEIGHBOUR]


def test_a_check_in_one_village_does_not_stand_for_the_other() -> None:
    checked = tongzhou_year(12, (VILLAGE, NEIGHBOUR))
    some = [
        one for one in checked if not (one["fact"] == "inspection" and one["division"] == NEIGHBOUR)
    ]
    tree = scored(scheme("tongzhou-2016"), some, human={"panel": said(60)})
    # 12 village-months without a check × 4 exceed the 40
    assert points(tree)["monthly_check"] == "0.0"
    assert {one["division"] for one in tree["items"][0]["missing"]} == {NEIGHBOUR}


def test_until_the_panel_has_spoken_there_is_neither_grade_nor_subsidy() -> None:
    tree = scored(scheme("tongzhou-2016"), tongzhou_year(12))
    assert tree["pending"] == ["panel"]
    assert (tree["grade"], tree["subsidy"]) == (None, None)


# --- the county 100-point form


def form(no_board: int, not_updated: int, log: str, rest: str) -> dict[str, HumanScore]:
    values: dict[str, int | str] = {
        "no_board": no_board,
        "not_updated": not_updated,
        "log": log,
        "rest": rest,
    }
    return {code: said(value) for code, value in values.items()}


@pytest.mark.parametrize(
    ("signed", "human", "display", "score"),
    [
        # 5 + 5 + 20 + 70
        (True, form(0, 0, "20", "70"), "5", "100"),
        # 5 + (5 − 3) + 17 + 61
        (True, form(0, 1, "17", "61"), "2", "85"),
        # 0 + (5 − 5) + 17 + 61
        (False, form(1, 0, "17", "61"), "0", "78"),
        # no board and not updated: 5 − 5 − 3, not below 0; 5 + 0 + 12 + 40
        (True, form(1, 1, "12", "40"), "0", "57"),
    ],
)
def test_the_county_form_by_hand(
    *, signed: bool, human: dict[str, HumanScore], display: str, score: str
) -> None:
    contract = fact("appointment", first="2025-07-01", last="2026-06-30", contract_signed=signed)
    tree = scored(scheme("county-form"), [contract], human=human)
    assert points(tree)["contract"] == ("5" if signed else "0")
    assert points(tree)["display"] == display
    assert tree["score"] == score


# --- the other county's form


def visited(months: range) -> list[Fact]:
    duty = [fact("duty", n, day=f"2026-{n:02}-01", days=28) for n in range(1, 13)]
    return duty + [
        fact("visit", 100 + n, day=f"2026-{n:02}-15", onsite=True, minutes=240) for n in months
    ]


@pytest.mark.parametrize(
    ("papers", "months", "duties", "reports", "by_item", "score"),
    [
        (0, range(1, 13), 0, 0, ("6", "12", "10", "4"), "32"),
        # one paper −3; 9 of 12 months −3; two duties −4; one report −1: 3 + 9 + 6 + 3
        (1, range(1, 10), 2, 1, ("3", "9", "6", "3"), "21"),
        # three papers −9 leave 0 of 6; no visit −12; five duties −10; six reports leave 0 of 4
        (3, range(1, 1), 5, 6, ("0", "0", "0", "0"), "0"),
    ],
)
def test_the_other_countys_form_by_hand(
    papers: int,
    months: range,
    duties: int,
    reports: int,
    by_item: tuple[str, ...],
    score: str,
) -> None:
    human = {"year_plan": said(papers), "duties": said(duties), "reports": said(reports)}
    tree = scored(scheme("other-county-form"), visited(months), human=human)
    assert tuple(one["score"] for one in tree["items"]) == by_item
    assert tree["score"] == score


def test_a_missed_month_is_named() -> None:
    some = [one for one in visited(range(1, 13)) if one["day"] != "2026-05-15"]
    human = {code: said(0) for code in ("year_plan", "duties", "reports")}
    tree = scored(scheme("other-county-form"), some, human=human)
    assert tree["items"][1]["missing"] == [{"month": "2026-05", "village": VILLAGE, "short": "1"}]
    assert tree["score"] == "31"


# --- Yangpu: 20 + 80, satisfaction beside it


def yangpu(in_time: int, late: int, grades: list[int]) -> list[Fact]:
    graded: list[int | None] = [*grades, *[None] * (in_time + late - len(grades))]
    return [
        fact("service", n, close_in_time=n <= in_time, grade_explicit=grade)
        for n, grade in enumerate(graded, start=1)
    ]


@pytest.mark.parametrize(
    ("some", "facilities", "missing", "score", "grade"),
    [
        # 10 + 10 + 40 + 40, nobody unsatisfied: +3, on top of 100
        (yangpu(20, 0, [5, 5, 4]), "10", 0, "103.0", "示范"),
        # 8 + (10 − 2) + 40 + 40 × (0.9 − 0.5) / 0.5 = 88; 9 of 10 satisfied: 0
        (yangpu(18, 2, [5] * 9 + [1]), "8", 1, "88.0", "标准"),
        # the same with 2 of 4 satisfied: −3
        (yangpu(18, 2, [5, 5, 1, 2]), "8", 1, "85.0", "标准"),
        # 2 + (10 − 4) + 30 + 40 × (6/9 − 0.5) / 0.5 = 13.33…: 13.3; nobody rated: not scored
        (yangpu(6, 3, []), "2", 2, "51.3", "未达合格"),
        # 10 + 10 + 30 + 13.3, −3 for 1 of 2
        (yangpu(6, 3, [5, 1]), "10", 0, "60.3", "合格"),
    ],
)
def test_yangpu_by_hand(
    some: list[Fact], facilities: str, missing: int, score: str, grade: str
) -> None:
    human = {"facilities": said(facilities), "rules": said(missing)}
    tree = scored(scheme("yangpu-2018"), some, subject=ROOM, human=human)
    assert (tree["score"], tree["grade"]) == (score, grade)


@pytest.mark.parametrize(
    ("facilities", "missing", "score", "grade"),
    [
        # each with 40 + 40 × (0.9 − 0.5) / 0.5 = 72 for the effect, and 9 of 10 satisfied: 0
        ("8", 0, "90.0", "示范"),
        ("7.9", 0, "89.9", "标准"),
        ("2", 2, "80.0", "标准"),
        ("1.9", 2, "79.9", "合格"),
    ],
)
def test_yangpus_grades_begin_at_their_bound(
    facilities: str, missing: int, score: str, grade: str
) -> None:
    human = {"facilities": said(facilities), "rules": said(missing)}
    some = yangpu(18, 2, [5] * 9 + [1])
    tree = scored(scheme("yangpu-2018"), some, subject=ROOM, human=human)
    assert (tree["score"], tree["grade"]) == (score, grade)


def test_services_that_were_voided_are_not_of_yangpus_volume() -> None:
    some = yangpu(10, 0, []) + facts("service", 5, start=50, standing="voided", voided=True)
    human = {"facilities": said(0), "rules": said(0)}
    tree = scored(scheme("yangpu-2018"), some, subject=ROOM, human=human)
    volume = tree["items"][1]["items"][0]
    assert (volume["value"], volume["score"]) == ("10", "40.0")
    assert {one["reason"] for one in volume["unused"]} == {"voided"}
