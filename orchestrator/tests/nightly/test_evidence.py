"""An earlier run answers only what was asked of the same things, and settled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.model import Boot, Ending, Plan, Run
from orchestrator.nightly.evidence import recalled, same_inputs
from orchestrator.results.store import Store
from orchestrator.tests.cli.lab import keep
from orchestrator.tests.matrices import ktap, suite, unreachable
from orchestrator.tests.nights import FAIL, PASS, WIPE, of

GOOD = replace(of("6.12.117", {"wipe.zero": FAIL}), argv=("qemu", "-m", "512", "/cache/1/vmlinux"))
AGAIN = Boot(2, Ending.DONE, ready=1.0, ktap={"wipe": ktap(WIPE.claims[:1], {})})


def kept(tmp_path: Path, *runs: Run, broken: str = "") -> Store:
    """Each in a run of its own, numbered from 1."""
    store = Store(tmp_path / "runs")
    for number, run in enumerate(runs, 1):
        plan = Plan(str(number), "", ((run.kernel, run.arch),), (WIPE,), broken=broken)
        keep(store, plan, run)
    return store


def asked(tmp_path: Path, *runs: Run, broken: str = "") -> str | None:
    return recalled(kept(tmp_path, *runs, broken=broken), GOOD, WIPE.claims)


def test_the_newest_that_measured_the_same_answers(tmp_path: Path) -> None:
    assert asked(tmp_path, GOOD, GOOD, of("6.12.118", {})) == "2"


def test_a_night_of_trouble_does_not_hide_the_answer(tmp_path: Path) -> None:
    assert asked(tmp_path, GOOD, unreachable("6.12", "x86_64")) == "1"


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(GOOD, boots=(*GOOD.boots, replace(AGAIN, retry_of=("wipe.zero",)))),
        replace(GOOD, boots=(AGAIN,)),  # one claim was never reached
        replace(GOOD, boots=(*GOOD.boots, Boot(2, Ending.INFRA, why="QEMU was killed"))),
    ],
    ids=["flaky", "unfinished", "infra"],
)
def test_what_the_newest_leaves_open_is_asked_again(tmp_path: Path, spoilt: Run) -> None:
    assert asked(tmp_path, GOOD, spoilt) is None


def test_what_lies_about_the_kernel_answers_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, GOOD, broken="lie") is None


def test_more_claims_than_were_asked_then_are_asked_now(tmp_path: Path) -> None:
    more = suite("wipe", "zero", "keep", "third")
    assert recalled(kept(tmp_path, GOOD), GOOD, more.claims) is None


@pytest.mark.parametrize(
    "other",
    [
        {"hashes": {**GOOD.hashes, "suites": "ef"}},
        {"hashes": {**GOOD.hashes, "initramfs": "ef"}},
        {"qemu": "11.0"},
        {"argv": ("qemu", "-m", "1024", "/cache/1/vmlinux")},
        {"headers": "5.10"},
        {"lacking": (21,)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_input_is_another_question(other: dict[str, object]) -> None:
    assert not same_inputs(GOOD, replace(GOOD, **other))  # type: ignore[arg-type]


def test_where_the_cache_is_and_what_came_out_are_no_inputs() -> None:
    assert same_inputs(GOOD, replace(GOOD, argv=("qemu", "-m", "512", "/elsewhere/vmlinux")))
    assert same_inputs(GOOD, of("6.12.117", {"wipe.zero": PASS})) is False  # no argv
    assert same_inputs(GOOD, replace(GOOD, boots=(), notes=("a note",)))
