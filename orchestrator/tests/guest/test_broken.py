"""Claims can fail: where the suites lie about the kernel, the claims that should notice do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.images import suites
from orchestrator.images.suites import Variant
from orchestrator.model import Verdict
from orchestrator.results import ktap
from orchestrator.tests.guest.conftest import ROOT, Lab

TARGET = "6.12/x86_64"
GUEST_TESTS = ROOT / "guest-tests"


def quiet(_: str) -> None:
    """Nobody listens."""


def variants() -> list[Variant]:
    return suites.variants(GUEST_TESTS, Cache(), quiet)


def test_the_named_claims_notice() -> None:
    """All lies in one guest: to boot one for each would take minutes."""
    all_variants = variants()
    said = told(all_variants)
    for variant in all_variants:
        got = {result.claim: result.verdict for result in ktap.parse(said[variant.name]).results}
        assert got == dict.fromkeys(variant.claims, Verdict.FAIL), variant.name


def told(all_variants: Sequence[Variant]) -> Mapping[str, str]:
    """What the suite of each variant says of the claims that must notice."""
    lies = suites.build(GUEST_TESTS, ARCHES["x86_64"], Cache(), quiet, broken=True)
    script = "\n".join(f"echo '== {v.name}'; {line(v)}" for v in all_variants)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestrator", "exec", TARGET),
            *("--push", lies.binary("suites"), "--", "sh", "-c", script),
        ],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    parts = (part.partition("\n") for part in f"\n{done.stdout}".split("\n== ")[1:])
    return {name: text for name, _, text in parts}


def line(variant: Variant) -> str:
    only = " ".join(f"--only {claim}" for claim in variant.claims)
    return f"LAB_BROKEN={variant.name} ./{variant.suite} {only}"


def test_a_run_can_be_of_a_variant(lab: Lab) -> None:
    seen = lab.run("--kernel", "6.12", "--arch", "x86_64", "--broken", "keep-instead-of-wipe")
    assert seen.code == 1, seen.errors
    assert seen.verdict("wipeonfork.child-reads-zero", TARGET) == "fail"
    assert seen.verdict("wipeonfork.zero-length-unmapped", TARGET) == "pass"


def test_every_default_suite_has_a_variant() -> None:
    catalogue = suites.catalogue(GUEST_TESTS, Cache(), quiet)
    assert set(catalogue.default) <= {variant.suite for variant in variants()}
