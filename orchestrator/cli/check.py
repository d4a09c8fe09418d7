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
    claims = space.catalogue.claims()
    wrong = [
        *expectations.idle(space.rules, claims),
        *expectations.unsourced(space.rules, claims),
        *expectations.unproven(space.rules, space.catalogue.default),
    ]
    if wrong:
        raise ConfigError(*wrong)
    broken = patches.load(space.mutants, claims)
    print(
        f"{space.file.name}: {len(space.lab.targets)} targets, {len(claims)} claims, "
        f"{len(space.rules)} rules, {len(broken)} mutants: good"
    )
