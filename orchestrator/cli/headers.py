"""lab headers: which advice numbers the kernels' headers have for programs."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from orchestrator.arches import ARCHES
from orchestrator.cli.list import show
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.images.headers import of_compiler, of_kernel
from orchestrator.model import DebianSource, Headers
from orchestrator.results import headers


def headers_(
    context: typer.Context,
    read: Annotated[
        bool,
        typer.Option(
            "--read",
            help="Read them again, out of the kernels' sources and beside the compilers here.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say which advice numbers headers have, as they were read last; the report shows them beside
    what the kernels answer."""
    space: Workspace = context.obj
    found = headers.read(space.guest_tests)
    if read:
        found = headers.merged(found, _read(space))
        headers.write(space.guest_tests, found)
    if json:
        print_json(list(headers.data(found)))
        return
    show([_row(one) for one in found], as_json=False)


def _read(space: Workspace) -> list[Headers]:
    kernels = {
        target.kernel.name: target.kernel
        for target in space.lab.targets
        if isinstance(target.kernel.source, DebianSource)
    }
    with Console(stderr=True).status("reading headers") as status:
        found = [of_compiler(arch) for arch in ARCHES.values()]
        for kernel in kernels.values():
            found += of_kernel(kernel, ARCHES.values(), space.cache, status.update)
    return found


def _row(one: Headers) -> dict[str, object]:
    return {
        "release": one.release,
        "arch": one.arch,
        "advice": len(one.advice),
        "origin": one.origin,
    }
