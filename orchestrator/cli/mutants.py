"""lab mutants: break a kernel in one place at a time, and see which claims notice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

import typer
from rich.console import Console

from orchestrator import preparing, schedule
from orchestrator.cli import exits
from orchestrator.cli.patterns import matches
from orchestrator.cli.plan import count, interruptible, new_plan
from orchestrator.cli.progress import Progress
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import read_source
from orchestrator.model import BuiltSource, DebianSource, ImageSource, Kernel, Patch, Plan, Target
from orchestrator.mutants import flips, patches
from orchestrator.mutants.patches import Mutant
from orchestrator.mutants.trial import Fate, Trial, trial
from orchestrator.preparing import Work
from orchestrator.render import mutants as render
from orchestrator.results.store import Store
from orchestrator.stop import Stop

# What breaks a lock leaves claims that wait until their time is up, one after the other.
_FLIP_MINUTES = 5.0


def mutants(
    context: typer.Context,
    patterns: Annotated[list[str] | None, typer.Argument(help="Only mutants that match.")] = None,
    arch: Annotated[list[str] | None, typer.Option(help="Only arches that match.")] = None,
    flip: Annotated[
        str, typer.Option(help="Instead: turn conditions of this kernel source file round.")
    ] = "",
    kernel: Annotated[str, typer.Option(help="With --flip: which kernel of lab.yaml.")] = "",
    each: Annotated[int, typer.Option(help="With --flip: how many of each function.", min=1)] = 1,
    minutes: Annotated[
        float | None,
        typer.Option(
            help="At most for a mutant's guests, which say nothing of the claims that they did "
            "not reach. With --flip 5; else as long as any target's.",
            min=0.1,
        ),
    ] = None,
    run: Annotated[str, typer.Option(help="Show a stored trial (or 'latest') again.")] = "",
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Guests at a time.", min=0)] = 0,
    markdown: Annotated[bool, typer.Option(help="The table as docs/mutants.md has it.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Build kernels that each break one promise, boot them, and say which claims noticed.

    The patches are images/mutants/*.patch. Exit code 1: a mutant was not noticed by the claims
    that it names, or a claim changed that has nothing to do with it.
    """
    space: Workspace = context.obj
    store = space.mutant_store
    if not run:
        allowed = minutes or (_FLIP_MINUTES if flip else math.inf)
        series = _Series(space, new_plan((), space.suites([], [])), Stop(), allowed)
        if flip:
            texts = _flipped(series, flip, kernel, each)
        else:
            texts = {p.name: p.read_text() for p in space.mutants.glob("*.patch")}
        run = _try(series, texts, (patterns or [], arch or []), jobs)
        if series.stop:
            raise typer.Exit(exits.INTERRUPTED)
    trials = _trials(store, run)
    _show(trials, as_json=json, as_markdown=markdown)
    if any(t.fate in (Fate.SURVIVED, Fate.MISSED, Fate.STRAYED) for t in trials):
        raise typer.Exit(exits.SURPRISE)
    if any(t.fate is Fate.UNTRIED for t in trials):
        raise typer.Exit(exits.INFRA)


@dataclass(frozen=True)
class _Series:
    """All mutants of one invocation; which targets they make is found out in its course."""

    space: Workspace
    plan: Plan
    stop: Stop
    minutes: float  # at most for the guests of a target

    def work(self, progress: Progress) -> Work:
        """What the runner needs, with somebody to watch it."""
        work = self.space.work(self.plan, progress, self.stop, store=self.space.mutant_store)
        return replace(work, seconds=60 * self.minutes)


def _flipped(series: _Series, file: str, kernel: str, each: int) -> dict[str, str]:
    """Patches, by file name, that nobody chose."""
    space = series.space
    names = [target.kernel.name for target in space.lab.targets]
    base = _whole(space, kernel or names[-1], "x86_64")
    progress = Progress([base], 0, Console(stderr=True))
    with progress.shown():
        parts = preparing.prepare(base, series.work(progress))
    source = read_source(parts.kernel, file, space.cache)
    head = f"Kernel: {base.kernel.name}\nArches: {base.arch.name}\n\n"
    return {
        f"{flip.name}.patch": f"Mutant: {flip.text}\n{head}{flips.patch(file, source, flip)}"
        for flip in flips.chosen(flips.flips(source), each)
    }


