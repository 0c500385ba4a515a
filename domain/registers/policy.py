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
from domain.vocabulary import (
    Count,
    DaysLong,
    Event,
    Minutes,
    Refused,
    Service,
    Several,
    SomeDays,
    Text,
    Version,
    YearsLong,
)
from domain.worktime.calendar import TimeLimit

KIND: Final = "policy"

LIMITS_POLICY: Final = "service-limits"
"""Code of the policy that the time limits and rating rules of services come from."""
DUTY_POLICY: Final = "adviser-duty"
"""Code of the policy of village advisers; `adviser-duty-440115` is the one of a district."""
EVERY_SERVICE: Final = "*"


class RatingRules(Struct, frozen=True, kw_only=True):
    """Ratings: the grade that silence gives and when, and how long an invitation lives."""

    default_after_days: SomeDays = 7
    default_grade: Literal[
        "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"
    ] = "basically_satisfied"
    invitation_valid_days: SomeDays = 30
    basis: str = ""
    example: bool = False


class RatingExemption(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Services that nobody is invited to rate, by a rule with a name.

    A service falls under it when it is in every list that is not empty.
    """

    KEY: ClassVar = ("name",)

    name: Code
    services: tuple[Service, ...] = ()
    channels: tuple[Code, ...] = ()
    close_kinds: tuple[Code, ...] = ()
    basis: str = ""

    def __post_init__(self) -> None:
        if not (self.services or self.channels or self.close_kinds):
            raise ValueError("an exemption names services, channels or kinds of closing")

    def covers(self, service: str, channel: str, close_kind: str | None) -> bool:
        """Return whether a service falls under it; `close_kind` is None while it is open."""
        asked = ((self.services, service), (self.channels, channel), (self.close_kinds, close_kind))
        return all(not names or told in names for names, told in asked)


class InvitationRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a closing does not invite to rate, which votes are looked at first, and how long one may
    be taken back. The numbers are examples until a policy states them with its basis."""

    exemptions: tuple[RatingExemption, ...] = ()
    suspect_within_s: Annotated[int, Meta(ge=0, le=3600)] = 3
    """A vote within so many seconds of its code's making is kept apart until it is looked at."""
    withdrawal_hours: Annotated[int, Meta(ge=0, le=24 * 365)] = 24
    """So long may a person take back what he said; 0 means never."""
    basis: str = ""
    example: bool = False


class ComplaintRules(Struct, frozen=True, kw_only=True):
    """Complaints: the role that may reclassify one, and how many may speak for a group."""

    reclassify_approver: Code = "supervisor"
    representatives_max: Several = 5
    basis: str = ""
    example: bool = False


class ReceptionRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Reception days of leaders: how long ahead one books. The number is an example until a policy
    states it with its basis."""

    book_working_days_ahead: Annotated[int, Meta(ge=0, le=60)] = 1
    basis: str = ""
    example: bool = False


class LegalAidRules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Legal aid: the roles that decide on it, within the agency that was applied to.

    The agency examines and decides (Legal Aid Law art. 43); who of it may is an example until a
    policy states it with its basis.
    """

    deciders: tuple[Literal["legal_aid_officer", "supervisor", "administrator"], ...] = (
        "legal_aid_officer",
    )
    basis: str = ""
    example: bool = False


MarkOf = Literal["point", "division", "adviser", "officer"]
"""What a mark is given to: a point, a village or other division, an adviser, or an account."""


class MarkKind(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A kind of mark or award that may be given."""

    KEY: ClassVar = ("code",)

    code: Code
    name: Text
    of: MarkOf
    valid_years: YearsLong = 0
    """How long it is valid unless the award says otherwise; 0 means until it is withdrawn."""


MARKS: Final = (
    MarkKind(code="demonstration", name="示范点", of="point", valid_years=3),
    MarkKind(code="popular", name="网红点", of="point"),
    MarkKind(code="featured", name="特色点", of="point"),
    MarkKind(code="demonstration_village", name="示范村（社区）", of="division", valid_years=3),
    MarkKind(code="outstanding_adviser", name="优秀村（社区）法律顾问", of="adviser"),
    MarkKind(code="outstanding_officer", name="先进个人", of="officer"),
)
"""An example: the kinds of a city that has published none of its own."""

DutyPeriod = Literal["month", "quarter", "year"]
Doubt = Literal["overlap", "beyond_day", "not_serving", "village_unknown"]
"""What is odd about an entry of the work log: hours that another entry of the same adviser tells,
more minutes than a day has, a village he does not serve that day, a village no register knows."""
SampleWeight = Annotated[int, Meta(ge=1, le=100)]
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
    minutes_per_day_max: Minutes = 24 * 60
    """More of one adviser and day are doubtful."""
    doubted: tuple[Doubt, ...] = ()
    """Work that is taken with a doubt, to be cleared or returned; any other doubt is refused."""
    doubted_sample_weight: SampleWeight = 3
    """In random samples an entry with an undecided doubt is drawn as if it were so many. An
    example, until a source is verified."""
    lunch_is_off_peak: bool = False
    """Whether the time between the service periods of a working day is off-peak."""
    requests_count: bool = False
    """Whether minutes given to requests at points of the village count as well as its visits."""
    offset_enabled: bool = False
    """非现场服务折抵: whether off-site minutes count towards the minutes owed on site."""
    offset_ratio: Decimal = Decimal(0)
    offset_cap_minutes: Count = 0
    """At most so many minutes a village and month; none without a cap."""
    penalty_free_years: YearsLong = 0
    """So long before an appointment there was no penalty."""
    absences_to_dismiss: Several = 3
    """From so many unexcused absences within a term on."""
    refusals_to_dismiss: Several = 2
    rehire_ban_years: YearsLong = 0
    rehire_ban_grounds: tuple[DismissalGround, ...] = ()
    difficulty_levels: tuple[Code, ...] = ("ordinary", "difficult", "very_difficult")
    """How difficult a village may be, the easiest first; an example until a policy names its own
    with their basis."""
    basis: str = ""
    example: bool = False

    def __post_init__(self) -> None:
        if not (self.offset_ratio.is_finite() and 0 <= self.offset_ratio <= 1):
            raise ValueError("an off-site minute counts as at most one minute on site")


class PolicyVersion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of the rules, in force from the local day `effective_from` on."""

    KEY: ClassVar = ("version",)

    code: Code
    version: Version
    effective_from: date
    basis: str
    limits: Mapping[LimitKey, TimeLimit] = field(default_factory=dict)
    rating: RatingRules | None = None
    invitations: InvitationRules | None = None
    """None when the version says nothing of it: then the defaults hold."""
    duty: DutyRules | None = None
    complaints: ComplaintRules | None = None
    reception: ReceptionRules | None = None
    """Of `LIMITS_POLICY`."""
    marks: tuple[MarkKind, ...] = MARKS
    """Of `LIMITS_POLICY`: the marks and awards that may be given."""
    legal_aid: LegalAidRules | None = None
    """None when the version says nothing of it: then the officers of the agency decide."""
    approaching_days: DaysLong = 1
    """So many times 24 hours before it is due a promise counts as approaching; of `LIMITS_POLICY`,
    for the promises of every service."""
    entry_allowance_hours: Count = 24
    """What is entered later than this after it happened needs a reason and is marked late; of
    `LIMITS_POLICY`, for every command on every thing. An example, until a source is verified."""
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


def of_duties(code: Code) -> bool:
    """Tell whether duties are judged by the policy of this code: the city's, or a district's."""
    return code == DUTY_POLICY or code.startswith(f"{DUTY_POLICY}-")


def duty_policy(
    policies: Mapping[str, Policy], division: DivisionCode, day: date
) -> PolicyVersion | None:
    """Return what judges the duties of a division's advisers: its district's policy, or else the
    city's. None before the first version."""
    for code in (f"{DUTY_POLICY}-{division[:6]}", DUTY_POLICY):
        if code in policies:
            try:
                return policies[code].in_force(day)
            except NoPolicyInForce:
                continue
    return None


def duty_rules(policies: Mapping[str, Policy], division: DivisionCode, day: date) -> DutyRules:
    """Return the duties of a division's advisers. Before the first version nothing is owed."""
    judging = duty_policy(policies, division, day)
    return (judging and judging.duty) or DutyRules()


def approaching(policies: Mapping[str, Policy], day: date) -> timedelta:
    """Return how long before its deadline a promise counts as approaching.

    It depends on the rules of that local day; before the first version it is one day.
    """
    try:
        return policies[LIMITS_POLICY].in_force(day).ahead
    except (KeyError, NoPolicyInForce):
        return timedelta(days=1)


def entry_allowance(policies: Mapping[str, Policy], day: date) -> timedelta:
    """Return how long after it happened something may be entered without a reason.

    It depends on the rules of the local day of the entry; before the first version it is a day.
    """
    try:
        return timedelta(hours=policies[LIMITS_POLICY].in_force(day).entry_allowance_hours)
    except (KeyError, NoPolicyInForce):
        return timedelta(hours=24)


def reception_rules(policies: Mapping[str, Policy], day: date) -> ReceptionRules:
    """Return the rules of reception days in force on a local day; before the first version the
    defaults hold."""
    try:
        return policies[LIMITS_POLICY].in_force(day).reception or ReceptionRules()
    except (KeyError, NoPolicyInForce):
        return ReceptionRules()


def mark_kinds(policies: Mapping[str, Policy], day: date) -> tuple[MarkKind, ...]:
    """Return the kinds of marks that may be given on a local day; before the first version the
    examples."""
    try:
        return policies[LIMITS_POLICY].in_force(day).marks
    except (KeyError, NoPolicyInForce):
        return MARKS


def legal_aid_rules(policies: Mapping[str, Policy], day: date) -> LegalAidRules:
    """Return who decides on legal aid on that local day; without rules the agency's officers."""
    try:
        return policies[LIMITS_POLICY].in_force(day).legal_aid or LegalAidRules()
    except (KeyError, NoPolicyInForce):
        return LegalAidRules()


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


class PolicyUnknown(Refused):
    """没有公布过这一版本的规则，或其记录无法读出"""
