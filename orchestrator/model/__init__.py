"""The nouns of the lab: frozen values that know nothing of files, sockets or QEMU."""

from orchestrator.model.cells import BROKEN, Attempt, Cell
from orchestrator.model.claims import Claim, Rule, Suite, Verdict
from orchestrator.model.evidence import Boot, Ending, Plan, Result, Run, Splat
from orchestrator.model.release import Release
from orchestrator.model.targets import (
    Arch,
    DebianSource,
    Kernel,
    Kselftest,
    Target,
    kselftest_suite,
)

__all__ = [
    "BROKEN",
    "Arch",
    "Attempt",
    "Boot",
    "Cell",
    "Claim",
    "DebianSource",
    "Ending",
    "Kernel",
    "Kselftest",
    "Plan",
    "Release",
    "Result",
    "Rule",
    "Run",
    "Splat",
    "Suite",
    "Target",
    "Verdict",
    "kselftest_suite",
]
