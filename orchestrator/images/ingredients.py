"""What each suite is built from, as digests: those of one do not change when another one does."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.cache import digest, tree_digest
from orchestrator.model import Arch

_ALONE = "reproducers"  # programs of their own, which no suite has anything of


@dataclass(frozen=True)
class Sources:
    """guest-tests/ as it was at one moment: a digest of each part."""

    total: str  # of all that suites are built from
    shared: str  # of what all suites have in common
    own: Mapping[str, str]  # of each suite's own files, in the order of their names

    def common(self, arch: Arch, *, broken: bool = False, advice: Path | None = None) -> str:
        """Of all that every suite for ``arch`` is made of and made with, as suites.build has it."""
        numbers = advice.read_bytes() if advice else b""
        row = (arch.name, arch.uname, *arch.link)
        return digest(self.shared, compiler(arch), *row, str(broken), numbers)

    def each(self, common: str) -> Mapping[str, str]:
        """For each suite a digest of all that it is made of and made with; see ``common``."""
        return {name: digest(common, own) for name, own in self.own.items()}


def read(guest_tests: Path) -> Sources:
    """The digests of what is there now."""
    abouts = sorted(guest_tests.glob("*/suite.yaml"))
    suites = [path.parent for path in abouts]
    rest = _sources(guest_tests, {*suites, guest_tests / _ALONE})
    shared = tree_digest([*guest_tests.glob("Makefile"), *rest], guest_tests)
    own = {place.name: tree_digest(_sources(place, set()), guest_tests) for place in suites}
    total = digest(shared, tree_digest(abouts, guest_tests), *own.values())
    return Sources(total, shared, own)


@functools.cache
def compiler(arch: Arch) -> bytes:
    """What the compiler for an arch says of itself. Raises InfraError when there is none."""
    return command.run([f"{arch.triplet}-gcc", "--version"])


def _sources(place: Path, aside: set[Path]) -> Iterator[Path]:
    for path in place.glob("*"):  # nothing where there is no such place
        if path.is_dir() and path not in aside:
            yield from _sources(path, aside)
        elif path.suffix in (".c", ".h"):
            yield path
