"""The outbox of the forms that are filled in without a network, in a real browser: its network
goes and comes back, its answers are lost, its session ends, it is killed. Issue 13, show 3."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    Route,
    expect,
)

from tests.web.conftest import PHONE, Office, Visitor, program

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
SHELL: Final = "path => caches.match(path + '/offline?lang=zh').then((one) => one.text())"
AS_ANOTHER: Final = """async () => {
  const me = await (await fetch('/outbox', { headers: { Accept: 'application/json' } })).json();
  const headers = { Accept: 'application/json', 'X-Account': 'somebody-else' };
  const body = new URLSearchParams({ _csrf: me.csrf, subject: '替别人发' });
  return (await fetch('/desk', { method: 'POST', headers, body })).status;
}"""
CLOCK: Final = """(() => {
  const Real = Date;
  window.shift_ms = SHIFT;
  window.Date = class extends Real {
    constructor(...told) { if (told.length) super(...told); else super(Real.now() + shift_ms); }
    static now() { return Real.now() + shift_ms; }
  };
})()"""
"""The clock of a device, which goes wrong by `shift_ms`."""
ASKED: Final = "path => fetch('/api/v1' + path).then(answer => answer.json())"
HOUR_MS: Final = 3_600_000
FAST: Final = timedelta(minutes=12)
MINUTE: Final = timedelta(minutes=1)
WITHIN: Final = timedelta(seconds=2)
MANY: Final = 20
PHOTO: Final[FilePayload] = {
    "name": "a.jpg",
    "mimeType": "image/jpeg",
    "buffer": b"\xff\xd8\xff\xe0" + bytes(range(64)),
}
CAPTIVE: Final = "<!doctype html><title>酒店无线网</title>请先登录"


def ready(page: Page, url: str, path: str = "/desk") -> None:
    """A form with its worker: from now on there may be no network."""
    page.goto(url + path)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#outbox[data-awake]")).to_have_count(1)
    page.reload()
    expect(page.locator("#outbox[data-awake]")).to_have_count(1)


def log(page: Page, subject: str, phone: str = "", outcome: str = "answered") -> None:
    page.fill("#f-subject", subject)
    page.locator(f"[name=outcome][value={outcome}]").dispatch_event("click")
    page.fill("[name='visitor.phone']", phone)
    page.press("[name='visitor.phone']", "Enter")


def rows(page: Page, state: str, of: str = "outbox") -> Locator:
    return page.locator(f"#outbox li[data-state={state}][data-of={of}]")


def waits(page: Page, count: int) -> None:
    expect(rows(page, "waiting")).to_have_count(count)


def log_offline(page: Page, *subjects: str, **more: str) -> None:
    """Log without a network: each waits before the next is begun."""
    already = rows(page, "waiting").count()
    for number, subject in enumerate(subjects, start=already + 1):
        log(page, subject, **more)
        waits(page, number)


def stored(page: Page) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = page.evaluate(STORED)
    return items


def states(page: Page) -> list[str]:
    return sorted(one["state"] for one in stored(page))


def asked(page: Page, path: str) -> Any:
    return page.evaluate(ASKED, path)


def listed(page: Page, text: str) -> list[Any]:
    """Requests whose subject says it, when all that was sent has been listed."""
    last = max(int(one["named"]) for one in stored(page))
    found: list[Any] = asked(page, f"/requests?text={text}&limit=100&wait_for={last}")["rows"]
    return found


def requested_at(page: Page, item: dict[str, Any]) -> datetime:
    """When the log has it that a request was made: its id is that of the item."""
    found = asked(page, f"/requests/{item['id']}")
    return datetime.fromisoformat(found["state"]["logged"]["requested_at"])


def forget_faults(visitor: Visitor) -> None:
    """A browser says on its console what it was kept from."""
    visitor.faults.clear()


# --- a browser that is killed


@contextmanager
def browser_of(chromium: Browser, profile: Path, office: Office) -> Iterator[BrowserContext]:
    """A browser with a profile on the disk, on a device whose clock is fast."""
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=program(), args=["--no-sandbox"]
    )
    context.add_init_script(CLOCK.replace("SHIFT", str(FAST // timedelta(milliseconds=1))))
    context.add_cookies([{"name": "anjuan-lang", "value": "zh", "url": office.url}])
    yield context
    context.close()


def kill(profile: Path) -> None:
    """As the power fails: the browser's own process, which ends the others."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in told and b"--remote-debugging-pipe" in told:
            os.kill(int(one.parent.name), signal.SIGKILL)
            return
    pytest.fail("no browser of this profile")


