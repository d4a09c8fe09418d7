"""Claims can fail: against a kernel that lies, each suite notices."""

from __future__ import annotations

import pytest

from orchestrator.cache import Cache
from orchestrator.images import suites
from orchestrator.tests.guest.conftest import ROOT, Lab

TARGET = "6.12/x86_64"


def variants() -> list[suites.Variant]:
    """The table of guest-tests/broken.h, as the suites themselves print it."""
    return suites.variants(ROOT / "guest-tests", Cache(), lambda _: None)


@pytest.mark.parametrize("variant", variants(), ids=lambda variant: variant.name)
def test_the_named_claims_notice(lab: Lab, variant: suites.Variant) -> None:
    seen = lab.run(
        "--kernel", "6.12", "--arch", "x86_64",
        "--broken", variant.name, "--suite", variant.suite,
    )  # fmt: skip
    assert seen.code == 1
    for claim in variant.claims:
        assert seen.verdict(claim, TARGET) == "fail", claim


def test_every_default_suite_has_a_variant() -> None:
    catalogue = suites.catalogue(ROOT / "guest-tests", Cache(), lambda _: None)
    assert set(catalogue.default) <= {variant.suite for variant in variants()}
