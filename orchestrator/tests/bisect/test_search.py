"""The right answer, or an honest set of suspects, whatever the history is like."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.bisect.drive import Watch, bisect
from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.search import Ask, Found, Refused, Terms
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.stop import Stop

ONE_TRY = Terms(tries=1)


@dataclass
class World:
    """Kernels, and what each would say: how often NEW in ten tries, or None."""

    news: Sequence[int | None]
    artefacts: Sequence[str] = ()
    dice: random.Random | None = None  # without it what is said is exact
    asked: list[str] = field(default_factory=list)  # booted, in order
    kept: list[Sighting] = field(default_factory=list)

    @property
    def history(self) -> list[str]:
        return [f"p{number}" for number in range(len(self.news))]

    def __call__(self, point: str, tries: int, known: Knowledge) -> Sighting:
        number = int(point[1:])
        artefact = self.artefacts[number] if self.artefacts else ""
        if artefact and known.has(artefact) and not known.artefact(point):
            return Sighting(point, artefact)
        self.asked.append(point)
        news = self.news[number]
        if news is None:
            return Sighting(point, artefact, trouble="it does not boot")
        return Sighting(point, artefact, self._said(news, tries), booted=True)

    def _said(self, news: int, tries: int) -> Tally:
        if self.dice:
            new = sum(self.dice.random() < news / 10 for _ in range(tries))
        else:
            new = round(tries * news / 10)
        return Tally(tries - new, new)

    def bisect(self, terms: Terms = ONE_TRY, seen: Sequence[Sighting] = ()) -> Found | Refused:
        end = bisect(self.history, seen, terms, self, Watch(self.kept.append, Stop()))
        assert end is not None
        return end


def ordered(length: int, culprit: int) -> list[int]:
    return [0] * culprit + [10] * (length - culprit)


lengths = st.integers(2, 100)
ways = st.integers(1, 5)


@st.composite
def changing_once(draw: st.DrawFn) -> tuple[int, int]:
    length = draw(lengths)
    return length, draw(st.integers(1, length - 1))


@given(changing_once())
def test_finds_the_change_in_as_few_looks_as_can_be(case: tuple[int, int]) -> None:
    length, culprit = case
    world = World(ordered(length, culprit))
    found = world.bisect()
    assert isinstance(found, Found)
    assert found.suspects == (f"p{culprit}",)
    assert (found.old, found.new) == (f"p{culprit - 1}", f"p{culprit}")
    assert len(world.asked) <= math.ceil(math.log2(length)) + 2


@given(changing_once(), ways)
def test_more_at_once_is_the_same_answer_in_fewer_rounds(case: tuple[int, int], k: int) -> None:
    length, culprit = case
    world = World(ordered(length, culprit))
    rounds: list[Ask] = []
    watch = Watch(world.kept.append, Stop(), rounds.append)
    found = bisect(world.history, (), Terms(tries=1, at_once=k), world, watch)
    assert isinstance(found, Found)
    assert found.suspects == (f"p{culprit}",)
    assert len(rounds) <= math.ceil(math.log(length, k + 1) + 1e-9) + 2


@given(changing_once(), st.data(), ways)
def test_what_cannot_be_known_is_suspected_and_nothing_else(
    case: tuple[int, int], data: st.DataObject, k: int
) -> None:
    length, culprit = case
    news: list[int | None] = [*ordered(length, culprit)]
    for place in data.draw(st.sets(st.integers(1, max(1, length - 2)))):
        if 0 < place < length - 1:
            news[place] = None
    world = World(news)
    found = world.bisect(Terms(tries=1, at_once=k))
    assert isinstance(found, Found)
    low = max(n for n in range(culprit) if news[n] is not None)
    high = min(n for n in range(culprit, length) if news[n] is not None)
    assert found.suspects == tuple(f"p{n}" for n in range(low + 1, high + 1))


@given(st.lists(st.sampled_from([0, 10, None]), min_size=1, max_size=80), ways)
def test_of_several_changes_it_finds_one(middle: list[int | None], k: int) -> None:
    world = World([0, *middle, 10])
    found = world.bisect(Terms(tries=1, at_once=k))
    assert isinstance(found, Found)
    low, high = int(found.old[1:]), int(found.new[1:])
    assert (world.news[low], world.news[high]) == (0, 10)
    assert set(world.news[low + 1 : high]) <= {None}


@given(changing_once(), st.data())
def test_equal_artefacts_are_asked_once_and_never_blamed(
    case: tuple[int, int], data: st.DataObject
) -> None:
    length, culprit = case
    steps = data.draw(st.sets(st.integers(1, length - 1))) | {culprit}
    artefacts = [str(sum(step <= n for step in steps)) for n in range(length)]
    unbootable = data.draw(st.sets(st.sampled_from(artefacts))) - {
        artefacts[0],
        artefacts[-1],
        artefacts[culprit],
        artefacts[culprit - 1],
    }
    plain = ordered(length, culprit)
    news = [None if artefacts[n] in unbootable else plain[n] for n in range(length)]
    world = World(news, artefacts)
    found = world.bisect()
    assert isinstance(found, Found)
    assert found.suspects == (f"p{culprit}",)
    booted = [artefacts[int(point[1:])] for point in world.asked]
    assert len(booted) == len(set(booted))


def test_an_artefact_that_did_not_change_is_no_suspect_among_unknown_ones() -> None:
    world = World([0, None, None, None, 10], ["a", "b", "b", "c", "d"])
    found = world.bisect()
    assert isinstance(found, Found)
    assert found.suspects == ("p1", "p3", "p4")


@given(changing_once(), st.data())
def test_a_claim_that_wavers_less_than_half_the_time_misleads_nobody(
    case: tuple[int, int], data: st.DataObject
) -> None:
    length, culprit = case
    old, new = data.draw(st.integers(0, 3)), data.draw(st.integers(7, 10))
    found = World([old] * culprit + [new] * (length - culprit)).bisect(Terms())
    assert isinstance(found, Found)
    assert found.suspects == (f"p{culprit}",)


@pytest.mark.parametrize(("old", "new"), [(0, 2), (2, 10), (0, 10), (3, 8)])
def test_mistakes_are_as_rare_as_the_confidence_says(old: int, new: int) -> None:
    dice = random.Random(f"{old} {new}")
    doubts, wrong, done = 0.0, 0, 0
    for _ in range(150):
        length = dice.randint(2, 40)
        culprit = dice.randint(1, length - 1)
        world = World([old] * culprit + [new] * (length - culprit), dice=dice)
        found = world.bisect(Terms(tries=20))
        if isinstance(found, Found):
            done += 1
            doubts += 1 - found.confidence
            wrong += found.suspects != (f"p{culprit}",)
    assert done > 130
    assert wrong <= 3 * doubts + 2


def test_a_stretch_that_wavers_one_time_in_five_is_not_the_change() -> None:
    dice = random.Random(5)
    wrong = 0
    for _ in range(120):
        world = World([0] * 8 + [2] * 8 + [10] * 8, dice=dice)
        found = world.bisect(Terms())
        assert isinstance(found, Found)
        wrong += found.suspects != ("p16",)
    assert wrong <= 3


@given(changing_once(), st.data())
def test_one_that_was_interrupted_goes_on(case: tuple[int, int], data: st.DataObject) -> None:
    length, culprit = case
    whole = World(ordered(length, culprit))
    found = whole.bisect()
    cut = data.draw(st.integers(0, len(whole.kept)))
    rest = World(whole.news)
    assert rest.bisect(seen=whole.kept[:cut]) == found
    assert rest.asked == whole.asked[cut:]


@given(st.integers(0, 20), st.integers(1, 20), st.integers(1, 20), ways)
def test_ends_that_nobody_named_may_have_no_answer(
    before: int, olds: int, news: int, k: int
) -> None:
    world = World([*[None] * before, *[0] * olds, *[10] * news, *[None] * before])
    found = world.bisect(Terms(tries=1, at_once=k))
    assert isinstance(found, Found)
    assert found.suspects == (f"p{before + olds}",)


def test_ends_that_were_named_must_have_one() -> None:
    world = World([None, 0, 10])
    assert world.bisect(replace(ONE_TRY, given=True)) == Refused(
        "p0 has no answer: it does not boot"
    )


@pytest.mark.parametrize(
    ("news", "why"),
    [
        ([10, 10], "p0 is new already: 10 of 10 tries"),
        ([0, 0, 0], "p2 is still old: 10 of 10 tries"),
        ([10, 0], "p0 is new already: 10 of 10 tries"),
        ([None, None, None], "no point is old and new"),
        ([None, 10, 10], "no point is old"),
        ([4, 4], "p1 is still old: 6 of 10 tries"),
    ],
)
def test_where_there_is_nothing_to_find_it_says_so(news: list[int | None], why: str) -> None:
    assert World(news).bisect(Terms()) == Refused(why)


def test_a_lost_stretch_is_left_with_long_steps() -> None:
    news: list[int | None] = [0] * 10 + [None] * 60 + [10] * 30
    world = World(news)
    found = world.bisect()
    assert isinstance(found, Found)
    assert len(found.suspects) == 61
    early = world.asked[2:12]
    assert len({int(point[1:]) // 10 for point in early}) >= 5
