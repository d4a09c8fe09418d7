"""Kernels of a person's own source: a commit, a working tree, a tarball."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, file_digest
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import files, git, mirror, sites
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.git import Snapshot
from orchestrator.kernels.progress import Say
from orchestrator.kernels.recipe import Code, Recipe
from orchestrator.model import Arch, GitSource, Release, TarballSource, TreeSource

Own = GitSource | TreeSource | TarballSource
_PART = re.compile(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *= *(\S*)", re.MULTILINE)
_NAMED = 3  # of the changed files; more only make a note long


@dataclass(frozen=True)
class _Opened:
    """A source at hand, to be built from."""

    code: Code
    fill: sites.Fill
    whose: tuple[str, ...]  # those whose kernels differ by little; a tarball is built once
    notes: tuple[str, ...] = ()


def obtain(
    source: Own,
    arch: Arch,
    cache: Cache,
    say: Say,
    *,
    refresh: bool = False,
) -> KernelFiles:
    """The files of a kernel for ``arch``, built unless the same code was built before.

    Raises ConfigError when there is no such source, or a patch does not apply to it, and
    InfraError when it does not build.
    """
    recipe = Recipe(arch, source.patches)
    with _opened(source, cache, say, refresh) as opened:
        code = opened.code
        log = cache.root / "logs" / f"{code.version}-{arch.name}"

        def produce(directory: Path) -> None:
            site = recipe.site(code, opened.whose, opened.fill, cache, say)
            recipe.produce(code, site, log, directory, say)

        made = cache.make("kernels", recipe.key(code), produce)
        # Another commit with the same tree may have been built first: what is said is of ours.
        kernel = replace(files.read(made), version=code.version, origin=recipe.origin(code))
        return files.noting(kernel, *opened.notes)


def foresee(source: Own, arch: Arch, cache: Cache) -> tuple[str, bool]:
    """What ``obtain`` would come by, and whether it is there; of a remote one nothing is known.

    Raises ConfigError when there is no such source.
    """
    if isinstance(source, GitSource) and source.is_remote:
        return str(source), False
    recipe = Recipe(arch, source.patches)
    with _opened(source, cache, lambda _: None, False) as opened:
        there = cache.find("kernels", recipe.key(opened.code))
        return opened.code.version, there is not None


def release_of(makefile: str) -> tuple[Release, str]:
    """The release that a source's Makefile names, and how the kernel writes it: 7.1.0-rc3.

    Raises ValueError when it is not a kernel's.
    """
    parts = dict(_PART.findall(makefile))
    if "VERSION" not in parts or "PATCHLEVEL" not in parts:
        raise ValueError("its Makefile names no kernel release")
    numbers = [parts["VERSION"], parts["PATCHLEVEL"], parts.get("SUBLEVEL") or "0"]
    text = ".".join(numbers) + parts.get("EXTRAVERSION", "")
    return Release.parse(text), text


@contextmanager
def _opened(source: Own, cache: Cache, say: Say, refresh: bool) -> Iterator[_Opened]:
    match source:
        case TarballSource(path):
            yield _tarball(path, cache)
        case TreeSource(path):
            cache.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".tree-", dir=cache.root) as scratch:
                say(f"looking at {path}")
                yield _tree(path, git.working_tree(path, Path(scratch)))
        case GitSource():
            yield _commit(source, cache, say, refresh)


def _commit(source: GitSource, cache: Cache, say: Say, refresh: bool) -> _Opened:
    repo, rev, stale = source.repo, source.rev, ""
    if source.is_remote:
        directory, name, stale = mirror.fetched(repo, rev, cache, say, refresh)
    else:
        directory, name = git.directory_of(Path(repo)), rev
    snapshot = git.committed(directory, name, repo)
    origin = f"commit {snapshot.commit[:12]} ({rev}) of {repo}"
    return _of_git(snapshot, repo, origin, "", (stale,) if stale else ())


def _tree(path: Path, snapshot: Snapshot) -> _Opened:
    changed = snapshot.changed
    origin = f"the working tree {path} at commit {snapshot.commit[:12]}"
    if not changed:
        return _of_git(snapshot, str(path), origin, "", ())
    named = ", ".join(changed[:_NAMED]) + (", …" if len(changed) > _NAMED else "")
    files_are = "file is" if len(changed) == 1 else "files are"
    note = f"{len(changed)} {files_are} not as committed: {named}"
    return _of_git(snapshot, str(path), f"{origin} with changes", "-dirty", (note,))


def _of_git(
    snapshot: Snapshot, repo: str, origin: str, mark: str, notes: tuple[str, ...]
) -> _Opened:
    release, text = _release(snapshot.read("Makefile").decode(errors="replace"), origin)
    code = Code(
        identity=("git", snapshot.tree),
        version=f"{text}-g{snapshot.commit[:12]}{mark}",
        release=release,
        origin=origin,
        hashes={"source tree": snapshot.tree},
        # The same for all commits: those that change nothing for an arch make the same image.
        made=0.0,
    )
    return _Opened(code, snapshot.lay_out, ("git", repo), notes)


def _tarball(path: Path, cache: Cache) -> _Opened:
    if not path.is_file():
        raise ConfigError(f"there is no tarball {path}")
    total = file_digest(path)
    release, text = _release(_makefile(path, total, cache), str(path))
    code = Code(
        identity=("tarball", total),
        version=text,
        release=release,
        origin=path.name,
        hashes={path.name: total},
    )
    return _Opened(code, sites.packed(path), ())


def _makefile(path: Path, total: str, cache: Cache) -> str:
    """That of the tree's root. Kept, because to find it takes seconds."""
    form = ["--wildcards", "--no-wildcards-match-slash", "*/Makefile"]

    def produce(directory: Path) -> None:
        text = command.run(["tar", "-xOf", path, *form])
        (directory / "Makefile").write_bytes(text)

    try:
        return (cache.make("makefiles", total[:16], produce) / "Makefile").read_text()
    except InfraError as error:
        reason = error.cause.partition("\n")[2].strip()
        raise ConfigError(f"{path} is not the tarball of a kernel: {reason}") from error


def _release(makefile: str, whose: str) -> tuple[Release, str]:
    try:
        return release_of(makefile)
    except ValueError as error:
        raise ConfigError(f"{whose} is not a kernel's source: {error}") from error
