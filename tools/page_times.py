"""How long the pages of a running demonstration take, and what they weigh: each page of each role,
and the desk with many clerks at once. Usage: python -m tools.page_times URL [--clerks 50]"""

import argparse
import gzip
import re
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

LINK = re.compile(r'href="(/[^"#?]*)"')
PLAYER = re.compile(r'data-role="(\w+)"><input type="hidden" name="account" value="([^"]+)"')
LEFT_OUT = ("/static", "/sign", "/own", "/api", "/app.")
TURNS = 12
PAGES_MAX = 60


class Answer(NamedTuple):
    status: int
    text: str
    size: int
    ms: float
    """From the first byte sent to the last received."""
    server_ms: float


def ask(browser: OpenerDirector, url: str, form: dict[str, str] | None = None) -> Answer:
    body = None if form is None else urlencode(form).encode()
    sent = Request(url, data=body, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    began = time.perf_counter()
    try:
        with browser.open(sent) as answer:
            raw, status, headers = answer.read(), answer.status, answer.headers
    except HTTPError as error:
        raw, status, headers = error.read(), error.code, error.headers
    took = (time.perf_counter() - began) * 1000
    text = _unpacked(raw, headers)
    told = re.search(r"dur=([\d.]+)", headers.get("server-timing") or "")
    return Answer(status, text, len(raw), took, float(told[1]) if told else took)


def _unpacked(raw: bytes, headers: Any) -> str:
    return (gzip.decompress(raw) if headers.get("content-encoding") == "gzip" else raw).decode()


def signed_in(url: str, account: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    ask(browser, url + "/sign-in/simulated", {"account": account, "next": "/me"})
    return browser


def pages_of(browser: OpenerDirector, url: str) -> Iterator[str]:
    """The menu, everything under 全部功能, and one thing of each list."""
    waiting, seen, kinds = ["/", "/me", "/all"], set[str](), set[str]()
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        kind = re.sub(r"/[^/]*\d[^/]*", "/*", path)
        if path in seen or kind in kinds or path.startswith(LEFT_OUT):
            continue
        seen.add(path)
        kinds.add(kind)
        answer = ask(browser, url + path)
        if answer.status == 200:
            yield path
            waiting += LINK.findall(answer.text)


def p95(found: list[float]) -> float:
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


def tell_pages(url: str, players: dict[str, str]) -> None:
    print(f"{'role':<18} {'page':<44} {'median':>7} {'p95':>7} {'KB':>6}")
    slowest = 0.0
    for role, account in players.items():
        browser = signed_in(url, account)
        for path in pages_of(browser, url):
            found = [ask(browser, url + path) for _ in range(TURNS)]
            times = [one.server_ms for one in found]
            slowest = max(slowest, p95(times))
            middle, size = statistics.median(times), found[-1].size / 1024
            print(f"{role:<18} {path[:44]:<44} {middle:7.1f} {p95(times):7.1f} {size:6.1f}")
    print(f"slowest p95: {slowest:.1f} ms")


def tell_desk(url: str, account: str, clerks: int) -> None:
    """Each clerk opens the desk, logs, and looks at what he logged."""

    def work(number: int) -> list[float]:
        browser, times = signed_in(url, account), []
        for turn in range(TURNS):
            page = ask(browser, url + "/desk")
            fields = dict(re.findall(r'name="(_csrf|_key|point)" value="([^"]*)"', page.text))
            form = {
                **fields, "service": "consultation", "subject": f"压力测试{number}-{turn}",
                "outcome": "answered", "channel": "counter", "minutes": "1",
            }  # fmt: skip
            answer = ask(browser, url + "/desk", form)
            assert answer.status == 200, answer.status
            times.append(answer.ms)
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(clerks) as pool:
        times = [one for found in pool.map(work, range(clerks)) for one in found]
    rate = len(times) / (time.perf_counter() - began)
    told = f"median {statistics.median(times):.0f} ms, p95 {p95(times):.0f} ms, {rate:.1f} a second"
    print(f"desk, {clerks} clerks at once, posted and shown again: {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--clerks", type=int, default=0)
    given = parser.parse_args()
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    players: dict[str, str] = {}
    for role, account in PLAYER.findall(ask(browser, given.url + "/sign-in").text):
        players.setdefault(role, account)
    if given.clerks:
        tell_desk(given.url, players["duty_officer"], given.clerks)
    else:
        tell_pages(given.url, players)


if __name__ == "__main__":
    main()
