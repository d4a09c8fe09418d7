"""However the bytes come, the lines are the same, bounded, and harmless."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.guests.lines import CUT, LONGEST, Lines


def cut(*chunks: bytes) -> list[str]:
    lines = Lines()
    return [*(line for chunk in chunks for line in lines.feed(chunk)), *lines.last()]


def split(data: bytes, at: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(place % (len(data) + 1) for place in at), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(places)]


# Long runs, so that lines are longer than what is kept of them.
DATA = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from([b"\n", b"\r\n", "é€\U0001f600".encode(), b"x" * LONGEST, b"y" * 5000]),
    ),
    max_size=8,
).map(b"".join)


def test_lines_come_without_their_ends_as_soon_as_they_are_whole() -> None:
    lines = Lines()
    assert list(lines.feed(b"ok 1 a\nok ")) == ["ok 1 a"]
    assert list(lines.feed(b"2 b")) == []
    assert list(lines.feed(b"\n\n")) == ["ok 2 b", ""]
    assert list(lines.last()) == []


def test_what_was_begun_is_the_last_line() -> None:
    assert cut(b"ok 1 a\nok 2") == ["ok 1 a", "ok 2"]


@given(DATA, st.lists(st.integers(min_value=0), max_size=8))
def test_it_does_not_matter_how_the_bytes_are_split(data: bytes, at: list[int]) -> None:
    assert cut(*split(data, at)) == cut(data)


@given(DATA)
def test_no_byte_is_lost_or_made_but_by_cutting(data: bytes) -> None:
    assert len(cut(data)) == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


@given(DATA)
def test_every_line_is_bounded_and_is_one_line(data: bytes) -> None:
    for line in cut(data):
        assert len(line) <= LONGEST + len(CUT)
        assert line.splitlines() in ([], [line])


@given(st.text().filter(lambda text: "\n" not in text))
def test_whatever_acts_on_a_terminal_is_replaced(text: str) -> None:
    (line,) = cut(text.encode() + b"\n")
    assert len(line) == len(text)
    for before, after in zip(text, line, strict=True):
        acts = ord(before) in {*range(9), *range(10, 32), *range(127, 160), 0x2028, 0x2029}
        assert after == ("\ufffd" if acts else before)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"\x1b[2Jgone", "\ufffd[2Jgone"),
        (b"ok 1 a\rnot", "ok 1 a\ufffdnot"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),  # half of a pair, which UTF-8 has no place for
        (b"a\0b", "a\ufffdb"),
        (b"tab\tstays", "tab\tstays"),
    ],
)
def test_hostile_bytes(sent: bytes, shown: str) -> None:
    assert cut(sent + b"\n") == [shown]
    assert shown.encode()


@pytest.mark.parametrize(
    ("length", "line"),
    [
        (LONGEST, "x" * LONGEST),
        (LONGEST + 1, "x" * LONGEST + CUT),
        (9 * LONGEST, "x" * LONGEST + CUT),
    ],
)
def test_only_a_longer_line_is_cut_and_says_so(length: int, line: str) -> None:
    assert cut(b"x" * length + b"\nnext\n") == [line, "next"]
    assert cut(*[b"x"] * length, b"\nnext\n") == [line, "next"]
    assert cut(b"x" * length) == [line]


def test_a_line_that_never_ends_takes_no_more_room() -> None:
    lines = Lines()
    for _ in range(100):
        assert list(lines.feed(b"x" * LONGEST)) == []
    assert len(lines._begun) == LONGEST
    assert lines.taken == 100 * LONGEST
