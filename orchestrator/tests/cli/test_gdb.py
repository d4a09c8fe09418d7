"""lab gdb: with which symbols, in which guest, and what becomes of gdb's exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cli import gdb
from orchestrator.errors import ConfigError
from orchestrator.guests import machine, qemu
from orchestrator.kernels import KernelFiles, symbols
from orchestrator.model import DebianSource, Kernel, Release, Target
from orchestrator.tests.cli.lab import Lab


class Made:
    """Plays a target that is ready to be booted."""

    def __init__(self, place: Path) -> None:
        image = place / "kernel" / "Image"
        image.parent.mkdir()
        image.write_text("kernel")
        config = image.with_name("config")
        release = Release(6, 12, 117)
        kernel = KernelFiles(release, "6.12.117-1", "linux-image-x", image, config, None, {}, ())
        source = DebianSource(("trixie",), "6.12")
        target = Target(Kernel("6.12", 0, source), ARCHES["arm64"])
        self.parts: Any = SimpleNamespace(target=target, kernel=kernel)
        self.machine = qemu.Boot(target.arch, image, image, qmp_fd=None)
        self.booted: list[qemu.Boot] = []

    def checked(self, found: Path, image: Path) -> None:
        if found.name == "others":
            raise ConfigError("of another kernel")

    @contextmanager
    def visited(self, machine: qemu.Boot) -> Iterator[Any]:
        self.booted.append(machine)
        yield SimpleNamespace(guest=SimpleNamespace(port=2222))


@pytest.fixture
def made(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Made:
    """And a gdb that says how it was started."""
    played = Made(lab.root)
    program = lab.root / "bin" / "gdb-multiarch"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@"; printf "\\033[31mred\\n"; exit ${CODE:-0}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(gdb, "prepare", lambda space, name: played)
    monkeypatch.setattr(symbols, "check", played.checked)
    return played


def test_a_batch_is_run_in_a_guest_whose_addresses_are_those_of_the_symbols(
    lab: Lab, made: Made
) -> None:
    said = lab("gdb", "6.12/arm64", "--batch", "p $pc", "--batch", "bt")
    assert said.code == 0
    words = said.out.splitlines()
    assert words[-5:] == ["-ex", "p $pc", "-ex", "bt", "red"]
    assert "-batch" in words
    (booted,) = made.booted
    assert booted.arguments == ("nokaslr",)
    assert booted.gdb_fd is not None
    assert not booted.halted
    assert "-p 2222" in said.err  # how to log in meanwhile


def test_early_it_is_halted_and_nobody_logs_in(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[qemu.Boot] = []

    @contextmanager
    def start(boot: Callable[[int], qemu.Boot], place: Path) -> Iterator[None]:
        started.append(boot(7))
        yield

    monkeypatch.setattr(machine, "start", start)
    assert lab("gdb", "6.12/arm64", "--early", "--batch", "bt").code == 0
    assert made.booted == []
    assert (started[0].halted, started[0].qmp_fd) == (True, 7)


def test_where_there_are_no_symbols_it_is_said_where_they_are(lab: Lab, made: Made) -> None:
    said = lab("gdb", "6.12/arm64", "--batch", "bt")
    assert "no symbols: linux-image-x came without. Debian keeps them in linux-image-" in said.err
    assert "symbol-file" not in said.out
    source = DebianSource(("trixie",), "6.12", build=True)
    made.parts.target = replace(made.parts.target, kernel=Kernel("own", 0, source))
    said = lab("gdb", "6.12/arm64", "--batch", "bt")
    assert f"build it again: rm -r {lab.root}/kernel" in said.err


def test_those_of_a_kernel_built_here_are_taken(lab: Lab, made: Made) -> None:
    lab.write("kernel/vmlinux.symbols", "symbols")
    said = lab("gdb", "6.12/arm64", "--batch", "bt")
    assert f"symbol-file {lab.root}/kernel/vmlinux.symbols" in said.out.splitlines()


def test_those_that_are_given_come_first(lab: Lab, made: Made) -> None:
    lab.write("kernel/vmlinux.symbols", "symbols")
    said = lab("gdb", "6.12/arm64", "--batch", "bt", "--symbols", "mine")
    assert "symbol-file mine" in said.out.splitlines()
    assert lab("gdb", "6.12/arm64", "--symbols", "others").code == 2
    assert len(made.booted) == 1


def test_a_gdb_that_fails_is_3(lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE", "1")
    assert lab("gdb", "6.12/arm64", "--batch", "bt").code == 3


def test_without_gdb_nothing_is_booted(
    lab: Lab, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    said = lab("gdb", "6.12/arm64")
    assert said.code == 3
    assert "apt-get install gdb-multiarch" in said.err
    assert made.booted == []
