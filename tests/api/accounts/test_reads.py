"""Masked by default; unmasked for a purpose that is written down before the answer leaves."""

import psycopg
import pytest

from ledger.reads import verify_reads
from tests.api.complaints.test_board import registered, ruled
from tests.api.conftest import Api, problem

__all__ = ["ruled"]
PURPOSE = "回访当事人"


def entries(api: Api) -> list[tuple[str, str, list[str], bytes]]:
    with psycopg.connect(api.database.owner_url) as connection:
        return connection.execute(
            "SELECT account, unit, things, entry FROM read_log ORDER BY number"
        ).fetchall()


def test_what_describes_a_person_is_masked(api: Api) -> None:
    request = api.logged(detail="欠三个月工资，老板叫王某")
    answer = api.get(f"/requests/{request}")
    logged = answer.json()["state"]["logged"]
    assert logged["visitor"] == {"name": "陈**", "phone": "138****1234"}
    assert logged["detail"] == "…（12字）"
    assert "陈小明" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    api.project()
    row = api.get("/requests").json()["rows"][0]
    assert row["subject"] == "…（4字）"
    told = api.get(f"/streams/request/{request}/events")
    assert "陈小明" not in told.text
    assert "13800001234" not in told.text


def test_unmasking_needs_a_purpose_and_is_written_down(api: Api) -> None:
    request = api.logged()
    answer = api.get(f"/requests/{request}", unmask=PURPOSE)
    assert answer.json()["state"]["logged"]["visitor"]["name"] == "陈小明"
    (account, unit, things, entry), *more = entries(api)
    assert not more
    assert (account, unit, things) == ("clerk-1", "ROOM-1", [f"request:{request}"])
    assert PURPOSE in entry.decode()
    assert "state.logged.visitor.phone" in entry.decode()


def test_a_list_of_many_is_one_entry_with_the_ids(api: Api) -> None:
    made = {f"request:{api.logged()}" for _ in range(5)}
    api.project()
    found = api.get("/requests", unmask=PURPOSE).json()
    assert {row["subject"] for row in found["rows"]} == {"拖欠工资"}
    ((_, _, things, _),) = entries(api)
    assert set(things) == made


@pytest.mark.parametrize("by", ["auditor"])
def test_an_auditor_sees_people_masked_unless_he_says_why(api: Api, by: str) -> None:
    request = api.logged()
    assert "陈小明" not in api.get(f"/requests/{request}", by=by).text
    assert "陈小明" in api.get(f"/requests/{request}", by=by, unmask=PURPOSE).text


def test_whose_row_does_not_say_clear_may_not_unmask(api: Api) -> None:
    answer = api.get("/points", unmask=PURPOSE)
    assert problem(answer) == (403, "not-permitted")
    assert entries(api) == []


def test_two_times_compared_are_masked_as_well(api: Api) -> None:
    request = api.logged()
    answer = api.get(f"/requests/{request}", compared_to="2020-01-01T00:00:00Z")
    assert answer.status_code == 200, answer.text
    assert "陈小明" not in answer.text
    assert "13800001234" not in answer.text


def test_that_somebody_looked_at_a_complaint_is_written_down_though_all_is_masked(
    ruled: Api,
) -> None:
    complaint = registered(ruled)
    ruled.project()
    for path in (
        f"/complaints/{complaint}",
        "/complaints",
        f"/streams/complaint/{complaint}/events",
    ):
        assert ruled.get(path, by="auditor").status_code == 200
    assert [things for _, _, things, _ in entries(ruled)] == [[f"complaint:{complaint}"]] * 3


def test_a_read_whose_entry_cannot_be_written_is_refused(api: Api) -> None:
    request = api.logged()
    with psycopg.connect(api.database.owner_url, autocommit=True) as connection:
        connection.execute("ALTER FUNCTION read_append RENAME TO gone")
    answer = api.get(f"/requests/{request}", unmask=PURPOSE)
    assert problem(answer) == (503, "reads-not-recorded")
    assert "陈小明" not in answer.text
    assert api.get(f"/requests/{request}").status_code == 200


def test_auditors_and_heads_look_into_the_read_log_and_that_is_written_down(api: Api) -> None:
    request = api.logged()
    api.get(f"/requests/{request}", unmask=PURPOSE)
    assert problem(api.get("/reads")) == (403, "not-permitted")
    for by in ("auditor", "leader"):
        found = api.get("/reads", by=by, thing=f"request:{request}").json()["rows"]
        assert [(one["account"], one["purpose"]) for one in found] == [("clerk-1", PURPOSE)]
    looked = [one["account"] for one in api.get("/reads", by="auditor").json()["rows"]]
    assert looked == ["leader-1", "auditor-1", "clerk-1"]


def test_whom_a_complaint_is_about_is_not_told_who_has_read_it(api: Api) -> None:
    complaint = registered(api, adviser=None, account="leader-1")
    assert api.get(f"/complaints/{complaint}", by="auditor").status_code == 200
    told = {
        by: api.get("/reads", by=by, thing=f"complaint:{complaint}").json()["rows"]
        for by in ("auditor", "leader")
    }
    assert [one["account"] for one in told["auditor"]] == ["auditor-1"]
    assert told["leader"] == []


def test_reads_are_found_by_account_and_day_and_page_by_page(api: Api) -> None:
    request = api.logged()
    for _ in range(5):
        api.get(f"/requests/{request}", unmask=PURPOSE)
    first = api.get("/reads", by="auditor", account="clerk-1", limit=3).json()
    second = api.get(
        "/reads", by="auditor", account="clerk-1", limit=3, cursor=first["next_cursor"]
    ).json()
    numbers = [one["number"] for one in (*first["rows"], *second["rows"])]
    assert numbers == [5, 4, 3, 2, 1]
    assert (
        api.get("/reads", by="auditor", account="clerk-1", until="2020-01-01").json()["rows"] == []
    )


def test_the_chain_of_reads_holds(api: Api) -> None:
    request = api.logged()
    for _ in range(4):
        api.get(f"/requests/{request}", unmask=PURPOSE)
    with psycopg.connect(api.database.app_url, autocommit=True) as connection:
        found = verify_reads(connection)
    assert found is not None
    assert (found.first, found.last, found.fault) == (1, 4, None)
