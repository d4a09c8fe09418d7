"""What a guest said, made safe to show to a person."""

from __future__ import annotations

import re

# CSI ("\x1b[31m") and OSC ("\x1b]0;title\x07") sequences, and the two-character escapes.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")


def plain(text: str) -> str:
    """The text on one line, without escape sequences and with no other character that acts.

    Blanks of any kind become one space each. Whatever is left and cannot be printed (controls,
    bidirectional overrides, lone surrogates) becomes U+FFFD: it is seen that something was there.
    """
    if text.isprintable():  # most of it is, and looking at it again costs the most
        return text
    text = _ESCAPES.sub("", text).rstrip("\r\n")
    return "".join(_shown(character) for character in text)


def cut(text: str, longest: int) -> str:
    """The same, and not more than ``longest`` characters of it."""
    left_out = len(text) - longest
    more = f" [{left_out} characters left out]" if left_out > 0 else ""
    return plain(text[:longest]) + more


def plain_lines(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(map(plain, text.split("\n")))


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else "\ufffd"
