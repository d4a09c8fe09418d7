"""lab diff: which runs are meant, which exit code they deserve."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.model import Plan, Verdict
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed

TARGETS = (("5.10", "x86_64"), ("6.12", "x86_64"))
FAIL = (Verdict.FAIL, "wipe.c:10: expected 0, found 7")


def night(lab: Lab, day: int, **seen: dict[str, tuple[Verdict, str]]) -> str:
    """A run of that day; by kernel ("k6.12") what came out there."""
    plan = Plan(
        f"2026010{day}T000000.000000Z", f"2026-01-0{day}T00:00:00+00:00", TARGETS, SUITES[:2]
    )
    runs = (observed(k, arch, SUITES[:2], seen.get(f"k{k}", {})) for k, arch in TARGETS)
    keep(lab.store, plan, *runs)
    return plan.id


@pytest.fixture
def nights(lab: Lab) -> Lab:
    """Good, bad, good again."""
    night(lab, 1)
    night(lab, 2, **{"k6.12": {"wipe.zero": FAIL}})
    night(lab, 3)
    return lab


def test_a_regression_is_1_and_a_fix_is_0(nights: Lab) -> None:
    worse = nights("diff", "latest~2", "latest~1")
    assert (worse.code, "1 regressed" in worse.out) == (1, True)
    better = nights("diff")
    assert (better.code, "1 fixed" in better.out) == (0, True)
    assert nights("diff", "latest~2", "--json").json["changes"] == []


def test_two_kernels_of_a_run(nights: Lab) -> None:
    said = nights("diff", "latest~1", "--kernel", "5.10", "6.12", "--json")
    (change,) = said.json["changes"]
    assert (said.code, change["kind"]) == (1, "regressed")
    assert (change["old"]["target"], change["new"]["target"]) == ("5.10/x86_64", "6.12/x86_64")
    assert nights("diff", "--kernel", "5.10", "6.12").code == 0


def test_two_kernels_of_two_runs(nights: Lab) -> None:
    said = nights("diff", "latest~2", "latest~1", "--kernel", "5.10", "6.12", "--json")
    assert said.json["regressions"] == 1


def test_markdown(nights: Lab) -> None:
    said = nights("diff", "latest~2", "latest~1", "--markdown")
    assert (said.code, "### Regressed" in said.out) == (1, True)


def test_a_rule_of_today_speaks_about_both(nights: Lab) -> None:
    rules = nights.root / "guest-tests" / "wipe" / "expect.yaml"
    known = "- {claims: wipe.zero, want: fail, since: '6.12', why: bug 2, reproducer: zero.c}\n"
    rules.write_text(rules.read_text() + known)
    assert nights("diff", "latest~2", "latest~1").code == 0


def test_a_kernel_that_the_run_has_not_is_2(nights: Lab) -> None:
    said = nights("diff", "--kernel", "6.1", "6.12")
    assert said.code == 2
    assert "there are: 5.10, 6.12" in said.err


@pytest.mark.parametrize("name", ["latest~3", "latest~x", "latest~", "2026"])
def test_a_run_that_is_not_there_is_2(nights: Lab, name: str) -> None:
    assert nights("diff", name).code == 2


def test_a_run_is_named_so_everywhere(nights: Lab) -> None:
    assert nights("report", "latest~1").code == 1
    assert nights("show", "wipe.zero@6.12/x86_64", "--run", "latest~1").out != ""


def test_a_column_that_moved_is_told(nights: Lab) -> None:
    run = replace(observed("6.12", "x86_64", SUITES[:2], {}), version="6.12.118-1")
    plan = Plan("20260104T000000.000000Z", "2026-01-04", (TARGETS[1],), SUITES[:2])
    keep(nights.store, plan, run)
    said = nights("diff")
    assert "6.12.117-1 → 6.12.118-1" in said.out
    assert "gone targets" in said.out
