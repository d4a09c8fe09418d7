"""lab report: what is published, and which earlier run it is held against."""

from __future__ import annotations

import base64
import json
import shutil
import zlib
from pathlib import Path
from unittest.mock import ANY

import pytest

from orchestrator.cli import nights
from orchestrator.cli.made_of import is_current
from orchestrator.cli.workspace import Workspace
from orchestrator.model import Plan, Suite, Verdict
from orchestrator.results.store import Evidence, Store
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed

BOTH = (("5.10", "x86_64"), ("6.12", "x86_64"))
FAIL = (Verdict.FAIL, "wipe.c:10: expected 0, found 7")


def run(
    lab: Lab,
    day: int,
    *,
    targets: tuple[tuple[str, str], ...] = BOTH,
    broken: str = "",
    suites: tuple[Suite, ...] = SUITES[:2],
    fails: bool = False,
) -> str:
    """A run of that day, in which wipe.zero fails or does not."""
    plan = Plan(f"2026010{day}T000000.000000Z", f"2026-01-0{day}", targets, suites, broken=broken)
    seen = {"wipe.zero": FAIL} if fails else {}
    keep(lab.store, plan, *(observed(k, arch, suites, seen) for k, arch in targets))
    return plan.id


def changed(page: Path) -> bool:
    return '<section id="changes">' in page.read_text()


def test_all_of_it_is_published_side_by_side(lab: Lab) -> None:
    name = run(lab, 1)
    lab("report")
    place = Path("reports/html")
    assert sorted(path.name for path in place.iterdir()) == [
        ".made-of",
        f"{name}.html",
        "badge.svg",
        "feed.atom",
        "index.html",
        "latest.html",
        "matrix.json",
        "summary.md",
    ]
    assert json.loads((place / "matrix.json").read_text())["run"]["id"] == name
    assert (place / "latest.html").read_text() == (place / "index.html").read_text()
    assert not changed(place / "index.html")


def test_a_night_is_held_against_the_one_before(lab: Lab) -> None:
    run(lab, 1)
    run(lab, 2, fails=True)
    assert lab("report").code == 1
    place = Path("reports/html")
    assert 'data-was="pass"' in (place / "index.html").read_text()
    assert "<entry>" in (place / "feed.atom").read_text()
    assert "2 regressed" in (place / "summary.md").read_text()


def test_what_is_not_like_it_is_passed_over(lab: Lab) -> None:
    run(lab, 1, fails=True)
    run(lab, 2, targets=BOTH[:1])  # somebody tried one kernel
    run(lab, 3, broken="lie")  # and a lie
    run(lab, 4, suites=SUITES[1:2])  # and one claim of three
    run(lab, 5)
    lab("report")
    page = Path("reports/html/index.html").read_text()
    assert 'Since the run before <span class="tally">20260101T000000.000000Z' in page
    assert 'data-was="fail"' in page


def test_a_part_is_held_against_the_whole(lab: Lab) -> None:
    run(lab, 1, fails=True)
    run(lab, 2, targets=BOTH[:1])
    lab("report")
    assert 'data-was="fail"' in Path("reports/html/index.html").read_text()


def strip(lab: Lab, claim: str = "wipe.zero", target: str = "6.12/x86_64") -> list[str]:
    """How a claim came out on a target in the runs before, as the drawer shows it."""
    page = Path("reports/html/index.html").read_text()
    packed = page.partition('id="details">')[2].partition("<")[0]
    data = json.loads(zlib.decompress(base64.b64decode(packed)))
    row = next(row for row in data["rows"] if row["claim"] == claim)
    column = [column["target"] for column in data["columns"]].index(target)
    found: list[str] = data["pasts"][row["cells"][column].get("past", 0)]
    return found


def test_a_cell_looks_back_to_the_nights_before(lab: Lab) -> None:
    run(lab, 1)
    run(lab, 2, fails=True)
    run(lab, 3, targets=BOTH[:1])  # the other kernel was not tried
    run(lab, 4, broken="lie")  # says nothing
    run(lab, 5, suites=SUITES[1:2])  # nor does one claim of three
    run(lab, 6)
    lab("report")
    assert strip(lab) == ["pass", "fail!", ""]


def test_a_strip_is_bounded_and_of_the_past_alone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nights, "MOST", 2)
    run(lab, 1, fails=True)
    run(lab, 2)
    middle = run(lab, 3)
    run(lab, 4, fails=True)
    lab("report", middle)
    assert strip(lab) == ["fail!", "pass"]
    run(lab, 5)
    lab("report")
    assert strip(lab) == ["pass", "fail!"]


def test_nights_tell_no_more_than_the_run_that_looks_back_to_them(lab: Lab) -> None:
    run(lab, 1, fails=True)
    last = run(lab, 2, targets=BOTH[1:], suites=SUITES[:1])
    space = Workspace(Path("lab.yaml"))
    (night,) = nights.nights(space, space.store.plan(last))
    assert night.words == {"6.12/x86_64": {c.name: ANY for c in SUITES[0].claims}}
    assert night.words["6.12/x86_64"]["wipe.zero"] == "fail!"


def test_the_same_evidence_makes_the_same_page(lab: Lab) -> None:
    run(lab, 1, fails=True)
    run(lab, 2)
    lab("report")
    first = Path("reports/html/index.html").read_bytes()
    (lab.root / "reports" / "runs" / "index.sqlite").unlink()
    shutil.rmtree("reports/html")
    lab("report")
    assert Path("reports/html/index.html").read_bytes() == first


def test_what_the_report_is_made_of_is_known_and_a_rule_is_part_of_it(lab: Lab) -> None:
    name = run(lab, 1)
    space = Workspace(Path("lab.yaml"))
    assert not is_current(space, name)
    lab("report")
    assert is_current(space, name)
    lab.write("guest-tests/fork/expect.yaml", "- {claims: fork.*, want: fail, why: fork(2)}\n")
    assert not is_current(space, name)
    lab("report")
    (lab.store.place(name) / "5.10" / "x86_64" / "boot2").mkdir()
    assert not is_current(space, name)


def test_a_run_before_that_the_index_has_is_not_read_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(lab, 1)
    run(lab, 2, fails=True)
    lab("runs")
    read: list[str] = []
    load = Store.load

    def listen(store: Store, name: str) -> Evidence:
        read.append(name)
        return load(store, name)

    monkeypatch.setattr(Store, "load", listen)
    lab("report")
    assert read == ["latest"]
    assert changed(Path("reports/html/index.html"))
