"""The programs that show a kernel's bug, on kernels that have it and on kernels that do not."""

from __future__ import annotations

import functools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestrator import expectations, preparing
from orchestrator.cli.plan import new_plan
from orchestrator.cli.workspace import Workspace
from orchestrator.kernels import KernelFiles, read_config
from orchestrator.model import Rule, Run, Target
from orchestrator.render import bugs
from orchestrator.results.judge import about, wanted
from orchestrator.stop import Stop
from orchestrator.tests.guest.conftest import ROOT
from orchestrator.watching import Nobody

SPACE = Workspace(ROOT / "lab.yaml")
WRONG = 1  # a program's exit code
TARGETS = (
    *("5.10/x86_64", "6.1/x86_64", "6.12/x86_64"),
    *("5.10/arm64", "7.3/arm64", "7.3/parisc"),
)


@pytest.mark.guest
@pytest.mark.parametrize("name", TARGETS)
def test_a_program_says_what_the_rules_say(name: str, tmp_path: Path) -> None:
    (target,) = (t for t in SPACE.lab.targets if str(t) == name)
    found = bugs.bugs(SPACE.rules, expectations.reproducers(SPACE.guest_tests))
    seen = exit_codes(target, [bug.reproducer for bug in found], tmp_path)
    files = kernel(target)
    broken = {
        bug.reproducer: any(applies(rule, target, files) for rule in bug.rules) for bug in found
    }
    assert {program: seen[program] == WRONG for program in broken} == broken, seen


def exit_codes(target: Target, sources: list[str], scratch: Path) -> dict[str, int]:
    """Run all programs in one guest."""
    names = [source.removesuffix(".c") for source in sources]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: compiled(name, target, scratch), names))
    # What a program or the shell says of its end is not asked for: only our own lines count.
    script = f"for name in {' '.join(names)}; do ./$name >/dev/null 2>&1; echo = $name $?; done"
    pushed = [word for name in names for word in ("--push", str(scratch / name))]
    lab = [sys.executable, "-m", "orchestrator", "exec", str(target), *pushed]
    done = subprocess.run(
        [*lab, "--", "sh", "-c", script], check=True, cwd=ROOT, capture_output=True, text=True
    )
    ends = (line.split() for line in done.stdout.splitlines() if line.startswith("= "))
    return {f"{name}.c": int(code) for _, name, code in ends}


def compiled(name: str, target: Target, scratch: Path) -> None:
    """One program, as its reader would compile it."""
    subprocess.run(
        [
            *(f"{target.arch.triplet}-gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror"),
            *("-O1", "-static", *target.arch.link),
            *("-o", scratch / name),
            SPACE.guest_tests / "reproducers" / f"{name}.c",
        ],
        check=True,
    )


def kernel(target: Target) -> KernelFiles:
    """What the lab boots for it."""
    return preparing.prepare(target, SPACE.work(new_plan((), ()), Nobody(), Stop())).kernel


def applies(rule: Rule, target: Target, files: KernelFiles) -> bool:
    """Whether it is this rule that says what is wanted of one of its claims there."""
    run = Run(
        *(str(target), target.kernel.name, target.arch.name, files.release),
        config=read_config(files.config),
    )
    return any(wanted(run, own) is rule for own in spoken().values() if rule in own)


@functools.cache
def spoken() -> dict[str, tuple[Rule, ...]]:
    """For each claim the rules about it."""
    claims = [claim for suite in SPACE.catalogue.suites for claim in suite.claims]
    return about(claims, SPACE.rules)
