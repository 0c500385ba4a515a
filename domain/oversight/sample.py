"""A random sample 抽查 for an inspection or a check of scores, that nobody could choose.

First the population is frozen and announced: its digest, how many are to be drawn and what for.
Then it is drawn with the root of the first checkpoint of the log that covers the announcement. Who
announces cannot know that root, and who seals cannot alter the population any more; anybody can
look both up and draw again (`domain.oversight.draw`). What is doubtful and undecided may have more
tickets than the rest, as the policy says; it is frozen as the population is. A sample is drawn
once. It may be enlarged, which keeps those drawn before; announced again, it is another sample, and
both stay in the log.

Whom a sample of unheard people names is called in the order drawn (`domain.requests.rating`), and
who is passed over is so with a reason. Else a sample as large as its population would let the
caller choose whom to call, and when to stop: a limit on the size could be stepped around by several
samples, and calling everybody is no fault.
"""

from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args

from msgspec import Meta, Struct
from msgspec.structs import replace

from domain.codes import Code, Digest, DivisionCode, EvaluationPeriod
from domain.moment import Moment, not_in_future
from domain.oversight.draw import draw, population_digest
from domain.registers.policy import SampleWeight
from domain.vocabulary import Command, Event, NotThere, Position, Refused, Several, Text

KIND: Final = "sample"
PopulationKind = Literal[
    "worklog", "request", "complaint", "inspection", "mediation", "adviser", "point", "rating"
]
"""`rating`: requests whose person was invited to rate and never heard."""
Size = Several
Ids = tuple[Code, ...]


