"""lab expect, and what lab check says of a rule whose day has come."""

from __future__ import annotations

import subprocess

import pytest

from orchestrator.model import Plan, Verdict
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed

PLAN = Plan("20260101T000000.000000Z", "2026-01-01", (("6.12", "x86_64"),), SUITES[:2])
FAIL = (Verdict.FAIL, "fork.c:10: expected 0, found 7")
EXPIRED = "- {claims: fork.*, want: pass, why: fork(2), expires: 2020-01-01}\n"


@pytest.fixture
def surprised(lab: Lab) -> Lab:
    keep(lab.store, PLAN, observed("6.12", "x86_64", SUITES[:2], {"fork.copy": FAIL}))
    return lab


def test_an_update_is_an_edit_that_explains_the_run(surprised: Lab) -> None:
    assert surprised("report").code == 1
    said = surprised("expect", "update")
    assert (said.code, f"seen in run {PLAN.id} on 6.12/x86_64" in said.out) == (0, True)
    subprocess.run(
        ["patch", "-p1", "--quiet"], cwd=surprised.root, input=said.out, text=True, check=True
    )
    assert surprised("report").code == 0
    assert surprised("expect", "update").out == ""


def test_an_update_as_json(surprised: Lab) -> None:
    (made,) = surprised("expect", "update", "--json").json
    assert made["suite"] == "fork"


def test_an_expired_rule_is_told(surprised: Lab) -> None:
    assert surprised("expect", "stale").code == 0
    surprised.write("guest-tests/fork/expect.yaml", EXPIRED)
    said = surprised("expect", "stale")
    assert (said.code, "fork/expect.yaml:1:3: expired on 2020-01-01" in said.out) == (1, True)
    checked = surprised("check")
    assert (checked.code, "expired on 2020-01-01" in checked.err) == (2, True)
    assert surprised("report").code == 1  # and changes no verdict


def test_a_rule_that_speaks_of_no_cell_is_listed(surprised: Lab) -> None:
    unused = "- {claims: fork.*, want: absent, until: '4.19', why: x}\n"
    surprised.write("guest-tests/fork/expect.yaml", unused)
    said = surprised("expect", "stale", "--json").json
    assert said["expired"] == []
    assert "guest-tests/fork/expect.yaml:1:3" in said["unused"]
