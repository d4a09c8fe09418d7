"""How long to wait for what, all from one number per arch: its pace."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.model import Arch


@dataclass(frozen=True)
class Limits:
    """Seconds on the host's clock."""

    boot: float  # from QEMU's start to a guest that answers
    claim: float  # one claim, watched by the suite's own runner in the guest
    silence: float  # a suite without a word; longer than a claim may take
    dying: float  # from a lost connection to the last line of a splat


def limits(arch: Arch, claim_seconds: float) -> Limits:
    """The limits for an arch. ``claim_seconds`` is what a claim may take at native speed."""
    claim = claim_seconds * arch.pace
    return Limits(boot=12 * arch.pace, claim=claim, silence=2 * claim, dying=arch.pace / 2)
