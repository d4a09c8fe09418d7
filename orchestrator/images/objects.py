"""What the compiler made of guest-tests/, kept for the next build: after a change of one suite,
that one is compiled.

Each part is kept by what it was compiled from and with (images/ingredients.py), so that neither
the hour of a file nor its place decides anything.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cache import Cache
from orchestrator.model import Arch

_KIND = "objects"
_SHARED = ""


@dataclass(frozen=True)
class Objects:
    """Those of one build."""

    cache: Cache
    arch: Arch
    common: str  # a digest of what all suites share
    own: Mapping[str, str]  # and of what each is compiled from, by its name

    def lay_out(self, place: Path) -> None:
        """Put what is kept where make looks for it. It is newer there than any source."""
        place.mkdir()
        for key in self._keys().values():
            if found := self.cache.find(_KIND, key):
                # Not with the time at which it was compiled.
                shutil.copytree(found, place, copy_function=shutil.copyfile, dirs_exist_ok=True)

    def keep(self, place: Path) -> None:
        """Keep what a build has left there."""
        there = [file.relative_to(place) for file in sorted(place.rglob("*.o"))]
        for part, key in self._keys().items():
            files = [file for file in there if self._part(file) == part]
            self.cache.make(_KIND, key, functools.partial(_copy, files, place))

    def _keys(self) -> Mapping[str, str]:
        """Of each suite, and of what all share."""
        own = {name: f"{self.arch.name}-{name}-{total}" for name, total in self.own.items()}
        return {_SHARED: f"{self.arch.name}-{self.common}", **own}

    def _part(self, file: Path) -> str:
        return file.parts[0] if file.parts[0] in self.own else _SHARED


def _copy(files: Sequence[Path], base: Path, into: Path) -> None:
    for file in files:
        (into / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(base / file, into / file)
