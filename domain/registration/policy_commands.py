"""Publishing the next version of a policy; making it judge months that were over."""

from datetime import date
from typing import Final, assert_never, get_args

from domain.moment import Moment, refuse_twin
from domain.registers.policy import (
    DUTY_POLICY,
    Policy,
    PolicyPublished,
    PolicyRecalculated,
    PolicyVersion,
    of_duties,
)
from domain.registration.limit_check import faults
from domain.registration.publishing import (
    PublishedVersionUnknown,
    PublishingRefusals,
    is_next_version,
    recalculable,
    running_month,
)
from domain.vocabulary import Command, Event, Refused, Text, Version

# --- commands


class PublishPolicy(Command, frozen=True, kw_only=True):
    policy: PolicyVersion


class RecalculatePolicy(Command, frozen=True, kw_only=True):
    """Let a version judge closed months as well, from the first day `since` on."""

    version: Version
    since: date
    reason: Text


PolicyCommand = PublishPolicy | RecalculatePolicy
COMMANDS: Final[tuple[type[Command], ...]] = get_args(PolicyCommand)


class PolicyVersionDiffers(Refused):
    """该版本的规则已经公布，内容不同；请用下一个版本号公布。"""


class PolicyVersionSkipped(Refused):
    """规则的版本号必须逐一递增，从 1 开始。"""


class PolicyCodeDiffers(Refused):
    """规则的代码与已公布的版本不一致。"""


REFUSALS: Final = PublishingRefusals(
    differs=PolicyVersionDiffers, skipped=PolicyVersionSkipped, another=PolicyCodeDiffers
)


# --- decide


def decide(state: Policy | None, command: PolicyCommand, moment: Moment) -> list[Event]:
    match command:
        case PublishPolicy(policy=policy):
            if state is None:
                refuse_twin(policy.code, moment.registers.policies)
            return _publish(state, policy, moment)
        case RecalculatePolicy():
            return _recalculate(state, command)
        case _:
            assert_never(command)


def _publish(state: Policy | None, policy: PolicyVersion, moment: Moment) -> list[Event]:
    versions = state.versions if state else ()
    if not is_next_version(versions, policy, REFUSALS):
        return []
    for _, refusal in faults(policy, versions[-1] if versions else None):
        raise refusal
    return [PolicyPublished(policy=policy, binds_from=_binds_from(policy, moment))]


def _binds_from(policy: PolicyVersion, moment: Moment) -> date | None:
    """The first day of the running month, where duties of months before it would change: a version
    that says nothing of duties takes them away.

    The first rules of duties at all reach back as they are dated: there were none to keep.
    """
    running = running_month(moment)
    first = not {policy.code, DUTY_POLICY} & moment.registers.policies.keys()
    if not of_duties(policy.code) or first or running is None or policy.effective_from >= running:
        return None
    return running


def _recalculate(state: Policy | None, command: RecalculatePolicy) -> list[Event]:
    if state is None or command.version > len(state.versions):
        raise PublishedVersionUnknown(str(command.version))
    version = state.versions[command.version - 1]
    recalculable(command.since, version.effective_from, state.binds_from(version))
    return [PolicyRecalculated(version=command.version, since=command.since, reason=command.reason)]
