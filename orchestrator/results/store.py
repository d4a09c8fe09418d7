"""Evidence on disk: raw, as it came, readable at any moment.

    reports/runs/<id>/plan.json                     what was set out to do
    reports/runs/<id>/<kernel>/<arch>/run.json      what a target is run with
    reports/runs/<id>/<kernel>/<arch>/config.gz     the kernel's configuration
    reports/runs/<id>/<kernel>/<arch>/boot1/        boot.json, console.log, qemu.log, <suite>.ktap

The .json files are written aside and renamed; a .ktap grows line by line. So whenever the lab
is killed, all that was observed is here: boot.json says from a boot's beginning that its end
was not seen, until that end is. Nothing that is here is ever overwritten; a run that is resumed
adds further boots.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.disk import writing
from orchestrator.errors import ConfigError
from orchestrator.model import Boot, Ending, Plan, Release, Run
from orchestrator.results import files, hold

_PLAN_FILE = "plan.json"  # what makes a directory a run
_PLAN = files.Form(Plan)
_RUN = files.Form(Run)
_BOOT = files.Form(Boot)

_OPTION = re.compile(r"CONFIG_(\w+)=(.*)$")
_RECENT = re.compile(r"latest(?:~(\d{1,6}))?$")
_UNENDED = "its end was not seen: the lab was killed, or is still at it"


@dataclass(frozen=True)
class Evidence:
    """All that one invocation left behind."""

    plan: Plan
    runs: Mapping[str, Run]  # by target


class Store:
    """The directory of all runs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def hold(self, run_id: str) -> AbstractContextManager[None]:
        """Whoever adds to a run does it in this context. Raises ConfigError: another lab does."""
        return hold.hold(self.root / run_id)

    def is_held(self, run_id: str) -> bool:
        """Whether a lab is adding to that run at this moment."""
        return hold.is_held(self.root / run_id)

    def place(self, run_id: str) -> Path:
        """The directory of a run. It changes when a lab begins or ends to add to the run."""
        return self.root / run_id

    def begin(self, plan: Plan) -> None:
        """Write down the plan; from now on the run is visible, with nothing reported yet."""
        hold.tidy(self.root)
        place = self.root / plan.id
        _directory(place)
        files.write(place / _PLAN_FILE, _PLAN.adapter.dump_json(plan, indent=1))

    def open(self, plan_id: str, run: Run, kernel_config: bytes) -> Run:
        """Keep what a target is run with; from now on it is visible.

        A target that was opened before, and had a kernel, stays as it was. Returns what is
        stored, with the boots there are.
        """
        place = self.root / plan_id / run.target
        there = _load(place) if (place / "run.json").is_file() else None
        if there and there.release:
            return there
        _directory(place)
        files.write(place / "config.gz", gzip.compress(kernel_config, mtime=0))
        files.write(place / "run.json", _dump_run(run))
        return _load(place)

    def read(self, plan_id: str, target: str, *, config: bool = True) -> Run:
        """What is stored of a target so far. Its configuration is four fifths of the work."""
        return _load(self.root / plan_id / target, config=config)

    def boot_directory(self, plan_id: str, target: str) -> tuple[int, Path]:
        """A fresh place for what the next guest of a target says, and the boot's number."""
        place = self.root / plan_id / target
        number = 1 + max((number for number, _ in _boot_places(place)), default=0)
        fresh = place / f"boot{number}"
        _directory(fresh)
        return number, fresh

    def keep(self, plan_id: str, target: str, boot: Boot) -> None:
        """Keep how a boot ended; its KTAP is there already."""
        place = self.root / plan_id / target / f"boot{boot.number}"
        files.write(place / "boot.json", _dump_boot(boot))

    def ids(self) -> tuple[str, ...]:
        """All runs, oldest first."""
        return tuple(sorted(path.parent.name for path in self.root.glob(f"*/{_PLAN_FILE}")))

    def remove(self, run_id: str) -> None:
        """Remove a run's evidence for good. Raises ConfigError when a lab is at it."""
        with self.hold(run_id), writing(self.root / run_id):
            # Without its plan it is no run any more, even if we are killed before the rest is gone.
            (self.root / run_id / _PLAN_FILE).unlink(missing_ok=True)
            shutil.rmtree(self.root / run_id)

    def resolve(self, name: str) -> str:
        """The id of the run that is meant: ``latest`` is the newest, ``latest~1`` the one before.

        Raises ConfigError when there is none.
        """
        if self._has(name):
            return name
        known = self.ids()
        if match := _RECENT.match(name):
            back = int(match[1] or 0)
            if back < len(known):
                return known[-1 - back]
        raise ConfigError(
            f"there is no run {name!r} under {self.root}; "
            + (f"the newest is {known[-1]}" if known else "run `lab run` first")
        )

    def _has(self, name: str) -> bool:
        """Whether that is a run's id. Listing all of them takes as long as reading one."""
        beside = Path(name).name == name and name != ".."
        return beside and (self.root / name / _PLAN_FILE).is_file()

    def plan(self, run_id: str) -> Plan:
        """What a run set out to do."""
        path = self.root / run_id / _PLAN_FILE
        return files.validate(path, _PLAN, files.read_json(path))

    def load(self, name: str) -> Evidence:
        """Read a run back, named as ``resolve`` has it. Raises ConfigError when there is none."""
        run_id = self.resolve(name)
        plan = self.plan(run_id)
        return Evidence(plan, dict(self.targets(run_id, plan)))

    def targets(self, run_id: str, plan: Plan) -> Iterator[tuple[str, Run]]:
        """What is stored of a run's targets, in the plan's order, each read when it is asked for:
        of very many no more is in memory than one."""
        for kernel, arch in plan.targets:
            target = f"{kernel}/{arch}"
            place = self.root / run_id / target
            if (place / "run.json").is_file():
                yield target, _load(place)


