"""What verbs about one guest have in common: the target by its name, and all that it is made of."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from orchestrator import preparing, runner
from orchestrator.cli.plan import new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.guests import qemu
from orchestrator.guests.limits import Limits, limits
from orchestrator.guests.visit import Visit, visit
from orchestrator.images import keys
from orchestrator.model import Start, Suite, Target
from orchestrator.preparing import Parts, Work
from orchestrator.stop import Stop
from orchestrator.yamlfile import meant


@dataclass(frozen=True)
class Prepared:
    """A target whose guest only has to be booted."""

    parts: Parts
    work: Work

    @property
    def limits(self) -> Limits:
        """Of all waiting for it."""
        return limits(self.parts.target.arch, self.work.claim_seconds)

    @property
    def streams(self) -> list[bytes]:
        """The suites, as they are pushed."""
        return [stream.read_bytes() for stream in self.parts.streams.values()]

    @property
    def machine(self) -> qemu.Boot:
        """What a run boots, without anybody who watches it yet."""
        parts = self.parts
        return qemu.Boot(parts.target.arch, parts.kernel.image, parts.initramfs, qmp_fd=None)

    @contextmanager
    def visited(
        self,
        machine: qemu.Boot | None = None,
        *,
        on_phase: Callable[[str, float], None] = lambda *_: None,
        on_output: Callable[[bytes], None] | None = None,
    ) -> Iterator[Visit]:
        """A guest that answers, with the suites in it; it is gone when the context is left.

        ``machine`` is another than that of a run, the rest as in guests.visit.
        """
        equipment = (self.streams, self.work.keys, self.limits)
        boot = watched(machine or self.machine)
        states = None if machine else runner.begin(self.parts, self.work)[1]
        with (
            scratch() as place,
            visit(
                boot, *equipment, place, states=states, on_phase=on_phase, on_output=on_output
            ) as there,
        ):
            yield there


def watched(machine: qemu.Boot) -> Callable[[int], qemu.Boot]:
    """The machine, as soon as the descriptor for its QMP is known."""
    return lambda descriptor: replace(machine, qmp_fd=descriptor)


def prepare(
    space: Workspace,
    name: str,
    suites: tuple[Suite, ...] = (),
    *,
    broken: str = "",
    boot: Start = Start.COLD,
) -> Prepared:
    """Fetch and build what the named target needs, for all suites or for some, which may lie
    about the kernel. Raises ConfigError: there is no such target.
    """
    target = find(space.lab.targets, name)
    progress = Progress([target], 0, Console(stderr=True))
    plan = new_plan((), suites or space.catalogue.suites, broken=broken)
    work = space.work(replace(plan, boot=boot), progress, Stop())
    with progress.shown():
        parts = preparing.prepare(target, work)
        progress.phase(name, "ready to boot")
    return Prepared(parts, work)


def find(targets: Sequence[Target], name: str) -> Target:
    """The target of that name. Raises ConfigError, with the one that may have been meant."""
    for target in targets:
        if str(target) == name:
            return target
    raise ConfigError(f"there is no target {name!r}{meant(name, map(str, targets))}")


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory of ours alone, for a guest that leaves nothing."""
    with tempfile.TemporaryDirectory(prefix="lab-") as place:
        yield Path(place)


def ssh(port: int) -> list[str]:
    """A command line for a person to log in to the guest behind that port."""
    place = keys.default_root()
    return [
        *("ssh", "-q", "-t", "-p", str(port), "-i", str(place / "client")),
        *("-F", "none", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"),
        *("-o", f"UserKnownHostsFile={place / 'known_hosts'}"),
        *("-o", f"HostKeyAlias={keys.ALIAS}", "-o", "StrictHostKeyChecking=yes"),
        "root@127.0.0.1",
    ]
