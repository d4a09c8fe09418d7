"""One diff, four ways to show it: all of them say the same, and none can be made to act."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from orchestrator.model import Rule, Verdict
from orchestrator.render import diffs
from orchestrator.render.diffs.data import data
from orchestrator.render.diffs.markdown import markdown
from orchestrator.render.diffs.terminal import terminal
from orchestrator.results.diff import Diff, Kind, diff
from orchestrator.tests.matrices import HOSTILE, judged, observed, suite, unreachable

ODD = suite("odd", "one", "two", "three")
FAIL = (Verdict.FAIL, "odd.c:1: expected 0")


def painted(found: Diff) -> str:
    out = io.StringIO()
    Console(file=out, width=120).print(terminal(found))
    return out.getvalue()


@pytest.fixture
def found() -> Diff:
    """A regression on two targets, a known one, a fix, a lost column, a newer kernel."""
    known = Rule(("odd.three",), Verdict.FAIL, "bug 7", place="odd.yaml:3")
    calm = [observed(kernel, "x86_64", (ODD,), {}) for kernel in ("6.1", "6.12", "7.2")]
    fixed = observed("6.12", "x86_64", (ODD,), {"odd.two": FAIL})
    old = [replace(calm[0], version="6.1.1-1"), fixed, calm[2]]
    bad = {"odd.one": FAIL, "odd.three": FAIL}
    new = [
        replace(observed("6.1", "x86_64", (ODD,), bad), version="6.1.2-1"),
        observed("6.12", "x86_64", (ODD,), {"odd.one": FAIL}),
        unreachable("7.2", "x86_64"),
    ]
    return diff(judged((ODD,), old, (known,)), judged((ODD,), new, (known,)))


def test_the_same_on_several_targets_is_told_once(found: Diff) -> None:
    regressed = diffs.stories(found, Kind.REGRESSED)
    assert [(story.claims, story.targets) for story in regressed] == [
        (("odd.one",), ("6.1/x86_64", "6.12/x86_64")),
        (("odd.three",), ("6.1/x86_64",)),
    ]
    (lost,) = diffs.stories(found, Kind.UNSEEN)
    assert lost.claims == ("odd.one", "odd.two", "odd.three")


def test_what_it_came_to(found: Diff) -> None:
    assert diffs.summary(found) == (
        "9 cells compared: 3 regressed, 1 fixed, 3 with a verdict in one of the two only; "
        "2 regressions that no rule wants"
    )
    assert diffs.moves(found) == (("6.1/x86_64", "6.1.1-1 → 6.1.2-1"),)


def test_a_night_without_news_says_so_in_a_line() -> None:
    same = judged((ODD,), (observed("6.1", "x86_64", (ODD,), {}),))
    assert diffs.summary(diff(same, same)) == "3 cells compared: no news"


def test_the_terminal_and_markdown_name_every_claim_and_target(found: Diff) -> None:
    for shown in (painted(found), markdown(found)):
        for word in ("odd.one", "odd.three", "6.12/x86_64", "6.1.1-1 → 6.1.2-1", "expected 0"):
            assert word in shown
        assert "2 regressions that no rule wants" in shown
    assert "fail (known)" in markdown(found)
    assert "missing (infra)" in markdown(found)


def test_data_has_every_change_and_counts_that_add_up(found: Diff) -> None:
    values = data(found)
    assert json.loads(json.dumps(values)) == values
    assert sum(values["counts"].values()) == len(values["changes"]) == 7
    assert values["regressions"] == sum(change["regression"] for change in values["changes"]) == 2
    assert values["moved"][0]["new"]["version"] == "6.1.2-1"


def test_what_a_guest_says_acts_nowhere() -> None:
    calm = observed("6.1", "x86_64", (ODD,), {})
    hostile = observed("6.1", "x86_64", (ODD,), {"odd.one": (Verdict.FAIL, HOSTILE + "| a `b`")})
    found = diff(judged((ODD,), (calm,)), judged((ODD,), (hostile,)))
    assert "\x1b" not in painted(found)
    row = next(line for line in markdown(found).splitlines() if "odd.one" in line)
    assert "\x1b" not in row
    assert r"\<img" in row
    assert r"\| a \`b\`" in row
