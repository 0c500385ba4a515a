"""The shapes of the plain data that scoring reads and writes: entries, facts, rule sets, trees.

Types only, of the standard library: at run time they are the dicts of the JSON, nothing is checked
or converted, and the file travels in a bundle. `domain.scoring.facts.FIELDS` is made of the facts
here, and a rule set here has the fields of `domain.evaluation.ruleset_content.RuleSet`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

from domain.scoring.duty import QuotaKind
from domain.vocabulary import Service
from domain.worktime.calendar import OffPeak

Day = Annotated[str, "date"]
"""`2026-03-02`."""
Instant = Annotated[str, "instant"]
"""RFC 3339 text."""
Data = Mapping[str, Any]
"""What one event says, as its topic has it."""
FactFields = Mapping[str, Any]
"""A fact of any kind, read by fields that a rule set names; it may hold only these."""
Number = int | str
"""An integer or a decimal string, never a float."""
Plain = dict[str, Any]
"""Other plain data."""


class Entry(TypedDict):
    """One entry of the log, of a present topic; what else it holds is not looked at."""

    position: int
    stream: str  # UUID text
    topic: str
    occurred_at: str | int | datetime  # RFC 3339 text, or microseconds since 1970 as sealed
    recorded_at: NotRequired[str | int | datetime]  # absent: when it happened
    late: NotRequired[bool]  # entered late, with a reason; absent: where its data has one
    data: Data


# --- facts
#
# In every fact: `fact` = the kind; `stream` = id of the main stream (UUID text); `positions` =
# every event it was made of, in order; `standing` = "counts", or why it does not count.
#
# Whatever was promised is told twice: in time by when it happened, and `…_on_record` by when that
# was on record; `missed` = a promise of it was recorded as missed, which no later entry changes.
# `late_steps` = how many of its events were entered late.


class ServiceCounts(TypedDict):
    """What is counted in a request."""

    reclassified: int
    reopened: int
    referral_made: int  # times
    referral_accepted: int
    referral_completed: int
    mediation_opened: int
    mediation_agreed: int
    mediation_performed: int  # 1: fully performed
    mediation_confirmed: int  # 1: confirmed by the court
    legal_aid_applied: int
    legal_aid_granted: int
    minutes_onsite: int  # by whomever given; per adviser they stand in `deed`
    minutes_offsite: int
    minutes_off_peak: int


class ServiceGrades(TypedDict):
    """How a request was rated: 5 very satisfied … 1 very dissatisfied."""

    grade_explicit: int | None
    grade_default: int | None  # by silence; counts only where grade_explicit is None
    grade_callback: int | None
    grade_follow_up: int | None


class ServiceOnRecord(TypedDict):
    """What was in time, and how long it took, by when it was on record."""

    response_in_time_on_record: bool | None
    response_minutes_on_record: int | None  # without pauses and what it was closed
    close_in_time_on_record: bool | None
    close_minutes_on_record: int | None
    close_days_on_record: int | None


ServiceStatus = Literal["open", "closed", "voided"]


class ServiceFact(ServiceGrades, ServiceCounts, ServiceOnRecord):
    """One request with its rating, as it stands after the last event given."""

    fact: Literal["service"]
    stream: str
    positions: list[int]
    standing: Literal["counts", "voided", "duplicate", "imported"]  # the first that applies
    point: str
    division: str
    adviser: str | None  # whom it stands with now
    firm: str | None
    team: str | None
    service: Service  # after reclassification
    channel: str
    client_category: str | None
    day: Day  # local day it was asked for; reports and periods count by it
    late: bool  # entered late, with a reason
    late_steps: int
    linked_to: list[str]  # the requests that it is a duplicate of
    standing_in_group: Literal["counts", "voided", "duplicate", "imported"]  # of linked matters
    status: ServiceStatus
    closed: bool
    close_kind: str | None
    closed_day: Day | None
    voided: bool
    duplicate: bool  # linked to an earlier request
    imported: bool  # history from elsewhere: closed as imported
    responded: bool
    response_in_time: bool | None  # None: not yet, or nothing was promised
    response_minutes: int | None  # working minutes of its calendar, without pauses
    response_minutes_open: int | None  # and without the time it was closed before it was reopened
    close_in_time: bool | None
    close_minutes: int | None
    close_minutes_open: int | None  # without the time it was closed before it was reopened
    close_days: int | None  # calendar days from asking to closing
    missed: bool
    overdue: bool  # open, not paused, and a promise was due before `rules.at`
    invited: bool  # to rate
    grade_excluded: bool  # grade_explicit counts not: by dispute, withdrawn, or suspect


DeedKind = Literal["consultation", "mediation_session"]


class DeedFact(TypedDict):
    """One consultation given or mediation session held: minutes for who gave them."""

    fact: Literal["deed"]
    stream: str  # the request
    positions: list[int]
    standing: Literal["counts", "voided", "imported"]  # of its request; a duplicate's counts
    point: str
    division: str
    adviser: str | None  # who gave it; None: staff
    firm: str | None
    team: str | None
    service: Service  # of the request, after reclassification
    what: DeedKind
    day: Day  # local day the request was asked for, as reports count
    given_on: Day  # local day it was given
    minutes: int
    onsite: bool
    off_peak: OffPeak | None  # by the request's calendar
    late: bool  # entered late, with a reason
    doubtful: bool  # the request has a doubt that nobody has cleared
    doubts: list[str]  # beyond_day


class VisitFact(TypedDict):
    """One adviser's part of one work-log entry."""

    fact: Literal["visit"]
    stream: str
    positions: list[int]
    standing: Literal["counts", "withdrawn", "returned"]
    village: str
    adviser: str
    firm: str
    team: str | None
    capacity: str  # adviser | mediation_committee
    service: Service
    mode: str
    onsite: bool
    began_at: Instant
    day: Day  # local day it began
    minutes: int  # his share
    advisers: int  # how many shared it
    first: bool  # the first of those: by it clients and people are counted once
    off_peak: bool
    off_peak_kinds: list[str]  # night | rest_day | holiday | lunch, sorted
    clients: int  # 人次
    people_reached: int
    verified: bool  # by the justice office
    confirmed: bool  # by the committee
    complete: bool  # a result is written, and there is evidence, all of it stored
    signed_in: bool
    corrected: int
    late: bool  # entered late, with a reason
    late_steps: int
    request: str | None
    doubtful: bool  # it was taken with a doubt that nobody has cleared
    doubts: list[str]  # overlap | beyond_day | not_serving | village_unknown, sorted


