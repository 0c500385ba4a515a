"""Pictures of the pages of every role, in both languages, for a desk and a phone: build/screens.

A small office is simulated and served. Usage: python -m tools.screens [--role ROLE | --readme]
With --readme only the three of README.md, in docs/screens, with at most 256 colours."""

import argparse
import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import DESK, PHONE, program, served

OUT = Path(__file__).parents[1] / "build" / "screens"
MORE = {"public": ("/sign-in", "/public/directory", "/help")}
README = Path(__file__).parents[1] / "docs" / "screens"
"""Pictures of the README: who looks, how wide his window is, at what, and at which thing of it."""
SHOWN = (
    ("desk", "duty_officer", DESK, "/desk", None),
    ("request", "duty_officer", DESK, "/requests?service=legal_aid", "tbody th a"),
    ("month", "adviser", PHONE, "/month", None),
)
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


COLOURS = """async (png) => {
  const image = await createImageBitmap(await (await fetch(png)).blob());
  const {width, height} = image;
  const drawn = new OffscreenCanvas(width, height).getContext('2d');
  drawn.drawImage(image, 0, 0);
  const {data} = drawn.getImageData(0, 0, width, height), count = new Map();
  const at = (i) => data[i] << 16 | data[i + 1] << 8 | data[i + 2];
  for (let i = 0; i < data.length; i += 4) count.set(at(i), (count.get(at(i)) ?? 0) + 1);
  const palette = [...count].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([one]) => one);
  const near = new Map(palette.map((one, i) => [one, i]));
  const part = (a, b, by) => ((a >> by & 255) - (b >> by & 255)) ** 2;
  const far = (a, b) => part(a, b, 16) + part(a, b, 8) + part(a, b, 0);
  const index = new Uint8Array(width * height);
  for (let i = 0; i < index.length; i++) {
    const one = at(i * 4);
    if (!near.has(one)) {
      let best = 0;
      palette.forEach((other, at) => { if (far(one, other) < far(one, palette[best])) best = at; });
      near.set(one, best);
    }
    index[i] = near.get(one);
  }
  let text = '';
  for (let i = 0; i < index.length; i += 8192)
    text += String.fromCharCode(...index.subarray(i, i + 8192));
  return [width, height, palette, btoa(text)];
}"""
"""The commonest 256 colours of a picture, and which of them each of its points is nearest to."""


def with_few_colours(page: Page, png: bytes) -> bytes:
    """Write a picture anew with a palette: a third of its size."""
    page.goto("about:blank")
    given = "data:image/png;base64," + base64.b64encode(png).decode()
    width, height, palette, text = page.evaluate(COLOURS, given)
    index = base64.b64decode(text)
    rows = b"".join(b"\0" + index[y * width : (y + 1) * width] for y in range(height))
    colours = b"".join(one.to_bytes(3, "big") for one in palette)

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(rows, 9))
    parts = (chunk(b"IHDR", head), chunk(b"PLTE", colours), packed, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def take_for_readme(browser: Browser, url: str) -> None:
    README.mkdir(exist_ok=True)
    for name, role, width, path, thing in SHOWN:
        context = browser.new_context(viewport={"width": width, "height": 760})
        page = context.new_page()
        page.goto(url + "/sign-in")
        page.locator(f'form[data-role="{role}"] button').first.click()
        page.goto(url + path)
        if thing is not None:
            page.locator(thing).first.click()
            page.wait_for_load_state()
        png = with_few_colours(page, page.screenshot())
        (README / f"{name}.png").write_bytes(png)
        print(f"docs/screens/{name}.png: {len(png) // 1000} kB")
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role")
    parser.add_argument("--readme", action="store_true")
    given = parser.parse_args()
    wanted = given.role
    with served() as office, sync_playwright() as playwright:
        found = program()
        if found is None:
            raise SystemExit("no Chromium here: apt-get install chromium fonts-noto-cjk")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        take_for_readme(browser, office.url)
        if given.readme:
            return
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
