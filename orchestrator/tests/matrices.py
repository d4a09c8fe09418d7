"""Matrices made by hand, for tests of whatever paints, compares or counts them.

They are built the way real ones are: evidence in, judged by rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from orchestrator.model import Boot, Claim, Ending, Plan, Release, Rule, Run, Suite, Verdict
from orchestrator.results import matrix
from orchestrator.results.matrix import Matrix

KERNELS = ("5.10", "6.1", "6.12", "7.2", "7.3")
ARCHES = ("x86_64", "arm64", "parisc")
RELEASES = {
    "5.10": "5.10.262",
    "6.1": "6.1.192",
    "6.12": "6.12.117",
    "7.2": "7.2.13",
    "7.3": "7.3.4",
}
HOSTILE = '</script><img src=x onerror="alert(1)">[red]&amp;\x1b[31m\x07\u202e'

# How a verdict is written in KTAP; PANIC is written by not writing a result at all.
_TAILS = {
    Verdict.PASS: ("ok", ""),
    Verdict.FAIL: ("not ok", " #"),
    Verdict.ABSENT: ("ok", " # SKIP ABSENT"),
    Verdict.SKIP: ("ok", " # SKIP"),
    Verdict.ERROR: ("not ok", " # ERROR"),
    Verdict.TIMEOUT: ("not ok", " # TIMEOUT"),
}


def suite(name: str, *claims: str, about: str = "") -> Suite:
    """A suite of claims, each given as ``short-name`` or ``short-name: its sentence``."""
    made = []
    for number, claim in enumerate(claims, 1):
        short, _, text = claim.partition(": ")
        text = text or f"The kernel keeps promise {number}."
        made.append(Claim(f"{name}.{short}", text, f"{name}/{name}.c", 10 * number))
    return Suite(name, about or f"Promises about {name}", tuple(made))


def ktap(claims: Sequence[Claim], seen: Mapping[str, tuple[Verdict, str]]) -> str:
    """What a guest says when ``seen`` happens to it; a claim that is not in ``seen`` passes.

    It goes silent in the first claim that is seen to PANIC, and before one that is MISSING.
    """
    lines = ["KTAP version 1", f"1..{len(claims)}"]
    for number, claim in enumerate(claims, 1):
        verdict, note = seen.get(claim.name, (Verdict.PASS, ""))
        if verdict is Verdict.MISSING:
            break
        lines.append(f"# trying {number} {claim.name}")
        if verdict is Verdict.PANIC:
            break
        word, directive = _TAILS[verdict]
        lines += [
            f"# took {number * 3} ms",
            f"{word} {number} {claim.name}{directive} {note}".rstrip(),
        ]
    return "\n".join(lines) + "\n"


def run(kernel: str, arch: str, suites: Sequence[Suite], **seen: tuple[Verdict, str]) -> Run:
    """A target on which everything passes, but for ``seen`` (``suite__claim_name=...``)."""
    named = {key.replace("__", ".", 1).replace("_", "-"): outcome for key, outcome in seen.items()}
    return observed(kernel, arch, suites, named)


def observed(
    kernel: str, arch: str, suites: Sequence[Suite], seen: Mapping[str, tuple[Verdict, str]]
) -> Run:
    """The same, with the claims' names as they are. A PANIC ends the boot and the run."""
    said = {suite.name: ktap(suite.claims, seen) for suite in suites}
    died = any(verdict is Verdict.PANIC for verdict, _ in seen.values())
    boot = Boot(
        number=1,
        ending=Ending.PANIC if died else Ending.DONE,
        why="Kernel panic - not syncing: Fatal exception" if died else "",
        ready=4.25,
        first_result=4.75,
        seconds=31.5,
        ktap=said,
        splat="Oops: 0000 [#1]\nKernel panic - not syncing: Fatal exception" if died else "",
    )
    release = RELEASES.get(kernel, "6.12.117")
    return Run(
        target=f"{kernel}/{arch}",
        kernel=kernel,
        arch=arch,
        release=Release.parse(release),
        version=f"{release}-1",
        origin=f"linux-image-{arch} {release}-1 of Debian",
        qemu="10.0.2",
        argv=(f"qemu-system-{arch}", "-append", "console=ttyS0 panic=-1"),
        hashes={"image": "ab" * 32, "initramfs": "cd" * 32},
        boots=(boot,),
    )


def unreachable(kernel: str, arch: str, infra: str = "no qemu-system-hppa on this host") -> Run:
    """A target that could not be started, through the host's fault."""
    return Run(f"{kernel}/{arch}", kernel, arch, None, infra=infra, look="lab doctor")


