"""The first events of a log: the shipped calendars, rules and forms, once."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

import pytest
from msgspec.structs import replace

from domain.registers.policy import LIMITS_POLICY
from domain.registration.point_commands import OpenPoint
from domain.registration.policy_commands import PublishPolicy
from domain.vocabulary import Actor, stream_id
from ledger.founding.founding import Publication, publish_shipped, shipped
from ledger.founding.shipped import shipped_calendars, shipped_policies
from ledger.log.store import Ledger
from tests.databases import Database
from tests.examples import OPENED

FOUNDER: Final = Actor(account="founder", role="administrator", unit="4401")


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    with Ledger(database.app_url) as opened:
        yield opened


def founded(ledger: Ledger) -> list[Publication]:
    return list(publish_shipped(ledger, FOUNDER))


def outcomes(found: list[Publication], code: str) -> list[str]:
    return [one.outcome for one in found if one.code == code]


def head(ledger: Ledger) -> int:
    (row,) = ledger.recorder.rows("SELECT position FROM log_head", {})
    return int(row["position"])


def test_an_empty_log_gets_every_version_of_what_is_shipped_and_a_point_can_be_opened(
    ledger: Ledger,
) -> None:
    found = founded(ledger)
    assert {one.outcome for one in found} == {"published"}
    assert len(found) == len(shipped()) == head(ledger)
    assert {one.kind for one in found} == {"calendar", "policy", "form", "ruleset"}
    registers = ledger.registers()
    newest = shipped_policies()[2].policy
    assert registers.policies[LIMITS_POLICY].versions[-1] == newest
    assert {one.calendar.ref for one in shipped_calendars()} <= set(registers.calendars)
    point = OpenPoint(**{name: getattr(OPENED, name) for name in OpenPoint.__struct_fields__})
    assert ledger.execute(stream_id("point", point.code), point, by=FOUNDER).events


def test_a_log_that_was_founded_gets_nothing_more(ledger: Ledger) -> None:
    founded(ledger)
    before = head(ledger)
    assert {one.outcome for one in founded(ledger)} == {"there"}
    assert head(ledger) == before


def test_a_founding_that_was_interrupted_is_finished(ledger: Ledger) -> None:
    assert len(list(islice(publish_shipped(ledger, FOUNDER), 3))) == 3
    found = [one.outcome for one in founded(ledger)]
    assert found == ["there"] * 3 + ["published"] * (len(shipped()) - 3)


def test_what_a_log_publishes_itself_is_kept(ledger: Ledger) -> None:
    first, second, *_ = shipped_policies()
    ours = replace(second.policy, basis="本市规则")
    for policy in (first.policy, ours):
        command = PublishPolicy(policy=policy)
        ledger.execute(stream_id("policy", LIMITS_POLICY), command, by=FOUNDER)
    found = founded(ledger)
    assert outcomes(found, LIMITS_POLICY) == ["there", "kept", "kept"]
    assert ledger.registers().policies[LIMITS_POLICY].versions == (first.policy, ours)
    assert set(outcomes(found, "gz-office")) == {"published"}


def test_a_log_at_work_gets_only_the_next_versions_of_what_it_follows(ledger: Ledger) -> None:
    first, *_ = shipped_policies()
    ledger.execute(stream_id("policy", LIMITS_POLICY), first, by=FOUNDER)
    point = OpenPoint(**{name: getattr(OPENED, name) for name in OpenPoint.__struct_fields__})
    bare = replace(point, calendar=None)
    ledger.execute(stream_id("point", point.code), bare, by=FOUNDER)
    found = founded(ledger)
    assert outcomes(found, LIMITS_POLICY) == ["there", "published", "published"]
    others = {one.outcome for one in found if one.code != LIMITS_POLICY}
    assert others == {"left_out"}
    assert head(ledger) == 4
