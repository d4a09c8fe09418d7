"""The kernel's own tests, compiled: out of its source, by the source's own Makefile, for a guest.

The headers are those of that same source. A program that does not build for an arch is told of,
with the reason; where the host's own does not, there is no list of its tests, and nothing to run.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.images import suites, uapi
from orchestrator.images.suites import Say
from orchestrator.kernels import Extract, build, extract
from orchestrator.model import Arch, Kselftest

# Part of every key: to be changed when what is made of the same inputs changes.
_LAYOUT = "1"
TESTS = Path("tools/testing/selftests")
# What of a source the tests read, and `make headers`. Each pattern matches in every series.
_PARTS = (
    *uapi.PARTS,
    *("mm/*.h", "tools/include", "tools/arch", "tools/scripts", "tools/build"),
    *(f"{TESTS}/*.h", f"{TESTS}/*.mk", f"{TESTS}/kselftest*"),
)
_COMPLAINT = re.compile(r"error:|undefined reference")
_QUOTES = str.maketrans("\u2018\u2019", "''")
_UNBUILT = "unbuilt.json"


@dataclass(frozen=True)
class Origin:
    """Tests, and the source that they are taken from."""

    tests: Kselftest
    source: Extract  # what is needed of it
    key: str  # of the source and of all that we do with it

    @property
    def place(self) -> Path:
        """Where the tests are."""
        return self.source.place / TESTS / self.tests.directory

    @property
    def version(self) -> str:
        """The source's own: 7.3.4."""
        head = (self.source.place / "Makefile").read_text()[:1000]
        numbers = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)", head, re.MULTILINE))
        return ".".join(numbers[name] for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))


@dataclass(frozen=True)
class Programs:
    """The programs of an arch, in the cache."""

    directory: Path

    @property
    def key(self) -> str:
        """Of all that went into them."""
        return self.directory.name

    @property
    def unbuilt(self) -> dict[str, str]:
        """Those that there are not, and why."""
        found: dict[str, str] = json.loads((self.directory / _UNBUILT).read_text())
        return found


def origin(tests: Kselftest, cache: Cache, say: Say) -> Origin:
    """Have the tests' source at hand. Raises InfraError."""
    parts = (*_PARTS, f"{TESTS}/{tests.directory}")
    source = extract(tests.of, parts, cache, say)
    return Origin(tests, source, digest(source.key, _LAYOUT))


def programs(origin: Origin, arch: Arch, cache: Cache, say: Say) -> Programs:
    """Every program that builds for ``arch``. Raises InfraError."""
    headers = uapi.headers(origin.source, arch, cache, say)
    key = digest(origin.key, *origin.tests.tests, arch.name, build.programs_compiler(arch))

    def produce(directory: Path) -> None:
        unbuilt = {}
        with tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
            # The tests' Makefile writes what it found out about the host beside itself.
            tree = Path(shutil.copytree(origin.source.place, Path(scratch) / "tree", symlinks=True))
            place = tree / TESTS / origin.tests.directory
            for program in origin.tests.tests:
                say(f"building {program}")
                try:
                    _compile(place, arch, headers, directory / program)
                except InfraError as error:
                    if arch == suites.host():  # there would be no list of its tests
                        raise
                    unbuilt[program] = f"does not build for {arch.name}: {_complaint(error)}"
        (directory / _UNBUILT).write_text(json.dumps(unbuilt, indent=1))

    return Programs(cache.make("kselftests", f"{arch.name}-{key}", produce))


def _compile(place: Path, arch: Arch, headers: Path, program: Path) -> None:
    uapi.make(
        place,
        arch,
        f"ARCH={arch.name}",  # uname -m's words, as ours are; kbuild's own are others
        f"OUTPUT={program.parent}",
        f"KHDR_INCLUDES=-isystem {headers}",
        f"LDFLAGS={' '.join(('-static', '-s', '-Wl,--build-id=none', *arch.link))}",
        str(program),
    )


def _complaint(error: InfraError) -> str:
    """The line of the compiler's that says most, in plain ASCII and without tabs."""
    lines = error.cause.splitlines()
    line = next((line for line in lines if _COMPLAINT.search(line)), lines[-1])
    return " ".join(line.translate(_QUOTES).split())[:200]
