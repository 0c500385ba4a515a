"""Surveys: counts with their sample, never a bare rate."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.coordination.survey import (
    CorrectSurvey,
    MeasureTwice,
    MoreAnswersThanAsked,
    RecordSurvey,
    SurveyConducted,
    SurveyCorrected,
    SurveyExists,
    SurveyInFuture,
    SurveyIsVoided,
    SurveyResult,
    SurveyUnknown,
    SurveyVoided,
    VoidSurvey,
)
from domain.jurisdiction import OutsideJurisdiction
from domain.vocabulary import Actor, Command
from tests.spec import given

BUREAU = Actor(account="b-1", role="supervisor", unit="440103")
NEIGHBOUR = Actor(account="b-2", role="supervisor", unit="440104")
KNOWN = SurveyResult(
    measure="awareness", question="是否知道？", answered=100, positive=80, meaning="知道"
)
CHOSEN = replace(KNOWN, measure="first_choice", question="首先找谁？", answered=90, positive=40)
RECORD = RecordSurvey(
    division="440103001", period="2026-Q1", method="household", sample_size=100,
    conducted_on=date(2026, 3, 1), conducted_by="某调查公司", basis="分层抽样",
    results=(KNOWN, CHOSEN),
)  # fmt: skip
CONDUCTED = SurveyConducted(
    division="440103001", period="2026-Q1", method="household", sample_size=100,
    conducted_on=date(2026, 3, 1), conducted_by="某调查公司", basis="分层抽样",
    results=(KNOWN, CHOSEN),
)  # fmt: skip
CORRECT = CorrectSurvey(sample_size=101, results=(KNOWN,), reason="漏录一份")
VOID = VoidSurvey(reason="抽样不合要求")
VOIDED = SurveyVoided(reason="抽样不合要求")


def test_a_survey_is_recorded_with_its_sample_and_counts() -> None:
    state = given().when(RECORD, by=BUREAU).then(CONDUCTED)
    assert state.result("awareness") == KNOWN
    assert state.result("satisfaction") is None
    given(CONDUCTED).when(RECORD, by=BUREAU).refused(SurveyExists)


def test_a_survey_is_of_ones_own_division_and_is_over() -> None:
    given().when(RECORD, by=NEIGHBOUR).refused(OutsideJurisdiction)
    given(CONDUCTED).when(VOID, by=NEIGHBOUR).refused(OutsideJurisdiction)
    coming = replace(RECORD, conducted_on=date(2026, 3, 3))
    given().when(coming, by=BUREAU).refused(SurveyInFuture)


@pytest.mark.parametrize(
    "wrong", [replace(KNOWN, positive=101), replace(KNOWN, answered=101),
              replace(KNOWN, answered=50, positive=51)],
)  # fmt: skip
def test_no_more_answers_than_people_were_asked(wrong: SurveyResult) -> None:
    given().when(replace(RECORD, results=(wrong,)), by=BUREAU).refused(MoreAnswersThanAsked)
    corrected = replace(CORRECT, sample_size=100, results=(wrong,))
    given(CONDUCTED).when(corrected, by=BUREAU).refused(MoreAnswersThanAsked)


def test_a_measure_is_told_once() -> None:
    given().when(replace(RECORD, results=(KNOWN, KNOWN)), by=BUREAU).refused(MeasureTwice)


def test_results_are_corrected_with_a_reason() -> None:
    corrected = SurveyCorrected(sample_size=101, results=(KNOWN,), reason="漏录一份")
    state = given(CONDUCTED).when(CORRECT, by=BUREAU).then(corrected)
    assert (state.sample_size, state.result("first_choice")) == (101, None)
    given(CONDUCTED, corrected).when(CORRECT, by=BUREAU).nothing()


def test_a_void_survey_is_not_corrected() -> None:
    given(CONDUCTED).when(VOID, by=BUREAU).then(VOIDED)
    given(CONDUCTED, VOIDED).when(VOID, by=BUREAU).nothing()
    given(CONDUCTED, VOIDED).when(CORRECT, by=BUREAU).refused(SurveyIsVoided)


@pytest.mark.parametrize("command", [CORRECT, VOID])
def test_without_a_survey_nothing_is_corrected(command: Command) -> None:
    given().when(command, by=BUREAU).refused(SurveyUnknown)
