"""The commands on joint conferences and surveys over HTTP."""

from typing import Final

from api.web.acting import Route
from domain.coordination import conference, survey
from domain.coordination.conference import Conference, DecisionStatus
from domain.coordination.survey import Survey
from domain.vocabulary import Command


def _of_conference(
    command: type[Command], action: str, summary: str, of: DecisionStatus | None = None
) -> Route:
    """Declare a command on a conference; of: what one of its decisions has to be."""

    def possible(state: Conference) -> bool:
        return of is None or any(one.status == of for one in state.decisions)

    return Route(
        possible=possible,
        command=command,
        under=f"/conferences/{{id:uuid}}/{action}",
        summary=summary,
        stream=lambda path, _: path["id"],
    )


def _of_survey(command: type[Command], action: str, summary: str) -> Route:
    def possible(state: Survey) -> bool:
        return not state.voided

    return Route(
        command=command,
        under=f"/surveys/{{id:uuid}}/{action}",
        summary=summary,
        stream=lambda path, _: path["id"],
        possible=possible,
    )


ROUTES: Final = (
    Route(
        command=conference.HoldConference,
        under="/conferences",
        summary="登记联席会议",
        stream=lambda _, command: conference.conference_stream(command),
        creates=True,
        location=lambda _, __, receipt: f"/conferences/{receipt.stream}",
    ),
    _of_conference(conference.TakeDecision, "take-decision", "登记议定事项"),
    _of_conference(conference.PostponeDecision, "postpone-decision", "延后议定事项的期限", "open"),
    _of_conference(
        conference.ReportDecisionDone, "report-decision-done", "登记议定事项已落实", "open"
    ),
    _of_conference(
        conference.ReopenDecision, "reopen-decision", "议定事项未落实，重新办理", "done"
    ),
    _of_conference(conference.DropDecision, "drop-decision", "议定事项不再办理", "open"),
    Route(
        command=survey.RecordSurvey,
        under="/surveys",
        summary="登记社会调查",
        stream=lambda _, command: survey.survey_stream(command),
        creates=True,
        location=lambda _, __, receipt: f"/surveys/{receipt.stream}",
    ),
    _of_survey(survey.CorrectSurvey, "correct", "更正调查结果"),
    _of_survey(survey.VoidSurvey, "void", "作废"),
)
