"""What a guest prints, made harmless for the terminal that it is shown on as it comes. Pure.

A shell at the console needs to move the cursor, to erase and to colour. Nothing else passes: a
terminal can be told to rename its window, to fill the clipboard or to type by itself.
"""

from __future__ import annotations

import re

_LONGEST = 16  # characters of a sequence's numbers
_BEGUN = re.compile(rb"\x1b(?:\[[0-9;?]{0,%d})?\Z" % _LONGEST)
_ACTING = re.compile(rb"\x1b\[[0-9;?]{0,%d}[@-~]|[^\t\n\r\x08\x20-\x7e]" % _LONGEST)
_HARMLESS = re.compile(rb"\x1b\[[0-9;]*[A-DGHJKm]")
_SILENT = (b"\x07", b"\x1b", b"\0")


class Screen:
    """Takes bytes, gives bytes. Holds at most a sequence that has begun."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What may be shown of all so far and was not yet."""
        text = self._held + data
        begun = _BEGUN.search(text)
        whole = len(text) if begun is None else begun.start()
        self._held = text[whole:]
        return _ACTING.sub(_shown, text[:whole])


def _shown(match: re.Match[bytes]) -> bytes:
    word = match[0]
    if _HARMLESS.fullmatch(word):
        return word
    return b"" if word.startswith(_SILENT) else b"?"
