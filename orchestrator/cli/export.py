"""lab export: a stored run in the formats that other tools read."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.workspace import Workspace
from orchestrator.disk import writing
from orchestrator.render.exports.csv import csv
from orchestrator.render.exports.junit import junit
from orchestrator.render.exports.kcidb import kcidb
from orchestrator.render.exports.ktap import ktap
from orchestrator.render.exports.markdown import markdown


class Format(enum.StrEnum):
    """What there is to choose from."""

    KTAP = "ktap"
    JUNIT = "junit"
    KCIDB = "kcidb"
    MARKDOWN = "markdown"
    CSV = "csv"


_WRITERS = {
    Format.KTAP: ktap,
    Format.JUNIT: junit,
    Format.KCIDB: kcidb,
    Format.MARKDOWN: markdown,
    Format.CSV: csv,
}


def export(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")] = "latest",
    form: Annotated[Format, typer.Option("--format", help="The format.")] = Format.MARKDOWN,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file.")] = None,
) -> None:
    """Write a stored run, judged by today's rules, in a format that other tools read.

    A kernel that died under test is a failure there, the host's fault an error, and what was
    never reached is missing.
    """
    space: Workspace = context.obj
    text = _WRITERS[form](space.matrix(run_id))
    if output is None:
        sys.stdout.write(text)
        return
    with writing(output), output.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
