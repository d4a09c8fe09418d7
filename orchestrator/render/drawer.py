"""What the page tells about a cell when it is asked, beyond what its table says.

It is packed, so that a page with all of it can be sent to somebody. What is as usual is left
out: a cell that was tried once, in boot 1, and passed has nothing but its lines and its rule.
"""

from __future__ import annotations

import base64
import json
import shlex
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.model import Cell, Claim, Run, Splat, Verdict
from orchestrator.render import arrange, errnos, excerpt, look
from orchestrator.render.nights import Night, past
from orchestrator.render.nights import data as night_data
from orchestrator.render.plain import cut, plain, plain_lines
from orchestrator.render.reasons import pieces
from orchestrator.render.source import Source, Sources
from orchestrator.results.matrix import Matrix

_USUAL = {"got": "pass", "want": "pass", "boot": 1}
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
class _Shared:
    """What the cells draw from, and what of it they have in common."""

    sources: Sources
    nights: tuple[Night, ...]
    rules: _Numbered = field(default_factory=_Numbered)
    places: _Numbered = field(default_factory=_Numbered)
    pasts: _Numbered = field(default_factory=_Numbered)

    def place(self, source: Source) -> int:
        return self.places.number(source, lambda: _source(source))

    def rule(self, cell: Cell) -> int:
        return self.rules.number((cell.why, cell.place, cell.bug), lambda: _rule(cell))

    def past(self, cell: Cell) -> int:
        words = past(cell, self.nights)
        return self.pasts.number(words, lambda: words)


@dataclass(frozen=True)
class Bisected:
    """What a bisect found out about a claim."""

    claim: str
    arch: str
    said: tuple[str, ...]  # a sentence for each level of it
    page: str  # its own, as seen from the report's


def details(
    matrix: Matrix,
    sources: Sources,
    bisects: Iterable[Bisected] = (),
    nights: Sequence[Night] = (),
) -> dict[str, Any]:
    """All of it, ready for JSON: ``columns`` and ``rows`` in the order of the matrix; ``rules``,
    ``sources`` and ``pasts`` by the numbers that the cells give.
    """
    known: dict[str, list[Bisected]] = {}
    for bisect in bisects:
        known.setdefault(bisect.claim, []).append(bisect)
    shared = _Shared(sources, tuple(nights))
    suites = [group.suite.name for group in matrix.groups]
    said = [_said(run, suites) for run in matrix.columns]
    rows = []
    for group in matrix.groups:
        for row in group.rows:
            cells = [
                _cell(cell, heard.get(cell.claim, []), shared)
                for cell, heard in zip(row.cells, said, strict=True)
            ]
            about = _claim(row.claim, shared, known.get(row.claim.name, []))
            rows.append({**about, "cells": cells})
    return {
        "run": matrix.plan.id,
        "started": matrix.plan.started,
        "meanings": {kind.css: kind.meaning for kind in look.LEGEND},
        "errnos": errnos.words(cell.note for cell in matrix.cells()),
        "columns": [_column(run) for run in matrix.columns],
        "nights": night_data(nights),
        "rules": shared.rules.values,
        "sources": shared.places.values,
        "pasts": shared.pasts.values,
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
            text = _shown_lines(boot.ktap.get(suite, ""))
            for claim, lines in excerpt.said(text, suite).items():
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
    return cut(line, _LONGEST)


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


def _claim(claim: Claim, shared: _Shared, bisects: list[Bisected]) -> dict[str, Any]:
    source = shared.sources.claim(claim)
    return {
        "claim": claim.name,
        "place": plain(claim.place),
        **({"source": shared.place(source)} if source else {}),
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


def _cell(cell: Cell, said: list[tuple[int, str]], shared: _Shared) -> dict[str, Any]:
    """Without what is as usual, which is most of most cells."""
    told = {} if _is_usual(cell) else _unusual(cell, shared)
    if said:
        told["said"] = said
    if rule := shared.rule(cell):
        told["rule"] = rule
    if cell.milliseconds:
        told["ms"] = cell.milliseconds
    if shared.nights and (seen := shared.past(cell)):
        told["past"] = seen
    return told


def _is_usual(cell: Cell) -> bool:
    """Whether all that there is to be told of it are _USUAL."""
    passed = cell.got is Verdict.PASS is cell.want and cell.boot == 1
    return passed and not (cell.note or cell.origin or cell.splats) and len(cell.attempts) < 2


def _unusual(cell: Cell, shared: _Shared) -> dict[str, Any]:
    told: dict[str, Any] = {
        "got": cell.got.value,
        "want": cell.want.value,
        "boot": cell.boot,
        "note": shown(cell.note) if cell.note else "",
        "decided": _decided(cell, shared) if cell.note else None,
        "measured": f"in run {plain(cell.origin)}, and not again since" if cell.origin else "",
        "splats": [_splat(splat, cell) for splat in cell.splats],
    }
    if len(cell.attempts) > 1:
        told["tried"] = plain(arrange.attempts(cell))
        if len({(attempt.verdict, attempt.note) for attempt in cell.attempts}) > 1:
            told["attempts"] = list(_attempts(cell))
    return {name: value for name, value in told.items() if value and value != _USUAL.get(name)}


def _rule(cell: Cell) -> dict[str, Any]:
    """Why something is wanted, where that is said, and the report about the bug."""
    report = [(" ", ""), (plain(cell.bug), cell.bug)] if cell.bug.startswith("https://") else []
    return {"why": [*pieces(cell.why), *report], "at": plain(cell.place)}


def _decided(cell: Cell, shared: _Shared) -> tuple[int, int] | None:
    """The source, by its number, and the line in it that decided."""
    found = shared.sources.decided(cell.note)
    return (shared.place(found[0]), found[1]) if found else None


def _attempts(cell: Cell) -> Iterator[dict[str, Any]]:
    for one in cell.attempts:
        yield {"boot": one.boot, "got": one.verdict.value, "note": shown(one.note)}


def _splat(splat: Splat, cell: Cell) -> dict[str, Any]:
    return {
        "title": plain(splat.title),
        "fingerprint": plain(splat.fingerprint),
        "excerpt": plain_lines(splat.excerpt),
        "expected": splat not in cell.unexpected_splats,
    }
