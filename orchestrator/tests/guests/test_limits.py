"""All waiting follows from an arch's pace."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from orchestrator.arches import ARCHES
from orchestrator.guests.limits import limits, measured
from orchestrator.model import Arch

ARM64 = ARCHES["arm64"]


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_the_suites_own_runner_speaks_before_we_lose_patience(arch: Arch) -> None:
    found = limits(arch, 2)
    assert found.claim == 2 * arch.pace
    assert found.silence > found.claim
    assert min(astuple(found)) > 0


def test_half_the_pace_is_twice_the_patience() -> None:
    fast, slow = limits(ARM64, 2), limits(replace(ARM64, pace=2 * ARM64.pace), 2)
    assert astuple(slow) == tuple(2 * seconds for seconds in astuple(fast))


def test_a_longer_claim_changes_nothing_about_booting_and_dying() -> None:
    short, long = limits(ARM64, 2), limits(ARM64, 20)
    assert (long.claim, long.silence) == (10 * short.claim, 10 * short.silence)
    assert (long.boot, long.dying) == (short.boot, short.dying)


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_a_boot_as_quick_as_the_row_says_or_quicker_changes_nothing(arch: Arch) -> None:
    found = limits(arch, 2)
    assert measured(found, arch, arch.ready) == found
    assert measured(found, arch, arch.ready / 3) == found


def test_a_boot_of_twice_the_time_is_twice_the_patience() -> None:
    found = limits(ARM64, 2)
    slow = measured(found, ARM64, 2 * ARM64.ready)
    assert slow == replace(
        limits(replace(ARM64, pace=2 * ARM64.pace), 2), boot=found.boot, run=found.run
    )


def test_many_claims_may_time_out_before_the_whole_run_does() -> None:
    found = limits(ARM64, 2)
    assert found.run > 100 * found.silence / 2 + 10 * found.boot
