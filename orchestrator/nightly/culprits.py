"""The night's bisects: one after the other, as `lab bisect` does them, while there is time."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from orchestrator.disk import writing
from orchestrator.model import Verdict
from orchestrator.nightly.suspects import Hunt
from orchestrator.stop import Stop

_COMPANIONS = 50  # are tried in a fraction of the time that a guest may take
_GRACE = 60.0  # seconds in which a bisect that is asked to stop writes down where it is


@dataclass(frozen=True)
class Culprit:
    """What became of a hunt."""

    claim: str
    target: str  # on which it regressed
    said: str  # what was found, or why nothing was, in a sentence or two
    command: str  # that asks it again
    bisect: str = ""  # its id; "" when none was begun
    suspects: tuple[str, ...] = ()  # releases, or commits: one of them did it
    message: str = ""  # of the commit that did it, whole

    @property
    def found(self) -> bool:
        """Whether anybody is suspected."""
        return bool(self.suspects)


# The next hunts have their answers from the same boots; at most so many seconds.
Bisect = Callable[[Hunt, Sequence[Hunt], float], Culprit]


def culprits(hunts: Sequence[Hunt], seconds: float, bisect: Bisect, stop: Stop) -> list[Culprit]:
    """Ask about each of them in turn, as long as there is time: ``seconds`` for all together."""
    until = time.monotonic() + seconds
    found = []
    for number, hunt in enumerate(hunts, 1):
        left = until - time.monotonic()
        if stop or left <= 0:
            found.append(_culprit(hunt, said="there was no time left for it"))
        else:
            found.append(bisect(hunt, companions(hunt, hunts[number:]), left))
    return found


def companions(hunt: Hunt, later: Sequence[Hunt]) -> Sequence[Hunt]:
    """Those whose claims may be tried wherever that of a hunt is, in the same guests.

    One that takes the guest with it, or that has to be waited for, keeps its guests to itself.
    """
    if not _is_calm(hunt):
        return ()
    return [one for one in later if one.place == hunt.place and _is_calm(one)][:_COMPANIONS]


def _is_calm(hunt: Hunt) -> bool:
    return hunt.change.new.got in (Verdict.FAIL, Verdict.ABSENT)


def by_command(file: Path, logs: Path, stop: Stop) -> Bisect:
    """A bisect in a process of its own, which can be ended.

    ``file`` is the lab.yaml; what each of them says meanwhile goes to ``logs``.
    """

    def bisect(hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
        also = [word for one in later for word in ("--also", one.change.claim)]
        argv = [sys.executable, "-m", "orchestrator", "-f", str(file), *hunt.words, *also, "--json"]
        log = logs / f"bisect-{hunt.change.claim}-{hunt.arch}-{hunt.span.new}.log"
        with writing(log):
            log.parent.mkdir(parents=True, exist_ok=True)
            said = log.open("wb")
        # Of its own group: what interrupts us is passed on once, by us.
        with said, _started(argv, said) as process, stop.calls(process.terminate):
            try:
                out, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                out = _ended(process)
        return told(hunt, process.returncode, out, log.read_text(errors="replace"))

    return bisect


def _started(argv: Sequence[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, process_group=0)


def _ended(process: subprocess.Popen[bytes]) -> bytes:
    """What it says when it is asked to stop."""
    process.terminate()
    try:
        return process.communicate(timeout=_GRACE)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # whatever it has started holds its output open
        return process.communicate()[0]


def told(hunt: Hunt, code: int, out: bytes, err: str) -> Culprit:
    """What `lab bisect --json` has told, by its exit code and what it printed."""
    if out.strip():
        return _reported(hunt, json.loads(out))
    lines = [line for line in err.splitlines() if line.strip() and not line.startswith(" ")]
    last = lines[-1] if lines else f"it ended with exit code {code}"
    if last.startswith(_RESUME):
        bisect = last.removeprefix(_RESUME).strip()
        said = f"there was no time for more; `lab bisect --resume {bisect}` goes on"
        return _culprit(hunt, said=said, bisect=bisect)
    return _culprit(hunt, said=f"the bisect failed: {last}")


_RESUME = "go on with: lab bisect --resume "  # what an interrupted bisect says last


def _reported(hunt: Hunt, data: Any) -> Culprit:
    level = data["levels"][-1]
    return _culprit(
        hunt,
        said=level["said"],
        bisect=data["id"],
        suspects=tuple(level["suspects"]),
        message="\n\n".join(data["messages"]),
    )


def _culprit(
    hunt: Hunt, *, said: str, bisect: str = "", suspects: tuple[str, ...] = (), message: str = ""
) -> Culprit:
    command = shlex.join(("lab", *hunt.words))
    change = hunt.change
    return Culprit(change.claim, change.new.target, said, command, bisect, suspects, message)
