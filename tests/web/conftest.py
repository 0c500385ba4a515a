"""A real office for a real browser: a small simulated home, its server, and Chromium.

Where there is no Chromium these tests are left out, and say so; with ANJUAN_TEST_CHROMIUM set, as
in CI, a missing one fails them.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Final

import httpx
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.api.cli.test_cli import ROOT, Shell
from tests.databases import temporary_home
from tests.web.walking import Post, World, walking

CHROMIUM: Final = "ANJUAN_TEST_CHROMIUM"
START_S: Final = 60
AXE: Final = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
DESK: Final = 1280
PHONE: Final = 390
NARROW: Final = 320


class Office(Struct, frozen=True):
    url: str
    shell: Shell


class Visitor(Struct, frozen=True):
    """A browser that somebody sits at, and what went wrong in it."""

    page: Page
    office: Office
    faults: list[str]

    def open(self, path: str) -> Page:
        self.page.goto(self.office.url + path)
        return self.page

    def play(self, role: str) -> Page:
        """Sign in as one of the simulated people, by one click."""
        self.open("/sign-in")
        self.page.locator(f'form[data-role="{role}"] button').first.click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page

    def refuse_faults(self) -> None:
        """Axe finds nothing on the page as it is, and nothing runs out of it sideways."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))",
            list(RULES),
        )
        assert found == [], self.page.url
        wider = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{self.page.url} runs {wider} px out of the window"


def program() -> str | None:
    """Where Chromium is."""
    return os.environ.get(CHROMIUM) or shutil.which("chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of one module: while it runs its thread has an event loop, and others begin their own."""
    found = program()
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox"], timeout=30_000
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    with served() as office:
        yield office


@pytest.fixture(scope="session")
def walkers(office: Office) -> Iterator[tuple[World, Sequence[Post]]]:
    with walking(office.url, office.shell.home) as found:
        yield found


@contextmanager
def served() -> Iterator[Office]:
    """A quarter of a fiftieth of the city, simulated and served: things of nearly every kind."""
    with temporary_home() as home, socket.socket() as free:
        shell = Shell(home)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        made = shell.run("demo", "--days", "75", "--scale", "0.02", "--no-serve")
        assert made.code == 0, made.err
        free.close()
        # To a file: a pipe that nobody empties stops the server after a hundred requests.
        said = (home.parent / "served").open("wb")
        server = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
            cwd=ROOT, env=shell._environment({}), stdin=subprocess.DEVNULL,
            stdout=said, stderr=said,
        )  # fmt: skip
        office = Office(f"http://127.0.0.1:{port}", shell)
        try:
            _wait(office)
            yield office
        finally:
            server.terminate()
            server.wait(timeout=30)
            said.close()
            shell.run("db", "stop")


def _wait(office: Office) -> None:
    until = monotonic() + START_S
    while monotonic() < until:
        try:
            if httpx.get(office.url + "/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.05)
    pytest.fail("the server did not begin")


@pytest.fixture
def visit(chromium: Browser, office: Office) -> Iterator[Callable[..., Visitor]]:
    """Sit down at a browser: its width, its language, and whether it runs scripts. At the end there
    was no error on the console, no fault of the server, and no request to anybody else."""
    visitors: list[Visitor] = []

    def sit_down(width: int = DESK, language: str = "zh", **more: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **more)
        context.add_cookies([{"name": "anjuan-lang", "value": language, "url": office.url}])
        faults: list[str] = []
        page = context.new_page()
        note_faults(page, office, faults)
        visitors.append(Visitor(page, office, faults))
        return visitors[-1]

    yield sit_down
    for one in visitors:
        one.page.context.close()
    assert [fault for one in visitors for fault in one.faults] == []


def note_faults(page: Page, office: Office, faults: list[str]) -> None:
    """Write down what goes wrong on a page from now on."""
    page.on("console", lambda told: _note_error(told, faults))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: _note_other_origin(asked, office, faults))


def _note_error(told: ConsoleMessage, faults: list[str]) -> None:
    if told.type == "error":
        faults.append(told.text)


def _note_other_origin(asked: Request, office: Office, faults: list[str]) -> None:
    if not asked.url.startswith((office.url, "data:")):
        faults.append(f"another origin: {asked.url}")
