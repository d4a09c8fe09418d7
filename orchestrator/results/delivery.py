"""Evidence that another machine has gathered: taken whole, once, by the one that keeps the run."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from orchestrator import parcel
from orchestrator.disk import writing
from orchestrator.errors import InfraError
from orchestrator.model import Run
from orchestrator.results import files
from orchestrator.results.store import Store


@dataclass(frozen=True)
class Attempt:
    """One machine's try at one target. A second one has another id, and other boots."""

    id: str
    host: str
    process: int
    worker: str  # its address in the cluster
    began: float  # seconds since the epoch, by that machine's clock
    ended: float = 0.0
    infra: str = ""  # what went wrong on its side, in one sentence
    look: str = ""  # the command that shows more


ATTEMPT: TypeAdapter[Attempt] = TypeAdapter(Attempt)


def take(store: Store, plan_id: str, target: str, attempt: Attempt, evidence: bytes) -> Run:
    """Keep what an attempt has added to a target; returns what is stored of it now,
    but for its configuration.

    Which boots are whose is written down beside them (``attempt-<id>.json``). Raises InfraError
    when the attempt was taken before, or boots are there that it did not know: nothing counts
    twice.
    """
    place = store.place(plan_id) / target
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".delivery-", dir=place.parent) as scratch:
            aside = Path(scratch) / "evidence"
            aside.mkdir()
            parcel.unpack(evidence, aside)
            _add(aside, place, attempt)
    run = store.read(plan_id, target, config=False)
    return replace(run, infra=run.infra or attempt.infra, look=run.look or attempt.look)


def _add(aside: Path, place: Path, attempt: Attempt) -> None:
    note = f"attempt-{attempt.id}.json"
    there = _boots(place)
    came = _boots(aside)
    if (place / note).exists() or any(came.get(name) != end for name, end in there.items()):
        raise InfraError(
            f"attempt {attempt.id} at {place.parent.name}/{place.name} does not go on from what "
            "is there; it was left out",
            f"ls {place}",
        )
    new = sorted(came.keys() - there.keys())
    text = json.dumps({**asdict(attempt), "boots": new}, indent=1).encode()
    files.write(aside / note, text)
    if there:
        for name in (*new, note):
            (aside / name).rename(place / name)
        return
    for earlier in place.glob("attempt-*.json"):  # that saw nothing
        shutil.copy2(earlier, aside)
    if place.exists():
        place.rename(aside.with_name("before"))
    aside.rename(place)


def _boots(place: Path) -> dict[str, bytes]:
    """The boots that there are, with how they ended."""
    return {path.parent.name: path.read_bytes() for path in place.glob("boot*/boot.json")}
