"""Trees of git's: one that was committed, or a working tree as it is now.

Whoever's repository it is, nothing in it is changed: neither its index nor its objects, and none
of its hooks is run.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels.progress import Say, telling
from orchestrator.kernels.sites import Site

# What a repository may be configured to do to or with a working tree; ours is none of its own.
_ALONE = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"),
    *("-c", "core.sparseCheckout=false", "-c", "core.autocrlf=false"),
)


@dataclass(frozen=True)
class Snapshot:
    """A tree that git knows, and how it came about."""

    directory: Path  # git's own
    tree: str  # its id, which is a digest of all its files
    commit: str  # the id of the commit that has it, or from which it was changed
    changed: tuple[str, ...] = ()  # files in which it differs from the commit's
    objects: Path | None = None  # with what was never committed

    def read(self, path: str) -> bytes:
        """A file of the tree. Raises InfraError."""
        return self._git("cat-file", "blob", f"{self.tree}:{path}")

    def lay_out(self, site: Site, say: Say) -> None:
        """Make the site's source this tree. What is there as it should be is left as it is.

        The site's index remembers what was laid out there before, and by whom does not matter.
        """
        site.tree.mkdir(parents=True, exist_ok=True)
        place = {"GIT_WORK_TREE": str(site.tree), "GIT_INDEX_FILE": str(site.place / "index")}
        with telling(say, lambda: f"laying out {self.commit[:12]}"):
            self._git("read-tree", "--reset", "-u", self.tree, env=place)

    def _git(self, *words: str, env: Mapping[str, str] | None = None) -> bytes:
        there = _objects(self.directory, self.objects) if self.objects else {}
        return run(self.directory, *words, env={**there, **(env or {})})


def run(directory: Path, *words: str, env: Mapping[str, str] | None = None) -> bytes:
    """What git says to ``words`` about the repository whose git directory that is."""
    own = {"GIT_DIR": str(directory), "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    return command.run(["git", *_ALONE, *words], env={**own, **(env or {})})


def directory_of(repo: Path) -> Path:
    """The git directory of a repository or a working tree. Raises ConfigError."""
    try:
        said = command.run(["git", "-C", repo, "rev-parse", "--absolute-git-dir"])
    except InfraError as error:
        if not shutil.which("git"):
            raise InfraError("git is not installed", "apt-get install git") from error
        reason = error.cause.partition("\n")[2].strip()
        raise ConfigError(f"{repo} is no git repository: {reason}") from error
    return Path(said.decode().strip())


def committed(directory: Path, rev: str, whose: str) -> Snapshot:
    """The tree of a commit. Raises ConfigError when there is no such commit in ``whose``."""
    try:
        found = run(directory, "rev-parse", "--verify", "--end-of-options", f"{rev}^{{commit}}")
    except InfraError as error:
        raise ConfigError(
            f"{whose} has no commit {rev!r}; accepted is what `git rev-parse` takes there: "
            "a tag, a branch, an id"
        ) from error
    commit = found.decode().strip()
    return Snapshot(directory, _id(directory, f"{commit}^{{tree}}"), commit)


def working_tree(path: Path, scratch: Path) -> Snapshot:
    """What is in a working tree now: changed and new files too, and what is ignored not.

    What is not in the repository yet is put into ``scratch``, which must last as long as the
    snapshot. Raises ConfigError when ``path`` is no working tree.
    """
    directory = directory_of(path)
    top = _top(path)
    head = committed(directory, "HEAD", str(path))
    objects, index = scratch / "objects", scratch / "index"
    objects.mkdir(parents=True)
    there = directory / "index"
    if there.exists():  # what git knows of the files already saves reading them all
        shutil.copy2(there, index)
    env = {
        "GIT_WORK_TREE": top,
        "GIT_INDEX_FILE": str(index),
        **_objects(directory, objects),
    }
    run(directory, "add", "--all", "--", top, env=env)
    tree = run(directory, "write-tree", env=env).decode().strip()
    named = run(directory, "diff-tree", "-r", "-z", "--name-only", head.tree, tree, env=env)
    changed = tuple(name.decode(errors="replace") for name in named.split(b"\0") if name)
    return Snapshot(directory, tree, head.commit, changed, objects)


def _top(path: Path) -> str:
    """The directory of a whole working tree, of which ``path`` is a part."""
    try:
        said = command.run(["git", "-C", path, "rev-parse", "--show-toplevel"])
    except InfraError as error:
        raise ConfigError(
            f"{path} is in a git repository, but not in a working tree; 'git' with a 'rev' "
            "takes a commit of it"
        ) from error
    return said.decode().strip()


def _objects(directory: Path, ours: Path) -> dict[str, str]:
    """New objects go to a place of ours; those of the repository are read."""
    theirs = run(directory, "rev-parse", "--git-path", "objects").decode().strip()
    return {
        "GIT_OBJECT_DIRECTORY": str(ours),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(Path(theirs).absolute()),
    }


def _id(directory: Path, name: str) -> str:
    return run(directory, "rev-parse", "--verify", name).decode().strip()