def begun(number: int, retry_of: tuple[str, ...] = ()) -> Boot:
    """What is to be kept of a boot before it has an end."""
    return Boot(number, Ending.INFRA, why=_UNENDED, retry_of=retry_of)


def read_ktap(directory: Path) -> dict[str, str]:
    """What the suites said in one boot, by suite."""
    return {file.stem: files.read_lines(file) for file in sorted(directory.glob("*.ktap"))}


def parse_config(text: str) -> dict[str, str]:
    """A kernel's .config as option (without CONFIG_) to value; unset options are left out."""
    matches = (_OPTION.match(line) for line in text.splitlines())
    return {match[1]: match[2].strip('"') for match in matches if match}


def _directory(place: Path) -> None:
    with writing(place):
        place.mkdir(parents=True, exist_ok=True)


def _dump_run(run: Run) -> bytes:
    data: dict[str, Any] = _RUN.adapter.dump_python(replace(run, config={}, boots=()), mode="json")
    data["release"] = str(run.release) if run.release else None
    del data["config"], data["boots"]
    return json.dumps(data, indent=1).encode()


def _dump_boot(boot: Boot) -> bytes:
    data: dict[str, Any] = _BOOT.adapter.dump_python(boot, mode="json")
    del data["ktap"]
    return json.dumps(data, indent=1).encode()


def _load(place: Path, *, config: bool = True) -> Run:
    data = files.read_json(place / "run.json")
    release = None
    if isinstance(data, dict):
        release, data["release"] = data.get("release"), None
    run = files.validate(place / "run.json", _RUN, data)
    # Older labs kept the boots in run.json; what was added since stands beside them.
    older = tuple(replace(boot, ktap=read_ktap(place / f"boot{boot.number}")) for boot in run.boots)
    boots = (*older, *_boots(place))
    return replace(
        run,
        release=Release.parse(release) if release else None,
        config=parse_config(files.read_gzip(place / "config.gz")) if config else {},
        boots=boots,
        infra=run.infra or _infra(boots),
    )


def _boots(place: Path) -> Iterator[Boot]:
    for _, directory in _boot_places(place):
        path = directory / "boot.json"
        if path.is_file():
            boot = files.validate(path, _BOOT, files.read_json(path))
            yield replace(boot, ktap=read_ktap(directory))


def _boot_places(place: Path) -> list[tuple[int, Path]]:
    found = ((path.name.removeprefix("boot"), path) for path in place.glob("boot*/"))
    return sorted((int(number), path) for number, path in found if number.isdecimal())


def _infra(boots: tuple[Boot, ...]) -> str:
    """Only what was never made good by a later boot."""
    own = [boot for boot in boots if not boot.retry_of]
    return own[-1].why if own and own[-1].ending is Ending.INFRA else ""
