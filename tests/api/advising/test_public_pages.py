"""Pages for everybody: where to get legal help, when it is open, and who advises there."""

import gzip
import re
from typing import Any, Final

import httpx
from msgspec import to_builtins

from api.advising.pages.public import ON_A_PAGE
from api.pages.assets import assets
from domain.registration.division_commands import ListDivision
from domain.registration.point_commands import OpenPoint
from tests.api.advising.test_duties import VILLAGE
from tests.api.advising.test_oversight import appointed
from tests.api.conftest import Api
from tests.examples import OPENED

STRANGE: Final = '<script>alert(1)</script>"><b>'
WEIGHT_MAX: Final = 50 * 1024


def directory(api: Api, path: str = "/public/directory", **query: Any) -> httpx.Response:
    return api.client.get(path, params=query)


def opened(api: Api, code: str, name: str, **more: Any) -> None:
    given = {one: getattr(OPENED, one) for one in OpenPoint.__struct_fields__}
    body = to_builtins(OpenPoint(**{**given, "code": code, "name": name, **more}))
    answer = api.post("/points", body, by="admin")
    assert answer.status_code == 201, answer.text


def listed(api: Api, code: str, name: str) -> None:
    body = to_builtins(ListDivision(code=code, name=name, source="test"))
    answer = api.post("/divisions", body, by="admin")
    assert answer.status_code == 201, answer.text


def names(shown: httpx.Response) -> list[str]:
    return [re.sub("<[^>]+>", "", one) for one in re.findall("<h2[^>]*>(.*?)</h2>", shown.text)]


def weight(shown: httpx.Response) -> int:
    sheets = re.findall(r'href="/static/[0-9a-f]+/([\w.]+)"', shown.text)
    return len(gzip.compress(shown.content, 5)) + sum(len(assets()[one].packed) for one in sheets)


def test_points_and_advisers_are_found_by_place_and_by_name(api: Api) -> None:
    listed(api, "440103", "荔湾区")
    listed(api, VILLAGE[:9], "逢源街道")
    listed(api, VILLAGE, "华贵社区")
    appointed(api)
    api.project()
    every = directory(api)
    assert every.status_code == 200
    assert "荔湾区</option>" in every.text
    assert names(every)[-1] == "陈律师"
    assert "<script" not in every.text
    for near in ("华贵", "華貴", " 华贵 ", "荔湾 华贵"):
        assert "逢源街公共法律服务工作室" in names(directory(api, near=near)), near
        assert "陈律师" in names(directory(api, near=near)), near
    assert names(directory(api, near="陈律师")) == ["陈律师"]
    assert names(directory(api, division="440199")) == ["没有找到"]
    assert names(directory(api, kind="adviser")) == ["陈律师"]


def test_an_odd_question_is_answered_with_a_page(api: Api) -> None:
    api.project()
    for query in (
        {"near": STRANGE}, {"near": "x" * 101}, {"near": "a"},
        {"near": "一 二 三 四 五"}, {"near": "%"}, {"kind": "castle"},
        {"division": "'; DROP TABLE"}, {"cursor": "guessed"}, {"limit": "100000"}, {"utm": "1"},
    ):  # fmt: skip
        shown = directory(api, **query)
        assert shown.status_code in (200, 422), query
        assert "找服务点和法律顾问" in shown.text
        assert "<script" not in shown.text
    twice = api.client.get("/public/directory?near=a&near=b")
    assert (twice.status_code, "12348" in twice.text) == (400, True)


def test_a_long_list_comes_in_pages_that_are_light(api: Api) -> None:
    for number in range(45):
        opened(api, f"ROOM-{number + 100}", f"第{number}{'长' * 12}工作室{STRANGE}")
    api.project()
    found: list[str] = []
    path: str | None = "/public/directory?kind=room"
    while path is not None:
        shown = api.client.get(path)
        assert weight(shown) <= WEIGHT_MAX
        assert "<script" not in shown.text
        assert len(names(shown)) <= ON_A_PAGE
        found += names(shown)
        link = re.search('rel="next" href="([^"]+)"', shown.text)
        path = None if link is None else link[1].replace("&amp;", "&")
    assert len(found) == len(set(found)) == 46


def test_the_page_of_a_point_tells_its_hours_and_is_kept_as_long_as_it_is_the_newest(
    api: Api,
) -> None:
    opened(api, "ROOM-7", f"七号{STRANGE}工作室")
    appointed(api)
    api.project()
    shown = directory(api, "/public/points/ROOM-1")
    assert shown.status_code == 200
    assert "现在开门" in shown.text or "现在关门" in shown.text
    assert "周一至周五" in shown.text
    assert "陈律师" in shown.text
    assert "http" in re.findall("<figcaption>.*?</figcaption>", shown.text)[0]
    assert shown.text.count('class="qr') == 1
    assert weight(shown) <= WEIGHT_MAX
    assert shown.headers["cache-control"] == "no-cache"
    again = api.client.get(
        "/public/points/ROOM-1", headers={"If-None-Match": shown.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "<script" not in directory(api, "/public/points/ROOM-7").text
    version = api.get("/points/ROOM-1").json()["version"]
    closed = api.post("/points/ROOM-1/close", {"reason": "合并"}, by="admin", seen=version)
    assert closed.status_code == 200, closed.text
    api.project()
    gone = directory(api, "/public/points/ROOM-1")
    never = directory(api, "/public/points/ROOM-NEVER")
    person = directory(api, "/public/points/A-1")
    assert {one.status_code for one in (gone, never, person)} == {404}
    assert "没有这个服务点" in gone.text


def test_the_api_tells_hours_and_finds_by_place_as_the_pages_do(api: Api) -> None:
    listed(api, VILLAGE, "华贵社区")
    api.project()
    path = "/public/directory"
    rows = api.get(path, by=None, near="华贵", order="open").json()["rows"]
    (room,) = [one for one in rows if one["code"] == "ROOM-1"]
    assert room["calendar"] == "gz-office"
    assert set(room["hours"]) == {
        "open_now", "until", "opens_at", "today", "today_is", "why", "week",
    }  # fmt: skip
    assert len(room["hours"]["week"]) == 7
    (same,) = api.get(path, by=None, code="ROOM-1").json()["rows"]
    assert same == room
    seen: list[str] = []
    cursor = None
    while True:
        asked: dict[str, Any] = {"order": "open", "limit": 1}
        asked |= {"cursor": cursor} if cursor else {}
        answer = api.get(path, by=None, **asked).json()
        seen += [one["code"] for one in answer["rows"]]
        if (cursor := answer["next_cursor"]) is None:
            break
    assert sorted(seen) == ["A-1", "ROOM-1", "STATION-1"]
    assert seen[-1] == "A-1"
