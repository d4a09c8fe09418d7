"""lab exec and lab shell: a guest to try things in, with the suites already there."""

from __future__ import annotations

import io
import shlex
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.prepared import prepare, ssh
from orchestrator.errors import ConfigError, InfraError
from orchestrator.guests.errand import SUITES
from orchestrator.model import Start

Booted = Annotated[Start, typer.Option(help="How the guest comes to be ready.")]
Name = Annotated[str, typer.Argument(metavar="TARGET", help="6.12/parisc")]


def exec_(
    context: typer.Context,
    target: Name,
    command: Annotated[list[str], typer.Argument(help="What to run, after --.")],
    push: Annotated[list[Path] | None, typer.Option(help="A file to put there first.")] = None,
    silence: Annotated[float, typer.Option(help="Seconds it may say nothing.")] = 600.0,
    boot: Booted = Start.AUTO,
) -> None:
    """Start a target, run a command in it, and exit with its exit code.

    It runs in the directory of the suites, where pushed files are as well. What it writes,
    errors too, is shown line by line.
    """
    luggage = _packed(push) if push else b""
    with prepare(context.obj, target, boot=boot).visited() as there:
        if luggage:
            there.session.push(luggage, SUITES, there.limits.push)
        line = f"exec 2>&1; cd {SUITES} && {shlex.join(command)}"
        status = there.session.run(
            line, lambda lines: print(*lines, sep="\n", flush=True), silence=silence
        )
    raise typer.Exit(status)


def shell(context: typer.Context, target: Name, boot: Booted = Start.AUTO) -> None:
    """Start a target and log in; the guest ends with the shell."""
    with prepare(context.obj, target, boot=boot).visited() as there:
        argv = [*ssh(there.guest.port), f"cd {SUITES}; exec sh -l"]
        try:
            status = subprocess.run(argv, check=False).returncode
        except OSError as error:
            install = "apt-get install openssh-client"
            raise InfraError(f"ssh cannot be started: {error.strerror}", install) from error
    raise typer.Exit(status)


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
