"""A disclosure: who had personal data handed out, of what and why."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.moment import HappensInFuture
from domain.reporting.disclosure import (
    Bundle,
    DisclosePersonalData,
    DisclosureNeedsReason,
    PersonalDataDisclosed,
    disclosure_stream,
)
from domain.vocabulary import Actor
from tests.examples import NOON
from tests.spec import given

AUDITOR = Actor(account="audit-1", role="auditor", unit="4401")
BUNDLE = Bundle(kind="complaint", name="0198c1d2", cut_off=1200, manifest="7a" * 32)
ASK = DisclosePersonalData(bundle=BUNDLE, reason=" 纪检部门调阅 ")
DISCLOSED = PersonalDataDisclosed(
    bundle=BUNDLE, reason="纪检部门调阅", disclosed_to="audit-1", at=NOON
)


def test_who_had_personal_data_of_which_bundle_and_why_is_kept() -> None:
    state = given().when(ASK, by=AUDITOR).then(DISCLOSED)
    assert state.made == (DISCLOSED,)


def test_the_same_bundle_shown_again_or_to_another_is_another_disclosure() -> None:
    later = NOON + timedelta(days=1)
    given(DISCLOSED, at=later).when(ASK, by=AUDITOR).then(replace(DISCLOSED, at=later))
    other = replace(AUDITOR, account="audit-2")
    given(DISCLOSED).when(ASK, by=other).then(replace(DISCLOSED, disclosed_to="audit-2"))
    given(DISCLOSED).when(ASK, by=AUDITOR).nothing()


@pytest.mark.parametrize("reason", ["", "  "])
def test_it_needs_a_reason(reason: str) -> None:
    given().when(replace(ASK, reason=reason), by=AUDITOR).refused(DisclosureNeedsReason)


def test_it_cannot_happen_in_the_future() -> None:
    given(at=NOON + timedelta(hours=1), now=NOON).when(ASK, by=AUDITOR).refused(HappensInFuture)


def test_all_disclosures_of_a_thing_stand_in_one_stream() -> None:
    assert disclosure_stream("point", "C0001") == disclosure_stream("point", "C0001")
    assert disclosure_stream("point", "C0001") != disclosure_stream("complaint", "C0001")
