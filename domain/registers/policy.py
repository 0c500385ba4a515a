"""Rule data as published: time limits per service and promise, the rules of ratings, of
complaints and of the advisers' duties.

Every number here differs by province, district or year, so it is data with a version, an effective
date and a cited basis.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Final, Literal, assert_never, get_args

from msgspec import Meta, Struct, field

from domain.codes import Code, DivisionCode, LimitKey, LimitName
from domain.vocabulary import Event, Minutes, Refused, Text
from domain.worktime.calendar import TimeLimit

KIND: Final = "policy"

LIMITS_POLICY: Final = "service-limits"
"""Code of the policy that the time limits and rating rules of services come from."""
DUTY_POLICY: Final = "adviser-duty"
"""Code of the policy of village advisers; `adviser-duty-440115` is the one of a district."""
EVERY_SERVICE: Final = "*"


class RatingRules(Struct, frozen=True, kw_only=True):
    """Ratings: the grade that silence gives and when, and how long an invitation lives."""

    default_after_days: Annotated[int, Meta(ge=1)] = 7
    default_grade: Literal[
        "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"
    ] = "basically_satisfied"
    invitation_valid_days: Annotated[int, Meta(ge=1)] = 30
    basis: str = ""
    example: bool = False


class ComplaintRules(Struct, frozen=True, kw_only=True):
    """Complaints: the role that may reclassify one, and how many may speak for a group."""

    reclassify_approver: Code = "supervisor"
    representatives_max: Annotated[int, Meta(ge=1)] = 5
    basis: str = ""
    example: bool = False


Count = Annotated[int, Meta(ge=0)]
DutyPeriod = Literal["month", "quarter", "year"]
DismissalGround = Literal["duties_not_performed", "absences", "arrangements_refused", "unsuitable"]


class DutyRules(Struct, frozen=True, kw_only=True):
    """Duties of an adviser to each village, and limits of appointment and dismissal.

    Every number is owed per village; 0 means that nothing is owed or nothing is limited.
    """

    onsite_minutes_per_month: Count = 0
    lectures_per_quarter: Count = 0
    offpeak_lectures_min: Count = 0
    """Lectures at night or on days off within one `offpeak_period`."""
    offpeak_period: DutyPeriod = "year"
    night_from: Minutes = 18 * 60
    night_until: Minutes = 6 * 60
    """Work is at night when it begins at `night_from` or later, or before `night_until`."""
    risk_screenings_per_year: Count = 0
    max_villages_per_adviser: Count = 0
    wechat_group_required: bool = False
    public_display_required: bool = False
    verified_only: bool = False
    """Whether work counts only once the justice office has verified it."""
    offset_enabled: bool = False
    """非现场服务折抵: whether off-site minutes count towards the minutes owed on site."""
    offset_ratio: Decimal = Decimal(0)
    offset_cap_minutes: Count = 0
    """At most so many minutes a village and month; none without a cap."""
    penalty_free_years: Count = 0
    """So long before an appointment there was no penalty."""
    absences_to_dismiss: Annotated[int, Meta(ge=1)] = 3
    """From so many unexcused absences within a term on."""
    refusals_to_dismiss: Annotated[int, Meta(ge=1)] = 2
    rehire_ban_years: Count = 0
    rehire_ban_grounds: tuple[DismissalGround, ...] = ()
    basis: str = ""
    example: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.offset_ratio <= 1:
            raise ValueError("an off-site minute counts as at most one minute on site")


class PolicyVersion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of the rules, in force from the local day `effective_from` on."""

    KEY: ClassVar = ("version",)

    code: Code
    version: Annotated[int, Meta(ge=1)]
    effective_from: date
    basis: str
    limits: Mapping[LimitKey, TimeLimit] = field(default_factory=dict)
    rating: RatingRules | None = None
    duty: DutyRules | None = None
    complaints: ComplaintRules | None = None
    approaching_days: Annotated[int, Meta(ge=0)] = 1
    """So many times 24 hours before it is due a promise counts as approaching; of `LIMITS_POLICY`,
    for the promises of every service."""
    example: bool = False

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    def limit(self, service: str, name: LimitName) -> TimeLimit | None:
        """The limit of this variant, else of its service, else of all; None = none is set."""
        for key in (service, service.partition(".")[0], EVERY_SERVICE):
            if (limit := self.limits.get(f"{key}/{name}")) is not None:
                return limit
        return None

    @property
    def ahead(self) -> timedelta:
        return timedelta(days=self.approaching_days)


# --- events


class PolicyPublished(Event, frozen=True, kw_only=True):
    """`binds_from`: the first day that the version judges, where it is later than its effective
    day: months that were over when it was published keep the rules known then."""

    topic: ClassVar[str] = "policy.published/1"
    policy: PolicyVersion
    binds_from: date | None = None


class PolicyRecalculated(Event, frozen=True, kw_only=True):
    """A published version judges months that were over when it was published, from `since` on."""

    topic: ClassVar[str] = "policy.recalculated/1"
    version: int
    since: date
    reason: Text


PolicyEvent = PolicyPublished | PolicyRecalculated
EVENTS: Final[tuple[type[Event], ...]] = get_args(PolicyEvent)

# --- state


class Policy(Struct, frozen=True):
    """All versions, oldest first: version n is `versions[n - 1]`."""

    versions: tuple[PolicyVersion, ...]
    binding: Mapping[int, date] = {}
    """Version → the first day that it judges, where it is later than its effective day."""

    def in_force(self, day: date) -> PolicyVersion:
        """The newest version that judges that local day; NoPolicyInForce when there is none."""
        for version in reversed(self.versions):
            if self.binds_from(version) <= day:
                return version
        raise NoPolicyInForce

    def binds_from(self, version: PolicyVersion) -> date:
        return max(version.effective_from, self.binding.get(version.version, date.min))

    @property
    def as_dated(self) -> "Policy":
        """The policy, if every version judged from its effective day on."""
        return Policy(self.versions)


def duty_rules(policies: Mapping[str, Policy], division: DivisionCode, day: date) -> DutyRules:
    """Return the duties of a division's advisers by its district's policy, or else the city's.

    Before the first version nothing is owed.
    """
    for code in (f"{DUTY_POLICY}-{division[:6]}", DUTY_POLICY):
        if code in policies:
            try:
                return policies[code].in_force(day).duty or DutyRules()
            except NoPolicyInForce:
                continue
    return DutyRules()


def approaching(policies: Mapping[str, Policy], day: date) -> timedelta:
    """Return how long before its deadline a promise counts as approaching.

    It depends on the rules of that local day; before the first version it is one day.
    """
    try:
        return policies[LIMITS_POLICY].in_force(day).ahead
    except (KeyError, NoPolicyInForce):
        return timedelta(days=1)


# --- evolve


def evolve(state: Policy | None, event: PolicyEvent) -> Policy:
    state = state or Policy(())
    match event:
        case PolicyPublished(policy=policy, binds_from=day):
            binding = state.binding if day is None else {**state.binding, policy.version: day}
            return Policy((*state.versions, policy), binding)
        case PolicyRecalculated(version=version, since=since):
            return Policy(state.versions, {**state.binding, version: since})
        case _:
            assert_never(event)


# --- refusals


class NoPolicyInForce(Refused):
    """在该日期没有生效的规则版本。"""
