"""A git repository with a few files that a kernel has, for tests to build from."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

MAKEFILE = "VERSION = 7\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\nNAME = x\n"
MADVISE = "one\ntwo\nthree\nfour\nfive\n"


@dataclass(frozen=True)
class Repository:
    """One with a commit in it."""

    place: Path

    def git(self, *words: str) -> str:
        """What git says there."""
        me = {f"GIT_{who}_{what}": "me@host" for who in ("AUTHOR", "COMMITTER") for what in _WHAT}
        done = subprocess.run(
            ["git", "-C", self.place, *words], env={**os.environ, **me}, check=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout.decode().strip()

    def commit(self, **files: str) -> str:
        """The id of a new commit in which these files of mm/ are so."""
        for name, text in files.items():
            (self.place / "mm" / f"{name}.c").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self.git("rev-parse", "HEAD")


_WHAT = ("NAME", "EMAIL")


def made(place: Path) -> Repository:
    """A new one."""
    (place / "mm").mkdir(parents=True)
    (place / "Makefile").write_text(MAKEFILE)
    (place / ".gitignore").write_text("*.o\n")
    (place / "mm" / "fork.c").write_text("fork\n")
    repository = Repository(place)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit(madvise=MADVISE)
    return repository
