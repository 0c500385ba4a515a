"""An appointment: nominated, heard, chosen by both sides, signed, renewed, replaced, dismissed."""

from datetime import UTC, date, timedelta

import pytest
from msgspec import structs
from msgspec.structs import replace

from domain.advising.appointment_commands import (
    AbsenceUnknown,
    AcceptVillage,
    AdviserChangedFirm,
    AlreadyAccepted,
    AppointmentUnknown,
    CancelSelection,
    ChooseAdviser,
    CreateWechatGroup,
    DeclineVillage,
    DismissAdviser,
    DissolveWechatGroup,
    DivisionDiffers,
    EndsBeforeItBegan,
    EndTerm,
    ExcuseAbsence,
    LevelNotServed,
    LinkProvider,
    NobodyServes,
    NoDisplay,
    NominateAdviser,
    NoSelection,
    NoteAbsence,
    NoteRefusedArrangement,
    NothingToRenew,
    NotLinkedProvider,
    NotNominated,
    NotWithinTerm,
    NotYetAccepted,
    NotYetChosen,
    NotYetCoordinated,
    NoWechatGroup,
    PostDisplay,
    RecentlyPenalized,
    RecordCoordination,
    RehireBanned,
    RemoveDisplay,
    RenewTerm,
    ReplaceAdviser,
    SignContract,
    TermEndsBeforeStart,
    TermsOverlap,
    TooFewAbsences,
    TooFewRefusals,
    TooManyVillages,
    UnlinkProvider,
    villages_served,
)
from domain.aggregates import fold
from domain.moment import HappensInFuture, Registers
from domain.registers import adviser, appointment
from domain.registers.adviser import PenaltyRecorded
from domain.registers.appointment import (
    AbsenceExcused,
    AbsenceNoted,
    AdviserDismissed,
    AdviserNominated,
    AdviserReplaced,
    Appointment,
    ArrangementRefused,
    ContractSigned,
    CoordinationRecorded,
    DisplayPosted,
    DisplayRemoved,
    FirmAccepted,
    FirmDeclined,
    ProviderLinked,
    ProviderUnlinked,
    SelectionCancelled,
    TermEnded,
    TermRenewed,
    VillageChose,
    WechatGroupCreated,
    WechatGroupDissolved,
)
from domain.registers.policy import DUTY_POLICY, DutyRules, Policy, PolicyVersion
from domain.requests.proceedings_commands import AdviserNotRegistered
from domain.vocabulary import Command, Event
from tests.examples import CHANGED_FIRM, MORNING, NOON, REGISTERED, REGISTERS, local
from tests.spec import given

VILLAGE = "440103001001"
OTHER = "440103001002"
THIRD = "440103002001"
TODAY = date(2026, 3, 2)
YEAR = (date(2026, 4, 1), date(2027, 3, 31))
NEXT_YEAR = (date(2027, 4, 1), date(2028, 3, 31))
LATER = local("2026-06-15 10:00")

RULES = DutyRules(
    max_villages_per_adviser=2,
    penalty_free_years=2,
    absences_to_dismiss=3,
    refusals_to_dismiss=2,
    rehire_ban_years=5,
    rehire_ban_grounds=("arrangements_refused",),
)


def ruled(rules: DutyRules, **appointments: Appointment) -> Registers:
    version = PolicyVersion(
        code=DUTY_POLICY, version=1, effective_from=date(2026, 1, 1), basis="示例", duty=rules
    )
    return replace(
        REGISTERS,
        advisers={**REGISTERS.advisers, "A-4": fold(adviser, [replace(REGISTERED, code="A-4")])},
        policies={DUTY_POLICY: Policy((version,))},
        appointments={one.division: one for one in appointments.values()},
    )


KNOWN = ruled(RULES)

