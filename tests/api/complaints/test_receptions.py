"""Reception days over HTTP: announced, booked, held; whom a leader receives is not for all."""

from typing import Any, Final
from uuid import UUID

from domain.complaints import reception
from domain.complaints.reception import AnnounceReception, BookSlot
from domain.registration.point_commands import OpenPoint
from domain.vocabulary import Visitor, stream_id
from ledger.log.store import Ledger
from tests.api.conftest import ACTORS, Api, problem
from tests.examples import OPENED, local

WANG: Final = {"name": "王某", "phone": "13800001234"}
FAR: Final[dict[str, Any]] = {
    "point": "HALL-1", "leader": "leader-1", "post": "局长",
    "starts_at": "2199-03-05T14:00:00+08:00", "slots": 4, "slot_minutes": 30,
}  # fmt: skip
HELD: Final = stream_id("test", "reception")
LATE: Final[dict[str, Any]] = {
    "occurred_at": "2026-03-09T14:05:00+08:00", "late_reason": "停电",
}  # fmt: skip


def hall(ledger: Ledger) -> None:
    """A point without a calendar: every day is a working day there."""
    opened = OpenPoint(
        code="HALL-1",
        kind="center",
        name="接待大厅",
        division="440103001",
        division_source="示例",
        valid_from=OPENED.valid_from,
    )
    ledger.execute(stream_id("point", "HALL-1"), opened, by=ACTORS["admin"])


def held(ledger: Ledger) -> UUID:
    """A reception at the room on Monday 9 March 2026, booked by a citizen on the 4th."""
    announced, booked = local("2026-03-02 09:00"), local("2026-03-04 09:00")
    announce = AnnounceReception(
        point="ROOM-1",
        leader="leader-1",
        post="局长",
        starts_at=local("2026-03-09 14:00"),
        slots=2,
        slot_minutes=30,
    )
    book = BookSlot(slot=1, visitor=Visitor(name="王某"), matter="投诉陈律师态度")
    leader, clerk = ACTORS["leader"], ACTORS["clerk"]
    ledger.execute(HELD, announce, by=leader, occurred_at=announced, now=announced)
    ledger.execute(HELD, book, by=clerk, occurred_at=booked, now=booked)
    return HELD


def test_a_day_is_announced_booked_moved_and_cancelled(api: Api, ledger: Ledger) -> None:
    hall(ledger)
    made = api.post("/receptions", FAR, by="leader")
    assert made.status_code == 201, made.text
    where = made.headers["location"].removeprefix("/api/v1")
    assert problem(api.post("/receptions", FAR, by="clerk"))[0] == 403
    book = {"slot": 1, "visitor": WANG, "matter": "咨询"}
    assert api.post(f"{where}/book", book, seen=1).status_code == 200
    taken = book | {"visitor": {"name": "李某"}}
    assert problem(api.post(f"{where}/book", taken, seen=2)) == (409, "slot-taken")
    nobody = book | {"slot": 2, "visitor": {}}
    assert problem(api.post(f"{where}/book", nobody, seen=2)) == (409, "visitor-not-named")
    back = {"slot": 1, "reason": "改日"}
    elsewhere = api.post(f"{where}/withdraw-booking", back, seen=2)
    assert problem(elsewhere) == (409, "outside-jurisdiction")
    assert api.post(f"{where}/withdraw-booking", back, by="leader", seen=2).status_code == 200
    move = {"starts_at": "2199-03-06T14:00:00+08:00", "reason": "会议"}
    assert api.post(f"{where}/move", move, by="leader", seen=3).status_code == 200
    cancel = {"reason": "会议"}
    assert api.post(f"{where}/cancel", cancel, by="leader", seen=4).status_code == 200
    assert problem(api.post(f"{where}/book", book, seen=5)) == (409, "reception-is-cancelled")
    shown = api.get(where, by="leader").json()
    assert shown["version"] == 5
    assert shown["allowed"] == []
    assert shown["state"]["cancelled"] == "会议"
    assert (shown["state"]["moved"], shown["state"]["withdrawn"]) == (1, 1)


