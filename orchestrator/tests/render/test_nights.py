from orchestrator.model import Verdict
from orchestrator.render import nights
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

FAIL = (Verdict.FAIL, "odd.c:1")


def odd(**seen: tuple[Verdict, str]) -> Matrix:
    made = matrices.suite("odd", "first", "second")
    return matrices.judged((made,), (matrices.run("6.12", "x86_64", (made,), **seen),))


def test_a_night_knows_how_each_cell_looked_and_whether_it_was_a_surprise() -> None:
    (first, second) = odd().cells()
    night = nights.night(odd(odd__first=FAIL))
    assert (night.word(first), night.word(second)) == ("fail!", "pass")


def test_what_was_not_planned_that_night_has_no_word() -> None:
    other = next(matrices.flaky().cells())
    assert nights.night(odd()).word(other) == ""


def test_the_nights_are_told_with_their_kernels() -> None:
    (told,) = nights.data([nights.night(odd())])
    assert told == {
        "run": "20261121T013000Z",
        "started": "2026-11-21T01:30:00Z",
        "releases": {"6.12/x86_64": "6.12.117"},
    }


def test_a_past_goes_through_the_nights_in_their_order() -> None:
    cell = next(odd().cells())
    three = [nights.night(odd()), nights.night(odd(odd__first=FAIL)), nights.night(odd())]
    assert nights.past(cell, three) == ("pass", "fail!", "pass")
