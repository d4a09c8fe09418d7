"""One call of a program, as a user makes it, and what it took."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Took:
    """From the start of a process to its end."""

    seconds: float
    cpu: float  # seconds, of all that was started below it and waited for as well


def call(argv: Sequence[str], runs: Path, *, most: int = 0) -> Took:
    """Run it to its end, with the lab's runs and reports in directories of their own.

    Raises SystemExit, with its last words, unless its exit code is at most ``most``.
    """
    # A user's Python keeps what it has compiled, whatever the one does that measures.
    own = {
        "LAB_RUNS": str(runs),
        "LAB_HTML": str(runs.with_name("html")),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    said = runs.with_name("said")
    with said.open("w") as file:
        start, before = time.monotonic(), _children()
        done = subprocess.run(
            argv,
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
        took = Took(time.monotonic() - start, _children() - before)
    if not 0 <= done.returncode <= most:
        words = said.read_text()[-2000:]
        raise SystemExit(f"{shlex.join(argv)}: exit code {done.returncode}\n{words}")
    return took


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system
