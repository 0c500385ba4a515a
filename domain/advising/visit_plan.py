"""A month's plan of an adviser's visits to a village 驻村计划, and the changes of time that he asks
for and his office decides 弹性服务.

Whether a visit was kept is told by the work log alone: `projections.advising.visit_plans`.
"""

from datetime import date, datetime
from typing import Annotated, ClassVar, Final, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.advising.worklog import NotServingThere, known_village, serves
from domain.codes import Code, VillageCode
from domain.listed import known_adviser
from domain.moment import Moment, not_in_future
from domain.registers.appointment import china_day
from domain.vocabulary import Command, Event, NotThere, Refused, Text, stream_id
from domain.worktime.period import month_of

KIND: Final = "visitplan"
Month = Annotated[str, Meta(pattern=r"\A[12][0-9]{3}-(0[1-9]|1[0-2])\Z")]
Instant = Annotated[datetime, Meta(tz=True)]
VisitNumber = Annotated[int, Meta(ge=1, le=62)]
VisitMinutes = Annotated[int, Meta(ge=15, le=24 * 60)]


class PlannedVisit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When he is to be in the village."""

    KEY: ClassVar = None

    starts_at: Instant
    minutes: VisitMinutes


# --- events


class VisitsPlanned(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "visitplan.planned/1"
    adviser: Code
    village: VillageCode
    month: Month
    visits: tuple[PlannedVisit, ...]
    """In order of time: visit n is `visits[n - 1]`."""


class ChangeAsked(Event, frozen=True, kw_only=True):
    """Without a visit: it is to be dropped."""

    topic: ClassVar[str] = "visitplan.change_asked/1"
    visit: VisitNumber
    to: PlannedVisit | None = None
    reason: Text
    asked_by: Code | None = None
    """Account that asked, for the adviser or as he: it does not decide. Earlier logs do not say."""


class ChangeApproved(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "visitplan.change_approved/1"
    visit: VisitNumber
    to: PlannedVisit | None = None


class ChangeRefused(Event, frozen=True, kw_only=True):
    """The visit stays as it was."""

    topic: ClassVar[str] = "visitplan.change_refused/1"
    visit: VisitNumber
    reason: Text


VisitPlanEvent = VisitsPlanned | ChangeAsked | ChangeApproved | ChangeRefused
EVENTS: Final[tuple[type[Event], ...]] = get_args(VisitPlanEvent)


# --- commands


class PlanVisits(Command, frozen=True, kw_only=True):
    """`adviser` is the one who gives the command, unless his office plans for him."""

    adviser: Code
    village: VillageCode
    month: Month
    visits: Annotated[tuple[PlannedVisit, ...], Meta(min_length=1, max_length=62)]


class AskChange(Command, frozen=True, kw_only=True):
    """To another time, or without one to drop the visit."""

    visit: VisitNumber
    to: PlannedVisit | None = None
    reason: Text


class ApproveChange(Command, frozen=True, kw_only=True):
    visit: VisitNumber


class RefuseChange(Command, frozen=True, kw_only=True):
    visit: VisitNumber
    reason: Text


VisitPlanCommand = PlanVisits | AskChange | ApproveChange | RefuseChange
COMMANDS: Final[tuple[type[Command], ...]] = get_args(VisitPlanCommand)


# --- state


class Visit(Struct, frozen=True, kw_only=True):
    first: PlannedVisit
    """As planned at first."""
    now: PlannedVisit
    dropped: bool = False
    asked: ChangeAsked | None = None
    refused: int = 0

    @property
    def moved(self) -> bool:
        return self.now != self.first


class VisitPlan(Struct, frozen=True, kw_only=True):
    adviser: str
    village: str
    month: str
    visits: tuple[Visit, ...]

    def days_besides(self, number: int) -> set[date]:
        """Return the local days of the other visits, as they are or are asked to be."""
        others = [one for n, one in enumerate(self.visits, start=1) if n != number]
        now = [one.now for one in others if not one.dropped]
        asked = [one.asked.to for one in others if one.asked and one.asked.to]
        return {china_day(one.starts_at) for one in (*now, *asked)}


def plan_stream(adviser: str, village: str, month: str) -> UUID:
    return stream_id(KIND, plan_name(adviser, village, month))


def plan_name(adviser: str, village: str, month: str) -> str:
    return f"{adviser}:{village}:{month}"


def evolve(state: VisitPlan | None, event: VisitPlanEvent) -> VisitPlan:
    if isinstance(event, VisitsPlanned):
        return VisitPlan(
            adviser=event.adviser,
            village=event.village,
            month=event.month,
            visits=tuple(Visit(first=one, now=one) for one in event.visits),
        )
    assert state is not None
    number = event.visit
    visit = state.visits[number - 1]
    match event:
        case ChangeAsked():
            visit = replace(visit, asked=event)
        case ChangeApproved():
            now = event.to or visit.now
            visit = replace(visit, asked=None, now=now, dropped=event.to is None)
        case ChangeRefused():
            visit = replace(visit, asked=None, refused=visit.refused + 1)
        case _:
            assert_never(event)
    visits = (*state.visits[: number - 1], visit, *state.visits[number:])
    return replace(state, visits=visits)


# --- refusals


class VisitPlanUnknown(NotThere):
    """没有这份驻村计划"""


class VisitPlanExists(Refused):
    """该法律顾问在这个村（社区）本月的驻村计划已经登记，如需调整请申请变更"""


class NotOwnPlan(Refused):
    """驻村计划由法律顾问本人或其主管单位登记和申请变更"""


class VisitOutsideMonth(Refused):
    """驻村时间须在计划的月份之内"""


class VisitNotAhead(Refused):
    """驻村计划须事先登记，变更须在原定驻村开始之前申请，新的时间须在此之后"""


class TwoVisitsOneDay(Refused):
    """同一天只能安排一次驻村，请合并或改到另一天"""


class VisitUnknown(Refused):
    """计划中没有这一次驻村"""


class VisitIsDropped(Refused):
    """这一次驻村已经取消"""


class ChangeIsWaiting(Refused):
    """这一次驻村已有变更申请，请先等待审批"""


class NoChangeAsked(Refused):
    """这一次驻村没有待审批的变更申请"""


class ChangesNothing(Refused):
    """变更后的时间与现在的安排相同"""


class OwnChange(Refused):
    """不能审批自己的变更申请"""


# --- decide


def decide(state: VisitPlan | None, command: VisitPlanCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, PlanVisits):
        return _plan(state, command, moment)
    if state is None:
        raise VisitPlanUnknown
    if command.visit > len(state.visits):
        raise VisitUnknown(str(command.visit))
    visit = state.visits[command.visit - 1]
    if isinstance(command, AskChange):
        return _ask(state, visit, command, moment)
    if visit.asked is None:
        raise NoChangeAsked(str(command.visit))
    if moment.names & {state.adviser, visit.asked.asked_by}:
        raise OwnChange
    if isinstance(command, ApproveChange):
        return [ChangeApproved(visit=command.visit, to=visit.asked.to)]
    return [ChangeRefused(visit=command.visit, reason=command.reason)]


def _plan(state: VisitPlan | None, command: PlanVisits, moment: Moment) -> list[Event]:
    if state is not None:
        raise VisitPlanExists
    _his_own(command.adviser, moment)
    known_adviser(command.adviser, moment.registers)
    known_village(command.village, china_day(moment.occurred_at), moment)
    days = set()
    for one in command.visits:
        day = _day(one, command.adviser, command.village, command.month, moment)
        if day in days:
            raise TwoVisitsOneDay(str(day))
        days.add(day)
    return [
        VisitsPlanned(
            adviser=command.adviser,
            village=command.village,
            month=command.month,
            visits=tuple(sorted(command.visits, key=lambda one: one.starts_at)),
        )
    ]


def _his_own(adviser: str, moment: Moment) -> None:
    if moment.by.role == "adviser" and moment.by.adviser != adviser:
        raise NotOwnPlan


def _day(visit: PlannedVisit, adviser: str, village: str, month: str, moment: Moment) -> date:
    """The local day of a visit that lies ahead when it is entered, whenever it was agreed."""
    day = china_day(visit.starts_at)
    if month_of(day) != month:
        raise VisitOutsideMonth(str(day))
    if visit.starts_at <= moment.now:
        raise VisitNotAhead(str(day))
    if not serves(adviser, village, visit.starts_at, moment.registers):
        raise NotServingThere(f"{adviser} {day}")
    return day


def _ask(state: VisitPlan, visit: Visit, command: AskChange, moment: Moment) -> list[Event]:
    _his_own(state.adviser, moment)
    if visit.dropped:
        raise VisitIsDropped(str(command.visit))
    asked = ChangeAsked(
        visit=command.visit, to=command.to, reason=command.reason, asked_by=moment.by.account
    )
    if visit.asked is not None:
        if visit.asked == asked:
            return []
        raise ChangeIsWaiting(str(command.visit))
    if command.to == visit.now:
        raise ChangesNothing
    if visit.now.starts_at <= moment.now:
        raise VisitNotAhead(str(china_day(visit.now.starts_at)))
    if command.to is not None:
        day = _day(command.to, state.adviser, state.village, state.month, moment)
        if day in state.days_besides(command.visit):
            raise TwoVisitsOneDay(str(day))
    return [asked]
