"""lab run --dry-run: what a run would fetch, build, boot and try, as far as the cache knows."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.cache import Cache
from orchestrator.cli.plan import count
from orchestrator.cli.values import print_json
from orchestrator.kernels import Foresight, foresee
from orchestrator.model import Plan, Target


def say(
    plan: Plan,
    targets: Sequence[Target],
    cache: Cache,
    jobs: int,
    *,
    reuse: bool = False,
    as_json: bool,
) -> None:
    """Print it. Nothing is asked of the archive, and nothing is made; with ``reuse`` what earlier
    runs answer is not known yet."""
    kernels = {target: foresee(target.kernel, target.arch, cache) for target in targets}
    if as_json:
        print_json(_values(plan, kernels))
        return
    cells = len(kernels) * count(plan.suites)
    print(f"{len(kernels)} targets x {count(plan.suites)} claims = {cells} cells")
    for target, kernel in kernels.items():
        print(f"  {target}: {_words(target, kernel)}")
    for suite in plan.suites:
        print(f"  {suite.name}: {len(suite.claims)} claims")
    again = f"; surprises up to {plan.retries} times more" if plan.retries else ""
    less = ", less what earlier runs answer" if reuse else ""
    print(f"at least {len(kernels) * plan.times} boots, {jobs} at a time{again}{less}")


def _values(plan: Plan, kernels: dict[Target, Foresight]) -> dict[str, object]:
    return {
        "targets": [str(target) for target in kernels],
        "suites": {suite.name: [claim.name for claim in suite.claims] for suite in plan.suites},
        "kernels": {
            str(target): {"version": kernel.version, "to do": _to_do(target, kernel)}
            for target, kernel in kernels.items()
        },
        "cells": len(kernels) * count(plan.suites),
        "retries": plan.retries,
        "times": plan.times,
    }


def _to_do(target: Target, kernel: Foresight) -> str:
    if kernel.at_hand:
        return "nothing"
    return "build" if target.is_built else "fetch"


def _words(target: Target, kernel: Foresight) -> str:
    to_do = {"nothing": "in the cache", "build": "to be built", "fetch": "to be fetched"}
    version = kernel.version or "to be looked up"
    return f"{version}, {to_do[_to_do(target, kernel)]}"
