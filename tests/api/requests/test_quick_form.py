"""The quick form: one press, several commands, each once; what is wrong is found before any."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx

from api.requests.desk import initials
from tests.api.conftest import Api

FORM: Final = {
    "_key": "form-1", "point": "ROOM-1", "service": "consultation", "subject": "拖欠工资如何追讨",
    "visitor.name": "陈小明", "visitor.phone": "13800001234", "outcome": "answered",
    "answer": "先申请仲裁", "minutes": "15", "channel": "counter",
}  # fmt: skip


def press(api: Api, by: str = "clerk", **more: str) -> httpx.Response:
    """Press 登记 with the form filled in; the browser stays where it is sent."""
    typed = {name: one for name, one in (FORM | more).items() if one is not None}
    return api.client.post(
        "/desk", data=typed, headers={"Authorization": f"Bearer {by}"}, follow_redirects=False
    )


def saved(answer: httpx.Response) -> str:
    """The id of what was logged."""
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["saved"][0]


def happened(api: Api, request: str) -> list[str]:
    answer = api.get(f"/streams/request/{request}/events", unmask="核对经过")
    return [one["kind"] for one in answer.json()["events"]]


def logged(api: Api) -> int:
    """How many requests there are."""
    api.project()
    return len(api.get("/requests").json()["rows"])


def errors(answer: httpx.Response) -> str:
    """The summary of what is to be mended."""
    found = re.search('<div class="errsum".*?</div>', answer.text, re.DOTALL)
    assert found is not None, answer.text
    return found[0]


def test_one_press_logs_answers_and_closes(api: Api) -> None:
    request = saved(press(api))
    assert happened(api, request) == [
        "request.logged", "request.consultation_given", "request.closed",
    ]  # fmt: skip
    state = api.get(f"/requests/{request}", unmask="核对").json()["state"]
    assert state["logged"]["subject"] == FORM["subject"]
    assert state["logged"]["visitor"] == {"name": "陈小明", "phone": "13800001234"}
    assert state["closed"]
    assert state["served_by"] == ["clerk-1"]


def test_pressed_twice_nothing_happens_twice(api: Api) -> None:
    assert saved(press(api)) == saved(press(api))
    assert logged(api) == 1
    assert len(happened(api, saved(press(api)))) == 3


def test_a_key_that_was_used_for_another_form_says_so_and_offers_a_new_one(api: Api) -> None:
    saved(press(api))
    again = press(api, subject="另一件事")
    assert again.status_code == 409
    assert "已经登记过一件" in errors(again)
    assert "另一件事" in again.text
    (key,) = re.findall('name="_key" value="([^"]+)"', again.text)
    assert key != FORM["_key"]
    assert logged(api) == 1


def test_what_was_done_with_other_words_is_not_done_again(api: Api) -> None:
    request = saved(press(api))
    again = press(api, answer="改了主意")
    assert again.status_code == 409
    assert "这一步已经办过" in again.text
    assert f"/requests/{request}" in again.text
    assert len(happened(api, request)) == 3


def test_a_series_that_was_broken_off_goes_on_where_it_stopped(api: Api) -> None:
    """The answer was lost after the first command: the same form is sent again."""
    by_hand = saved(press(api, outcome="open"))
    assert happened(api, by_hand) == ["request.logged"]
    assert saved(press(api)) == by_hand
    assert len(happened(api, by_hand)) == 3
    assert logged(api) == 1


def test_what_was_refused_half_way_is_said_and_leads_to_the_request(api: Api) -> None:
    """The request is logged; that its adviser may not act any more is found by the second."""
    first = saved(press(api, outcome="open"))
    api.post(f"/requests/{first}/void", {"reason": "登记错了"}, seen=1)
    half = press(api)
    assert half.status_code == 409
    assert f"/requests/{first}" in half.text
    assert "事项已作废" in half.text
    assert "不要再登记一遍" in half.text
    assert "先申请仲裁" in half.text
    assert logged(api) == 1


WRONG: Final[tuple[tuple[dict[str, str], str], ...]] = (
    ({"subject": " "}, "要填"),
    ({"subject": "长" * 2001}, "最多2000个字，现在是2001个"),
    ({"answer": "长" * 2001}, "最多2000个字，现在是2001个"),
    ({"visitor.phone": "1380000123"}, "手机号要11位，现在是10位"),
    ({"minutes": "一刻"}, "要写数字，现在是“一刻”"),
    ({"minutes": "2000"}, "数字太大"),
    ({"minutes": ""}, "要填"),
    ({"service": "magic"}, "请从所列选项中选"),
    ({"channel": "pigeon"}, "请从所列选项中选"),
    ({"outcome": ""}, "请从所列选项中选"),
    ({"adviser": "没有的人"}, "顾问名册里没有“没有的人”"),
    ({"_occurred_at": "昨天"}, "现在是“昨天”"),
)


def test_what_is_wrong_is_found_before_anything_is_given(api: Api) -> None:
    for typed, says in WRONG:
        wrong = press(api, **typed)
        assert wrong.status_code == 422
        assert says in errors(wrong), typed
        assert "有错：" in wrong.text
    assert logged(api) == 0


def test_all_that_is_wrong_is_told_at_once_and_all_that_was_typed_stays(api: Api) -> None:
    wrong = press(api, **{"subject": "", "visitor.phone": "1380", "_occurred_at": "昨天"})
    assert "有3处要改" in errors(wrong)
    for stays in ("陈小明", "1380", "昨天", "先申请仲裁"):
        assert f'value="{stays}"' in wrong.text
    (key,) = re.findall('name="_key" value="([^"]+)"', wrong.text)
    assert key == FORM["_key"]


def test_full_width_digits_and_dashes_are_numbers(api: Api) -> None:
    request = saved(press(api, **{"visitor.phone": "１３８-００００-１２３４", "minutes": "１５"}))
    state = api.get(f"/requests/{request}", unmask="核对").json()["state"]
    assert state["logged"]["visitor"]["phone"] == "13800001234"


def test_nothing_but_what_it_is_about_must_be_typed(api: Api) -> None:
    request = saved(
        press(api, **{"visitor.name": "", "visitor.phone": "", "answer": "", "adviser": ""})
    )
    assert "visitor" not in api.get(f"/requests/{request}").json()["state"]["logged"]


def test_an_adviser_is_known_by_name_or_code(api: Api) -> None:
    for told in ("A-1", api.get("/advisers/A-1").json()["state"]["name"]):
        request = saved(press(api, adviser=told, _key=f"key-{told}"))
        assert api.get(f"/requests/{request}").json()["state"]["served_by"] == ["A-1", "clerk-1"]


def test_what_happened_long_ago_needs_a_reason(api: Api) -> None:
    then = (datetime.now(UTC) + timedelta(hours=8) - timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    refused = press(api, _occurred_at=then)
    assert refused.status_code == 409
    assert logged(api) == 0
    request = saved(press(api, _occurred_at=then, _late_reason="停电，记在纸上"))
    told = api.get(f"/streams/request/{request}/events").json()["events"]
    assert {one["late_reason"] for one in told} == {"停电，记在纸上"}
    assert len({one["occurred_at"] for one in told}) == 1


def test_what_asks_for_more_leads_to_its_form(api: Api) -> None:
    for outcome, form in (
        ("referred", "refer"),
        ("legal_aid", "apply-for-legal-aid"),
        ("mediation", "open-mediation"),
    ):
        answer = press(api, outcome=outcome, _key=f"key-{outcome}")
        assert answer.status_code == 303
        path = urlsplit(answer.headers["location"]).path
        assert path.endswith(f"/{form}")
        assert happened(api, path.split("/")[2]) == ["request.logged"]
        again = press(api, outcome=outcome, _key=f"key-{outcome}")
        assert again.headers["location"] == answer.headers["location"]
        drawn = api.client.get(path, headers={"Authorization": "Bearer clerk"})
        assert drawn.status_code == 200


def test_a_form_that_was_opened_at_another_point_is_not_taken_there(api: Api) -> None:
    wrong = press(api, by="station")
    assert wrong.status_code == 409
    assert "这张表是在" in errors(wrong)
    assert "拖欠工资如何追讨" in wrong.text
    assert logged(api) == 0


def test_a_desk_is_for_those_who_log_at_a_point(api: Api) -> None:
    for by in ("leader", "city", "neighbour"):
        page = api.client.get("/desk", headers={"Authorization": f"Bearer {by}"})
        assert page.status_code == 200
        assert "没有登记台" in page.text
        assert 'id="quick"' not in page.text
    for by in ("auditor", "committee", "firm", "device"):
        refused = api.client.get("/desk", headers={"Authorization": f"Bearer {by}"})
        assert refused.status_code == 403
    # The views are not there yet: that keeps nobody from logging.
    page = api.client.get("/desk", headers={"Authorization": "Bearer clerk"})
    assert page.status_code == 200
    assert 'id="quick"' in page.text
    assert "今日登记暂时看不到" in page.text


# --- what stands beside the form


def desk(api: Api, **query: str) -> str:
    api.project()
    page = api.client.get("/desk", params=query, headers={"Authorization": "Bearer clerk"})
    assert page.status_code == 200, page.text
    return page.text


def test_the_confirmation_stands_beside_the_next_empty_form(api: Api) -> None:
    request = saved(press(api))
    number = api.get(f"/streams/request/{request}/events").json()["events"][0]["position"]
    page = desk(api, saved=request)
    assert 'id="saved"' in page
    assert f">{number}</a>" in page
    assert f"/requests/{request}/receipt" in page
    assert "陈小明" not in page
    assert FORM["answer"] not in page


def test_earlier_requests_of_the_number_are_offered_at_this_point_only(api: Api) -> None:
    first = saved(press(api))
    api.project()

    def asked(by: str, phone: str) -> str:
        answer = api.client.post(
            "/desk/earlier", data={"visitor.phone": phone},
            headers={"Authorization": f"Bearer {by}"},
        )  # fmt: skip
        assert answer.status_code == 200
        return answer.text

    assert first in asked("colleague", "138 0000 1234")
    assert "13800001234" not in asked("colleague", "138 0000 1234")
    assert first not in asked("colleague", "13800001235")
    assert first not in asked("station", "13800001234")
    assert first not in asked("colleague", "1380")


def test_without_scripts_the_same_number_is_told_after_logging(api: Api) -> None:
    first = saved(press(api))
    api.project()
    again = press(api, _key="form-2")
    told = parse_qs(urlsplit(again.headers["location"]).query)
    assert told["earlier"] == [first]
    assert f"/requests/{first}" in desk(api, saved=told["saved"][0], earlier=first)
    shown = press(api, _key="form-3", _asked="1")
    assert "earlier" not in parse_qs(urlsplit(shown.headers["location"]).query)


def test_the_same_matter_is_linked_when_it_is_logged(api: Api) -> None:
    first = saved(press(api))
    second = saved(press(api, _key="form-2", duplicate_of=first))
    assert api.get(f"/requests/{second}").json()["state"]["duplicate_of"] == [first]


def test_subjects_are_offered_that_were_often_logged_and_none_of_one_person(
    api: Api,
) -> None:
    for number in range(3):
        saved(press(api, _key=f"often-{number}", subject="广场舞噪音", outcome="open"))
    saved(press(api, _key="once", subject="王五欠我三万", outcome="open"))
    page = desk(api)
    assert '["\\u5e7f\\u573a\\u821e\\u566a\\u97f3", "gcwzy"]' in page or "广场舞噪音" in page
    assert "王五" not in page
    assert "\\u738b\\u4e94" not in page
    rows = api.get("/subjects", point="ROOM-1").json()["rows"]
    assert [(one["words"], one["requests"]) for one in rows] == [("广场舞噪音", 3)]


def test_initials_are_those_of_how_it_is_read() -> None:
    assert initials("拖欠工资如何追讨") == "tqgzrhzt"
    assert initials("12345转办") == "12345zb"


# --- what an outbox sends

JSON: Final = {"Accept": "application/json"}
DRAWN: Final = "0b7c8f5e-52f4-4c6e-9d3e-2f6a1d0c9a11"


def sent(api: Api, path: str = "/desk", **typed: str) -> httpx.Response:
    """Send a form as a script does."""
    headers = {"Authorization": "Bearer clerk", **JSON}
    return api.client.post(path, data=typed, headers=headers, follow_redirects=False)


def test_a_form_may_draw_the_id_of_what_it_makes_and_another_step_names_it(api: Api) -> None:
    typed = FORM | {"outcome": "open", "_id": DRAWN}
    first = sent(api, **typed)
    assert first.status_code == 200, first.text
    assert first.json()["page"] == f"/requests/{DRAWN}"
    assert sent(api, **typed).json() == first.json()
    answer = {"_key": "step", "answer": "先申请仲裁", "minutes": "10", "channel": "phone"}
    for _ in range(2):
        step = sent(api, f"/desk/{DRAWN}/answer", **answer)
        assert step.json()["named"] == first.json()["named"]
    assert happened(api, DRAWN) == [
        "request.logged", "request.consultation_given", "request.closed",
    ]  # fmt: skip
    assert logged(api) == 1


def test_an_answer_before_its_request_or_without_minutes_is_refused(api: Api) -> None:
    answer = {"_key": "step", "answer": "先申请仲裁", "minutes": "10"}
    nothing = sent(api, f"/desk/{DRAWN}/answer", **answer)
    assert 400 <= nothing.status_code < 500, nothing.text
    sent(api, **(FORM | {"outcome": "open", "_id": DRAWN}))
    wrong = sent(api, f"/desk/{DRAWN}/answer", **(answer | {"minutes": "很久"}))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "")
    assert wrong.json()["why"]


def test_an_id_that_is_used_or_not_drawn_is_refused(api: Api) -> None:
    sent(api, **(FORM | {"_id": DRAWN}))
    used = sent(api, **(FORM | {"_id": DRAWN, "_key": "form-2"}))
    assert used.status_code == 409, used.text
    for wrong in ("c74a196f-f19d-5ea9-bffd-a2742432fc9c", "7", str(UUID(int=0))):
        refused = sent(api, **(FORM | {"_id": wrong, "_key": "form-3"}))
        assert refused.status_code == 400, wrong
    assert logged(api) == 1


def test_an_id_of_another_kind_of_thing_makes_nothing(api: Api) -> None:
    api.served_by_firm()
    entry = api.client.post(
        "/worklogs/@new",
        data={
            "_quick": "1", "_key": "log-1", "_id": DRAWN, "work.village": "440103001001",
            "work.service": "consultation", "work.mode": "onsite", "minutes": "9",
            "work.summary": "咨询",
        },
        headers={"Authorization": "Bearer lawyer", **JSON},
    )  # fmt: skip
    assert entry.json()["page"] == f"/worklogs/{DRAWN}"
    refused = sent(api, **(FORM | {"_id": DRAWN}))
    assert (refused.status_code, refused.json()["why"]) == (400, "请求格式有误")
    assert logged(api) == 0


def test_what_is_typed_of_times_is_meant_as_of_when_it_was_pressed(api: Api) -> None:
    """It was pressed twenty hours ago, and arrives now."""
    pressed = datetime.now(UTC) - timedelta(hours=20)
    began = pressed - timedelta(hours=1)
    sent(api, **(FORM | {"_id": DRAWN, "_pressed_at": pressed.isoformat()}))
    told = api.get(f"/requests/{DRAWN}").json()["state"]["logged"]["requested_at"]
    assert datetime.fromisoformat(told) == pressed
    clock = (began + timedelta(hours=8)).strftime("%m-%d %H%M")
    other = str(UUID(int=UUID(DRAWN).int + 1))
    typed = {"_id": other, "_key": "f-2", "_occurred_at": clock}
    sent(api, **(FORM | typed | {"_pressed_at": pressed.isoformat()}))
    told = api.get(f"/requests/{other}").json()["state"]["logged"]["requested_at"]
    assert datetime.fromisoformat(told) == began.replace(second=0, microsecond=0)


def test_what_is_wrong_is_told_to_a_script_with_the_name_of_the_rule(api: Api) -> None:
    old = (datetime.now(UTC) - timedelta(hours=30)).isoformat()
    late = sent(api, **(FORM | {"_id": DRAWN, "_pressed_at": old}))
    assert (late.status_code, late.json()["code"]) == (409, "late-entry-needs-reason")
    taken = sent(api, **(FORM | {"_id": DRAWN, "_pressed_at": old, "_late_reason": "断网期间"}))
    assert taken.status_code == 200, taken.text
    assert taken.json()["page"] == f"/requests/{DRAWN}"
    number = sent(api, **(FORM | {"_key": "form-2", "visitor.phone": "138"}))
    assert number.status_code == 422
    assert "手机号要11位" in number.json()["why"]
