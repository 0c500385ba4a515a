"""Logs that hold what cannot be read or reckoned with: everybody else's work goes on, the faults
are shown, and what can be corrected comes back. Events are written as older programs did."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from api.serving.doctor import examined
from domain.vocabulary import stream_id
from ledger.log.codec import LedgerEvent, uuid7
from ledger.log.store import Ledger
from projections.all_views import STORED
from projections.running.rebuild import rebuild
from tests.api.cli.test_cli import Shell
from tests.api.conftest import Api, problem

BY: Final = {"account": "u-1", "role": "duty_officer", "unit": "ROOM-1"}
NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
GRIEVANCE: Final = {"point": "ROOM-1", "channel": "phone", "subject": "态度"}
MOBILE: Final = 13_800_000_000


def write(ledger: Ledger, stream: UUID, topic: str, data: Any, *, version: int = 1) -> None:
    """Append an event past every rule; `data` may be the raw state."""
    state = data if isinstance(data, bytes) else msgspec.json.encode({"by": BY, "data": data})
    event = LedgerEvent(
        originator_id=stream,
        originator_version=version,
        topic=topic,
        state=state,
        event_id=uuid7(),
        command_id=uuid7(),
        command_events=1,
        occurred_at=NOW,
    )
    ledger.recorder.insert_events([event])


def point(code: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "kind": "room", "name": "室", "division": "440103001009",
        "division_source": "test", "valid_from": "2020-01-01", **more,
    }  # fmt: skip


COMPLAINT: Final = UUID("0197f000-0000-7000-8000-00000000c0de")


def f1a_full_width_division(ledger: Ledger) -> None:
    division = "４４０１０６００１００１"
    data = {"division": division, "adviser": "A-1", "firm": "F-1", "reason": "试"}
    write(ledger, stream_id("appointment", division), "appointment.adviser_nominated/1", data)


def f1b_account_is_no_code(ledger: Ledger) -> None:
    data = {
        "requested_at": NOW, "point": "ROOM-1", "division": "440103001001", "channel": "phone",
        "service": "consultation", "subject": "问", "first_contact": "li.ming@gz.gov.cn",
    }  # fmt: skip
    write(ledger, uuid4(), "request.logged/1", data)


def f2_people_is_a_phone_number(ledger: Ledger) -> None:
    data = {
        "grievance": GRIEVANCE | {"people": MOBILE}, "division": "440103001001",
        "registered_by": "u-1", "at": NOW,
    }  # fmt: skip
    write(ledger, COMPLAINT, "complaint.registered/1", data)


def f2_people_beyond_all_columns(ledger: Ledger) -> None:
    raw = msgspec.json.encode(GRIEVANCE | {"people": 1}).replace(b":1}", b":1" + b"0" * 30 + b"}")
    data = {
        "grievance": msgspec.Raw(raw), "division": "440103001001", "registered_by": "u-1",
        "at": NOW,
    }  # fmt: skip
    write(ledger, COMPLAINT, "complaint.registered/1", data)


def f3_zone_that_does_not_exist(ledger: Ledger) -> None:
    stream = stream_id("point", "ZB")
    write(ledger, stream, "point.opened/1", point("ZB", zone="Asia/Guangzhou"))
    data = {"reason": "撤销", "closed_at": NOW}
    write(ledger, stream, "point.closed/1", data, version=2)


def unknown_topic(ledger: Ledger) -> None:
    write(ledger, stream_id("point", "ROOM-1"), "point.painted/1", {"colour": "red"}, version=2)


def invalid_bytes_of_a_reference_fact(ledger: Ledger) -> None:
    write(ledger, stream_id("point", "ZC"), "point.opened/1", b"\xff\xfe{")
    data = {"name": "新名"}
    write(ledger, stream_id("point", "ZC"), "point.renamed/1", data, version=2)


def calendar_of_another_shape(ledger: Ledger) -> None:
    write(ledger, stream_id("calendar", "zz"), "calendar.published/1", {"calendar": {"code": "zz"}})
    write(ledger, stream_id("point", "ZD"), "point.opened/1", point("ZD", calendar="zz"))


def zero_bytes(ledger: Ledger) -> None:
    data = {
        "grievance": GRIEVANCE | {"subject": "a\0b", "detail": "\0"}, "division": "440103001001",
        "registered_by": "u-1", "at": NOW,
    }  # fmt: skip
    write(ledger, COMPLAINT, "complaint.registered/1", data)


def years_at_both_ends(ledger: Ledger) -> None:
    data = {"decided_on": "9998-01-01", "authority": "市律协", "reason": "警告"}
    write(ledger, stream_id("adviser", "A-1"), "adviser.penalty_recorded/1", data, version=2)
    write(ledger, stream_id("point", "ZE"), "point.opened/1", point("ZE", valid_from="0001-01-01"))


POISONS: Final = (
    f1a_full_width_division,
    f1b_account_is_no_code,
    f2_people_is_a_phone_number,
    f2_people_beyond_all_columns,
    f3_zone_that_does_not_exist,
    unknown_topic,
    invalid_bytes_of_a_reference_fact,
    calendar_of_another_shape,
    zero_bytes,
    years_at_both_ends,
)
Poison = Callable[[Ledger], None]
LISTS: Final = ("/points", "/advisers", "/requests", "/complaints", "/calendars/gz-room")
REPORTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("/reports/workload", {}),
    ("/reports/response-times", {}),
    ("/reports/satisfaction", {}),
    ("/reports/promises", {}),
    ("/reports/coverage", {"division": "4401", "period": "2026-03"}),
)


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: str(one.__name__))
def test_everything_else_goes_on(poison: Poison, api: Api, ledger: Ledger) -> None:
    before = api.logged()
    poison(ledger)
    after = api.logged()
    answer = api.post("/complaints", {"grievance": GRIEVANCE}, by="station")
    assert answer.status_code == 201, answer.text
    complaint = answer.json()["stream"]
    api.project()
    for path in (*LISTS, f"/requests/{before}", f"/requests/{after}"):
        assert api.get(path).status_code in (200, 404), (path, api.get(path).text)
    listed = {row["request"] for row in api.get("/requests").json()["rows"]}
    assert {before, after} <= listed
    for path, asked in REPORTS:
        told = api.client.get(
            f"/api/v1{path}", headers={"Authorization": "Bearer leader"}, params=asked
        )
        assert told.status_code == 200, (path, told.text)
    for path in (f"/streams/request/{after}/events", f"/streams/complaint/{complaint}/events"):
        assert api.get(path, by="leader").status_code == 200

    rebuilt = rebuild(api.database.app_url, workers=0)
    assert {one.name: one.equal for one in rebuilt} == {view.NAME: True for view in STORED}
    listed = {row["request"] for row in api.get("/requests").json()["rows"]}
    assert {before, after} <= listed


FAULTY: Final = (
    f2_people_is_a_phone_number,
    f2_people_beyond_all_columns,
    f3_zone_that_does_not_exist,
    unknown_topic,
    invalid_bytes_of_a_reference_fact,
    calendar_of_another_shape,
)


def ready(api: Api) -> tuple[int, dict[str, Any]]:
    answer = api.client.get("/health/ready")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("poison", FAULTY, ids=lambda one: str(one.__name__))
def test_the_fault_is_shown_and_nobody_is_turned_away(
    poison: Poison, api: Api, ledger: Ledger, tmp_path: Path
) -> None:
    api.project()
    assert ready(api)[1]["status"] == "ok"
    poison(ledger)
    api.logged()
    api.project()
    ledger_now = api.database
    status, told = 200, ready(api)
    if told[1]["status"] == "ok":  # the registers are folded anew once a second
        api.post("/points/ROOM-1/rename", {"name": "改名"}, by="admin", seen=1)
        told = ready(api)
    assert (told[0], told[1]["status"], told[1]["faults"] > 0) == (status, "faulty", True)
    with psycopg.connect(ledger_now.app_url, autocommit=True) as connection:
        found = list(examined(connection, {}, lag_max=1000))
    assert [one for one in found if one.level == "danger" and "crash" not in one.what]
    shell = Shell(tmp_path)
    urls = {
        "ANJUAN_DATABASE_URL": ledger_now.owner_url, "ANJUAN_APP_DATABASE_URL": ledger_now.app_url,
    }  # fmt: skip
    for command in ("views", "verify"):
        said = shell.run(command, **urls)
        assert "Fault: " in said.err, (command, said)


@pytest.mark.parametrize("poison", [f2_people_is_a_phone_number, f2_people_beyond_all_columns])
def test_f2_the_correction_brings_the_complaint_back(
    poison: Poison, api: Api, ledger: Ledger
) -> None:
    poison(ledger)
    api.project()
    command = {"people": 3, "reason": "误填手机号"}
    corrected = api.post(f"/complaints/{COMPLAINT}/correct-people", command, by="leader", seen=1)
    assert corrected.status_code == 200, corrected.text
    api.project()
    rows = api.get("/complaints", by="leader").json()["rows"]
    assert str(COMPLAINT) in {row["stream"] for row in rows}
    shown = api.get(f"/complaints/{COMPLAINT}", by="leader").json()
    assert shown["state"]["grievance"]["people"] == 3
    (one,) = rebuild(api.database.app_url, ["complaints"], workers=0)
    assert one.equal


def test_f3_the_zone_is_corrected_and_the_fault_is_gone(api: Api, ledger: Ledger) -> None:
    f3_zone_that_does_not_exist(ledger)
    api.project()
    command = {"zone": "Asia/Shanghai", "reason": "登记时写错"}
    corrected = api.post("/points/ZB/change-zone", command, by="admin", seen=2)
    assert corrected.status_code == 200, corrected.text
    api.project()
    assert ready(api)[1]["status"] == "ok"


def test_the_thing_itself_says_that_it_cannot_be_read(api: Api, ledger: Ledger) -> None:
    invalid_bytes_of_a_reference_fact(ledger)
    assert problem(api.get("/points/ZC", by="leader")) == (409, "record-unreadable")
    renamed = api.post("/points/ZC/rename", {"name": "新"}, by="admin", seen=2)
    assert problem(renamed) == (409, "record-unreadable")


def test_f17_an_adviser_with_an_absurd_penalty_is_refused_in_words(
    api: Api, ledger: Ledger
) -> None:
    years_at_both_ends(ledger)
    command = {"division": "440103001001", "adviser": "A-1", "reason": "试"}
    nominated = api.post("/appointments/nominate-adviser", command, by="leader")
    assert nominated.status_code in (201, 409), nominated.text
    withdraw = {"decided_on": "9998-01-01", "authority": "市律协", "reason": "写错"}
    answer = api.post("/advisers/A-1/withdraw-penalty", withdraw, by="admin", seen=2)
    assert answer.status_code == 200, answer.text


# --- what is refused now


@pytest.mark.parametrize("path", ["/points/ROOM-1%2F", "/points/%2FROOM-1", "/advisers/A-1%2f"])
def test_f8_an_escaped_slash_is_no_other_way_to_write_an_address(api: Api, path: str) -> None:
    assert problem(api.get(path)) == (404, "not-found")
    renamed = api.post(f"{path}/rename", {"name": "新"}, by="admin", seen=1)
    assert renamed.status_code == 404


def test_f2_f3_f8_f18_over_http(api: Api) -> None:
    for path, body, field in (
        ("/complaints", {"grievance": GRIEVANCE | {"people": MOBILE}}, "grievance.people"),
        ("/complaints", {"grievance": GRIEVANCE | {"subject": "\u200b"}}, "grievance.subject"),
        ("/points", point("N 1"), "code"),
        ("/points", point("N1", valid_from="0001-01-01"), "valid_from"),
        ("/points", point("N1", name="\u3000"), "name"),
    ):
        answer = api.post(path, body, by="admin" if path == "/points" else "station")
        assert problem(answer) == (400, "validation-failed"), answer.text
        (wrong,) = answer.json()["errors"]
        assert wrong["field"] == field
        assert "regex" not in wrong["message"]
    answer = api.post("/points", point("N1", zone="Asia/Guangzhou"), by="admin")
    assert problem(answer) == (409, "zone-unknown")
    answer = api.post("/points", point("room-1"), by="admin")
    assert problem(answer) == (409, "code-looks-like-another")
