"""gdb's command line, and the door at which QEMU waits for it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.guests import gdb

DOOR = Path("/door/gdb")


def words(argv: list[str]) -> list[str]:
    return [word for word in argv if word != "-ex"]


def test_it_knows_the_arch_and_the_symbols_before_it_attaches() -> None:
    argv = gdb.command(ARCHES["parisc"], DOOR, Path("/k/vmlinux.symbols"))
    assert words(argv) == [
        "gdb-multiarch", "-q", "set architecture hppa1.0", "set endian big",
        "symbol-file /k/vmlinux.symbols", "target remote /door/gdb",
    ]  # fmt: skip


def test_a_batch_ends_by_itself_and_is_nobodys_habit() -> None:
    argv = gdb.command(ARCHES["arm64"], DOOR, None, ["p $pc", "bt"])
    assert words(argv)[:4] == ["gdb-multiarch", "-q", "-nx", "-batch"]
    assert argv[-4:] == ["-ex", "p $pc", "-ex", "bt"]
    assert not [word for word in argv if "symbol" in word]


def test_somebody_listens_where_gdb_is_sent(tmp_path: Path) -> None:
    with gdb.listening(tmp_path) as (descriptor, door):
        with socket.socket(socket.AF_UNIX) as debugger:
            debugger.connect(str(door))
        assert os.get_inheritable(descriptor) is False  # but for the QEMU that it is lent to
    with socket.socket(socket.AF_UNIX) as debugger, pytest.raises(ConnectionRefusedError):
        debugger.connect(str(door))


def test_a_host_without_it_is_told_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InfraError, match="gdb-multiarch is not installed") as caught:
        gdb.need()
    assert caught.value.look == "apt-get install gdb-multiarch"
