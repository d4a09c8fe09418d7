"""The page of all claims, and the same as data."""

from __future__ import annotations

from orchestrator.model import Claim, Release, Rule, Suite, Verdict
from orchestrator.render import catalogue

SUITES = (
    Suite(
        "wipe",
        "Memory that a child finds empty.",
        (
            Claim("wipe.zeros", "a child reads zeros | nothing else", "wipe/basic.c", 7),
            Claim("wipe.flag", "the child's mapping has the flag", "wipe/flag.c", 9),
        ),
    ),
)
RULES = (
    Rule(("wipe.*",), Verdict.PASS, "d2cd9ede6e19,\nmadvise(2)", since=Release(4, 14)),
    Rule(
        ("wipe.flag",),
        Verdict.FAIL,
        "a bug",
        until=Release(6, 9),
        backports=(Release(6, 1, 99),),
        arches=("parisc",),
        config=(("KSM", False), ("MMU", True)),
    ),
    Rule(("other.*",), Verdict.PASS, "of another suite"),
)


def test_every_claim_stands_with_the_numbers_of_its_rules() -> None:
    page = catalogue.markdown(SUITES, RULES)
    zeros = "a child reads zeros &#124; nothing else"
    assert f"| [`zeros`](../guest-tests/wipe/basic.c) | {zeros} | 1 |" in page
    assert (
        "| [`flag`](../guest-tests/wipe/flag.c) | the child's mapping has the flag | 1, 2 |" in page
    )


def test_every_rule_stands_with_its_scope_and_its_reason() -> None:
    page = catalogue.markdown(SUITES, RULES)
    assert "1. **pass** since 4.14: `*` — d2cd9ede6e19, madvise(2)\n" in page
    assert (
        "2. **fail** until 6.9, with backports in 6.1.99, on parisc, without KSM, with MMU: "
        "`flag` — a bug\n" in page
    )
    assert "of another suite" not in page


def test_a_line_that_moves_does_not_change_the_page() -> None:
    claim = SUITES[0].claims[0]
    moved = (Suite("wipe", SUITES[0].about, (Claim(claim.name, claim.text, claim.file, 99),)),)
    still = (Suite("wipe", SUITES[0].about, (claim,)),)
    assert catalogue.markdown(moved, RULES) == catalogue.markdown(still, RULES)


def test_data_has_the_rules_in_their_order() -> None:
    zeros, flag = catalogue.data(SUITES, RULES)
    assert [rule["want"] for rule in flag["rules"]] == ["pass", "fail"]
    assert flag["rules"][1]["config"] == {"KSM": False, "MMU": True}
    assert (zeros["at"], zeros["rules"][0]["since"]) == ("wipe/basic.c:7", "4.14")


def test_a_promise_comes_from_the_first_rule_about_it() -> None:
    assert catalogue.source(SUITES[0].claims[1], RULES).startswith("d2cd9ede6e19")
    assert catalogue.source(Claim("none.at-all", "nobody knows"), RULES) == ""