NOMINATE = NominateAdviser(division=VILLAGE, adviser="A-1", reason="熟悉征地补偿")
NOMINATED = AdviserNominated(
    division=VILLAGE, adviser="A-1", firm="FIRM-1", team="TEAM-1", reason="熟悉征地补偿"
)
SECOND = AdviserNominated(division=VILLAGE, adviser="A-2", firm="FIRM-2", reason="备选")
COORDINATE = RecordCoordination(
    adviser="A-1", committee="supports", residents="neutral", residents_heard=12, note="座谈会"
)
COORDINATED = CoordinationRecorded(
    adviser="A-1", committee="supports", residents="neutral", residents_heard=12, note="座谈会"
)
CHOSE = VillageChose(adviser="A-1")
ACCEPTED = FirmAccepted(firm="FIRM-1")
SIGN = SignContract(starts_on=YEAR[0], ends_on=YEAR[1])
SIGNED = ContractSigned(
    term=1, adviser="A-1", firm="FIRM-1", team="TEAM-1", starts_on=YEAR[0], ends_on=YEAR[1]
)
SELECTED = (NOMINATED, COORDINATED, CHOSE, ACCEPTED)
SERVING = (*SELECTED, SIGNED)
RENEW = RenewTerm(starts_on=NEXT_YEAR[0], ends_on=NEXT_YEAR[1])
RENEWED = TermRenewed(
    term=2,
    adviser="A-1",
    firm="FIRM-1",
    team="TEAM-1",
    starts_on=NEXT_YEAR[0],
    ends_on=NEXT_YEAR[1],
)
REPLACE = ReplaceAdviser(adviser="A-4", effective_on=date(2026, 6, 11), reason="陈律师生育假")
REPLACED = AdviserReplaced(
    former="A-1",
    adviser="A-4",
    firm="FIRM-1",
    team="TEAM-1",
    effective_on=date(2026, 6, 11),
    reason="陈律师生育假",
)
DISMISS = DismissAdviser(ground="unsuitable", effective_on=date(2026, 6, 11), reason="多次失约")
DISMISSED = AdviserDismissed(
    adviser="A-1", ground="unsuitable", reason="多次失约", effective_on=date(2026, 6, 11)
)
END = EndTerm(effective_on=date(2026, 6, 11), reason="双方协商")
ENDED = TermEnded(adviser="A-1", effective_on=date(2026, 6, 11), reason="双方协商")


def absence(day: int) -> AbsenceNoted:
    return AbsenceNoted(adviser="A-1", day=date(2026, 6, day), note="值班日未到")


def refusal(day: int) -> ArrangementRefused:
    return ArrangementRefused(adviser="A-1", day=date(2026, 6, day), arrangement="法治讲座")


def stints(*events: Event) -> list[tuple[int, str, date, date]]:
    state = fold(appointment, events)
    return [(one.term, one.adviser, one.first, one.last) for one in state.stints]


# --- nomination and coordination


def test_the_district_bureau_nominates_an_adviser_with_his_firm_and_team_of_the_day() -> None:
    given(registers=KNOWN).when(NOMINATE).then(NOMINATED)


def test_several_candidates_may_stand_side_by_side() -> None:
    nominate = NominateAdviser(division=VILLAGE, adviser="A-2", reason="备选")
    state = given(NOMINATED, registers=KNOWN).when(nominate).then(SECOND)
    assert [one.adviser for one in state.candidates] == ["A-1", "A-2"]


def test_the_same_nomination_twice_is_one() -> None:
    given(NOMINATED, registers=KNOWN).when(NOMINATE).nothing()


def test_only_an_adviser_in_office_is_nominated() -> None:
    given(registers=KNOWN).when(replace(NOMINATE, adviser="A-3")).refused(AdviserNotRegistered)


def test_after_both_sides_agreed_nobody_else_is_nominated() -> None:
    history = given(*SELECTED, registers=KNOWN)
    history.when(replace(NOMINATE, adviser="A-2")).refused(AlreadyAccepted)


def test_a_nomination_belongs_to_the_village_of_its_stream() -> None:
    nominate = replace(NOMINATE, division=OTHER)
    given(NOMINATED, registers=KNOWN).when(nominate).refused(DivisionDiffers)


def test_nothing_is_entered_for_the_future() -> None:
    given(at=NOON, now=MORNING, registers=KNOWN).when(NOMINATE).refused(HappensInFuture)


def test_the_justice_office_records_what_committee_and_residents_say() -> None:
    state = given(NOMINATED, SECOND).when(COORDINATE).then(COORDINATED)
    assert [one.heard for one in state.candidates] == [COORDINATED, None]


def test_the_committee_may_be_heard_again() -> None:
    changed = replace(COORDINATED, committee="objects")
    state = given(NOMINATED, COORDINATED).when(replace(COORDINATE, committee="objects"))
    assert state.then(changed).candidates[0].heard == changed


@pytest.mark.parametrize(
    "command", [COORDINATE, ChooseAdviser(adviser="A-1")], ids=["coordinate", "choose"]
)
def test_who_was_not_nominated_is_neither_heard_nor_chosen(command: Command) -> None:
    given(SECOND).when(command).refused(NotNominated)


