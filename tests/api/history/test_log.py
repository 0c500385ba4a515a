"""The log over HTTP: one thing's history, in order, as known then."""

from tests.api.conftest import CONSULTED, LOGGED, Api, problem


def test_a_history_holds_everything_in_order_and_who_did_it(api: Api) -> None:
    request, link = api.invited()
    api.post(link, {"grade": 5}, by=None, key="")
    history = api.get(f"/streams/request/{request}/events", by="auditor").json()
    kinds = ["request.logged", "request.consultation_given", "rating.invited"]
    kinds += ["rating.code_issued", "rating.given"]
    assert [event["kind"] for event in history["events"]] == kinds
    positions = [event["position"] for event in history["events"]]
    assert positions == sorted(positions)
    roles = [event["actor"]["role"] for event in history["events"]]
    assert roles == ["duty_officer", "adviser", "duty_officer", "duty_officer", "citizen"]


def test_a_history_is_the_same_as_known_then(api: Api) -> None:
    request = api.logged()
    path = f"/streams/request/{request}/events"
    (logged,) = api.get(path).json()["events"]
    api.post(f"/requests/{request}/give-consultation", CONSULTED, seen=1)
    then = api.get(path, as_known_at=logged["recorded_at"]).json()
    assert then["events"] == [logged]
    assert len(api.get(path).json()["events"]) == 2


def test_points_have_histories_by_their_codes(api: Api) -> None:
    history = api.get("/streams/point/ROOM-1/events").json()
    assert [event["kind"] for event in history["events"]] == ["point.opened"]
    for unknown in ("point/NOWHERE", "request/not-an-id", "nothing/x"):
        assert problem(api.get(f"/streams/{unknown}/events")) == (404, "not-found")


def test_an_event_stream_begins_with_a_position(api: Api) -> None:
    for last in ("x", "-1", "1" * 30, "", "1.0", "0x1", "²", "1 2"):
        asked = api.get("/events/stream", headers={"Last-Event-ID": last.encode("latin-1")})
        assert problem(asked) == (400, "malformed")
    assert problem(api.get("/events/stream", after="1")) == (400, "malformed")


def test_f13_a_position_that_the_log_has_not_reached_is_refused(api: Api) -> None:
    """As a reader has it whose log was restored from an older dump."""
    head = api.post("/requests", LOGGED).json()["position"]
    for ahead in (1, 3, 10**15):
        asked = api.get("/events/stream", headers={"Last-Event-ID": str(head + ahead)})
        assert problem(asked) == (400, "position-unknown")
        assert str(head) in asked.json()["detail"]


def test_an_event_is_found_by_its_position_with_what_it_happened_to(api: Api) -> None:
    request, link = api.invited()
    api.post(link, {"grade": 5}, by=None, key="")
    for thing in (f"request/{request}", "point/ROOM-1", f"rating/{request}"):
        for event in api.get(f"/streams/{thing}/events", by="auditor").json()["events"]:
            found = api.get(f"/events/{event['position']}", by="auditor")
            assert found.status_code == 200
            assert found.json()["event"] == event
            kind = event["kind"].partition(".")[0]
            name = "ROOM-1" if kind == "point" else request
            assert found.json()["thing"] == f"{kind}:{name}"


def test_an_event_that_was_not_recorded_then_or_never_is_not_there(api: Api) -> None:
    first = api.get(f"/streams/request/{api.logged()}/events").json()["events"][0]
    second = api.get(f"/streams/request/{api.logged()}/events").json()["events"][0]
    path, then = f"/events/{second['position']}", first["recorded_at"]
    assert api.get(path).json()["event"] == second
    assert problem(api.get(path, as_known_at=then)) == (404, "not-found")
    for unknown in (second["position"] + 1, 0, -1, "x", "1" * 18, "1" * 30, "1.0", "²"):
        assert problem(api.get(f"/events/{unknown}")) == (404, "not-found"), unknown
    assert problem(api.get(path, by=None)) == (401, "not-authenticated")
