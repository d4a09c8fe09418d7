"""Whether a patch applies to a tree, and which of its hunks do not."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from orchestrator import command
from orchestrator.errors import InfraError

_FILE = re.compile(r"^(?:---|\+\+\+) [^/\s]+/((?!.*\.\.)\S+)", re.MULTILINE)

# 1: a hunk was rejected; 2: this is no patch.
_OWN_FAULT = re.compile(r"exited with [12]:")


def words(patch: Path, *options: str) -> list[str]:
    """The command that applies a patch to the tree it is run in."""
    # The lines around a change must be those that it was written for; where they stand may
    # differ between point releases.
    form = ["patch", "--strip=1", "--fuzz=0", "--force", "--no-backup-if-mismatch"]
    return [*form, f"--input={patch.resolve()}", *options]


def told(tree: Path, patch: Path) -> str:
    """What patch says of a patch that does not apply, with the hunks in question; or "".

    The tree is left as it is. Raises InfraError when patch cannot be run.
    """
    with tempfile.TemporaryDirectory() as place:
        copy, reject = Path(place) / "tree", Path(place) / "rejected"
        copy.mkdir()
        for name in set(_FILE.findall(patch.read_text(errors="replace"))):
            if (tree / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(tree / name, copy / name)
        try:
            command.run(words(patch, f"--reject-file={reject}"), cwd=copy)
        except InfraError as error:
            hunks = reject.read_text(errors="replace") if reject.exists() else ""
            if command.interrupted() or not _OWN_FAULT.search(error.cause):
                raise
            said = error.cause.partition("\n")[2]
            return (
                said.replace(f" -- saving rejects to file {reject}", ":") + "\n" + _indented(hunks)
            )
    return ""


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()).rstrip("\n")
