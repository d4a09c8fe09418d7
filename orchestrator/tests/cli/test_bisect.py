"""lab bisect and lab bisect-step: from kernels that say something to a report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator import command, runner
from orchestrator.arches import ARCHES
from orchestrator.bisect.answers import Answer
from orchestrator.bisect.booting import is_whole
from orchestrator.cache import Cache
from orchestrator.cli import bisect
from orchestrator.cli.bisected import finished
from orchestrator.kernels import Foresight
from orchestrator.model import (
    Arch,
    DebianSource,
    GitSource,
    Kernel,
    Run,
    Target,
    Tracked,
    Verdict,
)
from orchestrator.nightly.culprits import told
from orchestrator.nightly.record import Night, Nights
from orchestrator.nightly.suspects import Commits, suspects
from orchestrator.preparing import Parts, Work
from orchestrator.results.diff import diff
from orchestrator.tests.bisect.kernels import INFRA, UNBOOTED, UNBUILT, Kernels, Says
from orchestrator.tests.cli.lab import SUITES, Lab
from orchestrator.tests.cli.lab import Answer as Said
from orchestrator.tests.matrices import judged, observed

CLAIM = "wipe.zero"
PASS, FAIL, ABSENT = Verdict.PASS, Verdict.FAIL, Verdict.ABSENT
NAMES = [f"6.12.{number}" for number in range(1, 10)]


@pytest.fixture
def kernels(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Kernels:
    made = Kernels(CLAIM, SUITES, lab.root)
    made.stand_in(monkeypatch, [f"{name}-1" for name in NAMES])
    return made


def says(kernels: Kernels, *answers: Says) -> None:
    kernels.says = dict(zip(NAMES, answers, strict=False))


def found(said: Said) -> list[str]:
    suspects: list[str] = said.json["levels"][-1]["suspects"]
    return suspects


def test_the_first_bad_release_is_found(lab: Lab, kernels: Kernels) -> None:
    says(kernels, *[PASS] * 6, *[FAIL] * 3)
    said = lab("bisect", CLAIM, "--json")
    assert said.code == 0
    assert found(said) == ["6.12.7"]
    assert said.json["boots"] == len(kernels.booted) <= 4 + 2
    assert [(cell["point"], cell["is"]) for cell in said.json["cells"]] == [
        ("6.12.6", "good"),
        ("6.12.7", "bad"),
    ]


def test_where_a_promise_ended_is_a_question_of_its_own(lab: Lab, kernels: Kernels) -> None:
    says(kernels, *[PASS] * 3, *[ABSENT] * 6)
    said = lab("bisect", CLAIM, "--find-removal", "--json")
    assert (said.json["question"]["name"], found(said)) == ("removal", ["6.12.4"])


def test_what_nights_have_booted_is_searched_when_no_suite_has_it_any_more(
    lab: Lab, kernels: Kernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(kernels, *[PASS] * 9)
    kernels.says = {**kernels.says, "6.13.1": PASS, "6.13.2": FAIL, "6.13.3": FAIL}
    tracked = tuple(
        Tracked("sid", version, ("x86_64",), DebianSource(("sid",), version))
        for version in ("6.13.1-1", "6.13.2-1", "6.13.3-1")
    )
    night = Night("20261101T020000Z", "2026-11-01T02:00:00+00:00", True, (), tracked)
    nights = Nights(lab.root / "reports" / "nights")
    nights.keep_summary(night.id, "", "")
    nights.keep(night)

    def foresee(kernel: Kernel, arch: Arch, cache: Cache) -> Foresight:
        return Foresight("", at_hand=kernel.name != "sid-6.13.3-1")

    monkeypatch.setattr(bisect, "foresee", foresee)
    assert found(lab("bisect", CLAIM, "--json")) == ["6.13.2"]
    assert "6.13.3" not in kernels.booted


def test_the_report_is_there_to_be_sent(lab: Lab, kernels: Kernels) -> None:
    says(kernels, *[PASS] * 6, *[FAIL] * 3)
    shown = lab("bisect", CLAIM).out
    assert "6.12.7 is the first release where it is bad (6.12.7-1), after 6.12.6" in shown
    (place,) = (lab.root / "reports" / "bisects").glob("*/report.json")
    assert json.loads(place.read_text())["levels"][0]["suspects"] == ["6.12.7"]
    assert "is the first release" in place.with_name("report.txt").read_text()
    page = place.with_name("index.html").read_text()
    assert "good: 6.12.6" in page
    assert "not ok 1 wipe.zero" in page
    assert "<script" not in page
    assert lab("bisect", "--show", "latest").out == shown


def test_the_pages_of_runs_lead_to_it(
    lab: Lab, kernels: Kernels, capsys: pytest.CaptureFixture[str]
) -> None:
    says(kernels, *[PASS] * 6, *[FAIL] * 3)
    lab("bisect", CLAIM)
    root = lab.root / "reports" / "bisects"
    ((place, bisect),) = finished(root, {CLAIM, "wipe.other"}).items()
    assert (bisect.claim, bisect.arch) == (CLAIM, "x86_64")
    assert bisect.said[0].startswith("6.12.7 is the first release where it is bad")
    assert bisect.page == f"bisects/{place.name}.html"
    assert finished(root, {"wipe.other"}) == {}
    (place / "report.json").write_text("{}")
    assert finished(root, {CLAIM}) == {}
    assert "is left out of the report: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "answers"),
    [
        ("--find-fix", [ABSENT, *[FAIL] * 4, *[PASS] * 4]),
        ("--first-support", [*[ABSENT] * 5, *[PASS] * 4]),
    ],
)
def test_fixes_and_first_support(
    lab: Lab, kernels: Kernels, option: str, answers: Sequence[Says]
) -> None:
    says(kernels, *answers)
    assert found(lab("bisect", CLAIM, option, "--json")) == ["6.12.6"]


def test_what_is_good_now_was_bad_before_its_fix(lab: Lab, kernels: Kernels) -> None:
    says(kernels, PASS, *[FAIL] * 4, *[PASS] * 4)
    ends = ("--bad", NAMES[1], "--good", NAMES[-1])
    assert found(lab("bisect", CLAIM, "--find-fix", *ends, "--json")) == ["6.12.6"]


def test_a_kernel_that_is_bad_now_and_then_says_how_often(lab: Lab, kernels: Kernels) -> None:
    wavering = [*[FAIL] * 7, *[PASS] * 3]
    says(kernels, *[PASS] * 4, *[wavering] * 3, FAIL, FAIL)
    said = lab("bisect", CLAIM, "--tries", "10").out
    assert "6.12.5 is the first release where it is bad in 7 of 10 tries (" in said


def test_a_second_change_is_told(lab: Lab, kernels: Kernels) -> None:
    says(kernels, PASS, PASS, FAIL, PASS, PASS, PASS, FAIL, FAIL, FAIL)
    assert "changed more than once" not in lab("bisect", CLAIM).out
    says(kernels, PASS, PASS, PASS, FAIL, FAIL, PASS, PASS, PASS, FAIL)
    said = lab("bisect", CLAIM, "-j", "3", "--anew")
    assert "It changed more than once: 6.12.7 is good." in said.out


def test_trouble_is_no_answer(lab: Lab, kernels: Kernels) -> None:
    says(kernels, PASS, PASS, UNBUILT, UNBOOTED, INFRA, FAIL, FAIL, FAIL, FAIL)
    said = lab("bisect", CLAIM, "--json")
    assert found(said) == NAMES[2:6]
    troubles = {look["point"]: look["trouble"] for look in said.json["levels"][0]["looks"]}
    assert troubles["6.12.3"].startswith("it could not be made: make exited with 2")
    assert troubles["6.12.4"] == "it does not boot: Kernel panic - not syncing: no init"
    assert troubles["6.12.5"] == "infra: no qemu-system-hppa on this host"


def test_what_was_asked_once_is_not_asked_again(lab: Lab, kernels: Kernels) -> None:
    says(kernels, *[PASS] * 6, *[FAIL] * 3)
    first = lab("bisect", CLAIM, "--json").json
    kernels.booted.clear()
    again = lab("bisect", CLAIM, "--json").json
    assert kernels.booted == []
    assert again["levels"][0]["suspects"] == ["6.12.7"]
    assert again["cells"] == first["cells"]
    lab("bisect", CLAIM, "--anew", "--json")
    assert len(kernels.booted) == first["boots"]


def test_boots_for_one_claim_answer_for_those_that_come_next(lab: Lab, kernels: Kernels) -> None:
    kernels.alike = "wipe.keep"
    says(kernels, PASS, PASS, PASS, UNBOOTED, INFRA, FAIL, FAIL, FAIL, FAIL)
    first = lab("bisect", CLAIM, "--also", "wipe.keep", "--json").json
    kernels.booted.clear()
    second = lab("bisect", "wipe.keep", "--json").json
    assert kernels.booted == ["6.12.5"]  # what the host spoilt is no answer
    assert second["levels"][0]["suspects"] == first["levels"][0]["suspects"] == NAMES[3:6]
    kernels.booted.clear()
    lab("bisect", "wipe.keep", "--tries", "11")
    assert kernels.booted  # it was not asked as often


def test_a_claim_that_was_tried_less_often_is_asked_for_itself() -> None:
    asked, few = Answer((PASS, PASS)), Answer((FAIL,))
    assert is_whole(Answer((FAIL, FAIL)), asked, tries=2)
    assert not is_whole(few, asked, tries=2)
    assert not is_whole(Answer((), "the claim was not reached"), asked, tries=2)
    panic = Answer((), "it does not boot: no init")
    assert is_whole(panic, panic, tries=2)


def test_a_claim_that_is_not_there_is_named_at_once(lab: Lab, kernels: Kernels) -> None:
    said = lab("bisect", CLAIM, "--also", "wipe.kept")
    assert (said.code, "did you mean 'wipe.keep'" in said.err) == (2, True)
    assert kernels.booted == []


def test_what_the_host_spoilt_is_asked_again(lab: Lab, kernels: Kernels) -> None:
    says(kernels, PASS, PASS, INFRA, *[FAIL] * 6)
    assert found(lab("bisect", CLAIM, "--json")) == NAMES[2:4]
    says(kernels, PASS, PASS, PASS, *[FAIL] * 6)
    assert found(lab("bisect", "--resume", "latest", "--json")) == ["6.12.4"]


def test_one_that_was_interrupted_goes_on(
    lab: Lab, kernels: Kernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(kernels, *[PASS] * 6, *[FAIL] * 3)

    def third(parts: Parts, work: Work) -> Run:
        if len(kernels.booted) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return kernels.run(parts, work)

    monkeypatch.setattr(runner, "run", third)
    said = lab("bisect", CLAIM)
    assert said.code == 130
    assert "lab bisect --resume" in said.err
    assert command.interrupted()  # so that no build goes on
    command._interrupted.clear()
    monkeypatch.setattr(runner, "run", kernels.run)
    kernels.booted.clear()
    assert found(lab("bisect", "--resume", "latest", "--json")) == ["6.12.7"]
    assert NAMES[0] not in kernels.booted


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("wipe.zoro", "there is no claim 'wipe.zoro' (did you mean 'wipe.zero'?)"),
        (f"{CLAIM} --arch x86", "there is no arch 'x86'"),
        (f"{CLAIM} --good 6.11", "there is no release '6.11'"),
        (f"{CLAIM} --good 6.12.9 --bad 6.12.1", "6.12.9 is not before 6.12.1"),
        (f"{CLAIM} --find-fix --good 6.12.1 --bad 6.12.9", "6.12.9 is not before 6.12.1"),
        (f"{CLAIM} --good 6.12.1 --old 6.12.2", "named twice: 6.12.2, and 6.12.1"),
        (f"{CLAIM} --find-fix --first-support", "--find-fix and --first-support are 2 questions"),
        ("--resume latest", "there is no bisect 'latest'"),
    ],
)
def test_a_mistake_is_told_before_anything_is_booted(
    lab: Lab, kernels: Kernels, words: str, why: str
) -> None:
    says(kernels, *[PASS] * 9)
    said = lab("bisect", *words.split())
    assert said.code == 2
    assert why in said.err
    assert kernels.booted == []


def test_where_there_is_nothing_to_find_it_says_so(lab: Lab, kernels: Kernels) -> None:
    says(kernels, *[PASS] * 9)
    said = lab("bisect", CLAIM)
    assert said.code == 3
    assert "Nothing to find: 6.12.9 is still old: 10 of 10 tries" in said.out


# ---- commits


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


# ---- a single step


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
