"""What a verb imports before it answers, and what is known of one without importing it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from orchestrator.cli import VERBS
from orchestrator.tests.cli.lab import Lab

# What none of them needs; each takes as long to import as Python takes to start, or longer.
_HEAVY = {
    "cryptography",
    "debian",
    "elftools",
    "jinja2",
    "orchestrator.kernels",
    "orchestrator.runner",
    "paramiko",
    "qemu",
}
_IMPORTED = """
import sys
from orchestrator import cli
sys.argv = ["lab", *sys.argv[1:]]
try:
    cli.main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(lab: Lab, *words: str) -> set[str]:
    """The modules and packages that are there when a verb has answered, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED, *words],
        cwd=lab.root,
        env=dict(os.environ),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words", ["runs", "history wipe.zero", "diff", "compat", "gc --keep 9d"], ids=str
)
def test_a_question_about_runs_imports_nothing_that_boots_or_paints_pages(
    lab: Lab, words: str
) -> None:
    there = imported(lab, *words.split())
    assert "orchestrator.results.store" in there
    assert there & _HEAVY == set()


def test_a_run_in_which_nothing_changed_paints_no_page(lab: Lab) -> None:
    """Nor does one with guests until they have said all."""
    assert "jinja2" not in imported(lab, "run", "--dry-run")


def test_help_imports_no_verb(lab: Lab) -> None:
    there = imported(lab, "--help")
    modules = {f"orchestrator.cli.{place.partition(':')[0]}" for place in VERBS.values()}
    assert "orchestrator.cli.lazy" in there
    assert there & (modules | _HEAVY | {"yaml", "orchestrator.config"}) == set()


def test_help_says_of_each_verb_what_it_says_itself(lab: Lab) -> None:
    listed = lab("--help").out
    for verb in VERBS:
        promise = lab(verb, "--help").out.split("\n")[3].split()
        line = next(line for line in listed.splitlines() if line.startswith(f"│ {verb} "))
        assert line.split()[2:6] == promise[:4], verb


def test_a_verb_that_is_nearly_one_is_named(lab: Lab) -> None:
    said = lab("hisotry")
    assert said.code == 2
    assert "Did you mean 'history'?" in said.err
