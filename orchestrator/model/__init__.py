"""The nouns of the lab: frozen values that know nothing of files, sockets or QEMU."""

from orchestrator.model.cells import BROKEN, Attempt, Cell
from orchestrator.model.claims import Claim, Rule, Suite, Verdict, is_name
from orchestrator.model.evidence import (
    Boot,
    Ending,
    Origin,
    Plan,
    Result,
    Run,
    Shard,
    Snapshot,
    Splat,
    Start,
)
from orchestrator.model.headers import Headers
from orchestrator.model.nightly import Encryption, Mail, Nightly, Server, Webhook, When
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
from orchestrator.model.tracks import DebianTrack, GitTrack, Track, Tracked

__all__ = [
    "BROKEN",
    "Arch",
    "Attempt",
    "Boot",
    "BuiltSource",
    "Cell",
    "Claim",
    "DebianSource",
    "DebianTrack",
    "Encryption",
    "Ending",
    "GitSource",
    "GitTrack",
    "Headers",
    "ImageSource",
    "Kernel",
    "Kselftest",
    "Mail",
    "Nightly",
    "Origin",
    "Patch",
    "Plan",
    "Release",
    "Result",
    "Rule",
    "Run",
    "Server",
    "Shard",
    "Snapshot",
    "Source",
    "Splat",
    "Start",
    "Suite",
    "TarballSource",
    "Target",
    "Track",
    "Tracked",
    "TreeSource",
    "Verdict",
    "Webhook",
    "When",
    "is_name",
    "kselftest_suite",
]
