"""Kernel configuration fragments: what is asked for, and whether it came through. Pure.

``merge_config.sh`` only warns of an option that Kconfig dropped. Here every requested option
either survives or is declared absent, with a reason; and what is declared absent is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from orchestrator import yamlfile
from orchestrator.errors import ConfigError
from orchestrator.model import Release

_REQUEST = re.compile(r"(?:CONFIG_(?P<set>\w+)=(?P<value>.+)|# CONFIG_(?P<unset>\w+) is not set)")
OFF = "n"


@dataclass(frozen=True)
class Absence:
    """Options that an arch, or a range of releases, does not have, and why."""

    options: tuple[str, ...]
    why: str
    arches: tuple[str, ...]  # empty: all
    since: Release | None
    until: Release | None  # the first release that has them
    place: str

    def covers(self, arch: str, release: Release) -> bool:
        """Whether it speaks about such a kernel."""
        return (
            (not self.arches or arch in self.arches)
            and (self.since is None or release >= self.since)
            and (self.until is None or release < self.until)
        )


def fragments(directory: Path, arch: str, arches: Iterable[str]) -> list[Path]:
    """The fragments for an arch: all but those that are named after another one."""
    others = {f"{name}.config" for name in arches if name != arch}
    return sorted(path for path in directory.glob("*.config") if path.name not in others)


def requested(paths: Iterable[Path]) -> dict[str, str]:
    """Option to wanted value, ``OFF`` for one that is not to be set.

    Raises ConfigError for a line that is neither a request nor a comment, and for an option
    that is asked for twice.
    """
    wanted: dict[str, str] = {}
    complaints = []
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = _REQUEST.fullmatch(line)
            name = match and (match["set"] or match["unset"])
            if match and name and name not in wanted:
                wanted[name] = match["value"] or OFF
            elif name:
                complaints.append(f"{path.name}:{number}:1: {name} is asked for twice")
            elif line and not re.match(r"#(?! CONFIG_)", line):
                complaints.append(f"{path.name}:{number}:1: not a request: {line!r}")
    if complaints:
        raise ConfigError(*complaints)
    return wanted


def complaints(
    wanted: Mapping[str, str],
    final: Mapping[str, str],
    absences: Sequence[Absence],
    arch: str,
    release: Release,
) -> list[str]:
    """What is wrong with a finished configuration, a sentence each; [] when it is right."""
    kernel = f"{arch} {release}"
    here = [absence for absence in absences if absence.covers(arch, release)]
    excused = {name: absence for absence in here for name in absence.options}
    lost = {name for name, value in wanted.items() if final.get(name, OFF) != value}
    return [
        f"CONFIG_{name}={wanted[name]} was asked for, but {kernel} has "
        f"{final.get(name, 'it not set')}; if that is right, absent.yaml must say why"
        for name in sorted(lost - excused.keys())
    ] + [
        f"{excused[name].place}: {name} is declared absent, but {kernel} has it as asked for"
        for name in sorted(excused.keys() - lost)
    ]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _release(value: object) -> Release | None:
    return None if value is None else Release.parse(str(value))


_Names = Annotated[list[str], BeforeValidator(_listed)]
_Bound = Annotated[Release | None, BeforeValidator(_release)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    options: Annotated[_Names, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]
    arches: _Names = []
    since: _Bound = None
    until: _Bound = None


_FILE: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


def load_absences(path: Path) -> list[Absence]:
    """The entries of an absent.yaml. Raises ConfigError with every complaint about it."""
    document = yamlfile.load(path, path.name)
    entries: list[_Entry] = yamlfile.validate(document, _FILE)
    return [
        Absence(
            options=tuple(entry.options),
            why=entry.why,
            arches=tuple(entry.arches),
            since=entry.since,
            until=entry.until,
            place=document.at((index,)),
        )
        for index, entry in enumerate(entries)
    ]