def play(page: Page, office: Office) -> None:
    """Sign in, and go to a page that sends nothing."""
    page.goto(office.url + "/sign-in?next=/help")
    page.locator('form[data-role="duty_officer"] button').first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


class Losing:
    """A network whose own page answers first, and which then loses the answer to each item once."""

    def __init__(self) -> None:
        self.greeted = False
        self.lost: set[str] = set()

    def __call__(self, route: Route) -> None:
        key = parse_qs(route.request.post_data or "").get("_key", [""])[0]
        if route.request.method != "POST" or key in self.lost:
            route.fallback()
        elif not self.greeted:
            self.greeted = True
            route.fulfill(content_type="text/html", body=CAPTIVE)
        else:
            self.lost.add(key)
            route.fetch()
            route.abort()


def test_peers_11_twenty_logged_without_a_network_outlive_the_browser_and_every_lost_answer(
    chromium: Browser, office: Office, tmp_path: Path
) -> None:
    """Killed, started, each answer lost once, a network that answers for us: each is one event, as
    of when it was logged, though the clock of the device is twelve minutes fast."""
    profile = tmp_path / "profile"
    with browser_of(chromium, profile, office) as context:
        page = context.pages[0]
        play(page, office)
        ready(page, office.url)
        refuse_uninstallable(page)
        context.set_offline(True)
        pressed = log_many(page)
        with context.expect_event("close"):
            kill(profile)
    with browser_of(chromium, profile, office) as context:
        context.set_offline(True)
        page = context.pages[0]
        page.goto(office.url + "/desk")
        waits(page, MANY)
        assert "10027644425" not in str(stored(page)), "it lies open on this computer"
        assert "二十件" not in str(stored(page)), "it lies open on this computer"
        context.set_offline(False)
        # A browser that was killed has forgotten its session.
        play(page, office)
        losing = Losing()
        page.route("**/desk", losing)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.goto(office.url + "/desk")
        for _ in range(MANY):
            with page.expect_event("requestfailed"):
                page.locator("[data-send]").click()
        page.locator("[data-send]").click()
        waits(page, 0)
        assert len(losing.lost) == MANY, "an answer was not lost"
        arrived_once(page, pressed)


