"""The tests inside a program that uses the kernel's kselftest_harness.h. Pure.

The program lists them with ``-l``; its source says where they are written, and mostly what
they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME_WIDTHS = (20, 25)  # of test_harness_list_tests(): fixture, variant
_WIDEST = 160
_WRITTEN = re.compile(
    r"(?:^/\*(?P<comment>(?:(?!\*/).)*?)\*/\n)?"
    r"^TEST(?P<fixture_first>_F\w*)?(?:_SIGNAL)?\(\s*(?P<first>\w+)\s*(?:,\s*(?P<second>\w+))?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class HarnessTest:
    """One test: of a fixture ("global" for TEST()), perhaps in a variant of it."""

    fixture: str
    variant: str  # "" when the fixture has none
    name: str

    @property
    def id(self) -> str:
        """As the program takes it behind ``-r``, and names it in its report."""
        return ".".join(part for part in (self.fixture, self.variant, self.name) if part)


@dataclass(frozen=True)
class Written:
    """Where a test is in its source, and the first sentence of the comment above it."""

    line: int
    about: str


def uses_harness(source: str) -> bool:
    """Whether a program with this source has a list of its tests to give."""
    return re.search(r'^#include ["<].*kselftest_harness\.h[">]', source, re.MULTILINE) is not None


def listed(text: str) -> list[HarnessTest]:
    """The tests that ``-l`` named, in the order in which they are run.

    It prints the variants of a fixture and its tests side by side, each test to be run in
    every variant, and the fixture's name on the first line alone.
    """
    fixtures: list[tuple[str, list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith(("#", "---")) or not line.strip():
            continue
        fixture, variant, test = _columns(line)
        if fixture:
            fixtures.append((fixture, [], []))
        if fixtures:
            fixtures[-1][1].extend([variant] if variant else [])
            fixtures[-1][2].extend([test] if test else [])
    return [
        HarnessTest(fixture, variant, test)
        for fixture, variants, tests in fixtures
        for variant in variants or [""]
        for test in tests
    ]


def _columns(line: str) -> tuple[str, str, str]:
    """A name longer than its column pushes the others to the right, by as much."""
    found = []
    for width in _NAME_WIDTHS:
        name = line.partition(" ")[0]
        found.append(name)
        line = line[max(width, len(name)) + 1 :]
    return found[0], found[1], line.strip()


def written(source: str) -> dict[tuple[str, str], Written]:
    """Fixture and test to where it is written. What a macro of its own makes is not found."""
    return dict(_written(source))


def _written(source: str) -> Iterator[tuple[tuple[str, str], Written]]:
    for match in _WRITTEN.finditer(source):
        in_fixture = match["fixture_first"] and match["second"]
        key = (match["first"], match["second"]) if in_fixture else ("global", match["first"])
        line = source.count("\n", 0, match.start("first")) + 1
        yield key, Written(line, _first_sentence(match["comment"] or ""))


def _first_sentence(comment: str) -> str:
    lines = [line.strip().removeprefix("*").strip() for line in comment.strip().splitlines()]
    paragraph = " ".join("\n".join(lines).strip().partition("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!?])\s|\s-\s", paragraph, maxsplit=1)[0].rstrip(".")
    return sentence if len(sentence) <= _WIDEST else sentence[: _WIDEST - 1] + "…"
