"""lab gdb: a debugger at a target's kernel, with symbols where there are any."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import exits
from orchestrator.cli.prepared import Prepared, prepare, scratch, ssh, watched
from orchestrator.guests import gdb, machine
from orchestrator.kernels import symbols as kernel_symbols
from orchestrator.render.plain import plain_lines


def gdb_(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="6.12/parisc")],
    early: Annotated[
        bool, typer.Option(help="Stop before the first instruction; no suites, no SSH.")
    ] = False,
    symbols: Annotated[
        Path | None, typer.Option(help="The kernel's vmlinux, as Debian's -dbg packages have it.")
    ] = None,
    batch: Annotated[
        list[str] | None, typer.Option(help="Run this gdb command and end; may be repeated.")
    ] = None,
) -> None:
    """Boot a target and attach gdb to its kernel; the guest ends with gdb.

    The guest has ``nokaslr`` on its command line, which those of a run have not: otherwise the
    symbols of an arm64 kernel would be somewhere else.
    """
    gdb.need()
    made = prepare(context.obj, target)
    found = symbols or made.parts.kernel.symbols
    if found:
        kernel_symbols.check(found, made.parts.kernel.image)
    _say(_about(made, found))
    with scratch() as place, gdb.listening(place) as (descriptor, door):
        argv = gdb.command(made.parts.target.arch, door, found, batch or ())
        its = replace(made.machine, gdb_fd=descriptor, arguments=gdb.ARGUMENTS)
        if early:
            with machine.start(watched(replace(its, halted=True)), place):
                code = _debug(argv, batch or ())
        else:
            with made.visited(its) as there:
                _say(f"a shell in it, while gdb lets it run: {shlex.join(ssh(there.guest.port))}")
                code = _debug(argv, batch or ())
    raise typer.Exit(exits.OK if code == 0 else exits.INFRA)


def _about(made: Prepared, symbols: Path | None) -> str:
    kernel = made.parts.kernel
    if symbols:
        return f"symbols: {symbols}"
    lacks = f"no symbols: {kernel.origin} came without"
    if made.parts.target.is_built:
        return f"{lacks}; to have them, build it again: rm -r {kernel.image.parent}"
    return (
        f"{lacks}. Debian keeps them in linux-image-…-dbg, "
        f"version {kernel.version}: give the vmlinux in it with --symbols"
    )


def _debug(argv: Sequence[str], batch: Sequence[str]) -> int:
    """gdb's exit code. What it says in a batch may be a guest's words."""
    _say(shlex.join(argv))
    if not batch:
        with _ctrl_c_is_for_gdb():
            return subprocess.run(argv, check=False).returncode
    done = subprocess.run(
        argv,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    print(plain_lines(done.stdout.rstrip("\n")))
    return done.returncode


@contextmanager
def _ctrl_c_is_for_gdb() -> Iterator[None]:
    """It stops the guest with it. (To ignore the signal here would be inherited.)"""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _say(text: str) -> None:
    print(text, file=sys.stderr)
