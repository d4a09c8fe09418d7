"""make bench-loop: how long somebody waits who asks one suite on one kernel, on this machine.

`lab run` is started anew for each figure, and timed from its start to its end, which is behind the
last verdict: with a guest that boots, with one from a saved state, and where nothing has changed
since. Another program that tries the same may be timed beside them (--beside), all in turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestrator.bench_call import call

_COLD = "a guest that boots"
_SAVED = "a guest from a saved state"
_KNOWN = "nothing changed"
_BESIDE = "beside it"
# In this order: what a guest from a saved state said is no word on one that is to boot.
_WAYS = {
    _COLD: ("--fresh", "--boot", "cold"),
    _KNOWN: (),
    _SAVED: ("--fresh", "--boot", "snapshot"),
}


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print; --json for programs."""
    parser = argparse.ArgumentParser(prog="make bench-loop", description=__doc__)
    parser.add_argument("--file", default="lab.yaml", help="the lab that has the kernel")
    parser.add_argument("--kernel", default="6.12")
    parser.add_argument("--arch", default="x86_64")
    parser.add_argument("--suite", default="args")
    parser.add_argument("--beside", default="", metavar="COMMAND", help="a shell command")
    parser.add_argument("--times", type=int, default=5, help="how often each")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    lab = (sys.executable, "-m", "orchestrator", "-f", options.file, "run")
    asked = ("--kernel", options.kernel, "--arch", options.arch, "--suite", options.suite)
    ways: dict[str, Sequence[str]] = {w: (*lab, *asked, *how) for w, how in _WAYS.items()}
    if options.beside:
        ways[_BESIDE] = ("sh", "-c", options.beside)
    with tempfile.TemporaryDirectory() as scratch:
        found = _measured(ways, Path(scratch), options.times)
    if options.json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return
    sys.stdout.write(f"{' '.join(asked)}\n")
    for way, seconds in found.items():
        sys.stdout.write(f"{way:28} {seconds:6.2f} s {seconds / found[_COLD]:7.2f}\n")


def _measured(ways: Mapping[str, Sequence[str]], place: Path, times: int) -> Mapping[str, float]:
    """The median of each way; the first round, in which states are saved, does not count."""
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(times + 1):
        for way, argv in ways.items():
            took[way].append(call(argv, place / "runs").seconds)
    return {way: round(statistics.median(seconds[1:]), 3) for way, seconds in took.items()}


if __name__ == "__main__":
    main()
