"""Whose address a request has, and for whom its cookies are."""

from typing import Any, cast

import pytest
from litestar.types import Scope

from api.settings import SettingInvalid
from api.web.calling import address_of, cookie_set, is_plain, networks_of, session_cookie


def scope(client: str, host: str, *headers: tuple[str, str], scheme: str = "http") -> Scope:
    sent = [("host", host), *headers]
    made: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "client": (client, 5),
        "headers": [(name.encode(), value.encode()) for name, value in sent],
    }
    return cast(Scope, made)


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_a_proxy_of_ours_says_who_called(client: str, forwarded: str, address: str) -> None:
    asked = scope(client, "office.example", ("x-forwarded-for", forwarded))
    assert address_of(asked, networks_of("10.0.0.0/24")) == address


def test_without_proxies_nobody_says_who_called() -> None:
    asked = scope("127.0.0.1", "office.example", ("x-forwarded-for", "198.51.100.1"))
    assert address_of(asked, networks_of(None)) == "127.0.0.1"
    with pytest.raises(SettingInvalid, match="proxies"):
        networks_of("somewhere")


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        (scope("127.0.0.1", "127.0.0.1:8000"), True),
        (scope("127.0.0.1", "localhost:8000"), True),
        (scope("127.0.0.1", "office.example"), False),
        (scope("127.0.0.1", "localhost:8000", ("x-forwarded-for", "1.2.3.4")), False),
        (scope("127.0.0.1", "localhost", ("forwarded", "for=1.2.3.4")), False),
        (scope("127.0.0.1", "localhost", scheme="https"), False),
        (scope("192.0.2.1", "localhost"), False),
        (scope("127.0.0.1", "["), False),
    ],
)
def test_a_cookie_without_tls_is_for_this_machine_alone(asked: Scope, plain: bool) -> None:  # noqa: FBT001
    assert is_plain(asked) == plain
    name, _, attributes = cookie_set(asked, "value")[1].decode().partition("=")
    assert name == ("anjuan" if plain else "__Host-anjuan")
    assert ("; Secure" in attributes) != plain


def test_a_cookie_that_any_name_may_plant_opens_nothing_over_tls() -> None:
    planted = scope("192.0.2.1", "office.example", ("cookie", "anjuan=planted"))
    assert session_cookie(planted) is None
