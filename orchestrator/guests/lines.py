"""Cut what a guest says into lines that are safe to keep and to show.

A guest is hostile until shown otherwise: it may never end a line, never end at all, or send
bytes that are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 4096  # bytes kept of one line
MOST = 16 << 20  # bytes of one command's output; a flood ends it
CUT = " [cut]"  # at the end of a line that was longer

# Whatever moves a terminal's cursor, or ends a line in somebody's eyes, str.splitlines' too.
_UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class Lines:
    """Collects bytes, gives lines. Holds at most one line, whatever comes."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._cut = False
        self.taken = 0  # bytes so far, for a caller who wants to stop at MOST

    def feed(self, data: bytes) -> Iterator[str]:
        """The lines that ``data`` completes, without their ends."""
        self.taken += len(data)
        *whole, rest = data.split(b"\n")
        for part in whole:
            self._take(part)
            yield self._line()
        self._take(rest)

    def last(self) -> Iterator[str]:
        """The line that was begun and will not be ended, if there is one."""
        if self._begun:
            yield self._line()

    def _take(self, part: bytes) -> None:
        room = LONGEST - len(self._begun)
        self._begun += part[:room]
        self._cut = self._cut or len(part) > room

    def _line(self) -> str:
        text = self._begun.decode(errors="replace") + (CUT if self._cut else "")
        self._begun.clear()
        self._cut = False
        return _UNSAFE.sub("\ufffd", text)
