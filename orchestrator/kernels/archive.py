"""One suite of Debian's archive, seen through an apt view of our own.

apt checks the signatures, honours the host's proxies and resumes what was cut; the host's own
lists, sources and caches are neither read nor touched.
"""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.cache import digest
from orchestrator.errors import InfraError
from orchestrator.kernels import apt
from orchestrator.kernels.progress import Say, telling
from orchestrator.locked import locked

# A failed update is not tried again within this time: twelve targets that look into the same
# unreachable suite shall wait for one timeout, not for twelve.
_PATIENCE = 300.0  # seconds
_KERNEL_PACKAGES = '~n"^linux-(image|binary|modules|base|source)-"'


@dataclass(frozen=True)
class Package:
    """A kernel package as the archive lists it."""

    name: str
    version: str
    arch: str  # Debian's name, or "all"
    size: int  # bytes
    sha256: str
    depends: str = ""

    @property
    def file(self) -> str:
        """What people and the archive call it."""
        return f"{self.name}_{self.version}_{self.arch}.deb"


class Archive:
    """A suite; nothing is fetched before it is asked for."""

    def __init__(
        self, suite: str, root: Path, arches: Sequence[str], kind: apt.Kind = "deb"
    ) -> None:
        """``root`` is where views are kept; ``arches`` are Debian's names, at least one."""
        self.suite = suite
        self._uri = apt.mirror(suite, os.environ)
        self._arches = tuple(arches)
        self._kind = kind
        self._place = root / f"{suite}-{digest(self._uri, kind, *arches)[:8]}"
        self._fetched = self._place / "fetched"
        self._failed = self._place / "failed"

    def refresh(self, since: float, say: Say) -> str:
        """Have lists that were fetched after ``since`` (seconds, as time.time() counts them).

        Returns "", or in one sentence why older lists have to do. Raises UntrustedError when
        what came is not Debian's, and AwayError when there are no older lists either.
        """
        _need_apt()
        self._place.mkdir(parents=True, exist_ok=True)
        with locked(self._place / "update.lock"):
            self._lay_out()
            if self._fetched.exists() and _written(self._fetched) >= since:
                return ""
            if _written(self._failed) >= max(since, time.time() - _PATIENCE):
                return self._failed.read_text()
            try:
                with telling(say, lambda: f"fetching the package lists of {self.suite}"):
                    self._apt("apt-get", "update", "--error-on=any", what=f"suite {self.suite}")
            except apt.AwayError as error:
                if not self._fetched.exists():
                    raise
                self._failed.write_text(error.cause)
                return error.cause
            self._fetched.touch()
        return ""

    def age(self) -> float:
        """Seconds since the lists were fetched."""
        return time.time() - _written(self._fetched)

    def packages(self) -> list[Package]:
        """Every kernel package on the lists, in no order. ``refresh`` must have been called."""
        with locked(self._place / "update.lock"):
            try:
                shown = self._apt("apt-cache", "show", _KERNEL_PACKAGES, what=f"suite {self.suite}")
            except apt.AwayError as error:
                if apt.NOTHING in error.cause:  # a suite may list no kernel at all
                    return []
                raise
        return parse(shown.decode())

    def fetch(self, package: Package, into: Path, say: Say) -> Path:
        """The package's file, downloaded to the directory ``into`` and checked.

        Raises GoneError when the archive lists but does not have it, UntrustedError when it
        is not what Debian signed, and AwayError when it cannot be had otherwise.
        """
        arch = "" if package.arch == "all" else f":{package.arch}"
        megabytes = package.size / 1e6

        def words() -> str:
            here = sum(_size(path) for path in into.glob(f"{package.name}_*"))
            return f"downloading {package.name} {here / 1e6:.0f} of {megabytes:.0f} MB"

        with telling(say, words):
            self._apt(
                *("apt-get", "download", f"{package.name}{arch}={package.version}"),
                what=package.file,
                cwd=into,
            )
        return next(into.glob(f"{package.name}_*.deb"))

    def fetch_source(self, name: str, into: Path, say: Say) -> Path:
        """The .dsc of the newest source package ``name``, beside all files that it lists.

        For a suite of kind "deb-src". Checked, and raises, as ``fetch`` does.
        """
        with telling(say, lambda: f"downloading the source of {name}"):
            self._apt(
                *("apt-get", "source", "--download-only", "--only-source", name),
                what=f"source package {name}",
                cwd=into,
            )
        return next(into.glob(f"{name}_*.dsc"))

    def _apt(self, program: str, *words: str, what: str, cwd: Path | None = None) -> bytes:
        argv = (program, "-q", "-c", str(self._place / "apt.conf"), *words)
        try:
            return command.run(argv, cwd=cwd)
        except InfraError as error:
            look = shlex.join(argv)
            raise apt.explained(error.cause, what, self._uri, look) from error

    def _lay_out(self) -> None:
        """Write down what the view is, unless that is there: an apt may be reading it."""
        for name in ("lists/partial", "cache/archives/partial"):
            (self._place / name).mkdir(parents=True, exist_ok=True)
        texts = {
            "apt.conf": apt.configuration(self._place, self._arches),
            "sources.list": apt.source_line(self.suite, self._uri, self._kind),
        }
        for name, text in texts.items():
            path = self._place / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)


def parse(shown: str) -> list[Package]:
    """Packages from what ``apt-cache show`` printed, in its order."""
    from debian.deb822 import Packages

    return [
        Package(
            name=entry["Package"],
            version=entry["Version"],
            arch=entry["Architecture"],
            size=int(entry["Size"]),
            sha256=entry["SHA256"],
            depends=entry.get("Depends", ""),
        )
        for entry in Packages.iter_paragraphs(shown, use_apt_pkg=False)
    ]


def _written(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _size(path: Path) -> int:
    """Of a file that apt may rename or remove at any time."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _need_apt() -> None:
    for program in ("apt-get", "apt-cache", "dpkg-deb"):
        if shutil.which(program) is None:
            raise InfraError(
                f"{program} is not installed: Debian's kernels are fetched with apt and "
                "unpacked with dpkg, so a Debian, or a derivative of it, is needed as the host"
            )
    if not apt.KEYRING.exists():
        raise InfraError(
            f"{apt.KEYRING} is missing, without which Debian's signatures cannot be checked",
            "apt-get install debian-archive-keyring",
        )
