"""Every page and every form as every post, inside and outside what it reaches, over HTTP.

A page or a form that is added is walked. The pages must agree with the rights, and with the API.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import chain
from typing import Final

import httpx
import pytest

from api.pages.routing import Routing
from api.serving.pages import pages
from api.serving.questions import QUESTIONS
from domain.vocabulary import Actor
from tests.web.walking import (
    CITY,
    PAGES,
    ROUTE,
    SECRET,
    Case,
    Post,
    Standing,
    World,
    cases_of,
    of_page,
    standing_of,
)

pytestmark = pytest.mark.timeout(300)


def wrong_of(world: World, post: Post, case: Case, forged: set[str]) -> Iterator[str]:
    """Say what a page does that the rights do not allow, or does not do that they allow.

    forged: paths of the forms that were sent as from another page already; this one joins them.
    """
    # Whoever may not send a form is told what he is told instead of it.
    only_sent = case.standing != "mine" and case.page.take is not None
    shown = post.send(case.path) if only_sent else post.look(case.path)
    yield from wrong_status(post, case, shown)
    yield from leaks(world, post.by, case, shown.text)
    if shown.status_code == 200:
        yield from closed_doors(world, post.by, shown.text)
    if case.page.take is not None and not only_sent:
        yield from wrong_form(post, case, shown, forged)


REFUSED: Final[Mapping[Standing, Sequence[int]]] = {
    "for another role": (403,), "unreadable": (404, 409), "out of reach": (409,),
}  # fmt: skip
"""What is said to whom a page is not for: of a form he may read the thing of, as the rules do."""


def wrong_status(post: Post, case: Case, shown: httpx.Response) -> Iterator[str]:
    status, right = shown.status_code, REFUSED.get(case.standing, (200, 303))
    if status not in right and not (case.made_up and case.page.under in QUESTION):
        yield f"answers {status}"
    if status >= 400 and not HEADING.search(shown.text):
        yield f"{status} without a page"
    if case.page.under in QUESTION and case.standing != "for another role":
        told = post.ask(case.path)
        if told != status and (told, status) != (ASKS_FOR_MORE, 200):
            yield f"answers {status}, the API {told}"


QUESTION: Final = frozenset(one.under for one in QUESTIONS)
ASKS_FOR_MORE: Final = 400
"""What a question refuses for want of a parameter, its page asks for."""
HEADING: Final = re.compile("<h1[^>]*>[^<]*[^<> \n]")


def wrong_form(post: Post, case: Case, shown: httpx.Response, forged: set[str]) -> Iterator[str]:
    own_form = f'method="post" action="{case.path}"' in shown.text
    sent = post.send(case.path).status_code
    if case.page.under in ROUTE:
        if sent not in NOT_TAKEN:
            yield f"sent answers {sent}"
    elif own_form and sent in (403, 404):
        yield f"shows a form that answers {sent}"
    if own_form and case.page.under not in forged:
        forged.add(case.page.under)
        if post.send(case.path, csrf="x").status_code != 403:
            yield "takes what is not from our page"


NOT_TAKEN: Final = (303, 409, 412, 422)
"""What a form without anything in it comes to, where it may be sent."""


def leaks(world: World, by: Actor, case: Case, html: str) -> Iterator[str]:
    """Look for things that the post may not read."""
    if SECRET in html and by.unit != CITY:
        yield "tells the secret"
    if case.page.right.scope == "own":
        # What waits at a window is the device's to show, wherever it is dealt with meanwhile.
        return
    for found in set(ID.findall(html)) - set(ID.findall(case.path)):
        thing = world.by_id.get(found)
        if thing is not None and not world.readable(by, thing):
            yield f"names {thing.of} {found}"


def closed_doors(world: World, by: Actor, html: str) -> Iterator[str]:
    """Look for links and forms that would be refused."""
    main = MAIN.search(html)
    for link in set(LINK.findall(main[0] if main else "")):
        found = ROUTING.find(unescape(link))
        if found is None:
            continue
        page, path = found
        if page not in PAGES:
            continue
        if by.role not in page.right.roles:
            yield f"leads to {link}"
        elif path and (thing := world.at(page, path)) is not None:
            route = ROUTE.get(page.under)
            standing = standing_of(world, by, page, thing)
            impossible = (
                route is not None
                and page.under.count("{") == 1
                and thing.kind == route.kind
                and not route.possible(thing.state)
            )
            if standing != "mine" or impossible:
                yield f"leads to {link}, {standing}"


MAIN: Final = re.compile("<main.*</main>", re.DOTALL)
LINK: Final = re.compile('(?:href|action)="(/[^"?#]*)')
ID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROUTING: Final = Routing(pages())


# --- the walk


def test_every_page_and_form_is_for_whom_the_rights_say_inside_and_outside(
    walkers: tuple[World, Sequence[Post]],
) -> None:
    world, posts = walkers
    forged: set[str] = set()
    counted: Counter[Standing] = Counter()

    def walked(post: Post) -> list[tuple[str, ...]]:
        wrong: list[tuple[str, ...]] = []
        for case in cases_of(world, post.by):
            counted[case.standing] += 1
            found = wrong_of(world, post, case, forged)
            wrong += [(post.by.role, post.by.unit, case.path, one) for one in found]
        return wrong

    with ThreadPoolExecutor(2) as pool:
        assert list(chain.from_iterable(pool.map(walked, posts))) == []
    assert counted["unreadable"] > 100
    assert counted["out of reach"] > 10
    assert counted["mine"] > 1000
    assert len(forged) > 100


def test_the_walk_goes_to_things_of_every_kind(walkers: tuple[World, Sequence[Post]]) -> None:
    world, _ = walkers
    assert {of_page(one) for one in PAGES if "{" in one.under} - world.things.keys() == set()
