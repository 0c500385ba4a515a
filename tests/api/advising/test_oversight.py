"""Duty, coverage, directory, inspections and rectifications over HTTP."""

from typing import Any, Final

import pytest
from msgspec import to_builtins

from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyVersion
from tests.api.advising.test_duties import CHECK, CHECKLIST, VILLAGE, WORK, grounded, made, step
from tests.api.conftest import Api, problem
from tests.examples import MORNING, local

MARCH: Final[dict[str, Any]] = {"division": "440103", "period": "2026-03"}
LATE: Final = "2026-03-02T10:00:00+08:00"
RULES: Final = PolicyVersion(
    code=DUTY_POLICY,
    version=1,
    effective_from=local("2026-01-01 00:00").date(),
    basis="示例",
    duty=DutyRules(onsite_minutes_per_month=310, lectures_per_quarter=1),
)


def logged(api: Api) -> str:
    """Where the lecture of 2 March is, 90 minutes."""
    log = {"work": WORK, "late_reason": "停电"}
    return made(api, "/worklogs", log, by="lawyer", occurred_at=MORNING.isoformat())


def appointed(api: Api) -> None:
    nominate = {"division": VILLAGE, "adviser": "A-1", "reason": "熟悉村情"}
    where = made(api, "/appointments/nominate-adviser", nominate, by="leader")
    heard = {
        "adviser": "A-1", "committee": "supports", "residents": "supports", "residents_heard": 9,
    }  # fmt: skip
    term = {"starts_on": "2026-03-01", "ends_on": "2199-12-31"}
    for seen, (action, body) in enumerate(
        (
            ("record-coordination", heard),
            ("choose-adviser", {"adviser": "A-1"}),
            ("accept-village", {}),
            ("sign-contract", term),
        ),
        start=1,
    ):
        step(api, f"{where}/{action}", body, by="leader", seen=seen)


def checked(api: Api, **more: Any) -> str:
    return made(
        api, "/inspections", CHECK | {"late_reason": "补录"} | more, by="leader", occurred_at=LATE
    )


@pytest.fixture
def ruled(api: Api) -> Api:
    assert api.post("/policies", to_builtins({"policy": RULES}), by="admin").status_code == 201
    assert api.post("/forms", {"form": CHECKLIST}, by="admin").status_code == 201
    return api


# --- duty and coverage


def test_a_cell_of_the_duty_leads_to_the_entries_behind_it(ruled: Api) -> None:
    appointed(ruled)
    entry = logged(ruled)
    head = ruled.project()
    found = ruled.get("/reports/duty", by="auditor", **MARCH)
    assert found.status_code == 200
    body = found.json()
    assert body["basis"]["position"] == head
    assert found.headers["x-position"] == str(head)
    village, adviser = body["rows"]
    assert (village["village"], village["adviser"]) == (VILLAGE, None)
    assert (adviser["adviser"], adviser["required"], adviser["onsite"]) == ("A-1", 310, 90)
    assert (adviser["shortfall"], adviser["lectures"]["done"]) == (220, 1)
    (work,) = adviser["onsite_work"]
    assert f"/worklogs/{work}" == entry
    assert ruled.get(f"/worklogs/{work}").status_code == 200
    only = ruled.get("/reports/duty", by="auditor", adviser="A-1", **MARCH).json()
    assert only["rows"] == [adviser]


def test_the_duty_as_known_before_an_entry_is_the_duty_without_it(ruled: Api) -> None:
    appointed(ruled)
    ruled.project()
    known = ruled.get("/reports/duty", **MARCH).json()["basis"]["recorded_at"]
    logged(ruled)
    ruled.project()
    then = ruled.get("/reports/duty", as_known_at=known, **MARCH).json()
    assert [row["onsite"] for row in then["rows"]] == [0, 0]
    now = ruled.get("/reports/duty", **MARCH).json()
    assert [row["onsite"] for row in now["rows"]] == [90, 90]


def test_gaps_are_told_until_they_are_filled(ruled: Api) -> None:
    ruled.project()

    def gaps(**more: Any) -> list[str]:
        found = ruled.get("/reports/coverage", **MARCH, **more)
        return [one["what"] for one in found.json()["rows"] if one["division"] == VILLAGE]

    assert gaps() == ["no_adviser", "no_lecture", "unchecked"]
    appointed(ruled)
    checked(ruled)
    logged(ruled)
    ruled.project()
    assert gaps() == []
    assert gaps(what="unsupervised") == []


def test_a_period_is_a_month_or_a_quarter_and_a_division_is_digits(api: Api) -> None:
    for path in ("/reports/duty", "/reports/coverage"):
        for wrong in (
            {"period": "2026"}, {"period": "9999-12"}, {"period": "2026-13"},
            {"division": "荔湾"}, {"division": ""}, {"colour": "red"},
        ):  # fmt: skip
            assert problem(api.get(path, **MARCH | wrong)) == (400, "validation-failed"), wrong
        assert problem(api.get(path, period="2026-03")) == (400, "validation-failed")
        assert problem(api.get(path, by="device", **MARCH)) == (403, "not-permitted")


