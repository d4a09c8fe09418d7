"""A night on disk, for the nights after it. What was seen is in the run of the same id.

reports/nights/<id>/night.json     written last: a night that was interrupted has none
reports/nights/<id>/summary.md     what was to be read in the morning
reports/nights/<id>/summary.json   the same for programs
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestrator.disk import writing
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Tracked
from orchestrator.results import files

_FILE, _SUMMARY, _DATA = "night.json", "summary.md", "summary.json"


@dataclass(frozen=True)
class Column:
    """A target of a night."""

    target: str
    whole: bool  # whether the host let all of it be seen


@dataclass(frozen=True)
class Night:
    """One night, when it is over. What was seen is in the run of the same id."""

    id: str
    started: str  # ISO 8601, UTC
    full: bool  # everything was run, whatever had not changed
    columns: tuple[Column, ...]
    tracked: tuple[Tracked, ...] = ()  # the kernels that the tracks have led to

    @property
    def targets(self) -> tuple[str, ...]:
        """By their names, in the order of the matrix's plan."""
        return tuple(column.target for column in self.columns)


_NIGHT = files.Form(Night)


class Nights:
    """The directory of all nights."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ids(self) -> tuple[str, ...]:
        """Those that are over, oldest first."""
        return tuple(sorted(path.parent.name for path in self.root.glob(f"*/{_FILE}")))

    def newest_first(self) -> Iterator[Night]:
        """Each as it is asked for. Raises InfraError when one is damaged."""
        for night_id in reversed(self.ids()):
            path = self.root / night_id / _FILE
            yield files.validate(path, _NIGHT, files.read_json(path))

    def latest(self) -> Night | None:
        """The newest one, if there is any."""
        return next(self.newest_first(), None)

    def keep_summary(self, night_id: str, markdown: str, data: str) -> Path:
        """Write down what it came to; returns the file for people. Raises InfraError."""
        place = self.root / night_id
        with writing(place):
            place.mkdir(parents=True, exist_ok=True)
        files.write(place / _DATA, data.encode())
        files.write(place / _SUMMARY, markdown.encode())
        return place / _SUMMARY

    def keep(self, night: Night) -> None:
        """Write down the night itself: now it is over. Raises InfraError."""
        files.write(self.root / night.id / _FILE, _NIGHT.adapter.dump_json(night, indent=1))

    def remove(self, night_id: str) -> None:
        """Remove all that is kept of a night but for its run. Raises InfraError."""
        place = self.root / night_id
        with writing(place):
            (place / _FILE).unlink(missing_ok=True)  # without it it is no night any more
            shutil.rmtree(place)

    def summary(self, name: str) -> tuple[str, str]:
        """Of the night that is meant, ``latest`` being the newest: Markdown, and JSON.

        Raises ConfigError when there is none.
        """
        known = self.ids()
        night_id = known[-1] if name == "latest" and known else name
        if night_id not in known:
            raise ConfigError(
                f"there is no night {name!r} under {self.root}"
                + (f"; the newest is {known[-1]}" if known else "; `lab nightly` makes the first")
            )
        place = self.root / night_id
        try:
            return (place / _SUMMARY).read_text(), (place / _DATA).read_text()
        except OSError as error:
            raise InfraError(f"{place} is damaged: {error}", f"ls -l {place}") from error
