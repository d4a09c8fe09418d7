"""Run a program of the host's to its end; when it fails, say which one and what it said last."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from orchestrator.errors import InfraError

_LAST_LINES = 12


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    stdin: bytes | None = None,
) -> bytes:
    """Its standard output. ``env`` is added to ours; the locale is always C.UTF-8.

    With ``log`` both streams go to that file instead, and nothing is returned. Raises
    InfraError when the program is not there or exits non-zero.
    """
    words = [str(word) for word in argv]
    try:
        with log.open("wb") if log else nullcontext() as file:
            done = subprocess.run(
                words,
                check=False,
                cwd=cwd,
                env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
                input=stdin or b"",
                stdout=file or subprocess.PIPE,
                stderr=file or subprocess.PIPE,
            )
    except OSError as error:
        raise InfraError(f"{words[0]} cannot be started: {error.strerror}", "lab doctor") from error
    if done.returncode:
        said = log.read_bytes() if log else done.stderr or done.stdout
        raise InfraError(
            f"{shlex.join(words)[:200]} {_how(done.returncode)}:\n{_tail(said)}",
            f"less {log}" if log else "",
        )
    return done.stdout or b""


def _how(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"exited with {code}"


def _tail(said: bytes) -> str:
    lines = said.decode(errors="replace").rstrip().splitlines()
    return "\n".join(f"    {line[:300]}" for line in lines[-_LAST_LINES:])
