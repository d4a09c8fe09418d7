"""lab.yaml to a Lab. A mistake in the file is reported by its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from orchestrator import crossing, yamlfile
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.expectations import KnownArch, RuleEntry
from orchestrator.model import (
    DebianSource,
    Kernel,
    Kselftest,
    Release,
    Rule,
    Target,
    kselftest_suite,
)
from orchestrator.yamlreader import Number


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


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _quoted(value: Any) -> Any:
    if isinstance(value, Number):
        raise ValueError(
            f"without quotes this is the number {value.means} to YAML: write it in quotes, "
            f"{str(value)!r}"
        )
    return value


_Quoted = Annotated[str, BeforeValidator(_quoted)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Listed = Annotated[
    list[_Quoted],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]


class _Debian(_Entry):
    suites: Annotated[Listed, Field(description="Suites of the archive, looked in one by one.")]
    version: Annotated[
        _Quoted | None, Field(description="Series (6.12), release (6.12.117) or package version.")
    ] = None
    flavour: Annotated[str | None, Field(description="Of Debian's build: cloud-amd64.")] = None
    build: Annotated[bool, Field(description="Build it here, by images/kconfig/.")] = False

    @model_validator(mode="after")
    def _makes_sense(self) -> _Debian:
        if self.version is not None:
            Release.parse(self.version)
        if self.flavour and self.build:
            raise ValueError("'flavour' is of Debian's builds; with 'build' there is none")
        return self


def _debian(value: Any) -> Any:
    """`debian: trixie` and `debian: [trixie-security, trixie]` are short for a mapping."""
    return value if isinstance(value, dict) else {"suites": value}


class _Kernel(_Entry):
    name: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._+~-]*$",
            description="Quoted: 5.10 is the number 5.1 to most readers of YAML.",
        ),
        BeforeValidator(_quoted),
    ]
    debian: Annotated[
        _Debian, BeforeValidator(_debian, json_schema_input_type=str | list[str] | _Debian)
    ]
    headers: Annotated[
        _Quoted | None,
        Field(description="A kernel in whose headers the suites' advice numbers are looked up."),
    ] = None

    @model_validator(mode="after")
    def _has_a_version(self) -> _Kernel:
        if self.debian.version is None:
            Release.parse(self.name)
        return self

    def kernel(self, rank: int) -> Kernel:
        source = DebianSource(
            suites=tuple(self.debian.suites),
            version=self.debian.version or self.name,
            flavour=self.debian.flavour,
            build=self.debian.build,
        )
        return Kernel(self.name, rank, source)


class _Kselftest(_Entry):
    kselftest: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)*$")]
    of: _Quoted
    tests: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]], Field(min_length=1)
    ]

    @property
    def suite(self) -> str:
        return kselftest_suite(self.kselftest)


class _Except(_Entry):
    arches: list[KnownArch]
    kernels: Listed
    why: Annotated[str, Field(min_length=1)]


class _Guests(_Entry):
    at_once: Annotated[int, Field(ge=1, le=64, description="Guests that run at a time.")] = 2
    claim_seconds: Annotated[
        int, Field(ge=1, le=600, description="What one claim may take on a machine of pace 1.")
    ] = 2


class _File(_Entry):
    arches: Annotated[
        list[KnownArch], Field(min_length=1, description="Every kernel is booted on each.")
    ]
    kernels: Annotated[list[_Kernel], Field(min_length=1, description="Oldest first.")]
    suites: Annotated[
        list[str | _Kselftest], Field(description="Default: all that are run by default.")
    ] = []
    guests: _Guests = _Guests()
    retries: Annotated[
        int, Field(ge=0, le=20, description="How often a surprise is tried again.")
    ] = 1
    except_: Annotated[
        list[_Except], Field(alias="except", description="Targets to leave out, and why.")
    ] = []
    expect: Annotated[
        list[RuleEntry], Field(description="Rules of this lab's own; they win over the suites'.")
    ] = []


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
    by_name = {entry.name: entry.kernel(rank) for rank, entry in enumerate(file.kernels)}
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
            if (kernel.name, arch) not in left_out
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
    )


def _suite(entry: str | _Kselftest) -> str:
    return entry if isinstance(entry, str) else entry.suite
