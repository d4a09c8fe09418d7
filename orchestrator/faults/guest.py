"""Faults of guests: claims of guest-tests/selfcheck that take a guest down or lie to the host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.faults.outcome import Outcome, unexplained, verdict
from orchestrator.faults.place import Place

_AFTER = ("selfcheck.pass", "boot.userspace")  # to be answered whatever was before them
_SCRIPT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class GuestFault:
    """A claim, the verdict that it should get, and what its note should match."""

    claim: str
    expected: str
    note: str = ""


FAULTS = (
    GuestFault("panic", "panic", "sysrq triggered crash"),
    GuestFault("reset", "panic", "without a word"),
    GuestFault("hang", "timeout", "the guest sleeps"),
    GuestFault("spin", "timeout", "the guest spins"),
    GuestFault("kills-ssh-server", "error", "keeping dropbear alive"),
    GuestFault("timeout", "timeout"),
    GuestFault("killed", "fail", "SIGBUS"),
    GuestFault("kills-its-group", "fail", "SIGKILL"),
    GuestFault("error-no-verdict", "error"),
    GuestFault("error-scribbles", "error"),
    GuestFault("eats-memory", "error", "out of memory"),
    GuestFault("kernel-warns", "pass"),
    GuestFault("kernel-warned-once", "pass"),
    GuestFault("floods-report", "pass"),
    GuestFault("forges-report", "fail", "script"),
    GuestFault("kills-runner", "error", "the suite ended"),
)


def guest_faults(target: str, place: Place) -> Iterator[Outcome]:
    """All of them in one run of a target: a column must outlive each of its deaths."""
    kernel, _, arch = target.rpartition("/")
    claims = [f"selfcheck.{fault.claim}" for fault in FAULTS]
    words = [word for claim in (*claims, *_AFTER) for word in ("--claim", claim)]
    start = time.monotonic()
    seen = place.run("--retries", "0", "--kernel", kernel, "--arch", arch, *words)
    seconds = (time.monotonic() - start) / len(FAULTS)
    orphans = place.orphans()
    for fault, claim in zip(FAULTS, claims, strict=True):
        reported = verdict(seen, claim, fault.note)
        yield Outcome(fault.claim, target, fault.expected, reported, seconds=seconds)
    after = [verdict(seen, claim, "") for claim in _AFTER]
    reported = "pass" if set(after) == {"pass"} else ", ".join(after)
    lost = unexplained(seen)
    yield Outcome("the claims after them", target, "pass", reported, lost, orphans)
    yield Outcome("escapes and markup", target, "harmless", harmless(place))


def harmless(place: Place) -> str:
    """Whether what a guest said acts neither on a terminal nor in the page."""
    with place.started("show", "selfcheck.forges-report@" + _target(place)) as process:
        process.wait()
    shown = (place.root / "output").read_text()
    if "script" not in shown or any(char in shown for char in "\x1b\x07\x9b"):
        return "it acts on the terminal"
    if _SCRIPT in (place.root / "html" / "index.html").read_text():
        return "it acts in the page"
    return "harmless"


def _target(place: Place) -> str:
    run = max(place.runs.glob("*/plan.json")).parent
    return next(str(p.parent.relative_to(run)) for p in sorted(run.glob("*/*/run.json")))
