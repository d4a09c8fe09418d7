"""The verbs about all runs: runs, history, compat, index, gc."""

from __future__ import annotations

import pytest

from orchestrator.model import Plan, Verdict
from orchestrator.nightly.record import Column, Night, Nights
from orchestrator.results import index
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed

TARGETS = (("5.10", "x86_64"), ("6.12", "x86_64"))
FAIL = (Verdict.FAIL, "wipe.c:10: expected 0, found 7")
NIGHTS = tuple(f"2026010{day}T000000.000000Z" for day in (1, 2, 3))


@pytest.fixture
def nights(lab: Lab) -> Lab:
    """Three; in the second a claim fails on the newer kernel."""
    for run in NIGHTS:
        bad = {"wipe.zero": FAIL} if run == NIGHTS[1] else {}
        runs = (
            observed(k, a, SUITES[:2], bad if k == "6.12" else {"wipe.zero": (Verdict.ABSENT, "")})
            for k, a in TARGETS
        )
        keep(lab.store, Plan(run, "2026-01-01", TARGETS, SUITES[:2]), *runs)
    return lab


def test_runs(nights: Lab) -> None:
    said = nights("runs", "--json").json
    assert [run["id"] for run in said["runs"]] == list(NIGHTS)
    assert {(run["targets"], run["claims"]) for run in said["runs"]} == {(2, 3)}
    assert NIGHTS[0] in nights("runs").out


def test_a_damaged_run_is_listed_and_told(nights: Lab) -> None:
    nights.write(f"reports/runs/{NIGHTS[1]}/plan.json", "{")
    said = nights("runs")
    assert said.code == 0
    assert f"run {NIGHTS[1]} is left out" in said.err
    assert "damaged" in said.out


def test_of_many_damaged_runs_some_are_named(nights: Lab) -> None:
    for night in range(8):
        nights.write(f"reports/runs/{night}/plan.json", "{")
    said = nights("runs").err
    assert (said.count("is left out"), "3 more runs left out" in said) == (5, True)


def test_history_says_when_it_changed(nights: Lab) -> None:
    said = nights("history", "wipe.zero", "--json").json
    old, new = said["targets"]
    assert (old["target"], old["last_changed"]) == ("5.10/x86_64", None)
    assert [entry["got"] for entry in new["entries"]] == ["pass", "fail", "pass"]
    assert (new["first_seen"], new["last_changed"]) == (NIGHTS[0], NIGHTS[2])
    assert f"last changed in {NIGHTS[2]}, on 6.12/x86_64" in nights("history", "wipe.zero").out


def test_history_of_what_nobody_tried_is_2(nights: Lab) -> None:
    said = nights("history", "wipe.zeros")
    assert (said.code, "did you mean 'wipe.zero'" in said.err) == (2, True)
    assert nights("history", "wipe.zero", "--arch", "parisc").code == 2


def test_compat_has_the_runs_that_prove_it(nights: Lab) -> None:
    said = nights("compat", "wipe.*", "--json").json["claims"]["wipe.zero"]["x86_64"]
    assert said["since"] == {"release": "6.12.117", "exact": True, "run": NIGHTS[2]}
    assert said["changed"][0]["before"] == {
        "release": "5.10.262", "support": "absent", "run": NIGHTS[2],
    }  # fmt: skip
    assert "absent until 5.10.262, kept since 6.12.117" in nights("compat").out
    assert nights("compat", "nothing.*").code == 2


def test_a_backport_is_named_as_such(nights: Lab) -> None:
    nights.write(
        "guest-tests/fork/expect.yaml",
        "- {claims: fork.*, want: absent, until: '6.13', why: since 6.13}\n",
    )
    assert "present in 5.10.262, 6.12.117, mainline since 6.13" in nights("compat", "fork.*").out


