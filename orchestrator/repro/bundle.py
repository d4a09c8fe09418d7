"""The files of a bundle: kernel, initramfs, suite, script, page, and the sums of all of them."""

from __future__ import annotations

import gzip
import io
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.cache import file_digest
from orchestrator.disk import writing
from orchestrator.errors import ConfigError
from orchestrator.guests import qemu
from orchestrator.guests.errand import SUITES
from orchestrator.images import initramfs, newc
from orchestrator.model import Arch

KERNEL, INITRAMFS, SUITE, FIRMWARE = "kernel", "initramfs.cpio", "suite", "firmware"
TEMPLATE = initramfs.RECIPES / "repro" / "repro.sh"


@dataclass(frozen=True)
class Contents:
    """What a bundle is made of."""

    arch: Arch
    image: Path
    modules: Path | None
    userland: Path
    stream: Path  # the suites, as they are pushed
    command: str  # that tries the claim, for the guest's shell
    texts: Mapping[str, str]  # further files


def argv(arch: Arch) -> list[str]:
    """The QEMU of a run, less its monitor and the way in, for the files of a bundle."""
    here = replace(arch, firmware=FIRMWARE) if arch.firmware else arch
    return qemu.command(qemu.Boot(here, Path(KERNEL), Path(INITRAMFS), qmp_fd=None))


def write(contents: Contents, place: Path, *, packed: bool) -> Path:
    """Make the bundle at ``place``, or as ``place``.tar.gz; where it is.

    Written aside and renamed. Raises ConfigError when something is there already, InfraError
    when the disk does not take it.
    """
    final = place.with_name(f"{place.name}.tar.gz") if packed else place
    if final.exists():
        raise ConfigError(f"{final} is there already: remove it, or have it elsewhere with -o")
    with writing(final), _aside(final.parent) as aside:
        directory = aside / place.name
        directory.mkdir()
        _fill(contents, directory)
        made = _pack(directory) if packed else directory
        return made.rename(final)


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".repro-", dir=parent) as place:
        yield Path(place)


def _fill(contents: Contents, directory: Path) -> None:
    shutil.copyfile(contents.image, directory / KERNEL)
    if contents.arch.firmware:
        shutil.copyfile(contents.arch.firmware, directory / FIRMWARE)
    suites = _suites(contents.stream)
    further = [*initramfs.hook("claim"), *_tries(contents.command), *suites]
    image = initramfs.keyless(contents.modules, contents.userland, further)
    (directory / INITRAMFS).write_bytes(image)
    (binary,) = (entry for entry in suites if stat.S_ISREG(entry.mode))
    (directory / SUITE).write_bytes(binary.data)
    (directory / SUITE).chmod(0o755)
    for name, text in contents.texts.items():
        (directory / name).write_text(text)
    names = sorted(path.name for path in directory.iterdir())
    sums = "".join(f"{file_digest(directory / name)}  {name}\n" for name in names)
    (directory / "SHA256SUMS").write_text(sums)


def _tries(command: str) -> list[newc.Entry]:
    return [newc.file("lab/command", f"{command}\n".encode()), newc.directory(SUITES.strip("/"))]


def _suites(stream: Path) -> list[newc.Entry]:
    """What a guest unpacks of a stream: the binary, and its names."""
    found = []
    with tarfile.open(stream) as tar:
        for member in tar:
            path = f"{SUITES.strip('/')}/{member.name}"
            if member.issym():
                found.append(newc.symlink(path, member.linkname))
            elif file := tar.extractfile(member):
                found.append(newc.file(path, file.read(), member.mode))
    return found


def _pack(directory: Path) -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(directory, directory.name, filter=_of_nobody)
    packed = directory.with_name("packed")
    packed.write_bytes(gzip.compress(raw.getvalue(), mtime=0))
    return packed


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = "root"
    return entry