@pytest.mark.parametrize(
    "command",
    [
        COORDINATE, ChooseAdviser(adviser="A-1"), AcceptVillage(),
        DeclineVillage(reason="人手不足"), CancelSelection(reason="流标"), SIGN, RENEW, REPLACE,
        DISMISS, END, NoteAbsence(note="未到"),
        ExcuseAbsence(day=TODAY, reason="病假"), NoteRefusedArrangement(arrangement="讲座"),
        CreateWechatGroup(), DissolveWechatGroup(reason="合并"), PostDisplay(place="村口"),
        RemoveDisplay(reason="损坏"),
        UnlinkProvider(provider="team", code="TEAM-1", until=TODAY, reason="调整"),
    ],
    ids=lambda command: type(command).__name__,
)  # fmt: skip
def test_everything_begins_with_a_nomination_or_a_link(command: Command) -> None:
    given(registers=KNOWN).when(command).refused(AppointmentUnknown)


# --- mutual choice


def test_the_village_chooses_among_those_it_was_heard_about() -> None:
    given(NOMINATED, COORDINATED).when(ChooseAdviser(adviser="A-1")).then(CHOSE)


def test_the_village_does_not_choose_before_it_was_heard() -> None:
    given(NOMINATED).when(ChooseAdviser(adviser="A-1")).refused(NotYetCoordinated)


def test_the_village_may_change_its_mind_until_the_firm_accepts() -> None:
    heard = (NOMINATED, SECOND, COORDINATED, replace(COORDINATED, adviser="A-2"), CHOSE)
    choose = ChooseAdviser(adviser="A-2")
    given(*heard).when(choose).then(VillageChose(adviser="A-2"))
    given(*heard, ACCEPTED).when(choose).refused(AlreadyAccepted)
    given(*heard, ACCEPTED).when(ChooseAdviser(adviser="A-1")).nothing()


def test_the_firm_accepts_the_village_that_chose_its_adviser() -> None:
    given(NOMINATED, COORDINATED, CHOSE).when(AcceptVillage()).then(ACCEPTED)


@pytest.mark.parametrize("command", [AcceptVillage(), DeclineVillage(reason="太远"), SIGN])
def test_the_firm_has_nothing_to_answer_before_the_village_chose(command: Command) -> None:
    given(NOMINATED, COORDINATED, registers=KNOWN).when(command).refused(NotYetChosen)


def test_a_firm_that_declines_takes_its_candidate_back_and_the_village_chooses_again() -> None:
    declined = FirmDeclined(firm="FIRM-1", adviser="A-1", reason="太远")
    history = given(NOMINATED, SECOND, COORDINATED, CHOSE)
    state = history.when(DeclineVillage(reason="太远")).then(declined)
    assert ([one.adviser for one in state.candidates], state.chosen) == (["A-2"], None)


def test_a_firm_that_accepted_does_not_decline() -> None:
    given(*SELECTED).when(DeclineVillage(reason="太远")).refused(AlreadyAccepted)


def test_a_selection_is_cancelled_and_begins_anew() -> None:
    cancelled = SelectionCancelled(reason="村委会换届")
    state = given(*SELECTED).when(CancelSelection(reason="村委会换届")).then(cancelled)
    assert (state.candidates, state.chosen, state.accepted) == ((), None, False)


def test_without_a_selection_there_is_none_to_cancel() -> None:
    given(*SERVING).when(CancelSelection(reason="流标")).refused(NoSelection)


# --- contract


def test_a_signed_contract_begins_a_term_and_ends_the_selection() -> None:
    state = given(*SELECTED, registers=KNOWN).when(SIGN).then(SIGNED)
    assert (state.candidates, state.chosen, state.accepted) == ((), None, False)
    assert [state.serves("A-1", day) for day in (YEAR[0] - timedelta(1), *YEAR)] == [
        False,
        True,
        True,
    ]


def test_a_contract_is_not_signed_before_the_firm_accepted() -> None:
    given(NOMINATED, COORDINATED, CHOSE, registers=KNOWN).when(SIGN).refused(NotYetAccepted)


def test_a_candidate_who_changed_firm_is_nominated_again() -> None:
    moved = {**KNOWN.advisers, "A-1": fold(adviser, [REGISTERED, CHANGED_FIRM])}
    given(*SELECTED, registers=replace(KNOWN, advisers=moved)).when(SIGN).refused(
        AdviserChangedFirm
    )


