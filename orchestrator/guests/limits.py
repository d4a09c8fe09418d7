"""How long to wait for what. All of it follows from one number per arch and accelerator: its pace.

An arch's row says the pace of the slowest machine that we support. Each boot then measures the
machine that it really has, at this hour and with this kernel: the time to a guest that answers,
against what the row says it takes at that pace. A slower guest gets more patience, in the same
ratio; a faster one does not get less, since what a boot does fast a claim may do slowly. Nothing
has to be calibrated beforehand or kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from orchestrator.model import Arch

# For QEMU itself to answer. The host's pace, not the guest's: no guest has begun, or none is asked.
MONITOR_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """Seconds on the host's clock."""

    boot: float  # from QEMU's start to a guest that answers
    claim: float  # one claim, watched by the suite's own runner in the guest
    silence: float  # a suite without a word; longer than a claim may take
    dying: float  # from a lost connection to the last line of a splat
    push: float  # for the guest to unpack the suites, or say a word about it
    look: float  # how long a silent guest is watched before it is said what it does
    run: float  # all boots of a target together


def limits(arch: Arch, claim_seconds: float) -> Limits:
    """The limits for an arch. ``claim_seconds`` is what a claim may take at native speed."""
    claim = claim_seconds * arch.pace
    return Limits(
        boot=12 * arch.pace,
        claim=claim,
        silence=2 * claim,
        dying=arch.pace / 2,
        push=6 * arch.pace,
        look=arch.pace / 5,
        # As long as if 180 claims in a row timed out: an hour for 20 s each.
        run=180 * claim,
    )


def measured(limits: Limits, arch: Arch, ready: float, *, booted: bool = True) -> Limits:
    """The limits for a guest that was ready ``ready`` seconds after its start.

    One that did not boot is ready when it answered and was woken. What has begun by then, the
    boot and the run, keeps the limit that it began with.
    """
    slower = max(1.0, ready / (arch.ready if booted else arch.awake or arch.ready))
    return replace(
        limits,
        claim=limits.claim * slower,
        silence=limits.silence * slower,
        dying=limits.dying * slower,
        push=limits.push * slower,
        look=limits.look * slower,
    )
