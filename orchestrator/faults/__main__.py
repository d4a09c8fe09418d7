"""make faults: break guests and the host for real, and see whom the lab blames.

Guests die, hang and lie; QEMU, the lab and the workers of a cluster are killed at moments that
nobody chose, its scheduler too; disks fill up, images are torn, downloads are cut, compilers are
killed. Exit code 1: a fault was attributed wrongly, a cell was lost, or a QEMU outlived its lab.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestrator.cli import exits
from orchestrator.cli.plan import interruptible
from orchestrator.faults.archive import archive_faults
from orchestrator.faults.cluster import scheduler_killed, worker_killed
from orchestrator.faults.compiler import compiler_killed
from orchestrator.faults.full import store_full
from orchestrator.faults.guest import guest_faults
from orchestrator.faults.image import no_image
from orchestrator.faults.kills import lab_killed, qemu_killed
from orchestrator.faults.outcome import Outcome
from orchestrator.faults.place import Place
from orchestrator.render.plain import plain
from orchestrator.stop import Stop

Faults = Callable[[Place], Iterator[Outcome]]

_ARCHES = ("x86_64", "arm64", "parisc")
_HOST_ARCH = "x86_64"  # faults of the host are the same on each


def main(words: Sequence[str] | None = None) -> None:
    """Run the campaign and print it; --json for programs."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--kernel", default="6.12", help="the kernel of lab.yaml to boot")
    parser.add_argument("--only", default="*", help="the groups of faults that match")
    parser.add_argument("--moments", type=int, default=20, help="at which to kill, of each kind")
    parser.add_argument("--times", type=int, default=1, help="campaigns, one after the other")
    parser.add_argument("--jobs", type=int, default=2, help="groups at a time")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    groups = {
        group: faults
        for group, faults in _groups(options.kernel, options.moments).items()
        if fnmatchcase(group, options.only)
    }
    stop, campaigns = Stop(), list[Sequence[Outcome]]()
    with interruptible(stop):
        while not stop and len(campaigns) < options.times:
            campaigns.append(_campaign(groups, options.jobs, stop))
            if not options.json:
                Console().print(table(campaigns[-1]))
    if options.json:
        rows = [
            {"campaign": number, **asdict(one), "right": one.right}
            for number, outcomes in enumerate(campaigns, 1)
            for one in outcomes
        ]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
    right = groups and all(one.right for outcomes in campaigns for one in outcomes)
    sys.exit(exits.INTERRUPTED if stop else exits.OK if right else exits.SURPRISE)


def _campaign(groups: Mapping[str, Faults], jobs: int, stop: Stop) -> Sequence[Outcome]:
    """Every fault once, some groups at a time, each in a place of its own."""

    def tried(group: str) -> list[Outcome]:
        outcomes = list[Outcome]()
        with tempfile.TemporaryDirectory(prefix="lab-faults-") as scratch:
            faults = iter(groups[group](Place(Path(scratch), stop)))
            while not stop and (outcome := next(faults, None)):
                outcomes.append(outcome)
                sys.stderr.write(f"{group}: {outcome.fault}: {plain(outcome.reported)}\n")
        return outcomes

    with ThreadPoolExecutor(jobs) as pool:
        return list(chain.from_iterable(pool.map(tried, groups)))


def _groups(kernel: str, moments: int) -> Mapping[str, Faults]:
    host = f"{kernel}/{_HOST_ARCH}"
    return {
        **{f"guest/{arch}": _on(f"{kernel}/{arch}", guest_faults) for arch in _ARCHES},
        "qemu-killed": lambda place: qemu_killed(host, place, moments),
        "lab-killed": lambda place: lab_killed(host, place, moments),
        "worker-killed": lambda place: worker_killed(host, place, moments),
        "scheduler-killed": lambda place: scheduler_killed(host, place, max(1, moments // 10)),
        "store": _on(host, store_full),
        "image": _on(host, no_image),
        "archive": _on(host, archive_faults),
        # Of the arch whose kernels are built here.
        "compiler": _on(f"{kernel}/parisc", compiler_killed),
    }


def _on(target: str, faults: Callable[[str, Place], Iterator[Outcome]]) -> Faults:
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