def test_a_term_does_not_end_before_it_begins() -> None:
    history = given(*SELECTED, registers=KNOWN)
    history.when(replace(SIGN, ends_on=date(2026, 3, 31))).refused(TermEndsBeforeStart)


def test_a_term_may_last_one_day() -> None:
    one_day = replace(SIGNED, ends_on=YEAR[0])
    given(*SELECTED, registers=KNOWN).when(replace(SIGN, ends_on=YEAR[0])).then(one_day)


@pytest.mark.parametrize("starts_on", [date(2026, 5, 1), YEAR[1], date(2025, 1, 1)])
def test_terms_of_one_village_do_not_overlap(starts_on: date) -> None:
    sign = SignContract(starts_on=starts_on, ends_on=date(2028, 1, 1))
    given(*SERVING, *SELECTED, registers=KNOWN).when(sign).refused(TermsOverlap)


def test_a_new_contract_follows_a_term_that_ended_early() -> None:
    sign = SignContract(starts_on=date(2026, 6, 11), ends_on=date(2027, 6, 10))
    signed = replace(SIGNED, term=2, starts_on=sign.starts_on, ends_on=sign.ends_on)
    given(*SERVING, ENDED, *SELECTED, registers=KNOWN).when(sign).then(signed)


# --- who may be appointed


def elsewhere(division: str, first: date, last: date) -> Appointment:
    """A-1 serves another village."""
    nominated = replace(NOMINATED, division=division)
    signed = replace(SIGNED, starts_on=first, ends_on=last)
    state: Appointment = fold(appointment, [nominated, COORDINATED, CHOSE, ACCEPTED, signed])
    return state


def test_an_adviser_at_the_cap_takes_no_further_village() -> None:
    registers = ruled(RULES, a=elsewhere(OTHER, *YEAR), b=elsewhere(THIRD, *YEAR))
    given(*SELECTED, registers=registers).when(SIGN).refused(TooManyVillages)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2025, 4, 1), date(2026, 3, 31)), NEXT_YEAR],
    ids=["ended the day before", "begins the day after"],
)
def test_villages_of_another_time_do_not_count_towards_the_cap(first: date, last: date) -> None:
    registers = ruled(RULES, a=elsewhere(OTHER, *YEAR), b=elsewhere(THIRD, first, last))
    given(*SELECTED, registers=registers).when(SIGN).then(SIGNED)


def test_without_a_cap_any_number_of_villages_is_taken() -> None:
    registers = ruled(
        replace(RULES, max_villages_per_adviser=0),
        a=elsewhere(OTHER, *YEAR),
        b=elsewhere(THIRD, *YEAR),
    )
    given(*SELECTED, registers=registers).when(SIGN).then(SIGNED)


def test_before_any_rules_there_is_no_cap() -> None:
    known = {OTHER: elsewhere(OTHER, *YEAR), THIRD: elsewhere(THIRD, *YEAR)}
    registers = replace(KNOWN, policies={}, appointments=known)
    given(*SELECTED, registers=registers).when(SIGN).then(SIGNED)


def test_the_village_itself_does_not_count_towards_its_own_cap() -> None:
    registers = ruled(replace(RULES, max_villages_per_adviser=1), a=elsewhere(VILLAGE, *YEAR))
    given(*SELECTED, registers=registers).when(SIGN).then(SIGNED)


def test_two_villages_one_after_the_other_are_one_at_a_time() -> None:
    half = date(2026, 9, 30)
    one_by_one = {
        OTHER: elsewhere(OTHER, YEAR[0], half),
        THIRD: elsewhere(THIRD, half + timedelta(1), YEAR[1]),
    }
    together = {**one_by_one, THIRD: elsewhere(THIRD, half, YEAR[1])}
    assert villages_served(one_by_one, "A-1", *YEAR) == 1
    assert villages_served(together, "A-1", *YEAR) == 2
    assert villages_served(together, "A-1", half + timedelta(1), YEAR[1]) == 1
    assert villages_served(together, "A-2", *YEAR) == 0


def test_a_renewal_and_a_replacement_obey_the_cap_as_well() -> None:
    full = replace(RULES, max_villages_per_adviser=1)
    registers = ruled(full, a=elsewhere(OTHER, *NEXT_YEAR))
    given(*SERVING, registers=registers).when(RENEW).refused(TooManyVillages)
    by_second = replace(SIGNED, adviser="A-2", firm="FIRM-2", team=None)
    history = given(*SELECTED, by_second, registers=ruled(full, a=elsewhere(OTHER, *YEAR)))
    history.when(replace(REPLACE, adviser="A-1")).refused(TooManyVillages)


