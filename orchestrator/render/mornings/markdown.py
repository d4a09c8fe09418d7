"""The morning's summary: one line when there is no news, else a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from orchestrator.nightly.culprits import Culprit
from orchestrator.nightly.night import Outcome
from orchestrator.render import mornings
from orchestrator.render.diffs.markdown import markdown as what_changed
from orchestrator.render.exports.markdown import markdown as what_was_seen
from orchestrator.render.lists import bounded
from orchestrator.render.markdown import code, table, text
from orchestrator.render.plain import plain_lines

_LINES = 40  # of a commit's message


def markdown(outcome: Outcome) -> str:
    """The summary of a night; it ends with a line end."""
    if mornings.is_quiet(outcome):
        return _quiet(outcome) + "\n"
    return "\n".join(_parts(outcome)).rstrip() + "\n"


def _quiet(outcome: Outcome) -> str:
    said = [mornings.measured(outcome), mornings.standing(outcome)]
    details = "; ".join(filter(None, said))
    when = outcome.night.started[:10]
    return (
        f"{text(mornings.headline(outcome))} on {when}: {details}. Night {code(outcome.night.id)}."
    )


def _parts(outcome: Outcome) -> Iterator[str]:
    yield f"# {text(mornings.headline(outcome))}\n"
    if outcome.simulated:
        yield f"**Simulated**: {text(outcome.simulated)}.\n"
    yield f"{_about(outcome)}\n"
    yield from _troubles(outcome)
    yield from _culprits(outcome)
    if outcome.changes:
        yield "## What changed\n"
        yield what_changed(outcome.changes).replace("\n### ", "\n#### ").replace("## ", "### ", 1)
    else:
        yield what_was_seen(outcome.matrix)
    yield "## Where each column was measured\n"
    yield table(("target", "kernel", "measured in", "why"), _columns(outcome))


def _about(outcome: Outcome) -> str:
    night = outcome.night
    parts = [mornings.measured(outcome), mornings.standing(outcome) if outcome.changes else ""]
    return f"{night.started[:10]}, night {code(night.id)}: {'; '.join(filter(None, parts))}."


def _troubles(outcome: Outcome) -> Iterator[str]:
    if outcome.troubles:
        yield "## The host\n"
        yield from (f"- {text(' '.join(trouble.split()))}" for trouble in outcome.troubles)
        yield ""


def _culprits(outcome: Outcome) -> Iterator[str]:
    """Who did it, for every regression."""
    if not outcome.culprits and not outcome.unbisected:
        return
    yield "## Who did it\n"
    for alike in _by_suspects(outcome.culprits):
        yield from _culprit(*alike)
    for one in outcome.unbisected:
        where = f"{code(one.change.claim)} on {code(one.change.new.target)}"
        yield f"- {where}: not bisected: {text(one.why)}"
    yield ""


def _by_suspects(culprits: Iterable[Culprit]) -> Iterable[Sequence[Culprit]]:
    """Those of which the same release or commit is suspected together; no two others."""
    alike: dict[tuple[tuple[str, ...], str], list[Culprit]] = {}
    for one in culprits:
        alike.setdefault((one.suspects or (one.claim,), one.target), []).append(one)
    return alike.values()


def _culprit(first: Culprit, *others: Culprit) -> Iterator[str]:
    """With the bisect of the first; each of the others had its own."""
    said = text(" ".join(first.said.split())).rstrip(".")
    mark = "**found**" if first.found else "not found"
    yield f"- {code(first.claim)} on {code(first.target)}: {mark}: {said}."
    before = f" It was bisect {code(first.bisect)}." if first.bisect else ""
    yield f"  Again: {code(first.command)}.{before}"
    if others:
        claims = [code(one.claim) for one in others]
        bisects = "a bisect of its own" if len(others) == 1 else "a bisect each"
        yield f"  The same, by {bisects}: {bounded(claims)}."
    if first.message:
        lines = plain_lines(first.message).splitlines()
        yield "\n" + "\n".join(f"      {line}" for line in lines[:_LINES]) + "\n"


def _columns(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for run, one in zip(outcome.matrix.columns, outcome.measured, strict=True):
        places = ["tonight"] if one.tonight else []
        places += [code(earlier) for earlier in one.earlier]
        why = one.why or "it would be run with the very same things"
        version = text(run.version or "none")
        yield (
            code(run.target),
            version,
            ", ".join(places) or "nowhere",
            text(" ".join(why.split())),
        )
