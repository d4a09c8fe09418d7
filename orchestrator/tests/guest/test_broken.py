"""Claims can fail: against a kernel that lies, each suite notices."""

from __future__ import annotations

from orchestrator.cache import Cache
from orchestrator.images import suites
from orchestrator.tests.guest.conftest import ROOT, Lab

TARGET = "6.12/x86_64"
GUEST_TESTS = ROOT / "guest-tests"


def quiet(_: str) -> None:
    """Nobody listens."""


def test_the_named_claims_notice(lab: Lab) -> None:
    unnoticed = []
    for variant in suites.variants(GUEST_TESTS, Cache(), quiet):
        seen = lab.run(
            "--kernel", "6.12", "--arch", "x86_64",
            "--broken", variant.name, "--suite", variant.suite,
        )  # fmt: skip
        assert seen.code == 1, seen.errors
        unnoticed += [c for c in variant.claims if seen.verdict(c, TARGET) != "fail"]
    assert unnoticed == []


def test_every_default_suite_has_a_variant() -> None:
    catalogue = suites.catalogue(GUEST_TESTS, Cache(), quiet)
    variants = suites.variants(GUEST_TESTS, Cache(), quiet)
    assert set(catalogue.default) <= {variant.suite for variant in variants}
