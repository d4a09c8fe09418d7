"""What became of a fault: who was to be blamed, who was, and what was lost. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One row of the campaign's table."""

    fault: str
    target: str
    expected: str  # culprit
    reported: str  # culprit, or what was said instead
    lost: int = 0  # cells without a result that has a cause
    orphans: int = 0  # QEMUs that outlived the lab
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the fault was attributed rightly, and nothing lost or left behind."""
        return self.reported == self.expected and not self.lost and not self.orphans


@dataclass(frozen=True)
class Seen:
    """How one `lab run --json` ended."""

    code: int
    data: Mapping[str, Any]  # {} when it gave none
    errors: str  # its standard error

    def cell(self, claim: str) -> Mapping[str, Any]:
        """The cell of a claim, of the only target; {} when there is none."""
        return next((cell for cell in self.cells if cell["claim"] == claim), {})

    @property
    def cells(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.data.get("cells", ())
        return found

    @property
    def boots(self) -> Sequence[Mapping[str, Any]]:
        """Those of all targets."""
        return [boot for column in self.data.get("columns", ()) for boot in column["boots"]]

    @property
    def endings(self) -> Sequence[str]:
        """How the boots ended that were nobody's fault but the host's."""
        return [boot["why"] for boot in self.boots if boot["ending"] == "infra"]

    @property
    def in_one_go(self) -> bool:
        """Whether the first guest answered every claim, and did not end before that."""
        return len(self.boots) == 1 and not self.endings and not unanswered(self)


def verdict(seen: Seen, claim: str, note: str) -> str:
    """The verdict on the claim that was at fault; with its note, if that is not as it should."""
    cell = seen.cell(claim)
    got = str(cell.get("got", f"exit code {seen.code}, no such cell"))
    said = str(cell.get("note", ""))
    return got if re.search(note, said) else f"{got}: {said}"


def host(seen: Seen, cause: str) -> str:
    """``infra`` when the host was blamed, with that cause, and nobody else."""
    blamed = [cell["got"] for cell in seen.cells if cell["surprise"]]
    if blamed or seen.code not in (0, 3) or "Traceback" in seen.errors:
        words = seen.errors.strip().splitlines()[-1:] or [""]
        return f"exit code {seen.code}, {', '.join(sorted(set(blamed))) or words[0]}"
    said = [*seen.endings, *(str(c["note"]) for c in seen.cells if c["infra"]), seen.errors]
    return "infra" if any(re.search(cause, text) for text in said) else f"another cause: {said[:1]}"


def verdicts(seen: Seen) -> Mapping[str, Sequence[str]]:
    """What each claim came to, in every attempt at it."""
    return {cell["claim"]: [one["got"] for one in cell["attempts"]] for cell in seen.cells}


def unexplained(seen: Seen) -> int:
    """Cells that were planned and are neither answered nor said to be missing for a cause."""
    return sum(cell["got"] == "missing" and not cell["infra"] for cell in seen.cells)


def unanswered(seen: Seen) -> int:
    """Cells without a verdict, for whatever cause."""
    return sum(cell["got"] == "missing" for cell in seen.cells) if seen.cells else 1


def of_host(
    fault: str, target: str, seen: Seen, cause: str, *, orphans: int, seconds: float
) -> Outcome:
    """Of a fault for which the host is to be blamed, in words that ``cause`` is found in."""
    return Outcome(fault, target, "infra", host(seen, cause), unexplained(seen), orphans, seconds)
