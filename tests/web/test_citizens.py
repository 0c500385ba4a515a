"""The person who was served, in a real browser: on a phone, without scripts, in large letters."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Page

from api.advising.pages.public import _standing
from api.pages.tongue import LANGUAGES, Language, Tongue
from domain.vocabulary import CHINA
from domain.worktime.opening import Hours
from tests.web.conftest import NARROW, PHONE, Office, Visitor

pytestmark = pytest.mark.timeout(300)
TARGET_PX = 44
SMALL = """
    least => [...document.querySelectorAll('a, button, select, textarea, input, label')]
        .filter(one => one.matches('.faces > label, label.big-check') || one.tagName != 'LABEL')
        .filter(one => !one.closest('label'))
        .filter(one => !one.matches('.skip, .faces > input, [type=hidden]'))
        .map(one => [one, one.getBoundingClientRect()])
        .filter(([_, box]) => box.width > 0 && Math.round(box.height) < least)
        .map(([one, box]) => `${one.outerHTML.slice(0, 120)}: ${box.height} px`)
"""


def refuse_faults(looking: Visitor, page: Page | None = None) -> None:
    """Nothing is too small to be hit, and no text too pale to be read by old eyes (AAA). `page`:
    the one whose address is looked at by a browser that runs scripts, as axe is one."""
    if page is not None:
        looking.page.goto(page.url)
    looking.refuse_faults()
    pale = looking.page.evaluate(
        "() => axe.run(document, {runOnly: ['color-contrast-enhanced']}).then(r =>"
        " r.violations.flatMap(v => v.nodes.map(n => n.html.slice(0, 160))))"
    )
    assert pale == [], looking.page.url
    assert looking.page.evaluate(SMALL, TARGET_PX) == [], looking.page.url


def api_of(office: Office, role: str, unit: str) -> httpx.Client:
    """The API, as somebody of that role sees it."""
    who = ("--account", f"{role}-of-tests", "--role", role, "--unit", unit)
    token = office.shell.run("token", "add", *who).out.split()[0]
    return httpx.Client(
        base_url=f"{office.url}/api/v1", headers={"Authorization": f"Bearer {token}"}
    )


def done(api: httpx.Client, path: str, body: Any, seen: int = 0) -> Any:
    headers = {"Idempotency-Key": path, "If-Match": f'"{seen}"'}
    answer = api.post(path, json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def coded(office: Office) -> str:
    """Make the code of a service that waits to be rated, as for its receipt: a page's path."""
    with api_of(office, "supervisor", "4401") as api:
        (waiting,) = api.get("/ratings", params={"status": "waiting", "limit": 1}).json()["rows"]
        path = f"/requests/{waiting['request']}/rating/code"
        return str(done(api, path, {}, waiting["version"])["page"])


def heading(page: Page) -> str:
    return page.locator("h1").first.inner_text()


def test_a_person_rates_takes_it_back_and_finds_a_point_without_scripts(
    visit: Callable[..., Visitor], office: Office
) -> None:
    link = coded(office)
    visitor, looking = visit(PHONE, java_script_enabled=False), visit(PHONE)
    page = visitor.open(link)
    assert page.locator(".faces input:checked").count() == 0
    refuse_faults(looking, page)
    for one in (looking.page, page):
        one.click("text=提交评价")
        assert one.locator(".errsum").is_visible()
        assert not one.locator("text=哪里不好").is_visible()
        one.click("label:text-is('不满意')")
        assert one.locator("text=哪里不好").is_visible()
    refuse_faults(looking)
    page.click("label:has-text('答复不清楚')")
    page.fill("textarea", "再讲一次就好")
    page.click("text=提交评价")
    assert heading(page) == "已收到你的评价：不满意"
    refuse_faults(looking, page)

    page.click("header >> text=大字")
    refuse_faults(looking, page)
    page.click("text=撤回评价…")
    refuse_faults(looking, page)
    page.click("button:text-is('撤回')")
    assert heading(page) == "你的评价已经撤回"
    assert page.locator("body.big").count() == 1

    find_a_point(visitor, looking)
    visitor.open(f"{link}x")
    refuse_faults(looking, page)
    for each in (visitor, looking):
        # The browser calls answers of 422 and 404 errors.
        assert all("status of 4" in fault for fault in each.faults), each.faults
        each.faults.clear()


