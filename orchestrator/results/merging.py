"""Shards of one plan, each the run of another lab, put together into a run of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.disk import writing
from orchestrator.errors import ConfigError
from orchestrator.model import Origin, Plan, Run, Shard
from orchestrator.results import files
from orchestrator.results.store import Store

_MOST = 4  # names in a complaint


@dataclass(frozen=True)
class Part:
    """A run that is a shard, and where its evidence is."""

    place: Path
    plan: Plan
    shard: Shard


def parts(places: Iterable[Path]) -> tuple[Part, ...]:
    """The shards in these directories, in their order. Raises ConfigError for what is none."""
    found = [_part(place) for place in places]
    return tuple(sorted(found, key=lambda part: part.shard.number))


def _part(place: Path) -> Part:
    store = Store(place.resolve().parent)
    name = place.resolve().name
    if store.is_held(name):
        raise ConfigError(f"{place} is still being run: merge it when it has ended")
    plan = store.plan(store.resolve(name))
    if plan.shard is None:
        raise ConfigError(f"{place} is no shard: it was not run with --shard")
    return Part(place.resolve(), plan, plan.shard)


def complaints(parts: Sequence[Part]) -> list[str]:
    """Why these are not shards of one plan, each once; which differ, and how. Pure."""
    first = parts[0]
    wrong = [
        f"shard {part.shard} ({part.plan.id}) is of another plan than shard {first.shard} "
        f"({first.plan.id}): {difference}"
        for part in parts[1:]
        for difference in _differences(first.plan, part.plan)
    ]
    return wrong or [*_twice(parts), *_shared(parts)]


def _differences(one: Plan, other: Plan) -> Iterator[str]:
    assert one.shard
    assert other.shard
    yield from _sets("targets", _names(one.shard.whole), _names(other.shard.whole))
    yield from _sets("claims", _claims(one), _claims(other))
    pairs = (
        ("the number of shards", one.shard.of, other.shard.of),
        ("guest-tests/", one.sources, other.sources),
        ("variant of the suites", one.broken or "none", other.broken or "none"),
        ("retries", one.retries, other.retries),
        ("times that a claim is tried", one.times, other.times),
        ("boot", one.boot.value, other.boot.value),
    )
    yield from (f"{what} was {other}, not {one}" for what, one, other in pairs if one != other)


def _sets(what: str, one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for word, names in (("without", set(one) - set(other)), ("with", set(other) - set(one))):
        if names:
            yield f"{what} {word} {_few(sorted(names))}"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _twice(parts: Sequence[Part]) -> Iterator[str]:
    counted = Counter(str(part.shard) for part in parts)
    for shard, times in counted.items():
        if times > 1:
            places = ", ".join(str(part.place) for part in parts if str(part.shard) == shard)
            yield f"shard {shard} is there {times} times: {places}; name one of them"


def _shared(parts: Sequence[Part]) -> Iterator[str]:
    """Targets with two verdicts: the labs that cut them knew different earlier runs."""
    shards: dict[str, list[str]] = {}
    for part in parts:
        for target in _names(part.plan.targets):
            shards.setdefault(target, []).append(str(part.shard))
    for target, those in shards.items():
        if len(those) > 1:
            yield (
                f"{target} is in shards {' and '.join(those)}: they were cut by the durations of "
                "different earlier runs; give all of them the same evidence, or none"
            )


def plan_of(parts: Sequence[Part], run_id: str, started: str) -> Plan:
    """What all shards together set out to do, as a run of another id."""
    first = parts[0]
    origins = tuple(Origin(part.plan.id, str(part.shard)) for part in parts)
    return replace(
        first.plan,
        id=run_id,
        started=started,
        targets=first.shard.whole,
        shard=None,
        merged=origins,
    )


def merge(parts: Sequence[Part], plan: Plan, store: Store) -> None:
    """Bring the parts' evidence under the plan; the run is visible when all of it is there.

    What no part planned is stored as infra, with the shards that it must have been in.
    """
    for part in parts:
        for target in _names(part.plan.targets):
            _take(part.place, store.place(plan.id), target)
    for run in absent(parts):
        store.open(plan.id, run, b"")
    store.begin(plan)


def absent(parts: Sequence[Part]) -> list[Run]:
    """The targets that no part planned, with the reason. Pure."""
    planned = {target for part in parts for target in part.plan.targets}
    there = {part.shard.number for part in parts}
    of = parts[0].shard.of
    gone = [f"{number}/{of}" for number in range(1, of + 1) if number not in there]
    if gone:
        shards = f"shard {gone[0]}" if len(gone) == 1 else f"one of the shards {', '.join(gone)}"
        why = f"it is in {shards}, of which there was no evidence to merge"
    else:
        why = "no shard had it: they were cut by the durations of different earlier runs"
    return [
        Run(f"{kernel}/{arch}", kernel, arch, release=None, infra=why)
        for kernel, arch in parts[0].shard.whole
        if (kernel, arch) not in planned
    ]


def _take(here: Path, there: Path, target: str) -> None:
    """A target's evidence; one of which there is none stays without."""
    source = here / target
    if not source.resolve().is_relative_to(here):
        raise ConfigError(f"{here}/plan.json names a target {target!r}, which is no name of one")
    if strange := [path for path in source.rglob("*") if path.is_symlink()]:
        raise ConfigError(f"{strange[0]} is no file: evidence has no links")
    for path in sorted(path for path in source.rglob("[!.]*") if path.is_file()):
        new = there / path.relative_to(here)
        with writing(new):
            new.parent.mkdir(parents=True, exist_ok=True)
        files.again(path, new)


def _names(targets: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{kernel}/{arch}" for kernel, arch in targets)


def _claims(plan: Plan) -> tuple[str, ...]:
    return tuple(claim.name for suite in plan.suites for claim in suite.claims)
