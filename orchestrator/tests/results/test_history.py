"""A claim through time: spans, and what ends them."""

from __future__ import annotations

from orchestrator.model import Attempt, Release, Result, Run, Verdict
from orchestrator.results.history import Line, history
from orchestrator.results.index.queries import Word
from orchestrator.results.judge import Outcome
from orchestrator.tests.matrices import suite

(CLAIM,) = suite("odd", "one").claims
V = Verdict


def line(*verdicts: Verdict) -> Line:
    """A target, one run for each verdict."""
    words = (
        (
            f"night{number}",
            Word(
                Run("6.1/arm64", "6.1", "arm64", Release(6, 1, number)),
                None if verdict is V.MISSING else Outcome(Result(CLAIM.name, verdict), 1, ()),
            ),
        )
        for number, verdict in enumerate(verdicts)
    )
    (found,) = history(CLAIM, words, ()).lines
    return found


def test_runs_that_agree_are_a_span() -> None:
    found = line(V.PASS, V.PASS, V.FAIL, V.PASS)
    assert [[entry.run for entry in span.entries] for span in found.spans] == [
        ["night0", "night1"],
        ["night2"],
        ["night3"],
    ]
    assert found.first_seen is not None
    assert found.last_changed is not None
    assert (found.first_seen.run, found.last_changed.run) == ("night0", "night3")


def test_a_night_of_trouble_changes_nothing() -> None:
    found = line(V.MISSING, V.PASS, V.MISSING, V.PASS)
    assert len(found.entries) == 4
    assert len(found.spans) == 1
    assert found.last_changed is None
    assert found.first_seen is not None
    assert found.first_seen.run == "night1"


def test_what_was_never_reached_was_never_seen() -> None:
    found = line(V.MISSING)
    assert (found.first_seen, found.last_changed, found.spans) == (None, None, ())


def test_flaky_is_another_thing_than_its_first_verdict() -> None:
    tried = (Attempt(1, V.PASS), Attempt(2, V.FAIL))
    flaky = Word(
        Run("6.1/arm64", "6.1", "arm64", Release(6, 1)),
        Outcome(Result(CLAIM.name, V.PASS), 1, tried),
    )
    calm = Word(flaky.column, Outcome(Result(CLAIM.name, V.PASS), 1, tried[:1]))
    (found,) = history(CLAIM, (("night0", calm), ("night1", flaky)), ()).lines
    assert len(found.spans) == 2


def test_what_a_run_took_over_is_not_tried_again() -> None:
    def word(run: str, origin: str) -> tuple[str, Word]:
        seen = Outcome(Result(CLAIM.name, V.PASS), 1, (), origin)
        return run, Word(Run("6.1/arm64", "6.1", "arm64", Release(6, 1)), seen)

    words = [word("night1", ""), word("night2", "night1"), word("night3", ""), word("night4", "0")]
    (found,) = history(CLAIM, words, ()).lines
    (span,) = found.spans
    assert (len(span.entries), span.measured) == (4, 3)


def test_targets_are_in_the_order_of_their_releases_arch_by_arch() -> None:
    def word(kernel: str, arch: str, release: Release | None) -> tuple[str, Word]:
        return "night1", Word(Run(f"{kernel}/{arch}", kernel, arch, release), None)

    words = [
        word("sid", "parisc", Release(7, 3, 1)),
        word("gone", "arm64", None),
        word("6.12", "parisc", Release(6, 12, 94)),
        word("6.12", "arm64", Release(6, 12, 94)),
        word("5.10", "parisc", Release(5, 10, 262)),
    ]
    found = [one.target for one in history(CLAIM, words, ()).lines]
    assert found == ["5.10/parisc", "6.12/parisc", "sid/parisc", "6.12/arm64", "gone/arm64"]
