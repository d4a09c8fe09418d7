"""How many tries it takes, and what they are worth."""

from __future__ import annotations

import math

import pytest

from orchestrator.bisect.flakes import MOST_TRIES, Rates, Side, Tally, worst


def test_one_try_of_a_steady_claim_is_enough() -> None:
    rates = worst([Tally(1, 0)], [Tally(0, 1)])
    assert rates.tries(0.05) == 1
    assert rates.certainty(Tally(0, 1)) == pytest.approx(1 - rates.old)


def test_a_claim_that_fails_one_time_in_five_takes_many() -> None:
    rates = Rates(0.005, 0.2)
    tries = rates.tries(0.05)
    assert tries is not None
    # With so many a kernel that fails at times passes them all, or all but one, rarely enough.
    passes_all = 0.8**tries
    assert passes_all <= 0.05 < 0.8 ** (tries / 2)
    assert rates.side(Tally(tries - 2, 2)) is Side.NEW
    assert rates.side(Tally(tries, 0)) is Side.OLD


@pytest.mark.parametrize("doubt", [0.31, 0.13, 0.05, 0.01])
def test_the_mistake_is_that_of_the_best_border(doubt: float) -> None:
    enough = (n for n in range(1, 100) if _mistake(n, 0.3, 0.8) <= doubt)
    assert Rates(0.3, 0.8).tries(doubt) == next(enough)


def _mistake(tries: int, low: float, high: float) -> float:
    return min(
        max(
            sum(_chance(n, tries, low) for n in range(border, tries + 1)),
            sum(_chance(n, tries, high) for n in range(border)),
        )
        for border in range(tries + 2)
    )


def _chance(hits: int, tries: int, rate: float) -> float:
    return math.comb(tries, hits) * rate**hits * (1 - rate) ** (tries - hits)


def test_ends_that_hardly_differ_cannot_be_told_apart() -> None:
    assert Rates(0.5, 0.51).tries(0.05) is None
    assert Rates(0.5, 0.5).tries(0.05) is None
    assert MOST_TRIES < 1000


@pytest.mark.parametrize("tally", [Tally(), Tally(3, 3)])
def test_where_nothing_speaks_for_either_it_is_even(tally: Tally) -> None:
    assert Rates(0.1, 0.9).certainty(tally) == pytest.approx(0.5)


def test_very_many_tries_overflow_nothing() -> None:
    rates = worst([Tally(200, 0)], [Tally(0, 200)])
    assert rates.new_is_likely(Tally(0, 200)) == pytest.approx(1)
    assert rates.new_is_likely(Tally(200, 0)) == pytest.approx(0, abs=1e-9)


def test_the_one_that_wavers_most_says_how_much_it_may() -> None:
    rates = worst([Tally(10, 0), Tally(8, 2)], [Tally(0, 10)])
    assert rates.old == Tally(8, 2).share
    assert rates.new == Tally(0, 10).share
