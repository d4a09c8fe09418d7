"""Mutants that nobody chose: a condition of each function turned round.

Whoever writes a mutant by hand has a claim in mind. These say how much of a source file the
claims watch that they were not written for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.cache import digest

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.S)
_NAME = re.compile(r"\b(\w+)\s*\(\s*(\w*)")
_IF = re.compile(r"\bif \(")
_ANSWER = re.compile(r"\breturn (true|false);")
_OTHER = {"true": "false", "false": "true"}


@dataclass(frozen=True)
class Flip:
    """One place of a C file that can be turned round."""

    function: str
    line: int  # from 1
    start: int  # of the text, in the file
    old: str
    new: str

    @property
    def name(self) -> str:
        """For a file; two flips of one C file never share it."""
        return f"{self.function}-{self.line}"

    @property
    def text(self) -> str:
        """What is wrong in such a kernel, in a sentence."""
        return (
            f"{self.function}(): {' '.join(self.old.split())} became {' '.join(self.new.split())}"
        )


def flips(source: str) -> list[Flip]:
    """Every ``if`` and every ``return true`` or ``false`` of every function, in file order.

    ``source`` is C in the kernel's style: a function's braces stand in the first column.
    """
    bare = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)
    return [
        flip
        for function, start, end in _functions(bare)
        for flip in sorted(
            (
                *_conditions(function, source, bare, start, end),
                *_answers(function, bare, start, end),
            ),
            key=lambda flip: flip.start,
        )
    ]


def chosen(found: list[Flip], each: int) -> list[Flip]:
    """At most ``each`` flips of every function, which ones nobody chose, the same every time."""
    kept: list[Flip] = []
    for function in dict.fromkeys(flip.function for flip in found):
        own = [flip for flip in found if flip.function == function]
        kept += sorted(own, key=lambda flip: digest(flip.function, flip.old, str(flip.line)))[:each]
    return sorted(kept, key=lambda flip: flip.start)


def patch(path: str, source: str, flip: Flip) -> str:
    """The flip as a unified diff of the file at ``path`` in the tree."""
    assert source.startswith(flip.old, flip.start), "the flip is of another file"
    changed = source[: flip.start] + flip.new + source[flip.start + len(flip.old) :]
    lines = difflib.unified_diff(
        source.splitlines(keepends=True),
        changed.splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
    )
    return "".join(lines)


def _functions(bare: str) -> Iterator[tuple[str, int, int]]:
    """Name, and the borders of the body."""
    for opening in re.finditer(r"^\{$", bare, re.M):
        closing = re.compile(r"^\}", re.M).search(bare, opening.end())
        head = re.split(r"^[#}].*$|;", bare[: opening.start()], flags=re.M)[-1]
        name = _NAME.search(head)
        if closing and name:
            # SYSCALL_DEFINE3(madvise, …) is known by its first argument.
            known = f"sys_{name[2]}" if name[1].startswith("SYSCALL_DEFINE") else name[1]
            yield known, opening.end(), closing.start()


def _conditions(function: str, source: str, bare: str, start: int, end: int) -> Iterator[Flip]:
    for match in _IF.finditer(bare, start, end):
        inside = match.end()
        after = _closing(bare, inside)
        old = source[match.start() : after]
        new = f"if (!({source[inside : after - 1]}))"
        yield Flip(function, bare.count("\n", 0, match.start()) + 1, match.start(), old, new)


def _answers(function: str, bare: str, start: int, end: int) -> Iterator[Flip]:
    for match in _ANSWER.finditer(bare, start, end):
        line = bare.count("\n", 0, match.start()) + 1
        yield Flip(function, line, match.start(), match[0], f"return {_OTHER[match[1]]};")


def _closing(bare: str, inside: int) -> int:
    """Behind the parenthesis that closes the one before ``inside``."""
    depth = 1
    for place in range(inside, len(bare)):
        depth += {"(": 1, ")": -1}.get(bare[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError(f"a parenthesis is never closed: {bare[inside : inside + 40]!r}")
