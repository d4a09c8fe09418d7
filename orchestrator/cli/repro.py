"""lab repro CELL: a directory that shows one cell again, for somebody who has no lab."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from orchestrator import preparing
from orchestrator.cli import cells, prepared
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errands import differences
from orchestrator.errors import ConfigError
from orchestrator.guests.errand import Errand
from orchestrator.guests.limits import limits
from orchestrator.images.userland import userland
from orchestrator.model import Cell, Claim, Plan, Run, Suite, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.repro import bundle, script
from orchestrator.repro.readme import readme, written
from orchestrator.results.matrix import Matrix


@dataclass(frozen=True)
class _Seen:
    """A cell, and all that it is a cell of."""

    plan: Plan
    run: Run
    suite: Suite
    claim: Claim
    cell: Cell


def repro(
    context: typer.Context,
    cell: Annotated[str, typer.Argument(help=cells.EXAMPLE)],
    run_id: Annotated[str, typer.Option("--run", help="A run's id.")] = "latest",
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The directory to put it in.")
    ] = Path(),
    tar: Annotated[bool, typer.Option("--tar", help="As one .tar.gz.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Pack all that it takes to see a cell again: kernel, initramfs, suite, and a script.

    The script, `sh repro.sh`, takes a POSIX shell and QEMU. It boots the kernel, tries the one
    claim, and says whether the verdict is the same.
    """
    space: Workspace = context.obj
    seen = _seen(space.matrix(run_id), cell)
    _check_can_be_shown(seen, _kselftests(space))
    made = prepared.prepare(space, seen.run.target, (seen.suite,), broken=seen.plan.broken)
    _check_same(seen, made.parts)
    name = f"repro-{seen.claim.name}@{seen.run.target.replace('/', '-')}"
    place = bundle.write(_contents(seen, made.parts, made.work), output / name, packed=tar)
    if json:
        print_json({"cell": cell, "run": seen.plan.id, "bundle": str(place)})
    else:
        print(f"{place}\ntry it: {_how(place, name)}")


def _how(place: Path, name: str) -> str:
    return f"tar xzf {place} && sh {name}/repro.sh" if place.is_file() else f"sh {place}/repro.sh"


def _seen(matrix: Matrix, name: str) -> _Seen:
    cell = cells.find(matrix, name)
    run = next(run for run in matrix.columns if run.target == cell.target)
    suite, claim = next(
        (group.suite, row.claim)
        for group in matrix.groups
        for row in group.rows
        if row.claim.name == cell.claim
    )
    return _Seen(matrix.plan, run, suite, claim, cell)


def _kselftests(space: Workspace) -> set[str]:
    return {tests.suite for tests in space.lab.kselftests}


def _check_can_be_shown(seen: _Seen, kselftests: set[str]) -> None:
    name = f"{seen.claim.name}@{seen.run.target}"
    if seen.cell.got is Verdict.MISSING:
        raise ConfigError(
            f"{name} was never tried in run {seen.plan.id}: {seen.cell.note}; "
            f"`lab run --resume {seen.plan.id}` tries it"
        )
    if seen.suite.name in kselftests:
        raise ConfigError(
            f"{name} is a test of the kernel's own, and says more than the one line that a "
            "bundle's script reads; only claims of guest-tests/ can be packed"
        )


def _check_same(seen: _Seen, parts: Parts) -> None:
    """Raises ConfigError when the kernel or the suites are not those of the run any more.

    The initramfs is made anew in any case, and whoever gets the bundle has another QEMU.
    """
    now = preparing.record(parts)
    hashes = {**seen.run.hashes, "initramfs": now.hashes["initramfs"]}
    changed = differences(replace(seen.run, qemu=now.qemu, hashes=hashes), now)
    if changed:
        raise ConfigError(
            f"run {seen.plan.id} had other things than there are now: run the cell again",
            *(f"{seen.run.target}: {difference}" for difference in changed),
        )


def _contents(seen: _Seen, parts: Parts, work: Work) -> bundle.Contents:
    arch, claim = parts.target.arch, seen.claim
    allowed = limits(arch, work.claim_seconds)
    values = script.Values(
        claim=claim.name,
        text=claim.text,
        kernel=f"{seen.run.version}, {seen.run.origin}",
        before=f"QEMU {seen.run.qemu}, run {seen.plan.id}",
        expected=script.expected(seen.run, claim.name, seen.cell),
        boot_seconds=allowed.boot,
        claim_seconds=allowed.silence,
        argv=bundle.argv(arch),
    )
    source = (work.guest_tests.parent / claim.tree / claim.file).read_text()
    page = readme(seen.cell, claim, written(source, claim.line), seen.run, seen.plan.id)
    errand = Errand(seen.suite.name, only=(claim.name,), broken=work.broken)
    return bundle.Contents(
        arch=arch,
        image=parts.kernel.image,
        modules=parts.kernel.modules,
        userland=userland(arch, work.cache, lambda _: None),
        stream=parts.streams["suites"],
        command=errand.command(allowed.claim),
        texts={
            "README.txt": page,
            "repro.sh": script.script(bundle.TEMPLATE.read_text(), values),
        },
    )
