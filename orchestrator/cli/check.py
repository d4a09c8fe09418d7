"""lab check: what can be known of lab.yaml, expectations and mutants without a guest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from orchestrator import config, expectations
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.mutants import patches


def check(
    context: typer.Context,
    schema: Annotated[bool, typer.Option("--schema", help="Print lab.yaml's JSON Schema.")] = False,
) -> None:
    """Check lab.yaml, every expectation and every mutant; name each mistake with its place."""
    if schema:
        print_json(config.schema())
        return
    space: Workspace = context.obj
    claims = space.catalogue.claims()
    wrong = [
        *expectations.idle(space.rules, claims),
        *expectations.unsourced(space.rules, claims),
        *expectations.expired(space.rules, datetime.now(UTC).date()),
        *expectations.unproven(space.rules, space.catalogue.default),
    ]
    if wrong:
        raise ConfigError(*wrong)
    broken = patches.load(space.mutants, claims)
    print(
        f"{space.file.name}: {len(space.lab.targets)} targets, {len(claims)} claims, "
        f"{len(space.rules)} rules, {len(broken)} mutants: good"
    )
