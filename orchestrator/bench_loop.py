"""make bench-loop: how long somebody waits who asks one suite on one kernel, on this machine.

`lab run` is started anew for each figure, and timed from its start to the last verdict and to its
end: with a guest that boots, with one from a saved state, with one from a saved state after a line
of the suite was changed, and where nothing has changed since. Another program that tries the same
may be timed beside them (--beside), all in turns. The sources that are changed are a copy.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.bench_call import call

_COLD = "a guest that boots"
_SAVED = "a guest from a saved state"
_CHANGED = "the same after a changed line"
_KNOWN = "nothing changed"
_BESIDE = "beside it"
# In this order: what a guest from a saved state said is no word on one that is to boot.
_WAYS = {
    _COLD: ("--fresh", "--boot", "cold"),
    _KNOWN: (),
    _SAVED: ("--fresh", "--boot", "snapshot"),
    _CHANGED: ("--boot", "snapshot"),
}
_PARTS = ("guest-tests", "images", "reports/templates")  # of a lab, besides its file


@dataclass(frozen=True)
class Waited:
    """Seconds since the process was started."""

    verdict: float | None  # until the last one was there; None: no guest was asked
    end: float


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print; --json for programs."""
    parser = argparse.ArgumentParser(prog="make bench-loop", description=__doc__)
    parser.add_argument("--file", type=Path, default="lab.yaml", help="the lab with the kernel")
    parser.add_argument("--kernel", default="6.12")
    parser.add_argument("--arch", default="x86_64")
    parser.add_argument("--suite", default="args")
    parser.add_argument("--beside", default="", metavar="COMMAND", help="a shell command")
    parser.add_argument("--times", type=int, default=5, help="how often each")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    asked = ("--kernel", options.kernel, "--arch", options.arch, "--suite", options.suite)
    with tempfile.TemporaryDirectory() as scratch:
        file = _copied(options.file, Path(scratch) / "lab")
        lab = (sys.executable, "-m", "orchestrator", "-f", str(file), "run")
        ways: dict[str, Sequence[str]] = {w: (*lab, *asked, *how) for w, how in _WAYS.items()}
        if options.beside:
            ways[_BESIDE] = ("sh", "-c", options.beside)
        line = next(file.with_name("guest-tests").glob(f"{options.suite}/*.c"))
        found = _measured(ways, Path(scratch), options.times, line)
    if options.json:
        told = {way: asdict(took) for way, took in found.items()}
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return
    sys.stdout.write(f"{' '.join(asked)}\n{'':30} {'verdict, s':>10} {'end, s':>8}\n")
    for way, took in found.items():
        verdict = f"{took.verdict:10.2f}" if took.verdict else f"{'':10}"
        sys.stdout.write(f"{way:30} {verdict} {took.end:8.2f}\n")


def _copied(file: Path, place: Path) -> Path:
    """A lab of the same kind, whose sources may be changed; its file."""
    for part in _PARTS:
        shutil.copytree(file.parent / part, place / part, symlinks=True)
    return Path(shutil.copy(file, place))


def _measured(
    ways: Mapping[str, Sequence[str]], place: Path, times: int, source: Path
) -> Mapping[str, Waited]:
    """The medians of each way; the first round, in which states are saved, does not count."""
    took: dict[str, list[Waited]] = {way: [] for way in ways}
    for number in range(times + 1):
        for way, argv in ways.items():
            if way == _CHANGED:
                with source.open("a") as text:
                    text.write(f"/* {number} */\n")
            took[way].append(_timed(argv, place / "runs"))
    return {way: _median(those[1:]) for way, those in took.items()}


def _timed(argv: Sequence[str], runs: Path) -> Waited:
    start = time.time()
    seconds = call(argv, runs).seconds
    # The file of a suite is written as its verdicts come.
    said = [path.stat().st_mtime - start for path in runs.glob("*/*/*/*/*.ktap")]
    last = max(said, default=0.0)
    return Waited(last if last > 0 else None, seconds)


def _median(those: Sequence[Waited]) -> Waited:
    verdicts = [took.verdict for took in those if took.verdict]
    return Waited(
        round(statistics.median(verdicts), 3) if verdicts else None,
        round(statistics.median(took.end for took in those), 3),
    )


if __name__ == "__main__":
    main()