class ComplaintCounts(TypedDict):
    """What is counted in a complaint."""

    reopened: int
    reworked: int  # ordered because the person was dissatisfied
    reviews: int  # decided
    review_changed: int  # of these: changed or sent back
    reclassified: int
    extended: int
    supervised: int


ComplaintStanding = Literal[
    "counts",
    "voided",
    "noted",
    "consultation",  # reclassified
    "duplicate",  # same matter
    "withdrawn",
    "declined",
]
ComplaintStatus = Literal[
    "noted", "settled", "registered", "declined", "handling", "answered", "closed", "withdrawn",
    "review_asked", "review_decided", "final",
]  # fmt: skip


class ComplaintFact(ComplaintCounts):
    """One complaint, or a dissatisfaction noted."""

    fact: Literal["complaint"]
    stream: str
    positions: list[int]
    standing: ComplaintStanding
    point: str
    division: str
    adviser: str | None  # complained of
    firm: str | None
    team: str | None
    account: str | None
    channel: str
    service: Service
    concern: str
    aspects: list[str]
    day: Day  # local day it was received
    late: bool
    late_steps: int
    linked_to: list[str]  # the complaints on the same matter that it names
    standing_in_group: ComplaintStanding  # of complaints on the same matter
    anonymous: bool
    people: int
    registered: bool
    handled_as: str  # complaint | consultation
    status: ComplaintStatus
    accepted: bool
    declined: bool
    decline_ground: str | None
    outcome: str | None  # of the last answer: supported | explained | not_supported
    justified: bool | None
    resolved: bool | None
    satisfied: bool | None  # what the person said last in the present round
    acknowledged_in_time: bool | None  # None: not yet, or nothing was promised
    answered_in_time: bool | None
    on_time: bool | None  # both, where promised; False as soon as one was broken
    acknowledged_in_time_on_record: bool | None
    answered_in_time_on_record: bool | None
    on_time_on_record: bool | None
    reviewed_in_time: bool | None  # every review that was decided; None: none, or nothing promised
    reviewed_in_time_on_record: bool | None
    missed: bool  # of any promise, also between units
    overdue: bool  # a promise still runs, not paused, and was due before `rules.at`
    rounds: int


