"""A lab in a directory of its own, and its command line, in this process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from orchestrator import cli
from orchestrator.images import suites
from orchestrator.images.suites import Catalogue, Variant
from orchestrator.model import Plan, Run
from orchestrator.results.store import Store
from orchestrator.tests.matrices import suite

REPOSITORY = Path(__file__).parents[3]
SUITES = (
    suite("wipe", "zero: A child reads zeros.", "keep: The parent keeps its bytes."),
    suite("fork", "copy: A child has a copy."),
    suite("selfcheck", "fails: It fails."),
)
LAB_YAML = """\
arches: [x86_64, parisc]
kernels:
  - {name: "5.10", debian: bullseye}
  - {name: "6.12", debian: trixie-security}
"""
WIPE_YAML = """\
- {claims: wipe.*, want: pass, why: madvise(2)}
- {claims: wipe.zero, want: fail, arches: [parisc], why: bug 1, reproducer: zero.c}
"""


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Lab:
    """Its files, and ``lab`` as one would type it there."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: str) -> Answer:
        self.monkeypatch.setattr(sys, "argv", ["lab", *words])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = self.capsys.readouterr()
        code = end.value.code
        return Answer(code if isinstance(code, int) else 0, said.out, said.err)

    @property
    def store(self) -> Store:
        return Store(self.root / "reports" / "runs")

    def write(self, name: str, text: str) -> None:
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def make(root: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> Lab:
    """A lab with two kernels, two arches and three suites, of which one is no default."""
    made = Lab(root, capsys, patch)
    made.write("lab.yaml", LAB_YAML)
    made.write("guest-tests/wipe/expect.yaml", WIPE_YAML)
    made.write("guest-tests/reproducers/zero.c", "int main(void) { return 1; }\n")
    for name in ("fork", "selfcheck"):
        made.write(
            f"guest-tests/{name}/expect.yaml",
            f"- {{claims: {name}.*, want: pass, why: fork(2)}}\n",
        )
    for one in SUITES:
        made.write(f"guest-tests/{one.name}/suite.yaml", f"about: {one.about}\n")
    (root / "reports").mkdir()
    (root / "reports" / "templates").symlink_to(REPOSITORY / "reports" / "templates")
    for name in ("LAB_RUNS", "LAB_HTML", "LAB_CACHE"):
        patch.delenv(name, raising=False)
    patch.setenv("LAB_CACHE", str(root / "cache"))
    patch.setenv("XDG_STATE_HOME", str(root / "state"))
    patch.setenv("COLUMNS", "200")
    patch.chdir(root)
    catalogue = Catalogue(SUITES, ("wipe", "fork"))
    patch.setattr(suites, "catalogue", lambda *_: catalogue)
    lie = Variant("lie", "wipe", ("wipe.zero",), "a child reads nothing")
    patch.setattr(suites, "variants", lambda *_: [lie])
    return made


def keep(store: Store, plan: Plan, *runs: Run) -> None:
    """Put evidence where a run would have put it."""
    store.begin(plan)
    for run in runs:
        keep_run(store, plan.id, run)


def keep_run(store: Store, plan_id: str, run: Run, config: bytes = b"CONFIG_KSM=y\n") -> None:
    """One target's."""
    store.open(plan_id, run, config)
    for boot in run.boots:
        number, place = store.boot_directory(plan_id, run.target)
        for name, text in boot.ktap.items():
            (place / f"{name}.ktap").write_text(text)
        store.keep(plan_id, run.target, replace(boot, number=number))
