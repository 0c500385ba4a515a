"""Pictures of the pages of every role, in both languages, for a desk and a phone: build/screens.

A small office is simulated and served. Usage: python -m tools.screens [--role ROLE]"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import DESK, PHONE, program, served

OUT = Path(__file__).parents[1] / "build" / "screens"
MORE = {"public": ("/sign-in", "/public/directory", "/help")}
THINGS = 1
"""Of each list, the pages of so many things."""


def paths_of(page: Page, url: str) -> Iterator[str]:
    """The pages of a role: its menu, what waits, everything under 全部功能, one thing of a list."""
    seen: set[str] = set()
    page.goto(url + "/all")
    links = page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.pathname)")
    for link in dict.fromkeys(("/me", "/all", *links)):
        if link in seen or link.startswith(("/static", "/own", "/sign")):
            continue
        seen.add(link)
        yield link
        page.goto(url + link)
        things = page.locator("tbody th a").evaluate_all("all => all.map(a => a.pathname)")
        for thing in things[:THINGS]:
            kind = re.sub("/[^/]*$", "", thing)
            if kind not in seen:
                seen.add(kind)
                yield thing


def take(browser: Browser, url: str, role: str, width: int, language: str) -> int:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "anjuan-lang", "value": language, "url": url}])
    page = context.new_page()
    if role in MORE:
        paths = list(MORE[role])
    else:
        page.goto(url + "/sign-in")
        page.locator(f'form[data-role="{role}"] button').first.click()
        paths = list(paths_of(page, url))
    folder = OUT / f"{language}-{width}" / role
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        page.goto(url + path)
        name = path.strip("/").replace("/", "_") or "home"
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    context.close()
    return len(paths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role")
    wanted = parser.parse_args().role
    with served() as office, sync_playwright() as playwright:
        found = program()
        if found is None:
            raise SystemExit("no Chromium here: apt-get install chromium fonts-noto-cjk")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(office.url + "/sign-in")
        roles = page.locator("form[data-role]").evaluate_all("all => all.map(f => f.dataset.role)")
        for role in dict.fromkeys([*MORE, *roles]):
            if wanted in (None, role):
                for width, language in ((DESK, "zh"), (PHONE, "zh"), (DESK, "en"), (PHONE, "en")):
                    count = take(browser, office.url, role, width, language)
                    print(f"{role} {language} {width}: {count} pages")
    print(f"written: {OUT}")


if __name__ == "__main__":
    main()
