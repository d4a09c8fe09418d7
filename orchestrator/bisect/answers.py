"""What artefacts have answered, kept by content: a second bisect asks nothing again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestrator.cache import Cache, digest
from orchestrator.model import Verdict
from orchestrator.results import files

_KIND, _FILE = "answers", "answer.json"


@dataclass(frozen=True)
class Answer:
    """What one boot said about a claim: its verdicts, or why there is none."""

    verdicts: tuple[Verdict, ...]
    trouble: str = ""
    evidence: str = ""  # where its run is
    infra: bool = False  # the host's fault: nothing about the kernel, and never kept


_ANSWER = files.Form(Answer)


def recall(cache: Cache, *key: str) -> Answer | None:
    """What was kept under that key."""
    place = cache.find(_KIND, digest(*key))
    if place is None:
        return None
    return files.validate(place / _FILE, _ANSWER, files.read_json(place / _FILE))


def keep(cache: Cache, answer: Answer, *key: str) -> None:
    """Have it for the next one who asks; ``key`` is all that can have a hand in it."""
    data = _ANSWER.adapter.dump_json(answer, indent=1)

    def produce(directory: Path) -> None:
        (directory / _FILE).write_bytes(data)

    if not answer.infra:
        cache.make(_KIND, digest(*key), produce)
