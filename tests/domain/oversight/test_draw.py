"""A draw that anybody can repeat."""

import hashlib
import subprocess
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.oversight.draw import draw, population_digest

SEED = "5f" * 32
LOGS = tuple(f"log-{number}" for number in range(200))
POPULATIONS = st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=30)


def test_a_sample_never_changes() -> None:
    assert draw(SEED, LOGS, 5) == ("log-112", "log-103", "log-33", "log-166", "log-113")


def test_a_sample_is_the_lowest_hashes_of_seed_and_id() -> None:
    def hashed(one: str) -> str:
        return hashlib.sha256(f"{SEED}\0{one}".encode()).hexdigest()

    assert draw(SEED, LOGS, 40) == tuple(sorted(LOGS, key=hashed)[:40])


def test_audit_3_an_id_of_w_tickets_is_ranked_by_the_least_of_w_hashes_the_first_as_ever() -> None:
    def least(one: str) -> str:
        more = [f"\0{number}" for number in range(1, 3)] if one in LOGS[:20] else []
        texts = [f"{SEED}\0{one}{ticket}" for ticket in ("", *more)]
        return min(hashlib.sha256(text.encode()).hexdigest() for text in texts)

    tickets = dict.fromkeys(LOGS[:20], 3)
    assert draw(SEED, LOGS, 40, tickets) == tuple(sorted(LOGS, key=least)[:40])
    assert draw(SEED, LOGS, 40, dict.fromkeys(LOGS, 1)) == draw(SEED, LOGS, 40)


def test_audit_3_what_is_doubted_is_drawn_more_often_by_its_weight() -> None:
    seeds = [f"{number:064x}" for number in range(600)]
    heavy = {"log-0": 3}
    first = [draw(seed, LOGS[:10], 1, heavy)[0] for seed in seeds]
    # 3 tickets of 12.
    assert 110 < first.count("log-0") < 190


@given(POPULATIONS, st.text(), st.randoms(use_true_random=False))
def test_the_order_of_the_population_does_not_matter(
    population: list[str], seed: str, random: Random
) -> None:
    shuffled = list(population)
    random.shuffle(shuffled)
    n = len(population) // 2
    assert draw(seed, shuffled, n) == draw(seed, population, n)


@given(POPULATIONS, st.text())
def test_a_larger_sample_keeps_the_smaller_one(population: list[str], seed: str) -> None:
    whole = draw(seed, population, len(population))
    assert sorted(whole) == sorted(population)
    for n in range(len(population)):
        assert draw(seed, population, n) == whole[:n]


def test_another_seed_draws_others() -> None:
    assert set(draw(SEED, LOGS, 20)) != set(draw("60" * 32, LOGS, 20))


def test_everybody_is_drawn_about_as_often() -> None:
    seeds = [f"{number:064x}" for number in range(400)]
    drawn = [one for seed in seeds for one in draw(seed, LOGS[:10], 3)]
    counts = [drawn.count(one) for one in LOGS[:10]]
    assert sum(counts) == 1200
    assert all(80 < count < 160 for count in counts)


@pytest.mark.parametrize("n", [-1, 3])
def test_there_is_no_drawing_more_than_there_are(n: int) -> None:
    with pytest.raises(ValueError, match="out of 2"):
        draw(SEED, ("a", "b"), n)


def test_nobody_stands_in_the_population_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw(SEED, ("a", "b", "a"), 1)


def test_the_digest_of_a_population_is_that_of_its_sorted_lines() -> None:
    population = ["log-2", "log-10", "甲"]
    text = "\n".join(population) + "\n"
    command = "LC_ALL=C sort | sha256sum"
    printed = subprocess.run(
        ["/bin/sh", "-c", command], input=text.encode(), capture_output=True, check=True
    )
    assert population_digest(population) == printed.stdout.split()[0].decode()
    assert population_digest(reversed(population)) == population_digest(population)
    assert population_digest(population[:2]) != population_digest(population)
