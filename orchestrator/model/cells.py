"""What was seen beside what was wanted: the fields of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from orchestrator.model.claims import Verdict
from orchestrator.model.evidence import Splat

BROKEN = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.PANIC})


@dataclass(frozen=True)
class Attempt:
    """What one guest had to say about a claim."""

    boot: int
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A claim on a target: what was seen, what was wanted, and why."""

    claim: str
    target: str
    got: Verdict
    want: Verdict
    why: str = ""  # of the rule that applied, or ""
    note: str = ""  # what the guest, or the lab, said about the outcome
    place: str = ""  # of the rule
    bug: str = ""  # of the rule: URL of a report
    infra: bool = False  # MISSING through no fault of the kernel
    boot: int = 0  # which boot of the guest decided; 0: none
    origin: str = ""  # the earlier run in which it was measured; "": in this one
    milliseconds: int | None = None
    splats: tuple[Splat, ...] = ()
    splat: str = ""  # of the rule: a shell pattern over the titles of splats that may be there
    attempts: tuple[Attempt, ...] = ()  # all of them, the one that decided first

    @property
    def flaky(self) -> bool:
        """Guests disagree about it. The first verdict stands, and nobody may rely on it."""
        return len(self.attempts) > 1 and len({one.verdict for one in self.attempts}) > 1

    @property
    def as_wanted(self) -> int:
        """How many of the attempts came out as wanted."""
        return sum(attempt.verdict is self.want for attempt in self.attempts)

    @property
    def surprise(self) -> bool:
        """Seen is not wanted, or not every time, or the kernel complained meanwhile. What was
        never reached is counted apart."""
        if self.got is self.want and not self.splats and len(self.attempts) < 2:
            return False  # as nearly all are, and all are asked again and again
        if self.flaky:
            return True
        return self.got is not Verdict.MISSING and (
            self.got is not self.want or bool(self.splats and self.unexpected_splats)
        )

    @property
    def unexpected_splats(self) -> tuple[Splat, ...]:
        """Those that no rule allows. A panic that is wanted, in whatever words, is allowed."""
        wanted = self.got is self.want is Verdict.PANIC and not self.splat
        return tuple(
            splat
            for splat in self.splats
            if not (wanted and splat.deadly) and not fnmatchcase(splat.title, self.splat)
        )

    @property
    def known_bug(self) -> bool:
        """A rule wants exactly this failure: a bug of the kernel, shown as one."""
        passed = self.got is Verdict.PASS  # as nearly all have, and this is asked of all
        return not passed and self.got is self.want and self.got in BROKEN and not self.flaky
