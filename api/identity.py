"""The tokens of the operator's file, and the permissions of each role.

That file is for operators and for the day on which nobody can sign in; people and programs have
sessions and tokens of their own (`api.signing`).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

from domain import attachments
from domain.advising import appointment_commands, needs, visit_plan, worklog
from domain.complaints import complaint_commands, reception
from domain.complaints import record as complaint_record
from domain.complaints import review as complaint_review
from domain.complaints import routing as complaint_routing
from domain.coordination import conference, survey
from domain.evaluation import evaluation_commands, ruleset
from domain.evaluation import objection as evaluation_objection
from domain.honours import mark
from domain.oversight import area, inspection, rectification, sample
from domain.promises import promise_watch
from domain.registration import (
    account_commands,
    adviser_commands,
    calendar_commands,
    division_commands,
    firm_commands,
    form_commands,
    organ_commands,
    point_commands,
    policy_commands,
    team_commands,
)
from domain.reporting import disclosure, draft, report
from domain.reporting import period_end as period
from domain.requests import proceedings_commands, rating, request_commands, roster
from domain.roles import (
    AUDITORS,
    CITIZENS,
    FIRMS,
    INTEGRATIONS,
    LEADERS,
    POLICIES,
    ROLES,
    STAFF,
    VILLAGES,
    Role,
)
from domain.training import helper, session
from domain.vocabulary import Actor, Command

DIGEST_MARK: Final = "sha256:"
PERMISSION: Final = "permission"
"""Key in the `opt` of a route handler; its value is a command or one of the permissions below."""

OPERATOR: Final = Actor(account="anjuan-operator", role="auditor", unit="anjuan-operator")
"""Who looks at the terminal when nobody is named: whoever may run this program there may read the
log. It is this very object: no token makes another."""

# --- permissions: what is not a command

PUBLIC: Final = "public"
"""Without a token: health, metrics, documents, and links that carry a token of their own."""
READ: Final = "read"
REPORT: Final = "report"
TABLE: Final = "table"
"""Statutory tables, row by row: they name who complained of whom."""
UPLOAD: Final = "upload"
"""Evidence, for what it proves."""
OWN: Final = "own"
"""What a committee or a firm must act on, and nothing else; whoever may `READ` reads all of it."""
QUEUE: Final = "queue"
"""What a rating device may read: the invitations that wait at its own window."""
ACCOUNTS: Final = "accounts"
"""Who has which post."""
SIGNING: Final = "signing"
"""One's own session and what one signs in with: whoever has signed in, with or without a post."""
RECOVER: Final = "recover"
"""Giving an account a one-time password."""
ADDRESS: Final = "address"
"""Any token: what is asked is whether this one may act."""

# --- groups of roles that have the same rights

_CASEWORK: Final[frozenset[Role]] = frozenset((*STAFF, *LEADERS))
_OFFICE: Final[frozenset[Role]] = frozenset(("duty_officer", *LEADERS))
"""Who handles complaints and checks work; the rules ask for the unit besides."""
_LEADERS: Final[frozenset[Role]] = frozenset(LEADERS)
_REGISTERS: Final[frozenset[Role]] = frozenset(("administrator",))

