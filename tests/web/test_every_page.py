"""Every page in a real browser: axe finds nothing, and nothing runs out of it sideways.

Generated from the same table as the walk of the rights: a page that is added is looked at. Here
each is seen once, with widths and languages alternating; `make walk` sees each in all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any, Final

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Page

from tests.web.conftest import AXE, DESK, NARROW, PHONE, RULES, Office, note_faults
from tests.web.walking import NO_VERSION, Post, World, cases_of

pytestmark = pytest.mark.timeout(300)
HEIGHT: Final = 4000
"""Of a window: what sticks to its bottom lies over nothing that scrolling would bring out."""


class Look(Struct, frozen=True):
    """How somebody looks at pages."""

    language: str
    width: int
    forced_colors: bool = False


LOOKS: Final = (Look("zh", DESK), Look("en", PHONE), Look("zh", NARROW), Look("en", DESK))
NARROWLY: Final = (Look("en", NARROW), Look("zh", NARROW))
DRAW: Final = """async ([path, form]) => {
  const asked = form === null ? {} : {method: 'POST', body: new URLSearchParams(form)};
  const told = await fetch(path, {...asked, redirect: 'manual'});
  if (told.type === 'opaqueredirect') return [0, false];
  const drawn = new DOMParser().parseFromString(await told.text(), 'text/html');
  const parts = (of) => [...of.querySelectorAll('link[rel=stylesheet], script[src]')]
    .map((one) => one.getAttribute('href') ?? one.getAttribute('src')).join(' ');
  if (parts(drawn) !== parts(document)) return [told.status, false];
  document.title = drawn.title;
  document.documentElement.lang = drawn.documentElement.lang;
  document.body.replaceWith(document.adoptNode(drawn.body));
  return [told.status, true];
}"""
"""Draw what a page answers into the one that is open, where both have the same styles and scripts:
that takes a tenth of the time of going there."""
WRONG: Final = """async (rules) => {
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const found = wider > 0 ? [`runs ${wider} px out of the window`] : [];
  if (rules === null) return found;
  if (document.querySelectorAll('h1').length !== 1) found.push('has not one heading');
  const told = await axe.run(document, {...rules, resultTypes: ['violations']});
  return found.concat(told.violations.map((one) => one.id + ': '
    + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')));
}"""
IN_SYSTEM_COLOURS: Final = {"color-contrast": {"enabled": False}}
"""Forced colours are the system's: axe reckons with the background that it took away."""
SAYS_SO: Final = "Failed to load resource: the server responded with a status of 4"
"""What the browser calls an error: that a page says no."""


class Window(Struct, frozen=True):
    """An open window of the browser, at which one after the other sits down."""

    look: Look
    office: Office
    page: Page
    faults: list[str]

    def sit_down(self, post: Post | None) -> None:
        """Sit down at it: without a post nobody is signed in."""
        context, url = self.page.context, self.office.url
        jar = () if post is None else post.client.cookies.jar
        cookies = {one.name: one.value or "" for one in jar}
        cookies["anjuan-lang"] = self.look.language
        context.clear_cookies()
        context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        self.page.goto(url + "/help", wait_until="domcontentloaded")

    def draw(self, path: str, form: Mapping[str, str] | None = None) -> int:
        """Open a page, or what comes of sending a form; where that leads elsewhere, the form.
        Return what is answered."""
        status, drawn = self.page.evaluate(DRAW, [path, form])
        if not status and form is not None:
            status, drawn = self.page.evaluate(DRAW, [path, None])
        if not drawn:
            self.page.goto(self.office.url + path, wait_until="domcontentloaded")
        return int(status)

    def wrong(self, at: str, *, axe: bool = True) -> list[str]:
        """Say what is wrong with the page that is open."""
        rules = {
            "runOnly": list(RULES),
            "rules": IN_SYSTEM_COLOURS if self.look.forced_colors else {},
        }
        found = self.page.evaluate(WRONG, rules if axe else None)
        told = [one for one in self.faults if not one.startswith(SAYS_SO)]
        self.faults.clear()
        return [f"{at} {self.look}: {one}" for one in (*found, *told)]


def window(browser: Browser, office: Office, look: Look) -> Window:
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHT},
        forced_colors="active" if look.forced_colors else "none",
    )
    context.add_init_script(path=AXE)
    page, faults = context.new_page(), list[str]()
    note_faults(page, office, faults)
    return Window(look, office, page, faults)


Seen = tuple[str, Mapping[str, str] | None]
"""A path, and the form that is sent there."""


