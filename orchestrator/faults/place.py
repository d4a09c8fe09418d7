"""A lab of its own for a fault: the real command line, with evidence and caches kept apart."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.cache import default_root
from orchestrator.faults.outcome import Seen
from orchestrator.stop import Stop

ROOT = Path(__file__).parents[2]
_MARK = "LAB_FAULTS"  # in the environment of all that such a lab starts
_LONGEST = 1800.0  # seconds for one run
_GONE = 5.0  # seconds for what was killed to be gone


@dataclass(frozen=True)
class Place:
    """A directory that all state of some labs is in."""

    root: Path
    stop: Stop = field(default_factory=Stop)  # ends what runs here
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def runs(self) -> Path:
        """Where the evidence goes."""
        return self.root / "runs"

    @contextmanager
    def started(self, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A lab that runs while the context does; it is waited for, or killed when that fails."""
        (self.root / "errors").touch()
        with (
            (self.root / "output").open("w+") as output,
            (self.root / "errors").open("w+") as errors,
            subprocess.Popen(
                [sys.executable, "-m", "orchestrator", *words],
                cwd=ROOT,
                env={**os.environ, **self._environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                text=True,
            ) as process,
        ):
            try:
                with self.stop.calls(process.terminate):
                    yield process
                    process.wait(_LONGEST)
            finally:
                process.kill()

    @contextmanager
    def beside(self, *argv: str) -> Iterator[subprocess.Popen[bytes]]:
        """Another program that runs while the context does, and that labs may talk to."""
        with subprocess.Popen(
            argv,
            cwd=ROOT,
            env={**os.environ, **self._environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_GONE)
                process.kill()

    def running(
        self, *words: str, **environment: str
    ) -> AbstractContextManager[subprocess.Popen[str]]:
        """`lab run --json WORDS`, as ``started``; nothing is answered by an earlier run."""
        measured = () if "--resume" in words else ("--fresh",)
        return self.started("run", "--json", "--jobs", "1", *measured, *words, **environment)

    def run(self, *words: str, **environment: str) -> Seen:
        """The same, to its end."""
        with self.running(*words, **environment) as process:
            process.wait(_LONGEST)
        return self.seen(process.returncode)

    def finished(self) -> Seen:
        """What becomes of the latest run, once nothing keeps it from its end: `lab run --resume`.

        One that was killed after its last cell lacks none, and tells all as it is.
        """
        seen = self.run("--resume")
        if "nothing to resume" not in seen.errors:
            return seen
        with self.started("report", "--json") as process:
            process.wait(_LONGEST)
        return self.seen(process.returncode)

    def seen(self, code: int) -> Seen:
        """What the last lab said that was started here."""
        said = (self.root / "output").read_text()
        data = json.loads(said) if said.startswith("{") else {}
        return Seen(code, data, (self.root / "errors").read_text())

    def qemus(self) -> list[int]:
        """The process ids of QEMUs that labs of this place have started and that run."""
        # One with a guest in it: the lab also asks QEMU for its version.
        return self._processes("qemu-system", b"\0-kernel\0")

    def workers(self) -> list[int]:
        """The processes that have a guest under way: with `--cluster`, workers."""
        return sorted({_parent(process) for process in self.qemus()} - {0})

    def compilers(self, triplet: str) -> list[int]:
        """The same of C compilers for an architecture, at compiling.

        One that only preprocesses is asked by a Makefile which compiler it is: without an answer
        the kernel's says that it does not know this one.
        """
        return self._processes("cc1", triplet.encode(), without=b"\0-E\0")

    def _processes(self, name: str, words: bytes, without: bytes | None = None) -> list[int]:
        mark = f"{_MARK}={self.token}".encode()
        return [
            int(entry.name)
            for entry in Path("/proc").glob("[0-9]*")
            if _is_ours(entry, mark, name, words, without)
        ]

    def orphans(self) -> int:
        """How many are left, a moment after the lab has ended."""
        until = time.monotonic() + _GONE
        while (left := self.qemus()) and time.monotonic() < until:
            time.sleep(0.05)
        return len(left)

    def own_cache(self, *without: str) -> Path:
        """A cache with all that the usual one has but these kinds; what is added stays here."""
        cache = self.root / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        for kind in default_root().iterdir():
            if kind.is_dir() and kind.name not in (*without, "building", "trees", "logs"):
                (cache / kind.name).mkdir(parents=True)
                for entry in kind.glob("[!.]*"):
                    (cache / kind.name / entry.name).symlink_to(entry)
        return cache

    def _environment(self) -> Mapping[str, str]:
        return {
            _MARK: self.token,
            "LAB_RUNS": str(self.runs),
            "LAB_HTML": str(self.root / "html"),
        }


def _parent(process: int) -> int:
    """Whose child it is; 0 when it has ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])  # behind the name, which may be anything


def _is_ours(process: Path, mark: bytes, name: str, words: bytes, without: bytes | None) -> bool:
    """Whether a lab with that mark started a process of that name, with that command line."""
    try:
        ours = mark in (process / "environ").read_bytes().split(b"\0")
        named = (process / "comm").read_text().startswith(name)
        line = (process / "cmdline").read_bytes()
        return ours and named and words in line and (without is None or without not in line)
    except OSError:  # it has ended, or is somebody else's
        return False