class InspectionFact(TypedDict):
    """One check of a village or supervision."""

    fact: Literal["inspection"]
    stream: str
    positions: list[int]
    standing: Literal["counts", "voided"]
    inspection: str  # check | supervision
    point: str | None
    division: str
    adviser: str | None  # of the village that day, after `attributed`
    period: str  # 2026-03 | 2026-Q1
    day: Day
    office: str
    checklist: str  # code@version
    answers: dict[str, bool | int | str]
    findings_minor: int
    findings_major: int
    findings_serious: int
    confirmed: bool
    agreed: bool | None
    corrected: int
    late: bool
    late_steps: int


RectificationStatus = Literal["open", "answered", "accepted", "escalated", "withdrawn"]
Escalation = Literal["replacement", "exit"]


class RectificationFact(TypedDict):
    """One order to put something right."""

    fact: Literal["rectification"]
    stream: str
    positions: list[int]
    standing: Literal["counts", "withdrawn"]
    addressee_kind: str  # adviser | point | firm
    addressee: str
    adviser: str | None  # the addressee, where it is one
    point: str | None
    division: str | None
    source: str  # inspection | rating | assessment | supervision
    source_stream: str
    day: Day  # local day it was ordered
    items: int
    status: RectificationStatus
    rounds: int
    answered: bool
    in_time: bool | None  # every round answered by its due; None: not answered, or no limit
    overdue: bool  # a round fell overdue, was answered late, or is open past `rules.at`
    in_time_on_record: bool | None
    overdue_on_record: bool  # the same, answered by when it was on record
    missed: bool
    late_steps: int
    accepted: bool
    escalated: Escalation | None


StintBeginning = Literal["signed", "renewed", "replaced"]
StintEnding = Literal["term", "replaced", "dismissed", "ended"]


class AppointmentFact(TypedDict):
    """One adviser's stint in one village; days are counted within `rules.first`…`rules.last`."""

    fact: Literal["appointment"]
    stream: str
    positions: list[int]
    standing: Literal["counts", "never_began"]  # taken back before its first day
    village: str
    adviser: str
    firm: str
    team: str | None
    term: int
    first: Day
    last: Day  # included; of one that began the true last day
    begun_by: StintBeginning
    contract_signed: bool  # signed or renewed
    signed_on: Day | None
    ended_by: StintEnding
    ground: str | None  # of the dismissal
    days: int  # of the stint, within the period
    group_days: int  # of these, with a WeChat group
    display_days: int  # of these, with the board
    absences: int  # unexcused, in the period
    refusals: int  # arrangements refused, in the period
    late_steps: int


OwedStanding = Literal[
    "counts",
    "not_appointed",  # he worked there without being appointed: owes nothing
    "running",  # not over at the cut-off, or after the period
]


class DutyFact(TypedDict):
    """One adviser in one village and month of the period."""

    fact: Literal["duty"]
    stream: str  # of the village's appointment
    positions: list[int]  # of the stint and of the month's visits
    standing: OwedStanding
    village: str
    adviser: str
    month: str  # 2026-03
    day: Day  # its first
    days: int  # appointed
    required_minutes: int
    onsite_minutes: int
    offsite_minutes: int
    offset_minutes: int  # off-site minutes that count as on site
    shortfall_minutes: int
    fulfilled: bool  # no shortfall
    lectures_required: int  # of the quarter around the month
    lectures_done: int  # up to the month's end
    offpeak_lectures_required: int
    offpeak_lectures_done: int
    screenings_required: int
    screenings_done: int
    late_entries: int  # of the month's work, entered late


class QuotaFact(TypedDict):
    """What is owed in pieces: one adviser, village, kind and period of that kind (a quarter of
    lectures …), as it stood at the end of the period or at the cut-off. Count these, not the
    running figures of `duty`."""

    fact: Literal["quota"]
    stream: str
    positions: list[int]
    standing: OwedStanding
    village: str
    adviser: str
    quota: QuotaKind
    day: Day  # first day of the period
    last: Day
    required: int
    done: int
    shortfall: int
    fulfilled: bool
    late_entries: int


Fact = (
    ServiceFact | DeedFact | VisitFact | ComplaintFact | InspectionFact | RectificationFact
    | AppointmentFact | DutyFact | QuotaFact
)  # fmt: skip
FACTS: Final[Mapping[str, Any]] = {
    "service": ServiceFact,
    "deed": DeedFact,
    "visit": VisitFact,
    "complaint": ComplaintFact,
    "inspection": InspectionFact,
    "rectification": RectificationFact,
    "appointment": AppointmentFact,
    "duty": DutyFact,
    "quota": QuotaFact,
}
"""Kind of fact → its shape; rule sets' faults and `completed` name them in this order."""