def ways_of(world: World, posts: Sequence[Post]) -> Iterator[tuple[Post, Sequence[Seen]]]:
    """Say who looks at which pages: each page once, by the first who may. A form is sent empty: its
    errors stand beside all of its fields."""
    seen: set[str] = set()
    for post in posts:
        paths: list[Seen] = []
        for case in cases_of(world, post.by):
            if case.page.under not in seen and case.standing == "mine":
                seen.add(case.page.under)
                empty = {"_csrf": post.csrf, "_version": NO_VERSION}
                paths.append((case.path, None if case.page.take is None else empty))
        yield post, paths


def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_small_phone(
    chromium: Browser, office: Office, walkers: tuple[World, Sequence[Post]]
) -> None:
    windows = [window(chromium, office, look) for look in LOOKS]
    narrow = [window(chromium, office, look) for look in NARROWLY]
    turns, narrowly = cycle(windows), cycle(narrow)
    wrong: list[str] = []
    for post, paths in ways_of(*walkers):
        for one in (*windows, *narrow):
            one.sit_down(post)
        for path, form in paths:
            for one in (next(turns), next(narrowly)):
                one.draw(path, form)
                wrong += one.wrong(path, axe=one in windows)
    assert wrong == []


# --- states


LONG: Final = "没有标点也没有空格的很长很长的一句话" * 8 + "AWordThatDoesNotEnd" * 8
NOWHERE: Final = "/requests/00000000-0000-4000-8000-000000000009"


def logged_at_length(clerk: Post) -> str:
    """Log a request in which somebody wrote without ever taking breath; return its page."""
    form = {
        "_csrf": clerk.csrf, "_key": "at length", "point": clerk.by.unit, "channel": "counter",
        "service": "consultation", "subject": LONG, "detail": LONG, "visitor.name": LONG[:90],
    }  # fmt: skip
    done = clerk.client.post("/requests/@new", data=form)
    assert done.status_code == 303, done.text
    return done.headers["location"].partition("?")[0]


def states_of(clerk: Post, leader: Post, away: str) -> Iterator[tuple[Post | None, str, Any, int]]:
    """Say who comes to a page in a state that is not the usual one, by which form, and what it
    answers.

    away: a form that does not reach its thing from the leader's post.
    """
    request = logged_at_length(clerk)
    note = {"_csrf": clerk.csrf, "text": "备注"}
    yield clerk, request, None, 200
    yield clerk, f"{request}?done=AddNote", None, 200
    yield clerk, f"{request}?unmask=核对身份", None, 200
    yield clerk, f"{request}/receipt", None, 200
    yield clerk, f"{request}/add-note", {**note, "text": LONG * 40}, 422
    yield clerk, f"{request}/add-note", {**note, "_version": NO_VERSION}, 412
    yield clerk, "/requests?text=没有人这样说过", None, 200
    yield clerk, "/requests?cursor=1", None, 400
    yield clerk, "/requests/@new?subject=" + LONG, None, 200
    yield clerk, "/accounts", None, 403
    yield clerk, NOWHERE, None, 404
    yield clerk, "/nothing-of-the-kind", None, 404
    yield leader, away, None, 409
    yield leader, "/own/password", {"_csrf": leader.csrf}, 422
    yield None, "/sign-in", None, 200
    yield None, "/sign-in", {"account": "nobody", "password": "nothing"}, 401
    yield None, f"{request}/add-note", note, 401
    yield None, "/public/directory", None, 200
    yield None, "/public/points/nothing", None, 404
    yield None, "/ratings/nothing", None, 404


def test_every_state_of_a_page_is_as_good_as_the_page(
    chromium: Browser, office: Office, walkers: tuple[World, Sequence[Post]]
) -> None:
    """Nothing there, not taken, moved on, forbidden, gone, signed out, just done, and much said."""
    world, posts = walkers
    clerk = next(one for one in posts if one.by.role == "duty_officer")
    leader = next(one for one in posts if one.by.role == "supervisor")
    away = next(one.path for one in cases_of(world, leader.by) if one.standing == "out of reach")
    windows = [window(chromium, office, look) for look in LOOKS]
    narrow = [window(chromium, office, look) for look in NARROWLY]
    turns, narrowly = cycle(windows), cycle(narrow)
    wrong: list[str] = []
    sits: Post | None = None
    for post, path, form, status in states_of(clerk, leader, away):
        if post is not sits:
            for one in (*windows, *narrow):
                one.sit_down(post)
            sits = post
        for one in (next(turns), next(narrowly)):
            told = one.draw(path, form)
            if told != status:
                wrong.append(f"{path} answers {told}")
            wrong += one.wrong(path)
    assert wrong == []


