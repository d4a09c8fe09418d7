"""What a serial console says: readiness, first signs of life, and death.

Text in, values out. A guest is hostile until shown otherwise: lengths are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

READY = re.compile(r"^LAB-READY (\S{1,200})", re.MULTILINE)
FAILED = re.compile(r"^LAB-FAILED (.{1,200})", re.MULTILINE)

# The kernel is dead, or says that it is about to be. In the order in which they explain most.
_DEATHS = tuple(
    re.compile(form)
    for form in (
        r"Kernel panic - not syncing: .*",
        r"Internal error: .*",
        r"BUG: .*",
        r"Oops(?: - .*|: .*|\[.*)",
        r"kernel BUG at .*",
        r"Unable to handle kernel .*",
        r"Bad Address \(null pointer deref\?\).*",
        r"Kernel Fault: .*",
        r"System Crash.*",
    )
)
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STAMP = re.compile(r"^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? ?")

_BEFORE, _AFTER, _WIDEST = 5, 60, 300


@dataclass(frozen=True)
class Death:
    """The line that says it, and what stands around it."""

    title: str
    splat: str


def clean(raw: bytes) -> str:
    """Console bytes as text: no control characters, lines as the kernel meant them."""
    return _CONTROLS.sub("", raw.decode(errors="replace").replace("\r\n", "\n"))


def death(text: str) -> Death | None:
    """How the kernel died, if the console says that it did."""
    lines = text.splitlines()
    firsts = [(i, m[0]) for i, m in ((i, _dying(line)) for i, line in enumerate(lines)) if m]
    if not firsts:
        return None
    title = next((said for form in _DEATHS for _, said in firsts if form.match(said)), firsts[0][1])
    first = firsts[0][0]
    splat = lines[max(0, first - _BEFORE) : first + _AFTER]
    return Death(title[:_WIDEST], "\n".join(line[:_WIDEST] for line in splat))


def _dying(line: str) -> re.Match[str] | None:
    bare = _STAMP.sub("", line)
    return next((match for form in _DEATHS if (match := form.search(bare))), None)


def last_words(text: str, lines: int = 6) -> str:
    """The last lines that say anything, for an error message."""
    said = [line[:_WIDEST] for line in text.splitlines() if line.strip()]
    return "\n".join(said[-lines:])
