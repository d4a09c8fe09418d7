"""A plan cut into shards of about the same length: which targets each has. Pure."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence

from orchestrator.errors import ConfigError
from orchestrator.model import Run, Target

_WORDS = re.compile(r"(\d{1,6})/(\d{1,6})$")


def parse(words: str) -> tuple[int, int]:
    """``2/4`` as number and how many. Raises ConfigError."""
    match = _WORDS.match(words)
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of:
        raise ConfigError(f"--shard {words!r} is no shard; accepted: i/n, from 1/n to n/n")
    return number, of


def cut(
    targets: Sequence[Target], of: int, recorded: Mapping[str, float]
) -> tuple[tuple[Target, ...], ...]:
    """The targets of each shard, in the order that they are given in; a shard may have none.

    ``recorded`` are the seconds that targets took before, by name. Whoever gives the same gets
    the same shards. The longest is dealt first, each to whom has least to do.
    """
    seconds = estimates(targets, recorded)
    loads = [0.0] * of
    shards: list[list[int]] = [[] for _ in range(of)]
    for place in sorted(range(len(targets)), key=lambda place: -seconds[place]):
        least = loads.index(min(loads))
        loads[least] += seconds[place]
        shards[least].append(place)
    return tuple(tuple(targets[place] for place in sorted(shard)) for shard in shards)


def estimates(targets: Sequence[Target], recorded: Mapping[str, float]) -> list[float]:
    """Seconds for each target: its own if they were recorded, else by its architecture's pace."""
    known = [
        recorded[str(target)] / target.arch.pace for target in targets if str(target) in recorded
    ]
    usual = statistics.median(known) if known else 1.0
    return [recorded.get(str(target), usual * target.arch.pace) for target in targets]


def recorded(runs: Mapping[str, Run]) -> dict[str, float]:
    """The seconds that the guests of targets lived, of those that had any."""
    seconds = {name: sum(boot.seconds for boot in run.boots) for name, run in runs.items()}
    return {name: lived for name, lived in seconds.items() if lived > 0}
