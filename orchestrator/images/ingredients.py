"""What a suite is built from, as a digest: one that does not change when another suite does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orchestrator.cache import digest, tree_digest
from orchestrator.images.suites import compiler
from orchestrator.model import Arch

_ALONE = "reproducers"  # programs of their own, which no suite has anything of


def own(guest_tests: Path, suite: str) -> str:
    """Of a suite's own sources."""
    return tree_digest(_sources(guest_tests / suite), guest_tests)


def shared(
    guest_tests: Path, arch: Arch, *, broken: bool = False, advice: Path | None = None
) -> str:
    """Of all that every suite for ``arch`` is made of and made with; otherwise as suites.build."""
    aside = {path.parent for path in guest_tests.glob("*/suite.yaml")} | {guest_tests / _ALONE}
    sources = [guest_tests / "Makefile", *_sources(guest_tests, aside)]
    numbers = advice.read_bytes() if advice else b""
    return digest(
        tree_digest(sources, guest_tests), arch.name, compiler(arch), str(broken), numbers
    )


def _sources(place: Path, aside: frozenset[Path] | set[Path] = frozenset()) -> Iterator[Path]:
    for path in place.iterdir():
        if path.is_dir() and path not in aside:
            yield from _sources(path, aside)
        elif path.suffix in (".c", ".h"):
            yield path
