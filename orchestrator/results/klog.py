"""The kernel's log of one claim's time, as the suite's runner forwards it, and what it says.

The lines are "# kmsg <4>[   12.345678] text" and "# taint 512", once before the first claim and
again when it has changed. What was left out of a flood is said in a "# kmsg" line without a stamp.
"""

from __future__ import annotations

import re
from dataclasses import replace

from orchestrator.model import Result, Splat, Verdict
from orchestrator.results import splats

_KMSG = "# kmsg "
_TAINT = re.compile(r"# taint (\d{1,10})$")
_MOST = 400  # lines; a runner forwards fewer
_EXCERPT = 4096  # characters

# Documentation/admin-guide/tainted-kernels.rst, from bit 0 on.
_LETTERS = "PFSRMBUDAWCIOELKXTNJ"
# Modules: proprietary, forced, from elsewhere, unsigned; and tests of the kernel's own.
_HARMLESS = "PFOEN"


class Log:
    """Takes the lines of a stream that are the kernel's, claim after claim."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: int | None = None  # taint
        self._new = 0

    def begin(self) -> None:
        """What comes from now on belongs to another claim."""
        self._lines.clear()
        self._new = 0

    def take(self, line: str) -> bool:
        """Whether the line is one of these."""
        if line.startswith(_KMSG):
            self._lines += [line.removeprefix(_KMSG)][: _MOST - len(self._lines)]
        elif match := _TAINT.match(line):
            taint = int(match[1])
            # The first is how the kernel was before. Each may be told twice.
            self._new |= 0 if self._known is None else taint & ~self._known
            self._known = taint | (self._known or 0)
        else:
            return False
        return True

    def beside(self, result: Result) -> Result:
        """The result together with what the kernel said.

        A claim that fails while the kernel kills for want of memory shows nothing about its
        promise: it could not set its scene.
        """
        found = self._splats()
        if not found:
            return result
        killed = next((splat for splat in found if splat.kind == "oom"), None)
        if killed is None or result.verdict is not Verdict.FAIL:
            return replace(result, splats=found)
        note = f"out of memory: {killed.title}; {result.note}"
        return replace(result, verdict=Verdict.ERROR, note=note, splats=found)

    def _splats(self) -> tuple[Splat, ...]:
        if not self._lines and not self._new:
            return ()
        text = "\n".join(self._lines)
        letters = _letters(self._new)
        if (found := splats.find(text)) or not letters:
            return found
        # Something went wrong, and the words for it are not in the table, or were left out.
        title = f"the kernel became tainted: {letters}"
        return (Splat("taint", title, f"taint {letters}", text[:_EXCERPT]),)


def _letters(taints: int) -> str:
    letters = [letter for bit, letter in enumerate(_LETTERS) if taints & 1 << bit]
    return "".join(letter for letter in letters if letter not in _HARMLESS)
