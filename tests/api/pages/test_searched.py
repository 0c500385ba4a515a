"""Searching by what people are called: posted, and in no address."""

import json
import re
from html import unescape
from typing import Final

import httpx
import pytest

from api.requests.desk import initials
from api.requests.subjects import COMMON
from tests.api.conftest import Api

NAME: Final = "陈小明"
PHONE: Final = "13800001234"


def send(api: Api, path: str, by: str = "clerk", **form: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {by}"}
    return api.client.post(path, data=form, headers=headers, follow_redirects=False)


def look(api: Api, path: str, by: str = "clerk") -> httpx.Response:
    return api.client.get(path, headers={"authorization": f"Bearer {by}"})


def addresses(page: str) -> list[str]:
    return [unescape(one) for one in re.findall('(?:href|action|src)="([^"]*)"', page)]


@pytest.mark.parametrize("words", [NAME, PHONE, f"小明 {PHONE[-4:]}"])
@pytest.mark.parametrize(("path", "field"), [("/find", "q"), ("/requests", "text")])
def test_what_is_looked_for_stands_in_no_address(
    api: Api, path: str, field: str, words: str
) -> None:
    request = api.logged()
    api.logged(visitor={"name": "别人", "phone": "13900000000"})
    api.project()
    led = send(api, path, **{field: words})
    assert led.status_code == 303
    address = led.headers["location"]
    assert address.startswith("/requests?text=")
    found = look(api, address)
    assert found.status_code == 200
    assert f"/requests/{request}" in found.text
    assert f'value="{words}"' in found.text, "the filter shows what was looked for"
    for one in (address, *addresses(found.text)):
        assert words not in unescape(one)
        assert "%E9%99%88" not in one


@pytest.mark.parametrize("name", ["王芳", "欧阳娜", "欧阳娜娜"])
def test_peers_19_names_of_two_to_four_characters_alone_and_mixed_with_digits(
    api: Api, name: str
) -> None:
    """Zammad 1696. Over HTTP: the page has a form and no script in it."""
    phone = "13911112222"
    request = api.logged(visitor={"name": name, "phone": phone}, subject="拖欠工资")
    others = [api.logged(visitor={"name": one, "phone": PHONE}) for one in ("王家栋", "李娜")]
    api.project()
    for words in (name, f"{name} {phone}", f"2222 {name}", f"{name}　1391", f"{name} 工资"):
        page = look(api, send(api, "/find", q=words).headers["location"]).text
        assert f"/requests/{request}" in page, words
        assert not any(f"/requests/{one}" in page for one in others), words


def test_peers_19_subjects_are_found_by_the_first_letters_of_how_they_are_read(api: Api) -> None:
    desk = look(api, "/desk").text
    held = desk.partition('id="catalogue">')[2].partition("</script>")[0]
    assert [initials(one) for one in ("拖欠工资", "12348 转来的", "拖欠3月工资")] == [
        "tqgz",
        "12348zld",
        "tq3ygz",
    ]
    assert [[one, initials(one)] for one in COMMON] == json.loads(held)


def test_a_sealed_search_is_of_who_made_it(api: Api) -> None:
    address = send(api, "/find", q=NAME).headers["location"]
    api.project()
    assert look(api, address).status_code == 200
    other = look(api, address, by="colleague")
    assert other.status_code in (400, 422)
    assert NAME not in other.text
    cut = look(api, address[:-3])
    assert cut.status_code in (400, 422)
    assert send(api, "/find", q=NAME).headers["location"] != address


def test_lists_of_cases_are_searched_by_a_form_that_is_posted(api: Api) -> None:
    api.project()
    for path in ("/requests", "/complaints"):
        page = look(api, path, by="leader").text
        form = next(one for one in re.findall("<form[^>]*>", page) if "filters" in one)
        assert 'method="post"' in form, path
    assert 'method="get"' in look(api, "/points").text
    led = send(api, "/requests", status="open", text="", service="consultation")
    assert led.headers["location"] == "/requests?service=consultation&status=open"
