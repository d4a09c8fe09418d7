"""Evidence of an earlier run, taken over: the same files once more, and where they are from.

A run is whole by itself, so that removing the earlier one takes nothing from it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from orchestrator.disk import writing
from orchestrator.model import Boot
from orchestrator.results.reuse import Answer
from orchestrator.results.store import Store


def adopt(store: Store, plan_id: str, target: str, found: Sequence[Answer]) -> None:
    """Keep the boots that gave the answers among those of a target, as far as they are about them.

    The console is the whole boot's, whatever else was tried in it. Raises InfraError when an
    earlier run's evidence is gone or damaged, or the disk takes no more.
    """
    for (run, its_target), own in groupby(sorted(found, key=_whence), key=_whence):
        answers = tuple(own)
        for boot in store.read(run, its_target).boots:
            if suites := {a.question.suite.name for a in answers if boot.number in a.boots}:
                number, place = store.boot_directory(plan_id, target)
                _again(store.place(run) / its_target / f"boot{boot.number}", place, suites)
                store.keep(plan_id, target, replace(_part(boot, suites, run), number=number))


def _whence(answer: Answer) -> tuple[str, str]:
    return answer.run, answer.target


def _part(boot: Boot, suites: set[str], run: str) -> Boot:
    """What of a boot is about the suites. Where it was taken over itself, its origin stays."""
    again = tuple(claim for claim in boot.retry_of if claim.partition(".")[0] in suites)
    return replace(boot, retry_of=again, origin=boot.origin or run)


def _again(old: Path, new: Path, suites: set[str]) -> None:
    with writing(new):
        for path in _files(old, suites):
            try:
                os.link(path, new / path.name)  # nothing of evidence is ever written to again
            except OSError:  # not every file system can
                shutil.copyfile(path, new / path.name)


def _files(boot: Path, suites: set[str]) -> Iterator[Path]:
    for path in sorted(boot.iterdir()):
        if path.suffix == ".log" or (path.suffix == ".ktap" and path.stem in suites):
            yield path
