"""People follow their own request by number and code: what opens it, what it tells, what it does
not, and what whoever guesses learns."""

import re
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

from api.pages.tongue import TONGUES
from api.requests.following import DIGITS, STEPS, code_of
from api.requests.following_pages import steps_in
from api.signing.throttle import FOLLOWING, FOLLOWING_FROM
from api.web.cursors import Cursors
from tests.api.conftest import Api, problem

PHONE: Final = {"User-Agent": "a phone"}
SUBJECT, VISITOR, ADVISER = "拖欠工资", "陈小明", "陈律师"
WRONG: Final = "编号和查询码对不上"


def code(api: Api, request: str, by: str = "clerk") -> tuple[str, str]:
    found = api.get(f"/requests/{request}/follow-code", by=by).json()
    assert found["page"] == f"/public/requests/{found['number']}/{found['code']}"
    return str(found["number"]), found["code"]


def follow(api: Api, number: str, its_code: str) -> httpx.Response:
    return api.get(f"/public/requests/{number}/{its_code}", by=None)


def typed(api: Api, number: str, its_code: str, lang: str = "zh") -> httpx.Response:
    form = {"number": number, "code": its_code}
    return api.client.post(f"/public/requests?lang={lang}", data=form, headers=PHONE)


def other(its_code: str) -> str:
    return f"{(int(its_code) + 1) % 10**DIGITS:0{DIGITS}}"


def test_number_and_code_tell_how_it_stands_and_nothing_of_what_was_said(api: Api) -> None:
    request = api.consulted()
    number, its_code = code(api, request)
    told = follow(api, number, its_code)
    assert told.status_code == 200
    found = told.json()
    assert (found["number"], found["standing"]) == (int(number), "open")
    assert [one["kind"] for one in found["steps"]] == [
        "request.logged",
        "request.consultation_given",
    ]
    assert "close" in [one["name"] for one in found["promises"]]
    page = typed(api, number, f"{its_code[:3]} {its_code[3:6]}-{its_code[6:]}")
    assert page.status_code == 200
    for said in ("正在办", "登记了", "答复了你", "办结：不迟于", "逢源街公共法律服务工作室"):
        assert said in page.text
    for private in (SUBJECT, VISITOR, ADVISER, "A-1", "clerk", request):
        assert private not in page.text + told.text
    assert "<script" not in page.text
    for answer in (page, told):
        assert answer.headers["cache-control"] == "no-store"


def test_it_goes_on_from_papers_that_are_missing_to_the_end(api: Api) -> None:
    request = api.consulted()
    number, its_code = code(api, request)
    path = f"/requests/{request}"
    asked = {"items": ["工资条", "劳动合同"]}
    assert api.post(f"{path}/request-supplement", asked, seen=2).status_code == 200
    page = typed(api, number, its_code).text
    assert "等你补材料" in page
    assert "请补：工资条、劳动合同" in page
    assert "补齐材料以后接着计时" in page
    assert api.post(f"{path}/receive-supplement", {}, seen=3).status_code == 200
    assert api.post(f"{path}/close", {"kind": "answered"}, seen=4).status_code == 200
    found = follow(api, number, its_code).json()
    assert (found["standing"], found["close_kind"]) == ("closed", "answered")
    assert (found["papers"], found["promises"]) == ([], [])
    api.post(f"{path}/rating-invitation")
    assert follow(api, number, its_code).json()["rate_until"] is not None
    page = typed(api, number, its_code, "en").text
    assert "How it was closed: Answered" in page
    assert "You may rate this service until" in page
    link = api.coded(request)
    api.post(link, {"grade": 1}, by=None, key="", headers=PHONE)
    noted = api.post(f"{link}/dissatisfaction", {}, by=None, key="", headers=PHONE)
    assert noted.status_code == 200
    after = follow(api, number, its_code)
    assert after.json()["rate_until"] is None
    for hidden in ("grade", "handling", "complaint", "noted"):
        assert hidden not in after.text, "who printed the receipt may be complained of"


def test_what_was_referred_names_the_office_and_what_was_voided_says_so(api: Api) -> None:
    request = api.logged()
    number, its_code = code(api, request)
    refer = {
        "target": "legal_aid",
        "to": "440103002-S",
        "reason": "符合援助条件",
        "consented": True,
    }
    done = api.post(f"/requests/{request}/refer", refer, seen=1)
    assert done.status_code == 200, done.text
    found = follow(api, number, its_code).json()
    assert found["standing"] == "referred"
    assert found["referred_to"] == "440103002-S", "of no register here"
    assert found["referred_to"] in typed(api, number, its_code).text
    api.post(f"/requests/{request}/void", {"reason": "重复登记"}, by="leader", seen=2)
    page = typed(api, number, its_code).text
    assert "这件登记作废了" in page
    assert "重复登记" not in page


