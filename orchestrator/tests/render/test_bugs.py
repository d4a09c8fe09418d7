"""The page of known kernel bugs."""

from __future__ import annotations

from orchestrator.model import Release, Rule, Verdict
from orchestrator.render import bugs

CODE = """\
// SPDX-License-Identifier: MIT
/*
 * A child of a wiped range
 * reads what it should not.
 *
 * Run as root.
 */
int main(void) { return 1; }
"""
RULES = (
    Rule(("a.one",), Verdict.FAIL, "since\nab12", since=Release(7, 0), reproducer="wipe.c"),
    Rule(("a.two", "a.three"), Verdict.PANIC, "cd34", arches=("parisc",), reproducer="wipe.c"),
    Rule(("a.four",), Verdict.PASS, "no bug"),
    Rule(("selfcheck.fail",), Verdict.FAIL, "on purpose, and so without a program"),
)


def test_rules_with_the_same_program_are_one_bug() -> None:
    (bug,) = bugs.bugs(RULES, {"wipe.c": CODE, "other.c": CODE})
    assert bug.title == "A child of a wiped range reads what it should not."
    assert bug.rules == RULES[:2]


def test_the_page_has_kernels_claims_reasons_and_the_program() -> None:
    page = bugs.markdown(bugs.bugs(RULES, {"wipe.c": CODE}))
    assert "\n## A child of a wiped range reads what it should not.\n" in page
    assert "- Kernels: since 7.0. Claims: `a.one`.\n  since ab12\n" in page
    assert "- Kernels: on parisc. Claims: `a.two`, `a.three`.\n  cd34\n" in page
    assert f"```c\n{CODE.rstrip()}\n```\n" in page


def test_data_is_the_same_in_short() -> None:
    assert bugs.data(bugs.bugs(RULES, {"wipe.c": CODE})) == [
        {
            "bug": "A child of a wiped range reads what it should not.",
            "kernels": ["since 7.0", "on parisc"],
            "claims": ["a.one", "a.two", "a.three"],
            "reproducer": "guest-tests/reproducers/wipe.c",
        }
    ]
