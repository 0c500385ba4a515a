"""The outbox of the desk, in a real browser whose network goes and comes back."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Visitor

pytestmark = pytest.mark.timeout(300)
STORED: Final = """async () => {
  const db = await new Promise((done) => {
    const open = indexedDB.open('anjuan');
    open.onsuccess = () => done(open.result);
  });
  const all = (name) => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const text = (box) => (box ? String.fromCharCode(...new Uint8Array(box)) : null);
  return (await all('outbox')).map((one) => ({ ...one, box: text(one.box) }));
}"""


def ready(page: Page, url: str) -> None:
    """The desk with its worker: from now on there may be no network."""
    page.goto(url + "/desk")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#outbox[data-awake]")).to_have_count(1)
    page.reload()
    expect(page.locator("#outbox[data-awake]")).to_have_count(1)


def log(page: Page, subject: str, phone: str = "") -> None:
    page.fill("#f-subject", subject)
    page.fill("[name='visitor.phone']", phone)
    page.press("[name='visitor.phone']", "Enter")


def stored(page: Page) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = page.evaluate(STORED)
    return items


def states(page: Page) -> list[str]:
    return sorted(one["state"] for one in stored(page))


def send(page: Page, *expected: str) -> None:
    page.locator("[data-send]").click()
    rows = page.locator("#outbox li[data-state]")
    expect(rows.and_(page.locator("li[data-state=sent]"))).to_have_count(expected.count("sent"))


def test_what_is_logged_without_a_network_arrives_once_and_as_when_it_was_logged(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page, context = visitor.play("duty_officer"), visitor.page.context
    ready(page, visitor.office.url)
    visitor.refuse_faults()
    context.set_offline(True)
    for number in range(3):
        log(page, f"断网登记{number}", "10027644417")
        expect(page.locator("#outbox li[data-state=waiting]")).to_have_count(number + 1)
    # The computer is switched off and on again: the page itself is not to be had any more.
    page.goto(visitor.office.url + "/desk")
    expect(page.locator("#outbox li[data-state=waiting]")).to_have_count(3)
    log(page, "重新开机以后")
    expect(page.locator("#outbox li[data-state=waiting]")).to_have_count(4)
    assert "10027644417" not in str(stored(page)), "it lies open on this computer"
    assert "断网登记" not in str(stored(page)), "it lies open on this computer"
    context.set_offline(False)
    send(page, *["sent"] * 4)
    numbers = [one["number"] for one in stored(page)]
    assert len(set(numbers)) == 4
    assert all(one["box"] is None for one in stored(page)), "what was sent is kept"
    for number in numbers:
        visitor.open(f"/find?q={number}")
        expect(page.locator("h1")).to_contain_text(str(number))
    visitor.faults.clear()  # A browser without a network says so on its console.


def test_an_answer_that_was_lost_makes_no_second_request(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.play("duty_officer")
    ready(page, visitor.office.url)
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(str(route.fetch().json()["number"]))
        route.abort()

    page.route("**/desk/outbox", lose, times=1)
    log(page, "答复丢失")
    expect(page.locator("#outbox li[data-state=waiting]")).to_have_count(1)
    send(page, "sent")
    assert [str(one["number"]) for one in stored(page)] == lost
    visitor.faults.clear()  # The lost answer.


def test_a_second_user_sees_a_count_and_sends_nothing_of_the_first(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page, context = visitor.play("duty_officer"), visitor.page.context
    ready(page, visitor.office.url)
    context.set_offline(True)
    log(page, "第一个人的")
    expect(page.locator("#outbox li[data-state=waiting]")).to_have_count(1)
    # First this, then the network: the page sends as soon as it is back.
    page.route("**/desk/outbox", lambda route: route.abort())
    context.set_offline(False)
    page.goto(visitor.office.url + "/desk")
    page.locator("header details summary").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.unroute("**/desk/outbox")
    page.goto(visitor.office.url + "/sign-in")
    page.locator('form[data-role="mediator"] button').first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(visitor.office.url + "/desk")
    expect(page.locator("#outbox")).to_contain_text("本机还有别人没发出的 1 条")
    assert states(page) == ["waiting"], "another has sent it"
    visitor.open("/sign-in")
    visitor.play("duty_officer")
    page.goto(visitor.office.url + "/desk")
    expect(page.locator("#outbox li[data-state=sent]")).to_have_count(1)
    visitor.faults.clear()  # The network that was switched off.


def test_what_the_desk_refuses_comes_back_into_the_form(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.play("duty_officer")
    ready(page, visitor.office.url)
    log(page, "号码写错", "138")
    expect(page.locator(".errsum")).to_contain_text("手机号要11位")
    assert page.input_value("#f-subject") == "号码写错"
    assert stored(page) == []
    visitor.faults.clear()  # The browser calls an answer of 422 an error.
