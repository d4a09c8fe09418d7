"""What a bisect found: for a terminal, for programs, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orchestrator.bisect.finding import Exhibit, Finding, Level, Look
from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.search import Found, Refused
from orchestrator.model import Run
from orchestrator.render import data as plain_data
from orchestrator.render import html, look
from orchestrator.render.excerpt import around
from orchestrator.render.plain import plain, plain_lines
from orchestrator.results import ktap

VERSION = 1  # of the JSON
_ID = 12  # characters of a commit's id that tell it from others


def text(finding: Finding) -> RenderableType:
    """All of it, for a terminal or a file."""
    parts: list[RenderableType] = [_head(finding)]
    for level in finding.levels:
        parts += [Text(), *_level(level, finding)]
    if finding.exhibits:
        parts += [Text(), _side_by_side(finding.exhibits)]
    return Group(*parts)


def look_line(one: Look) -> Text:
    """One look in a line: which point, what it is, and why."""
    return Text.assemble(
        (f"{one.word:<8}", _STYLES.get(one.word, "bold")),
        f"{name(one.sighting.point)}  {plain(one.title)}  ",
        (plain(_reason(one)), "dim"),
    )


_STYLES = {
    **dict.fromkeys(("good", "fixed", "present"), "#009e73"),
    **dict.fromkeys(("bad", "broken"), "bold #d55e00"),
    "unknown": "dim",
}


def name(point: str) -> str:
    """A release as it is, and as much of a commit's id as people want to read."""
    return point[:_ID] if len(point) == 40 else point


def verdict(level: Level, finding: Finding) -> str:
    """What the search among releases or commits came to, in a sentence."""
    word = finding.bisect.question.words[1]
    one = level.what.removesuffix("s")
    match level.end:
        case None:
            return "It has not ended: lab bisect --resume goes on."
        case Refused(why=why):
            return f"Nothing to find: {plain_lines(why)}"
        case Found(suspects=(culprit,)) as found:
            return (
                f"{name(culprit)} is the first {one} where it is {word}"
                f"{_sometimes(found.new, level)}{_titled(culprit, level)}, "
                f"after {name(found.old)}; confidence {percent(found)}"
            )
        case Found() as found:
            return (
                f"The first {one} where it is {word} is one of "
                f"{', '.join(map(name, found.suspects))}, after {name(found.old)}: those before "
                f"the last have no answer; confidence {percent(found)}"
            )


def stray(level: Level) -> str:
    """That it changed more than once, as far as was seen; a fix may have been taken back to older
    series."""
    words = {one.sighting.point: one.word for one in level.looks}
    seen = ", ".join(f"{name(point)} is {words[point]}" for point in level.strays)
    return f"It changed more than once: {seen}."


def percent(found: Found) -> str:
    """The confidence, never rounded up to certainty."""
    return f"{min(found.confidence, 0.9999):.2%}"


def _sometimes(point: str, level: Level) -> str:
    """How often, where its tries disagree: another commit may have made it so for good."""
    tally = next((one.tally for one in level.looks if one.sighting.point == point), Tally())
    return f" in {tally.new} of {tally.total} tries" if tally.wavers else ""


def _titled(point: str, level: Level) -> str:
    title = level.titles.get(point, "")
    return f" ({plain(title)})" if title else ""


def _head(finding: Finding) -> Text:
    bisect = finding.bisect
    old, new = bisect.question.words
    return Text.assemble(
        (f"{bisect.claim} on {bisect.arch}", "bold"),
        f": from {old} to {new}\n",
        (f"bisect {bisect.id}  started {bisect.started}", "dim"),
    )


def _level(level: Level, finding: Finding) -> Iterator[RenderableType]:
    yield Text(verdict(level, finding), "bold")
    if level.strays:
        yield Text(f"{stray(level)}", "bold")
    yield Text(f"  {tally(level)}", "dim")
    for one in level.looks:
        yield Text("  ").append_text(look_line(one))
    commits = finding.bisect.commits
    if commits and level.what == "commits":
        for message in commits.messages:
            yield Text(f"\n{plain_lines(message)}")


def _side_by_side(exhibits: Sequence[Exhibit]) -> Table:
    """The claim on the last kernel with the old answer, and on the first with the new one."""
    shown = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(1 + len(exhibits)):
        shown.add_column(overflow="fold")
    columns = [_cell(exhibit) for exhibit in exhibits]
    for label in columns[0]:
        shown.add_row(Text(label, "dim"), *(Text(column[label]) for column in columns))
    return shown


