"""Time over HTTP: what is entered late says why, and changes no promise that was missed."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from api.reactions.running import Policies
from domain.registration.calendar_commands import PublishCalendar
from domain.requests.request_commands import CloseRequest, LogRequest
from domain.vocabulary import sibling_id, stream_id
from ledger.log.codec import uuid7
from ledger.log.store import Ledger
from tests.api.conftest import ACTORS, CONSULTED, LOGGED, Api, problem
from tests.examples import CALENDAR
from tests.ledger.log.test_clock import ahead

REASON: Final = "系统停机，次月补录"
CLOSE: Final = {"kind": "answered"}
Said = dict[str, Any]


def said(name: str, at: datetime) -> Said:
    return {name: at.isoformat()}


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def missed(api: Api, ledger: Ledger) -> tuple[UUID, datetime]:
    """A request of forty days ago whose promises were recorded as missed, and when it came."""
    years = replace(CALENDAR, version=2, last_year=datetime.now(UTC).year + 1)
    admin = ACTORS["admin"]
    ledger.execute(stream_id("calendar", CALENDAR.code), PublishCalendar(calendar=years), by=admin)
    request, came = uuid7(), ago(40)
    log = LogRequest(point="ROOM-1", channel="counter", service="consultation", subject="欠薪")
    ledger.execute(request, log, by=ACTORS["clerk"], now=came)
    api.project()
    with (
        psycopg.connect(api.database.app_url, autocommit=True) as connection,
        Policies(api.database.app_url, connection) as policies,
    ):
        assert policies.look(datetime.now(UTC))
    return request, came


def row(api: Api, report: str, **asked: Any) -> list[dict[str, Any]]:
    position = api.project()
    answer = api.get(f"/reports/{report}", by="auditor", wait_for=position, **asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def test_audit_4_1_two_calls_do_not_buy_back_what_was_missed(api: Api, ledger: Ledger) -> None:
    request, came = missed(api, ledger)
    path = f"/requests/{request}"
    early: Said = {"occurred_at": (came + timedelta(minutes=10)).isoformat()}
    later: Said = {"occurred_at": (came + timedelta(minutes=20)).isoformat()}
    consult, close = f"{path}/give-consultation", f"{path}/close"

    assert problem(api.post(consult, CONSULTED, by="lawyer", seen=1, **early)) == (
        409,
        "late-entry-needs-reason",
    )
    said: Said = {"late_reason": REASON}
    assert api.post(consult, CONSULTED, by="lawyer", seen=1, **early, **said).status_code == 200
    assert problem(api.post(close, CLOSE, seen=2, **later)) == (409, "late-entry-needs-reason")
    before: Said = {"occurred_at": came.isoformat()}
    assert problem(api.post(close, CLOSE, seen=2, **before, **said)) == (
        409,
        "happens-before-last-step",
    )
    assert api.post(close, CLOSE, seen=2, **later, **said).status_code == 200

    (times,) = row(api, "response-times")
    assert (times["first_response_in_time_share"], times["close_in_time_share"]) == (1.0, 1.0)
    assert times["first_response_in_time_on_record_share"] == 0.0
    assert times["close_in_time_on_record_share"] == 0.0
    assert (times["missed"], times["met_by_later_entry"]) == (1, 1)
    for told in row(api, "promises"):
        assert (told["missed"], told["in_time"], told["in_time_on_record"]) == (1, 1, 0)
        assert (told["met_by_later_entry"], told["accuracy_on_record"]) == (1, 0.0)
    (work,) = row(api, "workload")
    assert (work["services"], work["late_entries"], work["late_services"]) == (1, 2, 1)

    found = api.get(path).json()["promises"]
    assert [(one["in_time"], one["in_time_on_record"]) for one in found] == [(True, False)] * 2
    assert all(one["missed_on_record_at"] for one in found)
    history = api.get(f"/streams/request/{request}/events", by="auditor").json()
    reasons = [one["late_reason"] for one in history["events"] if one["kind"] == "request.closed"]
    assert reasons == [REASON]


@pytest.mark.parametrize("kind", ["withdrawn", "unreachable"])
def test_a_missed_promise_stays_missed_however_the_request_ends(
    api: Api, ledger: Ledger, kind: Any
) -> None:
    request, came = missed(api, ledger)
    ledger.execute(
        request,
        CloseRequest(kind=kind),
        by=ACTORS["clerk"],
        occurred_at=came + timedelta(minutes=1),
        late_reason=REASON,
    )
    assert {told["missed"] for told in row(api, "promises")} == {1}
    assert row(api, "response-times")[0]["missed"] == 1


def test_a_request_void_after_the_miss_is_still_missed(api: Api, ledger: Ledger) -> None:
    request, _ = missed(api, ledger)
    assert api.post(f"/requests/{request}/void", {"reason": "误"}, by="leader", seen=1).is_success
    assert {told["missed"] for told in row(api, "promises")} == {1}


def test_f7_public_links_and_devices_do_not_say_when(api: Api) -> None:
    request, link = api.invited()
    then: Said = {"occurred_at": ago(300).isoformat()}
    refused = (400, "occurred-at-not-taken")
    assert problem(api.post(link, {"grade": 1}, by=None, key="", **then)) == refused
    assert problem(api.post(f"{link}/follow-up", {"grade": 1}, by=None, key="", **then)) == refused
    token = link.rpartition("/")[2]
    vote = {"grade": 5, "token": token}
    rating = f"/requests/{request}/rating"
    assert problem(api.post(rating, vote, by="device", seen=1, **then)) == refused
    assert api.post(link, {"grade": 5}, by=None, key="").status_code == 200


def test_f7_nothing_of_a_rating_is_before_the_invitation_nor_that_before_the_service(
    api: Api,
) -> None:
    request = api.consulted()
    before: Said = {"occurred_at": ago(2).isoformat(), "late_reason": REASON}
    path = f"/requests/{request}/rating"
    refused = (409, "happens-before-last-step")
    assert problem(api.post(f"{path}-invitation", **before)) == refused
    assert api.post(f"{path}-invitation").status_code == 201
    assert problem(api.post(f"{path}/code", by="leader", seen=1, **before)) == refused


def test_f11_the_same_key_at_another_time_is_another_call(api: Api) -> None:
    now = datetime.now(UTC)
    at: Said = {"occurred_at": (now - timedelta(hours=1)).isoformat()}
    other: Said = {"occurred_at": (now - timedelta(hours=2)).isoformat()}
    first = api.post("/requests", LOGGED, key="one", **at)
    assert api.post("/requests", LOGGED, key="one", **at).json() == first.json()
    nothing: Said = {}
    for changed in (other, nothing, at | {"late_reason": "停电"}):
        assert problem(api.post("/requests", LOGGED, key="one", **changed)) == (
            422,
            "command-id-reused",
        )
    path = f"/requests/{first.json()['stream']}/give-consultation"
    given = api.post(path, CONSULTED, by="lawyer", key="two", seen=1, **at)
    assert given.status_code == 200
    again = api.post(path, CONSULTED, by="lawyer", key="two", seen=1, **at)
    assert again.json() == given.json()
    assert problem(api.post(path, CONSULTED, by="lawyer", key="two", seen=1)) == (
        422,
        "command-id-reused",
    )


def test_f11_what_an_older_program_wrote_still_answers(api: Api, ledger: Ledger) -> None:
    """It left out of the digest when a thing happened."""
    at = datetime.now(UTC) - timedelta(hours=1)
    key = uuid7()
    said: Said = {"by": ACTORS["clerk"], "occurred_at": at}
    log = LogRequest(point="ROOM-1", channel="counter", service="consultation", subject="欠薪")
    request = uuid7()
    ledger.execute(request, log, command_id=key, **said)
    older = "SELECT substring(sha256(convert_to(%s, 'UTF8')) FOR 16)"
    with psycopg.connect(api.database.owner_url, autocommit=True) as owner:
        body = "LogRequest" + msgspec.json.encode(log, order="deterministic").decode()
        (digest,) = owner.execute(older, [body]).fetchone() or (None,)
        owner.execute("ALTER TABLE log_events DISABLE TRIGGER ALL")
        owner.execute(
            "UPDATE log_events SET command_digest = %s WHERE command_id = %s", [digest, key]
        )
        owner.execute("ALTER TABLE log_events ENABLE TRIGGER ALL")
    again = ledger.execute(request, log, command_id=key, **said)
    assert again.repeated


def test_f12_a_void_request_takes_no_vote_no_default_and_no_call_back(api: Api) -> None:
    request, link = api.invited()
    assert api.post(f"/requests/{request}/void", {"reason": "误"}, by="leader", seen=2).is_success
    refused = (409, "request-is-voided")
    assert problem(api.post(link, {"grade": 1}, by=None, key="")) == refused
    path = f"/requests/{request}/rating"
    assert problem(api.post(f"{path}/call-back", {"grade": 1}, by="leader", seen=2)) == refused
    assert problem(api.post(f"{path}/default", {}, by="policy", seen=2)) == refused
    api.project()
    with (
        psycopg.connect(api.database.app_url, autocommit=True) as connection,
        Policies(api.database.app_url, connection) as policies,
    ):
        assert policies.look(datetime.now(UTC) + timedelta(days=60))
        defaults = connection.execute(
            "SELECT count(*) FROM log_events WHERE originator_id = %s AND topic LIKE %s",
            [sibling_id(UUID(request), "rating"), "rating.defaulted/%"],
        )
        assert defaults.fetchone() == (0,)


@pytest.mark.parametrize("name", ["as_known_at", "compared_to"])
def test_f14_nothing_is_asked_as_known_in_the_future(api: Api, name: str) -> None:
    request = api.logged()
    api.project()
    for path in (f"/requests/{request}", "/requests", "/reports/workload"):
        answer = api.get(path, by="auditor", **said(name, ago(-1)))
        assert problem(answer) == (400, "instant-in-future")
        assert api.get(path, by="auditor", **said(name, ago(0))).status_code == 200


def test_f9_a_clock_that_was_ahead_is_told_and_nothing_is_written(api: Api) -> None:
    request = api.logged()
    api.project()
    assert api.get("/health/ready", by=None).status_code in (200, 404)
    ahead(api.database, timedelta(days=2))
    refused = api.post(f"/requests/{request}/add-note", {"text": "补"}, seen=1)
    assert problem(refused) == (503, "clock-off")
    with (
        psycopg.connect(api.database.app_url, autocommit=True) as connection,
        Policies(api.database.app_url, connection) as policies,
    ):
        assert policies.held_back()
    ready = api.client.get("/health/ready")
    assert (ready.status_code, ready.json()["clock"]) == (503, "failing")
