"""The page that goes with a bundle: what it is, what the claim says, what was seen. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence

from orchestrator.model import Cell, Claim, Run
from orchestrator.render.excerpt import excerpts
from orchestrator.render.plain import plain_lines

_INTRO = """\
{claim} on {target}

    {text}

This directory shows again what was seen of that promise on one Linux kernel. `sh repro.sh` boots
the kernel, tries the claim, prints what the test says, and ends with "same verdict" (exit code
0) or "not the same" (1); 2 means that it could not be tried. It takes a POSIX shell and
{qemu}, nothing else, and works from any directory. It takes up to a minute or two where
the processor is slow. The guest has no disk and reaches no network.

The file system in initramfs.cpio is the lab's, less the keys for its SSH; the claim is tried by
/lab/hook in it, by itself, in a fresh guest. So a verdict that depends on what was tried before
it, or that came out differently from guest to guest, may not be the same here.
"""


def readme(cell: Cell, claim: Claim, source: Sequence[str], run: Run, plan_id: str) -> str:
    """All of the page. ``source`` is the claim as it is written; nothing a guest said acts."""
    parts = [
        _INTRO.format(
            claim=claim.name, target=cell.target, text=claim.text, qemu=run.argv[0].split("/")[-1]
        ),
        _section("What was seen", _seen(cell, plan_id)),
        _section("What the guest said", _said(run, claim.name)),
        _section(f"The claim, {claim.place}", source),
        _section("What it was seen with", _with(run)),
        _section("How QEMU was started then", [shlex.join(run.argv)]),
    ]
    return plain_lines("\n".join(parts).expandtabs())


def written(text: str, line: int) -> list[str]:
    """A claim's C source, from its line to the brace that ends it."""
    lines = text.splitlines()[line - 1 :]
    end = next((number for number, one in enumerate(lines) if one == "}"), 0)
    return lines[: end + 1]


def _section(title: str, lines: Iterable[str]) -> str:
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    return f"{title}\n\n{body}\n"


def _seen(cell: Cell, plan_id: str) -> list[str]:
    flaky = [f"flaky     {cell.as_wanted} of {len(cell.attempts)} attempts as wanted"]
    return [
        f"verdict   {cell.got.value}",
        *([f"          {cell.note}"] if cell.note else []),
        f"wanted    {cell.want.value}",
        *([f"because   {cell.why}"] if cell.why else []),
        *(flaky if cell.flaky else []),
        *(f"kernel's log   {splat.title}" for splat in cell.splats),
        f"in        run {plan_id}, boot {cell.boot}",
    ]


def _said(run: Run, claim: str) -> list[str]:
    found: Mapping[int, Sequence[str]] = excerpts(run, claim)
    splats = {boot.number: boot.splat for boot in run.boots if boot.splat and boot.number in found}
    said = [line for lines in found.values() for line in lines]
    return [*said, *(line for splat in splats.values() for line in splat.splitlines())]


def _with(run: Run) -> list[str]:
    return [
        f"kernel    {run.release}, {run.version}",
        f"          {run.origin}",
        *(f"          {note}" for note in run.notes),
        f"QEMU      {run.qemu}",
        *(f"{digest}  {name}" for name, digest in run.hashes.items()),
    ]
