"""Kernels that nobody boots: each release, or commit, says what the test wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from orchestrator import preparing, runner
from orchestrator.cli import bisect
from orchestrator.errors import InfraError
from orchestrator.kernels import KernelFiles
from orchestrator.kernels.archive import Package
from orchestrator.model import Boot, Ending, Release, Run, Suite, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.tests.cli.lab import Answer, keep_run
from orchestrator.tests.matrices import observed, unreachable

CLAIM = "wipe.zero"
PASS, FAIL, ABSENT = Verdict.PASS, Verdict.FAIL, Verdict.ABSENT
NAMES = [f"6.12.{number}" for number in range(1, 10)]
UNBUILT, UNBOOTED, INFRA = "unbuilt", "unbooted", "infra"
Says = Verdict | str | Sequence[Verdict]  # in every try, or try by try; or one of those above


@dataclass
class Kernels:
    """What each says about the claim, by the name of its kernel."""

    claim: str
    suites: tuple[Suite, ...]
    place: Path
    says: Mapping[str, Says] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)  # of kernels that are the same
    booted: list[str] = field(default_factory=list)
    alike: str = ""  # another claim of the suite, of which they say the same

    def prepare(self, target: Target, work: Work) -> Parts:
        name = target.kernel.name
        if self.says[name] == UNBUILT:
            raise InfraError("make exited with 2:\n    mm/mlock.c:1: error")
        initramfs = self.place / "initramfs"
        initramfs.write_text("init")
        hashes = {"vmlinux": self.images.get(name, name), "config": "y"}
        files = KernelFiles(
            *(Release(6, 12), name, "built", self.place / "vmlinux", self.place / "config"),
            modules=None,
            hashes=hashes,
            notes=(),
        )
        own = {suite.name: suite.name for suite in self.suites}
        return Parts(target, files, initramfs, {"suites": initramfs}, "10.0.2", suites=own)

    def run(self, parts: Parts, work: Work) -> Run:
        name = parts.target.kernel.name
        self.booted.append(name)
        run = self._run(parts.target, self.says[name], work)
        keep_run(work.store, work.plan_id, run)
        return run

    def _run(self, target: Target, says: Says, work: Work) -> Run:
        name, arch = target.kernel.name, target.arch.name
        if says == INFRA:
            return unreachable(name, arch)
        run = observed(name, arch, self.suites, {})
        if says == UNBOOTED:
            why = "Kernel panic - not syncing: no init"
            return replace(run, boots=(Boot(1, Ending.PANIC, why=why),))
        verdicts = [says] * work.tries if isinstance(says, Verdict) else says
        assert not isinstance(verdicts, str)
        claims = (self.claim, self.alike)
        said = [
            observed(name, arch, self.suites, dict.fromkeys(claims, (verdict, "")))
            for verdict in verdicts
        ]
        suite = self.claim.partition(".")[0]
        text = "".join(one.boots[0].ktap[suite] for one in said)
        return replace(said[-1], boots=(replace(said[-1].boots[0], ktap={suite: text}),))

    def stand_in(self, patch: pytest.MonkeyPatch, versions: Sequence[str]) -> None:
        """For the runner, and for an archive with these versions of the kernel."""
        listed = {"trixie-security": [packaged(version) for version in versions]}
        patch.setattr(preparing, "prepare", self.prepare)
        patch.setattr(runner, "run", self.run)
        patch.setattr(bisect, "listings", lambda *_: (listed, []))


def packaged(version: str, arch: str = "amd64") -> Package:
    """A kernel in Debian's archive."""
    name = f"linux-image-{version.partition('-')[0]}+deb13-cloud-{arch}"
    return Package(name, version, arch, 1, "ab" * 32)


def says(kernels: Kernels, *answers: Says) -> None:
    """What each of the releases says, the oldest first."""
    kernels.says = dict(zip(NAMES, answers, strict=False))


def found(said: Answer) -> list[str]:
    """The suspects that a bisect has named."""
    suspects: list[str] = said.json["levels"][-1]["suspects"]
    return suspects