def refuse_uninstallable(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def log_many(page: Page) -> list[datetime]:
    """When each was logged, by a clock that goes right."""
    pressed = []
    for number in range(MANY):
        pressed.append(datetime.now(UTC))
        log(page, f"二十件{number}", "10027644425")
        waits(page, number + 1)
    return pressed


def arrived_once(page: Page, pressed: list[datetime]) -> None:
    sent = stored(page)
    assert [one["state"] for one in sent] == ["sent"] * MANY
    assert len({one["named"] for one in sent}) == MANY
    assert all(one["box"] is None for one in sent), "what was sent is kept"
    assert len(listed(page, "二十件")) == MANY
    told = sorted(requested_at(page, one) for one in sent)
    for was, at in zip(pressed, told, strict=True):
        assert abs(at - was) < WITHIN


# --- one desk, whose network comes and goes


def test_what_is_old_tabs_and_a_session_that_ends_hold_up_nothing_else(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    visitor.page.add_init_script(CLOCK.replace("SHIFT", "0"))
    ready(visitor.play("duty_officer"), visitor.office.url)
    visitor.refuse_faults()
    over_a_day_old(visitor)
    two_tabs(visitor)
    a_session_that_ends(visitor)
    a_step_of_what_was_not_sent(visitor)
    what_the_desk_refuses(visitor)
    forget_faults(visitor)


def over_a_day_old(visitor: Visitor) -> None:
    """It is refused, with what to do; the one after it is not held up."""
    page, context = visitor.page, visitor.page.context
    context.set_offline(True)
    page.evaluate(f"shift_ms = -30 * {HOUR_MS}")
    log_offline(page, "三十小时前")
    page.evaluate("shift_ms = 0")
    log_offline(page, "刚才")
    context.set_offline(False)
    expect(rows(page, "refused")).to_contain_text("三十小时前")
    expect(rows(page, "sent")).to_have_count(1)
    (old,) = [one for one in stored(page) if one["state"] == "refused"]
    page.get_by_role("button", name="补原因").click()
    expect(rows(page, "sent")).to_have_count(2)
    ago = datetime.now(UTC) - requested_at(page, old)
    assert abs(ago - timedelta(hours=30)) < timedelta(minutes=5)


def two_tabs(visitor: Visitor) -> None:
    """Both wake at once: each item is sent once."""
    page, context = visitor.page, visitor.page.context
    other = context.new_page()
    other.goto(visitor.office.url + "/desk")
    expect(other.locator("#outbox[data-awake]")).to_have_count(1)
    context.set_offline(True)
    log_offline(page, "甲一", "甲二")
    other.reload()
    waits(other, 2)
    log_offline(other, "乙一", "乙二")
    sending: list[str] = []
    context.on("request", lambda one: sending.append(one.url) if one.method == "POST" else None)
    context.set_offline(False)
    for one in (page, other):
        one.locator("[data-send]").click()
    for one in (page, other):
        waits(one, 0)
    assert states(page) == ["sent"] * 6
    assert len(sending) == 4
    other.close()


def a_session_that_ends(visitor: Visitor) -> None:
    """After the first of three: the others wait for their writer, and go by themselves then."""
    page, context = visitor.page, visitor.page.context
    context.set_offline(True)
    log_offline(page, "会话一", "会话二", "会话三")

    def end(route: Route) -> None:
        answer = route.fetch()
        context.clear_cookies(name="anjuan")
        route.fulfill(response=answer)

    page.route("**/desk", end, times=1)
    context.set_offline(False)
    expect(rows(page, "needs-you")).to_have_count(1)
    waits(page, 1)
    expect(rows(page, "needs-you").get_by_role("link", name="登录")).to_be_visible()
    visitor.play("duty_officer")
    page.goto(visitor.office.url + "/desk")
    expect(page.locator("#outbox[data-open='0']")).to_have_count(1)
    assert states(page) == ["sent"] * 9
    assert len(listed(page, "会话")) == 3


def a_step_of_what_was_not_sent(visitor: Visitor) -> None:
    """It is written now, and sent after what it belongs to."""
    page, context = visitor.page, visitor.page.context
    context.set_offline(True)
    log_offline(page, "还没答复", outcome="open")
    page.get_by_role("button", name="补记答复").click()
    page.locator("#outbox [name=answer]").fill("可以申请仲裁")
    page.locator("#outbox [name=answer]").press("Enter")
    waits(page, 2)
    visitor.refuse_faults()
    context.set_offline(False)
    waits(page, 0)
    assert states(page) == ["sent"] * 11
    (request,) = [one["request"] for one in listed(page, "还没答复")]
    assert asked(page, f"/requests/{request}")["state"]["closed"]


def what_the_desk_refuses(visitor: Visitor) -> None:
    """It comes back into the form, and is kept nowhere else."""
    page = visitor.page
    log(page, "号码写错", "138")
    expect(page.locator(".errsum")).to_contain_text("手机号要11位")
    assert page.input_value("#f-subject") == "号码写错"
    assert states(page) == ["sent"] * 11


# --- two users of one computer


def test_peers_21_a_second_user_sees_a_count_and_sends_nothing_of_the_first(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    page, context = visitor.play("duty_officer"), visitor.page.context
    ready(page, visitor.office.url)
    context.set_offline(True)
    log_offline(page, "第一个人的")
    # First this, then the network: the page sends as soon as it is back.
    page.route("**/desk", _only_get)
    context.set_offline(False)
    page.goto(visitor.office.url + "/desk")
    # What he was writing is a draft.
    page.fill("#f-subject", "第一个人的草稿")
    expect(page.locator("[data-draft]")).to_be_visible()
    page.locator("header details summary").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    page.unroute("**/desk")
    page.goto(visitor.office.url + "/sign-in")
    page.locator('form[data-role="mediator"] button').first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(visitor.office.url + "/desk")
    expect(page.locator("#outbox")).to_contain_text("本机还有别人没发出的 1 条")
    assert "第一个人" not in page.locator("body").inner_text()
    assert page.input_value("#f-subject") == ""
    assert states(page) == ["waiting"], "another has sent it"
    refuse_names_in_what_is_kept(page)
    assert page.evaluate(AS_ANOTHER) == 403
    visitor.open("/sign-in")
    visitor.play("duty_officer")
    page.goto(visitor.office.url + "/desk")
    expect(rows(page, "sent")).to_have_count(1)
    expect(page.locator("#f-subject")).to_have_value("第一个人的草稿")
    forget_faults(visitor)


def refuse_names_in_what_is_kept(page: Page) -> None:
    for shell in ("/desk", "/worklogs/@new", ""):
        kept = page.evaluate(SHELL, shell)
        assert "没有网络" in kept
        assert "/sign-out" not in kept, "a page of the first is kept for whoever comes"


def _only_get(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.fallback()


# --- the adviser's phone


def fill_log(page: Page, summary: str) -> None:
    page.locator("#v1").dispatch_event("click")
    page.get_by_role("radio", name="法律咨询").dispatch_event("click")
    page.fill("#f-minutes", "7")
    page.fill("#f-work-summary", summary)


def test_peers_13_an_adviser_logs_without_a_network_and_a_photo_that_fails_holds_up_nothing(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(PHONE)
    visitor.page.add_init_script(CLOCK.replace("SHIFT", "0"))
    page, context = visitor.play("adviser"), visitor.page.context
    ready(page, visitor.office.url, "/worklogs/@new")
    context.set_offline(True)
    # The phone is switched off and on again: no page of ours is to be had any more.
    visitor.open("/month")
    expect(page.locator("h1")).to_have_text("没有网络")
    visitor.refuse_faults()
    page.get_by_role("link", name="记工作日志").click()
    # Seven hours ago: hours that nobody's entry of another walk has.
    page.evaluate(f"shift_ms = -7 * {HOUR_MS}")
    fill_log(page, "村里没有信号")
    page.locator("summary", has_text="照片").click()
    page.locator("[data-photos]").set_input_files([PHOTO])
    page.get_by_role("button", name="记下").click()
    ended = datetime.now(UTC) - timedelta(hours=7)
    waits(page, 1)
    refuse_faults_of_all(visitor)
    (item,) = stored(page)
    assert "村里" not in str(item), "it lies open on this phone"

    page.route("**/api/v1/blobs/**", lambda route: route.abort())
    context.set_offline(False)
    expect(rows(page, "waiting", "photos")).to_have_count(1)
    expect(rows(page, "sent")).to_have_count(1)
    (wording,) = entry_of(page, item["id"])["wordings"]
    assert abs(datetime.fromisoformat(wording["work"]["ended_at"]) - ended) <= MINUTE
    page.unroute("**/api/v1/blobs/**")
    page.locator("[data-send]").click()
    expect(rows(page, "sent", "photos")).to_have_count(1)
    assert [one["status"] for one in entry_of(page, item["id"])["exhibits"]] == ["stored"]
    forget_faults(visitor)


def refuse_faults_of_all(visitor: Visitor) -> None:
    """What the bar at the bottom covers is no smaller for that."""
    visitor.page.set_viewport_size({"width": PHONE, "height": 4000})
    visitor.refuse_faults()


def entry_of(page: Page, log_id: str) -> Any:
    return asked(page, f"/worklogs/{log_id}")["state"]


def test_peers_12_two_phones_correct_one_entry_and_neither_is_lost(
    visit: Callable[..., Visitor],
) -> None:
    """Whoever comes second sees what changed, and keeps what he typed."""
    phones = [visit(PHONE), visit(PHONE)]
    first, second = [one.play("adviser") for one in phones]
    first.add_init_script(CLOCK.replace("SHIFT", "0"))
    phones[0].open("/worklogs/@new")
    expect(first.locator("#outbox[data-awake]")).to_have_count(1)
    first.evaluate(f"shift_ms = -8 * {HOUR_MS}")
    fill_log(first, "两部手机")
    first.get_by_role("button", name="记下").click()
    first.wait_for_selector("#saved")
    (entry,) = [one["id"] for one in stored(first)]
    (wording,) = entry_of(first, entry)["wordings"]
    for number, one in enumerate(phones):
        one.open(f"/worklogs/{entry}/correct")
        correct(one.page, wording, f"第{number}部手机改的")
    first.locator("form[data-form] [type=submit]").click()
    first.wait_for_url(lambda url: "done=CorrectWork" in url)
    second.locator("form[data-form] [type=submit]").click()
    expect(second.locator(".note-warn")).to_contain_text("你打开以后，有了这些变化")
    expect(second.locator("[name='work.summary']")).to_have_value("第1部手机改的")
    second.locator("form[data-form] [type=submit]").click()
    second.wait_for_url(lambda url: "done=CorrectWork" in url)
    assert len(entry_of(second, entry)["wordings"]) == 3
    forget_faults(phones[1])


def correct(page: Page, wording: dict[str, Any], summary: str) -> None:
    work, (served,) = wording["work"], wording["served"]
    fields = {
        "started_at": wording["started_at"],
        "work.village": work["village"],
        "work.ended_at": work["ended_at"],
        "work.summary": summary,
        "shares.0.adviser": served["adviser"],
        "shares.0.minutes": str(served["minutes"]),
        "reason": summary,
    }
    for name, value in fields.items():
        page.fill(f"[name='{name}']", value)
    page.select_option("[name='work.service']", work["service"])
    page.locator(f"[name='work.mode'][value={work['mode']}]").dispatch_event("click")


# --- no secure context


def test_over_plain_http_the_form_is_posted_as_any_other(visit: Callable[..., Visitor]) -> None:
    """By a name of its own an office without TLS is no secure context: nothing is kept, no worker
    comes, the form is posted. Cookies of ours are for TLS alone: here one is carried by hand."""
    visitor = visit()
    page = visitor.play("duty_officer")
    (session,) = [one for one in page.context.cookies() if one.get("name") == "anjuan"]
    plain = page.context.new_page()
    port = visitor.office.url.rpartition(":")[2]

    def carry(route: Route) -> None:
        asked_for = route.request
        carried = {
            **asked_for.headers,
            "host": f"office.test:{port}",
            "cookie": f"__Host-anjuan={session.get('value')}",
        }
        here = visitor.office.url + asked_for.url.partition(port)[2]
        route.fulfill(response=route.fetch(url=here, headers=carried, max_redirects=0))

    plain.route("**/*", carry)
    plain.goto(f"http://office.test:{port}/sign-in")
    expect(plain.locator("[data-insecure]")).to_be_visible()
    plain.goto(f"http://office.test:{port}/desk")
    assert plain.evaluate("isSecureContext || 'serviceWorker' in navigator") is False
    log(plain, "没有加密")
    expect(plain.locator("#saved")).to_contain_text("已登记")
    assert plain.evaluate("indexedDB.databases()") == []
    forget_faults(visitor)
