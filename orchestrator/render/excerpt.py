"""Where a guest's raw output speaks about one claim."""

from __future__ import annotations

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
    lines = text.split("\n")
    mention = re.compile(rf"(?<!\S){re.escape(claim)}(?!\S)")
    at = [number for number, line in enumerate(lines) if mention.search(line)]
    if not at:
        return ()
    first, last = max(at[0] - _CONTEXT, 0), at[-1] + _CONTEXT + 1
    chosen = "\n".join(lines[first:last]).rstrip("\n").split("\n")
    if len(chosen) <= _MOST:
        return tuple(chosen)
    half = _MOST // 2
    left_out = f"[{len(chosen) - 2 * half} lines left out]"
    return (*chosen[:half], left_out, *chosen[-half:])
