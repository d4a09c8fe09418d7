"""lab list kernels|arches|suites|claims|bugs: what there is to choose from."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from orchestrator import expectations
from orchestrator.arches import ARCHES
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.render import bugs, catalogue


class What(enum.StrEnum):
    """The lists there are."""

    KERNELS = "kernels"
    ARCHES = "arches"
    SUITES = "suites"
    CLAIMS = "claims"
    BUGS = "bugs"


def list_(
    context: typer.Context,
    what: Annotated[What, typer.Argument(help="What to list.")],
    markdown: Annotated[bool, typer.Option(help="Claims or bugs, as docs/ has them.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say which kernels, arches, suites, claims or known kernel bugs there are."""
    space: Workspace = context.obj
    if markdown:
        if what not in _PAGES:
            raise ConfigError(f"--markdown is for {' and '.join(_PAGES)}")
        print(_PAGES[what](space), end="")
        return
    if json and what is What.CLAIMS:
        print_json(catalogue.data(space.catalogue.suites, space.rules))
        return
    show(_ROWS[what](space), as_json=json)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Rows that have the same keys, as a table or as JSON."""
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in rows[0] if rows else ():
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    Console().print(table)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def kernels(space: Workspace) -> Sequence[dict[str, Any]]:
    """Those of lab.yaml."""
    named = {target.kernel.name: target.kernel for target in space.lab.targets}
    return [
        {
            "kernel": kernel.name,
            "source": str(kernel.source),
            "arches": [t.arch.name for t in space.lab.targets if t.kernel == kernel],
        }
        for kernel in named.values()
    ]


def _arches(_space: Workspace) -> Sequence[dict[str, Any]]:
    shown = ("name", "debian", "triplet", "flavour", "qemu", "machine", "cpu", "page_sizes")
    return [
        {name: value for name, value in dataclasses.asdict(arch).items() if name in shown}
        for arch in ARCHES.values()
    ]


def _suites(space: Workspace) -> Sequence[dict[str, Any]]:
    return [
        {
            "suite": suite.name,
            "claims": len(suite.claims),
            "by default": suite.name in space.catalogue.default,
            "about": suite.about,
        }
        for suite in space.catalogue.suites
    ]


def _claims(space: Workspace) -> Sequence[dict[str, Any]]:
    return [
        {
            "claim": claim.name,
            "promise": claim.text,
            "comes from": catalogue.source(claim, space.rules),
        }
        for suite in space.catalogue.suites
        for claim in suite.claims
    ]


def _bugs(space: Workspace) -> Sequence[dict[str, Any]]:
    return [dict(row) for row in bugs.data(_found(space))]


def _found(space: Workspace) -> list[bugs.Bug]:
    return bugs.bugs(space.rules, expectations.reproducers(space.guest_tests))


_ROWS = {
    What.KERNELS: kernels,
    What.ARCHES: _arches,
    What.SUITES: _suites,
    What.CLAIMS: _claims,
    What.BUGS: _bugs,
}
_PAGES: dict[What, Callable[[Workspace], str]] = {
    What.CLAIMS: lambda space: catalogue.markdown(space.catalogue.suites, space.rules),
    What.BUGS: lambda space: bugs.markdown(_found(space)),
}
