"""A proposed rule as YAML, and the edit of its file as a unified diff."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from orchestrator.render.lists import bounded
from orchestrator.render.plain import plain
from orchestrator.results.upkeep import Proposal


def edit(name: str, text: str, proposals: Sequence[Proposal]) -> str:
    """What `patch -p1` would do to the file of that name: its last rule is the one that counts,
    so new ones go to its end."""
    more = "".join(f"\n{entry(one)}" for one in proposals)
    base = text if not text or text.endswith("\n") else f"{text}\n"
    return "".join(_diff(name, text, base + more))


def entry(proposal: Proposal) -> str:
    """The rule as an expect.yaml has it, with the evidence as its reason."""
    return yaml.safe_dump(
        [_values(proposal)],
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )


def _values(proposal: Proposal) -> dict[str, Any]:
    values = {
        "claims": list(proposal.claims),
        "want": proposal.want.value,
        "since": str(proposal.since or ""),
        "until": str(proposal.until or ""),
        "arches": list(proposal.arches),
        # What a title holds of a pattern's letters is meant as it is.
        "splat": plain(glob.escape(proposal.splat)),
        "why": why(proposal),
    }
    return {name: value for name, value in values.items() if value}


def why(proposal: Proposal) -> str:
    """``seen in run … on 6.12/arm64: x.c:1: expected 0``: to be replaced by a commit."""
    targets = list(dict.fromkeys(cell.target for cell in proposal.seen))
    note = next((cell.note for cell in proposal.seen if cell.note), "")
    said = f"seen in run {proposal.run} on {bounded(targets)}"
    return plain(f"{said}: {note}" if note else said)


def _diff(name: str, old: str, new: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
