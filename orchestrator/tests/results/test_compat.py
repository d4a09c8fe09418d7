"""Releases seen become since, changed, removed and backports; nothing is guessed between them."""

from __future__ import annotations

from orchestrator.model import Attempt, Release, Result, Rule, Run, Verdict
from orchestrator.results.compat import Compat, Support, compat
from orchestrator.results.index.queries import Newest
from orchestrator.results.judge import Outcome

V = Verdict
ABSENT = Rule(("odd.one",), V.ABSENT, "since 6.13", until=Release(6, 13))


def word(release: str, verdict: Verdict, *attempts: Verdict, config: str = "KSM") -> Newest:
    tried = tuple(Attempt(number, one) for number, one in enumerate(attempts, 1))
    run = Run("k/arm64", "k", "arm64", Release.parse(release), config={config: "y"})
    return Newest(
        frozenset({"odd.one"}), f"run-{release}", run, Outcome(Result("", verdict), 1, tried)
    )


def of(*words: Newest, rules: tuple[Rule, ...] = ()) -> Compat:
    (found,) = compat(words, rules)
    return found


def test_since_is_between_two_releases_that_were_seen() -> None:
    found = of(word("7.3", V.PASS), word("6.1", V.ABSENT), word("7.2", V.PASS))
    ((before, after),) = found.changes
    assert (str(before.release), str(after.release)) == ("6.1", "7.2")
    assert (before.run, after.run) == ("run-6.1", "run-7.2")
    assert found.since is found.spans[1]
    assert found.removed is None


def test_a_candidate_comes_before_its_release() -> None:
    found = of(word("7.3", V.PASS), word("7.3-rc7", V.ABSENT))
    assert [str(span.first.release) for span in found.spans] == ["7.3-rc7", "7.3"]


def test_what_was_kept_and_is_absent_is_removed() -> None:
    found = of(word("5.10", V.PASS), word("6.1", V.FAIL), word("7.2", V.ABSENT))
    assert [span.support for span in found.spans] == [
        Support.KEPT, Support.BROKEN, Support.ABSENT,
    ]  # fmt: skip
    assert found.removed is not None
    assert str(found.removed.first.release) == "7.2"
    assert of(word("7.2", V.ABSENT)).removed is None


def test_what_nobody_could_tell_ends_no_span() -> None:
    found = of(word("5.10", V.PASS), word("6.1", V.SKIP), word("7.2", V.PASS))
    assert len(found.spans) == 1
    assert of(word("5.10", V.SKIP)).spans == ()


def test_guests_that_disagree_prove_nothing() -> None:
    assert of(word("6.1", V.PASS, V.PASS, V.FAIL)).spans[0].support is Support.UNSTABLE


def test_a_backport_is_named_with_its_mainline_release() -> None:
    found = of(word("5.10.262", V.PASS), word("6.1", V.ABSENT), rules=(ABSENT,))
    (backport,) = found.backports
    assert (str(backport.proof.release), str(backport.mainline)) == ("5.10.262", "6.13")
    assert not backport.listed
    assert found.since is found.spans[0]


def test_a_rule_may_list_it() -> None:
    listing = Rule(
        ABSENT.claims, V.ABSENT, "x", until=Release(6, 13), backports=(Release(5, 10, 200),)
    )
    (backport,) = of(word("5.10.262", V.PASS), rules=(listing,)).backports
    assert backport.listed


def test_what_another_rule_grants_is_no_backport() -> None:
    granted = Rule(("odd.one",), V.PASS, "arm64 had it", arches=("arm64",))
    assert of(word("6.1", V.PASS), rules=(ABSENT, granted)).backports == ()
    elsewhere = Rule(ABSENT.claims, V.ABSENT, "x", until=Release(6, 13), config=(("KSM", False),))
    assert of(word("6.1", V.PASS), rules=(elsewhere,)).backports == ()
    assert of(word("6.1", V.PASS, config="NUMA"), rules=(elsewhere,)).backports != ()


def test_from_its_mainline_release_on_it_is_none() -> None:
    assert of(word("6.13", V.PASS), rules=(ABSENT,)).backports == ()
