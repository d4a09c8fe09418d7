"""The morning's summary: short when it may be, and nothing that a guest said acts in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from orchestrator.model import Boot, Ending
from orchestrator.nightly.night import Outcome
from orchestrator.render import mornings
from orchestrator.render.mornings.data import data
from orchestrator.render.mornings.markdown import markdown
from orchestrator.tests.matrices import unreachable
from orchestrator.tests.nights import FAIL, earlier, of, outcome, regressed

OLD = of("6.12.117", {})


def test_a_night_without_news_is_one_line_that_says_where_its_results_are_from() -> None:
    quiet = outcome([OLD], [earlier(OLD, "20261108T020000Z")])
    assert markdown(quiet) == (
        "No news on 2026-11-12: 0 of 1 target measured, the rest in 20261108T020000Z. "
        "Night `20261112T020000Z`.\n"
    )


def test_what_surprises_as_before_is_counted_and_no_news() -> None:
    bad = of("6.12.117", {"wipe.zero": FAIL})
    said = markdown(outcome([bad], [bad]))
    assert said.count("\n") == 1
    assert "1 surprise as before" in said


@pytest.mark.parametrize(
    ("found", "headline"),
    [
        (outcome([OLD], [OLD]), "No news"),
        (outcome([OLD], [of("6.12.118", {})]), "No regression"),
        (replace(outcome([OLD], [OLD]), changes=None), "First night, with nothing to compare"),
        (outcome([of("6.12.1", {"wipe.zero": FAIL})], [OLD]), "No regression; 1 fixed"),
        (outcome([OLD], [OLD], troubles=["x"]), "Trouble with the host"),
        (regressed(), "1 regression on 6.12/x86_64; trouble with the host"),
    ],
)
def test_the_headline_has_what_one_must_know(found: Outcome, headline: str) -> None:
    assert mornings.headline(found) == headline


def test_a_kernel_that_does_not_boot_is_no_trouble_of_the_hosts() -> None:
    never = Boot(1, Ending.SILENT, "the console was silent", seconds=60.0)
    dead = replace(OLD, boots=(never,))
    found = outcome([dead], [replace(dead, boots=(replace(never, origin="1"),))])
    assert not found.infra
    assert mornings.headline(found) == "No news"
    gone = outcome([OLD], [unreachable("6.12", "x86_64")])
    assert gone.infra
    assert mornings.headline(gone) == "No regression; 2 cells not seen"


def test_the_one_who_did_it_comes_first() -> None:
    said = markdown(regressed())
    assert said.index("## Who did it") < said.index("## What changed")
    assert "0123456789ab is the first commit where it is bad" in said
    assert "\n      commit 0123456789ab\n" in said


def test_one_commit_is_shown_once_however_much_it_broke() -> None:
    found = regressed()
    (one,) = found.culprits
    also = [replace(one, claim=f"wipe.claim-{number}") for number in range(8)]
    other = replace(one, claim="wipe.other", suspects=("ba98",), message="commit ba9876543210")
    far = replace(one, target="6.12/parisc")
    said = markdown(replace(found, culprits=(one, *also[:1], other, far, *also[1:])))
    assert said.count("\n      commit 0123456789ab\n") == 2  # once on each target
    assert said.count("\n      commit ba9876543210\n") == 1
    assert "The same, by a bisect each: `wipe.claim-0`, `wipe.claim-1`, " in said
    assert "`wipe.claim-5` and 2 more." in said
    told = data(replace(found, culprits=(one, *also)))["culprits"]
    assert [one["claim"] for one in told if one["found"]] == ["wipe.zero", *(c.claim for c in also)]


def test_so_is_a_release_and_what_nobody_was_found_for_stands_alone() -> None:
    found = regressed()
    (one,) = (replace(culprit, message="") for culprit in found.culprits)
    bad = [replace(one, claim="wipe.keep"), replace(one, claim="wipe.x", suspects=())]
    said = markdown(replace(found, culprits=(one, *bad, replace(bad[1], claim="wipe.y"))))
    assert said.count("**found**") == 1
    assert "The same, by a bisect of its own: `wipe.keep`." in said
    assert said.count("not found") == 2


def test_what_could_not_be_bisected_says_why() -> None:
    found = outcome([OLD], [of("6.12.118", {"wipe.zero": FAIL})])
    assert "not bisected: lab.yaml has the target no more" in markdown(found)
    (one,) = data(found)["culprits"]
    assert (one["found"], one["command"]) == (False, "")


def test_every_column_says_where_it_was_measured() -> None:
    parisc = of("6.12.117", {}, arch="parisc")
    new = of("6.12.118", {}, kernel="new")
    found = outcome(
        [OLD, parisc],
        [OLD, earlier(parisc, "20261108T020000Z"), new],
        after={"new/x86_64": "6.12/x86_64"},
    )
    assert sorted(markdown(found).splitlines()[-3:]) == [
        "| `6.12/parisc` | 6.12.117-1 | `20261108T020000Z` | it would be run with the very same "
        "things |",
        "| `6.12/x86_64` | 6.12.117-1 | tonight | not all of it was settled |",
        "| `new/x86_64` | 6.12.118-1 | tonight | new, after 6.12/x86_64 |",
    ]
    columns = {column["target"]: column for column in data(found)["columns"]}
    assert [target for target, column in columns.items() if not column["tonight"]] == [
        "6.12/parisc"
    ]
    assert columns["6.12/parisc"]["earlier"] == ["20261108T020000Z"]


def test_what_others_said_does_not_act() -> None:
    said = markdown(regressed())
    quoted = [line for line in said.splitlines() if line.startswith("      ")]
    rest = "\n".join(line for line in said.splitlines() if not line.startswith("      "))
    assert not re.search(r"(?<!\\)<", rest)
    assert quoted
    assert all(part not in said for part in ("\x1b", "\x07", "\u202e"))


def test_the_summary_is_among_the_data() -> None:
    found = regressed()
    assert json.loads(json.dumps(data(found)))["text"] == markdown(found)
