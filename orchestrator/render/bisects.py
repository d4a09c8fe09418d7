"""What a bisect found: for a terminal, for programs, and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from orchestrator.bisect.finding import Exhibit, Finding, Level, Look
from orchestrator.bisect.search import Found, Refused
from orchestrator.model import Run
from orchestrator.render import data as plain_data
from orchestrator.render import html, terminal
from orchestrator.render.excerpt import excerpts
from orchestrator.render.plain import plain, plain_lines

VERSION = 1  # of the JSON
_ID = 12  # characters of a commit's id that tell it from others


def text(finding: Finding) -> RenderableType:
    """All of it, for a terminal or a file."""
    parts: list[RenderableType] = [_head(finding)]
    for level in finding.levels:
        parts += [Text(), *_level(level, finding)]
    for exhibit in finding.exhibits:
        parts += [
            Text(),
            Text(f"{exhibit.word}:", "bold"),
            terminal.cell(exhibit.matrix, exhibit.cell),
        ]
    return Group(*parts)


def summary(finding: Finding) -> Text:
    """What was found, in a line or two."""
    return Text("\n".join(verdict(level, finding) for level in finding.levels), "bold")


def look_line(look: Look) -> Text:
    """One look in a line: which point, what it is, and why."""
    seen = look.sighting
    return Text.assemble(
        (f"{look.word:<8}", _STYLES.get(look.word, "bold")),
        f"{name(seen.point)}  {plain(look.title)}  ",
        (plain(_reason(look)), "dim"),
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
    question = finding.bisect.question
    match level.end:
        case None:
            return "It has not ended: lab bisect --resume goes on."
        case Refused(why=why):
            return f"Nothing to find: {plain_lines(why)}"
        case Found(suspects=(culprit,)) as found:
            return (
                f"{name(culprit)} is the {question.culprit} one of the {level.what}"
                f"{_titled(culprit, level)}, confidence {percent(found)}"
            )
        case Found() as found:
            return (
                f"The {question.culprit} one of the {level.what} is one of "
                f"{', '.join(map(name, found.suspects))}: those between have no answer; "
                f"confidence {percent(found)}"
            )


def percent(found: Found) -> str:
    """The confidence, never rounded up to certainty."""
    return f"{min(found.confidence, 0.9999):.2%}"


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
    yield Text(f"  {tally(level)}", "dim")
    for look in level.looks:
        yield Text("  ").append_text(look_line(look))
    commits = finding.bisect.commits
    if commits and level.what == "commits":
        for message in commits.messages:
            yield Text(f"\n{plain_lines(message)}")


def tally(level: Level) -> str:
    """``17 releases, 7 looked at, 6 boots``"""
    parts = [f"{level.points} {level.what}"] if level.points else []
    parts += [f"{len(level.looks)} looks", f"{level.boots} boots"]
    if level.same:
        parts.append(f"{level.same} the same kernel as another")
    unknown = sum(look.word == "unknown" for look in level.looks)
    if unknown:
        parts.append(f"{unknown} without an answer")
    return ", ".join(parts)


def _reason(look: Look) -> str:
    seen = look.sighting
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
        "levels": [_level_data(level) for level in finding.levels],
        "messages": list(bisect.commits.messages) if bisect.commits else [],
        "log": bisect.commits.log if bisect.commits else "",
        "cells": [
            {"point": e.point, "is": e.word, **plain_data.cell(e.matrix, e.cell)}
            for e in finding.exhibits
        ],
    }


def _level_data(level: Level) -> dict[str, Any]:
    end = level.end
    return {
        "among": level.what,
        "points": level.points,
        "boots": level.boots,
        "suspects": list(end.suspects) if isinstance(end, Found) else [],
        "old": end.old if isinstance(end, Found) else "",
        "new": end.new if isinstance(end, Found) else "",
        "confidence": end.confidence if isinstance(end, Found) else None,
        "refused": end.why if isinstance(end, Refused) else "",
        "looks": [_look_data(look) for look in level.looks],
    }


def _look_data(look: Look) -> dict[str, Any]:
    seen = look.sighting
    return {
        "point": seen.point,
        "title": look.title,
        "is": look.word,
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
        tally=tally,
        name=name,
        because=_reason,
        lines=_lines,
        run=_run,
    )


def _run(exhibit: Exhibit) -> Run:
    """Of the one target that was booted for it."""
    return exhibit.matrix.columns[0]


def _lines(exhibit: Exhibit) -> str:
    """What the guest said about the claim."""
    heard = excerpts(_run(exhibit), exhibit.cell.claim)
    return "\n".join(plain(line) for lines in heard.values() for line in lines)
