"""The bisects that a matrix's page leads to."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from typing_extensions import TypedDict

from orchestrator.errors import InfraError
from orchestrator.render.drawer import Bisected
from orchestrator.render.plain import plain_lines
from orchestrator.results import files


class _Level(TypedDict):
    said: str


class _Report(TypedDict):
    """What is needed of a report.json; there is more in it."""

    claim: str
    arch: str
    levels: list[_Level]


_REPORT = files.Form(_Report)


def finished(root: Path, claims: Collection[str]) -> dict[Path, Bisected]:
    """Those about one of the claims that have a report, each by its directory, oldest first.

    ``root`` is the directory of all bisects. One whose report is damaged, or of another version
    of the lab, is left out, which is said.
    """
    found = {}
    for place in sorted(path.parent for path in root.glob("*/report.json")):
        try:
            path = place / "report.json"
            report = files.validate(path, _REPORT, files.read_json(path))
        except InfraError as error:
            left_out = f"bisect {place.name} is left out of the report: {error.cause}"
            print(plain_lines(left_out), file=sys.stderr)
            continue
        if report["claim"] in claims and (place / "index.html").is_file():
            said = tuple(level["said"] for level in report["levels"])
            page = f"bisects/{place.name}.html"
            found[place] = Bisected(report["claim"], report["arch"], said, page)
    return found
