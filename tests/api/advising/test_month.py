"""The adviser's month, and what waits for a committee and a firm: each with what may be done."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from domain.registers.appointment import china_day
from tests.api.advising.test_duties import CHECK, CHECKLIST, made, step
from tests.api.advising.test_quick_log import HTML, VILLAGE, duty, logged, press
from tests.api.conftest import Api

TODAY: Final = china_day(datetime.now(UTC))
APPOINTMENT: Final = f"/appointments/{VILLAGE}"
CONTRACT: Final = {
    "starts_on": f"{TODAY.year - 1}-01-01",
    "ends_on": f"{TODAY.year + 1}-12-31",
}


def page(api: Api, path: str, by: str = "lawyer", **query: Any) -> httpx.Response:
    api.project()
    return api.client.get(path, params=query, headers={**HTML, "Authorization": f"Bearer {by}"})


def send(api: Api, path: str, by: str, **typed: str) -> httpx.Response:
    headers = {**HTML, "Authorization": f"Bearer {by}"}
    return api.client.post(path, data=typed, headers=headers, follow_redirects=False)


def text_of(answer: httpx.Response) -> str:
    """What is read, without the tags."""
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", main))


def appointed(api: Api) -> None:
    """A-1 advises the village."""
    nominate = {"division": VILLAGE, "adviser": "A-1", "reason": "熟悉征地补偿"}
    made(api, "/appointments/nominate-adviser", nominate, by="leader")
    heard = {
        "adviser": "A-1", "committee": "supports", "residents": "supports", "residents_heard": 12,
    }  # fmt: skip
    step(api, f"{APPOINTMENT}/record-coordination", heard, by="leader", seen=1)
    step(api, f"{APPOINTMENT}/choose-adviser", {"adviser": "A-1"}, by="leader", seen=2)
    step(api, f"{APPOINTMENT}/accept-village", {}, by="leader", seen=3)
    step(api, f"{APPOINTMENT}/sign-contract", CONTRACT, by="leader", seen=4)


def test_what_is_missing_is_told_with_how_much_by_when_and_by_which_rule(api: Api) -> None:
    duty(
        api, onsite_minutes_per_month=480, lectures_per_quarter=1, wechat_group_required=True,
        public_display_required=True,
    )  # fmt: skip
    appointed(api)
    logged(press(api))
    told = text_of(page(api, "/month"))
    assert "1个村（社区）还差服务" in told
    assert "要求8小时" in told
    assert "还差6小时30分" in told or "还差8小时" in told  # the latter at the turn of the month
    assert re.search("本季讲座 还差1次，[0-9-]+前", told)
    assert "微信工作群 还没有建 建群…" in told
    assert "公示二维码 还没有公示，由村（居）委会张贴" in told
    assert "规则 adviser-duty@1" in told


def test_every_figure_leads_to_its_rows_or_to_the_form_that_mends_it(api: Api) -> None:
    duty(api, onsite_minutes_per_month=480, wechat_group_required=True)
    appointed(api)
    entry = logged(press(api))
    answer = page(api, "/month")
    links = set(re.findall('href="(/[^"]*)"', answer.text))
    assert f"{APPOINTMENT}/create-wechat-group" in links
    assert "/policies/adviser-duty" in links
    assert f"/worklogs/@new?again={entry}" in links
    assert any(one.startswith("/worklogs?adviser=A-1") for one in links)
    assert any(one.startswith("/visit-plans?adviser=A-1") for one in links)
    for link in sorted(links):
        if link.startswith(("/worklogs", "/appointments", "/policies", "/visit", "/month")):
            path, _, query = link.replace("&amp;", "&").partition("?")
            found = page(api, path, **dict(httpx.QueryParams(query)))
            assert found.status_code == 200, link
    plan = page(api, "/visit-plans", adviser="A-1", month=f"{TODAY:%Y-%m}")
    assert 'value="A-1"' in plan.text


def test_a_village_without_a_duty_and_a_month_without_a_village_are_told(api: Api) -> None:
    assert "这个月没有服务的村（社区）" in text_of(page(api, "/month"))
    appointed(api)
    told = text_of(page(api, "/month"))
    assert "还没有公布履职规则" in told
    assert "这个月的服务都做到了" in told
    assert f"{TODAY.year - 1}年12月" in text_of(page(api, "/month", month=f"{TODAY.year - 1}-12"))


def test_whose_month_it_is(api: Api) -> None:
    assert page(api, "/month", month="2026-13").status_code == 400
    assert "没有对应到顾问名册里的人" in text_of(page(api, "/month", by="clerk"))
    assert page(api, "/month", by="committee").status_code == 403
    assert page(api, "/month", by="firm").status_code == 403


def test_a_committee_confirms_work_and_sees_what_it_confirms(api: Api) -> None:
    api.served_by_firm()
    entry = logged(press(api))
    waiting = page(api, "/me", by="committee")
    assert "待确认的工作日志" in text_of(waiting)
    assert f'href="/worklogs/{entry}/confirm"' in waiting.text
    form = page(api, f"/worklogs/{entry}/confirm", by="committee")
    assert "法律咨询" in text_of(form)
    assert "A-1" in form.text or api.get("/advisers/A-1").json()["state"]["name"] in form.text
    done = send(api, f"/worklogs/{entry}/confirm", "committee", _key="c-1", _version="1")
    assert done.status_code == 303, done.text
    assert urlsplit(done.headers["location"]).path == "/me"
    assert send(api, f"/worklogs/{entry}/confirm", "committee", _key="c-1").status_code == 303
    after = page(api, "/me", by="committee", done="ConfirmWork")
    assert "/confirm" not in after.text
    assert "没有在等你办的" in text_of(after)


def test_a_committee_confirms_an_inspection_and_sees_what_was_found(api: Api) -> None:
    made(api, "/forms", {"form": CHECKLIST}, by="admin")
    check = made(api, "/inspections", CHECK, by="leader")
    waiting = page(api, "/me", by="committee")
    assert f'href="{check}/confirm"' in waiting.text
    assert "1个问题" in text_of(waiting)
    form = page(api, f"{check}/confirm", by="committee")
    assert "公示牌未更新" not in form.text
    told = page(api, f"{check}/confirm", by="committee", unmask="核对后确认")
    assert "公示牌未更新" in text_of(told)
    done = send(api, f"{check}/confirm", "committee", _key="c-1", agreed="true")
    assert done.status_code == 303, done.text
    assert "没有在等你办的" in text_of(page(api, "/me", by="committee"))


def test_a_committee_chooses_and_a_firm_answers(api: Api) -> None:
    nominate = {"division": VILLAGE, "adviser": "A-1", "reason": "熟悉征地补偿"}
    made(api, "/appointments/nominate-adviser", nominate, by="leader")
    heard = {
        "adviser": "A-1", "committee": "supports", "residents": "supports", "residents_heard": 12,
    }  # fmt: skip
    step(api, f"{APPOINTMENT}/record-coordination", heard, by="leader", seen=1)
    assert f'href="{APPOINTMENT}/choose-adviser"' in page(api, "/me", by="committee").text
    step(api, f"{APPOINTMENT}/choose-adviser", {"adviser": "A-1"}, by="committee", seen=2)
    asked = page(api, "/me", by="firm").text
    assert f'href="{APPOINTMENT}/accept-village"' in asked
    assert f'href="{APPOINTMENT}/decline-village"' in asked


def test_rectifications_wait_for_whom_they_are_addressed_to(api: Api) -> None:
    made(api, "/forms", {"form": CHECKLIST}, by="admin")
    check = made(api, "/inspections", CHECK, by="leader")
    for kind, code, by in (("firm", "FIRM-1", "firm"), ("adviser", "A-1", "lawyer")):
        order = {
            "source": "inspection", "source_stream": check.rpartition("/")[2],
            "addressee": {"kind": kind, "code": code}, "items": [f"整改给{code}"],
        }  # fmt: skip
        ordered = made(api, "/rectifications", order, by="leader")
        waiting = page(api, "/me", by=by)
        assert f'href="{ordered}/answer"' in waiting.text
        assert f"整改给{code}" in text_of(waiting)
    assert "1项整改" in text_of(page(api, "/month"))
