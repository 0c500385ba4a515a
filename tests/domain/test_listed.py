"""What is named by a code is listed in its register: refused with the nearest entries where it is
not, as of the time of the act; nothing is asked of a register that is empty."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import replace

from domain.accounts.account import AccountOpened
from domain.advising.appointment_commands import LinkProvider, NominateAdviser
from domain.advising.needs import GradeVillage, NoteNeed
from domain.advising.visit_plan import PlannedVisit, PlanVisits
from domain.advising.worklog import LogWork, Share, VillageUnknown, Work
from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.codes import Code, DivisionCode, VillageCode
from domain.complaints.reception import AnnounceReception
from domain.complaints.record import Grievance, NameObject, RegisterComplaint
from domain.complaints.review import AskReview
from domain.complaints.routing import AskCoHandler, AssignComplaint
from domain.coordination.conference import Department, TakeDecision
from domain.honours.mark import AwardMark
from domain.listed import UnitUnknown, is_unit, known_unit, nearest, told
from domain.moment import Registers
from domain.oversight.inspection import HoldInspection
from domain.oversight.rectification import Addressee, OrderRectification
from domain.registers import division, firm, organ, point, team
from domain.registers.adviser import AdviserUnknown
from domain.registers.appointment import china_day
from domain.registers.division import DivisionAbolished, DivisionListed, DivisionUnknown
from domain.registers.firm import FirmClosed, FirmRegistered, FirmUnknown
from domain.registers.organ import OrganClosed, OrganListed
from domain.registers.point import PointNotOpenYet, PointUnknown, PointWindowsChanged, WindowUnknown
from domain.registers.team import TeamDissolved, TeamFormed, TeamUnknown
from domain.registration.account_commands import GivePost, TakeEmergencyAccess
from domain.registration.adviser_commands import MoveAdviser, RegisterAdviser, ReinstateAdviser
from domain.registration.point_commands import (
    ChangePointWindows,
    MovePoint,
    OpenPoint,
    PlaceDevice,
)
from domain.reporting.draft import FillInReport
from domain.requests.proceedings import LegalAidRefused
from domain.requests.proceedings_commands import (
    AdviserNotRegistered,
    ApplyForLegalAid,
    ObjectToLegalAidRefusal,
    Refer,
)
from domain.requests.request_commands import LogRequest
from domain.requests.roster import TakeWindow
from domain.training.session import Trainee
from domain.vocabulary import Actor, Command, Event, Refused
from tests.complaints import (
    ACCEPTED,
    HANDLER,
    OFFICER,
    REGISTERED_AGAINST_POINT,
    UNDER_INVESTIGATION,
    WITH_CLOSE,
)
from tests.domain.coordination.test_conference import CITY
from tests.domain.coordination.test_conference import HELD as CONFERENCE_HELD
from tests.domain.coordination.test_conference import HOLD as HOLD_CONFERENCE
from tests.domain.coordination.test_survey import RECORD as RECORD_SURVEY
from tests.domain.oversight.test_inspection import CHECKLIST
from tests.domain.oversight.test_rectification import GROUND
from tests.domain.training.test_helper import REGISTER as REGISTER_HELPER
from tests.domain.training.test_session import ANNOUNCE, BUREAU
from tests.examples import (
    APPLIED,
    LOGGED,
    MORNING,
    NOON,
    OPENED,
    REGISTERED,
    REGISTERS,
    REQUEST,
    RETIRED,
    local,
)
from tests.spec import given

SOURCE: Final = "示例"
DIVISIONS: Final = {
    code: fold(division, [DivisionListed(code=code, name=name, source=SOURCE)])
    for code, name in (
        ("4401", "广州市"),
        ("440103", "荔湾区"),
        ("440103001", "沙面街道"),
        ("440103001001", "翠洲社区"),
        ("440103002", "岭南街道"),
        ("440103002001", "岭南社区"),
    )
}
FIRM: Final = FirmRegistered(code="FIRM-1", name="示例律师事务所")
TEAM: Final = TeamFormed(code="TEAM-1", name="驻村一组", firm="FIRM-1")
ORGAN: Final = OrganListed(code="MZJ", name="市民政局", division="4401")
WINDOWS: Final = PointWindowsChanged(windows=("W1", "W2"))
LISTED: Final = replace(
    REGISTERS,
    points={**REGISTERS.points, "ROOM-1": fold(point, [OPENED, WINDOWS])},
    forms={"village-check@1": CHECKLIST},
    divisions=DIVISIONS,
    firms={"FIRM-1": fold(firm, [FIRM]), "FIRM-2": fold(firm, [replace(FIRM, code="FIRM-2")])},
    teams={"TEAM-1": fold(team, [TEAM])},
    organs={"MZJ": fold(organ, [ORGAN])},
)
RECEIVED: Final = Grievance(point="ROOM-1", channel="phone", subject="态度差")
WORK: Final = Work(
    village="440103001001",
    service="lecture",
    mode="onsite",
    ended_at=local("2026-03-02 12:00"),
    summary="讲座",
)
SHARES: Final = (Share(adviser="A-1", minutes=180),)


class Case(NamedTuple):
    """A command that is refused for one unlisted code, and the refusal."""

    field: str
    command: Command
    refusal: type[Refused]
    before: tuple[Event, ...] = ()
    about: str = ""
    """What the refusal names."""
    by: Actor = CITY


OPEN: Final = OpenPoint(
    code="ROOM-9", kind="room", name="新室", division="440103001009", division_source=SOURCE,
    valid_from=date(2026, 1, 1), services=(),
)  # fmt: skip
SUPERVISOR: Final = Actor(account="leader-1", role="supervisor", unit="440103")
PLAN: Final = PlanVisits(
    adviser="A-9", village="440103001009", month="2026-05",
    visits=(PlannedVisit(starts_at=NOON + timedelta(days=70), minutes=60),),
)  # fmt: skip
ACCOUNT: Final = AccountOpened(code="wang", name="王某")
GIVE: Final = GivePost(
    role="adviser", unit="ROOM-9", adviser="A-9", since=date(2026, 3, 1), basis="任命"
)
URGENT: Final = TakeEmergencyAccess(
    role="duty_officer", unit="ROOM-9", reason="值班人员突发疾病", minutes=60
)
CASES: Final = (
    Case("division", OPEN, DivisionUnknown, about="440103001001 翠洲社区"),
    Case(
        "division",
        MovePoint(division="440103009", division_source=SOURCE, valid_from=date(2026, 4, 1)),
        DivisionUnknown,
        (OPENED,),
        "440103001 沙面街道",
    ),
    Case(
        "window",
        PlaceDevice(device="D-1", window="W9"),
        WindowUnknown,
        (OPENED, WINDOWS),
        "W1、W2",
    ),
    Case(
        "firm",
        RegisterAdviser(code="A-9", name="新律师", firm="FIRM-9"),
        FirmUnknown,
        about="FIRM-1 示例律师事务所",
    ),
    Case(
        "team",
        RegisterAdviser(code="A-9", name="新律师", firm="FIRM-1", team="TEAM-9"),
        TeamUnknown,
        about="TEAM-1 驻村一组",
    ),
    Case("firm", MoveAdviser(firm="FIRM-9"), FirmUnknown, (REGISTERED,)),
    Case("team", MoveAdviser(firm="FIRM-1", team="TEAM-9"), TeamUnknown, (REGISTERED,)),
    Case("firm", ReinstateAdviser(firm="FIRM-9"), FirmUnknown, (REGISTERED, RETIRED)),
    Case(
        "team",
        ReinstateAdviser(firm="FIRM-1", team="TEAM-9"),
        TeamUnknown,
        (REGISTERED, RETIRED),
    ),
    Case(
        "division",
        NominateAdviser(division="440103001009", adviser="A-1", reason="本地"),
        DivisionUnknown,
    ),
    Case(
        "adviser",
        NominateAdviser(division="440103001001", adviser="A-9", reason="本地"),
        AdviserNotRegistered,
        about="A-1 陈律师",
    ),
    Case(
        "division",
        LinkProvider(
            division="440103001009", provider="team", code="TEAM-1", since=date(2026, 1, 1)
        ),
        DivisionUnknown,
    ),
    Case(
        "code",
        LinkProvider(
            division="440103001001", provider="team", code="TEAM-9", since=date(2026, 1, 1)
        ),
        TeamUnknown,
    ),
    Case(
        "code",
        LinkProvider(division="440103001", provider="firm", code="FIRM-9", since=date(2026, 1, 1)),
        FirmUnknown,
    ),
    Case(
        "work.village",
        LogWork(
            work=replace(WORK, village="440103001009"), shares=(Share(adviser="A-1", minutes=180),)
        ),
        VillageUnknown,
        about="440103001001 翠洲社区",
    ),
    Case(
        "shares.adviser",
        LogWork(work=WORK, shares=(Share(adviser="A-9", minutes=180),)),
        AdviserNotRegistered,
    ),
    Case(
        "division",
        HoldInspection(
            kind="check",
            division="440103001009",
            checklist="village-check@1",
            answers={"display": True, "visits": 1},
        ),
        DivisionUnknown,
    ),
    Case(
        "point",
        HoldInspection(
            kind="check",
            point="ROOM-9",
            checklist="village-check@1",
            answers={"display": True, "visits": 1},
        ),
        PointUnknown,
        about="ROOM-1",
    ),
    *(
        Case(
            "addressee.code",
            OrderRectification(
                source="inspection",
                source_stream=REQUEST,
                addressee=addressee,
                items=("更新",),
            ),
            refusal,
        )
        for addressee, refusal in (
            (Addressee("adviser", "A-9"), AdviserUnknown),
            (Addressee("point", "ROOM-9"), PointUnknown),
            (Addressee("firm", "FIRM-9"), FirmUnknown),
        )
    ),
    Case(
        "point",
        OrderRectification(
            source="inspection",
            source_stream=REQUEST,
            addressee=Addressee("firm", "FIRM-1"),
            point="ROOM-9",
            items=("更新",),
        ),
        PointUnknown,
    ),
    Case(
        "point",
        LogRequest(point="ROOM-9", channel="counter", service="consultation", subject="欠薪"),
        PointUnknown,
        about="ROOM-1 逢源街公共法律服务工作室",
    ),
    Case(
        "window",
        LogRequest(
            point="ROOM-1", channel="counter", service="consultation", subject="欠薪", window="W9"
        ),
        WindowUnknown,
    ),
    Case(
        "to",
        Refer(target="other_point", to="ROOM-9", reason="另处", consented=True),
        PointUnknown,
        (LOGGED,),
    ),
    Case(
        "to",
        Refer(target="other", to="MZX", reason="另处", consented=True),
        UnitUnknown,
        (LOGGED,),
        "MZJ 市民政局",
    ),
    Case(
        "to",
        ObjectToLegalAidRefusal(to="4402", reason="有新证明"),
        UnitUnknown,
        (LOGGED, APPLIED, LegalAidRefused(reason="收入超标")),
        "4401 广州市",
    ),
    Case(
        "organiser",
        replace(ANNOUNCE, organiser="440103009"),
        DivisionUnknown,
        about="440103001 沙面街道",
        by=BUREAU,
    ),
    Case(
        "invited.code",
        replace(ANNOUNCE, invited=(Trainee(code="A-9"),)),
        AdviserUnknown,
        about="A-1 陈律师",
        by=BUREAU,
    ),
    Case(
        "village",
        replace(REGISTER_HELPER, village="440103001009"),
        DivisionUnknown,
        about="440103001001 翠洲社区",
        by=BUREAU,
    ),
    Case("division", replace(HOLD_CONFERENCE, division="440109"), DivisionUnknown, by=CITY),
    Case(
        "absent.code",
        replace(
            HOLD_CONFERENCE,
            attending=(Department(name="市司法局"),),
            absent=(Department(name="民政局", code="MZX"),),
        ),
        UnitUnknown,
        about="MZJ 市民政局",
        by=CITY,
    ),
    Case(
        "responsible.code",
        TakeDecision(
            text="共享名单",
            responsible=Department(name="民政局", code="MZX"),
            due=date(2026, 3, 31),
        ),
        UnitUnknown,
        (CONFERENCE_HELD,),
        "MZJ 市民政局",
        CITY,
    ),
    Case(
        "division",
        replace(RECORD_SURVEY, division="440103009"),
        DivisionUnknown,
        about="440103001 沙面街道",
        by=BUREAU,
    ),
    Case("agency", ApplyForLegalAid(agency="MZX"), UnitUnknown, (LOGGED,)),
    Case(
        "window",
        TakeWindow(point="ROOM-1", day=date(2026, 3, 2), window="W9", officer="clerk-1"),
        WindowUnknown,
    ),
    Case(
        "point",
        TakeWindow(point="ROOM-9", day=date(2026, 3, 2), window="W1", officer="clerk-1"),
        PointUnknown,
    ),
    Case(
        "unit",
        AssignComplaint(unit="MZX"),
        UnitUnknown,
        (REGISTERED_AGAINST_POINT, ACCEPTED),
        "MZJ 市民政局",
        OFFICER,
    ),
    Case(
        "unit",
        AskCoHandler(unit="440199", task="核对"),
        UnitUnknown,
        UNDER_INVESTIGATION,
        "440103 荔湾区",
        HANDLER,
    ),
    Case("to", AskReview(to="4402", ground="未道歉"), UnitUnknown, WITH_CLOSE, "4401", OFFICER),
    Case(
        "adviser",
        NameObject(adviser="A-9", reason="核实"),
        AdviserUnknown,
        (REGISTERED_AGAINST_POINT,),
        by=OFFICER,
    ),
    Case(
        "grievance.point",
        RegisterComplaint(grievance=replace(RECEIVED, point="ROOM-9")),
        PointUnknown,
    ),
    Case(
        "grievance.adviser",
        RegisterComplaint(grievance=replace(RECEIVED, adviser="A-9")),
        AdviserUnknown,
        about="A-1 陈律师",
    ),
    Case(
        "point",
        AnnounceReception(
            point="ROOM-9",
            leader="leader-1",
            post="局长",
            starts_at=NOON + timedelta(days=9),
            slots=4,
            slot_minutes=30,
        ),
        PointUnknown,
        by=SUPERVISOR,
    ),
    Case("adviser", PLAN, AdviserUnknown, by=SUPERVISOR),
    Case("village", replace(PLAN, adviser="A-1"), VillageUnknown, by=SUPERVISOR),
    Case(
        "village",
        NoteNeed(
            village="440103001009", category="labour", text="工资", since=NOON.date(), source="talk"
        ),
        VillageUnknown,
    ),
    Case(
        "village",
        GradeVillage(village="440103001009", level="difficult", reason="纠纷多"),
        VillageUnknown,
        by=SUPERVISOR,
    ),
    Case(
        "code",
        AwardMark(
            kind="demonstration",
            code="ROOM-9",
            year=2025,
            awarded_on=date(2026, 1, 1),
            awarded_by="市司法局",
            basis="示例",
        ),
        PointUnknown,
        by=SUPERVISOR,
    ),
    Case("unit", GIVE, UnitUnknown, (ACCOUNT,), "ROOM-1"),
    Case("adviser", replace(GIVE, unit="ROOM-1"), AdviserUnknown, (ACCOUNT,), "A-1 陈律师"),
    Case(
        "unit",
        URGENT,
        UnitUnknown,
        (ACCOUNT,),
        "ROOM-1",
        by=Actor(account="wang", role="supervisor", unit="440103"),
    ),
    Case(
        "division",
        FillInReport(template="criticism@1", division="440199", period="2026-03"),
        DivisionUnknown,
        by=SUPERVISOR,
    ),
)


def refusal_of(case: Case, registers: Registers = LISTED) -> Refused | None:
    """None when it is not refused for this."""
    at = NOON if case.by in (OFFICER, HANDLER) else MORNING
    moment = given(
        *case.before, at=at, now=NOON, registers=registers, beside={REQUEST: GROUND}
    ).when(case.command, by=case.by)
    decide = AGGREGATE_BY_COMMAND[type(case.command)].decide
    try:
        decide(moment.state, moment.command, moment.moment)
    except case.refusal as refused:
        return refused
    except Refused:
        return None
    return None


def ids(case: Case) -> str:
    return f"{type(case.command).__name__}.{case.field}-{case.refusal.__name__}"


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_audit_4_11_an_unlisted_code_is_refused_with_the_nearest_entries(case: Case) -> None:
    refused = refusal_of(case)
    assert refused is not None
    assert case.about in refused.detail


ALWAYS: Final = (PointUnknown, AdviserUnknown, AdviserNotRegistered, VillageUnknown)
"""What was refused before there were registers, as well."""


ASKED: Final = [
    one for one in CASES if one.refusal not in ALWAYS and not isinstance(one.command, PlaceDevice)
]


@pytest.mark.parametrize("case", ASKED, ids=ids)
def test_an_empty_register_is_not_asked(case: Case) -> None:
    assert refusal_of(case, replace(REGISTERS, points={"ROOM-1": fold(point, [OPENED])})) is None


def test_a_unit_is_a_point_a_division_a_firm_or_an_organ_of_its_time() -> None:
    for code in ("ROOM-1", "440103001", "FIRM-1", "MZJ"):
        known_unit(code, LISTED, NOON)
    closed = replace(
        LISTED,
        firms={"FIRM-1": fold(firm, [FIRM, FirmClosed(reason="注销", closed_at=NOON)])},
        organs={"MZJ": fold(organ, [ORGAN, OrganClosed(reason="改革", closed_at=NOON)])},
        divisions=DIVISIONS
        | {
            "440103001": fold(
                division,
                [
                    DivisionListed(code="440103001", name="沙面街道", source=SOURCE),
                    DivisionAbolished(abolished_on=date(2026, 3, 2), source=SOURCE),
                ],
            )
        },
    )
    yesterday = NOON - timedelta(days=1)
    for code in ("440103001", "FIRM-1", "MZJ"):
        known_unit(code, closed, yesterday)
        with pytest.raises(UnitUnknown):
            known_unit(code, closed, NOON)


def test_what_no_register_could_say_is_no_unit_that_is_refused() -> None:
    """Divisions are asked of divisions alone; other codes once organs are listed."""
    assert is_unit("440199", REGISTERS, NOON) is None
    assert is_unit("OFFICE", REGISTERS, NOON) is None
    assert is_unit("OFFICE", replace(LISTED, organs={}), NOON) is None
    assert is_unit("OFFICE", LISTED, NOON) is False
    assert is_unit("440199", replace(LISTED, divisions={}), NOON) is None
    assert is_unit("440199", LISTED, NOON) is False


ENDS: Final = (
    ("firms", fold(firm, [FIRM, FirmClosed(reason="注销", closed_at=NOON)]), "firm"),
    ("teams", fold(team, [TEAM, TeamDissolved(reason="期满", dissolved_at=NOON)]), "team"),
)


@pytest.mark.parametrize(("register", "state", "field"), ENDS)
def test_what_has_ended_is_named_by_what_happened_before(
    register: str, state: Any, field: str
) -> None:
    ended = replace(LISTED, **{register: getattr(LISTED, register) | {state.code: state}})
    register_adviser = RegisterAdviser(code="A-9", name="新律师", firm="FIRM-1", team="TEAM-1")
    refusal = FirmUnknown if field == "firm" else TeamUnknown
    given(at=MORNING, registers=ended).when(register_adviser).then(
        replace(REGISTERED, code="A-9", name="新律师")
    )
    given(at=NOON, registers=ended).when(register_adviser).refused(refusal)


def test_a_division_is_known_from_its_first_day_to_its_last() -> None:
    lasting = [
        DivisionListed(code="440103001009", name="旧村", source=SOURCE, since=date(2025, 1, 1)),
        DivisionAbolished(abolished_on=date(2026, 1, 1), merged_into="440103001001", source=SOURCE),
    ]
    known = replace(LISTED, divisions=DIVISIONS | {"440103001009": fold(division, lasting)})
    for day, refused in (
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
    ):
        found = refusal_of(Case("division", replace(OPEN, valid_from=day), DivisionUnknown), known)
        assert (found is not None) is refused, day
        if found is not None:
            assert found.detail == (
                "440103001009 旧村，自 2025-01-01 起设立，自 2026-01-01 起撤销，"
                "并入 440103001001 翠洲社区"
            )


def test_a_longer_spelling_names_the_same_division() -> None:
    case = Case("division", replace(OPEN, division="440100"), DivisionUnknown)
    assert refusal_of(case) is None


def test_windows_are_changed_all_at_once_and_none_means_any() -> None:
    change = ChangePointWindows(windows=("W1", "W2", "W1"))
    assert given(OPENED).when(change).then(WINDOWS).windows == ("W1", "W2")
    given(OPENED, WINDOWS).when(ChangePointWindows(windows=("W2", "W1"))).nothing()
    given(OPENED, WINDOWS).when(ChangePointWindows(windows=())).then(
        PointWindowsChanged(windows=())
    )


def test_the_nearest_are_few_and_by_code_or_name() -> None:
    assert next(nearest("440103001002", DIVISIONS)) == "440103001001 翠洲社区"
    assert "4401 广州市" in list(nearest("广州", DIVISIONS))
    assert len(list(nearest("440103", DIVISIONS))) <= 3
    assert told("ZZZ", {}) == "ZZZ"


# --- every code of every command is checked, or said why it is not


ELSEWHERE: Final = {
    # Other registers, and states of the thing itself, with tests of their own.
    **dict.fromkeys(("calendar", "terms.items.code", "of_kind", "name"), "rules"),
    **dict.fromkeys(("subject", "item", "items", "add", "remove", "subjects"), "evaluations"),
    **dict.fromkeys(("earlier.subject", "run.results.subject", "run.division"), "evaluations"),
    **dict.fromkeys(("answers", "findings.item", "table.rows.cells"), "the form"),
    **dict.fromkeys(("population", "frame.division"), "samples: what is drawn from"),
    **dict.fromkeys(("merged_into", "members", "windows", "device"), "tests of the registers"),
    **dict.fromkeys(("level", "kind"), "policies: levels of difficulty, kinds of marks"),
    **dict.fromkeys(("sections", "table.sections"), "the form"),
    **dict.fromkeys(("table.entered", "table.rows.entered"), "the form"),
    "doubted": "samples: what is drawn from",
    "terms.items.scorers": "roles",
    # Not named by a code of any register.
    **dict.fromkeys(("person", "grievance.person", "lawyer"), "people outside the registers"),
    **dict.fromkeys(("work_order", "grievance.work_order", "work.matter"), "numbers of others"),
    **dict.fromkeys(("external.source", "grievance.external.source"), "numbers of others"),
    # Accounts: there is no register of them yet.
    **dict.fromkeys(
        ("account", "grievance.account", "officer", "served_by", "mediator", "leader"), "accounts"
    ),
    **dict.fromkeys(
        ("table.entered.by", "table.rows.entered.by", "table.rows.noted.by"), "accounts"
    ),
}
"""Fields that are no case here → what they are instead."""
THE_SAME: Final = {
    "HandOver.to": "test_transfer",
    "TransferRequest.to": "test_transfer",
    "PassOverDrawn.id": "of the sample's own draw",
    "UnhideComplaint.adviser": "whom it was kept from",
    "RecordCoordination.adviser": "a candidate",
    "ChooseAdviser.adviser": "a candidate",
    "UnlinkProvider.code": "a link",
    "AnswerAsCoHandler.unit": "a co-handler",
    "ReleaseCoHandler.unit": "a co-handler",
    "LeaveWindow.window": "a window that is taken",
    "InviteRating.point": "by the request",
    "InviteRating.window": "by the request",
    "ReplaceAdviser.adviser": "as NominateAdviser",
    "AssignAdviser.adviser": "as LogRequest",
    "LogRequest.adviser": "as NominateAdviser",
    "GiveConsultation.adviser": "as LogRequest",
    "HoldMediationSession.adviser": "as LogRequest",
    "NoteDissatisfaction.grievance.point": "as RegisterComplaint",
    "NoteDissatisfaction.grievance.adviser": "as RegisterComplaint",
    "CorrectWork.work.village": "as LogWork",
    "CorrectWork.shares.adviser": "as LogWork",
    "RegisterFirm.division": "tests of the registers",
    "FormTeam.firm": "tests of the registers",
    "ListOrgan.division": "tests of the registers",
    "SubmitReport.table.division": "test_report",
    "ResubmitReport.table.division": "that of the first version",
    "OpenEvaluation.division": "test_evaluation",
    "NoteDissatisfaction.grievance.organ": "as RegisterComplaint",
    "RegisterComplaint.grievance.organ": "test_organ",
}
MAKES: Final = ["Open", "Register", "List", "Form"]
PUBLISHES: Final = "Publish"
"""Rules, forms and rule sets hold codes of their own."""
KINDS: Final[tuple[Any, ...]] = (Code, DivisionCode, VillageCode)
CODES: Final = {str(meta.pattern) for kind in KINDS for meta in kind.__metadata__}


def holds_code(kind: Any) -> bool:
    here = any(
        getattr(meta, "pattern", None) in CODES for meta in getattr(kind, "__metadata__", ())
    )
    return here or any(holds_code(part) for part in get_args(kind))


def coded(kind: type[Struct], within: tuple[type[Struct], ...] = ()) -> Iterator[str]:
    """Yield the fields of a command that hold a code, by their path."""
    for name, of in get_type_hints(kind, include_extras=True).items():
        if holds_code(of):
            yield name
        for part in (of, *get_args(of)):
            if isinstance(part, type) and issubclass(part, Struct) and part not in within:
                yield from (f"{name}.{one}" for one in coded(part, (*within, part)))


@pytest.mark.parametrize("command", AGGREGATE_BY_COMMAND, ids=lambda one: str(one.__name__))
def test_every_code_of_every_command_is_checked_or_said_why_not(command: type[Command]) -> None:
    name = command.__name__
    if name.startswith(PUBLISHES):
        return
    checked = {one.field for one in CASES if type(one.command) is command}
    makes = {"code"} if any(name.startswith(one) for one in MAKES) else set()
    left = {
        field
        for field in coded(command)
        if field not in checked | makes | set(ELSEWHERE) and f"{name}.{field}" not in THE_SAME
    }
    assert left == set()


@pytest.mark.parametrize("case", [one for one in CASES if one.refusal is PointUnknown])
def test_b11_4_a_point_is_known_from_its_first_day_on(case: Case) -> None:
    day = getattr(case.command, "awarded_on", china_day(NOON))
    for first, refused in ((day, False), (day + timedelta(days=1), True)):
        new = fold(point, [replace(OPENED, code="ROOM-9", valid_from=first)])
        known = replace(LISTED, points={**LISTED.points, "ROOM-9": new})
        found = refusal_of(case._replace(refusal=PointNotOpenYet), known)
        assert isinstance(found, PointNotOpenYet) is refused, (first, found)
        if found is not None:
            assert found.detail.endswith(f"自 {first} 起启用")
