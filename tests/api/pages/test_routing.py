"""Paths, and the pages they lead to."""

from typing import Final
from uuid import UUID

import pytest

from api.pages.page import Html, Page, Visit, local, url
from api.pages.routing import Routing

ID: Final = "00000000-0000-4000-8000-000000000009"


async def show(visit: Visit) -> Html:
    return Html(template=visit.here)


def page(under: str) -> Page:
    return Page(under=under, of="Me", show=show)


ROUTING: Final = Routing(
    [page("/"), page("/x"), page("/x/counts"), page("/x/{id:uuid}"), page("/x/{code:str}/close")]
)


@pytest.mark.parametrize(
    ("path", "under"),
    [
        ("/", "/"),
        ("/x", "/x"),
        ("/x/", "/x"),
        ("/x/counts", "/x/counts"),
        (f"/x/{ID}", "/x/{id:uuid}"),
        ("/x/A-1/close", "/x/{code:str}/close"),
    ],
)
def test_a_path_leads_to_its_page(path: str, under: str) -> None:
    found = ROUTING.find(path)
    assert found is not None
    assert found[0].under == under


@pytest.mark.parametrize(
    "path", ["/y", "/x/no-uuid", "/x//close", "/x/A/b/close", "", "/x/A.close"]
)
def test_what_leads_nowhere_is_none(path: str) -> None:
    found = ROUTING.find(path)
    assert found is None or path == ""


def test_parameters_are_what_they_are_declared_to_be() -> None:
    found = ROUTING.find(f"/x/{ID}")
    assert found is not None
    assert found[1] == {"id": UUID(ID)}


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/requests?text=a", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("", False),
        (None, False),
    ],
)
def test_a_target_from_elsewhere_is_not_followed(target: str | None, kept: bool) -> None:  # noqa: FBT001
    assert local(target) == (target if kept else None)


def test_addresses_are_escaped() -> None:
    assert url("/points/A 1", q="拖欠", none=None) == "/points/A%201?q=%E6%8B%96%E6%AC%A0"
