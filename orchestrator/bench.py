"""make bench: how close the lab comes to a bare QEMU boot, on this machine, in this run.

For each arch the same QEMU, kernel and initramfs are booted in two ways, in turns: bare, where
init is a busybox that resets the machine at once; and by the lab, up to the first answer over
SSH. Where guests can go on from a saved state, one does, up to the same. What counts is the
ratio; seconds stand beside it for orientation.
"""

from __future__ import annotations

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator import preparing
from orchestrator.cli.prepared import Prepared, prepare
from orchestrator.cli.workspace import Workspace, quiet
from orchestrator.guests import machine, qemu, ssh
from orchestrator.images import wake
from orchestrator.images.initramfs import initramfs
from orchestrator.images.keys import Keys, keys
from orchestrator.images.userland import userland
from orchestrator.kernels import obtain
from orchestrator.model import Start, Target

_PATIENCE = 180.0  # seconds for one boot
_BARE_INIT = " rdinit=/bin/busybox -- reboot -f"


@dataclass(frozen=True)
class Figures:
    """Medians, in seconds since QEMU was started."""

    target: str
    bare: float  # until QEMU had ended
    ready: float  # until the console said that SSH listens
    answer: float  # until `true` had been run over SSH
    resumed: float | None  # until a guest from a saved state had run `wake` over SSH

    @property
    def ratio(self) -> float:
        """SSH ready to bare: what the lab adds to the boot itself."""
        return self.ready / self.bare


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print; --json for programs."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--kernel", default="6.12", help="the kernel of lab.yaml to boot")
    parser.add_argument("--times", type=int, default=5, help="boots of each kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(words)
    space = Workspace(Path("lab.yaml"))
    found = [_measure(t, space, options.times) for t in space.targets([options.kernel], [])]
    if options.json:
        rows = [{**asdict(one), "ratio": one.ratio} for one in found]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
        return
    sys.stdout.write("target              bare   SSH ready   ratio   first answer   from a state\n")
    for one in found:
        sys.stdout.write(
            f"{one.target:16} {one.bare:6.2f} s {one.ready:9.2f} s {one.ratio:7.2f} "
            f"{one.answer:12.2f} s {_seconds(one.resumed)}\n"
        )


def _seconds(value: float | None) -> str:
    return f"{'boots':>14}" if value is None else f"{value:12.2f} s"


def _measure(target: Target, space: Workspace, times: int) -> Figures:
    preparing.qemu_version(target.arch)
    kernel = obtain(target.kernel, target.arch, space.cache, quiet)
    own = keys()
    tools = userland(target.arch, space.cache, quiet)
    waker = wake.program(target.arch, space.cache)
    rd = initramfs(target.arch, kernel.modules, tools, own, space.cache, wake=waker)
    boot = functools.partial(qemu.Boot, target.arch, kernel.image, rd)
    made = prepare(space, str(target), boot=Start.AUTO) if target.arch.awake else None
    bare, ready, answer, resumed = [list[float]() for _ in range(4)]
    for _ in range(times):
        bare.append(_bare(boot(0)))
        one = _ours(boot, own)
        ready.append(one[0])
        answer.append(one[1])
        if made:
            resumed.append(_resumed(made))
    return Figures(
        str(target), _median(bare), _median(ready), _median(answer), _median(resumed) or None
    )


def _median(seconds: Sequence[float]) -> float:
    return round(statistics.median(seconds), 3) if seconds else 0.0


def _resumed(made: Prepared) -> float:
    reached: dict[str, float] = {}
    with made.visited(on_phase=reached.__setitem__):
        pass
    if "snapshot loaded" not in reached:
        raise SystemExit(f"{made.parts.target}: no state could be saved")
    return reached["logged in"]


def _bare(boot: qemu.Boot) -> float:
    """The lab's own argv, less its monitor, with an init that ends at once."""
    argv = qemu.command(boot)
    monitor = argv.index("-mon")
    del argv[monitor - 2 : monitor + 2]
    argv[-1] += _BARE_INIT
    start = time.monotonic()
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=180)
    return time.monotonic() - start


def _ours(boot: functools.partial[qemu.Boot], own: Keys) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as scratch, machine.start(boot, Path(scratch)) as guest:
        if not guest.wait_ready(_PATIENCE, lambda: False):
            raise SystemExit(f"the guest did not become ready:\n{guest.console()[-2000:]}")
        ready = guest.age()
        with ssh.connect(guest.port, own, _PATIENCE) as session:
            session.run("true", lambda _: None, silence=_PATIENCE)
            return ready, guest.age()


if __name__ == "__main__":
    main()
