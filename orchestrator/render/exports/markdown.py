"""A run in a page of Markdown: for a mail, an issue, a CI job's summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.model import Run
from orchestrator.render import arrange
from orchestrator.render.arrange import Finding
from orchestrator.render.exports import message
from orchestrator.render.lists import bounded, count, earlier, resume
from orchestrator.render.markdown import code, table, text
from orchestrator.results.matrix import Matrix

_MOST = 50  # findings of a kind; the page is to be read


def markdown(matrix: Matrix) -> str:
    """The figures, the targets, and every surprise, known bug and gap with its reason."""
    return "\n".join(_parts(matrix))


def _parts(matrix: Matrix) -> Iterator[str]:
    counts = arrange.counts(matrix)
    yield f"## Run {code(matrix.plan.id)}\n"
    yield (
        f"{count(counts.planned, 'cell')} planned, {counts.reported} reported, "
        f"{counts.missing} missing ({counts.infra} infra): "
        f"**{count(counts.surprises, 'surprise')}**, {counts.flaky} flaky, "
        f"{count(counts.known_bugs, 'known bug')}.\n"
    )
    for sentence in earlier(matrix):
        yield f"{sentence}.\n"
    yield table(("target", "release", "pass", "known", "surprises", "missing"), _targets(matrix))
    yield from _section("Surprises", arrange.surprises(matrix))
    yield from _section("Missing", arrange.missing(matrix))
    if counts.missing:
        yield f"Finish them: {code(resume(matrix))}\n"
    yield from _section("Known kernel bugs", arrange.known_bugs(matrix))


def _targets(matrix: Matrix) -> Iterator[tuple[str, ...]]:
    rows = [row for group in matrix.groups for row in group.rows]
    for at, run in enumerate(matrix.columns):
        cells = [row.cells[at] for row in rows]
        yield (
            code(run.target),
            _release(run),
            str(sum(cell.got.value == "pass" and not cell.flaky for cell in cells)),
            str(sum(cell.known_bug for cell in cells)),
            str(sum(cell.surprise for cell in cells)),
            str(sum(cell.got.value == "missing" for cell in cells)),
        )


def _release(run: Run) -> str:
    return text(run.version or str(run.release or run.infra))


def _section(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield f"### {title}\n"
    yield table(("claim", "on", "what"), map(_row, findings[:_MOST]))
    if len(findings) > _MOST:
        yield f"And {len(findings) - _MOST} more.\n"


def _row(finding: Finding) -> tuple[str, str, str]:
    return (
        bounded([code(claim) for claim in finding.claims]),
        bounded([code(target) for target in finding.targets]),
        text(message(finding.first)),
    )
