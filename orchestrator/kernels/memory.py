"""What a request such as "6.12 for arm64" was found to mean, remembered for a while."""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator.disk import writing
from orchestrator.kernels.archive import Package
from orchestrator.kernels.candidates import Candidate


@dataclass(frozen=True)
class Finding:
    """An answer, and of when the package lists are that it was read from."""

    candidate: Candidate
    notes: tuple[str, ...]
    at: float  # seconds, as time.time() counts them

    @property
    def day(self) -> str:
        """When, for people: 2026-11-21."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.at))


def recall(place: Path) -> Finding | None:
    """What was stored there; None when nothing was, or nothing that can be read today."""
    try:
        record = json.loads(place.read_text())
        parts = tuple(Package(**package) for package in record["candidate"]["packages"])
        candidate = Candidate(record["candidate"]["version"], parts)
        return Finding(candidate, tuple(record["notes"]), float(record["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def store(place: Path, finding: Finding) -> None:
    """Keep it there, whole or not at all. Raises InfraError."""
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(prefix=".", dir=place.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump(asdict(finding), file, indent=1)
            Path(aside).rename(place)
        except BaseException:
            Path(aside).unlink()
            raise
