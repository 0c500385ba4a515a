"""A rule set 评分标准 as published: immutable versions, each in force from its day.

What it says is in `domain.evaluation.ruleset_content`; `domain.evaluation.ruleset_check` finds what
is wrong with it.
"""

from datetime import date
from typing import ClassVar, Final, assert_never
from uuid import UUID

from msgspec import Struct

from domain.evaluation.ruleset_check import problems
from domain.evaluation.ruleset_content import RuleSet
from domain.moment import Beside, Moment, refuse_twin, spellings
from domain.registration.publishing import PublishingRefusals, is_next_version
from domain.vocabulary import Command, Event, Refused, stream_id

KIND: Final = "ruleset"

# --- events


class RuleSetPublished(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "ruleset.published/1"
    ruleset: RuleSet


EVENTS: Final = (RuleSetPublished,)

# --- commands


class PublishRuleSet(Command, frozen=True, kw_only=True):
    ruleset: RuleSet


COMMANDS: Final = (PublishRuleSet,)

# --- state


class PublishedRuleSet(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[RuleSet, ...]

    def in_force(self, day: date) -> RuleSet:
        """The newest version effective on that day; NoRuleSetInForce when there is none."""
        for version in reversed(self.versions):
            if version.effective_from <= day:
                return version
        raise NoRuleSetInForce(day.isoformat())


# --- evolve


def evolve(state: PublishedRuleSet | None, event: RuleSetPublished) -> PublishedRuleSet:
    match event:
        case RuleSetPublished(ruleset=ruleset):
            return PublishedRuleSet((*(state.versions if state else ()), ruleset))
        case _:
            assert_never(event)


# --- refusals


class NoRuleSetInForce(Refused):
    """在该日期没有生效的评分标准"""


class RuleSetFaulty(Refused):
    """评分标准的内容有误，请按所列位置修改"""


class RuleSetVersionDiffers(Refused):
    """该版本的评分标准已经公布，内容不同；请用下一个版本号公布"""


class RuleSetVersionSkipped(Refused):
    """评分标准的版本号必须逐一递增，从 1 开始"""


class RuleSetOfAnother(Refused):
    """评分标准的代码或者考核对象与已公布的版本不一致"""


REFUSALS: Final = PublishingRefusals(
    differs=RuleSetVersionDiffers, skipped=RuleSetVersionSkipped, another=RuleSetOfAnother
)


# --- decide


def decide(state: PublishedRuleSet | None, command: PublishRuleSet, moment: Moment) -> list[Event]:
    match command:
        case PublishRuleSet(ruleset=ruleset):
            if state is None:
                refuse_twin(ruleset.code, _twins(ruleset.code, moment))
            return _publish(state, ruleset)
        case _:
            assert_never(command)


def _publish(state: PublishedRuleSet | None, ruleset: RuleSet) -> list[Event]:
    versions = state.versions if state else ()
    if versions and ruleset.subject != versions[0].subject:
        raise RuleSetOfAnother
    if not is_next_version(versions, ruleset, REFUSALS):
        return []
    if faults := problems(ruleset):
        raise RuleSetFaulty("\n".join(faults))
    return [RuleSetPublished(ruleset=ruleset)]


def _twins(code: str, moment: Moment) -> list[str]:
    return [one for one in spellings(code) if moment.beside.get(stream_id(KIND, one)) is not None]


def _reads(_: PublishedRuleSet | None, command: PublishRuleSet, __: Moment) -> list[UUID]:
    return [stream_id(KIND, one) for one in spellings(command.ruleset.code)]


BESIDE: Final = Beside((PublishRuleSet,), _reads)
