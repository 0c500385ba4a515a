"""Rights 权限: what each role may do, where, and what of a person it sees there in clear text.

One row for each command, question, export and door. The doors ask it, the lists of what somebody
may do are made of it, docs/rights.md is written from it, and the matrix of tests is generated from
it. What has no row is not there: a question, route or export without one stops the program as it is
loaded, or a test of the house.

Where a thing stands and how far a post reaches is `domain.jurisdiction`.
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from domain import attachments
from domain.advising import appointment_commands, needs, visit_plan, worklog
from domain.aggregates import AGGREGATE_BY_COMMAND
from domain.complaints import complaint_commands, reception
from domain.complaints import record as complaint_record
from domain.complaints import review as complaint_review
from domain.complaints import routing as complaint_routing
from domain.coordination import conference, survey
from domain.evaluation import evaluation_commands, ruleset
from domain.evaluation import objection as evaluation_objection
from domain.honours import mark
from domain.jurisdiction import ANYWHERE
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

PERMISSION: Final = "permission"
"""Key in the `opt` of a route handler; its value is a command or one of the permissions below."""

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
READS: Final = "reads"
"""Who has read what."""
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
    READS: frozenset((*LEADERS, *AUDITORS)),
    ADDRESS: ROLES,
    SIGNING: ROLES,
    RECOVER: _REGISTERS,
}
"""Permission → roles. A command that is missing here has no route."""


def may(actor: Actor, permission: type[Command] | str) -> bool:
    return actor.role in MAY[permission]


# --- how far, and what of a person


Scope = Literal["thing", "rows", "own", "link", "everywhere", "operator"]
"""Where a right holds. `thing`: of what stands within reach of the post, which is its unit, its
division, what is its own, and what is referred to it or handled with it while that lasts. `rows`:
of a list, the rows that do. `own`: of the actor himself. `link`: for whoever holds a secret made
for one thing. `everywhere`: rules, registers and figures that are no person's. `operator`: at the
machine itself.
"""
Fields = Literal["none", "masked", "clear"]
"""Of what names or describes a person a role sees nothing, because there is none; masked; or, for a
purpose that is written down, clear."""


class Right(Struct, frozen=True):
    """A row: who may, how far, and who may see what is personal in clear text for a purpose."""

    permission: type[Command] | str
    scope: Scope
    clear: frozenset[Role] = frozenset()
    always: bool = False
    """A read is recorded although all is masked: that there is such a thing says something."""
    of: str = ""
    """Kind of the things that are read."""

    @property
    def roles(self) -> frozenset[Role]:
        """Roles that may; none where no token is asked for, or the machine's account is."""
        return MAY.get(self.permission, frozenset())


OPERATOR: Final = "operator"
"""Permission of what is done at the machine, by whoever has its account."""
_HANDLING: Final[frozenset[Role]] = frozenset((*_CASEWORK, *AUDITORS))
"""Who may see people in clear text, for a purpose."""

