"""A sample: announced, drawn by a seed that nobody could choose, enlarged."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.moment import HappensInFuture
from domain.oversight import sample
from domain.oversight.draw import draw, population_digest
from domain.oversight.sample import (
    AnnounceSample,
    DoubtedDiffer,
    DrawSample,
    EnlargeSample,
    Frame,
    NotEnlarged,
    NotOfTheSample,
    PassOverDrawn,
    PopulationDiffers,
    PopulationNotDistinct,
    SampleAnnounced,
    SampleDrawn,
    SampleEnlarged,
    SampleExists,
    SampleIsDrawn,
    SampleNotDrawn,
    SamplePassedOver,
    SampleTooLarge,
    SampleUnknown,
    SeedNotYetKnown,
)
from domain.vocabulary import Actor
from tests.examples import NOON
from tests.spec import given

OFFICER = Actor(account="zhou", role="supervisor", unit="440103")
POPULATION = tuple(f"log-{number}" for number in range(9))
FRAME = Frame(of="worklog", division="440103", period="2026-03", cut_off=1200)
ROOT = "7a" * 32
ANNOUNCE = AnnounceSample(purpose="三月工作日志抽查", frame=FRAME, population=POPULATION, size=3)
ANNOUNCED = SampleAnnounced(
    purpose="三月工作日志抽查",
    frame=FRAME,
    count=9,
    population=population_digest(POPULATION),
    size=3,
    announced_by="zhou",
)
DRAW = DrawSample(population=POPULATION, announced_at=1201, checkpoint=1201, root=ROOT)
DRAWN = SampleDrawn(announced_at=1201, checkpoint=1201, seed=ROOT, drawn=draw(ROOT, POPULATION, 3))
ENLARGE = EnlargeSample(population=POPULATION, size=5, reason="抽查发现缺记")
ENLARGED = SampleEnlarged(reason="抽查发现缺记", size=5, drawn=draw(ROOT, POPULATION, 5))


# --- announcement


def test_a_population_is_frozen_by_its_digest() -> None:
    given().when(ANNOUNCE, by=OFFICER).then(ANNOUNCED)


def test_a_whole_population_may_be_looked_at() -> None:
    whole = replace(ANNOUNCE, size=9)
    given().when(whole, by=OFFICER).then(replace(ANNOUNCED, size=9))
    given().when(replace(ANNOUNCE, size=10), by=OFFICER).refused(SampleTooLarge)


def test_a_sample_is_announced_once() -> None:
    reordered = replace(ANNOUNCE, population=POPULATION[::-1])
    given(ANNOUNCED).when(reordered, by=OFFICER).nothing()
    for other in (
        replace(ANNOUNCE, size=4),
        replace(ANNOUNCE, purpose="四月"),
        replace(ANNOUNCE, population=POPULATION[1:]),
        replace(ANNOUNCE, frame=replace(FRAME, cut_off=1300)),
    ):
        given(ANNOUNCED).when(other, by=OFFICER).refused(SampleExists)


def test_nobody_stands_in_a_population_twice() -> None:
    twice = (*POPULATION, "log-0")
    given().when(replace(ANNOUNCE, population=twice)).refused(PopulationNotDistinct)
    given(ANNOUNCED).when(replace(DRAW, population=twice)).refused(PopulationNotDistinct)


def test_nothing_is_announced_ahead_of_the_clock() -> None:
    given(now=NOON - timedelta(hours=1)).when(ANNOUNCE).refused(HappensInFuture)


# --- draw


def test_the_seed_is_the_root_of_a_checkpoint_over_the_announcement() -> None:
    after = given(ANNOUNCED).when(DRAW).then(DRAWN)
    assert len(after.drawn) == 3
    later = replace(DRAW, checkpoint=1300)
    given(ANNOUNCED).when(later).then(replace(DRAWN, checkpoint=1300))


def test_a_root_that_was_known_before_the_announcement_is_no_seed() -> None:
    given(ANNOUNCED).when(replace(DRAW, checkpoint=1200)).refused(SeedNotYetKnown)


def test_it_is_drawn_from_the_population_that_was_announced() -> None:
    reordered = replace(DRAW, population=POPULATION[::-1])
    given(ANNOUNCED).when(reordered).then(DRAWN)
    without = tuple(one for one in POPULATION if one != DRAWN.drawn[0])
    for other in (without, (*POPULATION, "log-9")):
        given(ANNOUNCED).when(replace(DRAW, population=other)).refused(PopulationDiffers)


def test_a_sample_is_drawn_once() -> None:
    given(ANNOUNCED, DRAWN).when(DRAW).nothing()
    given(ANNOUNCED, DRAWN).when(replace(DRAW, root="7b" * 32)).refused(SampleIsDrawn)


@pytest.mark.parametrize("command", [DRAW, ENLARGE])
def test_what_was_not_announced_is_not_drawn(command: DrawSample | EnlargeSample) -> None:
    given().when(command).refused(SampleUnknown)


# --- enlargement


def test_a_larger_sample_keeps_those_drawn_before() -> None:
    after = given(ANNOUNCED, DRAWN).when(ENLARGE).then(ENLARGED)
    assert after.drawn[:3] == DRAWN.drawn
    given(ANNOUNCED, DRAWN, ENLARGED).when(DRAW).nothing()


def test_a_sample_does_not_shrink_nor_outgrow_its_population() -> None:
    drawn = given(ANNOUNCED, DRAWN, ENLARGED)
    drawn.when(ENLARGE).nothing()
    drawn.when(replace(ENLARGE, size=4)).refused(NotEnlarged)
    drawn.when(replace(ENLARGE, size=10)).refused(SampleTooLarge)
    whole = replace(ENLARGED, size=9, drawn=draw(ROOT, POPULATION, 9))
    drawn.when(replace(ENLARGE, size=9)).then(whole)


def test_only_what_is_drawn_is_enlarged() -> None:
    given(ANNOUNCED).when(ENLARGE).refused(SampleNotDrawn)


# --- what is doubted weighs more (audit, 3)

DOUBTED = ("log-2", "log-7")
WEIGHTED = replace(ANNOUNCE, frame=replace(FRAME, doubted_weight=4), doubted=DOUBTED)
FROZEN = replace(
    ANNOUNCED, frame=WEIGHTED.frame, doubted=population_digest(DOUBTED), doubted_count=2
)


def test_audit_3_what_is_doubted_is_frozen_with_the_population_and_drawn_by_its_weight() -> None:
    given().when(WEIGHTED, by=OFFICER).then(FROZEN)
    given(FROZEN).when(replace(WEIGHTED, doubted=DOUBTED[::-1]), by=OFFICER).nothing()
    tickets = dict.fromkeys(DOUBTED, 4)
    drawn = replace(DRAWN, drawn=draw(ROOT, POPULATION, 3, tickets))
    given(FROZEN).when(replace(DRAW, doubted=DOUBTED)).then(drawn)
    more = replace(ENLARGED, drawn=draw(ROOT, POPULATION, 5, tickets))
    given(FROZEN, drawn).when(replace(ENLARGE, doubted=DOUBTED)).then(more)
    assert more.drawn[:3] == drawn.drawn


def test_audit_3_nobody_chooses_afterwards_what_is_doubted() -> None:
    for doubted in ((), DOUBTED[:1], (*DOUBTED, "log-3")):
        given(FROZEN).when(replace(DRAW, doubted=doubted)).refused(DoubtedDiffer)
    given(ANNOUNCED).when(replace(DRAW, doubted=DOUBTED)).refused(DoubtedDiffer)
    given().when(replace(WEIGHTED, doubted=("log-99",))).refused(DoubtedDiffer)


# --- the draw binds (audit 4.5)


def test_audit_4_5_who_was_drawn_is_passed_over_with_a_reason() -> None:
    first, second = DRAWN.drawn[:2]
    command, told = (
        PassOverDrawn(id=first, reason="三次无人接听"),
        SamplePassedOver(id=first, reason="三次无人接听"),
    )
    after = given(ANNOUNCED, DRAWN).when(command, by=OFFICER).then(told)
    assert (after.earlier(first), after.earlier(second)) == ((), ())
    assert fold(sample, [ANNOUNCED, DRAWN]).earlier(second) == (first,)
    given(ANNOUNCED, DRAWN, told).when(command, by=OFFICER).nothing()
    (left_out, *_) = set(POPULATION) - {*DRAWN.drawn}
    given(ANNOUNCED, DRAWN).when(replace(command, id=left_out)).refused(NotOfTheSample)
    given().when(command).refused(SampleUnknown)
