"""What deciders look up: every reference event is folded, and what it made is shown."""

from datetime import date
from typing import Final

from msgspec.structs import replace

from domain.aggregates import REFERENCE
from domain.moment import STORIES, KnownRegisters
from domain.registers.appointment import Appointment
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.form import FormPublished
from domain.registers.policy import PolicyPublished
from domain.registers.stint import Stint
from domain.vocabulary import Event, stream_id
from ledger.founding.shipped import shipped_calendars, shipped_forms, shipped_policies
from tests.examples import LOGGED

CALENDARS: Final = [one.calendar for one in shipped_calendars()]
POLICIES: Final = [one.policy for one in shipped_policies()]
FORMS: Final = [one.form for one in shipped_forms()]
PUBLISHED: Final[list[tuple[str, str, Event]]] = [
    *(("calendar", one.code, CalendarPublished(calendar=one)) for one in CALENDARS),
    *(("policy", one.code, PolicyPublished(policy=one)) for one in POLICIES),
    *(("form", one.code, FormPublished(form=one)) for one in FORMS),
]


def known() -> KnownRegisters:
    found = KnownRegisters()
    for kind, code, event in PUBLISHED:
        assert found.take(stream_id(kind, code), event)
    return found


def test_registers_are_folded_from_every_reference_aggregate() -> None:
    assert [one.KIND for one in STORIES] == [one.KIND for one in REFERENCE]


def test_a_calendar_is_found_by_its_version_and_by_its_code_in_the_newest() -> None:
    registers = known().registers
    newest = {one.code: one for one in CALENDARS}
    assert registers.calendars == {one.ref: one for one in CALENDARS} | newest


def test_a_policy_keeps_its_versions_and_a_form_is_found_by_its_version() -> None:
    registers = known().registers
    assert [one for held in registers.policies.values() for one in held.versions] == POLICIES
    assert registers.forms == {one.ref: one for one in FORMS}


def test_registers_that_were_asked_for_before_show_what_came_since() -> None:
    found = KnownRegisters()
    registers = found.registers
    for kind, code, event in PUBLISHED:
        found.take(stream_id(kind, code), event)
    assert registers == known().registers


def test_appointments_are_found_by_every_adviser_they_name_or_named() -> None:
    village = "440103001001"
    stint = Stint(village, 1, "A-1", "F-1", None, date(2026, 1, 1), date(2026, 12, 31))
    served = Appointment(division=village, stints=(stint,))
    banned = Appointment(division=village, bans=(("A-1", date(2028, 1, 1)),))
    replaced = Appointment(division=village, stints=(replace(stint, adviser="A-2"),))
    found = KnownRegisters()
    for state in (served, banned, replaced):
        found.keep(state)
        for adviser in state.named:
            assert found.registers.appointments_of(adviser) == {village: state}
    assert found.registers.appointments_of("A-1") == {village: replaced}
    assert found.registers.appointments_of("A-3") == {}


def test_what_is_no_reference_is_passed_over() -> None:
    found = KnownRegisters()
    assert not found.take(stream_id("request", "1"), LOGGED)
    assert found.registers == KnownRegisters().registers