QUESTIONS: Final[Mapping[str, Right]] = {
    "Requests": Right(READ, "rows", clear=_HANDLING, of="request"),
    "Request": Right(READ, "thing", clear=_HANDLING, of="request"),
    "Ratings": Right(READ, "rows", of="request"),
    "DeviceQueue": Right(QUEUE, "own"),
    "Rating": Right(READ, "thing", clear=_HANDLING, of="request"),
    "RatingLink": Right(PUBLIC, "link"),
    "FollowCode": Right(READ, "thing", always=True, of="request"),
    "FollowedRequest": Right(PUBLIC, "link"),
    "Subjects": Right(READ, "rows"),
    "Rosters": Right(READ, "rows"),
    "Roster": Right(READ, "thing", of="roster"),
    "Complaints": Right(READ, "rows", clear=_HANDLING, always=True, of="complaint"),
    "Dissatisfactions": Right(READ, "rows", clear=_HANDLING, always=True, of="complaint"),
    "ComplaintCounts": Right(READ, "rows"),
    "Complaint": Right(READ, "thing", clear=_HANDLING, always=True, of="complaint"),
    "Receptions": Right(READ, "rows", of="reception"),
    "Reception": Right(READ, "thing", clear=_HANDLING, always=True, of="reception"),
    "LeaderReceptions": Right(REPORT, "rows"),
    "Appointment": Right(OWN, "thing", clear=_HANDLING, of="appointment"),
    "Worklog": Right(OWN, "thing", clear=_HANDLING, of="worklog"),
    "Inspection": Right(OWN, "thing", clear=MAY[OWN], of="inspection"),
    "Rectification": Right(OWN, "thing", clear=MAY[OWN], of="rectification"),
    "Form": Right(READ, "everywhere"),
    "Appointments": Right(OWN, "rows"),
    "Worklogs": Right(OWN, "rows", of="worklog"),
    "Evaluations": Right(OWN, "rows"),
    "Objections": Right(OWN, "rows"),
    "TrialRun": Right(REPORT, "rows"),
    "Evaluation": Right(OWN, "thing", clear=MAY[OWN], of="evaluation"),
    "EvaluationResults": Right(OWN, "thing", of="evaluation"),
    "ExplainScore": Right(OWN, "thing", of="evaluation"),
    "CompareDeterminations": Right(REPORT, "thing"),
    "RuleSet": Right(REPORT, "everywhere"),
    "Sample": Right(REPORT, "thing", of="sample"),
    "Samples": Right(REPORT, "rows"),
    "Calendars": Right(READ, "everywhere"),
    "Policies": Right(READ, "everywhere"),
    "Forms": Right(READ, "everywhere"),
    "RuleSets": Right(REPORT, "everywhere"),
    "Duty": Right(REPORT, "rows"),
    "Doubts": Right(REPORT, "rows"),
    "Coverage": Right(REPORT, "rows"),
    "Inspections": Right(OWN, "rows"),
    "Rectifications": Right(OWN, "rows"),
    "Areas": Right(READ, "rows"),
    "Area": Right(READ, "thing", of="area"),
    "Rounds": Right(REPORT, "rows"),
    "Visits": Right(READ, "rows"),
    "VisitPlan": Right(READ, "thing", of="visitplan"),
    "AdviserVisits": Right(REPORT, "rows"),
    "NeedsOfVillages": Right(OWN, "rows"),
    "Needs": Right(OWN, "thing", clear=_HANDLING, of="needs"),
    "Choices": Right(READ, "thing", clear=_HANDLING, of="appointment"),
    "Marks": Right(READ, "everywhere"),
    "Mark": Right(READ, "everywhere", of="mark"),
    "MarkCounts": Right(REPORT, "everywhere"),
    "Directory": Right(READ, "everywhere"),
    "PublicDirectory": Right(PUBLIC, "everywhere"),
    "Points": Right(READ, "everywhere"),
    "Point": Right(READ, "everywhere"),
    "Advisers": Right(READ, "everywhere"),
    "Adviser": Right(READ, "everywhere"),
    "Devices": Right(READ, "everywhere"),
    "Device": Right(READ, "everywhere"),
    "Divisions": Right(READ, "everywhere"),
    "Division": Right(READ, "everywhere"),
    "Firms": Right(READ, "everywhere"),
    "Firm": Right(READ, "everywhere"),
    "Teams": Right(READ, "everywhere"),
    "Team": Right(READ, "everywhere"),
    "Organs": Right(READ, "everywhere"),
    "Organ": Right(READ, "everywhere"),
    "Accounts": Right(ACCOUNTS, "rows"),
    "Account": Right(OWN, "thing", of="account"),
    "Calendar": Right(READ, "everywhere"),
    "Policy": Right(READ, "everywhere"),
    "Workload": Right(REPORT, "rows"),
    "ResponseTimes": Right(REPORT, "rows"),
    "Satisfaction": Right(REPORT, "rows"),
    "Promises": Right(REPORT, "rows"),
    "Views": Right(REPORT, "everywhere"),
    "Criticism": Right(TABLE, "rows", clear=MAY[TABLE], always=True),
    "ReportParts": Right(REPORT, "everywhere"),
    "ReportTable": Right(TABLE, "rows", clear=MAY[TABLE], always=True),
    "ReportVersions": Right(TABLE, "thing"),
    "ReportAdjustments": Right(TABLE, "thing", clear=MAY[TABLE], always=True),
    "ReportCell": Right(TABLE, "thing", clear=MAY[TABLE], always=True),
    "Training": Right(READ, "thing", of="training"),
    "Trainings": Right(READ, "rows"),
    "TrainingCredits": Right(REPORT, "rows"),
    "Helper": Right(OWN, "thing", clear=_HANDLING, of="helper"),
    "Helpers": Right(OWN, "rows"),
    "HelperCounts": Right(REPORT, "rows"),
    "Conference": Right(OWN, "thing", of="conference"),
    "Conferences": Right(READ, "rows"),
    "Decisions": Right(OWN, "rows"),
    "Survey": Right(READ, "thing", of="survey"),
    "Surveys": Right(READ, "rows"),
    "Reports": Right(REPORT, "everywhere"),
    "Timeline": Right(OWN, "thing", clear=_HANDLING, always=True),
    "Event": Right(OWN, "thing", clear=_HANDLING, always=True),
    "Attachments": Right(OWN, "thing", of="attachments"),
    "Me": Right(ADDRESS, "own"),
    "Catalog": Right(ADDRESS, "everywhere"),
    "Rights": Right(ADDRESS, "own"),
    "Reads": Right(READS, "rows", always=True, of="read"),
}
"""Questions by name."""

