"""Exit codes: what a script may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `lab --help` needs the codes, and no matrix
    from orchestrator.results.matrix import Matrix

OK = 0  # every claim came out as wanted
SURPRISE = 1  # at least one did not
USAGE = 2  # the command line, lab.yaml or an expectation is wrong
INFRA = 3  # the host failed, or something that was planned is missing
BUG = 4  # the lab itself is wrong
INTERRUPTED = 130


def of(matrix: Matrix) -> int:
    """The exit code that a matrix deserves."""
    if matrix.surprises():
        return SURPRISE
    return INFRA if matrix.missing() else OK