def banned(until: date) -> Registers:
    dismissed = replace(DISMISSED, ground="arrangements_refused", refusals=2, banned_until=until)
    state = fold(appointment, [replace(NOMINATED, division=OTHER), *SERVING[1:], dismissed])
    return ruled(RULES, a=state)


def test_who_is_banned_in_one_village_is_not_nominated_in_another_until_the_ban_ends() -> None:
    until_tomorrow = banned(TODAY + timedelta(1))
    given(registers=until_tomorrow).when(NOMINATE).refused(RehireBanned)
    given(registers=banned(TODAY)).when(NOMINATE).then(NOMINATED)


def test_a_ban_made_after_the_nomination_stops_the_contract() -> None:
    given(*SELECTED, registers=banned(date(2026, 4, 2))).when(SIGN).refused(RehireBanned)
    given(*SELECTED, registers=banned(date(2026, 4, 1))).when(SIGN).then(SIGNED)


def test_a_ban_of_the_village_itself_holds_before_the_registers_know_it() -> None:
    dismissed = replace(DISMISSED, banned_until=date(2031, 6, 11))
    history = given(*SERVING, dismissed, at=LATER, registers=KNOWN)
    history.when(NOMINATE).refused(RehireBanned)


def test_who_was_penalized_within_two_years_is_not_nominated() -> None:
    penalty = PenaltyRecorded(decided_on=date(2024, 3, 3), authority="市律协", reason="警告")
    penalized = {**KNOWN.advisers, "A-1": fold(adviser, [REGISTERED, penalty])}
    earlier = replace(penalty, decided_on=date(2024, 3, 2))
    clean = {**KNOWN.advisers, "A-1": fold(adviser, [REGISTERED, earlier])}
    given(registers=replace(KNOWN, advisers=penalized)).when(NOMINATE).refused(RecentlyPenalized)
    given(registers=replace(KNOWN, advisers=clean)).when(NOMINATE).then(NOMINATED)


# --- renewal


def test_a_renewal_is_a_new_term() -> None:
    state = given(*SERVING, registers=KNOWN).when(RENEW).then(RENEWED)
    assert [(one.term, one.first) for one in state.stints] == [(1, YEAR[0]), (2, NEXT_YEAR[0])]


def test_a_renewal_does_not_overlap_and_ends_after_it_begins() -> None:
    history = given(*SERVING, registers=KNOWN)
    history.when(replace(RENEW, starts_on=YEAR[1])).refused(TermsOverlap)
    history.when(replace(RENEW, ends_on=YEAR[1])).refused(TermEndsBeforeStart)


@pytest.mark.parametrize("broken_off", [DISMISSED, ENDED], ids=["dismissed", "ended"])
def test_a_term_that_was_broken_off_is_not_renewed(broken_off: Event) -> None:
    given(*SERVING, broken_off, registers=KNOWN).when(RENEW).refused(NothingToRenew)


def test_without_a_term_or_after_one_that_never_ran_there_is_nothing_to_renew() -> None:
    given(*SELECTED, registers=KNOWN).when(RENEW).refused(NothingToRenew)
    cancelled = replace(ENDED, effective_on=NEXT_YEAR[0])
    given(*SERVING, RENEWED, cancelled, registers=KNOWN).when(RENEW).refused(NothingToRenew)


def test_an_adviser_who_changed_firm_is_not_renewed_but_selected_anew() -> None:
    moved = {**KNOWN.advisers, "A-1": fold(adviser, [REGISTERED, CHANGED_FIRM])}
    given(*SERVING, registers=replace(KNOWN, advisers=moved)).when(RENEW).refused(
        AdviserChangedFirm
    )


# --- replacement


def test_a_replacement_takes_effect_on_its_day_and_rewrites_nothing_before() -> None:
    given(*SERVING, registers=KNOWN).when(REPLACE).then(REPLACED)
    assert stints(*SERVING, REPLACED) == [
        (1, "A-1", YEAR[0], date(2026, 6, 10)),
        (1, "A-4", date(2026, 6, 11), YEAR[1]),
    ]


