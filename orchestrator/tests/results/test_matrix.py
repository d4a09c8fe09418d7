"""The matrix is whole, whatever the evidence lacks."""

from __future__ import annotations

from orchestrator.model import Boot, Claim, Ending, Plan, Release, Run, Suite, Verdict
from orchestrator.results import matrix

SUITE = Suite("a", "about a", (Claim("a.one", "…"), Claim("a.two", "…")))
PLAN = Plan("1", "2026-01-01", (("5.10", "arm64"), ("5.10", "parisc"), ("7.2", "arm64")), (SUITE,))


def ran(target: str, text: str) -> Run:
    kernel, arch = target.split("/")
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"a": text})
    return Run(target, kernel, arch, Release.parse(kernel), boots=(boot,))


def test_planned_is_reported_even_for_a_target_without_evidence() -> None:
    runs = {"5.10/arm64": ran("5.10/arm64", "ok 1 a.one\nok 2 a.two\n")}
    built = matrix.build(PLAN, runs, ())
    assert [column.target for column in built.columns] == ["5.10/arm64", "7.2/arm64", "5.10/parisc"]
    assert len(list(built.cells())) == 6
    assert built.tally()[Verdict.MISSING] == 4
    assert all(cell.infra for cell in built.missing())
    assert built.surprises() == ()


def test_a_row_knows_whether_its_targets_agree() -> None:
    runs = {
        f"{kernel}/{arch}": ran(f"{kernel}/{arch}", f"ok 1 a.one\n{word} 2 a.two\n")
        for (kernel, arch), word in zip(PLAN.targets, ("ok", "ok", "not ok"), strict=True)
    }
    built = matrix.build(PLAN, runs, ())
    assert [row.differs for row in built.groups[0].rows] == [False, True]
    found = built.find("a.two", "7.2/arm64")
    assert found is not None
    assert found.surprise
    assert built.find("a.two", "9.9/arm64") is None
