"""Pages of the person who was served: rate by the link of a receipt, take it back, add to it."""

import gzip
import re
from datetime import datetime, tzinfo
from html import escape
from typing import Any, Final

import httpx
import pytest

from api.pages.assets import assets
from tests.api.conftest import Api, problem
from tests.api.requests.test_audit_4_5 import ruled

PHONE: Final = {"User-Agent": "a phone"}
"""Another browser than the one the server works with."""
MORE: Final = ("withdraw", "follow-up", "dissatisfaction")
WEIGHT_MAX: Final = 50 * 1024
STRANGE: Final = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def page(api: Api, path: str, **headers: str) -> httpx.Response:
    return api.client.get(path, headers=PHONE | headers)


def send(api: Api, path: str, form: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
    """Send a form; what it leads to is shown."""
    return api.client.post(path, data=form or {}, headers=PHONE | headers, follow_redirects=True)


def comment(api: Api, request: str) -> str | None:
    shown = api.get(f"/requests/{request}/rating", unmask="核对留言").json()
    said: str | None = shown["state"]["given"].get("comment")
    return said


def test_the_page_asks_one_question_with_nothing_chosen_and_no_names(api: Api) -> None:
    _, link = api.invited()
    for _ in range(2):
        shown = page(api, link)
        assert shown.status_code == 200
    assert shown.text.count('type="radio"') == 5
    assert "checked" not in shown.text
    assert "逢源街公共法律服务工作室" in shown.text
    for private in ("陈小明", "拖欠工资", "陈律师", "A-1"):
        assert private not in shown.text
    assert "<script" not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert api.get(link, by=None).json()["given"] is None


def test_a_code_leads_people_to_the_page_and_programs_to_the_answer(api: Api) -> None:
    request, link = api.invited()
    told = api.post(f"/requests/{request}/rating/code", by="colleague", seen=2).json()
    assert told["link"] == f"/api/v1{told['page']}"
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    led = api.client.get(f"/api/v1{link}", headers=browser, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, link)
    assert api.get(link, by=None).headers["content-type"] == "application/json"


def test_a_person_rates_once_with_reasons_and_the_wish_to_be_called(api: Api) -> None:
    request, link = api.invited()
    form = {"grade": "2", "reason": ["1", "3"], "call_back": "1", "comment": "等了两个钟"}
    shown = send(api, link, form)
    assert (shown.status_code, shown.history[0].status_code) == (200, 303)
    assert "已收到你的评价：不满意" in shown.text
    assert comment(api, request) == "等候时间长；态度不好；希望回电话\n等了两个钟"

    again = send(api, link, {"grade": "5"})
    assert again.status_code == 409
    assert "已收到你的评价：不满意" in again.text
    assert api.get(link, by=None).json()["given"] == 2


def test_pressing_twice_is_one_vote_and_what_was_ticked_below_another_grade_is_not_meant(
    api: Api,
) -> None:
    request, link = api.invited()
    (key,) = re.findall('name="_key" value="([^"]+)"', page(api, link).text)
    form = {"grade": "5", "reason": ["1", "99"], "call_back": "1", "_key": key}
    said = [send(api, link, form) for _ in range(2)]
    assert [one.status_code for one in said] == [200, 200]
    assert comment(api, request) is None


def test_a_form_with_a_mistake_comes_back_with_all_that_was_typed(api: Api) -> None:
    _, link = api.invited()
    mistakes: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "请先选一个表情"),
        ({"grade": "6"}, "请先选一个表情"),
        ({"grade": "2", "comment": "长" * 501}, "最多写500个字，现在有501个"),
    )
    for form, said in mistakes:
        shown = send(api, link, {"comment": STRANGE, "reason": ["2"], **form})
        assert shown.status_code == 422
        assert said in shown.text
        assert "<title>有错：" in shown.text
        assert escape(form.get("comment", "<script>alert(1)"), quote=False) in shown.text
        assert "<script" not in shown.text
        assert 'value="2" checked' in shown.text
    assert api.get(link, by=None).json()["given"] is None


