"""Publishing the next version of a policy."""

from typing import Final, assert_never

from domain.moment import Moment, refuse_twin
from domain.registers.policy import Policy, PolicyPublished, PolicyVersion
from domain.registration.publishing import PublishingRefusals, is_next_version
from domain.vocabulary import Command, Event, Refused

# --- commands


class PublishPolicy(Command, frozen=True, kw_only=True):
    policy: PolicyVersion


COMMANDS: Final = (PublishPolicy,)


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


def decide(
    state: Policy | None,
    command: PublishPolicy,
    moment: Moment,
) -> list[Event]:
    match command:
        case PublishPolicy(policy=policy):
            if state is None:
                refuse_twin(policy.code, moment.registers.policies)
            return _publish(state, policy)
        case _:
            assert_never(command)


def _publish(state: Policy | None, policy: PolicyVersion) -> list[Event]:
    versions = state.versions if state else ()
    if not is_next_version(versions, policy, REFUSALS):
        return []
    return [PolicyPublished(policy=policy)]