def test_work_that_no_calendar_can_judge_is_a_problem_and_not_a_figure(ruled: Api) -> None:
    ruled.served_by_firm()
    work = WORK | {"ended_at": "2024-03-04T10:30:00+08:00"}
    log = {"work": work, "late_reason": "补录"}
    made(ruled, "/worklogs", log, by="lawyer", occurred_at="2024-03-04T09:00:00+08:00")
    ruled.project()
    answer = ruled.get("/reports/duty", division="4401", period="2024-03")
    assert problem(answer) == (409, "calendar-has-no-year")


# --- lists


def test_inspections_come_page_by_page_and_by_what_is_asked(ruled: Api) -> None:
    checks = [checked(ruled), checked(ruled, point="STATION-1"), checked(ruled)]
    step(ruled, f"{checks[2]}/void", {"reason": "录错"}, by="leader", seen=1)
    ruled.project()
    first = ruled.get("/inspections", by="leader", limit=2).json()
    rest = ruled.get("/inspections", by="leader", limit=2, cursor=first["next_cursor"]).json()
    rows = [*first["rows"], *rest["rows"]]
    assert {f"/inspections/{one['stream']}" for one in rows} == set(checks)
    assert rest["next_cursor"] is None
    only = ruled.get(
        "/inspections", by="leader", point="ROOM-1", voided=False, period="2026-03"
    ).json()["rows"]
    assert [f"/inspections/{one['stream']}" for one in only] == checks[:1]
    assert (only[0]["minor"], only[0]["day"]) == (1, "2026-03-02")
    other = ruled.get(
        "/inspections", by="leader", kind="check", limit=2, cursor=first["next_cursor"]
    )
    assert problem(other) == (400, "cursor-invalid")


def test_rectifications_come_page_by_page_and_by_what_is_asked(api: Api) -> None:
    orders = [made(api, "/rectifications", grounded(api), by="leader") for _ in range(3)]
    withdraw = {"reason": "已更新"}
    step(api, f"{orders[0]}/withdraw", withdraw, by="leader", seen=1)
    api.project()
    for order in ("ordered", "due"):
        first = api.get("/rectifications", limit=2, order=order)
        assert first.links["next"]["url"].startswith("/api/v1/rectifications?")
        rest = api.get(
            "/rectifications", limit=2, order=order, cursor=first.json()["next_cursor"]
        ).json()
        rows = [*first.json()["rows"], *rest["rows"]]
        assert {f"/rectifications/{one['stream']}" for one in rows} == set(orders)
        assert rest["next_cursor"] is None
    only = api.get("/rectifications", ended=True, addressee="ROOM-1").json()["rows"]
    assert [(one["status"], f"/rectifications/{one['stream']}") for one in only] == [
        ("withdrawn", orders[0])
    ]


# --- directory


def test_the_directory_says_who_and_what_there_is_as_known_then(api: Api) -> None:
    api.project()
    known = api.get("/directory").json()["basis"]["recorded_at"]
    version = api.get("/points/ROOM-1").json()["version"]
    renamed = api.post("/points/ROOM-1/rename", {"name": "新工作室"}, by="admin", seen=version)
    assert renamed.status_code == 200, renamed.text
    api.project()

    def names(**asked: Any) -> dict[str, str]:
        rows = api.get("/directory", **asked).json()["rows"]
        return {one["code"]: one["name"] for one in rows}

    assert names(kind="room")["ROOM-1"] == "新工作室"
    assert names(kind="room", as_known_at=known)["ROOM-1"] == "逢源街公共法律服务工作室"
    assert names(kind="adviser") == {"A-1": "陈律师"}
    first = api.get("/directory", limit=1).json()
    second = api.get("/directory", limit=1, cursor=first["next_cursor"]).json()
    assert [one["rows"][0]["code"] for one in (first, second)] == ["A-1", "ROOM-1"]


def test_the_public_reads_of_the_directory_what_is_public_about_today(api: Api) -> None:
    appointed(api)
    api.project()
    found = api.get("/public/directory", by=None, kind="adviser").json()["rows"]
    assert found == [
        {
            "kind": "adviser", "code": "A-1", "name": "陈律师", "division": None, "services": None,
            "firm": "FIRM-1", "licence": None, "villages": [VILLAGE],
            "division_name": None, "firm_name": None, "village_names": [], "marks": [],
            "calendar": None, "address": None, "phone": None, "hours": None,
        }
    ]  # fmt: skip
    near = api.get("/public/directory", by=None, division=VILLAGE, limit=1).json()
    assert [one["code"] for one in near["rows"]] == ["A-1"]
    rest = api.get(
        "/public/directory", by=None, division=VILLAGE, limit=1, cursor=near["next_cursor"]
    )
    assert [one["code"] for one in rest.json()["rows"]] == ["ROOM-1"]
    for asked in ({"as_known_at": LATE}, {"active": False}):
        answer = api.get("/public/directory", by=None, **asked)
        assert problem(answer) == (400, "validation-failed")
    version = api.get("/advisers/A-1").json()["version"]
    gone = api.post("/advisers/A-1/retire", {"reason": "退休"}, by="admin", seen=version)
    assert gone.status_code == 200, gone.text
    api.project()
    assert api.get("/public/directory", by=None, kind="adviser").json()["rows"] == []
    assert api.get("/directory", by=None).status_code == 401
