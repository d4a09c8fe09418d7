"""lab run --shard: which of the targets are this one's."""

from __future__ import annotations

from dataclasses import replace

from orchestrator import shards
from orchestrator.cli.earlier import run_before
from orchestrator.cli.workspace import Workspace
from orchestrator.model import Plan, Shard, Target


def part(
    space: Workspace, plan: Plan, targets: tuple[Target, ...], words: str
) -> tuple[Plan, tuple[Target, ...]]:
    """The plan and the targets of a shard, named as in ``2/4``; "" is all. Raises ConfigError.

    What targets take is as the newest run has it that the plan may be held against. No shard is
    such a run, so that one which ends early does not cut those that begin late otherwise.
    """
    if not words:
        return plan, targets
    number, of = shards.parse(words)
    earlier = run_before(space, plan)
    recorded = shards.recorded(space.store.load(earlier).runs) if earlier else {}
    mine = shards.cut(targets, of, recorded)[number - 1]
    named = tuple((target.kernel.name, target.arch.name) for target in mine)
    return replace(plan, targets=named, shard=Shard(number, of, plan.targets)), mine
