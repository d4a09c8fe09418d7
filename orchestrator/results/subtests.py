"""What a program of the kernel's own tests said for itself: (K)TAP as kselftest writes it. Pure.

Its form is tools/testing/selftests/kselftest.h and kselftest_harness.h. Nothing here trusts it:
what is kept is bounded, and whatever is no line of that dialect is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MOST_SHOWN = 3
_WIDEST = 160  # characters of one name or reason

_PLAN = re.compile(r"1\.\.(\d{1,6})(?: +# *(?:SKIP)? *(.*))?$", re.IGNORECASE)
# "ok 3 name # SKIP why" is the harness's, "ok 3 # SKIP name" is kselftest.h's.
_RESULT = re.compile(r"(ok|not ok) \d{1,6}(?: +- +| +|$)(.*)$")
_DIRECTIVE = re.compile(r"(.*?)(?:^| +)# *(SKIP|XFAIL|XPASS|TODO|error)\b *(.*)$", re.IGNORECASE)
_BAIL = re.compile(r"Bail out! *(.*)$")
# The harness on a failed assertion: "# file.c:12:test:Expected a (1) == b (2)".
_ASSERTION = re.compile(r"# ([\w.+-]{1,80}\.[ch]:\d{1,6}:\w{1,120}:.*)$")


@dataclass
class _Some:
    """Tests that came out alike: how many, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.first) < _MOST_SHOWN:
            self.first.append(name[:_WIDEST])

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more} more" if more else "")


@dataclass
class Subtests:
    """The results of a program, as far as it has come. ``take`` each of its lines."""

    planned: int | None = None
    passed: int = 0
    failed: _Some = field(default_factory=_Some)
    skipped: _Some = field(default_factory=_Some)
    expected_to_fail: _Some = field(default_factory=_Some)
    fatal: str = ""  # why it gave up, by its own word
    unplanned: str = ""  # why it planned nothing
    assertion: str = ""  # the first that did not hold

    @property
    def silent(self) -> bool:
        """Whether it did not say anything that counts."""
        return self == _NOTHING

    @property
    def total(self) -> int:
        """How many results there are."""
        return self.passed + self.failed.count + self.skipped.count + self.expected_to_fail.count

    @property
    def only_skipped(self) -> bool:
        """Whether it tried nothing, and says so."""
        return (
            self.total == self.skipped.count
            and not self.fatal
            and (bool(self.skipped.count) or self.planned == 0)
        )

    def take(self, line: str) -> None:
        """One line, without the indentation of what is nested."""
        if match := _RESULT.match(line):
            self._result(match[1] == "ok", match[2])
        elif match := _BAIL.match(line):
            self.fatal = self.fatal or match[1][:_WIDEST] or "no reason given"
        elif match := _ASSERTION.match(line):
            self.assertion = self.assertion or match[1][:_WIDEST]
        elif self.planned is None and (match := _PLAN.match(line)):
            self.planned = int(match[1])
            self.unplanned = (match[2] or "")[:_WIDEST]

    def note(self) -> str:
        """What a reader of the row should know, in a line; "" when all is well."""
        if self.only_skipped:
            return str(self.skipped) or self.unplanned or "the program has no such test here"
        parts = (
            self._failures(),
            f"gave up: {self.fatal}" if self.fatal else "",
            self._missing(),
            f"did not count: {self.assertion}" if self._is_lost else "",
            self._share("skipped", self.skipped),
            self._share("expected to fail", self.expected_to_fail),
        )
        return "; ".join(part for part in parts if part)

    def _result(self, good: bool, text: str) -> None:
        directive = _DIRECTIVE.match(text)
        word = directive[2].upper() if directive else ""
        name = text.partition(" # ")[0].strip()
        if directive:
            # With a directive the reason says more than the name, where there are both.
            name = directive[3].strip() or directive[1].strip()
        if not good:
            self.failed.add(name)
        elif word == "SKIP":
            self.skipped.add(name)
        elif word in ("XFAIL", "TODO"):
            self.expected_to_fail.add(name)
        else:
            self.passed += 1

    @property
    def _is_lost(self) -> bool:
        """An assertion did not hold, and nobody was told: a child's, whose end is not looked at."""
        return bool(self.assertion) and not (self.failed.count or self.expected_to_fail.count)

    def _failures(self) -> str:
        # A test alone is the row itself: its name says less than any reason does.
        told = self.total == 1 and (self.assertion or self.fatal)
        share = "" if told else self._share("failed", self.failed)
        assertion = self.assertion if self.failed.count else ""
        return "; ".join(part for part in (share, assertion) if part)

    def _missing(self) -> str:
        planned = self.planned or 0
        lacks = 0 < self.total < planned and not self.fatal
        return f"{planned - self.total} of {planned} planned, and without a result" if lacks else ""

    def _share(self, what: str, some: _Some) -> str:
        if not some.count:
            return ""
        return (f"{some.count} of {self.total} " if self.total > 1 else "") + f"{what}: {some}"


_NOTHING = Subtests()
