"""Every page in a real browser: axe finds nothing, and nothing runs out of it sideways.

Generated from the same table as the walk of the rights: a page that is added is looked at. Here
each is seen once, with widths and languages alternating; `make walk` sees each in all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Final

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Page

from tests.web.conftest import AXE, DESK, PHONE, RULES, Office, note_faults
from tests.web.walking import NO_VERSION, Post, World, cases_of

pytestmark = pytest.mark.timeout(300)
NARROW: Final = 320
HEIGHT: Final = 4000
"""Of a window: what sticks to its bottom lies over nothing that scrolling would bring out."""


class Look(Struct, frozen=True):
    """How somebody looks at pages."""

    language: str
    width: int
    forced_colors: bool = False


LOOKS: Final = (Look("zh", DESK), Look("en", PHONE), Look("zh", NARROW), Look("en", DESK))
NARROWLY: Final = Look("en", NARROW)
"""English words are the longer ones."""
DRAW: Final = """async ([path, form]) => {
  const asked = form === null ? {} : {method: 'POST', body: new URLSearchParams(form)};
  const told = await fetch(path, {...asked, redirect: 'manual'});
  if (told.type === 'opaqueredirect') return 'elsewhere';
  const drawn = new DOMParser().parseFromString(await told.text(), 'text/html');
  const parts = (of) => [...of.querySelectorAll('link[rel=stylesheet], script[src]')]
    .map((one) => one.getAttribute('href') ?? one.getAttribute('src')).join(' ');
  if (parts(drawn) !== parts(document)) return 'other parts';
  document.title = drawn.title;
  document.documentElement.lang = drawn.documentElement.lang;
  document.body.replaceWith(document.adoptNode(drawn.body));
  return 'drawn';
}"""
"""Draw what a page answers into the one that is open, where both have the same styles and scripts:
that takes a tenth of the time of going there."""
WRONG: Final = """async (rules) => {
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const found = wider > 0 ? [`runs ${wider} px out of the window`] : [];
  if (rules === null) return found;
  if (document.querySelectorAll('h1').length !== 1) found.push('has not one heading');
  const told = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return found.concat(told.violations.map((one) => one.id + ': '
    + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')));
}"""
SAYS_SO: Final = "Failed to load resource: the server responded with a status of 4"
"""What the browser calls an error: that a page says no."""


class Window(Struct, frozen=True):
    """An open window of the browser, at which one after the other sits down."""

    look: Look
    office: Office
    page: Page
    faults: list[str]

    def sit_down(self, post: Post) -> None:
        context, url = self.page.context, self.office.url
        cookies = {one.name: one.value or "" for one in post.client.cookies.jar}
        cookies["anjuan-lang"] = self.look.language
        context.clear_cookies()
        context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        self.page.goto(url + "/help", wait_until="domcontentloaded")

    def draw(self, path: str, form: Mapping[str, str] | None = None) -> None:
        """Open a page, or what comes of sending a form; where that leads elsewhere, the form."""
        drawn = self.page.evaluate(DRAW, [path, form])
        if drawn == "elsewhere" and form is not None:
            drawn = self.page.evaluate(DRAW, [path, None])
        if drawn == "other parts":
            self.page.goto(self.office.url + path, wait_until="domcontentloaded")

    def wrong(self, at: str, *, axe: bool = True) -> list[str]:
        """Say what is wrong with the page that is open."""
        found = self.page.evaluate(WRONG, list(RULES) if axe else None)
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
    turns, narrow = cycle(windows), window(chromium, office, NARROWLY)
    wrong: list[str] = []
    for post, paths in ways_of(*walkers):
        for one in (*windows, narrow):
            one.sit_down(post)
        for path, form in paths:
            for one in (next(turns), narrow):
                one.draw(path, form)
                wrong += one.wrong(path, axe=one is not narrow)
    assert wrong == []
