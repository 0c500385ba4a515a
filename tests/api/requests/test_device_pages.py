"""The rating device at a window: stands by, is shown to the person, takes one tap."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
import psycopg
import pytest

from api.reactions.running import Policies
from tests.api.conftest import Api
from tests.api.requests.test_audit_4_5 import at_window, placed

DEVICE: Final = {"Authorization": "Bearer device"}


@pytest.fixture
def policies(api: Api) -> Iterator[Policies]:
    url = api.database.app_url
    with psycopg.connect(url, autocommit=True) as connection, Policies(url, connection) as made:
        yield made


def screen(api: Api, path: str = "/device") -> httpx.Response:
    return api.client.get(path, headers=DEVICE)


def tap(api: Api, shown: httpx.Response, **more: Any) -> httpx.Response:
    """Send the form that the screen shows."""
    form = dict(re.findall('type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    return api.client.post("/device", data={**form, **more}, headers=DEVICE)


def test_the_device_is_shown_to_the_person_takes_one_tap_and_stands_by_again(
    api: Api, policies: Policies
) -> None:
    placed(api)
    idle = screen(api)
    assert idle.status_code == 200
    assert "开始评价" not in idle.text
    request, other = at_window(api, policies), at_window(api, policies, "W2")
    offered = screen(api)
    assert request in offered.text
    assert other not in offered.text

    asks = tap(api, offered)
    assert asks.text.count('name="grade"') == 5
    for private in ("陈小明", "拖欠工资", "陈律师", "clerk-1"):
        assert private not in asks.text
    # More time, and the same service offered again, make no second code.
    assert tap(api, asks).status_code == 200
    assert tap(api, offered).text.count('name="grade"') == 5
    codes = api.get(f"/streams/rating/{request}/events", by="auditor").json()["events"]
    assert [one["topic"] for one in codes].count("rating.code_issued/1") == 1

    done = tap(api, asks, grade="2")
    assert "已收到你的评价：不满意" in done.text
    given = api.get(f"/requests/{request}/rating").json()["state"]["given"]
    assert (given["grade"], given["device"]) == (2, "device-1")
    # The view may not know it yet: what was passed over or answered is not offered again.
    (back,) = re.findall('data-goes-to="([^"]+)"', done.text)
    assert "开始评价" not in screen(api, back.replace("&amp;", "&")).text
    again = tap(api, asks, grade="5", _key="another tap")
    assert again.status_code == 409
    assert "这次没有记下" in again.text


def test_not_to_rate_is_nobodys_fact_and_other_windows_are_not_reached(
    api: Api, policies: Policies
) -> None:
    placed(api)
    request, other = at_window(api, policies), at_window(api, policies, "W2")
    asks = tap(api, screen(api))
    (back,) = re.findall('<a class="btn btn-plain" href="([^"]+)">不评价', asks.text)
    idle = screen(api, back.replace("&amp;", "&"))
    assert "开始评价" not in idle.text
    assert api.get(f"/requests/{request}/rating").json()["state"]["given"] is None
    elsewhere = api.client.post("/device", data={"request": other}, headers=DEVICE)
    assert elsewhere.status_code == 409
    for form in ({"request": "<script>"}, {}, {"request": request, "token": "x", "grade": "5"}):
        answer = api.client.post("/device", data=form, headers=DEVICE, follow_redirects=True)
        assert answer.status_code in (200, 404, 409)
        assert "<script>" not in answer.text
    assert screen(api, "/device?after=yesterday").status_code == 200


def test_the_page_is_for_devices_that_stand_at_a_window(api: Api) -> None:
    assert screen(api).status_code == 403
    for staff in ("clerk", "leader", "auditor"):
        headers = {"Authorization": f"Bearer {staff}"}
        assert api.client.get("/device", headers=headers).status_code == 403
    nobody = api.client.get("/device", follow_redirects=False)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/sign-in?next=%2Fdevice")


def test_what_was_asked_long_ago_is_not_shown_to_whoever_comes_now(
    api: Api, policies: Policies, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(api)
    at_window(api, policies)
    monkeypatch.setattr("api.requests.device_pages.PUSHED_WITHIN", timedelta(minutes=-1))
    assert "开始评价" not in screen(api).text