def test_a_wrong_link_and_a_missing_thing_have_one_answer(api: Api) -> None:
    request, link = api.invited()
    unrated = api.logged()
    nowhere = "00000000-0000-4000-8000-000000000009"
    wrong = [f"/ratings/{one}/guessed" for one in (request, unrated, nowhere)]
    answers = [page(api, one) for one in wrong]
    answers += [send(api, one, {"grade": "5"}) for one in wrong]
    answers += [page(api, f"{one}/{more}") for one in wrong for more in MORE]
    answers += [send(api, f"{one}/{more}") for one in wrong for more in MORE]
    answers.append(page(api, f"{link}x"))
    answers.append(page(api, f"/ratings/{request}/%3Cscript%3E"))
    assert {one.status_code for one in answers} == {404}
    assert {re.sub(r"/ratings/[^\"?]*", "", one.text) for one in answers} == {
        re.sub(r"/ratings/[^\"?]*", "", answers[0].text)
    }
    assert "这个链接打不开" in answers[0].text
    cut_off = page(api, link[:30], Accept="text/html")
    assert (cut_off.status_code, "再扫一次" in cut_off.text) == (404, True)


def test_a_rating_is_taken_back_by_the_person_within_the_hours(api: Api) -> None:
    _, link = api.invited()
    assert "请先" not in page(api, f"{link}/withdraw").text
    send(api, link, {"grade": "1"})
    assert "撤回评价…" in page(api, link).text
    # Looking at the question changes nothing.
    assert "你的评价是“非常不满意”" in page(api, f"{link}/withdraw").text
    assert api.get(link, by=None).json()["withdrawn"] is False
    gone = send(api, f"{link}/withdraw")
    assert "你的评价已经撤回" in gone.text
    assert api.get(link, by=None).json()["withdrawn"] is True
    again = send(api, link, {"grade": "5"})
    assert (again.status_code, "你的评价已经撤回" in again.text) == (409, True)
    assert "撤回评价…" not in again.text


def test_after_the_hours_of_the_policy_taking_back_is_not_offered_and_not_taken(api: Api) -> None:
    ruled(api, withdrawal_hours=0)
    _, link = api.invited()
    send(api, link, {"grade": "1"})
    assert "撤回评价…" not in page(api, link).text
    refused = send(api, f"{link}/withdraw")
    assert refused.status_code == 409
    assert api.get(link, by=None).json()["withdrawn"] is False


def test_a_person_adds_to_his_rating_once(api: Api) -> None:
    _, link = api.invited()
    send(api, link, {"grade": "5"})
    assert "你第一次的评价是“非常满意”" in page(api, f"{link}/follow-up").text
    added = send(api, f"{link}/follow-up", {"grade": "2", "comment": "后来没有下文"})
    assert "你的补充也收到了" in added.text
    assert "已收到你的评价：非常满意" in added.text
    assert "补充评价" not in added.text
    again = send(api, f"{link}/follow-up", {"grade": "1"})
    assert again.status_code == 409


def test_a_person_asks_for_his_bad_rating_to_be_dealt_with_and_sees_how_far_it_is(
    api: Api,
) -> None:
    request, link = api.invited()
    asked = f"{link}/dissatisfaction"
    early = send(api, asked)
    assert (early.status_code, "要求处理" in early.text) == (409, False)
    send(api, link, {"grade": "2", "comment": "等了两个钟"})
    assert "要求处理…" in page(api, link).text
    assert "由有关单位处理" in page(api, asked).text
    by_staff = api.post(asked, by="clerk", key="")
    assert problem(by_staff) == (409, "staff-may-not-rate")
    noted = send(api, asked)
    assert "已登记，等有关单位处理" in noted.text
    assert "要求处理…" not in noted.text
    again = send(api, asked)
    assert again.status_code == 409
    api.project()
    (row,) = api.get("/dissatisfactions", by="city").json()["rows"]
    stream = row["stream"]
    shown = api.get(f"/complaints/{stream}", by="leader", unmask="办理").json()["state"]
    assert shown["grievance"]["request"] == request
    assert shown["grievance"]["detail"] == "等了两个钟"
    seen = api.get(f"/complaints/{stream}", by="leader").json()["version"]
    settled = {"measure": "当面道歉，补办"}
    done = api.post(f"/complaints/{stream}/settle", settled, by="leader", seen=seen)
    assert done.status_code == 200, done.text
    assert "已经当场解决" in page(api, link).text
    assert api.get(link, by=None).json()["handling"] == "settled"


