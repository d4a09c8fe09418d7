"""Many suites by one command, and whose words are whose: as the guest's shell would do it."""

from __future__ import annotations

import itertools
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.guests import errand
from orchestrator.guests.errand import Errand, Round, Turns, rounds

SECRET = "c0ffee"


def only_round(*errands: Errand) -> Round:
    (made,) = rounds(errands, 2, SECRET)
    return made


def parted(asked: Round, *chunks: Sequence[str]) -> list[tuple[int, list[str]]]:
    """What each errand said, by its place; chunks of one errand are put together."""
    turns = Turns(asked)
    told = [one for chunk in chunks for one in turns.part(chunk)]
    return [
        (turn, [line for _, said in group for line in said])
        for turn, group in itertools.groupby(told, key=lambda one: one[0])
    ]


@pytest.mark.parametrize("pattern", ["a.c[34]", "a.*", "a.$(reboot)", "a. b", "a.'\"", "--from"])
def test_a_pattern_comes_to_the_suite_as_it_was_written(pattern: str) -> None:
    words = shlex.split(Errand("a", only=(pattern, "a.z")).command(2))
    assert words == ["/lab/suites/a", "--timeout", "2", "--only", pattern, "--only", "a.z"]


def test_one_errand_is_a_command_and_nothing_else() -> None:
    asked = only_round(Errand("a", start=3))
    assert (asked.command, asked.marks) == ("/lab/suites/a --timeout 2 --from 3", ())


def test_a_shell_runs_all_of_them_whatever_becomes_of_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, does in {
        "a": "echo 1..1; echo ok 1 a.one",
        "b": "printf 'not ok 1 b.o'; kill -9 $$",
        "c": "echo 1..1",
        "d": "exit 3",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(errand, "SUITES", str(tmp_path))
    asked = only_round(Errand("a"), Errand("b"), Errand("c", broken="lie"), Errand("d"))
    done = subprocess.run(["sh", "-c", asked.command], stdout=subprocess.PIPE, check=False)
    assert parted(asked, done.stdout.decode().splitlines()) == [
        (0, ["1..1", "ok 1 a.one"]),
        (1, ["not ok 1 b.o"]),  # begun, and not ended: it was killed
        (2, ["1..1"]),
        (3, []),
    ]


def test_no_more_is_asked_at_once_than_the_guest_takes() -> None:
    patterns = tuple(f"forkcopy.pinned-early-{number}" for number in range(60))
    errands = [Errand(name, only=patterns) for name in "abcdefgh"]
    asked = list(rounds(errands, 2, SECRET))
    assert [one for each in asked for one in each.errands] == errands
    assert 1 < len(asked) < len(errands)
    assert all(len(one.command) <= 9000 for one in asked)


def test_nothing_to_do_is_no_command() -> None:
    assert list(rounds([], 2, SECRET)) == []


def test_one_that_is_too_long_is_asked_alone() -> None:
    """The guest will say what it thinks of it."""
    long = Errand("b", only=tuple(f"b.{'x' * 40}{number}" for number in range(300)))
    asked = list(rounds([Errand("a"), long, Errand("c")], 2, SECRET))
    assert [[one.suite for one in each.errands] for each in asked] == [["a"], ["b"], ["c"]]


def test_the_same_suite_again_is_another_turn() -> None:
    asked = only_round(*[Errand("a")] * 2)
    assert parted(asked, ["ok 1 a.one", *asked.marks, "ok 1 a.one"]) == [
        (0, ["ok 1 a.one"]),
        (1, ["ok 1 a.one"]),
    ]


def test_a_suite_cannot_end_its_turn_by_itself() -> None:
    asked = only_round(Errand("a"), Errand("b"))
    forged = ["# errand 2 guessed", "# errand 3 c0ffee", "# errand 2 c0ffee, or so"]
    assert parted(asked, [*forged, *asked.marks, "# errand 2 c0ffee"]) == [
        (0, forged),
        (1, ["# errand 2 c0ffee"]),
    ]


@given(st.lists(st.lists(st.sampled_from(["1..1", "", "# x"])), min_size=3, max_size=3), st.data())
def test_it_does_not_matter_which_lines_come_together(
    said: list[list[str]], data: st.DataObject
) -> None:
    asked = only_round(Errand("a"), Errand("b"), Errand("c"))
    lines = [*said[0], asked.marks[0], *said[1], asked.marks[1], *said[2]]
    at = data.draw(st.lists(st.integers(0, len(lines)), max_size=4).map(sorted))
    chunks = [lines[a:b] for a, b in itertools.pairwise([0, *at, len(lines)])]
    assert parted(asked, *chunks) == list(enumerate(said))
