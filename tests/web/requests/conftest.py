"""A server with a small simulated town, and a browser that watches what a page may not do."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.databases import temporary_home

CHROMIUM = "/usr/bin/chromium"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address."""
    with temporary_home() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        env = {name: one for name, one in os.environ.items() if not name.startswith("ANJUAN_")}
        env |= {"ANJUAN_HOME": str(home), "ANJUAN_PORT": str(port)}
        program = [sys.executable, "-m", "api.cli"]
        made = [*program, "demo", "--days", "2", "--scale", "0.02", "--no-serve"]
        subprocess.run(made, env=env, check=True, capture_output=True, timeout=PATIENCE_S)
        free.close()
        with subprocess.Popen([*program, "serve"], env=env, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as serving:  # fmt: skip
            address = f"http://127.0.0.1:{port}"
            try:
                ready(address)
                yield address
            finally:
                serving.terminate()


def ready(address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/health/ready"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("the server is not ready")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """Signed in as the duty officer of the simulation, by one click."""
    wrong: list[str] = []
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asked: wrong.append(asked.url) if server not in asked.url else None)
    opened.goto("/sign-in")
    opened.get_by_role("button", name="值班人员").first.click()
    yield opened
    context.close()
    assert [one for one in wrong if "422" not in one] == []
