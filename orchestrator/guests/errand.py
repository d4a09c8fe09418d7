"""What a guest is to run: suites, as lines for its shell, and whose words are whose. Pure.

To have a command begin and to learn that it has ended takes an emulated guest as long as three
small claims. So one command runs as many suites as it has room for.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SUITES = "/lab/suites"  # where they lie in the guest
_ROOM = 8000  # bytes of a command; dropbear takes 9000 (MAX_CMD_LEN in its src/sysoptions.h)


@dataclass(frozen=True)
class Errand:
    """A suite to run in a guest: the claims called ``only``, from number ``start`` on."""

    suite: str
    start: int = 1
    only: tuple[str, ...] = ()
    broken: str = ""  # the lie that its build is told to tell; see guest-tests/broken.h

    def command(self, claim_seconds: float) -> str:
        """The line for the guest's shell."""
        words = ["env", f"LAB_BROKEN={self.broken}"] if self.broken else []
        words += [f"{SUITES}/{self.suite}", "--timeout", str(round(claim_seconds))]
        words += ["--from", str(self.start)] if self.start > 1 else []
        words += [word for pattern in self.only for word in ("--only", pattern)]
        return shlex.join(words)


@dataclass(frozen=True)
class Round:
    """Errands that one command is for. Between two of them the shell says a line of its own."""

    errands: tuple[Errand, ...]
    command: str
    marks: tuple[str, ...]  # one before each errand but the first


def rounds(errands: Sequence[Errand], claim_seconds: float, secret: str) -> Iterator[Round]:
    """All errands, in their order, in as few commands as they fit in.

    ``secret`` is what no suite can come to say by itself.
    """
    begun: Round | None = None
    for errand in errands:
        command = errand.command(claim_seconds)
        longer = begun and _with(begun, errand, command, secret)
        if begun and longer is None:
            yield begun
        begun = longer or Round((errand,), command, ())
    if begun:
        yield begun


def _with(begun: Round, errand: Errand, command: str, secret: str) -> Round | None:
    """The same with an errand more; None where it would be too long."""
    mark = f"# errand {len(begun.errands) + 1} {secret}"
    whole = f"{begun.command}; echo {shlex.quote(mark)}; {command}"
    if len(whole.encode()) > _ROOM:
        return None
    return Round((*begun.errands, errand), whole, (*begun.marks, mark))


class Turns:
    """Takes apart what the suites of a round say, one after the other."""

    def __init__(self, asked: Round) -> None:
        self._marks = asked.marks
        self._now = 0

    def part(self, lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """Whose lines these are: the place of each errand in turn, and what its suite said, if
        only that it began.

        A line that was begun and not ended, by a suite that was killed, is the suite's.
        """
        said: list[str] = []
        for line in lines:
            mark = self._marks[self._now] if self._now < len(self._marks) else ""
            if not mark or not line.endswith(mark):
                said.append(line)
                continue
            if begun := line.removesuffix(mark):
                said.append(begun)
            yield self._now, said
            self._now, said = self._now + 1, []
        yield self._now, said
