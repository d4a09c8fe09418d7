"""lab schema: what other programs may rely on in the output of --json."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestrator.cli.values import print_json
from orchestrator.errors import ConfigError
from orchestrator.render.schemas import FORMS, schema
from orchestrator.yamlfile import meant


def schema_(
    form: Annotated[str, typer.Argument(metavar="FORM", help=", ".join(FORMS))],
) -> None:
    """Print the JSON Schema of what a verb prints with --json. docs/ has them all."""
    if form not in FORMS:
        raise ConfigError(f"there is no form {form!r}{meant(form, FORMS)}")
    print_json(schema(form))
