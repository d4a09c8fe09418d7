"""Shards hold every target once, whoever cuts them; what takes longest is spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from orchestrator import shards
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.model import Boot, DebianSource, Ending, Kernel, Run, Target

TARGETS = tuple(
    Target(Kernel(f"6.{rank}", rank, DebianSource(("sid",), f"6.{rank}")), ARCHES[arch])
    for rank in range(5)
    for arch in ("x86_64", "arm64", "parisc")
)


@pytest.mark.parametrize("of", [1, 2, 4, 15, 20])
def test_every_target_is_in_one_shard_and_in_its_place(of: int) -> None:
    cut = shards.cut(TARGETS, of, {})
    assert len(cut) == of
    assert sorted(map(str, (t for shard in cut for t in shard))) == sorted(map(str, TARGETS))
    for shard in cut:
        assert list(shard) == sorted(shard, key=TARGETS.index)
    assert shards.cut(TARGETS, of, {}) == cut


def loads(cut: tuple[tuple[Target, ...], ...], seconds: Mapping[str, float]) -> list[float]:
    return [sum(seconds[str(target)] for target in shard) for shard in cut]


def test_what_took_long_before_is_spread() -> None:
    seconds = {str(target): 10.0 for target in TARGETS} | {"6.0/x86_64": 70.0, "6.0/arm64": 60.0}
    assert sorted(loads(shards.cut(TARGETS, 4, seconds), seconds)) == [60.0, 60.0, 70.0, 70.0]


def test_without_records_the_slow_arches_are_spread() -> None:
    cut = shards.cut(TARGETS[:3], 2, {})
    slowest = max(TARGETS[:3], key=lambda target: target.arch.pace)
    assert (slowest,) in cut


def test_who_was_never_run_takes_what_its_pace_says() -> None:
    two = [TARGETS[0], TARGETS[3]]
    slow = replace(TARGETS[6], arch=replace(TARGETS[6].arch, pace=3 * two[0].arch.pace))
    known = {str(target): 20.0 for target in two}
    assert shards.estimates([*two, slow], known) == [20.0, 20.0, 60.0]


def test_only_guests_that_lived_are_on_record() -> None:
    lived = Run(
        "a/x",
        "a",
        "x",
        None,
        boots=(Boot(1, Ending.DONE, seconds=3), Boot(2, Ending.DONE, seconds=4)),
    )
    assert shards.recorded({"a/x": lived, "b/x": replace(lived, boots=())}) == {"a/x": 7}


@pytest.mark.parametrize("words", ["", "0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/5", " 1/4"])
def test_what_is_no_shard_is_refused(words: str) -> None:
    with pytest.raises(ConfigError, match="from 1/n to n/n"):
        shards.parse(words)


def test_a_shard_is_named_by_its_number() -> None:
    assert shards.parse("2/14") == (2, 14)
