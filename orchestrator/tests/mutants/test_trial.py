"""What became of a mutant, from the evidence about it and about the kernel without it."""

from __future__ import annotations

from pathlib import Path

from orchestrator.model import Boot, Ending, Release, Run, Verdict
from orchestrator.mutants.patches import Mutant
from orchestrator.mutants.trial import Change, Fate, Trial, trial

CLAIMS = ("wipeonfork.thp", "wipeonfork.values", "args.hole", "args.wrap")


def mutant(noticed_by: tuple[str, ...] = ("wipeonfork.thp",)) -> Mutant:
    return Mutant(
        "no-wipe", "It wipes nothing.", "7.3", ("x86_64",), noticed_by, ("wipeonfork.*",), Path("p")
    )


def run(kernel: str, failing: tuple[str, ...] = (), answered: tuple[str, ...] = CLAIMS) -> Run:
    lines = [f"KTAP version 1\n1..{len(CLAIMS)}\n"]
    lines += [
        f"{'not ok' if claim in failing else 'ok'} {number} {claim}\n"
        for number, claim in enumerate(answered, 1)
    ]
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"all": "".join(lines)})
    return Run(f"{kernel}/x86_64", kernel, "x86_64", release=Release(7, 3), boots=(boot,))


def tried(failing: tuple[str, ...], by: Mutant | None = None) -> Trial:
    return trial(by or mutant(), run("7.3+no-wipe", failing), run("7.3"), CLAIMS)


def test_noticed_by_the_claim_that_it_names() -> None:
    seen = tried(("wipeonfork.thp", "wipeonfork.values"))
    assert seen.fate is Fate.KILLED
    assert Change("wipeonfork.thp", Verdict.PASS, Verdict.FAIL) in seen.noticed
    assert seen.strangers == ()


def test_a_claim_that_has_nothing_to_do_with_it_is_a_stranger() -> None:
    seen = tried(("wipeonfork.thp", "args.wrap"))
    assert seen.fate is Fate.STRAYED
    assert [change.claim for change in seen.strangers] == ["args.wrap"]


def test_noticed_but_not_by_the_claim_that_it_names() -> None:
    seen = tried(("wipeonfork.values",))
    assert seen.fate is Fate.MISSED
    assert seen.silent == ("wipeonfork.thp",)


def test_noticed_by_nobody() -> None:
    assert tried(()).fate is Fate.SURVIVED


def test_without_a_name_any_claim_will_do() -> None:
    seen = tried(("args.wrap",), by=mutant(noticed_by=()))
    assert (seen.fate, seen.strangers) == (Fate.KILLED, ())


def test_what_was_failing_before_is_no_news() -> None:
    before = run("7.3", failing=("args.wrap",))
    seen = trial(mutant(), run("7.3+no-wipe", ("args.wrap", "wipeonfork.thp")), before, CLAIMS)
    assert [change.claim for change in seen.noticed] == ["wipeonfork.thp"]


def test_a_claim_that_was_never_reached_says_nothing() -> None:
    after = run("7.3+no-wipe", ("wipeonfork.thp",), answered=CLAIMS[:2])
    assert len(trial(mutant(), after, run("7.3"), CLAIMS).noticed) == 1


def test_what_could_not_be_built_or_has_no_evidence_was_not_tried() -> None:
    broken = Run("7.3+no-wipe/x86_64", "7.3+no-wipe", "x86_64", release=None, infra="no patch")
    assert trial(mutant(), broken, run("7.3"), CLAIMS).why == "no patch"
    assert trial(mutant(), None, run("7.3"), CLAIMS).fate is Fate.UNTRIED
    assert trial(mutant(), run("7.3+no-wipe"), None, CLAIMS).fate is Fate.UNTRIED
