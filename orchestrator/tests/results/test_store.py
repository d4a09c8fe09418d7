"""Evidence comes back as it was, whenever the lab was killed, and nothing of it is overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import Boot, Claim, Ending, Plan, Release, Run, Suite
from orchestrator.results.store import Store, begun

PLAN = Plan(
    "20260101T000000Z",
    "2026-01-01T00:00:00+00:00",
    (("6.1", "arm64"), ("7.3", "parisc")),
    (Suite("a", "about", (Claim("a.one", "sentence", "a/x.c", 3),)),),
)
BOOT = Boot(1, Ending.PANIC, "Oops", ready=1.5, splat="…", ktap={"a": "ok 1 a.one\n"})
RUN = Run(
    "6.1/arm64",
    "6.1",
    "arm64",
    Release(6, 1, 192),
    version="6.1.192-2",
    argv=("qemu-system-aarch64", "-M", "virt"),
    hashes={"image": "abc"},
    config={"KSM": "y", "ZRAM": "m", "LOCALVERSION": "x"},
    boots=(BOOT,),
)
CONFIG = b'CONFIG_KSM=y\nCONFIG_ZRAM=m\n# CONFIG_NUMA is not set\nCONFIG_LOCALVERSION="x"\n'


def booted(store: Store, boot: Boot) -> Path:
    """A boot that has come to its end, as the runner keeps it; its place."""
    number, place = store.boot_directory(PLAN.id, RUN.target)
    assert number == boot.number
    for suite, text in boot.ktap.items():
        (place / f"{suite}.ktap").write_text(text)
    store.keep(PLAN.id, RUN.target, boot)
    return place


def stored(root: Path) -> Store:
    store = Store(root)
    store.begin(PLAN)
    store.open(PLAN.id, RUN, CONFIG)
    booted(store, BOOT)
    return store


def test_what_was_stored_comes_back_equal(tmp_path: Path) -> None:
    store = stored(tmp_path)
    evidence = store.load("latest")
    assert evidence.plan == PLAN
    assert evidence.runs == {"6.1/arm64": RUN}
    assert store.read(PLAN.id, RUN.target) == RUN


def test_what_a_killed_lab_had_observed_is_read_back(tmp_path: Path) -> None:
    store = stored(tmp_path)
    number, place = store.boot_directory(PLAN.id, RUN.target)
    store.keep(PLAN.id, RUN.target, begun(number))
    (place / "a.ktap").write_text("# trying 1 a.one\nok 1 a.one\n# trying 2 a.two\nok 2 a.tw")
    run = store.load("latest").runs[RUN.target]
    assert run.boots[0] == BOOT
    killed = run.boots[1]
    assert (killed.number, killed.ending) == (2, Ending.INFRA)
    assert "its end was not seen" in killed.why
    assert killed.ktap == {"a": "# trying 1 a.one\nok 1 a.one\n# trying 2 a.two\n"}
    assert run.infra == killed.why


def test_a_boot_that_has_only_its_directory_is_no_boot_but_keeps_its_number(
    tmp_path: Path,
) -> None:
    store = stored(tmp_path)
    assert store.boot_directory(PLAN.id, RUN.target)[0] == 2
    assert store.load("latest").runs[RUN.target].boots == (BOOT,)
    assert store.boot_directory(PLAN.id, RUN.target)[0] == 3


def test_boots_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    store = stored(tmp_path)
    for number in range(2, 12):
        booted(store, Boot(number, Ending.DONE))
    numbers = [boot.number for boot in store.read(PLAN.id, RUN.target).boots]
    assert numbers == list(range(1, 12))


def test_opening_a_target_again_changes_nothing(tmp_path: Path) -> None:
    store = stored(tmp_path)
    other = replace(RUN, version="6.1.193-1", boots=(), config={})
    assert store.open(PLAN.id, other, b"CONFIG_KSM=n\n") == RUN
    assert store.load("latest").runs == {RUN.target: RUN}


def test_a_target_that_could_not_be_had_may_be_had_later(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.begin(PLAN)
    store.open(PLAN.id, Run(RUN.target, "6.1", "arm64", None, infra="no network"), b"")
    assert store.read(PLAN.id, RUN.target).infra == "no network"
    store.open(PLAN.id, RUN, CONFIG)
    assert store.read(PLAN.id, RUN.target) == replace(RUN, boots=())


def test_the_hosts_fault_is_made_good_by_a_later_boot_of_the_run(tmp_path: Path) -> None:
    store = stored(tmp_path)
    booted(store, Boot(2, Ending.INFRA, "QEMU died"))
    assert store.read(PLAN.id, RUN.target).infra == "QEMU died"
    booted(store, Boot(3, Ending.DONE))
    booted(store, Boot(4, Ending.INFRA, "QEMU died again", retry_of=("a.one",)))
    assert store.read(PLAN.id, RUN.target).infra == ""


def test_evidence_that_holds_its_boots_in_one_file_is_read_too(tmp_path: Path) -> None:
    """Labs before the one that can resume kept it so."""
    store = stored(tmp_path)
    place = tmp_path / PLAN.id / RUN.target
    boot = json.loads((place / "boot1" / "boot.json").read_text())
    (place / "boot1" / "boot.json").unlink()
    data = json.loads((place / "run.json").read_text())
    (place / "run.json").write_text(json.dumps({**data, "boots": [boot]}))
    assert store.read(PLAN.id, RUN.target) == RUN
    booted(store, Boot(2, Ending.DONE))
    assert [boot.number for boot in store.read(PLAN.id, RUN.target).boots] == [1, 2]


def test_an_unfinished_target_is_not_seen(tmp_path: Path) -> None:
    store = stored(tmp_path)
    place = tmp_path / PLAN.id / "7.3/parisc"
    place.mkdir(parents=True)
    (place / ".run.json.new").write_text("{")
    assert list(store.load(PLAN.id).runs) == ["6.1/arm64"]


def test_an_unknown_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run `lab run` first"):
        Store(tmp_path).load("latest")
    with pytest.raises(ConfigError, match=f"the newest is {PLAN.id}"):
        stored(tmp_path).load("2025")


@pytest.mark.parametrize("name", ["run.json", "boot1/boot.json"])
def test_damaged_evidence_is_said_to_be_damaged(tmp_path: Path, name: str) -> None:
    store = stored(tmp_path)
    (tmp_path / PLAN.id / "6.1/arm64" / name).write_text('{"release": null, "boots": 3}')
    with pytest.raises(InfraError, match=rf"{name} is not evidence"):
        store.load(PLAN.id)
