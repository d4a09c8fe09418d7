"""Debian's packages to a kernel that boots, in both shapes that they come in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.kernels import candidates, files
from orchestrator.kernels.archive import Archive, Package
from orchestrator.kernels.candidates import Candidate
from orchestrator.kernels.debian import Packaged, bootable
from orchestrator.tests.kernels.test_imagefile import X86, bzimage, elf
from orchestrator.tests.kernels.test_modules import BUILT_IN, VIRTIO, tree

ARM64_IMAGE = bytes(0x38) + b"ARM\x64" + b"code"
ELF = elf(X86)
BZIMAGE = bzimage(ELF)


class Suite:
    """An archive whose packages are directories; dpkg-deb copies them."""

    suite = "trixie-security"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, trees: dict[str, Path]) -> None:
        self.trees = trees
        monkeypatch.setattr(command, "run", self.extract)

    def fetch(self, package: Package, into: Path, say: object) -> Path:
        (into / package.file).write_text(package.name)
        return into / package.file

    def extract(self, argv: Sequence[Any]) -> bytes:
        _, _, deb, into = argv
        shutil.copytree(self.trees[deb.read_text()], into, dirs_exist_ok=True)
        return b""


def package(name: str) -> Package:
    return Package(name, "6.12.117-1", "amd64", 1, f"sha-of-{name}")


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trees: dict[str, Path]
) -> files.KernelFiles:
    candidate = Candidate("6.12.117-1", tuple(package(name) for name in trees))
    way = Packaged(ARCHES["x86_64"], ("cloud-amd64",))
    made = tmp_path / "made"
    made.mkdir()
    suite = cast("Archive", Suite(monkeypatch, trees))
    way.produce(candidate, suite, made, lambda words: None)
    return files.read(made)


def test_one_package_with_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "whole"
    put(root / "boot" / "vmlinuz-6.1.0-56", BZIMAGE)
    put(root / "boot" / "config-6.1.0-56", b"CONFIG_KSM=y\n")
    shutil.move(tree(tmp_path, BUILT_IN, **VIRTIO), root / "lib" / "modules" / "6.1.0-56")
    kernel = make(tmp_path, monkeypatch, {"linux-image-6.1.0-56": root})
    assert kernel.image.name == "vmlinux"
    assert kernel.image.read_bytes() == ELF
    assert files.read_config(kernel.config) == {"KSM": "y"}
    assert kernel.modules
    assert (kernel.modules / "failover.ko").exists()
    assert "vmlinuz-6.1.0-56" in kernel.hashes
    assert kernel.hashes["linux-image-6.1.0-56_6.12.117-1_amd64.deb"]
    assert kernel.origin == "linux-image-6.1.0-56 6.12.117-1 of Debian trixie-security"
    left = {path.name for path in kernel.image.parent.iterdir()}
    assert left == {"vmlinux", "config", "modules", "kernel.json"}


@pytest.mark.parametrize("name", ["vmlinuz", "vmlinuz.unsigned"])
def test_three_packages_with_a_part_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    place = Path("usr/lib/modules/7.3.4")
    put(tmp_path / "binary" / place / name, BZIMAGE)
    put(tmp_path / "base" / place / "config", b"CONFIG_KSM=y\n")
    put(tmp_path / "base" / place / "modules.builtin", BUILT_IN.encode())
    found = tree(tmp_path, BUILT_IN, **VIRTIO)
    shutil.copytree(found / "kernel", tmp_path / "modules" / place / "kernel")
    trees = {part: tmp_path / part for part in ("binary", "modules", "base")}
    kernel = make(tmp_path, monkeypatch, trees)
    assert kernel.image.read_bytes() == ELF
    assert name in kernel.hashes


def test_a_package_without_an_image_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "empty" / "usr" / "share" / "doc" / "README", b"")
    with pytest.raises(InfraError, match=r"boot/vmlinuz-\*.* is in empty_6\.12\.117-1_amd64"):
        make(tmp_path, monkeypatch, {"empty": tmp_path / "empty"})


def test_a_bare_arm64_image_boots_as_it_is() -> None:
    assert bootable(ARM64_IMAGE, "vmlinuz") == ARM64_IMAGE


def test_an_image_that_cannot_be_booted_is_named() -> None:
    with pytest.raises(InfraError, match="vmlinuz-6 is not an image that can be booted"):
        bootable(b"MZ" + bytes(600), "vmlinuz-6")


def test_the_key_is_of_the_packages_contents_and_the_arch() -> None:
    candidate = Candidate("6.12.117-1", (package("a"),))
    other = Candidate("6.12.117-1", (package("b"),))
    way = Packaged(ARCHES["x86_64"], ("cloud-amd64",))
    assert way.key(candidate) == way.key(candidate)
    assert way.key(candidate) != way.key(other)
    assert way.key(candidate) != Packaged(ARCHES["arm64"], ("cloud-amd64",)).key(candidate)


def test_of_a_flavour_that_was_renamed_each_version_has_the_first_name_that_it_knows() -> None:
    names = ("6.1.0-1-arm64", "6.12.0-1-arm64", "6.12.0-1-arm64-64k")
    packages = [
        Package(f"linux-image-{name}", f"{name.split('-')[0]}-1", "arm64", 1, name)
        for name in names
    ]
    way = Packaged(ARCHES["arm64"], ("arm64-64k", "arm64"))
    found = way.candidates(packages, candidates.anything)
    assert [one.packages[0].sha256 for one in found] == [names[2], names[0]]
    assert way.offer(packages) == "6.12.0-1, 6.1.0-1 (flavour arm64-64k or arm64)"


def test_what_could_have_been_asked_for_is_offered() -> None:
    way = Packaged(ARCHES["x86_64"], ("cloud-amd64",))
    name = "linux-image-6.12.117+deb13-cloud-amd64"
    assert way.offer([package(name)]) == "6.12.117-1 (flavour cloud-amd64)"
    assert Packaged(ARCHES["x86_64"], ("rt",)).offer([package(name)]) == (
        "no flavour rt, but cloud-amd64"
    )