# --- rule sets, as the JSON that is stored


class PlainExclusion(TypedDict):
    where: Mapping[str, Any]
    reason: str


class PlainSelection(TypedDict):
    fact: str
    where: NotRequired[Mapping[str, Any]]
    any_of: NotRequired[list[Mapping[str, Any]]]
    excluding: NotRequired[list[PlainExclusion]]
    whose: NotRequired[str]


WhenNone = Number
"""The value where nothing is measured, or `not_scored`."""


class PlainCount(TypedDict):
    measure: Literal["count"]
    of: PlainSelection
    among: NotRequired[PlainSelection]
    when_none: NotRequired[WhenNone]
    when_none_basis: NotRequired[str]


class PlainSum(TypedDict):
    measure: Literal["sum"]
    of: PlainSelection
    field: str
    among: NotRequired[PlainSelection]
    when_none: NotRequired[WhenNone]
    when_none_basis: NotRequired[str]


class PlainDistinct(TypedDict):
    measure: Literal["distinct"]
    of: PlainSelection
    field: str
    among: NotRequired[PlainSelection]
    when_none: NotRequired[WhenNone]
    when_none_basis: NotRequired[str]


class PlainPercentile(TypedDict):
    measure: Literal["percentile"]
    of: PlainSelection
    field: str
    rank: int
    when_none: WhenNone
    when_none_basis: NotRequired[str]


class PlainRatio(TypedDict):
    measure: Literal["ratio"]
    of: PlainSelection
    to: PlainSelection
    field: NotRequired[str]
    to_field: NotRequired[str]
    per: NotRequired[Number]
    when_none: WhenNone
    when_none_basis: NotRequired[str]


class PlainShort(TypedDict):
    measure: Literal["short"]
    of: PlainSelection
    field: NotRequired[str]
    each: Literal["month", "quarter", "half_year", "year"]
    required: Number
    by: NotRequired[str]
    due: NotRequired[PlainSelection]
    due_by: NotRequired[str]
    counting: NotRequired[Literal["missing", "periods"]]
    when_none: NotRequired[WhenNone]
    when_none_basis: NotRequired[str]


class PlainHuman(TypedDict):
    measure: Literal["human"]
    scorers: list[str]
    question: str
    evidence_required: NotRequired[bool]
    required: NotRequired[bool]


PlainEvidence = (
    PlainCount | PlainSum | PlainDistinct | PlainPercentile | PlainRatio | PlainShort | PlainHuman
)


class PlainBounds(TypedDict):
    at_least: NotRequired[Number]
    at_most: NotRequired[Number]


class PlainPoints(TypedDict):
    kind: Literal["points"]
    each: Number
    per: NotRequired[Number]


class PlainDeduction(TypedDict):
    kind: Literal["deduction"]
    each: Number
    per: NotRequired[Number]
    cap: NotRequired[Number]


class PlainLinear(TypedDict):
    kind: Literal["linear"]
    none_at: Number
    all_at: Number


class PlainBand(PlainBounds):
    points: Number


class PlainBands(TypedDict):
    kind: Literal["bands"]
    bands: list[PlainBand]
    otherwise: NotRequired[Number]


class PlainYesNo(PlainBounds):
    kind: Literal["yes_no"]


class PlainGiven(TypedDict):
    kind: Literal["given"]


PlainMethod = PlainPoints | PlainDeduction | PlainLinear | PlainBands | PlainYesNo | PlainGiven


class PlainItem(TypedDict):
    """A leaf has method and evidence, a group has items."""

    code: str
    name: str
    maximum: Number
    floor: NotRequired[Number]
    basis: NotRequired[str]
    example: NotRequired[bool]
    method: NotRequired[PlainMethod]
    evidence: NotRequired[PlainEvidence]
    start: NotRequired[Number]
    items: NotRequired[list["PlainItem"]]


class PlainVeto(TypedDict):
    code: str
    name: str
    evidence: PlainEvidence
    at_least: NotRequired[Number]
    grade: str
    basis: str
    example: NotRequired[bool]


class PlainGrade(TypedDict):
    name: str
    at_least: Number


class PlainQuota(TypedDict):
    grade: str
    percent_max: int
    basis: str
    example: NotRequired[bool]


class PlainRate(TypedDict):
    grade: str
    amount: Number


class PlainSubsidy(TypedDict):
    rates: list[PlainRate]
    unit: str
    per: str
    times: NotRequired[PlainEvidence]
    basis: str
    example: NotRequired[bool]


