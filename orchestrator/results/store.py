"""Evidence on disk: raw, as it came, whole or not there.

    reports/runs/<id>/plan.json                     what was set out to do
    reports/runs/<id>/<kernel>/<arch>/run.json      what it was done with, and how it ended
    reports/runs/<id>/<kernel>/<arch>/config.gz     the kernel's configuration
    reports/runs/<id>/<kernel>/<arch>/boot1/        console.log, qemu.log, <suite>.ktap

A target's directory is filled under ``.partial`` and renamed when the target is finished.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from orchestrator.disk import writing
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Boot, Plan, Release, Run

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_RUN: TypeAdapter[Run] = TypeAdapter(Run)
_BOOT: TypeAdapter[Boot] = TypeAdapter(Boot)

T = TypeVar("T")

_OPTION = re.compile(r"CONFIG_(\w+)=(.*)$")


@dataclass(frozen=True)
class Evidence:
    """All that one invocation left behind."""

    plan: Plan
    runs: Mapping[str, Run]  # by target


class Store:
    """The directory of all runs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, plan: Plan) -> None:
        """Write down the plan; from now on the run is visible, with nothing reported yet."""
        place = self.root / plan.id
        with writing(place):
            place.mkdir(parents=True, exist_ok=True)
        _write(place / "plan.json", _PLAN.dump_json(plan, indent=1))

    def workplace(self, plan_id: str, target: str) -> Path:
        """A fresh directory, not yet visible, for what a target's guests say."""
        place = self.root / plan_id / ".partial" / target
        with writing(place):
            place.mkdir(parents=True, exist_ok=True)
        return place

    def finish(self, plan_id: str, run: Run, kernel_config: bytes) -> None:
        """Make a target's evidence visible: one rename, after everything is on disk."""
        aside = self.workplace(plan_id, run.target)
        _write(aside / "config.gz", gzip.compress(kernel_config, mtime=0))
        _write(aside / "run.json", _dump(run))
        place = self.root / plan_id / run.target
        with writing(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            aside.rename(place)

    def ids(self) -> tuple[str, ...]:
        """All runs, oldest first."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/plan.json")))

    def load(self, run_id: str) -> Evidence:
        """Read a run back; ``latest`` is the newest. Raises ConfigError when there is none."""
        known = self.ids()
        if run_id == "latest" and known:
            run_id = known[-1]
        if run_id not in known:
            raise ConfigError(
                f"there is no run {run_id!r} under {self.root}; "
                + (f"the newest is {known[-1]}" if known else "run `lab run` first")
            )
        place = self.root / run_id
        plan = _read(place / "plan.json", _PLAN)
        targets = [f"{kernel}/{arch}" for kernel, arch in plan.targets]
        there = [target for target in targets if (place / target / "run.json").is_file()]
        return Evidence(plan, {target: _load(place / target) for target in there})


def write_ktap(workplace: Path, boot: int, suite: str, text: str) -> None:
    """Keep what one suite said in one boot."""
    _write(boot_directory(workplace, boot) / f"{suite}.ktap", text.encode())


def boot_directory(workplace: Path, boot: int) -> Path:
    """Where one life of a target's guest keeps its files."""
    place = workplace / f"boot{boot}"
    with writing(place):
        place.mkdir(parents=True, exist_ok=True)
    return place


def parse_config(text: str) -> dict[str, str]:
    """A kernel's .config as option (without CONFIG_) to value; unset options are left out."""
    matches = (_OPTION.match(line) for line in text.splitlines())
    return {match[1]: match[2].strip('"') for match in matches if match}


def _dump(run: Run) -> bytes:
    data: dict[str, Any] = _RUN.dump_python(replace(run, config={}), mode="json")
    data["release"] = str(run.release) if run.release else None
    del data["config"]
    for boot in data["boots"]:
        del boot["ktap"]
    return json.dumps(data, indent=1).encode()


def _load(place: Path) -> Run:
    data = _json(place / "run.json")
    release = None
    if isinstance(data, dict):
        release, data["release"] = data.get("release"), None
    run = _validate(place / "run.json", _RUN, data)
    return replace(
        run,
        release=Release.parse(release) if release else None,
        config=parse_config(_unpacked(place / "config.gz")),
        boots=tuple(replace(boot, ktap=_ktap(place, boot.number)) for boot in run.boots),
    )


def _ktap(place: Path, boot: int) -> dict[str, str]:
    files = sorted((place / f"boot{boot}").glob("*.ktap"))
    return {file.stem: file.read_text(errors="replace") for file in files}


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    return _validate(path, adapter, _json(path))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InfraError(f"{path} is damaged: {error}", f"less {path}") from error


def _unpacked(path: Path) -> str:
    try:
        return gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InfraError(f"{path} is damaged: {error}", f"zcat {path}") from error


def _validate(path: Path, adapter: TypeAdapter[T], data: Any) -> T:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        raise InfraError(
            f"{path} is not evidence of this version: {error.errors()[0]['msg']}", f"less {path}"
        ) from error


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, and on disk when this returns."""
    aside = path.with_name(f".{path.name}.new")
    with writing(path):
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
