"""lab kernels: what this lab boots, and what else the archive offers now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestrator.arches import ARCHES
from orchestrator.cli.list import kernels as configured
from orchestrator.cli.list import show
from orchestrator.cli.patterns import matches
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.kernels.available import listings, pockets
from orchestrator.kernels.offers import Offer, offers
from orchestrator.model import Arch, DebianSource


def kernels(
    context: typer.Context,
    available: Annotated[
        bool, typer.Option("--available", help="What Debian's archive offers now instead.")
    ] = False,
    arch: Annotated[list[str] | None, typer.Option(help="Only for arches that match.")] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option(help="Look in this suite; by default all of lab.yaml's Debian releases."),
    ] = None,
    refresh: Annotated[bool, typer.Option(help="Ask the archive again.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say which kernels this lab boots, or all that the archive has, newest first.

    A version of the second list goes into lab.yaml as
    ``debian: {suites: SUITE, version: VERSION, flavour: FLAVOUR}``.
    """
    space: Workspace = context.obj
    if not available:
        if arch or suite or refresh:
            raise ConfigError("--arch, --suite and --refresh are for `lab kernels --available`")
        show(configured(space), as_json=json)
        return
    found, notes = _offers(space, _arches(space, arch or []), suite or [], refresh)
    if json:
        print_json({"kernels": [asdict(offer) for offer in found], "notes": notes})
        return
    Console().print(_table(found))
    for note in notes:
        Console(stderr=True).print(note, soft_wrap=True, highlight=False)


def _arches(space: Workspace, patterns: Sequence[str]) -> list[Arch]:
    """The lab's own, or those that the patterns are of."""
    own = {target.arch.name for target in space.lab.targets}
    chosen = [
        one
        for one in ARCHES.values()
        if (matches(one.name, patterns) if patterns else one.name in own)
    ]
    if not chosen:
        raise ConfigError(f"no arch matches {' '.join(patterns)}; there are: {', '.join(ARCHES)}")
    return chosen


def _offers(
    space: Workspace, arches: Sequence[Arch], suites: Sequence[str], refresh: bool
) -> tuple[list[Offer], list[str]]:
    sources = [target.kernel.source for target in space.lab.targets]
    own = [suite for one in sources if isinstance(one, DebianSource) for suite in one.suites]
    console = Console(stderr=True)
    with console.status("looking into the archive") as status:
        packages, notes = listings(
            suites or pockets(own), arches, space.cache, status.update, refresh=refresh
        )
        found = [
            offer
            for arch in arches
            for offer in offers(packages, arch, lambda kind, key: bool(space.cache.find(kind, key)))
        ]
    return found, notes


def _table(found: Sequence[Offer]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("arch", "version", "suites", "flavours, and what they cost to fetch"):
        table.add_column(column, overflow="fold")
    for offer in found:
        table.add_row(offer.arch, offer.version, ", ".join(offer.suites), _builds(offer))
    return table


def _builds(offer: Offer) -> str:
    return ", ".join(
        f"{build.flavour or 'source'} {'cached' if build.cached else _megabytes(build.size)}"
        for build in offer.builds
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
