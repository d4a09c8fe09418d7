"""lab verify-snapshot: what is run both ways, what is said of it, and the code it deserves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orchestrator import schedule
from orchestrator.model import Run, Snapshot, Start, Target, Verdict
from orchestrator.preparing import Work
from orchestrator.tests.cli.lab import SUITES, Lab, keep_run
from orchestrator.tests.matrices import observed

STATE = Snapshot("ab12", "2026-01-01T00:00:00+00:00", 3.2)
FAIL = (Verdict.FAIL, "wipe.c:10")


class Guests:
    """Stands in for all booting."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], Start]] = []
        self.seen: dict[Start, dict[str, tuple[Verdict, str]]] = {}
        self.saved = True  # whether guests go on from a state when they are to

    def run_all(self, targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
        self.asked.append(([str(target) for target in targets], work.boot))
        state = STATE if self.saved and work.boot is Start.SNAPSHOT else None
        for target in targets:
            seen = self.seen.get(work.boot, {})
            run = observed(target.kernel.name, target.arch.name, SUITES[:2], seen)
            boots = tuple(replace(boot, snapshot=state) for boot in run.boots)
            keep_run(work.store, work.plan_id, replace(run, boots=boots))
        return []


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(schedule, "run_all", made.run_all)
    return made


def test_all_that_can_be_saved_is_run_both_ways(lab: Lab, guests: Guests) -> None:
    said = lab("verify-snapshot")
    assert said.code == 0
    both = ["5.10/x86_64", "6.12/x86_64"]
    assert guests.asked == [(both, Start.COLD), (both, Start.SNAPSHOT)]
    assert said.out.startswith("6 cells compared, 0 differ, 0 unproven\n")
    assert "left out: guests of parisc always boot" in said.err


def test_its_evidence_is_not_taken_for_a_run(lab: Lab, guests: Guests) -> None:
    places = lab("verify-snapshot", "--json").json["runs"]
    assert {str(lab.root / "reports" / "verified")} == {
        place.rpartition("/")[0] for place in places.values()
    }
    assert lab.store.ids() == ()


def test_a_cell_that_differs_is_an_error_that_names_it(lab: Lab, guests: Guests) -> None:
    guests.seen[Start.SNAPSHOT] = {"wipe.zero": FAIL}
    said = lab("verify-snapshot", "--kernel", "6.12")
    assert said.code == 1
    assert said.out.splitlines()[:3] == [
        "differs   wipe.zero@6.12/x86_64",
        "  cold      pass, boot 1",
        "  snapshot  fail, boot 1: wipe.c:10",
    ]
    (one,) = lab("verify-snapshot", "--kernel", "6.12", "--json").json["disagreements"]
    assert one["cell"] == "wipe.zero@6.12/x86_64"


def test_what_did_not_go_on_from_a_state_is_not_proven(lab: Lab, guests: Guests) -> None:
    guests.saved = False
    said = lab("verify-snapshot", "--kernel", "6.12", "--claim", "wipe.zero")
    assert said.code == 3
    assert said.out.splitlines()[0] == "unproven  wipe.zero@6.12/x86_64: pass, boot 1"


def test_guests_that_cannot_be_saved_are_refused(lab: Lab, guests: Guests) -> None:
    said = lab("verify-snapshot", "--arch", "parisc")
    assert said.code == 2
    assert said.err == "guests of parisc always boot: their state cannot be saved\n"
    assert guests.asked == []
