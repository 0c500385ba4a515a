"""The clerk's walk: a request by keyboard alone, the next one after it, a draft, and without
scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = "10027644417"
KEYS_MAX = 12


def logged(page: Page) -> str:
    """The number of what was just logged."""
    return page.locator("#saved a.tn").inner_text()


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


@pytest.mark.timeout(120)
def test_a_request_is_logged_by_keyboard_alone(page: Page) -> None:
    hands = Hands(page)
    expect(page.locator("input[name=service]").first).to_be_focused()
    hands.press("1")
    expect(page.locator("#f-subject")).to_be_focused()
    hands.write("tqgz")
    expect(page.locator("#subjects li").first).to_contain_text("拖欠工资如何追讨")
    hands.press("Enter", "Tab", "Tab")
    assert page.locator("#f-subject").input_value() == "拖欠工资如何追讨"
    hands.write(PHONE)
    hands.press("Tab", "Tab", "1")
    expect(page.locator("#f-answer")).to_be_focused()
    hands.write("先申请仲裁")
    hands.press("Enter")
    expect(page.locator("#saved")).to_contain_text("当场答复，已办结")
    assert hands.keys <= KEYS_MAX
    first = logged(page)
    expect(page.locator("#f-subject")).to_have_value("")
    expect(page.locator("input[name=service]").first).to_be_focused()
    expect(page.locator("th a").first).to_contain_text(first)

    link_the_same_number(page, first)
    go_on_at_its_page(page)


def link_the_same_number(page: Page, first: str) -> None:
    # The same number again: what was logged before is offered, and the new one is linked to it.
    hands = Hands(page)
    hands.press("1")
    hands.write("还是工资的事")
    hands.press("Tab", "Tab")
    hands.write(PHONE)
    earlier = page.locator("#earlier")
    expect(earlier).to_contain_text(first)
    hands.press("Tab", "Tab", "Tab", "ArrowUp", "Tab", "5", "Enter")
    expect(page.locator("#saved")).to_contain_text("办理中")
    assert hands.keys <= KEYS_MAX
    assert logged(page) != first


def go_on_at_its_page(page: Page) -> None:
    page.locator("#saved a.tn").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-r")).to_be_visible()
    expect(page.get_by_text("重复：最初的一件")).to_be_visible()

    # Its page: a note at the end of what happened, one thing to do first.
    page.locator("#f-text").fill("已电话通知")
    page.keyboard.press("Enter")
    expect(page.locator(".tl")).to_contain_text("…（5字）")
    assert page.locator(".acts .btn-primary").count() == 1


@pytest.mark.timeout(120)
def test_what_was_typed_survives_a_reload_and_digits_of_an_input_method_do_nothing(
    page: Page,
) -> None:
    page.locator("#k1").focus()
    page.locator("#k1").dispatch_event("keydown", {"key": "2", "isComposing": True})
    expect(page.locator("#k1")).to_be_checked()
    page.locator("#f-subject").fill("写到一半")
    expect(page.locator("[data-draft]")).to_be_visible()
    stored = page.evaluate("Object.values(sessionStorage).join('')")
    assert "写到一半" not in stored
    page.reload()
    expect(page.locator("#f-subject")).to_have_value("写到一半")
    page.locator("#f-visitor-phone").fill("138")
    page.locator("#f-visitor-phone").press("Enter")
    expect(page.locator(".errsum")).to_be_focused()
    assert page.title().startswith("有错：")
    expect(page.locator("#f-subject")).to_have_value("写到一半")
    page.get_by_role("link", name="手机号要11位").click()
    expect(page.locator("#f-visitor-phone")).to_be_focused()
    page.locator("[data-clear]").click()
    expect(page.locator("#f-subject")).to_have_value("")


@pytest.mark.timeout(120)
def test_without_scripts_the_same_form_logs(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="值班人员").first.click()
    page.locator("#f-subject").fill("没有脚本的登记")
    page.locator("#f-subject").press("Enter")
    assert re.search("saved=", page.url)
    expect(page.locator("#saved")).to_contain_text("当场答复，已办结")
    context.close()