def _cell(exhibit: Exhibit) -> dict[str, str]:
    """Label to text, in the same order for every exhibit."""
    cell, run = exhibit.cell, _run(exhibit)
    return {
        "": f"{exhibit.word}: {name(exhibit.point)}",
        "seen": f"{look.of(cell).glyph} {cell.got.value}  {plain(cell.note)}".rstrip(),
        "wanted": f"{look.VERDICTS[cell.want].glyph} {cell.want.value}",
        "why": plain(cell.why),
        "kernel": plain(run.origin),
        "qemu": run.qemu,
        "said": lines(exhibit),
    }


def tally(level: Level) -> str:
    """``17 releases, 7 looked at, 6 boots``"""
    parts = [f"{level.points} {level.what}"] if level.points else []
    parts += [f"{len(level.looks)} looks", f"{level.boots} boots"]
    if level.same:
        parts.append(f"{level.same} the same kernel as another")
    unknown = sum(one.word == "unknown" for one in level.looks)
    if unknown:
        parts.append(f"{unknown} without an answer")
    return ", ".join(parts)


def _reason(one: Look) -> str:
    seen = one.sighting
    took = f", {seen.seconds:.0f} s" if seen.booted else ""
    if seen.trouble:
        return seen.trouble.splitlines()[0] + took
    if not seen.tally.total:
        return "the same kernel as one before"
    wavers = f"{max(seen.tally.old, seen.tally.new)} of " if seen.tally.wavers else ""
    known = "" if seen.booted else ", known from before"
    return f"{wavers}{seen.tally.total} tries{known}{took}"


def data(finding: Finding) -> dict[str, Any]:
    """All of it as plain values."""
    bisect = finding.bisect
    return {
        "version": VERSION,
        "id": bisect.id,
        "started": bisect.started,
        "claim": bisect.claim,
        "arch": bisect.arch,
        "question": {
            "name": bisect.asks,
            "old": bisect.question.words[0],
            "new": bisect.question.words[1],
        },
        "boots": bisect.boots,
        "levels": [_level_data(level, finding) for level in finding.levels],
        "messages": list(bisect.commits.messages) if bisect.commits else [],
        "log": bisect.commits.log if bisect.commits else "",
        "cells": [
            {"point": e.point, "is": e.word, **plain_data.cell(e.matrix, e.cell)}
            for e in finding.exhibits
        ],
    }


def _level_data(level: Level, finding: Finding) -> dict[str, Any]:
    end = level.end
    return {
        "among": level.what,
        "said": verdict(level, finding),
        "points": level.points,
        "boots": level.boots,
        "suspects": list(end.suspects) if isinstance(end, Found) else [],
        "old": end.old if isinstance(end, Found) else "",
        "new": end.new if isinstance(end, Found) else "",
        "confidence": end.confidence if isinstance(end, Found) else None,
        "refused": end.why if isinstance(end, Refused) else "",
        "strays": list(level.strays),
        "looks": [_look_data(one) for one in level.looks],
    }


def _look_data(one: Look) -> dict[str, Any]:
    seen = one.sighting
    return {
        "point": seen.point,
        "title": one.title,
        "is": one.word,
        "artefact": seen.artefact,
        "old": seen.tally.old,
        "new": seen.tally.new,
        "trouble": seen.trouble,
        "booted": seen.booted,
        "seconds": seen.seconds,
        "evidence": seen.evidence,
    }


def page(finding: Finding, templates: Path) -> str:
    """A page of its own, self-contained like the matrix's."""
    return html.small_page(
        "bisect.html.j2",
        templates,
        finding=finding,
        bisect=finding.bisect,
        verdict=verdict,
        stray=stray,
        tally=tally,
        name=name,
        because=_reason,
        lines=lines,
        run=_run,
    )


def _run(exhibit: Exhibit) -> Run:
    """Of the one target that was booted for it."""
    return exhibit.matrix.columns[0]


def lines(exhibit: Exhibit) -> str:
    """What the guest said about the claim when it was tried first."""
    claim = exhibit.cell.claim
    said = (boot.ktap.get(claim.partition(".")[0], "") for boot in _run(exhibit).boots)
    first = (ktap.streams(text)[:1] for text in said)
    heard = (around(text, claim) for found in first for text in found)
    return "\n".join(plain(line) for some in heard for line in some)
