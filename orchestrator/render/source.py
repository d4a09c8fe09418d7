"""The C source that states a claim, and the lines in which one was decided."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from orchestrator.model import Claim
from orchestrator.render.plain import plain

# As expect() and its like begin a note: where, and the expression that was looked at.
_AT = re.compile(r"([\w-]+/[\w./-]+\.[ch]):(\d{1,6}): (?:expected )?([^:]+)")
_CLAIM = re.compile(r"CLAIM\w*\((\w+)")
_MOST = 80  # lines of one function


@dataclass(frozen=True)
class Source:
    """A function of a suite. ``first`` is the number of its first line."""

    file: str  # below guest-tests/
    first: int
    text: str


class Sources:
    """The sources of the suites below a directory, read once."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def claim(self, claim: Claim) -> Source | None:
        """Where a claim is written, as it is today; found by its name, for lines move."""
        name = claim.name.partition(".")[2].replace("-", "_")
        line = self._claims(claim.file).get(name)
        return self._around(claim.file, line) if line else None

    def decided(self, note: str) -> tuple[Source, int] | None:
        """The function and the line that a note names.

        None when that line does not hold today what the note says it held: the source may have
        changed since.
        """
        named = _AT.match(note)
        if not named:
            return None
        file, line, said = named[1], int(named[2]), _squeezed(named[3])
        there = _squeezed(" ".join(self._lines(file)[max(line - 1, 0) : line + 2]))
        return (self._around(file, line), line) if said and said in there else None

    def _around(self, file: str, line: int) -> Source:
        """From the line that begins a function to the brace that ends it, in the kernel's style."""
        lines = self._lines(file)
        first = line
        while first > 1 and not _begins(lines[first - 2], lines[first - 1]):
            first -= 1
        last = first
        while last < len(lines) and lines[last - 1] != "}" and last - first < _MOST:
            last += 1
        return Source(file, first, "\n".join(lines[first - 1 : max(last, line)]))

    @functools.cache  # noqa: B019 - as long as one page is made
    def _claims(self, file: str) -> dict[str, int]:
        """Where each claim of a file begins."""
        heads = ((_CLAIM.match(line), at) for at, line in enumerate(self._lines(file), 1))
        return {head[1]: at for head, at in heads if head}

    @functools.cache  # noqa: B019 - likewise
    def _lines(self, file: str) -> tuple[str, ...]:
        """The file's lines; none when it is not there, or not below the suites."""
        path = (self._root / file).resolve()
        if not file or not path.is_relative_to(self._root) or not path.is_file():
            return ()
        text = path.read_text(encoding="utf-8", errors="replace")
        return tuple(plain(line.expandtabs(8)) for line in text.split("\n"))


def _begins(before: str, line: str) -> bool:
    """Whether a line begins something at file level that the line before it is no part of."""
    return before in ("", "}") and bool(line) and not line[0].isspace()


def _squeezed(text: str) -> str:
    """Without blanks: the compiler's preprocessor has other ones than the source."""
    return "".join(text.split())
