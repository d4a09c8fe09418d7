"""git's own bisect, in a clone of ours: the tree that it is of stays as it is.

Which commit to look at next, and when there is nothing left to look at, is git's to say.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.errors import ConfigError, InfraError

_FIRST = re.compile(r"^([0-9a-f]{40}) is the first \S+ commit", re.MULTILINE)
_ANY_OF = re.compile(r"could be any of:\n((?:[0-9a-f]{40}\n)+)")
_LEFT = re.compile(r"roughly (\d+) step")


@dataclass(frozen=True)
class Range:
    """Which commits are searched."""

    old: str  # ids
    new: str
    words: tuple[str, str]  # git's terms for the two answers
    paths: tuple[str, ...] = ()  # only commits that touch one of them
    first_parent: bool = False


@dataclass(frozen=True)
class State:
    """Where git's bisect is: a commit to look at, or else its suspects."""

    ask: str = ""
    left: int = 0  # steps after this one, roughly
    suspects: tuple[str, ...] = ()
    refusal: str = ""  # it cannot go on, in git's words


class Steps:
    """A bisect of git's, from its start on."""

    def __init__(self, repo: Path, commits: Range, place: Path) -> None:
        """``repo`` is only read; ``place`` becomes the clone. Raises InfraError."""
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        command.run(["git", "clone", "--quiet", "--bare", "--shared", repo.resolve(), place])
        self.commits = commits
        self._place = place

    def start(self) -> State:
        """Begin anew."""
        commits = self.commits
        old, new = commits.words
        self._git("bisect", "reset")
        options = ["--no-checkout", f"--term-old={old}", f"--term-new={new}"]
        options += ["--first-parent"] if commits.first_parent else []
        return self._bisect("start", *options, commits.new, commits.old, "--", *commits.paths)

    def tell(self, word: str, commit: str) -> State:
        """What a commit is: one of the range's words, or "skip"."""
        return self._bisect(word, commit)

    def log(self) -> str:
        """What was told so far, as `git bisect replay` takes it."""
        return self._git("bisect", "log")

    def message(self, commit: str) -> str:
        """Of a commit: its id, author, date and text, and which files it touches."""
        return self._git("show", "--stat", "--no-color", "--format=medium", commit)

    def title(self, commit: str) -> str:
        """The first line of its text."""
        return self._git("show", "--no-patch", "--format=%s", commit)

    def nearest(self, commit: str, others: Sequence[str]) -> str:
        """The one of the others with the fewest commits between it and ``commit``."""
        return min(others, key=lambda other: self._between(other, commit))

    def parents(self, commit: str) -> tuple[str, ...]:
        """Of a commit, the first one first."""
        return tuple(self._git("rev-parse", f"{commit}^@").split())

    def _bisect(self, *words: str) -> State:
        try:
            said = self._git("bisect", *words)
        except InfraError as error:
            # With only skipped commits left git exits with 2 and says so.
            if not _ANY_OF.search(said := str(error)):
                return State(refusal=said)
        state = _state(said)
        if state.suspects:  # git does not say them in the order of the history
            return State(suspects=tuple(sorted(state.suspects, key=self._age)))
        return State(self._git("rev-parse", "BISECT_HEAD"), state.left)

    def _age(self, commit: str) -> int:
        return self._between(self.commits.old, commit)

    def _between(self, old: str, new: str) -> int:
        return int(self._git("rev-list", "--count", f"{old}..{new}"))

    def _git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", "--git-dir", self._place, *words],
            env={**os.environ, "LC_ALL": "C.UTF-8"},  # what it says is read
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise InfraError(f"git {' '.join(words)}: {done.stdout}{done.stderr}".strip())
        return done.stdout.strip()


def _state(said: str) -> State:
    if first := _FIRST.search(said):
        return State(suspects=(first[1],))
    if several := _ANY_OF.search(f"{said}\n"):
        return State(suspects=tuple(several[1].split()))
    left = _LEFT.search(said)
    return State(left=int(left[1]) if left else 0)


def commit_id(repo: Path, rev: str) -> str:
    """What a revision means in a tree. Raises ConfigError when it means no commit there."""
    try:
        said = command.run(["git", "-C", repo, "rev-parse", "--verify", f"{rev}^{{commit}}"])
    except InfraError as error:
        raise ConfigError(f"{repo} has no commit {rev!r}") from error
    return said.decode().strip()
