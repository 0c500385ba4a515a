"""The clerk's walk: a request by keyboard alone, the next one after it, a draft, and without
scripts; and no page of his has a fault that axe finds, in either language, wide or narrow."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, Visitor

OFFICER: Final = "duty_officer"
NUMBER: Final = "10027644417"
KEYS_MAX: Final = 12
"""Beside what is typed as text."""
Visit = Callable[..., Visitor]


class Hands:
    """A keyboard that counts the keys beside what is typed as text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)


def number_logged(page: Page) -> str:
    return page.locator("#saved h2 a").inner_text()


@pytest.mark.timeout(120)
def test_a_clerk_logs_by_keyboard_alone(visit: Visit) -> None:
    page = visit().play(OFFICER)
    first = log_the_first(page)
    link_the_same_number(page, first)
    go_on_at_its_page(page)


def log_the_first(page: Page) -> str:
    hands = Hands(page)
    expect(page.locator("#k1")).to_be_focused()
    hands.press("1")
    expect(page.locator("#f-subject")).to_be_focused()
    hands.write("tqgz")
    expect(page.locator("#subjects li").first).to_contain_text("拖欠工资")
    hands.press("Enter", "Tab", "Tab")
    assert "拖欠工资" in page.locator("#f-subject").input_value()
    hands.write(NUMBER)
    hands.press("Tab", "Tab", "1")
    expect(page.locator("#f-answer")).to_be_focused()
    hands.write("先申请仲裁")
    hands.press("Enter")
    expect(page.locator("#saved")).to_contain_text("当场答复，已办结")
    assert hands.keys <= KEYS_MAX
    first = number_logged(page)
    expect(page.locator("#f-subject")).to_have_value("")
    expect(page.locator("#k1")).to_be_focused()
    expect(page.locator("th a").first).to_contain_text(first)
    return first


def link_the_same_number(page: Page, first: str) -> None:
    """What was logged before for a number is offered, and the new one is linked to it."""
    hands = Hands(page)
    hands.press("1")
    hands.write("还是工资的事")
    hands.press("Tab", "Tab")
    hands.write(NUMBER)
    expect(page.locator("#earlier")).to_contain_text(first)
    hands.press("Tab", "Tab", "Tab", "ArrowUp", "Tab", "5", "Enter")
    expect(page.locator("#saved")).to_contain_text("办理中")
    assert hands.keys <= KEYS_MAX
    assert number_logged(page) != first


def go_on_at_its_page(page: Page) -> None:
    """A note at the end of what happened, and one thing to do first."""
    page.locator("#saved h2 a").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("重复：最初的一件")).to_be_visible()
    page.locator("#f-text").fill("已电话通知")
    page.keyboard.press("Enter")
    expect(page.locator(".tl")).to_contain_text("…（5字）")
    assert page.locator(".acts .btn-primary").count() == 1


@pytest.mark.timeout(120)
def test_what_was_typed_survives_a_reload_and_an_input_method_has_its_keys(visit: Visit) -> None:
    clerk = visit()
    page = clerk.play(OFFICER)
    page.locator("#k1").focus()
    page.locator("#k1").dispatch_event("keydown", {"key": "2", "isComposing": True})
    expect(page.locator("#k1")).to_be_checked()
    page.locator("#f-subject").fill("写到一半")
    expect(page.locator("[data-draft]")).to_be_visible()
    assert "写到一半" not in page.evaluate("Object.values(sessionStorage).join('')")
    page.reload()
    expect(page.locator("#f-subject")).to_have_value("写到一半")
    page.locator("#f-visitor-phone").fill("138")
    page.locator("#f-visitor-phone").press("Enter")
    expect(page.locator(".errsum")).to_be_focused()
    assert page.title().startswith("有错：")
    clerk.refuse_faults()
    page.get_by_role("link", name="手机号要11位").click()
    expect(page.locator("#f-visitor-phone")).to_be_focused()
    page.locator("[data-clear]").click()
    expect(page.locator("#f-subject")).to_have_value("")
    assert all("422" in one for one in clerk.faults)
    clerk.faults.clear()


@pytest.mark.timeout(120)
def test_without_scripts_the_same_form_logs(visit: Visit) -> None:
    page = visit(java_script_enabled=False).play(OFFICER)
    page.locator("#f-subject").fill("没有脚本的登记")
    page.locator("#f-subject").press("Enter")
    expect(page.locator("#saved")).to_contain_text("当场答复，已办结")


@pytest.mark.timeout(120)
def test_no_page_of_a_clerk_has_a_fault(visit: Visit) -> None:
    for language, width in (("zh", PHONE), ("en", 1280)):
        clerk = visit(width, language)
        page = clerk.play(OFFICER)
        page.locator("#f-subject").fill("别的事情")
        page.locator("#f-subject").press("Enter")
        page.locator("#saved").wait_for()
        clerk.refuse_faults()
        request = page.locator("#saved h2 a").get_attribute("href")
        for path in (request, f"{request}/receipt", f"{request}/refer", "/me"):
            clerk.open(str(path))
            clerk.refuse_faults()
