"""Exit codes, and to whom a failure is addressed."""

from __future__ import annotations

import errno
import os

import pytest

from orchestrator.cli import VERBS
from orchestrator.errors import InfraError
from orchestrator.images import suites
from orchestrator.tests.cli.lab import Lab


def test_without_a_verb_the_verbs_are_listed(lab: Lab) -> None:
    said = lab()
    listed = said.out + said.err
    assert [verb for verb in VERBS if f"│ {verb} " not in listed] == []


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_no_mistake(lab: Lab, word: str) -> None:
    assert lab("run", word).code == 0
    assert lab(word).code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("rnu",),
        ("run", "--no-such-option"),
        ("run", "--jobs", "-1"),
        ("run", "--jobs", "two"),
        ("run", "--kernel"),
        ("list", "kernel"),
        ("list",),
        ("show",),
        ("exec", "6.12/parisc"),
        ("shell",),
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_is_2(lab: Lab, words: tuple[str, ...]) -> None:
    said = lab(*words)
    assert said.code == 2
    assert said.err
    assert said.out == ""


def test_a_lab_that_is_not_there_is_2(lab: Lab) -> None:
    said = lab("-f", "other.yaml", "check")
    assert (said.code, said.err) == (2, "other.yaml: cannot be read: No such file or directory\n")


def test_all_mistakes_in_it_are_2_and_said_at_once(lab: Lab) -> None:
    lab.write("lab.yaml", "arches: [amd64]\nkernels: []\nsuits: [a]\n")
    said = lab("check")
    assert said.code == 2
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [
        "lab.yaml:1:10",
        "lab.yaml:2:1",
        "lab.yaml:3:1",
    ]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(suites, "catalogue", fail)


def test_a_failure_of_the_hosts_is_3(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, InfraError("no compiler", "lab doctor"))
    said = lab("check")
    assert (said.code, said.out) == (3, "")
    assert said.err == "infra: no compiler\n  look further: lab doctor\n"


def test_a_bug_of_ours_is_4_with_a_traceback(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("oops"))
    said = lab("check")
    assert (said.code, said.out) == (4, "")
    assert said.err.startswith("Traceback")
    assert "ZeroDivisionError: oops" in said.err
    assert said.err.endswith("this is a bug in the lab: the lines above say where\n")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.EACCES])
def test_a_host_that_is_short_of_something_is_3_wherever_it_shows(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing(monkeypatch, OSError(number, os.strerror(number)))
    said = lab("check")
    assert said.code == 3
    assert said.err.startswith("infra: ")
    assert os.strerror(number) in said.err
    assert "Traceback" not in said.err


def test_a_guest_that_is_quoted_does_not_act_on_the_terminal(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, InfraError("the guest last said:\n  \x1b[2J\x9b31m\u202eoh\n  no"))
    said = lab("check")
    assert said.err == "infra: the guest last said:\n  \ufffd31m\ufffdoh\n  no\n"


def test_a_mistake_of_ours_with_a_file_is_still_4(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, FileNotFoundError(errno.ENOENT, "No such file"))
    assert lab("check").code == 4


def test_an_interruption_is_130_without_one(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    said = lab("check")
    assert said.code == 130
    assert "Traceback" not in said.err


# ---- lab check


def test_a_good_lab_is_0_and_counted(lab: Lab) -> None:
    said = lab("check")
    assert said.code == 0
    assert said.out.startswith("lab.yaml: 4 targets, 4 claims, 4 rules, 0 mutants: good")


def test_a_known_bug_that_nothing_shows_is_a_mistake(lab: Lab) -> None:
    lab.write("guest-tests/fork/expect.yaml", "- {claims: fork.copy, want: fail, why: x}\n")
    said = lab("check")
    assert said.code == 2
    assert said.err.startswith("guest-tests/fork/expect.yaml:1:3: wants 'fail' of a kernel")


def test_a_rule_about_nothing_is_a_mistake(lab: Lab) -> None:
    lab.write("guest-tests/fork/expect.yaml", "- {claims: fork.cpoy, want: fail, why: x}\n")
    said = lab("check")
    assert said.code == 2
    assert "guest-tests/fork/expect.yaml:1:3: 'fork.cpoy' matches no claim" in said.err
    assert "(did you mean 'fork.copy'?)" in said.err
    assert "no rule speaks of fork.copy" in said.err


def test_a_mistake_in_an_expectation_is_one_too(lab: Lab) -> None:
    lab.write("guest-tests/fork/expect.yaml", "- {claims: fork.copy, want: fial, why: x}\n")
    for verb in ("check", "run", "report"):
        words = (verb, "--dry-run") if verb == "run" else (verb,)
        assert lab(*words).code == 2
