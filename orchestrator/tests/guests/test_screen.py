"""What of a console reaches a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.guests.screen import Screen

COLOUR = b"\x1b[31;1mred\x1b[m \x1b[K\x1b[2A\x1b[H\x1b[J"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (b"Linux version 6.12\r\n\tx\b", b"Linux version 6.12\r\n\tx\b"),
        (COLOUR, COLOUR),
        (b"\x1b]0;title\x07.", b"]0;title."),  # the window's name
        (b"\x1b]52;c;aGk=\x07", b"]52;c;aGk="),  # the clipboard
        (b"\x1b[6n\x1b[c\x1bZ\x05", b"Z?"),  # what the terminal would answer as if it were typed
        (b"\x1b[?1049h\x1b[20;30t", b""),  # another screen, another size
        (b"\x1bP$q\x1b\\", b"P$q\\"),
        (b"\x9b31m\xc3\xa9\0", b"?31m??"),
        (b"\x1b[" + b"1" * 40 + b"m", b"[" + b"1" * 40 + b"m"),
    ],
)  # fmt: skip
def test_only_what_is_harmless_is_shown(printed: bytes, shown: bytes) -> None:
    screen = Screen()
    assert screen.feed(printed) + screen.feed(b"") == shown


@given(st.lists(st.sampled_from([b"\x1b", b"[", b"3", b";", b"1m", b"]", b"c", b"x\n", b"\xff"])))
def test_it_does_not_matter_where_a_chunk_ends(parts: list[bytes]) -> None:
    whole, torn = Screen(), Screen()
    assert b"".join(map(torn.feed, parts)) == whole.feed(b"".join(parts))
