"""A disk that is full while evidence is stored: a file system of its own, with little room."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator.faults.outcome import Outcome, host, unanswered
from orchestrator.faults.place import Place

_ROOM = 24 << 20  # bytes of the file system
_LEFT = (0, 64, 1024)  # KiB that are free when the lab begins: nothing, a plan, a part of a boot


def store_full(target: str, place: Place) -> Iterator[Outcome]:
    """The lab says that the disk is full, and goes on to the end when there is room again."""
    kernel, _, arch = target.rpartition("/")
    claims = ("--claim", "selfcheck.floods-report", "--claim", "selfcheck.pass")
    words = ("--kernel", kernel, "--arch", arch, *claims)
    if os.geteuid():
        yield Outcome("store full", target, "infra", "not tried: to mount takes root")
        return
    for left in _LEFT:
        start = time.monotonic()
        with _small(place.runs):
            filler = place.runs / "filler"
            _fill(filler, left)
            seen = place.run(*words)
            reported = host(seen, "No space left on device")
            filler.unlink()
            begun = any(place.runs.glob("*/plan.json"))
            again = place.run("--resume") if begun else place.run(*words)
        # Outside: whoever asks for no further row leaves no file system mounted.
        yield Outcome(
            f"store full but for {left} KiB",
            target,
            "infra",
            reported,
            unanswered(again),
            place.orphans(),
            time.monotonic() - start,
        )


@contextmanager
def _small(at: Path) -> Iterator[None]:
    at.mkdir(parents=True, exist_ok=True)
    options = f"size={_ROOM}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "faults", str(at)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def _fill(path: Path, left: int) -> None:
    """Take all there is but so many KiB."""
    room = os.statvfs(path.parent)
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - (left << 10))