MAY: Final[Mapping[type[Command] | str, frozenset[Role]]] = {
    **dict.fromkeys(request_commands.COMMANDS, _CASEWORK),
    **dict.fromkeys(proceedings_commands.COMMANDS, _CASEWORK),
    **dict.fromkeys(point_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(adviser_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(division_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(firm_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(team_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(organ_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(account_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(
        (
            account_commands.NameStandIn,
            account_commands.EndStandIn,
            account_commands.TakeEmergencyAccess,
        ),
        _CASEWORK,
    ),
    account_commands.ReviewEmergencyAccess: _LEADERS,
    **dict.fromkeys(policy_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(calendar_commands.COMMANDS, _REGISTERS),
    request_commands.VoidRequest: frozenset(("duty_officer", *LEADERS)),
    request_commands.ClearRequestDoubts: _LEADERS,
    request_commands.RecalculateDeadlines: frozenset((*_CASEWORK, *POLICIES)),
    **dict.fromkeys(
        (
            proceedings_commands.GrantLegalAid,
            proceedings_commands.RefuseLegalAid,
            proceedings_commands.AssignLegalAidLawyer,
        ),
        frozenset(("legal_aid_officer", *LEADERS)),
    ),
    proceedings_commands.DeemLegalAidWithdrawn: frozenset(
        ("legal_aid_officer", *LEADERS, *POLICIES)
    ),
    proceedings_commands.ReviewLegalAidRefusal: _LEADERS,
    **dict.fromkeys(roster.COMMANDS, _CASEWORK),
    rating.InviteRating: frozenset((*_CASEWORK, *POLICIES)),
    rating.IssueRatingCode: frozenset((*_CASEWORK, "device")),
    rating.GiveRating: frozenset(CITIZENS),
    rating.WithdrawRating: frozenset(CITIZENS),
    rating.LookAtRating: _LEADERS,
    rating.FollowUpRating: frozenset(CITIZENS),
    rating.CallBackRating: _CASEWORK,
    rating.DefaultRating: frozenset(POLICIES),
    rating.DisputeRating: _CASEWORK,
    rating.DecideRatingDispute: frozenset(LEADERS),
    **dict.fromkeys(complaint_commands.COMMANDS, _OFFICE),
    **dict.fromkeys(
        (
            complaint_record.AcceptComplaint,
            complaint_record.DeclineComplaint,
            complaint_record.ExtendDeadline,
            complaint_record.SuperviseComplaint,
            complaint_record.OrderRework,
            complaint_record.ReclassifyComplaint,
            complaint_record.OrderRecusal,
            complaint_record.VoidComplaint,
            complaint_record.WithdrawComplaint,
            complaint_record.UnhideComplaint,
            complaint_routing.AssignComplaint,
            complaint_routing.DecideReturn,
            complaint_review.DecideReview,
            complaint_review.FinalizeComplaint,
        ),
        _LEADERS,
    ),
    complaint_record.NoteDissatisfaction: frozenset((*_CASEWORK, *CITIZENS)),
    complaint_record.SettleDissatisfaction: _CASEWORK,
    complaint_record.RegisterComplaint: _CASEWORK,
    complaint_record.DeclareRecusal: _CASEWORK,
    complaint_record.RecalculateComplaintDeadlines: frozenset((*_OFFICE, *POLICIES)),
    complaint_routing.AnswerAsCoHandler: _CASEWORK,
    **dict.fromkeys(reception.COMMANDS, _OFFICE),
    **dict.fromkeys(
        (reception.AnnounceReception, reception.MoveReception, reception.CancelReception),
        _LEADERS,
    ),
    **dict.fromkeys(appointment_commands.COMMANDS, _LEADERS),
    appointment_commands.ChooseAdviser: frozenset((*LEADERS, *VILLAGES)),
    appointment_commands.AcceptVillage: frozenset((*LEADERS, *FIRMS)),
    appointment_commands.DeclineVillage: frozenset((*LEADERS, *FIRMS)),
    appointment_commands.CreateWechatGroup: frozenset(("adviser", *LEADERS)),
    appointment_commands.DissolveWechatGroup: frozenset(("adviser", *LEADERS)),
    appointment_commands.PostDisplay: frozenset((*LEADERS, *VILLAGES)),
    appointment_commands.RemoveDisplay: frozenset((*LEADERS, *VILLAGES)),
    **dict.fromkeys(worklog.COMMANDS, frozenset(("adviser", *_OFFICE))),
    worklog.ConfirmWork: frozenset((*_OFFICE, *VILLAGES)),
    worklog.ConfirmEvidenceUpload: frozenset(POLICIES),
    worklog.VerifyWork: _LEADERS,
    worklog.ReturnWork: _LEADERS,
    worklog.ClearDoubts: _LEADERS,
    **dict.fromkeys(visit_plan.COMMANDS, _LEADERS),
    visit_plan.PlanVisits: frozenset(("adviser", *LEADERS)),
    visit_plan.AskChange: frozenset(("adviser", *LEADERS)),
    **dict.fromkeys(needs.COMMANDS, frozenset(("adviser", *_OFFICE))),
    needs.NoteNeed: frozenset(("adviser", *_OFFICE, *VILLAGES)),
    needs.GradeVillage: _LEADERS,
    **dict.fromkeys(area.COMMANDS, _LEADERS),
    **dict.fromkeys(mark.COMMANDS, _LEADERS),
    **dict.fromkeys(inspection.COMMANDS, _LEADERS),
    inspection.ConfirmInspection: frozenset((*_CASEWORK, *VILLAGES)),
    **dict.fromkeys(rectification.COMMANDS, _LEADERS),
    rectification.OrderRectification: frozenset((*LEADERS, *POLICIES)),
    rectification.AnswerRectification: frozenset((*_CASEWORK, *FIRMS)),
    rectification.MarkOverdue: frozenset(POLICIES),
    **dict.fromkeys(attachments.COMMANDS, frozenset((*_CASEWORK, *FIRMS))),
    attachments.ConfirmUpload: frozenset(POLICIES),
    **dict.fromkeys(form_commands.COMMANDS, _REGISTERS),
    **dict.fromkeys(report.COMMANDS, _LEADERS),
    **dict.fromkeys(draft.COMMANDS, _LEADERS),
    **dict.fromkeys(period.COMMANDS, frozenset(POLICIES)),
    **dict.fromkeys(promise_watch.COMMANDS, frozenset(POLICIES)),
    **dict.fromkeys(ruleset.COMMANDS, _REGISTERS),
    **dict.fromkeys(evaluation_commands.COMMANDS, _LEADERS),
    **dict.fromkeys(
        (evaluation_commands.GiveHumanScore, evaluation_commands.WithdrawHumanScore),
        frozenset((*_CASEWORK, *VILLAGES)),
    ),
    **dict.fromkeys(
        (evaluation_objection.FileObjection, evaluation_objection.FileAppeal),
        frozenset((*_CASEWORK, *VILLAGES, *FIRMS)),
    ),
    **dict.fromkeys(sample.COMMANDS, _LEADERS),
    **dict.fromkeys(disclosure.COMMANDS, frozenset((*LEADERS, *AUDITORS))),
    **dict.fromkeys(session.COMMANDS, _LEADERS),
    **dict.fromkeys(helper.COMMANDS, frozenset((*LEADERS, *VILLAGES))),
    **dict.fromkeys(conference.COMMANDS, _LEADERS),
    conference.ReportDecisionDone: frozenset((*_CASEWORK, *VILLAGES)),
    **dict.fromkeys(survey.COMMANDS, _LEADERS),
    READ: frozenset((*STAFF, *LEADERS, *AUDITORS, *INTEGRATIONS)),
    REPORT: frozenset((*STAFF, *LEADERS, *AUDITORS)),
    OWN: frozenset((*STAFF, *LEADERS, *AUDITORS, *VILLAGES, *FIRMS)),
    TABLE: frozenset((*LEADERS, *AUDITORS)),
    UPLOAD: frozenset((*_CASEWORK, *FIRMS)),
    QUEUE: frozenset(("device",)),
    ACCOUNTS: frozenset((*LEADERS, *AUDITORS)),
    ADDRESS: ROLES,
    SIGNING: ROLES,
    RECOVER: _REGISTERS,
}
"""The role × permission table. A command that is missing here has no route."""


def may(actor: Actor, permission: type[Command] | str) -> bool:
    return actor.role in MAY[permission]


class Tokens:
    """Bearer tokens by their SHA-256, so that a lookup takes the same time for every guess."""

    def __init__(
        self,
        tokens: Mapping[str, Actor],
        newer: Callable[[], Mapping[str, Actor] | None] = lambda: None,
    ) -> None:
        """`newer` gives all tokens anew where they have changed."""
        self._take(tokens)
        self._newer = newer

    def _take(self, tokens: Mapping[str, Actor]) -> None:
        self._actors = {_digest(token): actor for token, actor in tokens.items()}

    def actor(self, authorization: bytes | None) -> Actor | None:
        """Return the actor of `Authorization: Bearer …`; None when there is none."""
        if (changed := self._newer()) is not None:
            self._take(changed)
        if authorization is None or authorization[:7].lower() != b"bearer ":
            return None
        return self._actors.get(hashlib.sha256(authorization[7:].strip()).digest())


def _digest(token: str) -> bytes:
    if token.startswith(DIGEST_MARK):
        return bytes.fromhex(token.removeprefix(DIGEST_MARK))
    return hashlib.sha256(token.encode()).digest()
