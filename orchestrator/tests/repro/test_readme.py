"""The page of a bundle: the claim, its source, what was seen, and nothing that acts."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.model import Splat
from orchestrator.repro.readme import readme, written
from orchestrator.tests.matrices import HOSTILE, everything

SOURCE = """\
#include "claim.h"

CLAIM(fails, "The kernel keeps promise 1.")
{
	if (x) {
		expect(1);
	}
}

CLAIM(next, "…")
"""


def page(claim: str, target: str = "6.1/x86_64", note: str | None = None) -> str:
    matrix = everything()
    cell = matrix.find(claim, target)
    run = next(run for run in matrix.columns if run.target == target)
    row = next(r for g in matrix.groups for r in g.rows if r.claim.name == claim)
    assert cell is not None
    if note is not None:
        cell = replace(cell, note=note, splats=(Splat("warn", note, "", ""),))
    return readme(cell, row.claim, written(SOURCE, 3), run, matrix.plan.id)


def test_it_tells_what_was_seen_and_of_what() -> None:
    text = page("odd.known")
    for words in (
        "odd.known on 6.1/x86_64",
        "The kernel keeps promise 2.",
        "guest-tests/odd/odd.c:20",
        'CLAIM(fails, "The kernel keeps promise 1.")',
        "verdict   fail",
        "wanted    fail",
        "because   bug 12345",
        "not ok 2 odd.known # odd.c:20: expected 0",
        "QEMU      10.0.2",
        "qemu-system-x86_64 -append 'console=ttyS0 panic=-1'",
        "ab" * 32 + "  image",
        "in        run 20261121T013000Z, boot 1",
    ):
        assert words in text
    assert "CLAIM(next" not in text


def test_a_death_comes_with_what_the_console_said() -> None:
    text = page("last.kills")
    assert "verdict   panic" in text
    assert "Oops: 0000 [#1]" in text


def test_what_a_guest_said_does_not_act() -> None:
    for claim in ("odd.hostile", "odd.fails"):
        text = page(claim, note=HOSTILE)
        assert [c for c in text if not (c.isprintable() or c in "\n\t")] == []


def test_a_claims_source_ends_with_its_brace() -> None:
    assert written(SOURCE, 3)[-1] == "}"
    assert len(written(SOURCE, 3)) == 6
    assert written("CLAIM(torn)", 1) == ["CLAIM(torn)"]