SEEN_WITHOUT_COLOURS: Final = """() => {
  const found = [], say = (what, one) => found.push(what + ': ' + one.outerHTML.slice(0, 120));
  const of = (one) => getComputedStyle(one);
  const bordered = (one) => of(one).borderTopStyle !== 'none' && of(one).borderTopWidth !== '0px';
  const outlined = (one) => of(one).outlineStyle !== 'none' && of(one).outlineWidth !== '0px';
  const underlined = (one) => of(one).textDecorationLine !== 'none';
  const shown = (one) => one.getClientRects().length && of(one).opacity !== '0';
  const drawn = (one) => one && shown(one) && of(one).appearance !== 'none';
  const controls = 'input:not([type=hidden]), select, textarea, .btn:not(.btn-link), .tag';
  for (const one of document.querySelectorAll(controls)) {
    const itself = /radio|checkbox|file/.test(one.type) && drawn(one);
    if (shown(one) && !itself && !bordered(one) && !outlined(one)) say('no border', one);
  }
  for (const one of document.querySelectorAll('[aria-current], input:checked + label')) {
    const seen = drawn(one.control) || outlined(one) || bordered(one) || underlined(one);
    if (shown(one) && !seen) say('not seen to be chosen', one);
  }
  const stops = 'a[href], button, input, select, textarea, summary';
  for (const one of document.querySelectorAll(stops)) {
    one.focus();
    if (document.activeElement !== one) continue;
    if (![one, one.nextElementSibling].some((it) => it && outlined(it))) say('no focus', one);
  }
  return found;
}"""
IN_FORCED_COLOURS: Final = ("/desk", "/requests", "/requests/@new", "/me", "/all", "/own/sessions")


def test_in_forced_colours_borders_states_and_the_focus_are_seen(
    chromium: Browser, office: Office, walkers: tuple[World, Sequence[Post]]
) -> None:
    _, posts = walkers
    clerk = next(one for one in posts if one.by.role == "duty_officer")
    forced = window(chromium, office, Look("zh", DESK, forced_colors=True))
    forced.sit_down(clerk)
    found = []
    for path in (*IN_FORCED_COLOURS, logged_at_length(clerk), "/public/directory"):
        forced.page.goto(office.url + path, wait_until="domcontentloaded")
        forced.page.keyboard.press("Tab")
        found += [f"{path} {one}" for one in forced.page.evaluate(SEEN_WITHOUT_COLOURS)]
    assert found == []


COMPOSED: Final = """() => {
  const acted = [], keys = ['/', 'n', 'j', 'k', '?', '1', '3', 'Enter', 'Escape', 'ArrowDown'];
  const stops = document.querySelectorAll('body, input, textarea, select, button, a');
  for (const one of stops)
    for (const key of keys) {
      const before = document.activeElement;
      const pressed = {key, isComposing: true, bubbles: true, cancelable: true};
      const untouched = one.dispatchEvent(new KeyboardEvent('keydown', pressed));
      if (!untouched || document.activeElement !== before) acted.push(key + ' ' + one.outerHTML);
    }
  return acted;
}"""


def test_no_key_acts_while_an_input_method_is_open(
    chromium: Browser, office: Office, walkers: tuple[World, Sequence[Post]]
) -> None:
    """Neither on pages with keys of their own, nor does Enter send what is half composed."""
    _, posts = walkers
    clerk = next(one for one in posts if one.by.role == "duty_officer")
    desk = window(chromium, office, Look("zh", DESK))
    desk.sit_down(clerk)
    page = desk.page
    for path in ("/requests", logged_at_length(clerk), "/desk"):
        page.goto(office.url + path, wait_until="domcontentloaded")
        assert page.evaluate(COMPOSED) == [], path
    page.locator("#f-subject").focus()
    keyboard = page.context.new_cdp_session(page)
    composing = {"text": "工zi", "selectionStart": 3, "selectionEnd": 3}
    keyboard.send("Input.imeSetComposition", composing)
    keyboard.send(
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
    )
    keyboard.send("Input.insertText", {"text": "工资"})
    assert page.input_value("#f-subject") == "工资"
    assert page.evaluate("document.activeElement.id") == "f-subject"
    assert page.url.endswith("/desk")
