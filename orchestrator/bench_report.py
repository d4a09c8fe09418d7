"""make bench-report: is the report of a very large lab still quick?

The last run's cells are spread over a hundred kernels on every arch. The page of that is
rendered, opened in Chromium and filtered; what counts is that a reader does not wait.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from orchestrator.cli.workspace import Workspace
from orchestrator.model import Release, Run
from orchestrator.render import arrange, html
from orchestrator.results import headers
from orchestrator.results.matrix import Group, Matrix, Row

# Seconds from the event to the frame in which its effect is seen.
_UNTIL_PAINTED = """async (act) => {
    const begun = performance.now();
    if (act) {
        const box = document.querySelector("[name=q]");
        box.value = act;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return (act ? performance.now() - begun : performance.now()) / 1000;
}"""
_QUERIES = ("is:differs", "arch:parisc kernel:>=6.1", "got:fail", "zero", "suite:abi")


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench-report", description=__doc__)
    parser.add_argument("--kernels", type=int, default=100, help="of each arch")
    parser.add_argument("--claims", type=int, default=400)
    options = parser.parse_args(words)
    space = Workspace(Path("lab.yaml"))
    matrix = spread(space.matrix("latest"), options.kernels, options.claims)
    begun = time.monotonic()
    recorded = headers.read(space.guest_tests)
    material = html.Material(space.templates, space.guest_tests, space.rules, headers=recorded)
    page = html.page(matrix, material)
    _tell("rendered in", time.monotonic() - begun)
    cells = sum(1 for _ in matrix.cells())
    sys.stdout.write(f"{'page':34} {len(page.encode()) / 1e6:6.2f} MB, {cells} cells\n")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "index.html"
        path.write_text(page, encoding="utf-8")
        for what, seconds in _read(path.as_uri()):
            _tell(what, seconds)


def spread(matrix: Matrix, kernels: int, claims: int) -> Matrix:
    """The first ``claims`` rows of a matrix, its columns repeated to ``kernels`` of each arch."""
    columns = [
        (at, number)
        for span in arrange.spans(matrix.columns)
        for number in range(kernels)
        for at in [matrix.columns.index(span.columns[number * len(span.columns) // kernels])]
    ]
    runs = tuple(_renamed(matrix.columns[at], number) for at, number in columns)
    groups = []
    for group in matrix.groups:
        rows = tuple(_repeated(row, columns, runs) for row in group.rows[:claims])
        claims -= len(rows)
        if rows:
            groups.append(Group(group.suite, rows))
    return replace(matrix, columns=runs, groups=tuple(groups))


def _renamed(run: Run, number: int) -> Run:
    release = run.release or Release(0, 0)
    kernel = f"{release.major}.{release.minor}.{number}"
    return replace(
        run,
        target=f"{kernel}/{run.arch}",
        kernel=kernel,
        release=replace(release, patch=number),
    )


def _repeated(row: Row, columns: Sequence[tuple[int, int]], runs: Sequence[Run]) -> Row:
    cells = (
        replace(row.cells[at], target=run.target)
        for (at, _), run in zip(columns, runs, strict=True)
    )
    return replace(row, cells=tuple(cells))


def _read(address: str) -> Iterator[tuple[str, float]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.goto(address)
        yield "opened in", page.evaluate(_UNTIL_PAINTED, "")
        for query in _QUERIES:
            yield query, page.evaluate(_UNTIL_PAINTED, query)
        yield "a cell's drawer", _drawer(page)
        browser.close()


def _drawer(page: Page) -> float:
    begun = time.monotonic()
    page.locator(".matrix tbody tr:not(.suite):visible td:visible").first.click()
    page.locator("#drawer").wait_for()
    return time.monotonic() - begun


def _tell(what: str, seconds: float) -> None:
    sys.stdout.write(f"{what:34} {seconds:6.2f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
