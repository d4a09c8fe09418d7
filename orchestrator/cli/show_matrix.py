"""A matrix to the screen and to the HTML report, the same way for every verb that has one."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from orchestrator.cli.workspace import Workspace
from orchestrator.render import data, html, lists, terminal
from orchestrator.results.matrix import Matrix


def show(matrix: Matrix, space: Workspace, *, full: bool, as_json: bool, publish: bool) -> None:
    """Print it; with ``publish`` make it the current HTML report too."""
    values = data.matrix(matrix)
    console = Console()
    if as_json:
        print_json(values)
        for part in lists.missing(matrix):
            Console(stderr=True).print(part)
    else:
        console.print(terminal.matrix(matrix, full=full))
    if publish:  # last, for it takes a disk
        page = html.page(matrix, space.templates)
        place = html.publish(page, json.dumps(values, indent=1), matrix.plan.id, space.html)
        if not as_json:
            console.print(f"report: {place}", soft_wrap=True, highlight=False)


def print_json(values: Any) -> None:
    """Values on standard output, as other programs read them."""
    print(json.dumps(values, indent=1))
