"""Since when a promise is kept, changed or gone: per claim and arch, with the runs that prove it.

Only what was seen counts, release by release; rules say no more than in which mainline release
a change came, so that what is there before it can be called a backport.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby
from operator import attrgetter

from orchestrator.model import BROKEN, Claim, Release, Rule, Verdict
from orchestrator.results.index.queries import Newest
from orchestrator.results.judge import about, wanted


class Support(enum.Enum):
    """Whether a release keeps the promise."""

    KEPT = "kept"
    ABSENT = "absent"  # the kernel says that it makes none
    BROKEN = "broken"  # it makes it, and breaks it
    UNSTABLE = "unstable"  # guests disagreed
    UNKNOWN = "unknown"  # nobody could tell


@dataclass(frozen=True)
class Proof:
    """A release, what it does, and the run in which that was seen."""

    release: Release
    support: Support
    run: str


@dataclass(frozen=True)
class Span:
    """Releases one after another, as far as they were seen, that do the same; never empty."""

    proofs: tuple[Proof, ...]

    @property
    def support(self) -> Support:
        return self.first.support

    @property
    def first(self) -> Proof:
        return self.proofs[0]

    @property
    def last(self) -> Proof:
        return self.proofs[-1]


@dataclass(frozen=True)
class Backport:
    """A release that keeps the promise before the mainline release that brought it."""

    proof: Proof
    mainline: Release
    listed: bool  # a rule names this backport


@dataclass(frozen=True)
class Compat:
    """One claim on one arch. Its spans are those in which something is known, oldest first."""

    claim: str
    arch: str
    spans: tuple[Span, ...]
    backports: tuple[Backport, ...]

    @property
    def since(self) -> Span | None:
        """The latest span in which it is kept: from its first release on, or from before, when
        that is the oldest release that was seen."""
        return next((span for span in reversed(self.spans) if span.support is Support.KEPT), None)

    @property
    def removed(self) -> Span | None:
        """The span in which it is absent, after it was kept."""
        last = self.spans[-1] if self.spans else None
        gone = last and last.support is Support.ABSENT and self.since is not None
        return last if gone else None

    @property
    def changes(self) -> tuple[tuple[Proof, Proof], ...]:
        """The last release before each change, and the first one after it."""
        pairs = zip(self.spans, self.spans[1:], strict=False)
        return tuple((before.last, after.first) for before, after in pairs)


def compat(words: Iterable[Newest], rules: Sequence[Rule]) -> tuple[Compat, ...]:
    """All claims on all arches, by name."""
    found: dict[str, dict[str, list[_Proven]]] = {}
    for one in sorted(map(_proven, words), key=lambda one: one[0].release):
        on_arch = found.setdefault(one[1].column.arch, {})
        for claim in one[1].claims:
            on_arch.setdefault(claim, []).append(one)
    claims = sorted(frozenset().union(*found.values()))
    spoken = about([Claim(claim, "") for claim in claims], rules)
    known: _Known = {}
    return tuple(
        _compat(claim, arch, found[arch][claim], spoken[claim], known)
        for claim in claims
        for arch in sorted(found)
        if claim in found[arch]
    )


_Proven = tuple[Proof, Newest]
# What a word and rules come to, by who they are: most claims have both in common with others.
_Known = dict[tuple[int, ...], Backport | None]


def _compat(
    claim: str, arch: str, proven: Sequence[_Proven], rules: Sequence[Rule], known: _Known
) -> Compat:
    """``proven`` are in the order of their releases."""
    told = [proof for proof, _ in proven if proof.support is not Support.UNKNOWN]
    spans = tuple(Span(tuple(own)) for _, own in groupby(told, attrgetter("support")))
    theirs = (rule for rule in rules if not rule.arches or arch in rule.arches)
    # Those that want a pass before any other rule say what is so without them.
    own = tuple(dropwhile(lambda rule: rule.want is Verdict.PASS, theirs))
    return Compat(claim, arch, spans, tuple(_backports(proven, own, known)))


def _backports(
    proven: Sequence[_Proven], rules: Sequence[Rule], known: _Known
) -> Iterator[Backport]:
    brought = [rule.until for rule in rules if rule.until and rule.want is not Verdict.PASS]
    if not brought:
        return
    last = max(brought)
    theirs = tuple(map(id, rules))
    mainline = [replace(rule, backports=()) for rule in rules]
    for proof, word in proven:
        if proof.support is not Support.KEPT or proof.release >= last:
            continue
        key = (id(word), *theirs)
        if key not in known:
            known[key] = _backport(proof, word, mainline, rules)
        if found := known[key]:
            yield found


def _backport(
    proof: Proof, word: Newest, mainline: Sequence[Rule], rules: Sequence[Rule]
) -> Backport | None:
    """What mainline has only from a later release on, by the rule that speaks of this one.

    ``mainline`` are the rules without the backports that they name.
    """
    rule = wanted(word.column, mainline)
    if rule.want is Verdict.PASS or rule.until is None:
        return None
    return Backport(proof, rule.until, listed=wanted(word.column, rules).want is Verdict.PASS)


def _proven(word: Newest) -> _Proven:
    assert word.column.release is not None  # or nothing would have come out
    return Proof(word.column.release, _support(word), word.run), word


def _support(word: Newest) -> Support:
    verdict = word.outcome.result.verdict
    if len({attempt.verdict for attempt in word.outcome.attempts}) > 1:
        return Support.UNSTABLE
    if verdict in BROKEN:
        return Support.BROKEN
    return {Verdict.PASS: Support.KEPT, Verdict.ABSENT: Support.ABSENT}.get(
        verdict, Support.UNKNOWN
    )
