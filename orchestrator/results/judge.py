"""What was seen, against what was wanted.

Seen and wanted stay apart to the end: a cell carries both, and the reason for the second.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from orchestrator.model import (
    Attempt,
    Boot,
    Cell,
    Claim,
    Ending,
    Release,
    Result,
    Rule,
    Run,
    Splat,
    Verdict,
    is_name,
)
from orchestrator.results import ktap, splats
from orchestrator.results.ktap import Report, parse

USERSPACE = "boot.userspace"  # the claim that speaks for a kernel which never became ready

# guest-tests/support/door.c, need_in_headers()
_LACKING = re.compile(r"needs advice (\d+) in the headers that this was built with$")

_PASSES = Rule(claims=("*",), want=Verdict.PASS, why="")

# What a guest's end says about the claim that was being tried. INFRA says nothing.
_IN_FLIGHT = {
    Ending.PANIC: Verdict.PANIC,
    Ending.SILENT: Verdict.TIMEOUT,
    # The guest lives, but the suite's own runner went away without a word: our bug.
    Ending.DONE: Verdict.ERROR,
    Ending.FAILED: Verdict.ERROR,
}
_NEVER_READY = {
    Ending.PANIC: Verdict.PANIC,
    Ending.SILENT: Verdict.TIMEOUT,
    Ending.DONE: Verdict.FAIL,
    Ending.FAILED: Verdict.FAIL,
}


@dataclass(frozen=True)
class Outcome:
    """The verdict on one claim, the boot in which it fell, and what every boot said."""

    result: Result
    boot: int
    attempts: tuple[Attempt, ...]
    origin: str = ""  # the earlier run that the boot is of


def outcomes(run: Run) -> dict[str, Outcome]:
    """The first verdict on every claim that got one, over all boots of the target.

    Later boots only add attempts: those that repeat a claim, and every one that became ready
    or did not.
    """
    found: dict[str, Outcome] = {}
    for boot in run.boots:
        for claim, result in _results(boot).items():
            attempt = Attempt(boot.number, result.verdict, result.note)
            if claim in found:
                before = found[claim]
                found[claim] = replace(before, attempts=(*before.attempts, attempt))
            else:
                found[claim] = Outcome(result, boot.number, (attempt,), boot.origin)
    return found


def tries(boot: Boot, claim: str) -> tuple[Verdict, ...]:
    """Every verdict of a boot on a claim whose suite may have been run several times in it."""
    *whole, last = ktap.streams(boot.ktap.get(claim.partition(".")[0], "")) or [""]
    said = [result for text in whole for result in parse(text).results]
    said += _said(parse(last), boot)
    return tuple(result.verdict for result in said if result.claim == claim)


def _results(boot: Boot) -> dict[str, Result]:
    """The first verdict on each claim that this boot may speak about."""
    found: dict[str, Result] = {}
    if boot.ready is None and boot.ending in _NEVER_READY:
        found[USERSPACE] = Result(
            USERSPACE, _NEVER_READY[boot.ending], boot.why, splats=_last_words(boot)
        )
    repeated = frozenset(boot.retry_of)
    for text in boot.ktap.values():
        for result in _said(parse(text), boot):
            if not repeated or result.claim in repeated:
                found.setdefault(result.claim, result)
    return found


def _said(report: Report, boot: Boot) -> Iterable[Result]:
    yield from report.results
    if report.in_flight and boot.ending in _IN_FLIGHT:
        yield _fallen(report, boot, report.in_flight)


def _fallen(report: Report, boot: Boot, claim: str) -> Result:
    why = boot.why or f"the suite ended after {len(report.results)} results, in this claim"
    return Result(claim, _IN_FLIGHT[boot.ending], why, splats=_last_words(boot))


def _last_words(boot: Boot) -> tuple[Splat, ...]:
    """What the console says of the end, by today's table. A reset without a word is told too."""
    said = splats.find(boot.splat)
    if boot.ending is Ending.PANIC:
        said = tuple(splat for splat in said if splat.deadly)
        return said or (Splat("reset", boot.why, "reset", boot.splat, deadly=True),)
    return said


