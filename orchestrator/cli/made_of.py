"""What the HTML report is made of, as a digest: the same one need not be made again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orchestrator
from orchestrator.cache import digest
from orchestrator.cli.workspace import Workspace

NAME = ".made-of"  # of the file beside the report


def is_current(space: Workspace, run: str) -> bool:
    """Whether the report is of that run, and would come out the same."""
    there = space.html / NAME
    return there.is_file() and there.read_text() == made_of(space, run)


def made_of(space: Workspace, run: str) -> str:
    """Of evidence, rules, sources, templates and our own code; other runs are in it by name."""
    parts: list[str | bytes] = [run, *space.store.ids()]
    for place in sorted(space.store.place(run).glob("*/*/")):  # every boot changes one of them
        parts.append(str(place.stat().st_mtime_ns))
    for path in sorted(_files(space)):
        parts += [str(path), path.read_bytes()]
    return digest(*parts)


def _files(space: Workspace) -> Iterator[Path]:
    yield from _code(Path(orchestrator.__file__).parent)
    for place in (space.templates, space.guest_tests):
        yield from (path for path in place.rglob("*") if path.is_file())
    yield from (space.lab.root / "images").rglob("expect.yaml")
    yield from space.bisects.glob("*/report.json")
    yield space.file


def _code(package: Path) -> Iterator[Path]:
    for place, directories, names in os.walk(package):
        directories[:] = [name for name in directories if name not in ("tests", "__pycache__")]
        yield from (Path(place, name) for name in names if name.endswith(".py"))
