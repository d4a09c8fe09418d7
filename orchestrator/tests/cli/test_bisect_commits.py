"""lab bisect in a git tree, and lab bisect-step: from commits that say something to the culprit."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.model import GitSource, Run, Target, Tracked, Verdict
from orchestrator.nightly.culprits import told
from orchestrator.nightly.suspects import Commits, suspects
from orchestrator.results.diff import diff
from orchestrator.tests.bisect.kernels import (
    ABSENT,
    CLAIM,
    FAIL,
    INFRA,
    NAMES,
    PASS,
    UNBOOTED,
    UNBUILT,
    Kernels,
    Says,
    found,
    says,
)
from orchestrator.tests.cli.lab import SUITES, Lab
from orchestrator.tests.matrices import judged, observed


def git(tree: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    argv = ["git", "-C", str(tree), *who, *words]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def tree(lab: Lab) -> Path:
    """A commit for each of 6.12.4 to 6.12.5, and four between them."""
    place = lab.root / "linux"
    place.mkdir()
    git(place, "init", "-q")
    for number in range(6):
        (place / "file").write_text(f"{number}\n")
        git(place, "add", "file")
        git(place, "commit", "-qm", f"change {number}")
    git(place, "tag", "v6.12.5")
    git(place, "tag", "v6.12.4", "HEAD~5")
    return place


def commits(kernels: Kernels, tree: Path, *answers: Says) -> list[str]:
    ids = git(tree, "rev-list", "--reverse", "HEAD").split()
    by_name = {commit[:12]: answer for commit, answer in zip(ids, answers, strict=True)}
    kernels.says = {**kernels.says, **by_name}
    return ids


def test_after_the_release_comes_the_commit(lab: Lab, kernels: Kernels, tree: Path) -> None:
    says(kernels, *[PASS] * 4, *[FAIL] * 5)
    ids = commits(kernels, tree, PASS, PASS, PASS, UNBUILT, FAIL, FAIL)
    said = lab("bisect", CLAIM, "--git", str(tree), "--json")
    assert [level["among"] for level in said.json["levels"]] == ["releases", "commits"]
    assert said.json["levels"][0]["suspects"] == ["6.12.5"]
    assert found(said) == ids[3:5]
    assert "change 4" in said.json["messages"][1]
    assert "git bisect start" in said.json["log"]


def test_between_two_commits_no_release_is_asked(lab: Lab, kernels: Kernels, tree: Path) -> None:
    ids = commits(kernels, tree, PASS, PASS, FAIL, FAIL, FAIL, FAIL)
    ends = ("--good", "HEAD~5", "--bad", "HEAD")
    said = lab("bisect", CLAIM, "--git", str(tree), *ends)
    assert f"{ids[2][:12]} is the first commit where it is bad (change 2)" in said.out
    assert not set(kernels.booted) & set(NAMES)
    assert git(tree, "status", "--porcelain") == ""
    assert not (tree / ".git" / "BISECT_START").exists()


def test_what_a_night_asks_about_a_branch_finds_the_commit(
    lab: Lab, kernels: Kernels, tree: Path
) -> None:
    ids = commits(kernels, tree, PASS, PASS, PASS, FAIL, FAIL, FAIL)
    old, new = (
        Tracked("main", commit, ("x86_64",), GitSource(str(tree), commit))
        for commit in (ids[0], ids[5])
    )

    def seen(tip: Tracked, verdict: Verdict) -> Run:
        run = observed(tip.name, "x86_64", SUITES, {CLAIM: (verdict, "")})
        version = f"6.12.5-g{tip.version[:12]}"
        return replace(run, version=version, hashes={"image": tip.version})

    was, now = judged(SUITES, [seen(old, PASS)]), judged(SUITES, [seen(new, FAIL)])
    changes = diff(was, now, {f"{new.name}/x86_64": f"{old.name}/x86_64"})
    (hunt,), _ = suspects(changes, [Target(new.kernel(0), ARCHES["x86_64"])])
    assert hunt.span == Commits(str(tree), ids[0][:12], ids[5][:12])
    culprit = told(hunt, 0, lab(*hunt.words, "--json").out.encode(), "")
    assert culprit.found
    assert f"{ids[3][:12]} is the first commit where it is bad (change 3)" in culprit.said
    assert "change 3" in culprit.message


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (PASS, 0),
        (FAIL, 1),
        (ABSENT, 125),
        (UNBUILT, 125),
        (UNBOOTED, 125),
        (INFRA, 131),
        ([PASS] * 8 + [FAIL] * 2, 0),
        ([PASS] * 2 + [FAIL] * 8, 1),
    ],
)
def test_a_step_tells_git_by_its_exit_code(
    lab: Lab, kernels: Kernels, answer: Says, code: int
) -> None:
    kernels.says = {"6.12": answer}
    assert lab("bisect-step", CLAIM, "--kernel", "6.12").code == code


@pytest.mark.parametrize(
    "words", ["wipe.zoro", f"{CLAIM} --bogus", f"{CLAIM} --kernel 9.9", f"{CLAIM} --git /nowhere"]
)
def test_a_step_that_is_used_wrongly_is_no_bad_commit(
    lab: Lab, kernels: Kernels, words: str
) -> None:
    assert lab("bisect-step", *words.split()).code == 130


def test_a_step_looks_at_the_commit_that_is_checked_out(
    lab: Lab, kernels: Kernels, tree: Path
) -> None:
    commits(kernels, tree, PASS, PASS, PASS, PASS, PASS, FAIL)
    assert lab("bisect-step", CLAIM, "--git", str(tree)).code == 1
    git(tree, "checkout", "-q", "HEAD~1")
    assert lab("bisect-step", CLAIM, "--git", str(tree)).code == 0
