"""The entries under ``kernels:`` in a lab.yaml: where each kernel comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from orchestrator.entry import Entry, Listed, Quoted, listed, quoted
from orchestrator.expectations import KnownArch
from orchestrator.model import (
    DebianSource,
    GitSource,
    ImageSource,
    Kernel,
    Patch,
    Release,
    Source,
    TarballSource,
    TreeSource,
)


def release(value: Any) -> Release | None:
    """A release as it is written, in quotes."""
    return None if value is None else Release.parse(str(quoted(value)))


def _short_for(key: str, forms: Any) -> BeforeValidator:
    """A word, or a list, is short for a mapping with that key alone; ``forms`` tells editors."""

    def long(value: Any) -> Any:
        return value if isinstance(value, dict) else {key: value}

    return BeforeValidator(long, json_schema_input_type=forms)


class _Debian(Entry):
    suites: Annotated[Listed, Field(description="Suites of the archive, looked in one by one.")]
    version: Annotated[
        Quoted | None, Field(description="Series (6.12), release (6.12.117) or package version.")
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


class _Code(Entry):
    git: Annotated[str | None, Field(description="A repository: its directory or URL.")] = None
    rev: Annotated[Quoted | None, Field(description="With git: a tag, a branch, an id.")] = None
    tree: Annotated[str | None, Field(description="A working tree of git's, as it is.")] = None
    tarball: Annotated[str | None, Field(description="A packed source tree.")] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> _Code:
        if [self.git, self.tree, self.tarball].count(None) != 2:  # of three
            raise ValueError("a source is one of 'git' (with a 'rev'), 'tree' and 'tarball'")
        if (self.git is None) is not (self.rev is None):
            raise ValueError("'git' needs a 'rev', and nothing else has one")
        return self

    def source(self, root: Path, patches: tuple[Patch, ...]) -> Source:
        if self.tree is not None:
            return TreeSource(place(root, self.tree), patches)
        if self.tarball is not None:
            return TarballSource(place(root, self.tarball), patches)
        found = GitSource(self.git or "", self.rev or "", patches)
        if found.is_remote:
            return found
        return GitSource(str(place(root, found.repo)), found.rev, patches)


class _Image(Entry):
    file: Annotated[str, Field(description="A bzImage, an Image or a vmlinux.")]
    modules: Annotated[str | None, Field(description="Its lib/modules/<release>.")] = None
    config: Annotated[
        str | None, Field(description="Its .config; by default that in the image, or beside it.")
    ] = None

    def source(self, root: Path) -> Source:
        return ImageSource(
            place(root, self.file),
            place(root, self.modules) if self.modules else None,
            place(root, self.config) if self.config else None,
        )


class _Patches(Entry):
    patch: Annotated[str, Field(description="A file, or a pattern for a series of them.")]
    since: Annotated[
        Release | None, BeforeValidator(release, json_schema_input_type=str | None)
    ] = None
    until: Annotated[
        Release | None,
        BeforeValidator(release, json_schema_input_type=str | None),
        Field(description="The first release that it is not for."),
    ] = None

    def patches(self, root: Path) -> list[Patch]:
        return [Patch(path, self.since, self.until) for path in matching(root, self.patch)]


class KernelEntry(Entry):
    """One kernel, and where it comes from."""

    name: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._+~-]*$",
            description="Quoted: 5.10 is the number 5.1 to most readers of YAML.",
        ),
        BeforeValidator(quoted),
    ]
    debian: Annotated[
        _Debian | None,
        _short_for("suites", str | list[str] | _Debian),
        Field(description="Out of Debian's archive."),
    ] = None
    source: Annotated[_Code | None, Field(description="Built here from source code.")] = None
    image: Annotated[
        _Image | None,
        _short_for("file", str | _Image),
        Field(description="Built by somebody else already."),
    ] = None
    patches: Annotated[
        list[Annotated[_Patches, _short_for("patch", str | _Patches)]],
        BeforeValidator(listed, json_schema_input_type=str | _Patches | list[str | _Patches]),
    ] = Field(
        default_factory=list,
        description="Applied in this order to the source, which is built here then.",
    )
    arches: list[KnownArch] = Field(
        default_factory=list, description="Only on these; by default on all of the lab's."
    )
    headers: Annotated[
        Quoted | None,
        Field(description="A kernel in whose headers the suites' advice numbers are looked up."),
    ] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> KernelEntry:
        if [self.debian, self.source, self.image].count(None) != 2:  # of three
            raise ValueError("a kernel has one of 'debian', 'source' and 'image'")
        if self.image and self.patches:
            raise ValueError("'patches' are for source code, and 'image' is a kernel without it")
        if self.debian and self.debian.flavour and self.patches:
            raise ValueError("'flavour' is of Debian's builds; with 'patches' it is built here")
        if self.debian and self.debian.version is None:
            Release.parse(self.name)
        return self

    def kernel(self, rank: int, root: Path) -> Kernel:
        """What the entry says; its paths are below ``root``."""
        return Kernel(self.name, rank, self._source(root))

    def _source(self, root: Path) -> Source:
        patches = tuple(patch for entry in self.patches for patch in entry.patches(root))
        if self.image:
            return self.image.source(root)
        if self.source:
            return self.source.source(root, patches)
        assert self.debian
        return DebianSource(
            suites=tuple(self.debian.suites),
            version=self.debian.version or self.name,
            flavour=self.debian.flavour,
            build=self.debian.build,
            patches=patches,
        )


def matching(root: Path, pattern: str) -> list[Path]:
    """The files that a pattern of the shell's means, by name; a path means itself."""
    where = place(root, pattern)
    try:
        return sorted(path for path in where.parent.glob(where.name) if path.is_file())
    except (ValueError, OSError):  # a name that no file can have
        return []


def place(root: Path, text: str) -> Path:
    """A path in a lab.yaml is as seen from where that file is."""
    return (root / Path(text).expanduser()).resolve()
