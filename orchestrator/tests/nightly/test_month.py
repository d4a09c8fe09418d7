"""A month of nights: what was to be read each morning, and whether that was true."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from orchestrator.nightly.night import Outcome
from orchestrator.render.mornings import is_quiet
from orchestrator.render.mornings.data import data
from orchestrator.render.mornings.markdown import markdown
from orchestrator.render.schemas import schema
from orchestrator.results.diff import Kind
from orchestrator.tests.nightly.month import GOLDEN, NIGHTS, Month, golden

X86, PARISC = "6.12/x86_64", "6.12/parisc"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Outcome]:
    """Its nights, by their number."""
    outcomes = Month(tmp_path_factory.mktemp("month")).outcomes()
    return dict(zip(NIGHTS, outcomes, strict=True))


def test_every_morning_has_the_summary_that_is_expected(month: dict[int, Outcome]) -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {golden(o).name for o in month.values()}
    for outcome in month.values():
        assert markdown(outcome) == golden(outcome).read_text()


def test_every_summary_says_that_it_is_simulated(month: dict[int, Outcome]) -> None:
    for outcome in month.values():
        assert "Simulated" in markdown(outcome).splitlines()[0]
        assert data(outcome)["simulated"]


def test_every_summary_is_of_the_published_form(month: dict[int, Outcome]) -> None:
    form = Draft202012Validator(schema("night"))
    for outcome in month.values():
        form.validate(data(outcome))


def test_a_night_without_news_is_one_line(month: dict[int, Outcome]) -> None:
    quiet = [number for number, outcome in month.items() if is_quiet(outcome)]
    news = {1, 5, 9, 12, 15, 16, 19, 22, 23, 25, 26, 27}
    assert quiet == [number for number in NIGHTS if number not in news]
    for number in quiet:
        assert len(markdown(month[number]).splitlines()) == 1


def regressed(outcome: Outcome) -> set[tuple[str, str]]:
    assert outcome.changes
    return {(change.claim, change.new.target) for change in outcome.changes.regressions}


def test_the_regression_of_night_12_is_told_once_with_its_culprit(
    month: dict[int, Outcome],
) -> None:
    bad = "dontfork.partial"
    assert regressed(month[12]) == {(bad, X86), (bad, PARISC)}
    assert [(c.target, c.found) for c in month[12].culprits] == [(X86, True), (PARISC, True)]
    assert all("6.12.119 is the first release" in culprit.said for culprit in month[12].culprits)
    assert not regressed(month[13])


def test_it_is_fixed_in_night_19(month: dict[int, Outcome]) -> None:
    changes = month[19].changes
    assert changes
    assert {change.new.target for change in changes.of(Kind.FIXED)} == {X86, PARISC}


def test_what_regressed_in_a_night_of_trouble_is_told_when_it_is_seen(
    month: dict[int, Outcome],
) -> None:
    assert month[22].infra
    assert not regressed(month[22])
    assert regressed(month[23]) == {("dontfork.partial", PARISC)}
    (culprit,) = month[23].culprits
    assert "6.12.123 is the first release" in culprit.said


def test_an_archive_that_is_away_takes_no_column_away(month: dict[int, Outcome]) -> None:
    assert month[22].night.targets == month[21].night.targets


def test_a_kernel_appears_and_is_held_against_the_one_before_it(month: dict[int, Outcome]) -> None:
    changes = month[5].changes
    assert changes
    assert changes.new_targets == ("sid-7.3.4-1/x86_64",)
    assert ("sid-7.2.12-1/x86_64", "sid-7.3.4-1/x86_64") in {
        (pair.old.target, pair.new.target) for pair in changes.pairs
    }


def test_a_kernel_disappears_in_one_night(month: dict[int, Outcome]) -> None:
    gone = {n: o.changes.gone_targets for n, o in month.items() if o.changes}
    assert {number: names for number, names in gone.items() if names} == {
        9: ("sid-7.2.12-1/x86_64",)
    }


def test_what_guests_disagree_about_is_asked_again_the_next_night(
    month: dict[int, Outcome],
) -> None:
    assert [one.target for one in month[16].measured if one.tonight] == [PARISC]


def test_our_own_bug_is_not_searched_for_in_kernels(month: dict[int, Outcome]) -> None:
    assert regressed(month[26]) == {("args.len0", PARISC)}
    assert not month[26].culprits
    assert "the kernel is the same" in month[26].unbisected[0].why


def test_everything_is_run_once_a_week(month: dict[int, Outcome]) -> None:
    assert [number for number, outcome in month.items() if outcome.night.full] == [1, 8, 15, 22, 29]


def test_nothing_looks_measured_that_was_not(month: dict[int, Outcome]) -> None:
    """By what the guests of each night have left, and nothing else."""
    for outcome in month.values():
        place = outcome.night.id
        for run, one in zip(outcome.matrix.columns, outcome.measured, strict=True):
            own = [boot for boot in run.boots if not boot.origin]
            assert one.tonight is bool(own)
            assert bool(one.why) is bool(own or run.infra)
            assert set(one.earlier) == {boot.origin for boot in run.boots} - {""}
            assert place not in one.earlier


def test_the_page_for_users_shows_a_summary_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "nightly.md").read_text()
    shown = (GOLDEN / "night-12.md").read_text()
    assert shown.partition("## Where")[0].strip() in page
