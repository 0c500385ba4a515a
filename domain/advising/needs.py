"""The list of needs of a village 一村一清单: what it needs of legal service, since when, how it was
found out and what became of it; and how difficult the village is 优先指派.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.advising.worklog import Worklog, WorkUnknown, known_village
from domain.codes import Code, VillageCode
from domain.moment import Beside, Moment, not_in_future
from domain.registers.appointment import china_day
from domain.registers.policy import duty_rules
from domain.vocabulary import (
    Command,
    Event,
    NotThere,
    Personal,
    Refused,
    Statement,
    Text,
    stream_id,
)

KIND: Final = "needs"
NeedNumber = Annotated[int, Meta(ge=1, le=10_000)]
NeedCategory = Literal[
    "labour", "land", "collective_assets", "marriage_family", "neighbours", "contracts", "debts",
    "injury", "election", "charter", "legal_education", "other",
]  # fmt: skip
NeedSource = Literal["work_log", "survey", "talk", "committee", "inspection", "other"]
"""How it was found out."""


# --- events


class NeedNoted(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "needs.noted/1"
    village: VillageCode
    number: NeedNumber
    category: NeedCategory
    text: Personal
    since: date
    source: NeedSource


class NeedMet(Event, frozen=True, kw_only=True):
    """`work`: the entry of the work log by which it was met."""

    topic: ClassVar[str] = "needs.met/1"
    number: NeedNumber
    met_on: date
    how: Personal
    work: UUID | None = None


class NeedWithdrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "needs.withdrawn/1"
    number: NeedNumber
    reason: Text


class VillageGraded(Event, frozen=True, kw_only=True):
    """How difficult the village is, by a level of the duty rules of that day."""

    topic: ClassVar[str] = "needs.graded/1"
    village: VillageCode
    level: Code
    rank: Annotated[int, Meta(ge=1, le=1000)]
    """Of the level among those of the rules: 1 is the easiest."""
    graded_on: date
    reason: Text


NeedsEvent = NeedNoted | NeedMet | NeedWithdrawn | VillageGraded
EVENTS: Final[tuple[type[Event], ...]] = get_args(NeedsEvent)


# --- commands


class NoteNeed(Command, frozen=True, kw_only=True):
    village: VillageCode
    category: NeedCategory
    text: Statement
    since: date
    source: NeedSource


class MeetNeed(Command, frozen=True, kw_only=True):
    number: NeedNumber
    how: Statement
    work: UUID | None = None


class WithdrawNeed(Command, frozen=True, kw_only=True):
    number: NeedNumber
    reason: Text


class GradeVillage(Command, frozen=True, kw_only=True):
    village: VillageCode
    level: Code
    reason: Text


NeedsCommand = NoteNeed | MeetNeed | WithdrawNeed | GradeVillage
COMMANDS: Final[tuple[type[Command], ...]] = get_args(NeedsCommand)


# --- state

NeedStanding = Literal["open", "met", "withdrawn"]


class Need(Struct, frozen=True, kw_only=True):
    noted: NeedNoted
    met: NeedMet | None = None
    withdrawn: NeedWithdrawn | None = None

    @property
    def standing(self) -> NeedStanding:
        if self.withdrawn is not None:
            return "withdrawn"
        return "met" if self.met is not None else "open"


class Needs(Struct, frozen=True, kw_only=True):
    village: str
    needs: Mapping[int, Need] = {}
    """By number, in the order noted."""
    graded: VillageGraded | None = None
    """The newest grade."""

    @property
    def open(self) -> list[Need]:
        return [one for one in self.needs.values() if one.standing == "open"]


def needs_stream(village: str) -> UUID:
    return stream_id(KIND, village)


def evolve(state: Needs | None, event: NeedsEvent) -> Needs:
    if isinstance(event, NeedNoted | VillageGraded):
        state = state or Needs(village=event.village)
    assert state is not None
    match event:
        case NeedNoted():
            return replace(state, needs={**state.needs, event.number: Need(noted=event)})
        case NeedMet():
            met = replace(state.needs[event.number], met=event)
            return replace(state, needs={**state.needs, event.number: met})
        case NeedWithdrawn():
            withdrawn = replace(state.needs[event.number], withdrawn=event)
            return replace(state, needs={**state.needs, event.number: withdrawn})
        case VillageGraded():
            return replace(state, graded=event)
        case _:
            assert_never(event)


# --- refusals


class NeedsUnknown(NotThere):
    """这个村（社区）还没有需求清单"""


class NeedUnknown(Refused):
    """需求清单中没有这一项"""


class NeedIsOver(Refused):
    """这项需求已经满足或撤销"""


class NeedSinceFuture(Refused):
    """需求产生的日期不能晚于登记日"""


class LevelUnknown(Refused):
    """规则中没有这个难度等级"""


class WorkElsewhere(Refused):
    """这条工作日志不是在这个村（社区）的服务"""


# --- decide


def decide(state: Needs | None, command: NeedsCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, NoteNeed):
        return _note(state, command, moment)
    if isinstance(command, GradeVillage):
        return _grade(state, command, moment)
    if state is None:
        raise NeedsUnknown
    need = state.needs.get(command.number)
    if need is None:
        raise NeedUnknown(str(command.number))
    match command:
        case MeetNeed():
            return _meet(state, need, command, moment)
        case WithdrawNeed():
            if need.withdrawn is not None:
                return []
            if need.met is not None:
                raise NeedIsOver(str(command.number))
            return [NeedWithdrawn(number=command.number, reason=command.reason)]
        case _:
            assert_never(command)


def _note(state: Needs | None, command: NoteNeed, moment: Moment) -> list[Event]:
    """A need that stands open in the same words is not noted again."""
    known_village(command.village, china_day(moment.occurred_at), moment)
    if command.since > china_day(moment.occurred_at):
        raise NeedSinceFuture
    noted = NeedNoted(
        village=command.village,
        number=len(state.needs) + 1 if state else 1,
        category=command.category,
        text=command.text,
        since=command.since,
        source=command.source,
    )
    again = [replace(one.noted, number=noted.number) for one in (state.open if state else ())]
    return [] if noted in again else [noted]


def _meet(state: Needs, need: Need, command: MeetNeed, moment: Moment) -> list[Event]:
    if need.met is not None and (need.met.how, need.met.work) == (command.how, command.work):
        return []
    if need.standing != "open":
        raise NeedIsOver(str(command.number))
    if command.work is not None:
        work = moment.beside.get(command.work)
        if not isinstance(work, Worklog) or not work.counts:
            raise WorkUnknown(str(command.work))
        if work.now.work.village != state.village:
            raise WorkElsewhere(work.now.work.village)
    day = china_day(moment.occurred_at)
    return [NeedMet(number=command.number, met_on=day, how=command.how, work=command.work)]


def _grade(state: Needs | None, command: GradeVillage, moment: Moment) -> list[Event]:
    day = china_day(moment.occurred_at)
    known_village(command.village, day, moment)
    levels = duty_rules(moment.registers.policies, command.village, day).difficulty_levels
    if command.level not in levels:
        raise LevelUnknown("、".join(levels))
    if state is not None and state.graded is not None and state.graded.level == command.level:
        return []
    return [
        VillageGraded(
            village=command.village,
            level=command.level,
            rank=levels.index(command.level) + 1,
            graded_on=day,
            reason=command.reason,
        )
    ]


def _reads(_: Needs | None, command: MeetNeed, __: Moment) -> list[UUID]:
    return [] if command.work is None else [command.work]


BESIDE: Final = Beside((MeetNeed,), _reads)