def judged(suites: Sequence[Suite], runs: Sequence[Run], rules: Sequence[Rule] = ()) -> Matrix:
    """The matrix of these runs, in this order of targets."""
    plan = Plan(
        id="20261121T013000Z",
        started="2026-11-21T01:30:00Z",
        targets=tuple((run.kernel, run.arch) for run in runs),
        suites=tuple(suites),
    )
    return matrix.build(plan, {run.target: run for run in runs}, rules)


def everything() -> Matrix:
    """Small, with every verdict and every way of being wanted or not, and hostile strings."""
    calm = suite("calm", "always", "nowhere")
    odd = suite("odd", "fails", "known", "better", "skips", "errs", "hangs", f"hostile: {HOSTILE}")
    last = suite("last", "kills", "after")
    rules = (
        Rule(("calm.nowhere",), Verdict.ABSENT, "since 99.0, 0123456789ab", place="calm.yaml:1"),
        Rule(("odd.known",), Verdict.FAIL, f"bug 12345 {HOSTILE}", place="odd.yaml:1"),
        Rule(("odd.better",), Verdict.FAIL, "never fixed", place="odd.yaml:4"),
    )
    nowhere = (Verdict.ABSENT, "EINVAL")
    usual = {"calm__nowhere": nowhere, "odd__known": (Verdict.FAIL, "odd.c:20: expected 0")}
    suites = (calm, odd, last)
    troubled = run(
        "6.1",
        "x86_64",
        suites,
        **usual,
        odd__fails=(Verdict.FAIL, "odd.c:10: " + "a very long note, " * 40),
        odd__skips=(Verdict.SKIP, "CONFIG_KSM is not set"),
        odd__errs=(Verdict.ERROR, "odd.c:50: could not set up: fork()"),
        odd__hangs=(Verdict.TIMEOUT, "10 seconds"),
        odd__hostile=(Verdict.FAIL, HOSTILE),
        last__kills=(Verdict.PANIC, ""),
    )
    steady = run("5.10", "x86_64", suites, **usual, odd__better=(Verdict.FAIL, "odd.c:30"))
    silent = run("5.10", "arm64", suites, **usual)
    never = Boot(1, Ending.SILENT, "the console was silent for 60 s", seconds=61.0)
    silent = replace(silent, boots=(never,))
    return judged(suites, (steady, troubled, silent, unreachable("5.10", "parisc")), rules)


ALLOWED = Rule(("odd.warns",), Verdict.PASS, "bug 12345", splat="WARNING at mm/a.c *")


def warned(*rules: Rule, kernels: Sequence[str] = ("6.1",)) -> Matrix:
    """A claim that passes while the kernel warns, in words that are hostile as well."""
    odd = suite("odd", "warns", "passes")
    said = ("WARNING: mm/a.c:1 at f+0x1/0x2, CPU#0: a/1", HOSTILE, " cause+0x1/0x2")
    warning = "".join(f"# kmsg <4>[    1.000000] {line}\n" for line in said)
    runs = []
    for kernel in kernels:
        seen = run(kernel, "x86_64", (odd,))
        text = seen.boots[0].ktap["odd"].replace("# took 3 ms\n", f"{warning}# took 3 ms\n")
        runs.append(replace(seen, boots=(replace(seen.boots[0], ktap={"odd": text}),)))
    return judged((odd,), runs, rules)


def wide(claims: int = 120) -> Matrix:
    """As large as the real one: 15 targets, ``claims`` claims, with one expected difference."""
    made = suite("wide", *(f"promise-number-{n}-of-a-good-length" for n in range(claims)))
    rule = Rule(("wide.promise-number-1-*",), Verdict.ABSENT, "since 7.0", until=Release(7, 0))
    absent = {rule.claims[0].replace("*", "of-a-good-length"): (Verdict.ABSENT, "EINVAL")}
    runs = [
        observed(kernel, arch, (made,), absent if Release.parse(kernel) < Release(7, 0) else {})
        for arch in ARCHES
        for kernel in KERNELS
    ]
    return judged((made,), runs, (rule,))


def flaky() -> Matrix:
    """One claim that fails and then passes, one that fails twice, one that is calm."""
    made = suite("odd", "flaky", "firm", "calm")
    bad = {"odd.flaky": (Verdict.FAIL, "odd.c:10: 1 == 2"), "odd.firm": (Verdict.FAIL, "odd.c:20")}
    seen = observed("6.12", "x86_64", (made,), bad)
    again = Boot(
        2,
        Ending.DONE,
        ready=4.0,
        ktap={"odd": ktap(made.claims[:2], {"odd.firm": (Verdict.FAIL, "odd.c:20")})},
        retry_of=("odd.firm", "odd.flaky"),
    )
    return judged((made,), (replace(seen, boots=(*seen.boots, again)),))
