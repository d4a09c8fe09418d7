"""What a kernel complains of in its log, by the table of patterns.py.

Pure: text in, values out. The text is a console, or the lines of the kernel's log that a suite's
runner forwards; either comes from a guest, so that whatever is kept of it is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestrator.model import Splat
from orchestrator.results.patterns import HINT, PATTERNS, STALLS, Pattern
from orchestrator.results.stacks import fingerprint

_BEFORE, _AFTER = 5, 60  # lines of an excerpt, around the one that says it
_WIDEST = 300  # characters of a line of it
_LONGEST_TITLE = 160
_MOST = 8  # splats in one text
_LINES = 20_000  # of a text that are looked at

_STAMP = re.compile(r"^(?:<\d+>)?(?:\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? ?)?")
_END = re.compile(r"---\[ end (?:trace|Kernel panic)")
_ADDRESS = re.compile(r"\b(?:0x)?[0-9a-f]{8,16}\b")


@dataclass(frozen=True)
class _Begun:
    """A line that begins a report, or goes on with one."""

    at: int
    pattern: Pattern
    title: str


def find(text: str) -> tuple[Splat, ...]:
    """The splats in a text, in their order; of those with the same title the first.

    Once a deadly one has begun all that follows belongs to it: a dying kernel repeats itself.
    """
    lines = _some(text.splitlines())
    bare = [_STAMP.sub("", line) for line in lines]
    reports = _reports(bare)
    ends = [report[0].at for report in reports] + [len(lines)]
    found: dict[str, Splat] = {}
    for report, end in zip(reports, ends[1:], strict=True):
        if report[0].title not in found and len(found) < _MOST:
            found[report[0].title] = _splat(report, lines, bare, end)
    return tuple(found.values())


def _some(lines: list[str]) -> list[str]:
    """A flood's beginning and its end: no guest shall keep us busy with what is in between."""
    half = _LINES // 2
    return lines if len(lines) <= _LINES else lines[:half] + lines[-half:]


def _reports(bare: Sequence[str]) -> list[list[_Begun]]:
    """The lines that begin something, those of one report together."""
    reports: list[list[_Begun]] = []
    over = True  # the last report says that it has ended
    for at, line in enumerate(bare):
        if (begun := _begun(at, line)) is not None:
            if reports and _swallows(reports[-1], begun, over=over):
                reports[-1].append(begun)
            else:
                reports.append([begun])
            over = False
        elif _END.match(line):
            over = True
    return reports


def _swallows(report: list[_Begun], begun: _Begun, *, over: bool) -> bool:
    deadly = any(line.pattern.deadly for line in report)
    return deadly or (not over and begun.pattern.kind in report[0].pattern.swallows)


def _begun(at: int, line: str) -> _Begun | None:
    line = line[:_WIDEST]
    if not HINT.search(line):
        return None
    for pattern in PATTERNS:
        if match := pattern.form.match(line):
            title = _ADDRESS.sub("…", match.expand(pattern.title)).strip()
            return _Begun(at, pattern, title[:_LONGEST_TITLE])
    return None


def _splat(report: list[_Begun], lines: Sequence[str], bare: Sequence[str], end: int) -> Splat:
    first = report[0]
    end = min(end, first.at + _AFTER)
    shown = lines[max(0, first.at - _BEFORE) : end]
    return Splat(
        kind=first.pattern.kind,
        title=first.title,
        fingerprint=fingerprint(first.pattern.kind, bare[first.at : end]),
        excerpt="\n".join(line[:_WIDEST] for line in shown),
        deadly=any(line.pattern.deadly for line in report),
    )


def deadly(text: str) -> Splat | None:
    """The one of which the kernel died; that which led to it, where both are told."""
    return next((splat for splat in find(text) if splat.deadly), None)


def stalls(text: str) -> Iterator[Splat]:
    """Those for which a guest that still runs may be silent."""
    return (splat for splat in find(text) if splat.kind in STALLS)
