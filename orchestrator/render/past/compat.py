"""Compatibility data, for a terminal and for programs: what others link to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from typing_extensions import TypedDict

from orchestrator.model import Release, Verdict
from orchestrator.render import look
from orchestrator.render.look import Look
from orchestrator.render.plain import plain
from orchestrator.results.compat import Compat, Proof, Span, Support

VERSION = 1  # rises when a reader of the old form would misread the new one

_LOOKS: dict[Support, Look] = {
    Support.KEPT: look.VERDICTS[Verdict.PASS],
    Support.ABSENT: look.VERDICTS[Verdict.ABSENT],
    Support.BROKEN: look.VERDICTS[Verdict.FAIL],
    Support.UNSTABLE: look.FLAKY,
}


class ProofData(TypedDict):
    """What a release does, and the run in which that was seen."""

    release: str
    support: str  # kept, absent, broken, unstable
    run: str


class ChangeData(TypedDict):
    """Between these two releases it changed; none between them was looked at."""

    before: ProofData
    after: ProofData


class SinceData(TypedDict):
    """From when on it is kept. ``exact`` is false when the oldest release that was seen keeps it
    already: it may be older than that."""

    release: str
    exact: bool
    run: str


class BackportData(TypedDict):
    """A release that has it before mainline did. ``listed``: a rule names it."""

    release: str
    mainline: str
    listed: bool
    run: str


class SupportData(TypedDict):
    """A claim on an arch. ``since`` and ``removed`` are null when it is not kept, or not gone."""

    since: SinceData | None
    removed: ProofData | None
    changed: list[ChangeData]
    backports: list[BackportData]
    releases: list[ProofData]  # all that were seen, oldest first


class CompatData(TypedDict):
    """All claims. ``claims`` maps a claim's name to arches, and those to what they support."""

    version: int
    claims: dict[str, dict[str, SupportData]]


def data(found: Sequence[Compat]) -> CompatData:
    """The data as plain values."""
    by_claim = groupby(found, key=lambda one: one.claim)
    return {
        "version": VERSION,
        "claims": {claim: {one.arch: _support(one) for one in own} for claim, own in by_claim},
    }


def terminal(found: Sequence[Compat]) -> RenderableType:
    """Claim by claim, arches of which the same is to be said together."""
    return Group(*_lines(found))


def _lines(found: Sequence[Compat]) -> Iterator[RenderableType]:
    for claim, own in groupby(found, key=lambda one: one.claim):
        yield Text(plain(claim), "bold")
        alike: dict[tuple[Look, str], list[str]] = {}
        for one in own:
            alike.setdefault(_said(one), []).append(one.arch)
        for (now, said), arches in alike.items():
            yield Padding(
                Text.assemble((now.glyph, now.style), f" {', '.join(arches)}: {said}"), (0, 0, 0, 2)
            )


def backports(one: Compat) -> Iterator[str]:
    """``present in 5.10.262, mainline since 6.13``, for each mainline release."""
    alike: dict[tuple[Release, bool], list[str]] = {}
    for found in one.backports:
        alike.setdefault((found.mainline, found.listed), []).append(str(found.proof.release))
    for (mainline, listed), releases in alike.items():
        unlisted = "" if listed else " (no rule lists it)"
        yield f"present in {', '.join(releases)}, mainline since {mainline}{unlisted}"


def _said(one: Compat) -> tuple[Look, str]:
    now = _LOOKS[one.spans[-1].support] if one.spans else look.VERDICTS[Verdict.SKIP]
    return now, "; ".join([_spans(one), *backports(one)])


def _spans(one: Compat) -> str:
    """``absent until 6.12.117, kept since 7.2.13``."""
    if not one.spans:
        return "nobody could tell"
    if len(one.spans) == 1:
        return f"{one.spans[0].support.value} wherever seen"
    first, *rest = one.spans
    return ", ".join([f"{first.support.value} until {first.last.release}", *map(_from, rest)])


def _from(span: Span) -> str:
    return f"{span.support.value} since {span.first.release}"


def _support(one: Compat) -> SupportData:
    return {
        "since": _since(one),
        "removed": _proof(one.removed.first) if one.removed else None,
        "changed": [{"before": _proof(a), "after": _proof(b)} for a, b in one.changes],
        "backports": [
            {
                "release": str(found.proof.release),
                "mainline": str(found.mainline),
                "listed": found.listed,
                "run": found.proof.run,
            }
            for found in one.backports
        ],
        "releases": [_proof(proof) for span in one.spans for proof in span.proofs],
    }


def _since(one: Compat) -> SinceData | None:
    if one.since is None:
        return None
    first = one.since.first
    exact = one.since is not one.spans[0]
    return {"release": str(first.release), "exact": exact, "run": first.run}


def _proof(proof: Proof) -> ProofData:
    return {
        "release": str(proof.release),
        "support": proof.support.value,
        "run": proof.run,
    }
