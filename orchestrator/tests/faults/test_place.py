"""A lab of its own: what it starts is known, and what outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.faults import place
from orchestrator.faults.place import Place


@contextmanager
def process(name: str, directory: Path, *words: str, **environment: str) -> Iterator[int]:
    """One that is called so, and does nothing."""
    program = directory / name
    if not program.exists():
        program.symlink_to("/bin/bash")
    with subprocess.Popen(
        [str(program), "-c", "echo; read -r _", *words],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        yield started.pid
        started.communicate()


def test_a_qemu_of_this_place_is_an_orphan_and_no_other_process_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_GONE", 0.1)
    ours, other = Place(tmp_path), Place(tmp_path)
    with (
        process("qemu-system-arm", tmp_path, "-kernel", LAB_FAULTS=ours.token) as orphan,
        process("qemu-system-arm", tmp_path, "-kernel", LAB_FAULTS=other.token),
        process("qemu-system-arm", tmp_path, "--version", LAB_FAULTS=ours.token),
        process("make", tmp_path, "-kernel", LAB_FAULTS=ours.token),
    ):
        assert ours.qemus() == [orphan]
        assert ours.orphans() == 1
    assert ours.orphans() == 0


def test_a_worker_is_whoever_has_started_a_qemu(tmp_path: Path) -> None:
    ours = Place(tmp_path)
    with process("qemu-system-arm", tmp_path, "-kernel", LAB_FAULTS=ours.token):
        assert ours.workers() == [os.getpid()]
    assert ours.workers() == []


def test_what_runs_beside_labs_is_of_the_place_and_ends_with_its_context(tmp_path: Path) -> None:
    ours = Place(tmp_path)
    script = "printf '%s' $LAB_FAULTS > token; exec sleep 60"
    with ours.beside("sh", "-c", f"cd {tmp_path}; {script}") as beside:
        while not (tmp_path / "token").exists() or not (tmp_path / "token").read_text():
            assert beside.poll() is None
    assert beside.returncode == -signal.SIGTERM
    assert (tmp_path / "token").read_text() == ours.token


def test_compilers_are_found_by_what_they_compile_for(tmp_path: Path) -> None:
    ours = Place(tmp_path)
    (cross := tmp_path / "hppa-linux-gnu").mkdir()
    (native := tmp_path / "x86_64-linux-gnu").mkdir()
    with (
        process("cc1", cross, LAB_FAULTS=ours.token) as meant,
        process("cc1", native, LAB_FAULTS=ours.token),
        process("cc1", cross, "-E", "-quiet", LAB_FAULTS=ours.token),
        process("cc1", cross, LAB_FAULTS="another"),
    ):
        assert ours.compilers("hppa-linux-gnu") == [meant]


def test_a_cache_of_ones_own_has_all_but_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = tmp_path / "usual"
    for entry in ("kernels/a", "kernels/.b.lock", "suites/c", "found/d", "building/e"):
        (usual / entry).mkdir(parents=True)
    monkeypatch.setattr(place, "default_root", lambda: usual)
    cache = Place(tmp_path / "own").own_cache("found")
    assert sorted(str(path.relative_to(cache)) for path in cache.rglob("*")) == [
        "kernels",
        "kernels/a",
        "suites",
        "suites/c",
    ]
    (cache / "kernels" / "more").mkdir()
    assert not (usual / "kernels" / "more").exists()


def test_the_command_line_is_the_real_one(tmp_path: Path) -> None:
    with Place(tmp_path).started("run", "--no-such-option") as lab:
        lab.wait()
    seen = Place(tmp_path).seen(lab.returncode)
    assert (seen.code, seen.data) == (2, {})
    assert "--no-such-option" in seen.errors


def test_who_stops_the_campaign_stops_what_it_runs(tmp_path: Path) -> None:
    here = Place(tmp_path)
    here.stop.set()
    with here.started("list", "claims") as lab:
        lab.wait()
    assert lab.returncode == -signal.SIGTERM
