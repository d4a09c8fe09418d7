"""KTAP text to results. Nothing here reads a file or knows what was expected.

A guest's output is not to be trusted: whatever is not a well-formed line of our dialect is
passed over, and a second line about the same claim changes nothing.

What is indented by two spaces is nested: a program that was tried as a claim speaks for itself.
Its exit code decides, unless its own words are worse; they say more than that as well.

"# kmsg" lines are what the kernel logged while the claim ran: its splats are the result's.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from orchestrator.model import Result, Verdict
from orchestrator.results.klog import Log
from orchestrator.results.subtests import Subtests

NESTED = "  "

_BEGIN = re.compile(r"^KTAP version \d+$", re.MULTILINE)
_PLAN = re.compile(r"1\.\.(\d{1,6})$")
_TRYING = re.compile(r"# trying \d{1,6} ([\w.-]{1,120})$")
_TOOK = re.compile(r"# took (\d{1,9}) ms$")
_RESULT = re.compile(r"(ok|not ok) \d{1,6} (?:- )?([\w.-]{1,120})(?: # ?(.*))?$")

# The first words of a directive. ABSENT stands behind SKIP so that any reader of KTAP sees a
# claim that was not tried, as it should.
_DIRECTIVES = (
    ("SKIP ABSENT", Verdict.ABSENT),
    ("SKIP", Verdict.SKIP),
    ("ERROR", Verdict.ERROR),
    ("TIMEOUT", Verdict.TIMEOUT),
)
# What a program's exit code adds to its own words about a test that failed, or was skipped.
_NO_NEWS = ("exit code 1", "exit code 4")


@dataclass(frozen=True)
class Report:
    """What one stream of one suite said."""

    planned: int | None  # None when it died before its plan
    results: tuple[Result, ...]
    in_flight: str | None  # begun, but without a result


class Reader:
    """Takes a stream line by line, as it comes from a guest."""

    def __init__(self) -> None:
        self._planned: int | None = None
        self._results: dict[str, Result] = {}
        self._in_flight: str | None = None
        self._took: int | None = None
        self._nested = Subtests()
        self._log = Log()

    def take(self, line: str) -> Result | None:
        """The result that the line is, the first time that it is one about its claim."""
        if line.startswith(NESTED):
            self._nested.take(line.removeprefix(NESTED))
        elif match := _RESULT.match(line):
            return self._result(match[1], match[2], match[3] or "")
        elif match := _TRYING.match(line):
            self._in_flight = match[1]
            self._nested = Subtests()
        elif match := _TOOK.match(line):
            self._took = int(match[1])
        elif self._log.take(line):
            pass
        elif self._planned is None and (match := _PLAN.match(line)):
            self._planned = int(match[1])
        return None

    def report(self) -> Report:
        """All so far."""
        return Report(self._planned, tuple(self._results.values()), self._in_flight)

    def _result(self, word: str, claim: str, tail: str) -> Result | None:
        new = claim not in self._results
        if new:
            plain = _result(word, claim, tail, self._took)
            whole = _with_subtests(plain, self._nested)
            self._results[claim] = self._log.beside(whole)
        self._in_flight = self._took = None
        self._nested = Subtests()
        self._log.begin()
        return self._results[claim] if new else None


@functools.lru_cache(maxsize=512)  # the same streams are asked about again as a run goes on
def parse(text: str) -> Report:
    """Read a whole or a torn stream."""
    reader = Reader()
    for line in text.splitlines():
        reader.take(line)
    return reader.report()


def streams(text: str) -> list[str]:
    """The text of each time that the suite was run; at most one when it was run once."""
    begun = [match.start() for match in _BEGIN.finditer(text)]
    return [text[start:end] for start, end in pairwise([*begun, len(text)])]


def _result(word: str, claim: str, tail: str, took: int | None) -> Result:
    for directive, verdict in _DIRECTIVES:
        if tail == directive or tail.startswith(directive + " "):
            return Result(claim, verdict, tail[len(directive) + 1 :], took)
    return Result(claim, Verdict.PASS if word == "ok" else Verdict.FAIL, tail, took)


def _with_subtests(result: Result, nested: Subtests) -> Result:
    """Exit code 0 is also that of a harness that skipped all it has, and of mremap_test when
    tests failed that it forgets to count."""
    if nested.silent:
        return result
    verdict = result.verdict
    said = "" if result.note in _NO_NEWS else result.note
    if verdict is Verdict.PASS and nested.only_skipped:
        verdict = Verdict.SKIP
    elif verdict is Verdict.PASS and nested.failed.count:
        verdict, said = Verdict.FAIL, "and yet exit code 0"
    note = "; ".join(part for part in (nested.note(), said) if part) or result.note
    return replace(result, verdict=verdict, note=note)