DOORS: Final[Mapping[str, Right]] = {
    "EventStream": Right(READ, "rows"),
    "Blob": Right(READ, "thing", clear=MAY[READ], always=True, of="blob"),
    "PutBlob": Right(UPLOAD, "thing"),
    **dict.fromkeys(
        (
            "SignIn", "SimulatedSignIn", "GoToProvider", "ComeFromProvider", "PayCode", "Asset",
            "Help", "Manifest", "Worker",
        ),
        Right(PUBLIC, "everywhere"),
    ),
    **dict.fromkeys(
        (
            "OwnSession", "SignOut", "ChoosePost", "ChangePassword", "PrepareSecondFactor",
            "ConfirmSecondFactor", "OwnSessions", "EndOtherSessions", "EndSession",
        ),
        Right(SIGNING, "own"),
    ),
    "RecoverAccount": Right(RECOVER, "thing", of="account"),
    **dict.fromkeys(
        ("Live", "Ready", "Metrics", "Checkpoint", "SealKeys", "Tile"), Right(PUBLIC, "everywhere")
    ),
    **dict.fromkeys(
        (
            "PublicGiveRating", "PublicFollowUpRating", "PublicWithdrawRating",
            "PublicNoteDissatisfaction",
        ),
        Right(PUBLIC, "link"),
    ),
}  # fmt: skip
"""Handlers of HTTP that are neither command nor question, by name."""

EXPORTS: Final[Mapping[str, Right]] = {
    "bundle:evaluation": Right(OPERATOR, "operator"),
    "bundle:complaint": Right(OPERATOR, "operator"),
    "bundle:point": Right(OPERATOR, "operator"),
    "bundle:personal": Right(
        disclosure.DisclosePersonalData,
        "operator",
        clear=MAY[disclosure.DisclosePersonalData],
        always=True,
    ),
    "json": Right(OPERATOR, "operator"),
    "csv": Right(OPERATOR, "operator"),
}
"""What leaves as a file: bundles by kind, with personal data, tables and lists by format."""

COMMAND_LINE: Final[Mapping[str, Right]] = {
    **dict.fromkeys(("do", "list", "show"), Right(ADDRESS, "thing")),
    **dict.fromkeys(
        (
            "demo", "init", "token", "publish", "serve", "import", "report", "timeline", "explain",
            "views", "rebuild", "project", "policies", "recalculate", "log", "db", "ruleset",
            "evaluate", "evaluation", "sample", "seal", "checkpoint", "verify", "bundle", "doctor",
            "bench", "config", "rights", "reads", "account",
        ),
        Right(OPERATOR, "operator"),
    ),
}  # fmt: skip
"""Commands of `anjuan`; `do`, `list` and `show` ask the row of what they give or ask."""

COMMANDS: Final[Mapping[str, Right]] = {
    command.__name__: Right(
        command,
        "everywhere" if command in ANYWHERE else "thing",
        of=AGGREGATE_BY_COMMAND[command].KIND,
    )
    for command in MAY
    if not isinstance(command, str)
}
"""Commands by name. Where each holds is where its thing stands (`refuse_outside`)."""

RIGHTS: Final[Mapping[str, Right]] = {
    **COMMANDS,
    **QUESTIONS,
    **DOORS,
    **{f"export {name}": right for name, right in EXPORTS.items()},
    **{f"anjuan {name}": right for name, right in COMMAND_LINE.items()},
}
"""Every row, by the name of its action."""


class NoRight(LookupError):
    """An action that no row of the table has."""


def right_of(action: str) -> Right:
    """Return the row of an action. Raises: NoRight."""
    if (right := RIGHTS.get(action)) is None:
        raise NoRight(f"{action} has no row in api/rights.py")
    return right


def fields_of(right: Right, role: Role, *, personal: bool) -> Fields:
    """Return what a role sees of people by a right; `personal`: whether there is any to see."""
    if not personal:
        return "none"
    return "clear" if role in right.clear else "masked"
