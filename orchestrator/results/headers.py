"""What headers have for advice numbers, as it was read: kept in guest-tests/headers.json.

A report is made of what is recorded, where there may be no source of a kernel at hand. So the
numbers are read once, out of the source packages (images/headers.py), and kept beside the suites.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from orchestrator.errors import InfraError
from orchestrator.model import Headers, Release
from orchestrator.results import files

NAME = "headers.json"


class _Entry(TypedDict):
    release: str
    arch: str
    origin: str
    advice: dict[str, int]


_ENTRIES = files.Form(list[_Entry])


def read(guest_tests: Path) -> tuple[Headers, ...]:
    """What is recorded; nothing when nobody has. Raises InfraError when it is damaged."""
    path = guest_tests / NAME
    if not path.is_file():
        return ()
    entries = files.validate(path, _ENTRIES, files.read_json(path))
    try:
        return tuple(
            Headers(Release.parse(one["release"]), one["arch"], one["origin"], one["advice"])
            for one in entries
        )
    except ValueError as error:
        raise InfraError(f"{path}: {error}", f"less {path}") from error


def merged(old: Iterable[Headers], new: Iterable[Headers]) -> tuple[Headers, ...]:
    """In order, the newer word on a release and arch instead of the older one."""
    found = {(one.release, one.arch): one for one in (*old, *new)}
    return tuple(found[key] for key in sorted(found))


def write(guest_tests: Path, headers: Iterable[Headers]) -> None:
    """Record them, a line each, so that a change of the file says what changed."""
    lines = ",\n".join(json.dumps(one) for one in data(headers))
    files.write(guest_tests / NAME, f"[\n{lines}\n]\n".encode())


def data(headers: Iterable[Headers]) -> Iterator[dict[str, Any]]:
    """The same as plain data."""
    for one in headers:
        advice = dict(sorted(one.advice.items(), key=lambda pair: pair[1]))
        yield {
            "release": str(one.release),
            "arch": one.arch,
            "origin": one.origin,
            "advice": advice,
        }
