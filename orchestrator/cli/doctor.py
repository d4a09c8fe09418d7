"""lab doctor: what is missing on this host, and the command that mends it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from orchestrator.arches import ARCHES
from orchestrator.cli import exits
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError, LabError
from orchestrator.expectations import known_arch
from orchestrator.preparing import qemu_version

_ROOM = 12 << 30  # bytes: a kernel's source and objects, all caches, with room to spare


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str
    mend: str = ""  # the command, or what to do


def doctor(
    context: typer.Context,
    arch: Annotated[
        list[str] | None, typer.Option(help="For these, not for the lab's own.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Look for everything that a run needs; say what is missing and how to mend it."""
    space: Workspace = context.obj
    arches = [_known(name) for name in arch] if arch else _own(space)
    findings = [*_host(space), *_packages(space, arches), *_emulators(arches), *_files(space)]
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'good' if finding.good else 'LACK'}  {finding.what}: {finding.found}")
            if not finding.good:
                print(f"      mend: {finding.mend}")
    raise typer.Exit(exits.OK if all(f.good for f in findings) else exits.INFRA)


def _own(space: Workspace) -> list[str]:
    """The lab's arches; none when its file cannot be read, which is a finding by itself."""
    try:
        return list(dict.fromkeys(target.arch.name for target in space.lab.targets))
    except LabError:
        return []


def _known(name: str) -> str:
    try:
        return known_arch(name)
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _host(space: Workspace) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    root = space.cache.root
    while not root.exists():
        root = root.parent
    free = shutil.disk_usage(root).free
    enough = free >= _ROOM
    yield Finding("disk", enough, f"{free >> 30} GiB free for {space.cache.root}", "lab doctor")
    kvm = os.access("/dev/kvm", os.R_OK | os.W_OK)
    yield Finding("kvm", True, "there, not used: guests are emulated" if kvm else "not there")


def _packages(space: Workspace, arches: list[str]) -> Iterator[Finding]:
    script = space.file.resolve().parent / "images" / "install-host-packages"
    if shutil.which("apt-get") is None:
        done = subprocess.run([str(script), *arches], check=False, capture_output=True, text=True)
        yield Finding("packages", False, "no apt on this host", done.stderr.strip())
        return
    argv = [str(script), "--check", *arches]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    lacking = done.stdout.split()
    found = f"missing: {' '.join(lacking)}" if lacking else "all there"
    mend = f"images/install-host-packages {' '.join(arches)}"
    yield Finding("packages", not lacking, found, mend)


def _emulators(arches: list[str]) -> Iterator[Finding]:
    for name in arches:
        arch = ARCHES[name]
        try:
            yield Finding(f"qemu-system-{arch.qemu}", True, qemu_version(arch))
        except InfraError as error:
            mend = f"images/install-host-packages {name}"
            yield Finding(f"qemu-system-{arch.qemu}", False, error.cause, mend)


def _files(space: Workspace) -> Iterator[Finding]:
    try:
        found = f"{len(space.lab.targets)} targets, {len(space.rules)} rules"
        yield Finding(space.file.name, True, found)
    except LabError as error:
        yield Finding(space.file.name, False, str(error), "lab check")
