"""Every page and every form with its errors, looked at by axe in both languages, three widths, and
with colours forced: what the suite sees once, in all of its combinations.

A small office is simulated and served. Usage: python -m tools.walk [--narrowest]"""

import argparse
import sys

from playwright.sync_api import sync_playwright

from tests.web.conftest import DESK, PHONE, program, served
from tests.web.test_every_page import NARROW, Look, ways_of, window
from tests.web.walking import walking

LOOKS = [
    Look(language, width, forced)
    for forced in (False, True)
    for language in ("zh", "en")
    for width in (DESK, PHONE, NARROW)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--narrowest", action="store_true", help="only 320 px wide")
    narrowest = parser.parse_args().narrowest
    looks = [one for one in LOOKS if one.width == NARROW or not narrowest]
    wrong: list[str] = []
    with served() as office, sync_playwright() as playwright:
        found = program()
        if found is None:
            raise SystemExit("no Chromium here: apt-get install chromium fonts-noto-cjk")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        windows = [window(browser, office, look) for look in looks]
        with walking(office.url, office.shell.home) as (world, posts):
            for post, paths in ways_of(world, posts):
                for one in windows:
                    one.sit_down(post)
                    for path, form in paths:
                        one.draw(path)
                        wrong += one.wrong(path)
                        if form is not None:
                            one.draw(path, form)
                            wrong += one.wrong(f"{path} sent")
                print(f"{post.by.role}@{post.by.unit}: {len(paths)} pages in {len(looks)} looks")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