def test_a_replacement_goes_on_in_the_renewed_term() -> None:
    assert stints(*SERVING, RENEWED, REPLACED)[1:] == [
        (1, "A-4", date(2026, 6, 11), YEAR[1]),
        (2, "A-4", *NEXT_YEAR),
    ]


def test_a_replacement_on_the_first_day_leaves_nothing_to_the_former() -> None:
    at_once = replace(REPLACED, effective_on=YEAR[0])
    given(*SERVING, registers=KNOWN).when(replace(REPLACE, effective_on=YEAR[0])).then(at_once)
    assert stints(*SERVING, at_once) == [(1, "A-4", *YEAR)]


def test_an_earlier_replacement_entered_late_leaves_the_later_one() -> None:
    late = replace(REPLACED, adviser="A-2", effective_on=date(2026, 5, 1))
    assert stints(*SERVING, REPLACED, late) == [
        (1, "A-1", YEAR[0], date(2026, 4, 30)),
        (1, "A-2", date(2026, 5, 1), date(2026, 6, 10)),
        (1, "A-4", date(2026, 6, 11), YEAR[1]),
    ]


def test_nobody_is_replaced_by_himself() -> None:
    given(*SERVING, registers=KNOWN).when(replace(REPLACE, adviser="A-1")).nothing()


def test_a_vacancy_is_filled_for_what_is_left_of_the_term() -> None:
    filled = replace(REPLACED, former=None, effective_on=date(2026, 7, 1))
    command = replace(REPLACE, effective_on=date(2026, 7, 1))
    given(*SERVING, DISMISSED, registers=KNOWN).when(command).then(filled)
    assert stints(*SERVING, DISMISSED, filled) == [
        (1, "A-1", YEAR[0], date(2026, 6, 10)),
        (1, "A-4", date(2026, 7, 1), YEAR[1]),
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2027, 4, 1)])
def test_nobody_is_replaced_outside_the_term(day: date) -> None:
    history = given(*SERVING, registers=KNOWN)
    history.when(replace(REPLACE, effective_on=day)).refused(NotWithinTerm)


def test_without_a_term_nobody_is_replaced() -> None:
    given(*SELECTED, registers=KNOWN).when(REPLACE).refused(NotWithinTerm)


def test_a_vacancy_is_not_filled_before_somebody_who_serves_already() -> None:
    filled = replace(REPLACED, former=None, effective_on=date(2026, 7, 1))
    history = given(*SERVING, DISMISSED, filled, registers=KNOWN)
    history.when(replace(REPLACE, adviser="A-2")).refused(TermsOverlap)


# --- dismissal


def test_an_adviser_is_dismissed_with_a_ground_and_what_he_did_stays() -> None:
    given(*SERVING, registers=KNOWN).when(DISMISS).then(DISMISSED)
    assert stints(*SERVING, DISMISSED) == [(1, "A-1", YEAR[0], date(2026, 6, 10))]


def test_a_dismissal_ends_the_renewed_term_as_well_and_leaves_others_alone() -> None:
    assert stints(*SERVING, RENEWED, DISMISSED) == [(1, "A-1", YEAR[0], date(2026, 6, 10))]
    second = replace(DISMISSED, adviser="A-4", effective_on=date(2026, 7, 1))
    assert stints(*SERVING, REPLACED, second)[0] == (1, "A-1", YEAR[0], date(2026, 6, 10))


@pytest.mark.parametrize("command", [DISMISS, END], ids=["dismiss", "end"])
def test_who_does_not_serve_is_not_dismissed(command: Command) -> None:
    given(*SERVING, ENDED, registers=KNOWN).when(command).refused(NobodyServes)


def test_three_unexcused_absences_within_the_term_are_a_ground() -> None:
    dismiss = replace(DISMISS, ground="absences")
    missed = (absence(1), absence(2), absence(3))
    dismissed = replace(DISMISSED, ground="absences", absences=3)
    given(*SERVING, *missed, registers=KNOWN).when(dismiss).then(dismissed)
    given(*SERVING, *missed[:2], registers=KNOWN).when(dismiss).refused(TooFewAbsences)


def test_excused_absences_and_those_of_others_or_other_terms_are_no_ground() -> None:
    dismiss = replace(DISMISS, ground="absences")
    missed = (absence(1), absence(2))
    excused = AbsenceExcused(adviser="A-1", day=date(2026, 6, 3), reason="病假")
    of_another = replace(absence(4), adviser="A-4")
    before_the_term = replace(absence(5), day=date(2026, 3, 31))
    for more in ((absence(3), excused), (of_another,), (before_the_term,)):
        given(*SERVING, *missed, *more, registers=KNOWN).when(dismiss).refused(TooFewAbsences)


