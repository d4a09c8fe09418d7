"""lab.yaml to a Lab. A mistake in the file is reported by its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from orchestrator import crossing, yamlfile
from orchestrator.arches import ARCHES
from orchestrator.cluster import address
from orchestrator.entry import Entry, Listed, Quoted
from orchestrator.errors import ConfigError
from orchestrator.expectations import KnownArch, RuleEntry
from orchestrator.kernelentry import KernelEntry
from orchestrator.model import Kselftest, Nightly, Rule, Start, Target, Track, kselftest_suite
from orchestrator.nightentry import NightlyEntry
from orchestrator.trackentry import TrackEntry


@dataclass(frozen=True)
class Cluster:
    """Other machines that run the guests."""

    at: str  # a scheduler's address, or local:2
    artefacts: str  # URL of a place that all of them can read; "": in the cache


@dataclass(frozen=True)
class Lab:
    """What this lab boots, runs and expects."""

    root: Path  # of the repository: where guest-tests/, images/ and reports/ are
    targets: tuple[Target, ...]
    suites: tuple[str, ...]  # empty: every suite that is run by default
    kselftests: tuple[Kselftest, ...]  # those of the suites that are the kernel's own tests
    rules: tuple[Rule, ...]  # lab.yaml's own; they come after, and so win over, the suites'
    guests: int  # at a time
    claim_seconds: float  # that one claim may take on a machine of pace 1
    retries: int  # how often a surprise is tried again
    arches: tuple[str, ...]  # every kernel is booted on each, but for what was left out
    tracks: tuple[Track, ...]  # moving sources, whose kernels `lab nightly` adds
    nightly: Nightly
    boot: Start = Start.COLD  # how the guests of a run come to be ready
    cluster: Cluster | None = None  # None: the guests run here


class _Kselftest(Entry):
    kselftest: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)*$")]
    of: Quoted
    tests: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]], Field(min_length=1)
    ]

    @property
    def suite(self) -> str:
        return kselftest_suite(self.kselftest)


class _Except(Entry):
    arches: list[KnownArch]
    kernels: Listed
    why: Annotated[str, Field(min_length=1)]


class _Guests(Entry):
    at_once: Annotated[int, Field(ge=1, le=64, description="Guests that run at a time.")] = 2
    claim_seconds: Annotated[
        int, Field(ge=1, le=600, description="What one claim may take on a machine of pace 1.")
    ] = 2


class _Cluster(Entry):
    at: Annotated[
        str,
        Field(
            pattern=address.PATTERN,
            description="A scheduler, as tcp://head:8786, or local:2: workers beside the lab.",
        ),
    ]
    artefacts: Annotated[
        str, Field(description="URL of a place that all machines reach: file:///…, s3://…")
    ] = ""


class _File(Entry):
    arches: Annotated[
        list[KnownArch], Field(min_length=1, description="Every kernel is booted on each.")
    ]
    kernels: Annotated[list[KernelEntry], Field(min_length=1, description="Oldest first.")]
    suites: list[str | _Kselftest] = Field(
        default_factory=list, description="Default: all that are run by default."
    )
    guests: _Guests = _Guests()
    cluster: _Cluster | None = Field(
        default=None, description="Machines that run the guests; default: this one."
    )
    retries: Annotated[
        int, Field(ge=0, le=20, description="How often a surprise is tried again.")
    ] = 1
    boot: Annotated[
        Literal["cold", "snapshot", "auto"],
        Field(
            description="Guests of a run boot (cold), go on from a saved state (snapshot), or do "
            "that where it can be (auto)."
        ),
    ] = "cold"
    except_: list[_Except] = Field(
        default_factory=list, alias="except", description="Targets to leave out, and why."
    )
    track: list[TrackEntry] = Field(
        default_factory=list, description="Moving sources, whose kernels `lab nightly` adds."
    )
    nightly: NightlyEntry = NightlyEntry()
    expect: list[RuleEntry] = Field(
        default_factory=list, description="Rules of this lab's own; they win over the suites'."
    )


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def schema() -> dict[str, Any]:
    """The JSON Schema of lab.yaml, for editors."""
    return {
        **_FILE.json_schema(),
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a kernel conformance lab boots, runs and expects",
    }


def load(path: Path) -> Lab:
    """Read lab.yaml. Raises ConfigError with every complaint, each with file, line and column."""
    document = yamlfile.load(path, path.name)
    if document.data is None:
        raise ConfigError(f"{path.name}:1:1: the file is empty; it needs 'arches' and 'kernels'")
    file = yamlfile.validate(document, _FILE, crossing.complaints(document.data, path.parent))
    return _lab(path.resolve().parent, document, file)


def _lab(root: Path, document: yamlfile.Document, file: _File) -> Lab:
    left_out = {(k, a) for entry in file.except_ for k in entry.kernels for a in entry.arches}
    only = {entry.name: entry.arches or file.arches for entry in file.kernels}
    by_name = {entry.name: entry.kernel(rank, root) for rank, entry in enumerate(file.kernels)}
    kernels = [
        replace(by_name[entry.name], headers=by_name.get(entry.headers or ""))
        for entry in file.kernels
    ]
    return Lab(
        root=root,
        targets=tuple(
            Target(kernel, ARCHES[arch])
            for kernel in kernels
            for arch in file.arches
            if arch in only[kernel.name] and (kernel.name, arch) not in left_out
        ),
        suites=tuple(_suite(entry) for entry in file.suites),
        kselftests=tuple(
            Kselftest(entry.kselftest, by_name[entry.of], tuple(entry.tests))
            for entry in file.suites
            if isinstance(entry, _Kselftest)
        ),
        rules=tuple(r.rule(document.at(("expect", i))) for i, r in enumerate(file.expect)),
        guests=file.guests.at_once,
        claim_seconds=file.guests.claim_seconds,
        retries=file.retries,
        cluster=Cluster(file.cluster.at, file.cluster.artefacts) if file.cluster else None,
        boot=Start(file.boot),
        arches=tuple(file.arches),
        tracks=tuple(entry.track(root) for entry in file.track),
        nightly=file.nightly.nightly,
    )


def _suite(entry: str | _Kselftest) -> str:
    return entry if isinstance(entry, str) else entry.suite
