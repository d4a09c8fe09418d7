"""lab bisect among releases: from kernels that say something to a report."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence

import pytest

from orchestrator import command, runner
from orchestrator.bisect.answers import Answer
from orchestrator.bisect.booting import is_whole
from orchestrator.cache import Cache
from orchestrator.cli import bisect
from orchestrator.cli.bisected import finished
from orchestrator.kernels import Foresight
from orchestrator.model import (
    Arch,
    DebianSource,
    Kernel,
    Run,
    Tracked,
)
from orchestrator.nightly.record import Night, Nights
from orchestrator.preparing import Parts, Work
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
from orchestrator.tests.cli.lab import Lab


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
