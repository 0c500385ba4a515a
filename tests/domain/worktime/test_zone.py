"""Time zones by name: one that does not exist stops nobody."""

import pytest

from domain.vocabulary import CHINA
from domain.worktime.zone import zone_counted, zone_named, zone_of

ABSURD = ("Asia/Guangzhou", "Asia", "", "../etc/passwd", "/etc", "a\0b", "x" * 300)


@pytest.mark.parametrize("name", ABSURD)
def test_f3_what_is_no_zone_is_counted_by_guangzhou(name: str) -> None:
    assert zone_named(name) is None
    assert zone_of(name).key == CHINA
    assert zone_counted(name) == CHINA


def test_a_zone_is_itself() -> None:
    assert zone_of("Asia/Urumqi").key == zone_counted("Asia/Urumqi") == "Asia/Urumqi"
