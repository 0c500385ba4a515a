"""Ratings that cannot be steered: each attack of audit §4.5 over HTTP, and laws of counting."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from api.reactions.running import Policies
from domain.oversight.draw import draw as drawing
from domain.oversight.sample import AnnounceSample, DrawSample, Frame, PopulationKind
from domain.registers.policy import InvitationRules, RatingExemption
from domain.requests.rating import DefaultRating, token_digest
from domain.vocabulary import CHINA, sibling_id
from ledger.log.codec import uuid7
from ledger.log.store import Ledger
from projections.evaluation import sampling_frame
from tests.api.conftest import ACTORS, CONSULTED, Api, problem
from tests.examples import RULES


@pytest.fixture
def policies(api: Api) -> Iterator[Policies]:
    url = api.database.app_url
    with psycopg.connect(url, autocommit=True) as connection, Policies(url, connection) as made:
        yield made


def ruled(api: Api, **invitations: Any) -> None:
    """A newer version of the rules, in force at once."""
    newer = replace(RULES, version=2, invitations=InvitationRules(**invitations))
    published = api.post("/policies", {"policy": to_builtins(newer)}, by="admin")
    assert published.status_code == 201, published.text


def closed(api: Api, kind: str = "answered", **more: Any) -> str:
    request = api.logged(**more)
    seen = 1
    if kind == "answered":
        served = api.post(f"/requests/{request}/give-consultation", CONSULTED, by="lawyer", seen=1)
        assert served.status_code == 200, served.text
        seen = 2
    done = api.post(f"/requests/{request}/close", {"kind": kind}, by="lawyer", seen=seen)
    assert done.status_code == 200, done.text
    assert "link" not in done.text
    return request


def satisfaction(api: Api, by: str = "point") -> list[dict[str, Any]]:
    api.project()
    answer = api.get(f"/reports/satisfaction?by={by}")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def version(api: Api, request: str) -> int:
    return int(api.get(f"/requests/{request}/rating").json()["version"])


def vote(api: Api, link: str, grade: int = 5, **how: Any) -> Any:
    return api.post(link, {"grade": grade}, **{"by": None, "key": "", **how})


def looked_at(api: Api, request: str, *, counted: bool, by: str = "leader") -> Any:
    said = {"counted": counted, "reason": "电话核实"}
    path = f"/requests/{request}/rating/look-at"
    return api.post(path, said, by=by, seen=version(api, request))


# --- 1. every closed service is invited


def test_audit_4_5_a_closing_invites_without_anybodys_choice_and_once(
    api: Api, policies: Policies
) -> None:
    requests = [closed(api) for _ in range(5)]
    policies.follow()
    for request in requests:
        shown = api.get(f"/requests/{request}/rating").json()
        assert shown["version"] == 1
        assert shown["state"]["invited"]["served_by"] == ["A-1", "chen", "clerk-1"]
        told = api.get(f"/streams/rating/{request}/events").json()["events"][0]["actor"]
        assert (told["account"], told["role"]) == ("policy-rating", "policy")
    policies.follow()
    assert {version(api, one) for one in requests} == {1}
    (row,) = satisfaction(api)
    assert (row["services"], row["invited"], row["not_invited"], row["exempt"]) == (5, 5, 0, {})
    again = api.post(f"/requests/{requests[0]}/rating-invitation")
    assert problem(again) == (409, "already-invited")


def test_audit_4_5_who_is_not_invited_is_exempt_by_a_rule_with_a_name_or_told(
    api: Api, policies: Policies
) -> None:
    ruled(api, exemptions=(RatingExemption(name="by-phone", channels=("phone",)),))
    waiting = closed(api)
    (row,) = satisfaction(api)
    assert (row["invited"], row["not_invited"], row["exempt"]) == (0, 1, {})
    by_phone, away = closed(api, channel="phone"), closed(api, kind="withdrawn")
    policies.follow()
    (row,) = satisfaction(api)
    assert (row["services"], row["invited"], row["not_invited"]) == (3, 1, 0)
    assert row["exempt"] == {"by-phone": 1, "not_served": 1}
    assert api.get(f"/requests/{waiting}/rating").json()["state"]["invited"]
    state = api.get(f"/requests/{by_phone}/rating").json()["state"]
    assert (state["invited"], state["exempt"]) == (None, "by-phone")
    # Who is exempt cannot be asked all the same where the answer will please.
    assert api.post(f"/requests/{by_phone}/rating-invitation").status_code == 201
    assert api.get(f"/requests/{by_phone}/rating").json()["state"]["invited"] is None
    refused = api.post(f"/requests/{away}/rating/code", by="colleague", seen=1)
    assert problem(refused) == (404, "rating-not-invited")


def test_audit_4_5_a_backdated_closing_does_not_use_up_the_days_of_the_answer(
    api: Api, policies: Policies
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    request = api.post(
        "/requests",
        {
            "point": "ROOM-1", "channel": "counter", "service": "consultation",
            "subject": "补录", "late_reason": "停电",
        },
        occurred_at=long_ago.isoformat(),
    ).json()["stream"]  # fmt: skip
    served = api.post(f"/requests/{request}/give-consultation", CONSULTED, by="lawyer", seen=1)
    assert served.status_code == 200
    close = f"/requests/{request}/close"
    asked: dict[str, Any] = {"by": "lawyer", "seen": 2}
    done = api.post(close, {"kind": "answered"}, occurred_at=long_ago.isoformat(), **asked)
    if done.status_code != 200:
        done = api.post(close, {"kind": "answered"}, **asked)
    assert done.status_code == 200
    policies.follow()
    invited = api.get(f"/requests/{request}/rating").json()["state"]["invited"]
    assert datetime.fromisoformat(invited["expires_at"]) > datetime.now(UTC) + timedelta(days=6)


# --- 2. the code goes to the person


def test_audit_4_5_no_answer_to_who_served_holds_a_code(api: Api) -> None:
    request = api.consulted()
    invited = api.post(f"/requests/{request}/rating-invitation")
    assert set(invited.json()) == {"stream", "version", "position", "recorded_at"}
    path = f"/requests/{request}/rating/code"
    for server in ("clerk", "lawyer"):
        assert problem(api.post(path, by=server, seen=1)) == (409, "code-not-for-you")
    link = api.coded(request)
    assert vote(api, link).status_code == 200
    history = api.get(f"/streams/request/{request}/events", by="auditor").text
    assert link.rpartition("/")[2] not in history
    assert token_digest(link.rpartition("/")[2]) in history


def test_audit_4_5_a_receipt_printed_again_opens_the_same_vote_and_not_another(api: Api) -> None:
    request, link = api.invited()
    other = api.coded(request, seen=2)
    assert other != link
    assert vote(api, link).status_code == 200
    assert problem(vote(api, other, 1)) == (409, "already-rated")
    assert problem(api.post(f"/requests/{request}/rating/code", by="colleague", seen=4)) == (
        409,
        "already-rated",
    )


# --- the device at the window


def at_window(api: Api, policies: Policies, window: str = "W1") -> str:
    request = closed(api, window=window)
    policies.follow()
    api.project()
    return request


def placed(api: Api, window: str = "W1", seen: int = 1) -> None:
    where = {"device": "device-1", "window": window}
    answer = api.post("/points/ROOM-1/place-device", where, by="admin", seen=seen)
    assert answer.status_code == 200, answer.text


def test_audit_1_11_the_device_reads_its_own_queue_with_versions_and_nothing_else(
    api: Api, policies: Policies
) -> None:
    assert problem(api.get("/device/ratings", by="device")) == (403, "not-permitted")
    placed(api)
    mine, other = at_window(api, policies), at_window(api, policies, "W2")
    found = api.get("/device/ratings", by="device").json()
    assert (found["point"], found["window"]) == ("ROOM-1", "W1")
    assert [(one["request"], one["version"]) for one in found["rows"]] == [(mine, 1)]
    assert set(found["rows"][0]) == {"request", "version", "asked_at", "expires_at"}
    for path in ("/requests", f"/requests/{mine}", f"/requests/{mine}/rating", "/ratings"):
        assert problem(api.get(path, by="device")) == (403, "not-permitted")
    for staff in ("clerk", "leader", "auditor"):
        assert problem(api.get("/device/ratings", by=staff)) == (403, "not-permitted")

    link = api.coded(mine, by="device", seen=1)
    said = {"token": link.rpartition("/")[2], "grade": 4}
    path = f"/requests/{mine}/rating"
    assert problem(api.post(path, said, by="clerk", seen=2)) == (403, "not-permitted")
    named = said | {"device": "device-9"}
    assert problem(api.post(path, named, by="device", seen=2)) == (409, "device-unknown")
    assert api.post(path, said, by="device", seen=2).status_code == 200
    assert api.get(path).json()["state"]["given"]["device"] == "device-1"
    api.project()
    assert api.get("/device/ratings", by="device").json()["rows"] == []

    elsewhere = api.post(f"/requests/{other}/rating/code", by="device", seen=1)
    assert problem(elsewhere) == (409, "device-elsewhere")
    removed = api.post("/points/ROOM-1/remove-device", {"device": "device-1"}, by="admin", seen=2)
    assert removed.status_code == 200
    unknown = api.post(f"/requests/{other}/rating/code", by="device", seen=1)
    assert problem(unknown) == (409, "device-unknown")


def test_audit_1_11_satisfaction_by_window_device_and_officer_on_duty(
    api: Api, policies: Policies
) -> None:
    placed(api)
    today = str(datetime.now(ZoneInfo(CHINA)).date())
    taking = {"point": "ROOM-1", "day": today, "window": "W1"}
    taken = api.post("/rosters/take-window", taking)
    assert taken.status_code == 201, taken.text
    request = at_window(api, policies)
    said = {"token": api.coded(request, by="device").rpartition("/")[2], "grade": 4}
    # The clerk's machine and the device's are one in this test: that is a suspicion.
    assert api.post(f"/requests/{request}/rating", said, by="device", seen=2).status_code == 200
    assert looked_at(api, request, counted=True).status_code == 200
    closed(api, window="W2")
    for by, key in (("window", "ROOM-1 W1"), ("officer", "clerk-1"), ("device", "device-1")):
        rows = {row["key"]: row for row in satisfaction(api, by=by)}
        assert (rows[key]["explicit"], rows[key]["mean_grade"]) == (1, 4.0), by
    assert {row["key"] for row in satisfaction(api, by="window")} == {"ROOM-1 W1", "ROOM-1 W2"}

    roster = f"/rosters/ROOM-1/{today}"
    assert api.get(roster).json()["state"]["sittings"][0]["officer"] == "clerk-1"
    assert "session" not in api.get(roster).text
    leave = {"window": "W1"}
    by_another = api.post(f"{roster}/leave-window", leave, by="lawyer", seen=1)
    assert problem(by_another) == (409, "taken-by-another")
    assert api.post(f"{roster}/leave-window", leave, seen=1).status_code == 200
    nobody = api.post(f"/rosters/ROOM-1/{date(2020, 1, 1)}/leave-window", leave, seen=1)
    assert problem(nobody) == (404, "not-found")


# --- 3. a vote that may be the server's own


def counted_now(api: Api) -> tuple[int, int, float | None]:
    (row,) = satisfaction(api)
    return row["explicit"], row["suspect"], row["mean_grade"]


def test_audit_4_5_b_the_server_votes_for_himself_by_the_link(api: Api) -> None:
    request, link = api.invited()
    assert vote(api, link, by="clerk").status_code == 200
    given = api.get(f"/requests/{request}/rating").json()["state"]["given"]
    assert (given["grade"], given["suspicions"]) == (5, ["own_account"])
    assert counted_now(api) == (0, 1, None)
    (flagged,) = api.get("/ratings", suspect="true").json()["rows"]
    assert (flagged["request"], flagged["suspicions"]) == (request, given["suspicions"])


def test_audit_4_5_b_other_staff_vote_for_the_server(api: Api) -> None:
    request, link = api.invited()
    elsewhere = {"User-Agent": "another machine"}
    assert vote(api, link, by="leader", headers=elsewhere).status_code == 200
    given = api.get(f"/requests/{request}/rating").json()["state"]["given"]
    assert given["suspicions"] == ["staff_account"]
    assert counted_now(api) == (0, 1, None)


def test_audit_4_5_b_a_vote_from_where_the_server_works(api: Api) -> None:
    today = str(datetime.now(ZoneInfo(CHINA)).date())
    desk, phone = {"User-Agent": "desk 1"}, {"User-Agent": "a phone"}
    taking = {"point": "ROOM-1", "day": today, "window": "W1"}
    assert api.post("/rosters/take-window", taking, headers=desk).status_code == 201
    votes = []
    for machine in (desk, phone):
        request = api.logged(window="W1")
        api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=1)
        assert api.post(f"/requests/{request}/rating-invitation").status_code == 201
        link = api.coded(request, headers={"User-Agent": "receipts"})
        assert vote(api, link, headers=machine).status_code == 200
        state = api.get(f"/requests/{request}/rating").json()["state"]
        votes.append(state["given"].get("suspicions", []))
    assert votes == [["server_session"], []]


def test_audit_4_5_b_a_vote_within_seconds_of_the_code(api: Api) -> None:
    ruled(api, suspect_within_s=3600)
    request, link = api.invited()
    assert vote(api, link, headers={"User-Agent": "a phone"}).status_code == 200
    given = api.get(f"/requests/{request}/rating").json()["state"]["given"]
    assert given["suspicions"] == ["too_soon"]
    assert counted_now(api) == (0, 1, None)


def test_audit_4_5_a_suspect_vote_moves_no_average_until_it_is_looked_at(api: Api) -> None:
    _, honest = api.invited()
    vote(api, honest, 4, headers={"User-Agent": "a phone"})
    requests = []
    for _ in range(2):
        request, link = api.invited()
        requests.append(request)
        vote(api, link, 1, by="clerk")
    assert counted_now(api) == (1, 2, 4.0)
    counted, set_aside = requests
    assert problem(looked_at(api, counted, counted=True, by="clerk")) == (403, "not-permitted")
    assert looked_at(api, counted, counted=True).status_code == 200
    assert counted_now(api) == (2, 1, 2.5)
    assert looked_at(api, set_aside, counted=False).status_code == 200
    assert counted_now(api) == (2, 0, 2.5)
    (row,) = satisfaction(api)
    assert (row["set_aside"], row["response_rate"]) == (1, 1.0)
    assert problem(looked_at(api, set_aside, counted=True)) == (409, "already-looked-at")
    assert api.get("/ratings", suspect="true").json()["rows"] == []


# --- 4. withdrawal and disputes


def test_audit_4_5_d_a_person_takes_back_what_he_said_and_nobody_else_does(api: Api) -> None:
    request, link = api.invited()
    assert problem(api.post(f"{link}/withdraw", by=None, key="")) == (409, "not-rated")
    vote(api, link, 1)
    shown = api.get(link, by=None).json()
    assert datetime.fromisoformat(shown["withdraw_until"]) > datetime.now(UTC)
    by_staff = api.post(f"{link}/withdraw", by="clerk", key="")
    assert problem(by_staff) == (409, "staff-may-not-rate")
    phone = {"User-Agent": "a phone"}
    assert api.post(f"{link}/withdraw", by=None, key="", headers=phone).status_code == 200
    assert api.get(link, by=None).json()["withdrawn"] is True
    (row,) = satisfaction(api)
    assert (row["explicit"], row["withdrawn"], row["mean_grade"]) == (0, 1, None)
    assert api.get(f"/requests/{request}/rating").json()["state"]["given"]["grade"] == 1
    assert problem(vote(api, link, 5)) == (409, "already-rated")
    wrong = f"/ratings/{request}/guessed/withdraw"
    assert problem(api.post(wrong, by=None, key="")) == (404, "not-found")


def test_audit_4_5_d_after_the_hours_of_the_policy_nothing_is_taken_back(api: Api) -> None:
    ruled(api, withdrawal_hours=0)
    _, link = api.invited()
    vote(api, link)
    refused = api.post(f"{link}/withdraw", by=None, key="", headers={"User-Agent": "a phone"})
    assert problem(refused) == (409, "withdrawal-over")


def test_audit_2_a_call_back_is_disputed_as_a_rating_is(api: Api) -> None:
    request, link = api.invited()
    vote(api, link, 2)
    path = f"/requests/{request}/rating"
    called = api.post(f"{path}/call-back", {"grade": 1}, by="leader", seen=3)
    assert called.status_code == 200, called.text
    disputed = {"ground": "回访对象有误", "of": "call_back"}
    assert api.post(f"{path}/dispute", disputed, by="lawyer", seen=4).status_code == 200
    again = api.post(f"{path}/dispute", {"ground": "误评"}, by="lawyer", seen=5)
    assert problem(again) == (409, "dispute-not-possible")
    (row,) = satisfaction(api)
    assert (row["callback"], row["excluded"]) == (1, 0)
    (open_,) = api.get("/ratings", dispute="open").json()["rows"]
    assert (open_["request"], open_["disputed"]) == (request, "call_back")
    decision = {"excluded": True, "reason": "查实"}
    assert api.post(f"{path}/decide-dispute", decision, by="leader", seen=5).status_code == 200
    (row,) = satisfaction(api)
    assert (row["callback"], row["excluded"], row["explicit"]) == (0, 1, 1)
    # The other source may still be disputed by itself.
    other = api.post(f"{path}/dispute", {"ground": "误评"}, by="lawyer", seen=6)
    assert other.status_code == 200
    none = api.post(f"{path}/dispute", {"ground": "误评", "of": "default"}, by="lawyer", seen=7)
    assert problem(none) == (409, "dispute-not-possible")


def test_audit_4_5_a_bad_rating_of_a_request_that_was_voided_since_is_told_beside(api: Api) -> None:
    """Whoever voids what he served takes its rating out of the average, not out of sight."""
    bad, good = api.invited(), api.invited()
    for (_, link), grade in ((bad, 1), (good, 5)):
        assert vote(api, link, grade).status_code == 200
    (row,) = satisfaction(api)
    assert (row["explicit"], row["mean_grade"], row["voided"]) == (2, 3.0, 0)
    voided = api.post(f"/requests/{bad[0]}/void", {"reason": "登记错误"}, by="clerk", seen=2)
    assert voided.status_code == 200
    (row,) = satisfaction(api)
    assert (row["explicit"], row["mean_grade"], row["voided"]) == (1, 5.0, 1)


# --- call-backs are drawn


def test_audit_4_5_whom_a_call_is_made_to_is_drawn_and_not_picked(api: Api, ledger: Ledger) -> None:
    both = tuple(sorted(api.invited()[0] for _ in range(2)))
    sample, drawn = drawn_of(ledger, both, "rating")
    (left_out,) = set(both) - {drawn}
    path = f"/requests/{left_out}/rating/call-back"
    for call in ({"grade": 5}, {"grade": 5, "sample": sample}):
        assert problem(api.post(path, call, by="leader", seen=2)) == (409, "not-drawn")
    of_something_else, _ = drawn_of(ledger, (left_out,), "request")
    other = {"grade": 5, "sample": of_something_else}
    assert problem(api.post(path, other, by="leader", seen=2)) == (409, "not-drawn")
    nothing = {"grade": 5, "sample": left_out}
    assert problem(api.post(path, nothing, by="leader", seen=2)) == (404, "sample-unknown")
    call = {"grade": 5, "sample": sample}
    for_drawn = api.post(f"/requests/{drawn}/rating/call-back", call, by="leader", seen=2)
    assert for_drawn.status_code == 200, for_drawn.text
    told = api.get(f"/streams/rating/{drawn}/events").json()["events"][-1]
    assert told["data"]["sample"] == sample


def test_audit_4_5_a_sample_of_everybody_is_called_in_its_order(api: Api, ledger: Ledger) -> None:
    both = tuple(sorted(api.invited()[0] for _ in range(2)))
    sample, first = drawn_of(ledger, both, "rating", size=2)
    (second,) = set(both) - {first}
    call = {"grade": 5, "sample": sample}
    path = f"/requests/{second}/rating/call-back"
    refused = api.post(path, call, by="leader", seen=2)
    assert problem(refused) == (409, "out-of-drawn-order")
    passed = api.post(
        f"/samples/{sample}/pass-over", {"id": first, "reason": "无人接听"}, by="leader", seen=2
    )
    assert passed.status_code == 200, passed.text
    assert api.post(path, call, by="leader", seen=2).status_code == 200


def test_audit_4_5_the_population_of_calls_are_those_that_were_not_heard(
    api: Api, ledger: Ledger
) -> None:
    silent, heard, waiting = api.invited(), api.invited(), api.invited()
    vote(api, heard[1])
    stream = sibling_id(UUID(silent[0]), "rating")
    later = datetime.now(UTC) + timedelta(days=9)
    ledger.execute(stream, DefaultRating(), by=ACTORS["policy"], now=later, occurred_at=later)
    head = api.project()
    frame = Frame(of="rating", division="440103001001", cut_off=head)
    with psycopg.connect(api.database.app_url) as connection:
        assert sampling_frame.ids(connection, frame) == (silent[0],)
    assert waiting


def drawn_of(
    ledger: Ledger, ids: tuple[str, ...], of: PopulationKind, size: int = 1
) -> tuple[str, str]:
    """A sample of some of these: its stream, and whom it drew first."""
    stream, leader = uuid7(), ACTORS["leader"]
    frame = Frame(of=of, division="440103001001", cut_off=1)
    announce = AnnounceSample(purpose="满意度回访", frame=frame, population=ids, size=size)
    draw = DrawSample(population=ids, announced_at=1, checkpoint=1, root="0" * 64)
    for command in (announce, draw):
        ledger.execute(stream, command, by=leader, now=datetime.now(UTC))
    chosen, *_ = drawing("0" * 64, ids, size)
    return str(stream), chosen
