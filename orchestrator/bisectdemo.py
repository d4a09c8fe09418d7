"""make bisect-demo: a kernel tree with one bad commit among traps, and lab bisect finds it.

The tree is that of a kernel's source with a history of ours on top. One commit lets the child of
MADV_WIPEONFORK see its parent's data, and says nothing of it. In its way stand commits that do
not build, that do not boot, that make the claim fail one time in five, and many that are the
same kernel for this configuration.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from orchestrator import command
from orchestrator.cache import Cache, digest
from orchestrator.cli.workspace import Workspace, quiet
from orchestrator.errors import InfraError
from orchestrator.kernels import obtain_source
from orchestrator.kernels.tarball import unpack

CLAIM = "wipeonfork.child-reads-zero"
CULPRIT = "mm: wipe at fork only what is not wiped already"
FIRST, LAST = "v-first", "v-last"  # tags
_NOBODY = {
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Lab"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "lab@localhost"),
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z"),
}


@dataclass(frozen=True)
class Edit:
    """One commit: in a file, text that is replaced everywhere; "" stands for the file's end."""

    title: str
    path: str
    old: str
    new: str


def _remark(path: str, mark: str) -> Edit:
    """Changes a source, and nothing that is compiled from it."""
    slashes = path.endswith((".rst", ".txt"))
    text = f"\n.. {mark}\n" if slashes else f"\n/* {mark} */\n"
    return Edit(f"{path}: {mark}", path, "", text)


_TEST = "vma_test(tmp, VMA_WIPEONFORK_BIT)"
_NAMED = f"const bool wiped = {_TEST};"
_SLIPS = f"const bool wiped = {_TEST} && get_random_u32_below(5);"
_NEVER = f"const bool wiped = {_TEST} && !vma_test(mpnt, VMA_WIPEONFORK_BIT);"
_TYPO = "\nint mlock_limit(void) { return mlock_limit_of(current); }\n"
_BUG = "\tVM_BUG_ON(ret);\n#ifdef CONFIG_SYSCTL"
_WRONG = "\tBUG_ON(!ret);\n#ifdef CONFIG_SYSCTL"
_REBOOT = "Rebooting in %d seconds.."

SERIES = (
    _remark("Documentation/mm/index.rst", "what is to be said here"),
    _remark("mm/mlock.c", "the end of locking"),
    Edit(
        "mm: ask once whether a mapping is wiped at fork",
        "mm/mmap.c",
        f"\t\tif ({_TEST}) {{",
        f"\t\t{_NAMED}\n\t\tif (wiped) {{",
    ),
    Edit("mm: and use the answer", "mm/mmap.c", f"\t\tif (!{_TEST})", "\t\tif (!wiped)"),
    _remark("arch/sparc/mm/fault_64.c", "sparc alone"),
    _remark("mm/mincore.c", "the end of residency"),
    Edit("kernel/panic: one more dot", "kernel/panic.c", f"{_REBOOT}\\n", f"{_REBOOT}.\\n"),
    _remark("fs/hfs/super.c", "not in this configuration"),
    _remark("mm/msync.c", "the end of syncing"),
    Edit("mm/mmap: draw lots for wiping", "mm/mmap.c", _NAMED, _SLIPS),
    _remark("Documentation/mm/index.rst", "and here"),
    Edit("mm/mmap: insist on the counter", "mm/mmap.c", _BUG, _WRONG),
    _remark("mm/mincore.c", "and a little further"),
    _remark("arch/sparc/mm/fault_64.c", "still sparc"),
    Edit("mm/mlock: a limit of one's own", "mm/mlock.c", "", _TYPO),
    Edit("mm/mmap: the counter is as it was", "mm/mmap.c", _WRONG, _BUG),
    Edit("mm/mlock: no such limit", "mm/mlock.c", _TYPO, ""),
    _remark("fs/hfs/super.c", "nor now"),
    _remark("mm/msync.c", "really the end"),
    Edit(CULPRIT, "mm/mmap.c", _SLIPS, _NEVER),
    _remark("Documentation/mm/index.rst", "or there"),
    _remark("mm/mlock.c", "really the end of locking"),
    Edit("kernel/panic: two dots will do", "kernel/panic.c", f"{_REBOOT}.\\n", f"{_REBOOT}\\n"),
    _remark("arch/sparc/mm/fault_64.c", "sparc for ever"),
    _remark("mm/mincore.c", "further still"),
    _remark("fs/hfs/super.c", "never"),
    _remark("mm/msync.c", "the very end"),
    _remark("Documentation/mm/index.rst", "or nowhere"),
)


