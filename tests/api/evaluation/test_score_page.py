"""My score, as a page: so far and as determined, each point with its records."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from api.serving.app import application_of, wire
from api.web.watch import watched
from domain.vocabulary import Actor
from tests.api.conftest import ACTORS, Api, settings_of
from tests.api.evaluation.test_evaluations import adviser_of, opened, published
from tests.databases import Database
from tests.evaluating import PERIOD, Town, a_town


@pytest.fixture
def town(database: Database) -> Town:
    return a_town(database.app_url)


@pytest.fixture
def doors(town: Town, database: Database, home: Path) -> Iterator[Api]:
    """Pages over that log, for one whom the evaluation is about."""
    more = {
        "leader": Actor(account="leader-1", role="supervisor", unit="4401"),
        "evaluated": Actor(
            account="own-1", role="adviser", unit="440104001001", adviser=adviser_of(town)
        ),
    }
    wiring = wire(replace(settings_of(database, home), tokens=ACTORS | more), database.app_url)
    app = watched(application_of(wiring), wiring.metrics)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, database, count(1))


def score(api: Api, by: str = "evaluated", **query: str) -> httpx.Response:
    headers = {"Accept": "text/html", "Authorization": f"Bearer {by}"}
    return api.client.get("/score", params=query, headers=headers)


def test_the_score_so_far_and_the_published_one_name_their_records(doors: Api, town: Town) -> None:
    doors.project()
    own = adviser_of(town)
    first = score(doors, period=PERIOD)
    assert first.status_code == 200, first.text
    assert "还没有公布过你的考核结果" in first.text
    assert "file-objection" not in first.text

    path = opened(doors)
    doors.project()
    open_now = score(doors, period=PERIOD)
    ran = doors.get(
        "/evaluations/run", by="evaluated", ruleset="adviser-year@1", period=PERIOD, subjects=own
    )
    (one,) = ran.json()["results"]
    assert one["result"]["score"] in open_now.text
    assert "adviser-year@1" in open_now.text
    visits = [
        ref["stream"]
        for item in one["tree"]["items"]
        for leaf in item.get("items", ())
        for ref in leaf["used"]
        if ref["fact"] == "visit"
    ]
    assert visits
    assert f'href="/worklogs/{visits[0]}"' in open_now.text

    published(doors, path)
    after = score(doors, period=PERIOD)
    assert f'href="{path}/explain/{own}"' in after.text
    assert f'href="{path}/file-objection?subject={own}"' in after.text
    assert "还没有公布过你的考核结果" not in after.text


def test_whose_score_it_is(doors: Api) -> None:
    doors.project()
    assert "没有对应到顾问名册里的人" in score(doors, by="clerk").text
    assert score(doors, by="committee").status_code == 403
    assert score(doors, period="soon").status_code == 400
    complaints = re.findall('href="/complaints/', score(doors, period=PERIOD).text)
    assert complaints == []
