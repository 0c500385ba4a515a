"""What every page has around it, in a real browser."""

from collections.abc import Callable

import pytest

from tests.web.conftest import DESK, PHONE, Visitor

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(("width", "language"), [(DESK, "zh"), (PHONE, "en")])
def test_a_clerk_finds_his_way_and_no_page_has_a_fault(
    visit: Callable[..., Visitor], width: int, language: str
) -> None:
    """From signing in to lists, one thing, a form with errors, and what is one's own."""
    visitor = visit(width, language)
    visitor.open("/sign-in")
    visitor.refuse_faults()
    page = visitor.play("duty_officer")
    for path in ("/me", "/all", "/requests", "/complaints", "/help", "/own/sessions", "/own/post"):
        visitor.open(path)
        assert page.locator("h1").count() == 1
        visitor.refuse_faults()
    visitor.open("/requests")
    page.locator("table a").first.click()
    page.wait_for_url("**/requests/*-*")
    visitor.refuse_faults()
    assert page.locator("ol.tl li h3").count() > 0
    visitor.open("/requests/@new")
    visitor.refuse_faults()


@pytest.mark.parametrize("role", ["supervisor", "auditor", "committee", "firm"])
def test_the_menu_of_each_role_leads_somewhere(visit: Callable[..., Visitor], role: str) -> None:
    visitor = visit()
    page = visitor.play(role)
    links = page.locator("header nav a").evaluate_all("all => all.map(a => a.pathname)")
    assert links
    for link in links:
        visitor.open(link)
        assert page.locator("h1").count() == 1, link
    visitor.refuse_faults()


def test_a_form_that_was_not_taken_keeps_what_was_typed_and_leads_to_its_fields(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.play("duty_officer")
    visitor.open("/requests/@new")
    page.fill("[name=subject]", "拖欠工资")
    page.fill("[name='visitor.phone']", "abc!")
    page.locator("main button[type=submit]").click()
    assert page.locator(".errsum li").count() >= 2
    assert page.input_value("[name=subject]") == "拖欠工资"
    assert page.input_value("[name='visitor.phone']") == "abc!"
    visitor.faults.clear()  # The browser calls an answer of 422 an error.


def test_signing_out_is_for_good(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.play("duty_officer")
    visitor.open("/me")
    page.locator("header details summary").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_url("**/sign-in**")