def make(source: Path, cache: Cache, series: Sequence[Edit] = SERIES) -> Path:
    """The repository, in the cache; ``source`` is a packed kernel source. Raises InfraError."""

    def produce(directory: Path) -> None:
        tree = directory / "linux"
        unpack(source, tree, quiet)
        commit(tree, series)
        (tree / ".git").rename(directory / "linux.git")  # which has it all, and in a fifth
        shutil.rmtree(tree)
        command.run(["git", "-C", directory / "linux.git", "config", "core.bare", "true"])

    return cache.make("demos", digest(source.parent.name, repr(series)), produce) / "linux.git"


def commit(tree: Path, series: Sequence[Edit]) -> None:
    """Make a repository of a tree, and of each edit a commit."""
    _git(tree, "init", "--quiet", "--initial-branch=demo")
    _git(tree, "add", "--all", "--force")
    _git(tree, "commit", "--quiet", "--message=The kernel as it was released")
    _git(tree, "tag", FIRST)
    for edit in series:
        apply(tree, edit)
        _git(tree, "commit", "--quiet", "--all", f"--message={edit.title}")
    _git(tree, "tag", LAST)


def apply(tree: Path, edit: Edit) -> None:
    """Change the file. Raises InfraError when the text is not there."""
    place = tree / edit.path
    text = place.read_text()
    if edit.old not in text:
        raise InfraError(f"{edit.path} has no {edit.old!r}: the history was made for another tree")
    place.write_text(text.replace(edit.old, edit.new) if edit.old else text + edit.new)


def _git(tree: Path, *words: str) -> None:
    options = ("-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "commit.gpgSign=false")
    command.run(["git", "-C", tree, *options, *words], env=_NOBODY)


def traps(report: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How often each trap was met, by the report of the bisect."""
    looks = report["levels"][-1]["looks"]
    yield "did not build", sum("not be made" in look["trouble"] for look in looks)
    yield "did not boot", sum("not boot" in look["trouble"] for look in looks)
    yield "wavered", sum(bool(look["old"] and look["new"]) for look in looks)
    same = (look for look in looks if look["artefact"] and not look["trouble"])
    yield "same kernel", sum(not look["old"] and not look["new"] for look in same)


def main(words: Sequence[str] | None = None) -> None:
    """Find it as often as asked; exit code 1 when it was missed, or a trap was."""
    parser = argparse.ArgumentParser(prog="make bisect-demo", description=__doc__)
    parser.add_argument("--kernel", default="7.3", help="the kernel of lab.yaml to begin with")
    parser.add_argument("--arch", default="x86_64")
    parser.add_argument("--times", type=int, default=1, help="in a row")
    options = parser.parse_args(words)
    space = Workspace(Path("lab.yaml"))
    base = space.targets([options.kernel], [])[0].kernel
    repo = make(obtain_source(base, space.cache, quiet), space.cache)
    _say(f"{len(SERIES)} commits in {repo}")
    found = [_found(repo, options.arch) for _ in range(options.times)]
    sys.exit(0 if all(found) else 1)


def _found(repo: Path, arch: str) -> bool:
    """One bisect, and whether it named the culprit and met every trap."""
    asked = ["bisect", CLAIM, "--arch", arch, "--git", str(repo), "--good", FIRST, "--bad", LAST]
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", *asked, "--anew", "--json"],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        return False
    report = json.loads(done.stdout)
    level = report["levels"][-1]
    titles = {look["point"]: look["title"] for look in level["looks"]}
    named = [titles.get(suspect, suspect) for suspect in level["suspects"]]
    met = dict(traps(report))
    _say(f"named: {', '.join(named)}; {level['boots']} boots")
    _say("met: " + ", ".join(f"{trap} {times}" for trap, times in met.items()))
    return named == [CULPRIT] and all(met.values())


def _say(text: str) -> None:
    Console().print(text, highlight=False, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