def test_the_index_made_anew_answers_byte_for_byte(nights: Lab) -> None:
    asked = (["history", "wipe.zero", "--json"], ["compat", "--json"], ["diff", "--json"])
    before = [nights(*words).out for words in asked]
    assert "3 runs read" in nights("index", "--rebuild").out
    assert "0 runs read" in nights("index").out
    assert [nights(*words).out for words in asked] == before


def test_gc_says_what_would_go_and_removes_nothing(nights: Lab) -> None:
    said = nights("gc", "--keep", "30d", "--dry-run")
    assert said.out.splitlines() == [NIGHTS[0], NIGHTS[1], "2 runs would be removed, 1 kept"]
    assert nights.store.ids() == NIGHTS


def test_gc_keeps_what_a_rule_or_a_bisect_cites(nights: Lab) -> None:
    rule = f"- {{claims: wipe.*, want: pass, why: 'madvise(2), and run {NIGHTS[0]}'}}\n"
    nights.write("guest-tests/wipe/expect.yaml", rule)
    assert nights("gc", "--keep", "1d", "--json").json["removed"] == [NIGHTS[1]]
    assert nights.store.ids() == (NIGHTS[0], NIGHTS[2])
    nights.write("guest-tests/wipe/expect.yaml", "- {claims: wipe.*, want: pass, why: x}\n")
    nights.write("reports/bisects/1/bisect.json", f'{{"good": "{NIGHTS[0]}"}}')
    assert nights("gc", "--keep", "1d").out == "0 runs removed, 2 kept\n"


def test_gc_leaves_a_run_alone_that_a_lab_is_at(nights: Lab) -> None:
    with nights.store.hold(NIGHTS[0]):
        assert nights("gc", "--keep", "1d", "--json").json["removed"] == [NIGHTS[1]]


def test_what_gc_removed_is_not_in_the_index(nights: Lab) -> None:
    nights("runs")
    nights("gc", "--keep", "1d")
    assert [run["id"] for run in nights("runs", "--json").json["runs"]] == [NIGHTS[2]]


@pytest.mark.parametrize("form", ["ktap", "junit", "kcidb", "markdown", "csv"])
def test_a_run_for_other_tools_on_the_screen_and_in_a_file(nights: Lab, form: str) -> None:
    said = nights("export", "latest~1", "--format", form)
    assert (said.code, "zero" in said.out) == (0, True)
    assert nights("export", "latest~1", "--format", form, "-o", "out").code == 0
    assert (nights.root / "out").read_bytes().decode() == said.out


def test_an_export_that_cannot_be_written_is_3(nights: Lab) -> None:
    assert nights("export", "-o", "no/such/directory/out").code == 3


def test_an_age_that_is_none_is_2(nights: Lab) -> None:
    assert nights("gc", "--keep", "soon").code == 2


def test_an_index_that_is_broken_is_3_and_mended_by_what_is_said(nights: Lab) -> None:
    nights.write(f"reports/runs/{index.NAME}", "no database" * 99)
    said = nights("history", "wipe.zero")
    assert (said.code, "lab index --rebuild" in said.err) == (3, True)
    assert nights("index", "--rebuild").code == 0
    assert nights("history", "wipe.zero").code == 0


def test_gc_keeps_what_the_next_night_is_held_against(nights: Lab) -> None:
    there = Nights(nights.root / "reports" / "nights")
    for run in NIGHTS:  # the last two could not see one of the targets
        there.keep_summary(run, "", "")
        columns = (Column("6.12/x86_64", run == NIGHTS[0]), Column("5.10/x86_64", whole=True))
        there.keep(Night(run, "2026-01-01", False, columns))
    said = nights("gc", "--keep", "30d", "--json").json
    assert said["removed"] == [NIGHTS[1]]
    assert said["nights"] == [NIGHTS[1]]
    assert there.ids() == (NIGHTS[0], NIGHTS[2])
    assert nights("gc", "--keep", "30d").out == "0 runs removed, 2 kept\n"