def _try(
    series: _Series,
    texts: dict[str, str],
    only: tuple[Sequence[str], Sequence[str]],
    jobs: int,
) -> str:
    """Build and boot them, and what they are held against; the id of the evidence."""
    space, suites = series.space, series.plan.suites
    place = space.mutant_store.root / series.plan.id / "patches"
    place.mkdir(parents=True)
    for name, text in texts.items():
        if matches(name.removesuffix(".patch"), only[0]):
            (place / name).write_text(text)
    pairs = [
        (mutant, arch)
        for mutant in patches.load(place, space.catalogue.claims())
        for arch in mutant.arches
        if matches(arch, only[1])
    ]
    if not pairs:
        raise ConfigError(
            f"no mutant matches {' '.join([*only[0], *only[1]])}; there are: "
            + ", ".join(sorted(name.removesuffix(".patch") for name in texts))
        )
    bases = {(m.kernel, arch): _whole(space, m.kernel, arch) for m, arch in pairs}
    targets = (*bases.values(), *(_mutated(bases[m.kernel, arch], m) for m, arch in pairs))
    plan = replace(new_plan(targets, suites), id=series.plan.id)
    progress = Progress(targets, count(suites), Console(stderr=True))
    store = space.mutant_store
    with store.hold(plan.id), interruptible(series.stop), progress.shown():
        store.begin(plan)
        # A patch that does not apply leaves its mutant untried, and the evidence says why.
        with suppress(ConfigError):
            schedule.run_all(targets, jobs or space.lab.guests, series.work(progress))
    return plan.id


def _whole(space: Workspace, kernel: str, arch: str) -> Target:
    """The kernel that mutants are made of, built as they are."""
    for target in space.lab.targets:
        if (target.kernel.name, target.arch.name) == (kernel, arch):
            return replace(target, kernel=replace(target.kernel, source=_built(target)))
    raise ConfigError(
        f"a mutant is of {kernel}/{arch}, which is not in {space.file}; there are: "
        + ", ".join(map(str, space.lab.targets))
    )


def _built(target: Target) -> BuiltSource:
    """Its source, to be compiled here; what it is patched with anyway stays."""
    match target.kernel.source:
        case DebianSource() as source:
            return replace(source, build=True)
        case ImageSource():
            raise ConfigError(f"a mutant is of {target}, which is an image and has no source")
        case source:
            return source


def _mutated(base: Target, mutant: Mutant) -> Target:
    source = _built(base)
    source = replace(source, patches=(*source.patches, Patch(mutant.patch)))
    return replace(base, kernel=Kernel(_name(mutant), base.kernel.rank, source))


def _name(mutant: Mutant) -> str:
    return f"{mutant.kernel}+{mutant.name}"


def _trials(store: Store, run_id: str) -> list[Trial]:
    evidence = store.load(run_id)
    place = store.root / evidence.plan.id / "patches"
    claims = [claim.name for suite in evidence.plan.suites for claim in suite.claims]
    found = []
    for mutant in patches.load(place, claims):
        for arch in mutant.arches:
            target = f"{_name(mutant)}/{arch}"
            if tuple(target.rsplit("/", 1)) in evidence.plan.targets:
                without = evidence.runs.get(f"{mutant.kernel}/{arch}")
                found.append(trial(mutant, evidence.runs.get(target), without, claims))
    if not found:
        raise InfraError(f"{place} holds no mutant that was tried", f"ls {place}")
    return found


def _show(trials: Sequence[Trial], *, as_json: bool, as_markdown: bool) -> None:
    if as_json:
        print_json(render.data(trials))
    elif as_markdown:
        chosen = all(t.mutant.noticed_by for t in trials)
        print(render.by_name(trials) if chosen else render.by_function(trials), end="")
        print(f"\n{render.tally(trials)}.")
    else:
        Console().print(render.table(trials))
