"""Kernels that Debian built: from its packages to an image, a configuration and modules."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from debian.debian_support import Version

from orchestrator import command
from orchestrator.cache import digest, file_digest
from orchestrator.errors import InfraError
from orchestrator.kernels import candidates, files, imagefile, modules
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate, Fits
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch

# Part of every key: to be changed when what is made of the same packages changes.
_LAYOUT = "1"
_IMAGES = (
    "boot/vmlinuz-*",
    "boot/vmlinux-*",  # of powerpc and mips
    "usr/lib/modules/*/vmlinuz",
    "usr/lib/modules/*/vmlinuz.unsigned",
)
_CONFIGS = ("boot/config-*", "usr/lib/modules/*/config")
_MODULES = ("lib/modules/*", "usr/lib/modules/*")


@dataclass(frozen=True)
class Packaged:
    """The kernel packages of one flavour, by whichever of its names, for one arch."""

    arch: Arch
    flavours: tuple[str, ...]  # of a version that has several the first one counts
    kind: str = "kernels"  # of the cache's entries

    def candidates(self, packages: Iterable[Package], fits: Fits) -> list[Candidate]:
        """What could serve, best first."""
        listed, found = list(packages), dict[str, list[Candidate]]()
        for flavour in self.flavours:
            for version, same in _by_version(listed, flavour, self.arch, fits).items():
                found.setdefault(version, same)
        newest = sorted(found, key=Version, reverse=True)
        return [candidate for version in newest for candidate in found[version]]

    def key(self, candidate: Candidate) -> str:
        """Of the cache entry that ``produce`` makes."""
        sums = (package.sha256 for package in candidate.packages)
        wanted = json.dumps(modules.wanted(self.arch.bus))
        return digest("packaged", _LAYOUT, self.arch.image, wanted, *sums)

    def produce(self, candidate: Candidate, archive: Archive, directory: Path, say: Say) -> None:
        """Fill ``directory`` with the kernel and a record of it."""
        tree, debs = directory / "tree", directory / "debs"
        debs.mkdir()
        hashes = {}
        for package in candidate.packages:
            deb = archive.fetch(package, debs, say)
            hashes[package.file] = package.sha256
            say(f"unpacking {package.name}")
            command.run(["dpkg-deb", "--extract", deb, tree])
        shipped = _one(tree, _IMAGES, candidate)
        hashes[shipped.name] = file_digest(shipped)
        image = Path(self.arch.image).name
        (directory / image).write_bytes(bootable(shipped.read_bytes(), shipped.name))
        shutil.copyfile(_one(tree, _CONFIGS, candidate), directory / "config")
        modules.collect(_one(tree, _MODULES, candidate), directory / "modules", self.arch.bus)
        shutil.rmtree(tree)
        shutil.rmtree(debs)
        files.write(
            directory,
            version=candidate.version,
            origin=f"{candidate.packages[0].name} {candidate.version} of Debian {archive.suite}",
            image=image,
            hashes=hashes,
        )

    def offer(self, packages: Iterable[Package]) -> str:
        """What of ``packages`` could have been asked for, in words for a person."""
        listed = list(packages)
        flavour = " or ".join(self.flavours)
        if found := candidates.versions(self.candidates(listed, candidates.anything)):
            return f"{', '.join(found)} (flavour {flavour})"
        there = candidates.flavours(listed, self.arch.debian)
        return f"no flavour {flavour}" + (f", but {', '.join(there)}" if there else "")


def _by_version(
    packages: Iterable[Package], flavour: str, arch: Arch, fits: Fits
) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for candidate in candidates.binaries(packages, flavour, arch.debian, fits):
        found.setdefault(candidate.version, []).append(candidate)
    return found


def bootable(data: bytes, name: str) -> bytes:
    """What QEMU boots fastest of the image that a package ships. Raises InfraError."""
    try:
        return imagefile.read(data).data
    except ValueError as error:
        raise InfraError(f"{name} is not an image that can be booted here: {error}") from error


def _one(tree: Path, patterns: Iterable[str], candidate: Candidate) -> Path:
    for pattern in patterns:
        for path in tree.glob(pattern):
            return path
    names = " ".join(package.file for package in candidate.packages)
    raise InfraError(f"none of {', '.join(patterns)} is in {names}", f"dpkg-deb -c {names}")
