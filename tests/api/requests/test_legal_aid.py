"""Legal aid and longer deadlines over HTTP: who decides, and until when it is promised."""

from typing import Any, Final

from msgspec import to_builtins
from msgspec.structs import replace

from domain.worktime.calendar import TimeLimit
from tests.api.conftest import Api, problem
from tests.examples import RULES

LIMITS: Final = replace(
    RULES,
    version=2,
    limits={
        **RULES.limits,
        "consultation/close": TimeLimit(
            amount=10, unit="working_day", extensions_max=1, extension_amount_max=5,
            extension_approver="supervisor",
        ),
        "legal_aid/assign": TimeLimit(amount=3, unit="calendar_day"),
        "legal_aid/review": TimeLimit(amount=5, unit="calendar_day"),
    },
)  # fmt: skip


def applied(api: Api, by: str = "clerk") -> str:
    """The path of a request in which legal aid was applied for."""
    published = api.post("/policies", to_builtins({"policy": LIMITS}), by="admin", seen=1)
    assert published.status_code == 201, published.text
    path = f"/requests/{api.logged()}"
    answer = api.post(f"{path}/apply-for-legal-aid", {"agency": "AID-1"}, by=by, seen=1)
    assert answer.status_code == 200, answer.text
    return path


def done(api: Api, path: str, action: str, body: Any, *, by: str, seen: int) -> None:
    answer = api.post(f"{path}/{action}", body, by=by, seen=seen)
    assert answer.status_code == 200, answer.text


def promise(api: Api, path: str, name: str) -> dict[str, Any]:
    [found] = [one for one in api.get(path).json()["promises"] if one["name"] == name]
    assert isinstance(found, dict)
    return found


def test_audit_1_16_an_adviser_applies_and_somebody_else_decides(api: Api) -> None:
    path = applied(api, by="lawyer")
    for by in ("lawyer", "clerk", "device", "auditor"):
        for action, body in (
            ("grant-legal-aid", {}),
            ("refuse-legal-aid", {"reason": "不符合"}),
            ("assign-legal-aid-lawyer", {"lawyer": "A-1"}),
        ):
            assert problem(api.post(f"{path}/{action}", body, by=by, seen=2))[0] == 403
    leader = api.post(f"{path}/grant-legal-aid", {}, by="leader", seen=2)
    assert problem(leader) == (409, "not-a-legal-aid-officer")
    done(api, path, "grant-legal-aid", {}, by="aid", seen=2)
    assert promise(api, path, "assign")["in_time"] is None
    done(api, path, "assign-legal-aid-lawyer", {"lawyer": "L-7"}, by="aid", seen=3)
    kept = promise(api, path, "assign")
    assert (kept["in_time"], kept["in_time_on_record"]) == (True, True)
    api.project()
    rows = api.get("/reports/promises").json()["rows"]
    assert [(row["kept"], row["in_time"]) for row in rows if row["name"] == "assign"] == [(1, 1)]


def test_an_officer_does_not_decide_on_what_he_applied_for(api: Api) -> None:
    path = applied(api, by="aid-at-the-desk")
    own = api.post(f"{path}/grant-legal-aid", {}, by="aid", seen=2)
    assert problem(own) == (409, "decides-own-case")


def test_a_refusal_is_objected_to_reviewed_and_put_right(api: Api) -> None:
    path = applied(api)
    done(api, path, "refuse-legal-aid", {"reason": "收入超标"}, by="aid", seen=2)
    done(api, path, "close", {"kind": "aid_refused"}, by="clerk", seen=3)
    objection = {"to": "440103", "reason": "有新证明"}
    done(api, path, "object-to-legal-aid-refusal", objection, by="clerk", seen=4)
    assert promise(api, path, "review")["met_at"] is None
    review = {"upheld": False, "reason": "责令改正"}
    elsewhere = api.post(f"{path}/review-legal-aid-refusal", review, by="admin", seen=5)
    assert problem(elsewhere) == (409, "not-the-reviewing-bureau")
    done(api, path, "review-legal-aid-refusal", review, by="leader", seen=5)
    assert promise(api, path, "review")["in_time"] is True
    done(api, path, "reopen", {"reason": "责令改正"}, by="clerk", seen=6)
    again = api.post(f"{path}/refuse-legal-aid", {"reason": "仍不符合"}, by="aid", seen=7)
    assert problem(again) == (409, "refusal-was-overruled")
    done(api, path, "grant-legal-aid", {}, by="aid", seen=7)


def test_audit_3_more_time_is_given_by_whom_the_rules_name_and_explained(api: Api) -> None:
    published = api.post("/policies", to_builtins({"policy": LIMITS}), by="admin", seen=1)
    assert published.status_code == 201, published.text
    path = f"/requests/{api.logged()}"
    before = promise(api, path, "close")["due"]
    asked = {"amount": 5, "reason": "须向外地核实"}
    clerk = api.post(f"{path}/extend-deadline", asked, by="clerk", seen=1)
    assert problem(clerk) == (409, "not-the-approver")
    done(api, path, "extend-deadline", asked, by="leader", seen=1)
    after = promise(api, path, "close")
    assert after["due"] > before
    assert [step["kind"] for step in after["explanation"]].count("extended") == 1
    again = api.post(f"{path}/extend-deadline", asked | {"amount": 1}, by="leader", seen=2)
    assert problem(again) == (409, "extension-not-allowed")
    api.project()
    (row,) = api.get("/requests").json()["rows"]
    assert row["due"] <= after["due"]
