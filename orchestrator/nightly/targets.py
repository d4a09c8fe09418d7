"""The columns of a lab: its own targets, and those that its tracks have led to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.model import Arch, Target, Tracked


def with_tracked(
    own: Sequence[Target], tracked: Sequence[Tracked], arches: Sequence[Arch]
) -> tuple[Target, ...]:
    """The lab's own targets, then those that its tracks have led to.

    A kernel of the lab's own keeps its name: a tracked one of that name is no second column.
    """
    names = {target.kernel.name for target in own}
    first = 1 + max((target.kernel.rank for target in own), default=-1)
    kernels = [
        (one, one.kernel(first + place))
        for place, one in enumerate(one for one in tracked if one.name not in names)
    ]
    theirs = (
        Target(kernel, arch)
        for one, kernel in kernels
        for arch in arches
        if arch.name in one.arches
    )
    return (*own, *theirs)
