"""Rule data as published: time limits per service and promise, and the rules of ratings.

Every number here differs by province, district or year, so it is data with a version, an effective
date and a cited basis.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, assert_never

from msgspec import Meta, Struct

from domain.calendar import TimeLimit
from domain.vocabulary import Code, Command, Event, Moment, Refused

KIND: Final = "policy"

LIMITS_POLICY: Final = "service-limits"
"""Code of the policy that the time limits and rating rules of services come from."""
EVERY_SERVICE: Final = "*"
Promise = Literal["first_response", "close", "supplement"]
LimitKey = Annotated[str, Meta(pattern=r"^(\*|[a-z][a-z0-9_]*)/(first_response|close|supplement)$")]
"""`service/promise`, for instance `legal_aid/close`; `*/promise` is the default of all services."""


class RatingRules(Struct, frozen=True, kw_only=True):
    """When silence becomes a rating, of which grade, and how long an invitation lives."""

    default_after_days: Annotated[int, Meta(ge=1)] = 7
    default_grade: Literal[
        "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"
    ] = "basically_satisfied"
    invitation_valid_days: Annotated[int, Meta(ge=1)] = 30
    basis: str = ""
    example: bool = False


class PolicyVersion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of the rules, in force from the local day `effective_from` on."""

    code: Code
    version: Annotated[int, Meta(ge=1)]
    effective_from: date
    basis: str
    limits: Mapping[LimitKey, TimeLimit]
    rating: RatingRules
    example: bool = False

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    def limit(self, service: str, promise: Promise) -> TimeLimit | None:
        """The limit of this service, else the one of all services; None = nothing is promised."""
        own = self.limits.get(f"{service}/{promise}")
        return own or self.limits.get(f"{EVERY_SERVICE}/{promise}")


# --- events


class PolicyPublished(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "policy.published/1"
    policy: PolicyVersion


EVENTS: Final = (PolicyPublished,)

# --- commands


class PublishPolicy(Command, frozen=True, kw_only=True):
    policy: PolicyVersion


COMMANDS: Final = (PublishPolicy,)

# --- state


class Policy(Struct, frozen=True):
    """Every version, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[PolicyVersion, ...]

    def in_force(self, day: date) -> PolicyVersion:
        """The newest version effective on that local day; NoPolicyInForce when there is none."""
        for version in reversed(self.versions):
            if version.effective_from <= day:
                return version
        raise NoPolicyInForce


# --- evolve


def evolve(state: Policy | None, event: PolicyPublished) -> Policy:
    match event:
        case PolicyPublished(policy=policy):
            return Policy((*(state.versions if state else ()), policy))
        case _:
            assert_never(event)


# --- refusals


class NoPolicyInForce(Refused):
    """在该日期没有生效的规则版本。"""


class PolicyVersionDiffers(Refused):
    """该版本的规则已经公布，内容不同；请用下一个版本号公布。"""


class PolicyVersionSkipped(Refused):
    """规则的版本号必须逐一递增，从 1 开始。"""


class PolicyCodeDiffers(Refused):
    """规则的代码与已公布的版本不一致。"""


# --- decide


def decide(
    state: Policy | None,
    command: PublishPolicy,
    moment: Moment,
) -> list[Event]:
    del moment
    match command:
        case PublishPolicy(policy=policy):
            return _publish(state, policy)
        case _:
            assert_never(command)


def _publish(state: Policy | None, policy: PolicyVersion) -> list[Event]:
    versions = state.versions if state else ()
    if versions and policy.code != versions[-1].code:
        raise PolicyCodeDiffers
    if policy.version <= len(versions):
        if policy == versions[policy.version - 1]:
            return []
        raise PolicyVersionDiffers
    if policy.version != len(versions) + 1:
        raise PolicyVersionSkipped
    return [PolicyPublished(policy=policy)]
