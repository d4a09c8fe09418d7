"""make faults: break guests and the host for real, and see whom the lab blames.

Guests die, hang and lie; QEMU and the lab are killed at moments that nobody chose; disks fill
up, images are torn, downloads are cut, compilers are killed. Exit code 1: a fault was attributed
wrongly, a cell was lost, or a QEMU outlived its lab.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestrator.faults.archive import archive_faults
from orchestrator.faults.compiler import compiler_killed
from orchestrator.faults.full import store_full
from orchestrator.faults.guest import guest_faults
from orchestrator.faults.image import no_image
from orchestrator.faults.kills import lab_killed, qemu_killed
from orchestrator.faults.outcome import Outcome
from orchestrator.faults.place import Place
from orchestrator.render.plain import plain

_ARCHES = ("x86_64", "arm64", "parisc")
_HOST_ARCH = "x86_64"  # faults of the host are the same on each


def main(words: Sequence[str] | None = None) -> None:
    """Run the campaign and print it; --json for programs."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--kernel", default="6.12", help="the kernel of lab.yaml to boot")
    parser.add_argument("--only", default="*", help="the groups of faults that match")
    parser.add_argument("--moments", type=int, default=20, help="at which to kill, of each kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    outcomes = []
    for group, faults in _groups(options.kernel, options.moments).items():
        if fnmatchcase(group, options.only):
            with tempfile.TemporaryDirectory(prefix="lab-faults-") as scratch:
                for outcome in faults(Place(Path(scratch))):
                    outcomes.append(outcome)
                    sys.stderr.write(f"{group}: {outcome.fault}: {plain(outcome.reported)}\n")
    if options.json:
        rows = [{**asdict(one), "right": one.right} for one in outcomes]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    else:
        Console().print(table(outcomes))
    sys.exit(0 if outcomes and all(one.right for one in outcomes) else 1)


def _groups(kernel: str, moments: int) -> dict[str, Callable[[Place], Iterator[Outcome]]]:
    host = f"{kernel}/{_HOST_ARCH}"
    return {
        **{f"guest/{arch}": _on(f"{kernel}/{arch}", guest_faults) for arch in _ARCHES},
        "qemu-killed": lambda place: qemu_killed(host, place, moments),
        "lab-killed": lambda place: lab_killed(host, place, moments),
        "store": _on(host, store_full),
        "image": _on(host, no_image),
        "archive": _on(host, archive_faults),
        # Of the arch whose kernels are built here.
        "compiler": _on(f"{kernel}/parisc", compiler_killed),
    }


def _on(
    target: str, faults: Callable[[str, Place], Iterator[Outcome]]
) -> Callable[[Place], Iterator[Outcome]]:
    return lambda place: faults(target, place)


def table(outcomes: Sequence[Outcome]) -> Table:
    """The campaign for a terminal."""
    made = Table("fault", "target", "expected", "reported", "lost", "orphans", "s", box=None)
    for one in outcomes:
        made.add_row(
            one.fault,
            one.target,
            one.expected,
            Text(plain(one.reported)),
            str(one.lost or ""),
            str(one.orphans or ""),
            f"{one.seconds:.0f}",
            style="" if one.right else "bold red",
        )
    wrong = sum(not one.right for one in outcomes)
    made.caption = f"{len(outcomes)} faults, {wrong} not as they should be"
    return made


if __name__ == "__main__":
    main()
