"""Evidence comes back as it was, and is never seen half-written."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Boot, Claim, Ending, Plan, Release, Run, Suite
from orchestrator.results.store import Store, boot_directory

PLAN = Plan(
    "20260101T000000Z",
    "2026-01-01T00:00:00+00:00",
    (("6.1", "arm64"), ("7.3", "parisc")),
    (Suite("a", "about", (Claim("a.one", "sentence", "a/x.c", 3),)),),
)
RUN = Run(
    "6.1/arm64",
    "6.1",
    "arm64",
    Release(6, 1, 192),
    version="6.1.192-2",
    argv=("qemu-system-aarch64", "-M", "virt"),
    hashes={"image": "abc"},
    config={"KSM": "y", "ZRAM": "m", "LOCALVERSION": "x"},
    boots=(Boot(1, Ending.PANIC, "Oops", ready=1.5, splat="…", ktap={"a": "ok 1 a.one\n"}),),
)
CONFIG = b'CONFIG_KSM=y\nCONFIG_ZRAM=m\n# CONFIG_NUMA is not set\nCONFIG_LOCALVERSION="x"\n'


def stored(root: Path) -> Store:
    store = Store(root)
    store.begin(PLAN)
    place = store.workplace(PLAN.id, RUN.target)
    (boot_directory(place, 1) / "a.ktap").write_text("ok 1 a.one\n")
    store.finish(PLAN.id, RUN, CONFIG)
    return store


def test_what_was_stored_comes_back_equal(tmp_path: Path) -> None:
    evidence = stored(tmp_path).load("latest")
    assert evidence.plan == PLAN
    assert evidence.runs == {"6.1/arm64": RUN}


def test_an_unfinished_target_is_not_seen(tmp_path: Path) -> None:
    store = stored(tmp_path)
    (store.workplace(PLAN.id, "7.3/parisc") / "run.json").write_text("{")
    assert list(store.load(PLAN.id).runs) == ["6.1/arm64"]


def test_an_unknown_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run `lab run` first"):
        Store(tmp_path).load("latest")
    with pytest.raises(ConfigError, match=f"the newest is {PLAN.id}"):
        stored(tmp_path).load("2025")


def test_damaged_evidence_is_said_to_be_damaged(tmp_path: Path) -> None:
    store = stored(tmp_path)
    (tmp_path / PLAN.id / "6.1/arm64/run.json").write_text('{"release": null, "boots": 3}')
    with pytest.raises(InfraError, match=r"run\.json is not evidence"):
        store.load(PLAN.id)
