"""lab run a second time: nothing is done twice, and nothing is passed off as done again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from orchestrator import preparing, runner
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.kernels import KernelFiles
from orchestrator.model import Boot, Ending, Release, Result, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.results.store import read_ktap
from orchestrator.tests.cli.lab import SUITES, Lab
from orchestrator.tests.matrices import ktap

ONE = ("run", "--kernel", "6.12", "--arch", "x86_64")


class Guests:
    """Stands in for all that is fetched, built and booted."""

    def __init__(self, place: Path) -> None:
        self.booted: list[str] = []  # the suites of each boot
        self.suites = {"wipe": "1", "fork": "1"}  # what is in them
        self.at_hand = True
        self.seen: dict[str, tuple[Verdict, str]] = {}
        self._file = place / "vmlinux"
        self._file.write_text("CONFIG_KSM=y\n")

    def parts(self, target: Target, work: Work) -> Parts:
        hashes = {"vmlinux": str(target)}
        kernel = KernelFiles(
            Release(6, 12, 9), "6.12.9-1", "", self._file, self._file, None, hashes, ()
        )
        streams = {"suites": self._file}
        return Parts(target, kernel, self._file, streams, "10.0", suites=self.suites)

    def foreseen(self, target: Target, work: Work) -> Parts | None:
        return self.parts(target, work) if self.at_hand else None

    def live(
        self, number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path
    ) -> Boot:
        self.booted.append(" ".join(errand.suite for errand in errands))
        for errand in errands:
            (claims,) = (one.claims for one in SUITES if one.name == errand.suite)
            (directory / f"{errand.suite}.ktap").write_text(ktap(claims, self.seen))
            for claim in claims:
                equipment.on_result(Result(claim.name, Verdict.PASS))
        return Boot(number, Ending.DONE, ready=1.0, ktap=read_ktap(directory))


@pytest.fixture
def guests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests(tmp_path)
    monkeypatch.setattr(preparing, "prepare", made.parts)
    monkeypatch.setattr(preparing, "foreseen", made.foreseen)
    monkeypatch.setattr(runner, "live", made.live)
    return made


def test_nothing_changed_is_no_run_and_said(lab: Lab, guests: Guests) -> None:
    first = lab(*ONE)
    again = lab(*ONE)
    (run,) = lab.store.ids()
    assert (first.code, again.code) == (0, 0)
    assert guests.booted == ["wipe fork"]
    assert again.out == first.out + (
        f"Nothing changed since run {run}, and nothing was measured now; `lab run --fresh` does\n"
    )


def test_as_json_it_is_what_the_run_came_to(lab: Lab, guests: Guests) -> None:
    first = lab(*ONE, "--json")
    again = lab(*ONE, "--json")
    assert again.json == first.json
    assert "nothing was measured now" in again.err


def test_fresh_insists(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    said = lab(*ONE, "--fresh", "--json")
    assert guests.booted == ["wipe fork"] * 2
    assert {cell["origin"] for cell in said.json["cells"]} == {""}


def test_a_changed_suite_is_run_and_no_other(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    guests.suites = {**guests.suites, "fork": "2"}
    said = lab(*ONE, "--json")
    old, new = lab.store.ids()
    assert guests.booted == ["wipe fork", "fork"]
    assert {cell["claim"]: cell["origin"] for cell in said.json["cells"]} == {
        "wipe.zero": old,
        "wipe.keep": old,
        "fork.copy": "",
    }
    assert said.json["run"]["id"] == new
    assert said.json["counts"]["earlier"] == 2
    lab(*ONE)
    assert lab.store.ids() == (old, new)


def test_a_kernel_that_must_be_fetched_does_not_keep_the_rest_from_being_known(
    lab: Lab, guests: Guests
) -> None:
    lab(*ONE)
    guests.at_hand = False
    said = lab("run", "--kernel", "6.12")
    (old, _) = lab.store.ids()
    assert f"6.12/x86_64: 0/3 claims answered, the others by run {old}" in said.err
    assert "6.12/parisc: 3/3 claims answered\n" in said.err
    assert guests.booted == ["wipe fork", "wipe fork", "wipe"]  # of x86_64; of parisc, and again
    assert f"3 cells are as in run {old}, and were not measured now" in said.out


def test_a_changed_rule_only_judges_again(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    lab.write("guest-tests/fork/expect.yaml", "- {claims: fork.*, want: absent, why: fork(2)}\n")
    said = lab(*ONE)
    assert said.code == 1
    assert guests.booted == ["wipe fork"]
    assert "nothing was measured now" in said.out
    page = (lab.root / "reports" / "html" / "index.html").read_text()
    assert "surprise" in page
    assert lab("report").out in said.out


def test_a_lie_is_seen_every_time(lab: Lab, guests: Guests) -> None:
    for _ in range(2):
        lab(*ONE, "--broken", "lie")
    assert guests.booted == ["wipe"] * 2


def test_what_is_to_be_tried_often_is_not_taken_over(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    lab(*ONE, "--times", "3")
    assert guests.booted == ["wipe fork"] * 4
    assert {len(cell["attempts"]) for cell in lab("report", "--json").json["cells"]} == {3}


def test_what_was_an_error_is_asked_again(lab: Lab, guests: Guests) -> None:
    guests.seen = {"wipe.keep": (Verdict.ERROR, "no memory")}
    lab(*ONE, "--retries", "0")
    guests.seen = {}
    said = lab(*ONE)
    assert said.code == 0
    assert guests.booted == ["wipe fork", "wipe"]


def test_a_cell_says_in_which_run_it_was_measured(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    guests.suites = {**guests.suites, "fork": "2"}
    lab(*ONE)
    old, _ = lab.store.ids()
    said = lab("show", "wipe.zero@6.12/x86_64").out
    assert f"in run {old}, and not again since" in said
    assert "not again since" not in lab("show", "fork.copy@6.12/x86_64").out


def test_it_is_one_observation_in_its_history(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    guests.suites = {**guests.suites, "fork": "2"}
    lab(*ONE)
    old, new = lab.store.ids()
    (line,) = lab("history", "wipe.zero", "--json").json["targets"]
    assert [(entry["run"], entry["origin"]) for entry in line["entries"]] == [(old, ""), (new, old)]
    (row,) = [row for row in lab("history", "wipe.zero").out.splitlines() if "6.12/x86_64" in row]
    assert row.split()[-2] == "1"


def test_the_earlier_run_may_go(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    guests.suites = {**guests.suites, "fork": "2"}
    before = lab(*ONE, "--json").json
    lab.store.remove(lab.store.ids()[0])
    assert lab("report", "--json").json == before


def test_evidence_that_is_gone_is_measured_again(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    (old,) = lab.store.ids()
    guests.suites = {**guests.suites, "fork": "2"}
    shutil.rmtree(lab.store.place(old) / "6.12" / "x86_64")
    assert lab(*ONE).code == 0
    assert guests.booted == ["wipe fork", "wipe fork"]


def test_without_an_index_all_is_measured(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    index = lab.store.root / "index.sqlite"
    for path in lab.store.root.glob("index.sqlite*"):
        path.unlink()
    index.mkdir()
    said = lab(*ONE)
    assert said.code == 0
    assert guests.booted == ["wipe fork", "wipe fork"]
    assert "index.sqlite" in said.err


def test_what_is_resumed_is_measured_in_any_case(lab: Lab, guests: Guests) -> None:
    lab(*ONE)
    assert lab("run", "--resume", "--fresh").code == 2
