"""Whose turn it is when a place for a guest is free, so that all places are done at once. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

_MOST = 32  # that are shared out among the places; of more the longest is next


def turn(waiting: Sequence[float], busy: Sequence[float]) -> int:
    """Which of those that wait is next, by its place among them.

    ``waiting``: seconds that each will take, infinite where nobody knows, which comes first.
    ``busy``: seconds that each of the other places still takes. Always to take the longest would
    leave a place to one alone where the last are much alike and odd in number.
    """
    longest = max(range(len(waiting)), key=lambda one: waiting[one])
    if len(waiting) > _MOST or math.isinf(waiting[longest]):
        return longest
    own = _shared_out(waiting, busy)[0]
    return max(own, key=lambda one: waiting[one], default=longest)


def _shared_out(waiting: Sequence[float], busy: Sequence[float]) -> list[list[int]]:
    """Who goes to which place, the first being the one that is free now."""
    shares: list[list[int]] = [[] for _ in (0, *busy)]
    loads = [0.0, *busy]
    for one in sorted(range(len(waiting)), key=lambda one: -waiting[one]):
        least = loads.index(min(loads))
        shares[least].append(one)
        loads[least] += waiting[one]
    while better := min(_exchanges(waiting, shares, loads), default=None):
        _, fullest, other, one, instead = better
        less = waiting[one] - sum(waiting[two] for two in instead)
        shares[fullest] = [mine for mine in shares[fullest] if mine != one] + instead
        shares[other] = [theirs for theirs in shares[other] if theirs not in instead] + [one]
        loads[fullest] -= less
        loads[other] += less
    return shares


def _exchanges(
    waiting: Sequence[float], shares: Sequence[Sequence[int]], loads: Sequence[float]
) -> Iterator[tuple[float, int, int, int, list[int]]]:
    """What the fullest place could give to another, for nothing or for a shorter one, so that
    the longer of the two is done earlier: when that is, from whom to whom, what, and for what."""
    fullest = loads.index(max(loads))
    for other in set(range(len(loads))) - {fullest}:
        for one in shares[fullest]:
            for instead in ([], *([two] for two in shares[other])):
                less = waiting[one] - sum(waiting[two] for two in instead)
                then = max(loads[fullest] - less, loads[other] + less)
                if then < loads[fullest] - 1e-6:
                    yield then, fullest, other, one, instead