def test_two_refused_arrangements_are_a_ground_and_ban_for_five_years() -> None:
    dismiss = replace(DISMISS, ground="arrangements_refused")
    dismissed = replace(
        DISMISSED,
        ground="arrangements_refused",
        refusals=2,
        banned_until=date(2031, 6, 11),
    )
    refused = (refusal(1), refusal(2))
    state = given(*SERVING, *refused, registers=KNOWN).when(dismiss).then(dismissed)
    assert state.bans == (("A-1", date(2031, 6, 11)),)
    given(*SERVING, refusal(1), registers=KNOWN).when(dismiss).refused(TooFewRefusals)


def test_refusals_of_another_adviser_or_term_are_no_ground() -> None:
    dismiss = replace(DISMISS, ground="arrangements_refused")
    for other in (
        replace(refusal(2), adviser="A-4"),
        replace(refusal(2), day=date(2026, 3, 31)),
    ):
        given(*SERVING, refusal(1), other, registers=KNOWN).when(dismiss).refused(TooFewRefusals)


def test_a_ban_needs_its_ground_and_years_in_the_rules() -> None:
    dismiss = replace(DISMISS, ground="arrangements_refused")
    dismissed = replace(DISMISSED, ground="arrangements_refused", refusals=2)
    registers = ruled(replace(RULES, rehire_ban_years=0))
    given(*SERVING, refusal(1), refusal(2), registers=registers).when(dismiss).then(dismissed)


def test_a_term_is_ended_by_agreement() -> None:
    given(*SERVING, registers=KNOWN).when(END).then(ENDED)
    assert stints(*SERVING, ENDED) == [(1, "A-1", YEAR[0], date(2026, 6, 10))]


# --- conduct


def test_an_absence_is_noted_for_who_serves_on_that_day() -> None:
    note = NoteAbsence(note="值班日未到")
    given(*SERVING, at=LATER, registers=KNOWN).when(note).then(absence(15))
    given(*SERVING, at=NOON, registers=KNOWN).when(note).refused(NobodyServes)


def test_a_day_is_missed_once() -> None:
    given(*SERVING, absence(15), at=LATER).when(NoteAbsence(note="再记")).nothing()


def test_the_day_is_that_of_guangzhou() -> None:
    after_midnight = local("2026-06-16 00:30").astimezone(UTC)
    given(*SERVING, at=after_midnight).when(NoteAbsence(note="值班日未到")).then(absence(16))


def test_an_absence_is_excused_afterwards() -> None:
    excused = AbsenceExcused(adviser="A-1", day=date(2026, 6, 2), reason="病假")
    excuse = ExcuseAbsence(day=date(2026, 6, 2), reason="病假")
    state = given(*SERVING, absence(1), absence(2)).when(excuse).then(excused)
    assert state.absences == (("A-1", date(2026, 6, 1)),)
    given(*SERVING, absence(1)).when(excuse).refused(AbsenceUnknown)


def test_a_refused_arrangement_is_noted_once() -> None:
    note = NoteRefusedArrangement(arrangement="法治讲座")
    given(*SERVING, at=LATER).when(note).then(refusal(15))
    given(*SERVING, refusal(15), at=LATER).when(note).nothing()
    other = NoteRefusedArrangement(arrangement="值班")
    given(*SERVING, refusal(15), at=LATER).when(other).then(
        replace(refusal(15), arrangement="值班")
    )


# --- group, display, providers


CREATED = WechatGroupCreated(day=TODAY)
DISSOLVED = WechatGroupDissolved(day=date(2026, 6, 15), reason="合并")
POSTED = DisplayPosted(day=TODAY, place="村务公开栏")
REMOVED = DisplayRemoved(day=date(2026, 6, 15), reason="损坏")


def test_a_wechat_group_is_there_from_its_day_until_it_is_dissolved() -> None:
    given(NOMINATED).when(CreateWechatGroup()).then(CREATED)
    given(NOMINATED, CREATED).when(CreateWechatGroup()).nothing()
    dissolve = DissolveWechatGroup(reason="合并")
    state = given(NOMINATED, CREATED, at=LATER).when(dissolve).then(DISSOLVED)
    days = (date(2026, 3, 1), TODAY, date(2026, 6, 14), date(2026, 6, 15))
    assert [state.group_on(day) for day in days] == [False, True, True, False]
    given(NOMINATED, CREATED, DISSOLVED).when(CreateWechatGroup()).then(CREATED)


