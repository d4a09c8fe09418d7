"""What the page tells about a cell when it is asked, beyond what its table says.

It is packed, so that a page with all of it can be sent to somebody. What is as usual is left
out: a cell that was tried once, in boot 1, and passed has nothing but its lines and its rule.
"""

from __future__ import annotations

import base64
import json
import shlex
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.model import Cell, Claim, Run, Splat
from orchestrator.render import arrange, errnos, excerpt, look
from orchestrator.render.plain import plain, plain_lines
from orchestrator.render.reasons import pieces
from orchestrator.render.source import Source, Sources
from orchestrator.results.matrix import Matrix

_LONGEST = 400  # characters of one line of what a guest said; all of them are in the evidence


@dataclass
class _Numbered:
    """Values that many cells share, each kept once and called by its number."""

    values: list[Any] = field(default_factory=list)
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, key: Hashable, make: Callable[[], Any]) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(make())
        return self._numbers[key]


@dataclass(frozen=True)
class Bisected:
    """What a bisect found out about a claim."""

    claim: str
    arch: str
    said: tuple[str, ...]  # a sentence for each level of it
    page: str  # its own, as seen from the report's


def details(matrix: Matrix, sources: Sources, bisects: Iterable[Bisected] = ()) -> dict[str, Any]:
    """All of it, ready for JSON: ``columns`` and ``rows`` in the order of the matrix, ``rules``
    and ``sources`` by the numbers that the cells give.
    """
    known: dict[str, list[Bisected]] = {}
    for bisect in bisects:
        known.setdefault(bisect.claim, []).append(bisect)
    rules, places = _Numbered(), _Numbered()
    suites = [group.suite.name for group in matrix.groups]
    said = [_said(run, suites) for run in matrix.columns]
    rows = []
    for group in matrix.groups:
        for row in group.rows:
            cells = [
                _cell(cell, heard.get(cell.claim, []), rules, places, sources)
                for cell, heard in zip(row.cells, said, strict=True)
            ]
            about = _claim(row.claim, places, sources, known.get(row.claim.name, []))
            rows.append({**about, "cells": cells})
    return {
        "run": matrix.plan.id,
        "meanings": {kind.css: kind.meaning for kind in look.LEGEND},
        "errnos": errnos.words(cell.note for cell in matrix.cells()),
        "columns": [_column(run) for run in matrix.columns],
        "rules": rules.values,
        "sources": places.values,
        "rows": rows,
    }


def packed(data: Any) -> str:
    """JSON, deflated, in base64: the browser unpacks it, and nothing in it can end an element."""
    text = json.dumps(data, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _said(run: Run, suites: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """For every claim of the suites, what each boot had to say about it."""
    found: dict[str, list[tuple[int, str]]] = {}
    for boot in run.boots:
        for suite in suites:
            for claim, lines in excerpt.said(_shown_lines(boot.ktap.get(suite, ""))).items():
                if not boot.retry_of or claim in boot.retry_of:
                    found.setdefault(claim, []).append((boot.number, lines))
    return found


def _shown_lines(text: str) -> str:
    lines = text.split("\n")
    if "".join(lines).isprintable() and max(map(len, lines)) <= _LONGEST:
        return text  # as nearly all are
    return "\n".join(map(shown, lines))


def shown(line: str) -> str:
    """A line of a guest's that is safe to show, and not longer than can be read."""
    left_out = len(line) - _LONGEST
    cut = f" [{left_out} characters left out]" if left_out > 0 else ""
    return plain(line[:_LONGEST]) + cut


def _column(run: Run) -> dict[str, Any]:
    return {
        "target": run.target,
        "release": str(run.release or ""),
        "version": plain(run.version),
        "origin": plain(run.origin),
        "qemu": plain(run.qemu),
        "argv": plain(shlex.join(run.argv)),
        "hashes": {plain(name): plain(digest) for name, digest in sorted(run.hashes.items())},
    }


def _claim(
    claim: Claim, places: _Numbered, sources: Sources, bisects: list[Bisected]
) -> dict[str, Any]:
    source = sources.claim(claim)
    return {
        "claim": claim.name,
        "place": plain(claim.place),
        **({"source": places.number(source, lambda: _source(source))} if source else {}),
        **({"bisects": [_bisected(one) for one in bisects]} if bisects else {}),
    }


def _bisected(bisect: Bisected) -> dict[str, Any]:
    return {
        "arch": bisect.arch,
        "said": [plain(sentence) for sentence in bisect.said],
        "page": bisect.page,
    }


def _source(source: Source) -> Mapping[str, Any]:
    return {"file": source.file, "first": source.first, "text": source.text}


def _cell(
    cell: Cell,
    said: list[tuple[int, str]],
    rules: _Numbered,
    places: _Numbered,
    sources: Sources,
) -> dict[str, Any]:
    rule = rules.number((cell.why, cell.place, cell.bug), lambda: _rule(cell))
    told = {
        "got": cell.got.value,
        "want": cell.want.value,
        "rule": rule,
        "note": shown(cell.note),
        "boot": cell.boot,
        "ms": cell.milliseconds,
        "measured": f"in run {plain(cell.origin)}, and not again since" if cell.origin else "",
        "said": said,
        "splats": [_splat(splat, cell) for splat in cell.splats],
        "tried": plain(arrange.attempts(cell)),
        "attempts": list(_attempts(cell)),
        "decided": _decided(cell, places, sources),
    }
    usual = {"got": "pass", "want": "pass", "boot": 1}
    return {name: value for name, value in told.items() if value and value != usual.get(name)}


def _rule(cell: Cell) -> dict[str, Any]:
    """Why something is wanted, where that is said, and the report about the bug."""
    report = [(" ", ""), (plain(cell.bug), cell.bug)] if cell.bug.startswith("https://") else []
    return {"why": [*pieces(cell.why), *report], "at": plain(cell.place)}


def _decided(cell: Cell, places: _Numbered, sources: Sources) -> tuple[int, int] | None:
    """The source, by its number, and the line in it that decided."""
    found = sources.decided(cell.note)
    if found is None:
        return None
    source, line = found
    return places.number(source, lambda: _source(source)), line


def _attempts(cell: Cell) -> Iterator[dict[str, Any]]:
    if len(cell.attempts) > 1:
        for one in cell.attempts:
            yield {"boot": one.boot, "got": one.verdict.value, "note": shown(one.note)}


def _splat(splat: Splat, cell: Cell) -> dict[str, Any]:
    return {
        "title": plain(splat.title),
        "fingerprint": plain(splat.fingerprint),
        "excerpt": plain_lines(splat.excerpt),
        "expected": splat not in cell.unexpected_splats,
    }
