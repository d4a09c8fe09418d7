"""images/mutants/*.patch: each breaks one promise of a kernel, and says who should notice.

A patch begins with a header of ``Field: value`` lines and an empty line::

    Mutant: A locked mapping is copied to the child although it is to be wiped.
    Kernel: 7.3
    Arches: x86_64
    Noticed-by: wipeonfork.mlocked
    May-change: wipeonfork.map-locked wipeonfork.map-locked-mcl-future
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.yamlfile import meant

_FIELDS = ("Mutant", "Kernel", "Arches", "Noticed-by", "May-change")
_NEEDED = ("Mutant", "Kernel", "Arches")


@dataclass(frozen=True)
class Mutant:
    """One patch. Without ``noticed_by`` it was made without a claim in mind: any may notice."""

    name: str
    text: str  # what is wrong with such a kernel, in a sentence
    kernel: str  # as lab.yaml names it
    arches: tuple[str, ...]
    noticed_by: tuple[str, ...]  # these must
    may_change: tuple[str, ...]  # shell patterns over claims that may as well
    patch: Path

    def may(self, claim: str) -> bool:
        """Whether a change of this claim has to do with what the patch breaks."""
        return any(fnmatchcase(claim, p) for p in (*self.noticed_by, *self.may_change))


def load(directory: Path, claims: Collection[str]) -> tuple[Mutant, ...]:
    """Every patch of a directory, by name. Raises ConfigError with every complaint about them.

    ``claims`` are all there are: a mutant must not count on one that does not exist.
    """
    mutants: list[Mutant] = []
    complaints: list[str] = []
    for path in sorted(directory.glob("*.patch")):
        fields, wrong = _header(path)
        wrong = wrong or list(_strangers(path, fields, claims))
        complaints += wrong
        if not wrong:
            mutants.append(_mutant(path, fields))
    if complaints:
        raise ConfigError(*complaints)
    return tuple(mutants)


def _mutant(path: Path, fields: dict[str, str]) -> Mutant:
    return Mutant(
        name=path.stem,
        text=fields["Mutant"],
        kernel=fields["Kernel"],
        arches=tuple(fields["Arches"].split()),
        noticed_by=tuple(fields.get("Noticed-by", "").split()),
        may_change=tuple(fields.get("May-change", "").split()),
        patch=path,
    )


def _header(path: Path) -> tuple[dict[str, str], list[str]]:
    fields: dict[str, str] = {}
    complaints = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line:
            break
        name, colon, value = line.partition(":")
        if not colon or name not in _FIELDS:
            complaints.append(
                f"{path.name}:{number}:1: {line[:60]!r} is none of {', '.join(_FIELDS)}, each with "
                "a colon; an empty line ends them"
            )
            break
        if name in fields or not value.strip():
            complaints.append(f"{path.name}:{number}:1: {name} is given twice, or without a value")
        fields[name] = value.strip()
    complaints += [
        f"{path.name}:1:1: {name} is missing"
        for name in _NEEDED
        if name not in fields and not complaints
    ]
    return fields, complaints


def _strangers(path: Path, fields: dict[str, str], claims: Collection[str]) -> Iterable[str]:
    for arch in fields["Arches"].split():
        if arch not in ARCHES:
            yield f"{path.name}: unknown arch {arch!r}{meant(arch, ARCHES)}"
    for claim in fields.get("Noticed-by", "").split():
        if claim not in claims:
            yield f"{path.name}: Noticed-by: unknown claim {claim!r}{meant(claim, claims)}"
    for pattern in fields.get("May-change", "").split():
        if not any(fnmatchcase(claim, pattern) for claim in claims):
            yield f"{path.name}: May-change: no claim matches {pattern!r}"