def find_a_point(visitor: Visitor, looking: Visitor) -> None:
    page = visitor.page
    page.click("header >> .brand")
    page.select_option("[name=kind]", "room")
    page.click("button:text-is('查找')")
    refuse_faults(looking, page)
    page.locator("h2 a").first.click()
    assert page.locator("svg.qr").count() == 1
    refuse_faults(looking, page)
    page.click("header >> text=EN")
    assert "Legal questions" in page.inner_text("main")


def test_a_person_follows_the_own_request_by_the_number_and_code_of_the_receipt(
    visit: Callable[..., Visitor], office: Office
) -> None:
    with api_of(office, "supervisor", "4401") as api:
        (row,) = api.get("/requests", params={"status": "open", "limit": 1}).json()["rows"]
        told = api.get(f"/requests/{row['request']}/follow-code").json()
    visitor, looking = visit(PHONE, java_script_enabled=False), visit(PHONE)
    page = visitor.open("/public/directory")
    page.click("text=查我的事项办到哪一步")
    refuse_faults(looking, page)
    for one in (looking.page, page):
        one.fill("[name=number]", str(told["number"]))
        one.fill("[name=code]", "12345")
        one.click("button:text-is('查进度')")
        assert one.locator(".errsum").is_visible()
        one.fill("[name=code]", f"{told['code'][:3]}　{told['code'][3:]}")
    refuse_faults(looking)
    looking.page.fill("[name=code]", told["code"])
    for one in (looking.page, page):
        one.click("button:text-is('查进度')")
        assert one.locator("h2:text-is('接下来')").is_visible()
        assert "登记了" in one.inner_text("main")
        assert not any(secret in one.url for secret in (str(told["number"]), told["code"]))
    refuse_faults(looking)
    page.click("header >> text=大字")
    assert "大字" not in page.inner_text("header")
    visitor.open(told["page"])
    refuse_faults(looking, page)
    for each in (visitor, looking):
        assert all("status of 4" in fault for fault in each.faults), each.faults
        each.faults.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_point_fits_a_small_phone_at_any_hour(
    visit: Callable[..., Visitor], language: Language
) -> None:
    """The longest is said when it opens another day: the page is given that sentence here."""
    opens_at = datetime(2031, 12, 31, 9, tzinfo=ZoneInfo(CHINA))
    shut = Hours(
        open_now=False,
        until=None,
        opens_at=opens_at,
        today=(),
        today_is="rest_day",
        why="",
        week=(),
    )
    said = _standing(Tongue(language), shut)
    page = (visitor := visit(NARROW, language)).open("/public/directory")
    point = page.locator("h2 a[href*='/public/points/']").first.get_attribute("href")
    for path in ("/public/directory", "/public/directory?big=1", point, f"{point}?big=1"):
        visitor.open(str(path))
        page.locator(".tag:has(svg)").first.wait_for()
        page.evaluate(
            "said => document.querySelectorAll('.tag').forEach(tag => tag.lastChild.data = said)",
            said,
        )
        assert said in page.locator(".tag:has(svg)").first.inner_text()
        visitor.refuse_faults()


def test_the_device_turns_to_the_person_takes_one_tap_and_stands_by_again(
    visit: Callable[..., Visitor], office: Office
) -> None:
    visitor = visit()
    page = visitor.play("device")
    assert page.url.endswith("/device")
    visitor.refuse_faults()
    where = page.context.request.get(f"{office.url}/api/v1/device/ratings").json()
    with api_of(office, "duty_officer", where["point"]) as api:
        served = {"point": where["point"], "window": where["window"], "channel": "counter"}
        served |= {"service": "consultation", "subject": "拖欠工资"}
        request = done(api, "/requests", served)["stream"]
        given = {"mode": "onsite", "minutes": 20}
        done(api, f"/requests/{request}/give-consultation", given, 1)
        done(api, f"/requests/{request}/close", {"kind": "answered"}, 2)
    page.wait_for_selector(".row5")
    visitor.refuse_faults()
    page.click("button:has-text('再给我')")
    page.click(".row5 button:has-text('基本满意')")
    page.wait_for_selector("h1:has-text('已收到你的评价：基本满意')")
    visitor.refuse_faults()
    page.click("text=返回")
    page.wait_for_selector("text=欢迎")