def test_what_came_of_it_is_a_request_that_is_there(api: Api, ledger: Ledger) -> None:
    where = f"/receptions/{held(ledger)}"
    receive = {"slot": 1}
    assert api.post(f"{where}/receive", receive, seen=2, **LATE).status_code == 200
    gone = api.post(f"{where}/note-absent", receive, seen=3)
    assert problem(gone) == (409, "booking-is-over")
    outcome = {"slot": 1, "outcome": "request", "of": api.logged()}
    nowhere = outcome | {"of": str(HELD)}
    told = api.post(f"{where}/record-outcome", nowhere, seen=3)
    assert problem(told) == (409, "request-unknown")
    assert api.post(f"{where}/record-outcome", outcome, seen=3).status_code == 200
    [booking] = api.get(where).json()["state"]["bookings"]
    assert (booking["outcome"], booking["of"]) == ("request", outcome["of"])
    api.project()
    [row] = api.get("/receptions", coming=False).json()["rows"]
    assert (row["booked"], row["received"], row["requests"]) == (1, 1, 1)
    [leader] = api.get("/reports/receptions", by="leader", period="2026").json()["rows"]
    assert (leader["leader"], leader["days"], leader["received"]) == ("leader-1", 1, 1)
    assert api.get("/reports/receptions", by="leader", period="2025").json()["rows"] == []


def test_whom_a_leader_receives_and_why_is_hidden_from_colleagues(api: Api, ledger: Ledger) -> None:
    where = f"/receptions/{held(ledger)}"
    for by in ("clerk", "leader", "auditor"):
        found = api.get(where, by=by, unmask="安排接待").json()
        [booking] = found["state"]["bookings"]
        assert (booking["hidden"], booking["matter"]) == (False, "投诉陈律师态度")
    history = f"/streams/{reception.KIND}/{HELD}/events"
    whole = api.get(history, by="leader").json()["events"]
    for by in ("lawyer", "station"):
        shown = api.get(where, by=by)
        [booking] = shown.json()["state"]["bookings"]
        assert (booking["hidden"], booking["visitor"], booking["matter"]) == (True, None, None)
        told = api.get(history, by=by)
        assert (len(told.json()["events"]), told.json()["hidden"]) == (1, 0)
        assert "陈律师" not in shown.text + told.text
        own = [one["position"] for one in told.json()["events"]]
        [kept] = [one["position"] for one in whole if one["position"] not in own]
        alone = api.get(f"/events/{kept}", by=by)
        assert problem(alone) == (404, "not-found")
    assert api.get(history, by="leader").json()["hidden"] == 0


def test_a_complaint_that_came_of_it_is_hidden_from_whom_it_is_about(
    api: Api, ledger: Ledger
) -> None:
    where = f"/receptions/{held(ledger)}"
    complaint = {
        "grievance": {
            "point": "ROOM-1", "channel": "reception_day", "subject": "态度", "account": "clerk-1",
        }
    }  # fmt: skip
    made = api.post("/complaints", complaint, by="station")
    assert made.status_code == 201, made.text
    assert api.post(f"{where}/receive", {"slot": 1}, seen=2, **LATE).status_code == 200
    outcome = {"slot": 1, "outcome": "complaint", "of": made.json()["stream"]}
    own = api.post(f"{where}/record-outcome", outcome, seen=3)
    assert problem(own) == (409, "complaint-unknown")
    told = api.post(f"{where}/record-outcome", outcome, by="leader", seen=3)
    assert told.status_code == 200
    [booking] = api.get(where, by="leader").json()["state"]["bookings"]
    assert booking["of"] == made.json()["stream"]
    [booking] = api.get(where, by="clerk").json()["state"]["bookings"]
    assert (booking["hidden"], booking["of"], booking["outcome"]) == (True, None, None)
    history = api.get(f"/streams/{reception.KIND}/{HELD}/events", by="clerk")
    assert made.json()["stream"] not in history.text
