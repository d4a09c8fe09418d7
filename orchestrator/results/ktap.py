"""KTAP text to results. Nothing here reads a file or knows what was expected.

A guest's output is not to be trusted: whatever is not a well-formed line of our dialect is
passed over, and a second line about the same claim changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestrator.model import Result, Verdict

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


@dataclass(frozen=True)
class Report:
    """What one stream of one suite said."""

    planned: int | None  # None when it died before its plan
    results: tuple[Result, ...]
    in_flight: str | None  # begun, but without a result


def parse(text: str) -> Report:
    """Read a whole or a torn stream."""
    planned: int | None = None
    results: dict[str, Result] = {}
    in_flight: str | None = None
    took: int | None = None
    for line in text.splitlines():
        if match := _RESULT.match(line):
            results.setdefault(match[2], _result(match[1], match[2], match[3] or "", took))
            in_flight = took = None
        elif match := _TRYING.match(line):
            in_flight = match[1]
        elif match := _TOOK.match(line):
            took = int(match[1])
        elif planned is None and (match := _PLAN.match(line)):
            planned = int(match[1])
    return Report(planned, tuple(results.values()), in_flight)


def _result(word: str, claim: str, tail: str, took: int | None) -> Result:
    for directive, verdict in _DIRECTIVES:
        if tail == directive or tail.startswith(directive + " "):
            return Result(claim, verdict, tail[len(directive) + 1 :], took)
    return Result(claim, Verdict.PASS if word == "ok" else Verdict.FAIL, tail, took)