def wanted(run: Run, rules: Sequence[Rule]) -> Rule:
    """Of the rules about a claim the one that counts on a target: the last that fits it."""
    return next(fitting(reversed(rules), run), _PASSES)


def fitting(rules: Iterable[Rule], run: Run) -> Iterator[Rule]:
    """Those of some rules that speak about their claims on a target, in their order."""
    if run.release is None:
        return
    headers = Release.parse(run.headers) if run.headers else None
    for rule in rules:
        if rule.covers(run.arch, run.release, run.config, headers, kernel=run.kernel):
            yield rule


def judge(run: Run, claims: Sequence[Claim], rules: Sequence[Rule]) -> tuple[Cell, ...]:
    """One cell for each claim, in their order, whatever the run lacks."""
    return cells(run, outcomes(run), claims, about(claims, rules))


def about(claims: Sequence[Claim], rules: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
    """For each claim the rules that speak of it on some kernel, in their order.

    Most rules speak of few claims; who judges many columns sorts that out once.
    """
    found: dict[str, list[Rule]] = {claim.name: [] for claim in claims}
    suites: dict[str, list[str]] = {}
    for claim in claims:
        suites.setdefault(claim.suite, []).append(claim.name)
    for rule in rules:
        for name in {name for pattern in rule.claims for name in _named(suites, pattern)}:
            found[name].append(rule)
    return {name: tuple(own) for name, own in found.items()}


def _named(suites: Mapping[str, Sequence[str]], pattern: str) -> Iterable[str]:
    """The claims that a pattern is of, out of those of all suites. Nearly all name their suite."""
    suite = pattern.partition(".")[0]
    names = suites.get(suite, ()) if is_name(suite) else [n for own in suites.values() for n in own]
    if is_name(pattern):
        return (pattern,) if pattern in names else ()
    if pattern.endswith("*") and is_name(stem := pattern[:-1]):  # as nearly all are
        return (name for name in names if name.startswith(stem))
    return fnmatch.filter(names, pattern) if names else ()  # to read a pattern takes time


def cells(
    run: Run,
    seen: Mapping[str, Outcome],
    claims: Sequence[Claim],
    rules: Mapping[str, Sequence[Rule]],
) -> tuple[Cell, ...]:
    """One cell for each claim out of what was ``seen`` of the run, by the rules ``about`` it."""
    return tuple(_cell(c, run, seen.get(c.name), rules[c.name]) for c in claims)


def _cell(claim: Claim, run: Run, outcome: Outcome | None, rules: Sequence[Rule]) -> Cell:
    result = outcome.result if outcome else Result(claim.name, Verdict.MISSING, _unreached(run))
    rule = _of_headers(result, run) or wanted(run, rules)
    missing = result.verdict is Verdict.MISSING
    return Cell(
        claim=claim.name,
        target=run.target,
        got=result.verdict,
        want=rule.want,
        why=rule.why,
        note=result.note,
        place=rule.place,
        bug=rule.bug,
        infra=missing and _is_infra(run),
        boot=outcome.boot if outcome else 0,
        origin=outcome.origin if outcome else "",
        milliseconds=result.milliseconds,
        splats=result.splats,
        splat=rule.splat,
        attempts=outcome.attempts if outcome else (),
    )


def _of_headers(result: Result, run: Run) -> Rule | None:
    """A skip for want of an advice number is wanted of a suite whose headers do not have it.

    The guest says which number; that the headers lack it is what the host knows by itself.
    """
    said = _LACKING.match(result.note) if result.verdict is Verdict.SKIP else None
    if said is None or int(said[1]) not in run.lacking:
        return None
    why = f"advice {said[1]} is not in the headers of {run.headers}"
    return Rule(claims=(result.claim,), want=Verdict.SKIP, why=why)


def _is_infra(run: Run) -> bool:
    return bool(run.infra) or any(boot.ending is Ending.INFRA for boot in run.boots)


def _unreached(run: Run) -> str:
    if run.infra:
        return run.infra
    if run.boots and run.boots[-1].why:
        return f"not reached: {run.boots[-1].why}"
    return "planned, and never reached"
