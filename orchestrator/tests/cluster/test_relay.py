"""Every result is told once, few words at a time."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.cluster.ledger import Ledger
from orchestrator.cluster.relay import Relay
from orchestrator.model import Result, Run, Verdict


def test_many_results_are_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[dict[str, Any]] = []
    clock = iter(range(10_000))
    monkeypatch.setattr("time.monotonic", lambda: next(clock) / 100)
    told = Relay("t/x", "a1", "b7", words.append)
    told.phase("t/x", "booting")
    told.phase("t/x", "booting")
    for number in range(1000):
        told.result("t/x", Result(f"a.{number}", Verdict.PASS))
    told.finished(Run("t/x", "t", "x", None))
    claims = [claim for word in words for claim, _ in word["results"]]
    assert claims == [f"a.{number}" for number in range(1000)]
    assert len(words) < 30
    assert [word["phase"] for word in words[:1]] == ["booting"]


def test_a_second_attempt_repeats_no_news() -> None:
    ledger = Ledger()
    assert ledger.news("t", [("a", "pass"), ("b", "fail")]) == [("a", "pass"), ("b", "fail")]
    assert ledger.news("t", [("b", "pass"), ("c", "pass")]) == [("c", "pass")]
    assert ledger.news("u", [("a", "pass")]) == [("a", "pass")]


def test_a_target_is_given_up_after_some_attempts() -> None:
    ledger = Ledger()
    for number in range(3):
        ledger.note("t", f"a{number}", f"b{number}")
        ledger.note("t", f"a{number}", f"b{number}")  # it says more than one word
    assert not ledger.is_hopeless("t", 0)
    ledger.note("t", "a3", "b0")
    assert ledger.is_hopeless("t", 0)
    assert ledger.machines("t") == ["b0", "b1", "b2", "b0"]


def test_one_that_no_worker_has_begun_is_sent_again_but_not_for_ever() -> None:
    ledger = Ledger()
    assert not ledger.is_hopeless("t", 0)
    assert ledger.is_hopeless("t", 5)
