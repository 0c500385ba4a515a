"""The adviser's walk, on a phone: what is missing, a work log with one hand, a photograph after it,
the score; and the committee that confirms."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.web.conftest import PHONE, Visitor

JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(64)
CHINA: Final = ZoneInfo("Asia/Shanghai")
TAPS_MAX: Final = 6


@pytest.mark.timeout(120)
def test_an_adviser_logs_a_visit_with_one_hand(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE)
    page = visitor.play("adviser")
    expect(page).to_have_url(re.compile("/month$"))
    expect(page.locator(".note").first).to_be_visible()
    visitor.refuse_faults()

    taps = 0
    for choose in (
        page.locator(".tabbar .go"),
        page.locator("#v1"),
        page.get_by_role("radio", name="法律咨询"),
    ):
        choose.click()
        taps += 1
    page.fill("#f-minutes", "４５")
    page.fill("#f-work-summary", "咨询征地补偿")
    visitor.refuse_faults()
    page.get_by_role("button", name="记下").click()
    taps += 3  # the two fields that were typed into, and the button
    assert taps <= TAPS_MAX
    saved = page.locator("#saved")
    expect(saved).to_contain_text("45分")
    photograph(page)

    saved.get_by_role("link", name="再记一次").click()
    expect(page.locator("#f-minutes")).to_have_value("45")
    expect(page.locator("#f-work-summary")).to_have_value("")
    page.fill("#f-minutes", "一刻")
    page.get_by_role("button", name="记下").click()
    expect(page.locator(".errsum")).to_be_focused()
    expect(page.locator("#f-minutes")).to_have_value("一刻")
    forget_refusal(visitor)


def forget_refusal(visitor: Visitor) -> None:
    """The browser notes a form that was refused, as it should be: its outbox sends it first, then
    the form itself, whose page comes back."""
    assert any("422" in one for one in visitor.faults)
    visitor.faults[:] = [one for one in visitor.faults if "422" not in one]


def photograph(page: Page) -> None:
    """A file of its own, after the log."""
    photo: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    page.locator("#photos").set_input_files([photo])
    expect(page.locator("#outbox li[data-of=photos][data-state=sent]")).to_have_count(1)


@pytest.mark.timeout(120)
def test_every_page_of_an_adviser_fits_in_both_languages(visit: Callable[..., Visitor]) -> None:
    for language in ("zh", "en"):
        visitor = visit(PHONE, language)
        page = visitor.play("adviser")
        # All of it at once: what the bar at the bottom covers is no smaller for that.
        page.set_viewport_size({"width": PHONE, "height": 4000})
        for path in ("/month", "/worklogs/@new", "/score", "/me"):
            visitor.open(path)
            visitor.refuse_faults()


@pytest.mark.timeout(120)
def test_without_scripts_the_same_form_logs(visit: Callable[..., Visitor]) -> None:
    visitor = visit(PHONE, java_script_enabled=False)
    page = visitor.play("adviser")
    page.goto(visitor.office.url + "/worklogs/@new")
    page.locator("#v1").check(force=True)
    page.get_by_role("radio", name="法律意见").check(force=True)
    page.fill("#f-minutes", "一刻")
    page.fill("#f-work-summary", "没有脚本的日志")
    page.locator("#f-work-summary").press("Enter")
    expect(page.locator(".errsum")).to_contain_text("有1处要改")
    expect(page.locator("#f-work-summary")).to_have_value("没有脚本的日志")
    forget_refusal(visitor)
    # Hours that nobody's entry of the walk before has.
    began = datetime.now(CHINA) - timedelta(hours=9)
    for field, told in (("day", f"{began:%Y-%m-%d}"), ("from", f"{began:%H%M}"), ("minutes", "5")):
        if field == "day":
            page.locator("summary", has_text="哪天").click()
        page.fill(f"#f-{field}", told)
    page.locator("#f-work-summary").press("Enter")
    expect(page.locator("#saved")).to_contain_text("已记下")
    assert page.locator("#saved [data-script]").is_hidden()