class PlainRounding(TypedDict):
    places: int
    mode: Literal["half_up", "half_even", "down"]


class PlainRuleSet(TypedDict):
    code: str
    version: int
    title: str
    subject: Literal["adviser", "point"]
    effective_from: Day
    basis: str
    example: NotRequired[bool]
    rounding: PlainRounding
    maximum: Number
    ceiling: NotRequired[Number]
    unmeasured: NotRequired[Literal["shared", "zero"]]
    linked_matters: NotRequired[Literal["once"]]
    work: NotRequired[list[PlainSelection]]
    items: list[PlainItem]
    bonuses: NotRequired[list[PlainItem]]
    vetoes: NotRequired[list[PlainVeto]]
    grades: list[PlainGrade]  # best first; the last begins at 0
    quotas: NotRequired[list[PlainQuota]]
    subsidy: NotRequired[PlainSubsidy]
    procedure: NotRequired[Mapping[str, Any]]  # not looked at by scoring


# --- who is scored, and what people say


class Subject(TypedDict):
    code: str
    division: NotRequired[str]  # of a point


class PeriodDays(TypedDict):
    """Both included."""

    first: Day
    last: Day


class HumanScore(TypedDict):
    """What a leaf shows of it: nothing here describes a person."""

    value: Number
    role: str
    scorer: NotRequired[str]
    evidence: NotRequired[list[str]]
    sources: NotRequired[list[str]]
    stream: NotRequired[str]
    positions: NotRequired[list[int]]
    objection: NotRequired[int]  # by which a computed item was determined so


Sheet = Mapping[str, HumanScore]
"""Code of the item or veto → what somebody said of it."""


# --- the result tree


class FactRef(TypedDict):
    """How a leaf names a fact: what it is, and where its events stand in the log."""

    fact: str
    stream: str
    day: Day
    positions: list[int]
    amount: NotRequired[int]  # where it is a field that counts
    reason: NotRequired[str]  # why it did not count


class OfItsMeasure(TypedDict, total=False):
    """What a leaf shows besides, by its measure."""

    against: list[FactRef]  # the rest of a ratio's whole, what makes a duty due
    different: list[str]  # distinct
    numerator: str  # ratio
    denominator: str
    missing: list[dict[str, str]]  # short: period, the value of `by`, how much
    not_scored: bool  # true: there was nothing to measure
    scorers: list[str]  # human
    human: HumanScore


class Measurement(OfItsMeasure):
    value: str | None  # None: a person has still to say it, or it is not scored
    used: list[FactRef]
    unused: list[FactRef]


class ScoredLeaf(Measurement):
    code: str
    name: str
    maximum: str
    score: str
    computed: NotRequired[str]  # the score without what was determined after an objection
    determined: NotRequired[HumanScore]


class ScoredGroup(TypedDict):
    code: str
    name: str
    maximum: str
    score: str
    not_scored: NotRequired[bool]  # true: none of its items is
    measured: NotRequired[str]  # what its scored items are worth; they share the weight of the rest
    items: list["ScoredLeaf | ScoredGroup"]


class JudgedVeto(Measurement):
    code: str
    name: str
    grade: str
    raised: bool
    determined: NotRequired[HumanScore]  # how often it occurred, after an objection


class ScoredSubsidy(TypedDict):
    rate: str
    unit: str
    per: str
    amount: NotRequired[str]
    times: NotRequired[Measurement]


class ScoredSubject(TypedDict):
    kind: str
    code: str


class ScoredParts(TypedDict):
    items: list[ScoredLeaf | ScoredGroup]
    bonuses: list[ScoredLeaf | ScoredGroup]
    vetoes: list[JudgedVeto]


class ScoreTree(ScoredParts):
    """All decimals are text."""

    ruleset: str  # code@version
    subject: ScoredSubject
    period: PeriodDays
    maximum: str
    score: str
    grade: str | None  # None: something is pending
    pending: list[str]  # codes of the items that await a person
    measured: NotRequired[str]  # as of a group
    without_work: NotRequired[bool]  # true: no fact of work, so the score is 0
    subsidy: ScoredSubsidy | None


class PlainResult(TypedDict):
    """As it is published; what is absent is left out."""

    subject: str
    score: str
    tree: str  # digest of the tree
    grade: NotRequired[str]
    vetoed: NotRequired[bool]
    subsidy: NotRequired[str]
    before_quota: NotRequired[str]
