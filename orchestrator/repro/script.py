"""The shell script of a bundle: images/repro/repro.sh with the values of one cell. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.model import Cell, Run, Verdict
from orchestrator.results import ktap

_HERE = "#@ VALUES\n"


@dataclass(frozen=True)
class Values:
    """What one bundle's script does not share with the others."""

    claim: str
    text: str  # the claim's sentence
    kernel: str  # which one, in words
    before: str  # what it was seen with, in words
    expected: Verdict
    boot_seconds: float
    claim_seconds: float
    argv: Sequence[str]  # QEMU's, with the files of the bundle by their names


def script(template: str, values: Values) -> str:
    """The template with the values in their place."""
    assert template.count(_HERE) == 1
    return template.replace(_HERE, _assignments(values))


def _assignments(values: Values) -> str:
    words = {
        "claim": values.claim,
        "text": values.text,
        "kernel": values.kernel,
        "version": values.before,
        "expected": values.expected.value,
        "qemu": values.argv[0],
        "boot_seconds": str(round(values.boot_seconds)),
        "claim_seconds": str(round(values.claim_seconds)),
    }
    lines = [f"{name}={_quoted(word)}" for name, word in words.items()]
    return "\n".join((*lines, "machine() {", f"\texec {_options(values.argv)}", "}", ""))


def _quoted(word: str) -> str:
    """Also where shlex.quote sees no need: a-b looks like a subtraction to shellcheck."""
    return "'" + word.replace("'", "'\"'\"'") + "'"


def _options(argv: Sequence[str]) -> str:
    """An option and its values on each line."""
    lines: list[list[str]] = []
    for word in argv:
        if word.startswith("-") or not lines:
            lines.append([])
        lines[-1].append(shlex.quote(word))
    return " \\\n\t\t".join(" ".join(line) for line in lines)


def expected(run: Run, claim: str, cell: Cell) -> Verdict:
    """What the script is to find again: what the deciding line says by itself.

    The judge may know better, by what else the guest said (that memory ran out, say). The script
    reads one line, and so compares with one line. Without it the end of the guest decided.
    """
    said = next((one.ktap for one in run.boots if one.number == cell.boot), {})
    lines = said.get(claim.partition(".")[0], "").splitlines()
    alone = (result for line in lines for result in ktap.parse(line).results)
    return next((result.verdict for result in alone if result.claim == claim), cell.got)
