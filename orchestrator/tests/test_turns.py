"""Whose turn it is, and when all would be done if it were so."""

from __future__ import annotations

import heapq
import math

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.turns import turn

# Of a matrix of fifteen targets, of which the last five are much alike.
MATRIX = [30.3, 30.0, 26.8, 26.5, 26.4, 26.4, 23.6, 21.7, 19.0, 18.6, 18.4, 18.1, 17.8, 17.6, 17.2]
SECONDS = st.lists(st.floats(1, 60), min_size=1, max_size=20)


def done(waiting: list[float], places: int) -> float:
    """When the last of them is, if each takes as long as it is thought to."""
    left, ends = list(waiting), [0.0] * places
    while left:
        now = heapq.heappop(ends)
        heapq.heappush(ends, now + left.pop(turn(left, [end - now for end in ends])))
    return max(ends)


def test_fifteen_targets_leave_neither_of_two_places_alone() -> None:
    assert done(MATRIX, 2) < sum(MATRIX) / 2 * 1.01
    assert done(list(reversed(MATRIX)), 2) == done(MATRIX, 2)


def test_three_places_are_done_together_too() -> None:
    assert done(MATRIX, 3) < sum(MATRIX) / 3 * 1.03


def test_what_nobody_knows_comes_first() -> None:
    assert turn([5.0, math.inf, 9.0, math.inf], [3.0]) == 1


def test_one_that_is_alone_is_next() -> None:
    assert turn([5.0], []) == 0
    assert turn([5.0], [100.0, 1.0]) == 0


def test_of_very_many_the_longest_is_next() -> None:
    assert turn([float(n % 97) for n in range(1000)], [1.0]) == 96


@given(SECONDS, st.integers(1, 4))
def test_no_place_is_free_while_somebody_waits(waiting: list[float], places: int) -> None:
    # Graham's bound, which holds for whoever never leaves a place free.
    most = sum(waiting) / places + max(waiting) * (1 - 1 / places)
    assert done(waiting, places) <= most + 1e-6


@given(SECONDS, st.lists(st.floats(0, 60), max_size=3))
def test_somebody_is_always_next(waiting: list[float], busy: list[float]) -> None:
    assert 0 <= turn(waiting, busy) < len(waiting)
