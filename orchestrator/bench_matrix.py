"""make bench-matrix: the whole matrix on warm caches, beside what its guests alone would take.

Every target is booted cold and runs all suites (`lab run --fresh --boot cold`). The guests' CPU
seconds, shared out to this machine's cores, are the least that it could take; what the lab's own
process uses on top is told apart. Then the same again, with nothing changed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.bench_call import call
from orchestrator.cli import main as lab


@dataclass(frozen=True)
class Figures:
    """Of a whole run, in seconds."""

    seconds: float
    cores: int
    guests: float  # CPU of all that the lab has started: its guests, and little besides
    lab: float  # CPU of the lab's own process
    unchanged: float  # the same run again, with nothing changed; the median

    @property
    def over_guests(self) -> float:
        """The run to its guests' CPU on all cores."""
        return self.seconds * self.cores / self.guests

    @property
    def share(self) -> float:
        """The lab's CPU to its guests'."""
        return self.lab / self.guests


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print; --json for programs."""
    parser = argparse.ArgumentParser(prog="make bench-matrix", description=__doc__)
    parser.add_argument("--file", default="lab.yaml", help="the lab to run")
    parser.add_argument("--times", type=int, default=5, help="how often with nothing changed")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.inside:
        _inside(options.file, options.inside)
        return
    with tempfile.TemporaryDirectory() as scratch:
        found = _measured(options.file, Path(scratch), options.times)
    if options.json:
        told = {**asdict(found), "over_guests": found.over_guests, "share": found.share}
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return
    for what, figure in (
        ("the whole matrix, s", f"{found.seconds:.1f}"),
        (f"its guests' CPU, s, on {found.cores} cores", f"{found.guests:.1f}"),
        ("the run to that", f"{found.over_guests:.2f}"),
        ("the lab's own CPU, s", f"{found.lab:.1f}"),
        ("that to the guests'", f"{found.share:.1%}"),
        ("nothing changed, s", f"{found.unchanged:.2f}"),
    ):
        sys.stdout.write(f"{what:32} {figure:>8}\n")


def _measured(file: str, scratch: Path, times: int) -> Figures:
    program = (sys.executable, "-m", "orchestrator", "-f", file)
    told = scratch / "told"
    # All that must be there first: what is fetched or built, and how long each target takes.
    call((*program, "run", "--boot", "cold"), scratch / "runs")
    whole = call(
        (sys.executable, "-m", __spec__.name, "--file", file, "--inside", str(told)),
        scratch / "runs",
    )
    own = float(told.read_text())
    again = [call((*program, "run"), scratch / "runs").seconds for _ in range(times)]
    return Figures(
        seconds=round(whole.seconds, 3),
        cores=os.cpu_count() or 1,
        guests=round(whole.cpu - own, 3),
        lab=round(own, 3),
        unchanged=round(statistics.median(again), 3),
    )


def _inside(file: str, told: Path) -> None:
    """The run, in this process, which knows in the end what it has used itself."""
    sys.argv[1:] = ["-f", file, "run", "--fresh", "--boot", "cold"]
    try:
        lab()
    finally:
        times = os.times()
        told.write_text(str(times.user + times.system))


if __name__ == "__main__":
    main()
