"""How often a claim comes out wrong by chance, and how sure its tries make one. Pure.

Where the answer is OLD some tries may say NEW all the same, and the other way round. Both rates
are measured: at the two ends first, later over everything that was seen.
"""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

# A claim that was never seen to waver may still do so: this much of a try is added to either
# side. After one try a wrong one is taken to be 1 in 22, after ten 1 in 200.
_UNSEEN = 0.05
MOST_TRIES = 200  # of one kernel; who needs more looks at two ends that hardly differ


class Side(enum.Enum):
    """The answer of a kernel: as at the beginning of its history, or as at the end."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class Tally:
    """What the tries of one kernel said."""

    old: int = 0
    new: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.old + other.old, self.new + other.new)

    @property
    def total(self) -> int:
        return self.old + self.new

    @property
    def share(self) -> float:
        """How often a try says NEW; never quite 0 or 1."""
        return (self.new + _UNSEEN) / (self.total + 2 * _UNSEEN)

    @property
    def wavers(self) -> bool:
        """Whether its tries disagree."""
        return bool(self.old and self.new)


@dataclass(frozen=True)
class Rates:
    """How often a try says NEW, where the answer is OLD and where it is NEW."""

    old: float
    new: float

    def new_is_likely(self, tally: Tally) -> float:
        """The probability that the answer is NEW, when both were as likely before."""
        for_new = tally.new * math.log(self.new) + tally.old * math.log1p(-self.new)
        for_old = tally.new * math.log(self.old) + tally.old * math.log1p(-self.old)
        return 1 / (1 + math.exp(min(for_old - for_new, 700.0)))

    def side(self, tally: Tally) -> Side:
        """The likelier answer."""
        return Side.NEW if self.new_is_likely(tally) >= 0.5 else Side.OLD

    def certainty(self, tally: Tally) -> float:
        """The probability that ``side`` is right: 0.5 to 1."""
        likely = self.new_is_likely(tally)
        return max(likely, 1 - likely)

    @functools.cache  # noqa: B019 - of a handful of values
    def tries(self, doubt: float) -> int | None:
        """How many tell the two apart with at most this probability of a mistake.

        None: more than MOST_TRIES.
        """
        return next((n for n in range(1, MOST_TRIES + 1) if self._mistake(n) <= doubt), None)

    def _mistake(self, tries: int) -> float:
        """The worse of the two mistakes, where the border between them is best."""
        below_old, below_new = _below(tries, self.old), _below(tries, self.new)
        return min(max(1 - old, new) for old, new in zip(below_old, below_new, strict=True))


def worst(old: Iterable[Tally], new: Iterable[Tally]) -> Rates:
    """The rates in kernels whose answers are known: in the one that wavers most, on each side."""
    return Rates(
        max((tally.share for tally in old), default=Tally(1, 0).share),
        min((tally.share for tally in new), default=Tally(0, 1).share),
    )


def _below(tries: int, rate: float) -> list[float]:
    """The probabilities that less than 0, 1, …, ``tries`` of so many tries say NEW."""
    chance = (1 - rate) ** tries  # of none; then of one more each time
    below = [0.0]
    for hits in range(tries):
        below.append(below[-1] + chance)
        chance *= (tries - hits) / (hits + 1) * rate / (1 - rate)
    return below
