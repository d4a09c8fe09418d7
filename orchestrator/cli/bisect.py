"""lab bisect: which release, and which commit, changed the answer to a claim."""

from __future__ import annotations

import io
import json as json_
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestrator import command
from orchestrator.bisect import git, releases
from orchestrator.bisect.course import Course, Means
from orchestrator.bisect.finding import Finding, finding
from orchestrator.bisect.question import Question
from orchestrator.bisect.record import Bisect, Commits, Record, Released, Tree, unspoilt
from orchestrator.bisect.search import Found, Terms
from orchestrator.cli import exits
from orchestrator.cli.asked import known_arch, known_claim, question
from orchestrator.cli.bisectprogress import BisectProgress
from orchestrator.cli.plan import interruptible, new_plan
from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace, quiet
from orchestrator.errors import ConfigError
from orchestrator.kernels import foresee
from orchestrator.kernels.available import listings, pockets
from orchestrator.model import Arch, DebianSource, Plan, Release, Start, Target
from orchestrator.nightly.record import Nights
from orchestrator.preparing import Work
from orchestrator.render import bisects
from orchestrator.results import files, hold
from orchestrator.results.store import Store
from orchestrator.stop import Stop


@dataclass(frozen=True)
class _Ends:
    """Between what is searched: "" is as far as there is anything."""

    old: str
    new: str
    tree: Tree | None

    @property
    def commits(self) -> Commits | None:
        """When both are commits of the tree."""
        if not (self.tree and self.old and self.new):
            return None
        repo = Path(self.tree.repo)
        return Commits(git.commit_id(repo, self.old), git.commit_id(repo, self.new))


