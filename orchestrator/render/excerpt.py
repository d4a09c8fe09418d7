"""Where a guest's raw output speaks about one claim."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from orchestrator.model import Run

_CONTEXT = 2  # lines before and after
_MOST = 60  # lines in all: a kernel log mixed in between can be long


def excerpts(run: Run, claim: str) -> Mapping[int, tuple[str, ...]]:
    """The lines around a claim, as they came, by the number of the boot that said them.

    A claim is heard of in more than one boot when it was tried again after a death.
    """
    suite = claim.partition(".")[0]
    found = {boot.number: around(boot.ktap.get(suite, ""), claim) for boot in run.boots}
    return {number: lines for number, lines in found.items() if lines}


def around(text: str, claim: str) -> tuple[str, ...]:
    """From a little before a claim's first mention to a little after its last one."""
    at = _mentions(text, claim.partition(".")[0]).get(claim)
    if at is None:
        return ()
    before, after = text[: at[0]].split("\n")[:-1], text[at[1] :].split("\n")[1:]
    lines = [*before[-_CONTEXT:], text[at[0] : at[1]], *after[:_CONTEXT]]
    return tuple(bounded("\n".join(lines).rstrip("\n")).split("\n"))


def said(text: str, suite: str) -> dict[str, str]:
    """For every claim of a suite that a stream speaks about, its lines and no others."""
    return {
        claim: bounded(text[start:end]) for claim, (start, end) in _mentions(text, suite).items()
    }


def _mentions(text: str, suite: str) -> dict[str, tuple[int, int]]:
    """For each claim of a suite where the line of its first mention begins, and where that of its
    last one ends."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for match in _names(suite).finditer(text):
        start, end = match.span()
        if not start or text[start - 1].isspace():
            first.setdefault(match[0], start)
            last[match[0]] = end
    return {
        name: (text.rfind("\n", 0, at) + 1, _line_end(text, last[name]))
        for name, at in first.items()
    }


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


@functools.cache
def _names(suite: str) -> re.Pattern[str]:
    """It begins with what it is to find, for which the engine looks quickest."""
    return re.compile(rf"{re.escape(suite)}\.[\w.-]+(?!\S)")


def bounded(text: str) -> str:
    """The lines of a text; of many, the first and the last ones."""
    if text.count("\n") < _MOST:
        return text
    lines, half = text.split("\n"), _MOST // 2
    return "\n".join((*lines[:half], f"[{len(lines) - 2 * half} lines left out]", *lines[-half:]))
