"""lab check: everything about lab.yaml and the expectations that can be known without a guest."""

from __future__ import annotations

import typer

from orchestrator import expectations
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError


def check(context: typer.Context) -> None:
    """Check lab.yaml and every expectation; name each mistake with file, line and column."""
    space: Workspace = context.obj
    idle = expectations.idle(space.rules, space.catalogue.claims())
    if idle:
        raise ConfigError(*idle)
    claims, targets = len(space.catalogue.claims()), len(space.lab.targets)
    print(f"{space.file.name}: {targets} targets, {claims} claims, {len(space.rules)} rules: good")
