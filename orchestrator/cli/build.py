"""lab build: fetch and build all that the targets need, and boot nothing."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from orchestrator import schedule
from orchestrator.cli import exits
from orchestrator.cli.plan import new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.preparing import Parts
from orchestrator.stop import Stop


def build(
    context: typer.Context,
    kernel: Annotated[list[str] | None, typer.Option(help="Only kernels that match.")] = None,
    arch: Annotated[list[str] | None, typer.Option(help="Only arches that match.")] = None,
    refresh: Annotated[bool, typer.Option(help="Ask the archive for newer kernels.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Fetch and build kernels, guest userland and suites, so that a run only has to boot."""
    space: Workspace = context.obj
    targets = space.targets(kernel or [], arch or [])
    progress = Progress(targets, 0, Console(stderr=True))
    plan = new_plan(targets, space.catalogue.suites)
    work = space.work(plan, progress, Stop(), refresh=refresh)
    with progress.shown():
        made = schedule.prepare_all(targets, work)
    rows = {str(target): _row(parts) for target, parts in made.items()}
    if json:
        print_json(rows)
    else:
        for name, row in rows.items():
            print(f"{name}: {row.get('infra') or row['origin']}")
    raise typer.Exit(exits.INFRA if any("infra" in row for row in rows.values()) else exits.OK)


def _row(parts: Parts | str) -> dict[str, str]:
    if isinstance(parts, str):
        return {"infra": parts}
    return {
        "release": str(parts.kernel.release),
        "version": parts.kernel.version,
        "origin": parts.kernel.origin,
        "image": str(parts.kernel.image),
        "initramfs": str(parts.initramfs),
    }
