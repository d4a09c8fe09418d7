"""The nouns of the lab: frozen values that know nothing of files, sockets or QEMU."""

from orchestrator.model.cells import BROKEN, Attempt, Cell
from orchestrator.model.claims import Claim, Rule, Suite, Verdict, is_name
from orchestrator.model.evidence import Boot, Ending, Plan, Result, Run, Splat
from orchestrator.model.headers import Headers
from orchestrator.model.release import Release
from orchestrator.model.sources import (
    BuiltSource,
    DebianSource,
    GitSource,
    ImageSource,
    Patch,
    Source,
    TarballSource,
    TreeSource,
)
from orchestrator.model.targets import Arch, Kernel, Kselftest, Target, kselftest_suite

__all__ = [
    "BROKEN",
    "Arch",
    "Attempt",
    "Boot",
    "BuiltSource",
    "Cell",
    "Claim",
    "DebianSource",
    "Ending",
    "GitSource",
    "Headers",
    "ImageSource",
    "Kernel",
    "Kselftest",
    "Patch",
    "Plan",
    "Release",
    "Result",
    "Rule",
    "Run",
    "Source",
    "Splat",
    "Suite",
    "TarballSource",
    "Target",
    "TreeSource",
    "Verdict",
    "is_name",
    "kselftest_suite",
]
