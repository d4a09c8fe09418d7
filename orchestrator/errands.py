"""What is still to be asked of a target's guests: after each boot, and after each run. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from orchestrator.guests.errand import Errand
from orchestrator.model import Boot, Claim, Ending, Rule, Run, Suite
from orchestrator.results import ktap
from orchestrator.results.judge import judge, outcomes

_MOST = 40  # characters of a version or a digest: enough to tell two apart


def errands_for(
    all_suites: Sequence[Suite],
    chosen: Collection[str],
    broken: str = "",
    planned: Collection[str] = (),
) -> list[Errand]:
    """One errand per suite that has a chosen claim.

    A suite needs no patterns when it is chosen whole, or when all of it was ``planned`` and its
    end is left. (A claim that is asked for by its name may do what it does not do otherwise.)
    """
    errands = []
    for suite in all_suites:
        claims = [claim.name for claim in suite.claims]
        names = [claim for claim in claims if claim in chosen]
        if not names:
            continue
        first = claims.index(names[0])
        if names == claims[first:] and (first == 0 or set(claims) <= set(planned)):
            errands.append(Errand(suite.name, start=first + 1, broken=broken))
        else:
            errands.append(Errand(suite.name, only=tuple(names), broken=broken))
    return errands


def onward(
    errands: Sequence[Errand], boot: Boot, all_suites: Sequence[Suite], chosen: Collection[str]
) -> list[Errand]:
    """What is left to do after a boot: behind the claim in which each suite ended.

    An errand of which nothing was tried stays what it was.
    """
    by_name = {suite.name: suite for suite in all_suites}
    left: list[Errand] = []
    for errand in errands:
        report = ktap.parse(boot.ktap.get(errand.suite, ""))
        tried = {result.claim for result in report.results}
        if boot.ending is not Ending.INFRA:  # what the host broke may be tried again
            tried |= {report.in_flight or ""}
        numbers = [
            number
            for number, claim in enumerate(by_name[errand.suite].claims, 1)
            if number >= errand.start and claim.name in chosen and claim.name not in tried
        ]
        if numbers:
            begun = not tried.isdisjoint(chosen)
            left.append(replace(errand, start=numbers[0]) if begun else errand)
    return left


def unanswered(run: Run, claims: Sequence[Claim]) -> frozenset[str]:
    """The claims without a verdict so far: never reached, or spoilt by the host."""
    return frozenset(claim.name for claim in claims) - outcomes(run).keys()


def repeats(
    run: Run, claims: Sequence[Claim], rules: Sequence[Rule], retries: int, times: int = 1
) -> frozenset[str]:
    """The claims that were not yet tried ``times`` times, and those that surprise and were not
    yet tried again ``retries`` times.

    What an earlier run measured it has tried as often as it was to be.
    """
    own = (cell for cell in judge(run, claims, rules) if cell.attempts and not cell.origin)
    return frozenset(
        cell.claim
        for cell in own
        if len(cell.attempts) < (max(times, 1 + retries) if cell.surprise else times)
    )


def differences(then: Run, now: Run, but: Collection[str] = ()) -> list[str]:
    """What a target would be run with that it was not run with before, each in words.

    ``but`` are hashes that may differ.
    """
    pairs = [("kernel", then.version, now.version), ("QEMU", then.qemu, now.qemu)]
    if then.version == now.version:  # another kernel has other files: one line says it
        names = sorted({*then.hashes, *now.hashes}.difference(but))
        pairs += [(n, then.hashes.get(n, "none"), now.hashes.get(n, "none")) for n in names]
    return [
        f"{name} was {before[:_MOST]}, and is {after[:_MOST]}"
        for name, before, after in pairs
        if before != after
    ]
