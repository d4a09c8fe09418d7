"""lab run --resume: what is missing of a run is run, and nothing that does not fit it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orchestrator import preparing, schedule
from orchestrator.kernels import KernelFiles
from orchestrator.model import Boot, Ending, Release, Run, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.results import hold
from orchestrator.tests.cli.lab import SUITES, Lab, keep_run
from orchestrator.tests.matrices import observed

FAIL = (Verdict.FAIL, "wipe.c:10")
USUAL = {"parisc": {"wipe.zero": FAIL}, "x86_64": dict[str, tuple[Verdict, str]]()}
WORDS = ("run", "--kernel", "6.12")


def whole(target: str) -> Run:
    kernel, arch = target.split("/")
    return observed(kernel, arch, SUITES, USUAL[arch])


def half(target: str) -> Run:
    """As a lab leaves it that is killed before the second suite."""
    run = whole(target)
    (boot,) = run.boots
    said = {"wipe": boot.ktap["wipe"]}
    return replace(run, boots=(replace(boot, ending=Ending.INFRA, why="killed", ktap=said),))


class Guests:
    """Stands in for all booting. ``first`` is what the first run comes to, by target."""

    def __init__(self) -> None:
        self.first: dict[str, Run | None] = {}
        self.ran: list[list[str]] = []
        self.now: Callable[[Run], Run] = lambda then: then
        self.during: Callable[[Work], None] = lambda work: None

    def run_all(self, targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
        self.ran.append([str(target) for target in targets])
        self.during(work)
        for target in targets:
            if len(self.ran) > 1:
                self._finish(target, work)
            elif run := self.first.get(str(target), whole(str(target))):
                keep_run(work.store, work.plan_id, run)
        return []

    def _finish(self, target: Target, work: Work) -> None:
        run = whole(str(target))
        work.store.open(work.plan_id, run, b"")
        number, place = work.store.boot_directory(work.plan_id, run.target)
        for name, text in run.boots[0].ktap.items():
            (place / f"{name}.ktap").write_text(text)
        work.store.keep(work.plan_id, run.target, Boot(number, Ending.DONE, ready=1.0))

    def prepare_all(self, targets: Sequence[Target], work: Work) -> dict[Target, Parts | str]:
        return {target: parts(target) for target in targets}

    def record(self, made: Parts) -> Run:
        return self.now(whole(str(made.target)))


def parts(target: Target) -> Parts:
    nowhere = Path("/nowhere")
    kernel = KernelFiles(Release(6, 12), "6.12", "", nowhere, nowhere, None, {}, ())
    return Parts(target, kernel, nowhere, {"suites": nowhere}, "10.0")


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(schedule, "run_all", made.run_all)
    monkeypatch.setattr(schedule, "prepare_all", made.prepare_all)
    monkeypatch.setattr(preparing, "record", made.record)
    return made


def interrupted(lab: Lab, guests: Guests) -> str:
    """A run of which one target is half there and one is not; its id."""
    guests.first = {"6.12/x86_64": half("6.12/x86_64"), "6.12/parisc": None}
    said = lab(*WORDS)
    assert said.code == 3
    (run_id,) = lab.store.ids()
    assert f"Finish them: lab run --resume {run_id}" in said.out
    return run_id


def test_what_is_missing_is_run_and_the_matrix_is_whole(lab: Lab, guests: Guests) -> None:
    run_id = interrupted(lab, guests)
    assert lab("run", "--resume", run_id).code == 0
    assert guests.ran[1] == ["6.12/x86_64", "6.12/parisc"]
    assert lab.store.ids() == (run_id,)
    cells = lab("report", "--json").json["cells"]
    boots = {(cell["claim"], cell["target"]): cell["boot"] for cell in cells}
    assert len(boots) == len(cells) == 6
    assert boots["wipe.zero", "6.12/x86_64"] == 1  # the first verdict stands
    assert boots["fork.copy", "6.12/x86_64"] == 2


def test_the_latest_unfinished_run_is_meant_by_default(lab: Lab, guests: Guests) -> None:
    run_id = interrupted(lab, guests)
    lab("run", "--kernel", "5.10")
    assert len(lab.store.ids()) == 2
    assert lab("run", "--resume").code == 0
    assert guests.ran[2] == ["6.12/x86_64", "6.12/parisc"]
    said = lab("run", "--resume")
    assert said.code == 2
    assert "lacks a cell: there is nothing to resume" in said.err
    assert lab("run", "--resume", run_id).code == 0  # by name it is shown again
    assert guests.ran[3] == []


def test_a_target_that_is_whole_is_left_alone(lab: Lab, guests: Guests) -> None:
    guests.first = {"6.12/parisc": None}
    lab(*WORDS)
    lab("run", "--resume")
    assert guests.ran[1] == ["6.12/parisc"]


def test_a_dry_run_says_what_is_left(lab: Lab, guests: Guests) -> None:
    run_id = interrupted(lab, guests)
    said = lab("run", "--resume", "--dry-run")
    assert said.out.splitlines() == [
        f"run {run_id}: 4 cells left",
        "  6.12/x86_64: 1 cells",
        "  6.12/parisc: 3 cells",
    ]
    assert len(guests.ran) == 1


def test_missing_cells_are_named_beside_json_too(lab: Lab, guests: Guests) -> None:
    guests.first = {"6.12/parisc": None}
    said = lab(*WORDS, "--json")
    assert (said.code, said.json["counts"]["missing"]) == (3, 3)
    assert "wipe.zero, wipe.keep, fork.copy" in said.err
    assert f"lab run --resume {said.json['run']['id']}" in said.err


# ---- what does not fit


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({}, {"version": "6.12.118-1"}, "6.12/x86_64: kernel was 6.12.117-1, and is 6.12.118-1"),
        ({}, {"qemu": "11.0"}, "6.12/x86_64: QEMU was 10.0.2, and is 11.0"),
        ({"hashes": {"suites": "aa"}}, {"hashes": {"suites": "bb"}}, "suites was aa, and is bb"),
    ],
)
def test_another_kernel_than_the_one_recorded_is_refused(
    lab: Lab, guests: Guests, then: dict[str, Any], now: dict[str, Any], said: str
) -> None:
    run = half("6.12/x86_64")
    guests.first = {"6.12/x86_64": replace(run, **{"version": "6.12.117-1", **then})}
    lab(*WORDS)
    guests.now = lambda record: replace(record, **{"version": "6.12.117-1", **then, **now})
    answer = lab("run", "--resume")
    assert answer.code == 2
    assert said in answer.err
    assert "have it as it was, or begin anew with `lab run`" in answer.err
    assert len(guests.ran) == 1  # nothing was booted


def test_suites_that_changed_are_refused(lab: Lab, guests: Guests) -> None:
    interrupted(lab, guests)
    lab.write("guest-tests/wipe/zero.c", "/* another claim */\n")
    answer = lab("run", "--resume")
    assert answer.code == 2
    assert "guest-tests/ was " in answer.err
    assert len(guests.ran) == 1


def test_a_target_that_lab_yaml_knows_no_more_is_refused_by_name(lab: Lab, guests: Guests) -> None:
    interrupted(lab, guests)
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text().replace("6.12", "6.13"))
    answer = lab("run", "--resume")
    assert answer.code == 2
    assert "planned 6.12/x86_64, 6.12/parisc, and lab.yaml has no such target" in answer.err


@pytest.mark.parametrize(
    "words",
    ["--kernel 6.12", "--suite wipe", "--broken lie", "--refresh", "--retries 2", "--times 2"],
)
def test_a_plan_is_not_chosen_again(lab: Lab, guests: Guests, words: str) -> None:
    answer = lab("run", "--resume", *words.split())
    assert answer.code == 2
    assert "--resume does what the run planned" in answer.err


def test_a_run_is_named_only_to_be_resumed(lab: Lab, guests: Guests) -> None:
    answer = lab("run", "20260101T000000Z")
    assert answer.code == 2
    assert "lab run --resume 20260101T000000Z" in answer.err
    assert lab("run", "--resume", "20260101T000000Z").code == 2


def test_a_run_that_still_runs_is_refused_with_who_holds_it(
    lab: Lab, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "_PATIENCE", 0.05)
    run_id = interrupted(lab, guests)
    with lab.store.hold(run_id):
        answer = lab("run", "--resume")
    assert answer.code == 2
    assert f"run {run_id} is still being run by process " in answer.err
    assert len(guests.ran) == 1


def test_it_is_held_while_it_runs(lab: Lab, guests: Guests) -> None:
    held = list[bool]()
    guests.during = lambda work: held.append(
        (work.store.root / work.plan_id / ".holder.json").exists()
    )
    lab(*WORDS)
    assert held == [True]


# ---- retries


def test_retries_are_the_labs_unless_they_are_given(lab: Lab, guests: Guests) -> None:
    works = list[Work]()
    guests.during = works.append
    lab(*WORDS)
    lab(*WORDS, "--retries", "3")
    lab(*WORDS, "--broken", "lie")
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + "retries: 0\n")
    lab(*WORDS)
    assert [work.retries for work in works] == [1, 3, 0, 0]
    assert works[0].rules


def test_a_surprise_that_was_not_repeated_yet_is_owed(lab: Lab, guests: Guests) -> None:
    guests.first = {
        "6.12/x86_64": observed("6.12", "x86_64", SUITES, {"wipe.keep": FAIL}),
        "6.12/parisc": None,
    }
    assert lab(*WORDS).code == 1
    said = lab("run", "--resume", "--dry-run", "--json").json
    assert said["targets"] == {"6.12/x86_64": 1, "6.12/parisc": 3}