def test_a_good_or_withdrawn_rating_is_not_dealt_with(api: Api) -> None:
    _, link = api.invited()
    send(api, link, {"grade": "4"})
    assert "要求处理…" not in page(api, link).text
    assert problem(api.post(f"{link}/dissatisfaction", by=None, key="")) == (
        409,
        "rating-is-not-bad",
    )
    send(api, f"{link}/withdraw")
    refused = api.post(f"{link}/dissatisfaction", by=None, key="", headers=PHONE)
    assert problem(refused) == (409, "rating-is-withdrawn")


def test_an_invitation_that_ran_out_says_so_and_offers_no_faces(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, link = api.invited()
    ends = datetime.fromisoformat(api.get(link, by=None).json()["expires_at"])

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return ends.astimezone(tz)

    monkeypatch.setattr("api.requests.rating_pages.datetime", Then)
    shown = page(api, link)
    assert shown.status_code == 200
    assert "评价的时间已经过了" in shown.text
    assert 'type="radio"' not in shown.text


def test_a_form_of_another_page_is_no_vote(api: Api) -> None:
    _, link = api.invited()
    elsewhere = {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}
    for headers in elsewhere:
        refused = send(api, link, {"grade": "1"}, **headers)
        assert refused.status_code == 403
        assert "12348" in refused.text
    assert api.get(link, by=None).json()["given"] is None


def test_what_comes_along_in_the_address_does_no_harm(api: Api) -> None:
    _, link = api.invited()
    for query in ("from=singlemessage&isappinstalled=0", "as_known_at=now", f"big={STRANGE}"):
        shown = page(api, f"{link}?{query}")
        assert shown.status_code == 200, query
        assert "<script" not in shown.text
    for query in ("q=%00", "a=1&a=2"):
        refused = page(api, f"{link}?{query}")
        assert (refused.status_code, "12348" in refused.text) == (400, True)
    large = page(api, f"{link}?big=1&lang=en")
    assert 'class="pub big' in large.text
    assert "How was the service?" in large.text
    assert f'action="{link}?big=1"' in large.text


def test_a_name_of_a_point_is_text_and_no_markup(api: Api) -> None:
    _, link = api.invited()
    renamed = api.post("/points/ROOM-1/rename", {"name": STRANGE}, by="admin", seen=1)
    assert renamed.status_code == 200, renamed.text
    for one in (link, f"{link}/follow-up"):
        assert "<script" not in page(api, one).text


def test_the_page_is_light(api: Api) -> None:
    """≤ 50 KB for the first visit, packed, no scripts."""
    _, link = api.invited()
    shown = page(api, link, **{"Accept-Encoding": "gzip"})
    assert shown.headers["content-encoding"] == "gzip"
    sheets = re.findall(r'href="/static/[0-9a-f]+/([\w.]+)"', shown.text)
    weight = len(gzip.compress(shown.content, 5)) + sum(len(assets()[one].packed) for one in sheets)
    assert "anjuan.css" in sheets
    assert weight <= WEIGHT_MAX, weight


def test_peers_9_a_scanner_that_opens_the_link_a_hundred_times_rates_nothing(api: Api) -> None:
    """Over HTTP: a page without scripts does nothing more in a browser."""
    request, link = api.invited()
    for number in range(100):
        one = api.client.request("GET" if number % 2 else "HEAD", link, headers=PHONE)
        assert one.status_code == 200
    for more in (f"/api/v1{link}", f"{link}?grade=5", f"{link}/@new", f"{link}/withdraw"):
        page(api, more)
    shown = api.get(f"/requests/{request}/rating").json()["state"]
    assert (shown["given"], shown["defaulted"]) == (None, False)
    assert api.get(link, by=None).json()["given"] is None


def test_peers_9_a_form_that_is_sent_twice_is_one_rating(api: Api) -> None:
    request, link = api.invited()
    key = re.findall('name="_key" value="([^"]+)"', page(api, link).text)[0]
    for form in (
        {"grade": "4", "_key": key},
        {"grade": "4", "_key": key},
        {"grade": "4", "_key": "another"},
        {"grade": "1", "_key": "a third"},
    ):
        assert send(api, link, form).status_code in (200, 409)
    told = api.get(f"/streams/rating/{request}/events", by="auditor")
    given = [one for one in told.json()["events"] if one["kind"] == "rating.given"]
    assert [one["data"]["grade"] for one in given] == [4]
