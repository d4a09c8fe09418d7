"""make bench-index: how long questions about a thousand runs take, as a user asks them.

Years of nights are made up: kernels that move on, a few cells that come out otherwise in one of
twenty columns. They go into an index as real runs do; `lab` is then started anew for each answer.
"""

from __future__ import annotations

import argparse
import functools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestrator.bench_call import call
from orchestrator.cli.workspace import Workspace
from orchestrator.model import Attempt, Claim, Plan, Release, Result, Run, Suite, Verdict
from orchestrator.results import index
from orchestrator.results.judge import Outcome
from orchestrator.results.store import Store

_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_MOVES = 30  # nights that a kernel stays the same
_ODD = 0.05  # of the columns, in which some claims come out otherwise
_OPTIONS = {f"OPTION_{number}": "y" for number in range(3000)}

_Seen = dict[str, Outcome]


def main(words: Sequence[str] | None = None) -> None:
    """Make the runs up, ask, and print."""
    parser = argparse.ArgumentParser(prog="make bench-index", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--times", type=int, default=5, help="how often each is asked")
    options = parser.parse_args(words)
    space = Workspace(Path("lab.yaml"))
    suites = _some(space.catalogue.suites, options.claims)
    targets = tuple((target.kernel.name, target.arch.name) for target in space.lab.targets)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch) / "runs")
        started = time.monotonic()
        _fill(store, suites, targets, options.runs)
        size = (store.root / index.NAME).stat().st_size >> 20
        sys.stdout.write(
            f"{options.runs} runs x {len(targets)} targets x {options.claims} claims: {size} MB, "
            f"made in {time.monotonic() - started:.0f} s\n"
        )
        claim = suites[0].claims[0].name
        for verb in (
            ["--help"],
            ["runs"],
            ["history", claim],
            ["diff"],
            ["compat", claim],
            ["compat"],
        ):
            argv = (sys.executable, "-m", "orchestrator", *verb)
            # 1 is what `lab diff` says where something got worse.
            took = [call(argv, store.root, most=1) for _ in range(options.times)]
            seconds = statistics.median(one.seconds for one in took)
            cpu = statistics.median(one.cpu for one in took)
            sys.stdout.write(f"lab {' '.join(verb):40} {seconds:6.2f} s, {cpu:5.2f} s of CPU\n")


def _some(suites: Sequence[Suite], number: int) -> tuple[Suite, ...]:
    """The first claims there are."""
    chosen = []
    for suite in suites:
        claims = suite.claims[:number]
        number -= len(claims)
        chosen += [replace(suite, claims=claims)] if claims else []
    return tuple(chosen)


def _fill(
    store: Store, suites: tuple[Suite, ...], targets: tuple[tuple[str, str], ...], runs: int
) -> None:
    chance = random.Random(0)  # noqa: S311 - not for secrets
    calm = _calm([claim for suite in suites for claim in suite.claims])
    with index.opened(store) as opened:
        for number, plan in enumerate(_plans(suites, targets, runs)):
            place = store.place(plan.id)
            place.mkdir()
            (place / "plan.json").touch()  # all that is looked at of a run that is known
            made = {run.target: run for run in _columns(targets, number)}
            odd = {target: _odd(calm, chance) for target in made if chance.random() < _ODD}
            stamp = place.stat().st_mtime_ns
            seen = functools.partial(_seen, calm, odd)
            with opened.connection:
                opened.add(plan, made.values(), stamp, seen)


def _plans(
    suites: tuple[Suite, ...], targets: tuple[tuple[str, str], ...], runs: int
) -> Iterator[Plan]:
    for number in range(runs):
        day = _BEGIN + timedelta(days=number)
        yield Plan(day.strftime("%Y%m%dT%H%M%S.%fZ"), day.isoformat(), targets, suites)


def _columns(targets: tuple[tuple[str, str], ...], number: int) -> Iterator[Run]:
    for kernel, arch in targets:
        release = replace(Release.parse(kernel), patch=number // _MOVES + 1)
        config = {**_OPTIONS, "LOCALVERSION": str(release)}
        yield Run(f"{kernel}/{arch}", kernel, arch, release, version=f"{release}-1", config=config)


def _calm(claims: Sequence[Claim]) -> _Seen:
    return {claim.name: _outcome(Verdict.PASS) for claim in claims}


def _odd(calm: _Seen, chance: random.Random) -> _Seen:
    names = chance.sample(list(calm), 3)
    note = f"x.c:{chance.randrange(500)}: expected 0, got {chance.randrange(1 << 32)}"
    return {**calm, **{name: _outcome(Verdict.FAIL, note) for name in names}}


def _seen(calm: _Seen, odd: dict[str, _Seen], run: Run) -> _Seen:
    return odd.get(run.target, calm)


def _outcome(verdict: Verdict, note: str = "") -> Outcome:
    return Outcome(Result("", verdict, note), 1, (Attempt(1, verdict, note),))


if __name__ == "__main__":
    main()