def test_a_wrong_number_and_a_wrong_code_have_one_answer(api: Api) -> None:
    number, its_code = code(api, api.logged())
    tries = [(number, other(its_code)), ("999999999", its_code), ("1", its_code)]
    answers = [follow(api, *one) for one in tries]
    assert {problem(one) for one in answers} == {(404, "not-found")}
    pages = [typed(api, *one) for one in tries]
    assert {one.status_code for one in pages} == {404}
    assert len({re.sub('value="[0-9]*"', "", one.text) for one in pages}) == 1
    assert all(WRONG in one.text and its_code not in one.text for one in pages)
    short = typed(api, "一号", its_code[:9])
    assert short.status_code == 422
    assert "查询码是10位数字，现在有9位" in short.text
    for odd in ("x", "٠١٢٣٤٥٦٧٨٩", its_code + "0"):
        assert problem(follow(api, number, odd)) == (404, "not-found")


def test_who_guesses_is_kept_waiting_and_the_right_code_costs_no_try(api: Api) -> None:
    number, its_code = code(api, api.logged())
    for _ in range(FOLLOWING.burst + 5):
        assert follow(api, number, its_code).status_code == 200
    wrong = other(its_code)
    tried = [follow(api, number, wrong).status_code for _ in range(FOLLOWING.burst + 1)]
    assert tried == [404] * FOLLOWING.burst + [429]
    kept_out = typed(api, number, its_code)
    assert kept_out.status_code == 429
    assert int(kept_out.headers["retry-after"]) > 0
    assert "分钟后再试" in kept_out.text
    # Another number goes on, until the address has used up what it has; there it does not matter
    # whether there is such a request.
    left = FOLLOWING_FROM.burst - FOLLOWING.burst - 2
    for number_of_none in range(10**9, 10**9 + left):
        follow(api, str(number_of_none), wrong)
    assert problem(follow(api, "777", wrong)) == (429, "too-many-tries")


def test_a_code_that_was_replaced_opens_nothing_and_no_event_holds_one(api: Api) -> None:
    request = api.logged()
    number, first = code(api, request)
    done = api.post(f"/requests/{request}/replace-follow-code", {}, seen=1)
    assert done.status_code == 200, done.text
    _, second = code(api, request)
    assert second != first
    assert problem(follow(api, number, first)) == (404, "not-found")
    assert follow(api, number, second).status_code == 200
    history = api.get(f"/streams/request/{request}/events", by="auditor").text
    assert "request.follow_code_replaced" in history
    assert first not in history
    assert second not in history


def test_who_followed_and_who_took_the_code_is_in_the_read_log(api: Api) -> None:
    request = api.logged()
    number, its_code = code(api, request)
    follow(api, number, its_code)
    follow(api, number, other(its_code))
    rows = api.get("/reads", by="auditor", thing=f"request:{request}").json()["rows"]
    read = [(one["action"], one["role"], one["account"]) for one in rows]
    person = f"c-{UUID(request).hex}"
    assert sorted(read) == [
        ("FollowCode", "duty_officer", "clerk-1"),
        ("FollowedRequest", "citizen", person),
    ]


def test_the_receipt_says_number_and_code_and_its_square_leads_there(api: Api) -> None:
    request = api.logged()
    number, its_code = code(api, request)
    headers = {"authorization": "Bearer clerk"}
    paper = api.client.get(f"/requests/{request}/receipt", headers=headers).text
    assert f"{its_code[:3]} {its_code[3:6]} {its_code[6:]}" in paper
    assert "查进度的二维码" in paper
    assert f"{number}/{its_code}" not in paper, "it is in the square, and nowhere to be read"
    led = api.client.get(f"/public/requests/{number}/{its_code}", headers=PHONE)
    assert "正在办" in led.text
    browser = {"Accept": "text/html"}
    path = f"/api/v1/public/requests/{number}/{its_code}"
    assert api.client.get(path, headers=browser, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("by", ["device", "committee"])
def test_who_may_not_read_a_request_gets_no_code(api: Api, by: str) -> None:
    request = api.logged()
    told = api.get(f"/requests/{request}/follow-code", by=by)
    assert told.status_code in (401, 403, 404)
    assert "code" not in told.json()


def test_codes_are_ten_digits_of_one_key_each_of_its_own() -> None:
    cursors, ids = Cursors(b"key"), [uuid4() for _ in range(500)]
    codes = [code_of(cursors, one, 0) for one in ids]
    assert len(set(codes)) == len(ids)
    assert all(re.fullmatch("[0-9]{10}", one) for one in codes)
    assert codes != [code_of(cursors, one, 1) for one in ids]
    assert codes != [code_of(Cursors(b"another"), one, 0) for one in ids]


def test_every_step_that_is_told_has_its_words() -> None:
    kinds = [one.topic.partition("/")[0] for one in STEPS]
    for tongue in TONGUES.values():
        told: dict[str, Any] = dict(steps_in(tongue))
        assert sorted(told) == sorted(kinds)


def test_address_and_telephone_of_a_point_are_told_to_everybody(api: Api) -> None:
    at = {"address": "逢源路1号", "phone": "020-00000001"}
    done = api.post("/points/ROOM-1/change-contacts", at, by="admin", seen=1)
    assert done.status_code == 200, done.text
    number, its_code = code(api, api.logged())
    api.project()
    for page in (
        typed(api, number, its_code),
        api.client.get("/public/points/ROOM-1", headers=PHONE),
        api.client.get("/public/directory?near=逢源", headers=PHONE),
    ):
        assert 'href="tel:020-00000001"' in page.text
    assert "逢源路1号" in page.text