def bisect(
    context: typer.Context,
    claim: Annotated[
        str, typer.Argument(help="dontfork.dofork-hugetlb; not needed with --resume")
    ] = "",
    arch: Annotated[str, typer.Option(help="On which architecture.")] = "x86_64",
    old: Annotated[str, typer.Option(help="Release, or commit with --git; oldest.")] = "",
    new: Annotated[str, typer.Option(help="Release, or commit with --git; newest.")] = "",
    good: Annotated[str, typer.Option(help="The older one; with --find-fix the newer one.")] = "",
    bad: Annotated[str, typer.Option(help="The newer one; with --find-fix the older one.")] = "",
    find_fix: Annotated[bool, typer.Option(help="From broken to fixed instead.")] = False,
    first_support: Annotated[bool, typer.Option(help="From absent to present instead.")] = False,
    find_removal: Annotated[bool, typer.Option(help="From present to absent instead.")] = False,
    tree: Annotated[
        Path | None, typer.Option("--git", help="A kernel tree: go on to the commit.")
    ] = None,
    path: Annotated[list[str] | None, typer.Option(help="Only commits that touch it.")] = None,
    first_parent: Annotated[
        bool, typer.Option(help="Follow first parents alone, as git has it.")
    ] = False,
    tries: Annotated[int, typer.Option(help="Of the claim in each boot.", min=1, max=200)] = 10,
    doubt: Annotated[
        float, typer.Option(help="That one answer may have.", min=1e-6, max=0.4)
    ] = 0.05,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Releases at a time.", min=1)] = 1,
    boot: Annotated[
        Start, typer.Option(help="How guests come to be ready that repeat what was asked.")
    ] = Start.COLD,
    also: Annotated[
        list[str] | None,
        typer.Option(help="A claim whose bisect comes next: its answers are kept for it."),
    ] = None,
    anew: Annotated[bool, typer.Option(help="Ask also what earlier bisects have seen.")] = False,
    resume: Annotated[str, typer.Option(help="Go on with one (an id, or 'latest').")] = "",
    show: Annotated[str, typer.Option(help="Only show one again (an id, or 'latest').")] = "",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Find the release, and in a git tree the commit, that changed the answer to a claim.

    Without --old and --new it looks through everything that Debian's archive offers. Exit
    code 0: found; 3: it was not, and why.
    """
    space: Workspace = context.obj
    record = Record(space.bisects)
    if show:
        _show(finding(record.load(show), space.bisects, space.rules), as_json=json)
        return
    asked = question(find_fix=find_fix, first_support=first_support, find_removal=find_removal)
    older, newer = (bad, good) if find_fix else (good, bad)
    old, new = _one("oldest", old, older), _one("newest", new, newer)
    others = tuple(known_claim(space, name) for name in also or ())
    stop, progress = Stop(), BisectProgress(Console(stderr=True))
    with progress.shown(), interruptible(stop):
        if resume:
            begun = unspoilt(record.load(resume))
        else:
            place = Tree(str(tree.resolve()), tuple(path or ()), first_parent) if tree else None
            terms = Terms(tries, doubt, jobs, given=bool(old and new))
            begun = _begun(space, (claim, arch), asked, terms, _Ends(old, new, place))
        with hold.hold(record.place(begun.id)), stop.calls(command.interrupt):
            store = Store(record.place(begun.id) / "runs")
            means = _means(space, store, (begun.claim, *others), progress, stop)
            means = replace(means, also=others, anew=anew, again=boot)
            ended = Course(begun, record, means).go()
    if stop:
        Console(stderr=True).print(f"go on with: lab bisect --resume {begun.id}", soft_wrap=True)
        raise typer.Exit(exits.INTERRUPTED)
    found = finding(ended, space.bisects, space.rules)
    _publish(found, record, space)
    _show(found, as_json=json)


def _one(end: str, plain: str, judged: str) -> str:
    """What names an end of the history, by when it was or by what is known of it."""
    if plain and judged:
        raise ConfigError(f"the {end} one is named twice: {plain}, and {judged}")
    return plain or judged


def _begun(
    space: Workspace, cell: tuple[str, str], asked: Question, terms: Terms, ends: _Ends
) -> Bisect:
    claim, arch = known_claim(space, cell[0]), known_arch(cell[1])
    plan = new_plan((), ())
    commits = ends.commits
    return Bisect(
        id=plan.id,
        started=plan.started,
        claim=claim,
        arch=arch.name,
        asks=asked.name,
        terms=replace(terms, given=terms.given or commits is not None),
        releases=() if commits else _releases(space, arch, ends),
        tree=ends.tree,
        commits=commits,
    )


def _releases(space: Workspace, arch: Arch, ends: _Ends) -> tuple[Released, ...]:
    sources = [target.kernel.source for target in space.lab.targets]
    own = [suite for one in sources if isinstance(one, DebianSource) for suite in one.suites]
    suites = [*pockets(own), *releases.UNRELEASED]
    packages, notes = listings(suites, [arch], space.cache, quiet)
    for note in notes:
        Console(stderr=True).print(note, style="dim", soft_wrap=True, highlight=False)
    found = releases.released(packages, arch, _kept(space, arch))
    first = releases.place(found, ends.old) if ends.old else 0
    last = releases.place(found, ends.new) if ends.new else len(found) - 1
    if first >= last:
        raise ConfigError(
            f"{found[first].name} is not before {found[last].name}: there is nothing between them"
        )
    return found[first : last + 1]


def _kept(space: Workspace, arch: Arch) -> Iterator[Released]:
    """What earlier nights have booted and the cache still has: moving suites drop the old."""
    for night in Nights(space.nights).newest_first():
        for one in night.tracked:
            source = one.source
            if not isinstance(source, DebianSource) or source.flavour:
                continue
            if foresee(one.kernel(0), arch, space.cache).at_hand:
                name = str(Release.parse(one.version))
                yield Released(name, source.suites, one.version)


def _means(
    space: Workspace, store: Store, claims: Sequence[str], progress: BisectProgress, stop: Stop
) -> Means:
    suites = space.suites([], claims)

    def plan(target: Target) -> Plan:
        return new_plan((target,), suites)

    def work(plan: Plan, tries: int) -> Work:
        return replace(space.work(plan, progress, stop, store=store), tries=tries)

    return Means(plan, work, progress, stop)


def _publish(found: Finding, record: Record, space: Workspace) -> None:
    """The report's files, beside what it is made of."""
    place = record.place(found.bisect.id)
    text = io.StringIO()
    Console(file=text, width=120).print(bisects.text(found))
    data = json_.dumps(bisects.data(found), indent=1)
    files.write(place / "report.txt", text.getvalue().encode())
    files.write(place / "report.json", data.encode())
    files.write(place / "index.html", bisects.page(found, space.templates).encode())


def _show(found: Finding, *, as_json: bool) -> None:
    if as_json:
        print_json(bisects.data(found))
    else:
        Console().print(bisects.text(found))
    if not isinstance(found.level.end, Found):
        raise typer.Exit(exits.INFRA)
