"""A cell by the name that people write."""

from __future__ import annotations

from orchestrator.errors import ConfigError
from orchestrator.model import Cell
from orchestrator.results.matrix import Matrix
from orchestrator.yamlfile import meant

EXAMPLE = "wipeonfork.child-reads-zero@6.12/parisc"


def find(matrix: Matrix, name: str) -> Cell:
    """The cell of that name. Raises ConfigError, with the one that may have been meant."""
    claim, at, target = name.partition("@")
    if not at:
        raise ConfigError(f"{name!r} is no cell: write CLAIM@KERNEL/ARCH, as in {EXAMPLE}")
    found = matrix.find(claim, target)
    if found is None:
        targets = [column.target for column in matrix.columns]
        claims = [row.claim.name for group in matrix.groups for row in group.rows]
        hint = meant(target, targets) if claim in claims else meant(claim, claims)
        raise ConfigError(f"run {matrix.plan.id} has no cell {name!r}{hint}")
    return found
