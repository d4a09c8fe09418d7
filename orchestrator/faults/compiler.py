"""A compiler that the host's kernel kills, as it does when memory runs out."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

from orchestrator.arches import ARCHES
from orchestrator.faults.outcome import Outcome, of_host
from orchestrator.faults.place import Place

_CAUSE = "most likely because memory ran out"


def compiler_killed(target: str, place: Place) -> Iterator[Outcome]:
    """While the suites of a target are built, and while its kernel is."""
    kernel, _, arch = target.rpartition("/")
    words = ("--kernel", kernel, "--arch", arch, "--suite", "boot")
    for what, kinds in (("suites", ("suites",)), ("a kernel", ("kernels", "found", "trees"))):
        start = time.monotonic()
        cache = place.own_cache(*kinds)
        with place.running(*words, LAB_CACHE=str(cache)) as lab:
            _kill_compilers(place, ARCHES[arch].triplet, lab)
        seen = place.seen(lab.returncode)
        yield of_host(
            f"compiler of {what} killed",
            target,
            seen,
            _CAUSE,
            orphans=place.orphans(),
            seconds=time.monotonic() - start,
        )


def _kill_compilers(place: Place, triplet: str, lab: subprocess.Popen[str]) -> None:
    """All that run at one moment; where memory is short, the next one is killed as well."""
    while lab.poll() is None:
        for process in place.compilers(triplet):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)
