"""What earlier runs have measured with the very same things, so that no guest needs to again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from orchestrator.errands import unanswered
from orchestrator.model import Claim, Run
from orchestrator.results.judge import outcomes
from orchestrator.results.store import Store

# For what a target would be run with now, and the claims that are wanted of it: the id of the
# run that has measured them so, or None.
Recall = Callable[[Run, Sequence[Claim]], str | None]

_BACK = 60  # runs that are looked through


def recalled(store: Store, now: Run, claims: Sequence[Claim]) -> str | None:
    """The newest run that asked the same of the same, if it has a settled answer to every claim.

    ``now`` is what the target would be run with, as runner.record has it. Where guests disagreed
    an older run does not help: what it says was put in doubt since.
    """
    for run_id in reversed(store.ids()[-_BACK:]):
        if not (store.place(run_id) / now.target / "run.json").is_file():
            continue
        if store.plan(run_id).broken:
            continue
        then = store.read(run_id, now.target)
        if same_inputs(then, now) and outcomes(then):
            return run_id if is_settled(then, claims) else None
    return None


def same_inputs(then: Run, now: Run) -> bool:
    """Whether two runs of a target were given the same: all files, QEMU, machine, headers."""
    return _inputs(then) == _inputs(now)


def is_settled(run: Run, claims: Sequence[Claim]) -> bool:
    """Whether each claim has an answer, and guests agree about it."""
    told = outcomes(run)
    asked = [told[claim.name] for claim in claims if claim.name in told]
    agreed = all(len({attempt.verdict for attempt in one.attempts}) < 2 for one in asked)
    return agreed and not run.infra and not unanswered(run, claims)


def _inputs(run: Run) -> tuple[object, ...]:
    # Where the cache is does not matter: the files in it are among the hashes.
    machine = tuple(Path(word).name if word.startswith("/") else word for word in run.argv)
    return (dict(run.hashes), run.qemu, machine, run.headers, run.lacking)
