"""What changed, as Markdown: for a mail, an issue, a CI job's summary."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.render import diffs
from orchestrator.render.lists import bounded
from orchestrator.render.markdown import code, table, text
from orchestrator.results.diff import Change, Diff, Kind

_MOST = 50  # stories of one kind; a mail is to be read


def markdown(diff: Diff) -> str:
    """A page: what it came to, what is new, and every kind of change in a table."""
    return "\n".join(_parts(diff))


def _parts(diff: Diff) -> Iterator[str]:
    yield f"## {code(diff.old.id)} → {code(diff.new.id)}\n"
    yield f"{text(diffs.summary(diff))}.\n"
    for target, move in diffs.moves(diff):
        yield f"- {code(target)}: {text(move)}"
    for title, names in diffs.heads(diff):
        if names:
            yield f"- {len(names)} {title}: {bounded([code(name) for name in names])}"
    for kind, title in diffs.TITLES.items():
        if stories := diffs.stories(diff, kind):
            yield f"\n### {title}\n"
            yield table(_HEAD, (_row(kind, story) for story in stories[:_MOST]))
            if len(stories) > _MOST:
                yield f"And {len(stories) - _MOST} more."


_HEAD = ("claim", "was", "is", "on", "note")


def _row(kind: Kind, story: diffs.Story) -> tuple[str, ...]:
    old, new = story.first.old, story.first.new
    return (
        bounded([code(claim) for claim in story.claims]),
        old.got.value,
        new.got.value + _mark(story.first),
        bounded([code(target) for target in story.targets]),
        text(new.note or (old.note if kind is Kind.UNSEEN else "")),
    )


def _mark(change: Change) -> str:
    """What a reader must know of a verdict beside its name."""
    if change.infra:
        return " (infra)"
    return " (known)" if change.new.known_bug else ""
