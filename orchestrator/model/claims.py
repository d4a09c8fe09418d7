"""What kernels promise, what can be seen of it, and what is wanted where."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from orchestrator.model.release import Release

_WILD = frozenset("*?[")


def is_name(pattern: str) -> bool:
    """Whether a shell's pattern is of the one name that it is.

    Most are, in rules; to compile those would take longer than all else that judging does.
    """
    return _WILD.isdisjoint(pattern)


class Verdict(enum.Enum):
    """What was seen when one claim met one target."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"  # the kernel broke the promise
    ABSENT = "absent"  # the kernel says EINVAL or ENOSYS: it makes no such promise
    SKIP = "skip"  # a precondition of the test is missing, such as a CONFIG option
    ERROR = "error"  # the test could not set the scene: our bug
    TIMEOUT = "timeout"  # the claim, or the guest under it, went silent
    PANIC = "panic"  # the kernel died while the claim ran
    MISSING = "missing"  # planned, never reached


@dataclass(frozen=True)
class Claim:
    """One promise of the kernel: one row of the matrix.

    ``name`` is ``suite.claim-name`` and is never reused: history hangs on it.
    """

    name: str
    text: str  # the promise, in one sentence
    file: str = ""  # where it is written, relative to ``tree``
    line: int = 0
    tree: str = "guest-tests"

    @property
    def suite(self) -> str:
        return self.name.partition(".")[0]

    @property
    def place(self) -> str:
        """The file, its tree and the line, for a reader; "" when it is not known."""
        return f"{self.tree}/{self.file}:{self.line}" if self.file else ""


@dataclass(frozen=True)
class Suite:
    """A directory of guest-tests/: one static binary, a handful of claims."""

    name: str
    about: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Rule:
    """A departure from "every claim passes", and why.

    A release is covered from ``since`` on and until (not including) ``until``. A fix that
    stable series took as well lists those point releases in ``backports``.
    """

    claims: tuple[str, ...]  # shell patterns over claim names
    want: Verdict
    why: str
    since: Release | None = None
    until: Release | None = None
    backports: tuple[Release, ...] = ()
    arches: tuple[str, ...] = ()  # empty: all
    kernels: tuple[str, ...] = ()  # shell patterns over the names in lab.yaml; empty: all
    config: tuple[tuple[str, bool], ...] = ()  # (option without CONFIG_, whether it must be set)
    place: str = ""  # file:line, for the reader who wants to see it
    reproducer: str = ""  # of a kernel's bug: a file of guest-tests/reproducers/
    headers_until: Release | None = None  # only for suites built with headers older than that
    splat: str = ""  # shell pattern over the titles of splats that may come with it
    bug: str = ""  # URL of the report about it
    expires: date | None = None  # from that day on somebody must look at it again

    def covers(
        self,
        arch: str,
        release: Release,
        config: Mapping[str, str],
        headers: Release | None = None,
        *,
        kernel: str = "",
    ) -> bool:
        """Whether the rule speaks about its claims on such a kernel.

        ``config`` maps option names to values; ``headers`` are those that the suites' advice
        numbers are from, None for their own. ``kernel`` is what lab.yaml calls it.
        """
        return (
            (not self.arches or arch in self.arches)
            and (not self.kernels or any(fnmatchcase(kernel, name) for name in self.kernels))
            and (
                self.headers_until is None or (headers is not None and headers < self.headers_until)
            )
            and (self.since is None or self._reached(self.since, release))
            and (self.until is None or not self._reached(self.until, release))
            and all((config.get(name) in ("y", "m")) is wanted for name, wanted in self.config)
        )

    def speaks_of(self, claim: str) -> bool:
        """Whether it is about this claim, on some kernel."""
        return any(
            claim == pattern if is_name(pattern) else fnmatchcase(claim, pattern)
            for pattern in self.claims
        )

    def _reached(self, mainline: Release, release: Release) -> bool:
        return release >= mainline or any(
            release.series == taken.series and release >= taken for taken in self.backports
        )
