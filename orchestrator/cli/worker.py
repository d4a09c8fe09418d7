"""lab worker: this machine as a part of somebody's cluster."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from orchestrator import room
from orchestrator.cli import clustered

_OURS = 0.9  # of the memory; the rest is the system's


def worker(
    scheduler: Annotated[str, typer.Argument(help="Its address: tcp://head:8786")],
    guests: Annotated[int, typer.Option(help="At a time.", min=1)] = os.cpu_count() or 1,
    memory: Annotated[int, typer.Option(help="MiB for all of them.", min=0)] = 0,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION...]", help="Of `dask worker`.")
    ] = None,
) -> None:
    """Run guests for a `lab run --cluster`, until the scheduler ends.

    It is dask's own worker, told what this machine has. TLS is as dask has it.
    """
    argv = command(scheduler, guests, memory or round(room.total() * _OURS), more or [])
    clustered.check_installed()
    os.execv(argv[0], argv)  # noqa: S606 - signals are dask's from now on


def command(scheduler: str, guests: int, mib: int, more: list[str]) -> list[str]:
    """The command line of dask's worker."""
    return [
        *(sys.executable, "-m", "distributed.cli.dask_worker", scheduler),
        *("--nworkers", "1", "--nthreads", str(guests)),
        *("--resources", f"memory={mib} cores={guests}"),
        *("--memory-limit", "0"),  # a guest's memory is QEMU's, not the worker's
        *more,
    ]
