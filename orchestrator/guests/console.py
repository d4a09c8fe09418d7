"""What a serial console says: readiness, failure, last words. (Of death: results/splats.py.)

Text in, values out. A guest is hostile until shown otherwise: lengths are bounded.
"""

from __future__ import annotations

import re

READY = re.compile(r"^LAB-READY (\S{1,200})", re.MULTILINE)
FAILED = re.compile(r"^LAB-FAILED (.{1,200})", re.MULTILINE)

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_WIDEST = 300


def clean(raw: bytes) -> str:
    """Console bytes as text: no control characters, lines as the kernel meant them."""
    return _CONTROLS.sub("", raw.decode(errors="replace").replace("\r\n", "\n"))


def last_words(text: str, lines: int = 6) -> str:
    """The last lines that say anything, for an error message."""
    said = [line[:_WIDEST] for line in text.splitlines() if line.strip()]
    return "\n".join(said[-lines:])