class Frame(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The population of a draw: all of the kind in the division and period, as known at `cut_off`.

    The cut-off is a log position. The ids can be found again from it, so only their digest is kept.
    """

    of: PopulationKind
    division: DivisionCode
    period: EvaluationPeriod | None = None
    cut_off: Position
    doubted_weight: SampleWeight = 1
    """Tickets of an id whose doubts nobody had decided at the cut-off."""


# --- events


class SampleAnnounced(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "sample.announced/1"
    purpose: Text
    frame: Frame
    count: int
    population: Digest
    """`population_digest` of the ids."""
    size: int
    announced_by: Code
    doubted: Digest | None = None
    """`population_digest` of the ids that have `doubted_weight` tickets; None when each has one."""
    doubted_count: int = 0


class SampleDrawn(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "sample.drawn/1"
    announced_at: Position
    """Log position of the announcement."""
    checkpoint: Position
    """Last log position under the checkpoint whose root is the seed."""
    seed: Digest
    drawn: Ids
    """In the order drawn."""


class SampleEnlarged(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "sample.enlarged/1"
    reason: Text
    size: int
    drawn: Ids
    """All of them, those drawn before first."""


class SamplePassedOver(Event, frozen=True, kw_only=True):
    """One of those drawn is not looked at: nobody answered, the thing is void, and the like."""

    topic: ClassVar[str] = "sample.passed_over/1"
    id: Code
    reason: Text


SampleEvent = SampleAnnounced | SampleDrawn | SampleEnlarged | SamplePassedOver
EVENTS: Final[tuple[type[Event], ...]] = get_args(SampleEvent)


# --- commands


class AnnounceSample(Command, frozen=True, kw_only=True):
    """`population` is listed by the program, from `frame`."""

    purpose: Text
    frame: Frame
    population: Annotated[Ids, Meta(min_length=1)]
    size: Size
    doubted: Ids = ()


class DrawSample(Command, frozen=True, kw_only=True):
    """Given by the program once the announcement is sealed: by the first checkpoint over it."""

    population: Ids
    announced_at: Position
    checkpoint: Position
    root: Digest
    doubted: Ids = ()


class EnlargeSample(Command, frozen=True, kw_only=True):
    population: Ids
    size: Size
    reason: Text
    doubted: Ids = ()


class PassOverDrawn(Command, frozen=True, kw_only=True):
    id: Code
    reason: Text


SampleCommand = AnnounceSample | DrawSample | EnlargeSample | PassOverDrawn
COMMANDS: Final[tuple[type[Command], ...]] = get_args(SampleCommand)


# --- state


class Sample(Struct, frozen=True, kw_only=True):
    announced: SampleAnnounced
    size: int
    seed: str | None = None
    drawn: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    def earlier(self, one: str) -> tuple[str, ...]:
        """Return those drawn before one that were not passed over."""
        drawn = self.drawn[: self.drawn.index(one)]
        return tuple(other for other in drawn if other not in self.passed_over)


# --- evolve


def evolve(state: Sample | None, event: SampleEvent) -> Sample:
    if isinstance(event, SampleAnnounced):
        return Sample(announced=event, size=event.size)
    assert state is not None
    match event:
        case SampleDrawn():
            return replace(state, seed=event.seed, drawn=event.drawn)
        case SampleEnlarged():
            return replace(state, size=event.size, drawn=event.drawn)
        case SamplePassedOver():
            return replace(state, passed_over=(*state.passed_over, event.id))
        case _:
            assert_never(event)


# --- refusals


class SampleUnknown(NotThere):
    """没有这次抽查"""


class SampleExists(Refused):
    """这次抽查已经登记，内容不同"""


class PopulationNotDistinct(Refused):
    """抽查总体中有重复的编号"""


class PopulationDiffers(Refused):
    """抽查总体与登记时封存的不一致"""


class DoubtedDiffer(Refused):
    """加权抽取的存疑记录与总体或者登记时封存的不一致"""


class SampleTooLarge(Refused):
    """抽查数量超过总体数量"""


class SeedNotYetKnown(Refused):
    """抽查登记之后的日志尚未封存，暂不能抽取"""


class SampleIsDrawn(Refused):
    """样本已经抽取，不能重新抽取"""


class SampleNotDrawn(Refused):
    """样本尚未抽取"""


class NotEnlarged(Refused):
    """样本只能扩大，不能缩小"""


class NotOfTheSample(Refused):
    """样本中没有抽到这一编号"""


# --- what the state lets happen


def possible(state: Sample, command: type[Command]) -> bool:
    """Return whether the state lets it happen at all; the rules decide in the end."""
    if command is DrawSample:
        return state.seed is None
    if command is PassOverDrawn:
        return bool(set(state.drawn) - set(state.passed_over))
    return state.seed is not None and state.size < state.announced.count


# --- decide


def decide(state: Sample | None, command: SampleCommand, moment: Moment) -> list[Event]:
    not_in_future(moment)
    if isinstance(command, PassOverDrawn):
        return _pass_over(state, command)
    if len(set(command.population)) != len(command.population):
        raise PopulationNotDistinct
    if isinstance(command, AnnounceSample):
        return _announce(state, command, moment)
    if state is None:
        raise SampleUnknown
    if population_digest(command.population) != state.announced.population:
        raise PopulationDiffers
    if _digest_of(command.doubted) != state.announced.doubted:
        raise DoubtedDiffer
    match command:
        case DrawSample():
            return _draw(state, command)
        case EnlargeSample():
            return _enlarge(state, command)
        case _:
            assert_never(command)


def _announce(state: Sample | None, command: AnnounceSample, moment: Moment) -> list[Event]:
    if not set(command.doubted) <= set(command.population):
        raise DoubtedDiffer
    announced = SampleAnnounced(
        purpose=command.purpose,
        frame=command.frame,
        count=len(command.population),
        population=population_digest(command.population),
        size=command.size,
        announced_by=moment.by.account,
        doubted=_digest_of(command.doubted),
        doubted_count=len(set(command.doubted)),
    )
    if state is not None:
        if state.announced == announced:
            return []
        raise SampleExists
    if command.size > announced.count:
        raise SampleTooLarge(f"{command.size} > {announced.count}")
    return [announced]


def drawn_of(frame: Frame, seed: str, population: Ids, size: int, doubted: Ids) -> tuple[str, ...]:
    """Draw by the weights of the frame."""
    return draw(seed, population, size, dict.fromkeys(doubted, frame.doubted_weight))


def _digest_of(doubted: Ids) -> str | None:
    return population_digest(set(doubted)) if doubted else None


def _draw(state: Sample, command: DrawSample) -> list[Event]:
    if state.seed is not None:
        if state.seed == command.root:
            return []
        raise SampleIsDrawn
    if command.checkpoint < command.announced_at:
        raise SeedNotYetKnown
    return [
        SampleDrawn(
            announced_at=command.announced_at,
            checkpoint=command.checkpoint,
            seed=command.root,
            drawn=drawn_of(
                state.announced.frame, command.root, command.population, state.size, command.doubted
            ),
        )
    ]


def _pass_over(state: Sample | None, command: PassOverDrawn) -> list[Event]:
    if state is None:
        raise SampleUnknown
    if command.id not in state.drawn:
        raise NotOfTheSample(command.id)
    if command.id in state.passed_over:
        return []
    return [SamplePassedOver(id=command.id, reason=command.reason)]


def _enlarge(state: Sample, command: EnlargeSample) -> list[Event]:
    if state.seed is None:
        raise SampleNotDrawn
    if command.size == state.size:
        return []
    if command.size < state.size:
        raise NotEnlarged
    if command.size > state.announced.count:
        raise SampleTooLarge(f"{command.size} > {state.announced.count}")
    frame = state.announced.frame
    drawn = drawn_of(frame, state.seed, command.population, command.size, command.doubted)
    return [SampleEnlarged(reason=command.reason, size=command.size, drawn=drawn)]
