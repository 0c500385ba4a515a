"""Who may read a thing: every kind is decided, and what nobody decided is nobody's."""

from datetime import date

from domain.accounts.account import Account, AccountPost
from domain.aggregates import ALL
from domain.jurisdiction import PLACES
from domain.moment import KnownRegisters
from domain.reading import BESIDE, NOWHERE, OPEN, ids_in, may_read, without_in_lists
from domain.vocabulary import Actor
from tests.complaints import GRIEVANCE

ELSEWHERE = "00000000-0000-4000-8000-000000000009"
LEADER = Actor(account="leader-1", role="supervisor", unit="4401")


def test_every_kind_of_thing_has_its_readers() -> None:
    for one in ALL:
        told = [one.KIND in known for known in (OPEN, BESIDE, NOWHERE)]
        assert sum(told) == 1 or (sum(told) == 0 and one.KIND in PLACES), one.KIND


def test_people_and_rules_that_act_for_no_office_read_nothing() -> None:
    registers = KnownRegisters().registers
    for role in ("citizen", "device", "policy", "importer"):
        by = Actor(account="x", role=role, unit="ROOM-1")
        for kind in OPEN:
            assert not may_read(kind, None, by, registers)
    assert may_read("point", None, LEADER, registers)


def test_an_entry_that_names_what_is_hidden_leaves_its_list() -> None:
    hidden = set(ids_in([ELSEWHERE]))
    told = {"rows": [{"sources": [ELSEWHERE]}, {"sources": []}], "subject": GRIEVANCE.subject}
    assert without_in_lists(told, hidden) == {
        "rows": [{"sources": []}, {"sources": []}],
        "subject": GRIEVANCE.subject,
    }
    assert not hidden.isdisjoint(ids_in({"other": ELSEWHERE}))


def test_an_account_is_read_by_its_holder_and_by_who_oversees_accounts() -> None:
    registers = KnownRegisters().registers
    post = AccountPost(number=1, role="duty_officer", unit="4401", since=date(2026, 1, 1))
    wang = Account(code="wang", name="王某", posts=(post,))
    for role in ("duty_officer", "adviser", "committee", "firm"):
        for account, reads in (("wang", True), ("li", False)):
            by = Actor(account=account, role=role, unit="4401")
            assert may_read("account", wang, by, registers) is reads, role
    assert may_read("account", wang, LEADER, registers)
