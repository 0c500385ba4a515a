"""Appointments of one village: chosen by both sides, renewed, replaced."""

from datetime import date, datetime, timedelta
from typing import Final, cast

from domain.advising.appointment_commands import (
    AcceptVillage,
    CancelSelection,
    ChooseAdviser,
    DeclineVillage,
    RenewTerm,
    ReplaceAdviser,
    SignContract,
    villages_served,
)
from domain.registers.appointment import Appointment, china_day
from domain.registers.policy import duty_rules
from domain.registers.stint import Stint
from domain.simulation import words
from domain.simulation.appointing import heard, nomination
from domain.simulation.case import Life
from domain.simulation.chance import between, happens, pick, some_of
from domain.simulation.errand import (
    Errand,
    SimulatedVillage,
    bureau,
    committee,
    justice_office,
    law_firm,
)
from domain.simulation.world import Scene
from domain.worktime.calendar import ONE_DAY, months_after

RENEWED_BEFORE: Final = timedelta(days=20)
TERM_MONTHS: Final = 12
TRIES: Final = 12


class Tenure(Errand):
    """The appointment of one village while something happens to it."""

    __slots__ = ("village",)

    def __init__(self, scene: Scene, village: SimulatedVillage, at: datetime) -> None:
        super().__init__(scene, at, scene.world.stream("appointment", village.code))
        self.village = village

    @property
    def appointment(self) -> Appointment:
        return cast("Appointment", self.state)

    @property
    def today(self) -> date:
        return china_day(self.at)

    @property
    def stint(self) -> Stint | None:
        """The stint of today, with an adviser who has not left."""
        stint = self.appointment.stint_on(self.today)
        gone = stint is None or not self.scene.registers.advisers[stint.adviser].active
        return None if gone else stint


def due_today(scene: Scene, village: SimulatedVillage, at: datetime) -> Life | None:
    """Play what the office must do about a village this morning."""
    held = scene.registers.appointments[village.code]
    if held.candidates:
        return None
    day = china_day(at)
    stint = held.stint_on(day)
    if stint is None or not scene.registers.advisers[stint.adviser].active:
        covered = held.terms[-1].covers(day) and not any(s.first > day for s in held.stints)
        errand = Tenure(scene, village, at)
        return replaced(errand) if stint is not None or covered else chosen_anew(errand)
    if stint.last - day <= RENEWED_BEFORE and held.stints[-1] is stint:
        return renewed(Tenure(scene, village, at))
    return None


# --- who may be appointed


def fit(tenure: Tenure, first: date, last: date) -> str | None:
    """Pick an adviser who may serve the village as well; None when a few tries find nobody."""
    scene, codes = tenure.scene, tenure.scene.adviser_codes
    for code in some_of(scene.draw, codes, min(len(codes), TRIES)):
        if may_serve(tenure, code, first, last):
            return code
    return None


def may_serve(tenure: Tenure, code: str, first: date, last: date) -> bool:
    registers, village = tenure.scene.registers, tenure.village.code
    adviser = registers.advisers.get(code)
    if adviser is None or not adviser.active or adviser.penalties:
        return False
    held = registers.appointments_of(code)
    if any(who == code and first < until for one in held.values() for who, until in one.bans):
        return False
    others = {division: one for division, one in held.items() if division != village}
    cap = duty_rules(registers.policies, village, first).max_villages_per_adviser
    return not cap or villages_served(others, code, first, last) < cap


# --- terms


def renewed(tenure: Tenure) -> Life:
    """Renew the appointment; replace an adviser who may no longer serve."""
    yield tenure.later(between(tenure.scene.draw, 5, 200))
    held = tenure.appointment
    if held.candidates:
        return
    last = held.stints[-1]
    starts = held.terms[-1].ends_on + ONE_DAY
    ends = months_after(starts, TERM_MONTHS) - ONE_DAY
    firm = tenure.scene.registers.advisers[last.adviser].firm
    same = last.firm == firm and last.last == held.terms[-1].ends_on
    if same and may_serve(tenure, last.adviser, starts, ends):
        by = justice_office(tenure.village.town)
        yield tenure.act(RenewTerm(starts_on=starts, ends_on=ends), by)
    else:
        yield from chosen_anew(tenure)


def replaced(tenure: Tenure) -> Life:
    yield tenure.later(between(tenure.scene.draw, 5, 200))
    held, day = tenure.appointment, tenure.today
    code = fit(tenure, day, max(term.ends_on for term in held.terms))
    if code is not None and tenure.stint is None and not held.candidates:
        command = ReplaceAdviser(
            adviser=code, effective_on=day, reason=pick(tenure.scene.draw, words.REPLACE_REASONS)
        )
        yield tenure.act(command, justice_office(tenure.village.town))


def chosen_anew(tenure: Tenure) -> Life:
    """Nominated, heard, chosen by both sides, signed; now and then a firm declines, or all of it
    is cancelled."""
    scene, draw, village = tenure.scene, tenure.scene.draw, tenure.village
    yield tenure.later(between(draw, 1, 60))
    last = max((one.last for one in tenure.appointment.stints), default=tenure.today)
    starts = max(tenure.today + timedelta(days=6), last + ONE_DAY)
    ends = months_after(starts, TERM_MONTHS) - ONE_DAY
    code = fit(tenure, tenure.today, ends)
    if code is None or tenure.appointment.candidates:
        return
    yield tenure.act(nomination(draw, village.code, code), bureau(village.district))
    yield tenure.in_office(between(draw, 100, 700))
    yield tenure.act(heard(draw, code), justice_office(village.town))
    yield tenure.in_office(between(draw, 30, 300))
    yield tenure.act(ChooseAdviser(adviser=code), committee(village.code))
    yield tenure.in_office(between(draw, 30, 400))
    firm = tenure.appointment.candidates[0].firm
    if happens(draw, 0.15):
        declined = DeclineVillage(reason="近期业务饱和，难以保证服务时间")
        yield tenure.act(declined, law_firm(firm))
        return
    yield tenure.act(AcceptVillage(), law_firm(firm))
    yield tenure.in_office(between(draw, 60, 500))
    same = scene.registers.advisers[code].firm == firm
    if happens(draw, 0.15) or not same or not may_serve(tenure, code, starts, ends):
        cancelled = CancelSelection(reason="候选情况变化，重新选聘")
        yield tenure.act(cancelled, justice_office(village.town))
        return
    signed = SignContract(starts_on=starts, ends_on=ends)
    yield tenure.act(signed, justice_office(village.town))
