"""A rating: invited, given once by the person, defaulted by silence, called back, disputed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.moment import HappensInFuture, Moment, Registers
from domain.registers import point
from domain.registers.point import DevicePlaced, PointUnknown
from domain.registers.policy import (
    LIMITS_POLICY,
    InvitationRules,
    NoPolicyInForce,
    Policy,
    RatingExemption,
)
from domain.requests import rating, request, roster
from domain.requests.rating import (
    AlreadyInvited,
    AlreadyLookedAt,
    AlreadyRated,
    CallBackRating,
    CodeNotForYou,
    DecideRatingDispute,
    DefaultRating,
    DeviceElsewhere,
    DeviceUnknown,
    DisputeNotPossible,
    DisputeRating,
    FollowUpRating,
    GiveRating,
    Grade,
    InvitationExpired,
    InviteRating,
    IssueRatingCode,
    LookAtRating,
    NotDrawn,
    NothingToRate,
    NotRated,
    NotSuspect,
    NotYetSilent,
    OnlyStaff,
    OutOfDrawnOrder,
    OwnDispute,
    OwnService,
    RatingCalledBack,
    RatingCodeIssued,
    RatingDefaulted,
    RatingDisputed,
    RatingDisputeDecided,
    RatingExempted,
    RatingFollowedUp,
    RatingGiven,
    RatingInvited,
    RatingIsWithdrawn,
    RatingLookedAt,
    RatingNotInvited,
    RatingWithdrawn,
    Source,
    StaffMayNotRate,
    Suspicion,
    TokenInvalid,
    WithdrawalOver,
    WithdrawRating,
    invitation,
    reads,
    token_digest,
)
from domain.requests.request import HandedOver, RequestClosed, RequestReopened, RequestVoided
from domain.requests.request_commands import RequestIsVoided
from domain.requests.roster import WindowTaken, roster_stream
from domain.vocabulary import Actor, Command, Event, sibling_id
from tests.examples import (
    CITIZEN,
    CLERK,
    COLLEAGUE,
    CONSULTED,
    LOGGED,
    MEDIATING,
    MORNING,
    NO_RULES,
    NOON,
    OPENED,
    REFERRED,
    REGISTERS,
    REQUEST,
    RULES,
    local,
)
from tests.spec import given

TOKEN = "一次性评价码"
INVITE = InviteRating(
    request=REQUEST,
    point="ROOM-1",
    served_by=("A-1", "clerk-1"),
    service="consultation",
    channel="counter",
)
INVITED = RatingInvited(
    request=REQUEST,
    point="ROOM-1",
    served_by=("A-1", "clerk-1"),
    token_sha256=token_digest(TOKEN),
    expires_at=local("2026-03-10 00:00"),
    default_grade=3,
    valid_until=local("2026-04-02 00:00"),
)
"""As earlier versions invited: with the one code in it."""
PLAIN = replace(INVITED, token_sha256="")
AT_WINDOW = replace(PLAIN, window="W1")
CODE = RatingCodeIssued(
    request=REQUEST,
    token_sha256=token_digest(TOKEN),
    way="receipt",
    issued_by="clerk-2",
    issued_at=MORNING,
)
GIVE = GiveRating(token=TOKEN, grade=5)
GIVEN = RatingGiven(request=REQUEST, grade=5, withdraw_until=NOON + timedelta(hours=24))
DEFAULTED = RatingDefaulted(request=REQUEST, grade=3)
SAMPLE = UUID("00000000-0000-4000-8000-0000000000a1")
CALL_BACK = CallBackRating(grade=4, comment="已解决", sample=SAMPLE)
CALLED_BACK = RatingCalledBack(
    request=REQUEST, grade=4, called_by="clerk-2", comment="已解决", sample=SAMPLE
)
FOLLOW_UP = FollowUpRating(token=TOKEN, grade=2, comment="后来又拖")
FOLLOWED_UP = RatingFollowedUp(request=REQUEST, grade=2, comment="后来又拖")
DISPUTE = DisputeRating(ground="误评")
DISPUTED = RatingDisputed(request=REQUEST, ground="误评")
DECIDE = DecideRatingDispute(excluded=True, reason="查证属实")
DECIDED = RatingDisputeDecided(request=REQUEST, excluded=True, reason="查证属实")
LAST_MINUTE = local("2026-03-09 23:59")
EXPIRED = local("2026-03-10 00:00")
LAWYER_AT_HOME = replace(CITIZEN, adviser="A-1")
DEVICE = Actor(account="device-1", role="device", unit="ROOM-1")
PLACED = fold(
    point,
    [
        OPENED,
        DevicePlaced(device="device-1", window="W1"),
        DevicePlaced(device="device-2", window="W2"),
    ],
)
WITH_DEVICE = replace(REGISTERS, points={**REGISTERS.points, "ROOM-1": PLACED})

# --- invitation


def test_an_invitation_expires_when_the_seventh_day_after_it_ends() -> None:
    given(at=NOON).when(INVITE).then(PLAIN)


def test_at_a_point_without_a_calendar_days_are_counted_in_hours() -> None:
    invited = replace(
        PLAIN,
        point="STALL-1",
        expires_at=NOON + timedelta(days=7),
        valid_until=NOON + timedelta(days=30),
    )
    given(at=NOON).when(replace(INVITE, point="STALL-1")).then(invited)


def test_the_log_does_not_hold_what_opens_an_invitation() -> None:
    assert TOKEN not in repr((INVITED, CODE))


def test_a_service_is_invited_to_be_rated_once() -> None:
    given(INVITED).when(INVITE).refused(AlreadyInvited)


def test_an_invitation_needs_a_known_point() -> None:
    given().when(replace(INVITE, point="ROOM-9")).refused(PointUnknown)


def test_an_invitation_needs_published_rules() -> None:
    given(registers=NO_RULES).when(INVITE).refused(NoPolicyInForce)


def test_an_invitation_needs_rules_of_ratings() -> None:
    without = {LIMITS_POLICY: Policy((replace(RULES, rating=None),))}
    given(registers=replace(NO_RULES, policies=without)).when(INVITE).refused(NoPolicyInForce)


def test_nobody_is_invited_in_the_future() -> None:
    given(at=NOON, now=MORNING).when(INVITE).refused(HappensInFuture)


def test_who_served_a_request_and_who_answers_for_it_are_named_in_the_invitation() -> None:
    handed = HandedOver(to="clerk-9", reason="轮班")
    served = fold(request, [LOGGED, replace(CONSULTED, adviser="A-1"), handed])
    asked = invitation(REQUEST, served)
    assert asked == replace(INVITE, served_by=("A-1", "clerk-1", "clerk-9"), day=MORNING.date())


@pytest.mark.parametrize("event", [CONSULTED, REFERRED, MEDIATING])
def test_whatever_was_done_for_the_person_can_be_rated(event: request.RequestEvent) -> None:
    assert invitation(REQUEST, fold(request, [LOGGED, event])).point == "ROOM-1"


def test_nobody_is_invited_to_rate_what_was_not_done() -> None:
    with pytest.raises(NothingToRate):
        invitation(REQUEST, fold(request, [LOGGED]))


def test_nobody_is_invited_to_rate_a_voided_request() -> None:
    with pytest.raises(RequestIsVoided):
        invitation(REQUEST, fold(request, [LOGGED, RequestVoided(reason="误录")]))


@pytest.mark.parametrize("command", [GIVE, DefaultRating(), CALL_BACK, FOLLOW_UP, DISPUTE, DECIDE])
def test_without_an_invitation_there_is_no_rating(command: Command) -> None:
    given().when(command).refused(RatingNotInvited)


# --- given by the person


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_the_person_rates_in_five_grades(grade: Grade) -> None:
    given(INVITED).when(replace(GIVE, grade=grade), by=CITIZEN).then(replace(GIVEN, grade=grade))


def test_the_person_rates_at_a_device() -> None:
    at_window = replace(GIVE, device="device-1", comment="很耐心")
    rated = replace(GIVEN, device="device-1", comment="很耐心")
    seen = replace(CODE, way="screen", issued_by="device-1")
    given(AT_WINDOW, seen, registers=WITH_DEVICE).when(at_window, by=DEVICE).then(rated)


def test_a_rating_sent_twice_is_one() -> None:
    given(INVITED, GIVEN).when(GIVE, by=CITIZEN).nothing()


def test_a_rating_is_not_changed() -> None:
    given(INVITED, GIVEN).when(replace(GIVE, grade=1), by=CITIZEN).refused(AlreadyRated)


def test_a_rating_needs_the_token() -> None:
    given(INVITED).when(replace(GIVE, token="别的"), by=CITIZEN).refused(TokenInvalid)


def test_a_rating_is_given_until_the_last_minute() -> None:
    later = replace(GIVEN, withdraw_until=LAST_MINUTE + timedelta(hours=24))
    given(INVITED, at=LAST_MINUTE).when(GIVE, by=CITIZEN).then(later)


def test_after_its_days_a_rating_is_not_given() -> None:
    given(INVITED, at=EXPIRED).when(GIVE, by=CITIZEN).refused(InvitationExpired)


def test_a_default_rating_is_not_replaced() -> None:
    given(INVITED, DEFAULTED).when(GIVE, by=CITIZEN).refused(InvitationExpired)


def test_staff_does_not_rate_for_the_person() -> None:
    given(INVITED).when(GIVE, by=COLLEAGUE).refused(StaffMayNotRate)


@pytest.mark.parametrize("actor", [CLERK, LAWYER_AT_HOME])
def test_nobody_rates_his_own_service(actor: Actor) -> None:
    given(INVITED).when(GIVE, by=actor).refused(OwnService)


def test_a_callback_leaves_the_person_his_own_rating() -> None:
    after = given(INVITED, CALLED_BACK).when(GIVE, by=CITIZEN).then(GIVEN)
    assert after.called_back


# --- default


def test_silence_is_the_default_grade_when_the_days_are_over() -> None:
    given(INVITED, at=EXPIRED).when(DefaultRating()).then(DEFAULTED)


def test_before_its_days_are_over_silence_means_nothing() -> None:
    given(INVITED, at=LAST_MINUTE).when(DefaultRating()).refused(NotYetSilent)


@pytest.mark.parametrize("spoken", [GIVEN, CALLED_BACK, DEFAULTED])
def test_who_was_heard_is_not_silent(spoken: Event) -> None:
    given(INVITED, spoken, at=EXPIRED).when(DefaultRating()).nothing()


# --- callback


def test_a_callback_stands_beside_what_the_person_said() -> None:
    after = given(INVITED, GIVEN).when(CALL_BACK, by=COLLEAGUE).then(CALLED_BACK)
    assert after.given == GIVEN


def test_a_callback_stands_beside_the_default() -> None:
    after = given(INVITED, DEFAULTED).when(CALL_BACK, by=COLLEAGUE).then(CALLED_BACK)
    assert after.defaulted


def test_a_callback_is_made_once() -> None:
    given(INVITED, CALLED_BACK).when(CALL_BACK, by=COLLEAGUE).refused(AlreadyRated)


def test_who_served_does_not_call_back() -> None:
    given(INVITED).when(CALL_BACK, by=CLERK).refused(OwnService)


def test_an_adviser_who_did_not_serve_calls_back() -> None:
    another = replace(COLLEAGUE, adviser="A-2")
    given(INVITED).when(CALL_BACK, by=another).then(CALLED_BACK)


@pytest.mark.parametrize("command", [CALL_BACK, DISPUTE])
def test_callbacks_and_disputes_are_for_staff(command: Command) -> None:
    given(INVITED, GIVEN).when(command, by=CITIZEN).refused(OnlyStaff)


# --- follow-up


def test_a_follow_up_is_added_to_the_rating() -> None:
    after = given(INVITED, GIVEN, at=EXPIRED).when(FOLLOW_UP, by=CITIZEN).then(FOLLOWED_UP)
    assert after.given == GIVEN


@pytest.mark.parametrize("unsaid", [INVITED, DEFAULTED, CALLED_BACK])
def test_only_a_rating_given_by_the_person_is_followed_up(unsaid: Event) -> None:
    given(INVITED, unsaid).when(FOLLOW_UP, by=CITIZEN).refused(NotRated)


def test_a_follow_up_sent_twice_is_one() -> None:
    given(INVITED, GIVEN, FOLLOWED_UP).when(FOLLOW_UP, by=CITIZEN).nothing()


def test_there_is_one_follow_up() -> None:
    again = replace(FOLLOW_UP, grade=1)
    given(INVITED, GIVEN, FOLLOWED_UP).when(again, by=CITIZEN).refused(AlreadyRated)


def test_a_follow_up_ends_with_the_invitation() -> None:
    late = given(INVITED, GIVEN, at=local("2026-04-02 00:00"))
    late.when(FOLLOW_UP, by=CITIZEN).refused(InvitationExpired)


def test_an_invitation_without_an_end_is_followed_up_at_any_time() -> None:
    endless = given(replace(INVITED, valid_until=None), GIVEN, at=local("2026-12-01 09:00"))
    endless.when(FOLLOW_UP, by=CITIZEN).then(FOLLOWED_UP)


def test_a_follow_up_needs_the_token() -> None:
    wrong = replace(FOLLOW_UP, token="别的")
    given(INVITED, GIVEN).when(wrong, by=CITIZEN).refused(TokenInvalid)


# --- dispute


def test_a_rating_is_disputed() -> None:
    given(INVITED, GIVEN).when(DISPUTE).then(DISPUTED)


@pytest.mark.parametrize("history", [(INVITED,), (INVITED, GIVEN, DISPUTED, DECIDED)])
def test_only_a_given_rating_is_disputed_and_only_once(history: tuple[Event, ...]) -> None:
    given(*history).when(DISPUTE).refused(DisputeNotPossible)


@pytest.mark.parametrize("excluded", [True, False])
def test_a_dispute_is_decided(excluded: bool) -> None:  # noqa: FBT001
    decided = replace(DECIDED, excluded=excluded)
    given(INVITED, GIVEN, DISPUTED).when(replace(DECIDE, excluded=excluded), by=COLLEAGUE).then(
        decided
    )


def test_what_is_not_disputed_is_not_decided() -> None:
    given(INVITED, GIVEN).when(DECIDE, by=COLLEAGUE).refused(DisputeNotPossible)


def test_who_served_does_not_decide_the_dispute() -> None:
    given(INVITED, GIVEN, DISPUTED).when(DECIDE, by=CLERK).refused(OwnService)


def test_audit_4_5_who_disputed_a_rating_does_not_decide_it() -> None:
    leader, another = (replace(COLLEAGUE, account=one, role="supervisor") for one in "lm")
    own = replace(DISPUTED, disputed_by="l")
    given(INVITED, GIVEN).when(DISPUTE, by=leader).then(own)
    given(INVITED, GIVEN, own).when(DECIDE, by=leader).refused(OwnDispute)
    given(INVITED, GIVEN, own).when(DECIDE, by=another).then(DECIDED)


# --- what is read beside it


SERVED = (LOGGED, replace(CONSULTED, adviser="A-1"))
VOID = {REQUEST: fold(request, [*SERVED, RequestVoided(reason="误录")])}


@pytest.mark.parametrize(
    ("history", "command", "by"),
    [
        ((), INVITE, COLLEAGUE),
        ((PLAIN,), IssueRatingCode(token_sha256=token_digest(TOKEN)), COLLEAGUE),
        ((INVITED,), GIVE, CITIZEN),
        ((INVITED, GIVEN), WithdrawRating(token=TOKEN), CITIZEN),
        ((INVITED,), DefaultRating(), COLLEAGUE),
        ((INVITED,), CALL_BACK, COLLEAGUE),
        ((INVITED, GIVEN), FOLLOW_UP, CITIZEN),
        ((INVITED, GIVEN), DISPUTE, COLLEAGUE),
    ],
)
def test_f12_the_rating_of_a_void_request_takes_no_further_step(
    history: tuple[Event, ...], command: Command, by: Actor
) -> None:
    at = EXPIRED if isinstance(command, DefaultRating) else NOON
    void = given(*history, at=at, beside=VOID).when(command, by=by)
    void.refused(RequestIsVoided)
    assert list(reads(void.state, void.command, void.moment)) == [REQUEST]
    stands = {REQUEST: fold(request, SERVED)}
    allowed = given(*history, at=at, beside=stands).when(command, by=by)
    assert AGGREGATE_BY_COMMAND[type(command)].decide(allowed.state, command, allowed.moment)


def test_f12_what_was_begun_before_a_request_was_void_is_brought_to_its_end() -> None:
    given(INVITED, GIVEN, DISPUTED, beside=VOID).when(DECIDE, by=COLLEAGUE).then(DECIDED)


REOPENED_FOR = {
    REQUEST: fold(
        request,
        [
            *SERVED,
            RequestClosed(kind="answered"),
            RequestReopened(reason="另有疑问", reopened_at=NOON),
            replace(CONSULTED, given_by="clerk-2"),
        ],
    )
}


def test_audit_4_5_who_serves_a_reopened_request_gets_no_code_and_votes_for_nobody() -> None:
    issue = IssueRatingCode(token_sha256=token_digest(TOKEN))
    given(PLAIN, beside=REOPENED_FOR).when(issue, by=COLLEAGUE).refused(CodeNotForYou)
    given(INVITED, beside=REOPENED_FOR).when(CALL_BACK, by=COLLEAGUE).refused(OwnService)
    by_link = replace(GIVE, signed_in=COLLEAGUE)
    state = (
        given(INVITED, beside=REOPENED_FOR)
        .when(by_link, by=CITIZEN)
        .then(replace(GIVEN, suspicions=("own_account",)))
    )
    assert state.waits_to_be_looked_at


def test_audit_4_5_a_roster_entered_afterwards_is_known_to_the_next_step() -> None:
    day = MORNING.date()
    invited = replace(INVITED, window="W1", day=day)
    at_window = fold(request, [replace(LOGGED, window="W1"), SERVED[1]])
    sat = fold(
        roster,
        [
            WindowTaken(
                point="ROOM-1",
                day=day,
                window="W1",
                officer="clerk-2",
                taken_at=MORNING,
                session="there",
            )
        ],
    )
    beside = {REQUEST: at_window, roster_stream("ROOM-1", day): sat}
    issue = IssueRatingCode(token_sha256=token_digest(TOKEN))
    asked = given(replace(PLAIN, window="W1", day=day), beside=beside).when(issue, by=COLLEAGUE)
    asked.refused(CodeNotForYou)
    assert set(reads(asked.state, issue, asked.moment)) == set(beside)
    voted = replace(GIVE, session="there")
    given(invited, beside=beside).when(voted, by=CITIZEN).then(
        replace(GIVEN, suspicions=("server_session",))
    )


def test_audit_4_5_the_days_of_an_answer_are_not_dated_away() -> None:
    late = given(at=MORNING, now=local("2026-03-20 09:00"), late_reason="忘了邀请")
    expires = replace(
        PLAIN, expires_at=local("2026-03-28 00:00"), valid_until=local("2026-04-20 00:00")
    )
    late.when(INVITE, by=COLLEAGUE).then(expires)


# --- exemptions, codes, suspicion, withdrawal


def ruled(**invitations: Any) -> Registers:
    rules = replace(RULES, invitations=InvitationRules(**invitations))
    return replace(WITH_DEVICE, policies={LIMITS_POLICY: Policy((rules,))})


def test_a_rule_with_a_name_exempts_and_the_event_names_it() -> None:
    by_phone = RatingExemption(name="by-phone", channels=("phone",), close_kinds=("answered",))
    registers = ruled(exemptions=(by_phone,))
    asked = replace(INVITE, channel="phone", close_kind="answered")
    exempted = RatingExempted(
        request=REQUEST, point="ROOM-1", rule="by-phone", policy="service-limits@1"
    )
    given(registers=registers).when(asked).then(exempted)
    given(exempted, registers=registers).when(asked).nothing()
    given(exempted, registers=registers).when(replace(asked, channel="counter")).then(PLAIN)
    unserved = replace(INVITE, served=False, close_kind="withdrawn")
    given().when(unserved).then(replace(exempted, rule="not_served"))
    given(exempted).when(GIVE, by=CITIZEN).refused(RatingNotInvited)


def test_an_exemption_of_everything_is_none() -> None:
    with pytest.raises(ValueError, match="names services"):
        RatingExemption(name="all")


def test_a_rule_does_not_invite_who_can_say_nothing_any_more() -> None:
    late = given(at=NOON, now=NOON + timedelta(days=8), late_reason="补录")
    policy = Actor(account="policy-rating", role="policy", unit="ROOM-1")
    late.when(INVITE, by=policy).refused(InvitationExpired)


def test_a_code_is_shown_by_the_device_or_printed_by_who_did_not_serve() -> None:
    issue = IssueRatingCode(token_sha256=token_digest(TOKEN))
    printed = replace(CODE, issued_at=NOON)
    given(PLAIN).when(issue, by=COLLEAGUE).then(printed)
    shown = replace(printed, way="screen", issued_by="device-1")
    given(AT_WINDOW, registers=WITH_DEVICE).when(issue, by=DEVICE).then(shown)
    given(PLAIN).when(issue, by=CLERK).refused(CodeNotForYou)
    given(PLAIN).when(issue, by=CITIZEN).refused(CodeNotForYou)
    on_duty = replace(PLAIN, officer="clerk-2")
    given(on_duty).when(issue, by=COLLEAGUE).refused(CodeNotForYou)
    given(PLAIN, GIVEN).when(issue, by=COLLEAGUE).refused(AlreadyRated)
    given(PLAIN, at=EXPIRED).when(issue, by=COLLEAGUE).refused(InvitationExpired)


def test_a_device_speaks_for_its_own_window_only() -> None:
    given(AT_WINDOW, CODE).when(GIVE, by=DEVICE).refused(DeviceUnknown)
    other = replace(DEVICE, account="device-2")
    given(AT_WINDOW, CODE, registers=WITH_DEVICE).when(GIVE, by=other).refused(DeviceElsewhere)
    named = replace(GIVE, device="device-2")
    given(AT_WINDOW, CODE, registers=WITH_DEVICE).when(named, by=DEVICE).refused(DeviceUnknown)


@pytest.mark.parametrize(
    ("how", "suspicions"),
    [
        ({"signed_in": CLERK}, ("own_account",)),
        ({"signed_in": COLLEAGUE}, ("staff_account",)),
        ({"signed_in": CITIZEN}, ()),
        ({"session": "desk"}, ("server_session",)),
        ({"session": "phone"}, ()),
    ],
)
def test_a_vote_that_may_be_the_servers_own_is_kept_and_marked(
    how: dict[str, Any], suspicions: tuple[Suspicion, ...]
) -> None:
    seated = replace(PLAIN, sessions=("desk",))
    marked = replace(GIVEN, suspicions=suspicions)
    given(seated, CODE).when(replace(GIVE, **how), by=CITIZEN).then(marked)


@pytest.mark.parametrize(("after_s", "soon"), [(2, True), (3, False)])
def test_a_vote_within_seconds_of_its_code_is_marked(after_s: int, soon: bool) -> None:  # noqa: FBT001
    issued = replace(CODE, issued_at=NOON - timedelta(seconds=after_s))
    marked = replace(GIVEN, suspicions=("too_soon",) if soon else ())
    registers = ruled(suspect_within_s=3)
    given(PLAIN, issued, registers=registers).when(GIVE, by=CITIZEN).then(marked)


def test_a_suspect_vote_is_looked_at_once_by_somebody_else() -> None:
    suspect = replace(GIVEN, suspicions=("too_soon",))
    look = LookAtRating(counted=True, reason="电话核实")
    looked_at = RatingLookedAt(request=REQUEST, counted=True, reason="电话核实")
    given(INVITED, suspect).when(look, by=COLLEAGUE).then(looked_at)
    given(INVITED, suspect, looked_at).when(look, by=COLLEAGUE).nothing()
    other = replace(look, counted=False)
    given(INVITED, suspect, looked_at).when(other, by=COLLEAGUE).refused(AlreadyLookedAt)
    given(INVITED, suspect).when(look, by=CLERK).refused(OwnService)
    given(INVITED, GIVEN).when(look, by=COLLEAGUE).refused(NotSuspect)


def test_a_person_takes_back_what_he_said_within_the_hours() -> None:
    withdraw, withdrawn = WithdrawRating(token=TOKEN), RatingWithdrawn(request=REQUEST)
    given(INVITED, GIVEN).when(withdraw, by=CITIZEN).then(withdrawn)
    given(INVITED, GIVEN, withdrawn).when(withdraw, by=CITIZEN).nothing()
    given(INVITED).when(withdraw, by=CITIZEN).refused(NotRated)
    over = given(INVITED, GIVEN, at=NOON + timedelta(hours=24))
    over.when(withdraw, by=CITIZEN).refused(WithdrawalOver)
    of_old = replace(GIVEN, withdraw_until=None)
    given(INVITED, of_old).when(withdraw, by=CITIZEN).refused(WithdrawalOver)
    by_staff = replace(withdraw, signed_in=COLLEAGUE)
    given(INVITED, GIVEN).when(by_staff, by=CITIZEN).refused(StaffMayNotRate)
    given(INVITED, GIVEN, withdrawn).when(FOLLOW_UP, by=CITIZEN).refused(RatingIsWithdrawn)
    given(INVITED, GIVEN, withdrawn).when(DISPUTE).refused(DisputeNotPossible)


def test_whom_to_call_back_is_drawn_but_for_bad_ratings() -> None:
    picked = replace(CALL_BACK, sample=None)
    for events in ((INVITED,), (INVITED, DEFAULTED), (INVITED, GIVEN)):
        given(*events).when(picked, by=COLLEAGUE).refused(NotDrawn)
    bad = replace(GIVEN, grade=2)
    given(INVITED, bad).when(picked, by=COLLEAGUE).then(replace(CALLED_BACK, sample=None))


def test_audit_4_5_people_are_called_in_the_order_they_were_drawn() -> None:
    """A sample as large as its population names everybody: its order says who comes first."""
    first = UUID(int=77)
    later = replace(CALL_BACK, earlier=(first,))
    of_first = sibling_id(first, rating.KIND)
    waiting = {of_first: fold(rating, [replace(INVITED, request=first)])}
    for beside in ({}, waiting):
        given(INVITED, beside=beside).when(later, by=COLLEAGUE).refused(OutOfDrawnOrder)
    for heard in (CALLED_BACK, GIVEN):
        called = {of_first: fold(rating, [INVITED, heard])}
        given(INVITED, beside=called).when(later, by=COLLEAGUE).then(CALLED_BACK)
    moment = Moment(by=COLLEAGUE, occurred_at=NOON, now=NOON, registers=REGISTERS)
    assert of_first in set(rating.reads(fold(rating, [INVITED]), later, moment))
    # A bad rating is called back at once.
    bad = replace(GIVEN, grade=2)
    given(INVITED, bad).when(later, by=COLLEAGUE).then(CALLED_BACK)


@pytest.mark.parametrize(("of", "source"), [("default", DEFAULTED), ("call_back", CALLED_BACK)])
def test_a_default_and_a_call_back_are_disputed_as_a_rating_is(of: Source, source: Event) -> None:
    disputed, decided = replace(DISPUTED, of=of), replace(DECIDED, of=of)
    given(INVITED, source).when(replace(DISPUTE, of=of)).then(disputed)
    given(INVITED, source, disputed).when(DECIDE, by=COLLEAGUE).then(decided)
    again = replace(DISPUTE, of=of)
    given(INVITED, source, disputed, decided).when(again).refused(DisputeNotPossible)
    given(INVITED).when(again).refused(DisputeNotPossible)