def test_a_group_that_is_not_there_is_not_dissolved() -> None:
    dissolve = DissolveWechatGroup(reason="合并")
    given(NOMINATED).when(dissolve).refused(NoWechatGroup)
    given(NOMINATED, CREATED, DISSOLVED, at=LATER).when(dissolve).refused(NoWechatGroup)


def test_a_group_is_not_dissolved_before_it_was_created() -> None:
    created_later = replace(CREATED, day=date(2026, 3, 3))
    history = given(NOMINATED, created_later, at=NOON, now=LATER, late_reason="补录")
    history.when(DissolveWechatGroup(reason="合并")).refused(EndsBeforeItBegan)
    same_day = given(NOMINATED, CREATED).when(DissolveWechatGroup(reason="合并"))
    assert not same_day.then(replace(DISSOLVED, day=TODAY)).group_on(TODAY)


def test_a_display_is_there_from_its_day_until_it_is_removed() -> None:
    post = PostDisplay(place="村务公开栏")
    given(NOMINATED).when(post).then(POSTED)
    given(NOMINATED, POSTED).when(post).nothing()
    remove = RemoveDisplay(reason="损坏")
    state = given(NOMINATED, POSTED, at=LATER).when(remove).then(REMOVED)
    days = (date(2026, 3, 1), TODAY, date(2026, 6, 15))
    assert [state.display_on(day) for day in days] == [False, True, False]
    given(NOMINATED).when(remove).refused(NoDisplay)


LINK = LinkProvider(division=VILLAGE, provider="team", code="TEAM-1", since=TODAY)
LINKED = ProviderLinked(division=VILLAGE, provider="team", code="TEAM-1", since=TODAY)
UNLINK = UnlinkProvider(provider="team", code="TEAM-1", until=date(2026, 6, 15), reason="网格调整")
UNLINKED = ProviderUnlinked(
    provider="team", code="TEAM-1", until=date(2026, 6, 15), reason="网格调整"
)


def test_a_team_serves_a_community_from_its_day_on() -> None:
    given().when(LINK).then(LINKED)
    given(LINKED).when(LINK).nothing()
    state = given(LINKED).when(UNLINK).then(UNLINKED)
    days = (date(2026, 3, 1), TODAY, date(2026, 6, 14), date(2026, 6, 15))
    assert [len(state.providers_on(day)) for day in days] == [0, 1, 1, 0]


def test_a_provider_may_come_back_and_another_be_added() -> None:
    again = replace(LINKED, since=date(2026, 7, 1))
    given(LINKED, UNLINKED).when(replace(LINK, since=date(2026, 7, 1))).then(again)
    second = replace(LINKED, code="TEAM-2")
    state = given(LINKED, second).when(UNLINK).then(UNLINKED)
    assert [link.code for link in state.providers_on(date(2026, 7, 1))] == ["TEAM-2"]


def test_a_firm_serves_a_town_and_a_project_team_a_village() -> None:
    town = LinkProvider(division="440115102", provider="firm", code="FIRM-1", since=TODAY)
    given().when(town).then(ProviderLinked(**structs.asdict(town)))
    given().when(replace(LINK, provider="project_team")).then(
        replace(LINKED, provider="project_team")
    )
    given().when(replace(town, provider="project_team")).refused(LevelNotServed)
    given().when(replace(LINK, provider="firm")).refused(LevelNotServed)


def test_a_link_belongs_to_the_division_of_its_stream() -> None:
    given(LINKED).when(replace(LINK, division=OTHER)).refused(DivisionDiffers)


def test_what_is_not_linked_is_not_unlinked() -> None:
    given(LINKED, UNLINKED).when(UNLINK).refused(NotLinkedProvider)
    given(LINKED).when(replace(UNLINK, code="TEAM-2")).refused(NotLinkedProvider)
    given(LINKED).when(replace(UNLINK, provider="firm")).refused(NotLinkedProvider)


def test_a_link_does_not_end_before_it_began() -> None:
    given(LINKED).when(replace(UNLINK, until=date(2026, 3, 1))).refused(EndsBeforeItBegan)
    same_day = replace(UNLINKED, until=TODAY)
    assert not given(LINKED).when(replace(UNLINK, until=TODAY)).then(same_day).providers_on(TODAY)
