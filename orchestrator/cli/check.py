"""lab check: what can be known of lab.yaml, expectations and mutants without a guest."""

from __future__ import annotations

import typer

from orchestrator import expectations
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.mutants import patches


def check(context: typer.Context) -> None:
    """Check lab.yaml, every expectation and every mutant; name each mistake with its place."""
    space: Workspace = context.obj
    idle = expectations.idle(space.rules, space.catalogue.claims())
    if idle:
        raise ConfigError(*idle)
    broken = patches.load(space.mutants, space.catalogue.claims())
    claims, targets = len(space.catalogue.claims()), len(space.lab.targets)
    print(
        f"{space.file.name}: {targets} targets, {claims} claims, {len(space.rules)} rules, "
        f"{len(broken)} mutants: good"
    )
