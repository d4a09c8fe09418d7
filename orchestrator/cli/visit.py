"""lab exec and lab shell: a guest to try things in, with the suites already there."""

from __future__ import annotations

import functools
import io
import shlex
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestrator import runner
from orchestrator.cli.plan import new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.guests import qemu
from orchestrator.guests.limits import limits
from orchestrator.guests.visit import SUITES, Visit, visit
from orchestrator.images import keys
from orchestrator.model import Target
from orchestrator.stop import Stop
from orchestrator.yamlfile import meant

Name = Annotated[str, typer.Argument(metavar="TARGET", help="6.12/parisc")]


def exec_(
    context: typer.Context,
    target: Name,
    command: Annotated[list[str], typer.Argument(help="What to run, after --.")],
    push: Annotated[list[Path] | None, typer.Option(help="A file to put there first.")] = None,
    silence: Annotated[float, typer.Option(help="Seconds it may say nothing.")] = 600.0,
) -> None:
    """Boot a target, run a command in it, and exit with its exit code.

    It runs in the directory of the suites, where pushed files are as well. What it writes,
    errors too, is shown line by line.
    """
    luggage = _packed(push) if push else b""
    with _guest(context.obj, target) as there:
        if luggage:
            there.session.push(luggage, SUITES, there.limits.push)
        line = f"exec 2>&1; cd {SUITES} && {shlex.join(command)}"
        status = there.session.run(line, lambda text: print(text, flush=True), silence=silence)
    raise typer.Exit(status)


def shell(context: typer.Context, target: Name) -> None:
    """Boot a target and log in; the guest ends with the shell."""
    with _guest(context.obj, target) as there:
        place = keys.default_root()
        argv = [
            *("ssh", "-q", "-t", "-p", str(there.guest.port), "-i", str(place / "client")),
            *("-F", "none", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"),
            *("-o", f"UserKnownHostsFile={place / 'known_hosts'}"),
            *("-o", f"HostKeyAlias={keys.ALIAS}", "-o", "StrictHostKeyChecking=yes"),
            *("root@127.0.0.1", f"cd {SUITES}; exec sh -l"),
        ]
        try:
            status = subprocess.run(argv, check=False).returncode
        except OSError as error:
            install = "apt-get install openssh-client"
            raise InfraError(f"ssh cannot be started: {error.strerror}", install) from error
    raise typer.Exit(status)


@contextmanager
def _guest(space: Workspace, name: str) -> Iterator[Visit]:
    target = _find(space.lab.targets, name)
    progress = Progress([target], 0, Console(stderr=True))
    work = space.work(new_plan((), space.catalogue.suites), progress, Stop())
    with tempfile.TemporaryDirectory(prefix="lab-") as scratch:
        with progress.shown():
            parts = runner.prepare(target, work)
            progress.phase(str(target), "booting")
        boot = functools.partial(qemu.Boot, target.arch, parts.kernel.image, parts.initramfs)
        allowed = limits(target.arch, work.claim_seconds)
        streams = [stream.read_bytes() for stream in parts.streams.values()]
        with visit(boot, streams, work.keys, allowed, Path(scratch)) as there:
            yield there


def _find(targets: Sequence[Target], name: str) -> Target:
    for target in targets:
        if str(target) == name:
            return target
    raise ConfigError(f"there is no target {name!r}{meant(name, map(str, targets))}")


def _packed(files: Sequence[Path]) -> bytes:
    """The files, executable, under their own names."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for path in files:
            try:
                data = path.read_bytes()
            except OSError as error:
                raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
            entry = tarfile.TarInfo(path.name)
            entry.size, entry.mode = len(data), 0o755
            tar.addfile(entry, io.BytesIO(data))
    return raw.getvalue()
