"""The adviser's month, as a page: what is missing, by which rule, and what waits."""

import httpx

from tests.api.conftest import Api


def month(api: Api, by: str = "lawyer", **query: str) -> httpx.Response:
    api.project()
    return api.client.get("/month", params=query, headers={"Authorization": f"Bearer {by}", "Accept": "text/html"})


def test_month(api: Api) -> None:
    api.served_by_firm()
    answer = month(api)
    assert answer.status_code == 200, answer.text


def test_whole(api: Api) -> None:
    answer = api.client.get("/worklogs/@new", params={"whole": "1"}, headers={"Authorization": "Bearer lawyer", "Accept": "text/html"})
    assert answer.status_code == 200, answer.text
