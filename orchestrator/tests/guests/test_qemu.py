"""The command line, as a list."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.guests import qemu
from orchestrator.model import Arch


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_what_every_guest_must_have(arch: Arch) -> None:
    argv = qemu.command(qemu.Boot(arch, Path("/k/vmlinux"), Path("/i/rd"), qmp_fd=7))
    pairs = list(itertools.pairwise(argv))
    assert argv[0] == f"qemu-system-{arch.qemu}"
    assert ("-M", arch.machine) in pairs
    assert ("-kernel", "/k/vmlinux") in pairs
    assert ("-initrd", "/i/rd") in pairs
    assert ("-chardev", "socket,id=qmp,fd=7") in pairs
    assert "-no-reboot" in argv
    append = argv[argv.index("-append") + 1].split()
    assert {"panic=-1", "oops=panic", f"console={arch.console}"} <= set(append)
    (netdev,) = (value for flag, value in pairs if flag == "-netdev")
    assert "restrict=on" in netdev
    assert "hostfwd=tcp:127.0.0.1:0-:22" in netdev


def test_the_console_is_a_serial_port_or_the_device_that_the_row_names() -> None:
    def pairs(serial: str | None) -> list[tuple[str, str]]:
        arch = replace(ARCHES["arm64"], serial=serial)
        argv = qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), None))
        return list(itertools.pairwise(argv))

    assert ("-serial", "chardev:console") in pairs(None)
    assert ("-device", "sclpconsole,chardev=console") in pairs("sclpconsole")
    assert "-serial" not in dict(pairs("sclpconsole"))


def test_devices_of_the_machine_are_told_what_the_row_says() -> None:
    def argv(*settings: str) -> list[str]:
        arch = replace(ARCHES["arm64"], settings=settings)
        return qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), None))

    assert ("-global", "a.b=on") in itertools.pairwise(argv("a.b=on", "c.d=1"))
    assert ("-global", "c.d=1") in itertools.pairwise(argv("a.b=on", "c.d=1"))
    assert "-global" not in argv()


def test_firmware_is_what_the_row_names() -> None:
    def argv(firmware: str | None) -> list[str]:
        arch = replace(ARCHES["arm64"], firmware=firmware)
        return qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), None))

    assert ("-bios", "efi.fd") in itertools.pairwise(argv("efi.fd"))
    assert "-bios" not in argv(None)


def test_nothing_on_the_kernels_command_line_touches_memory_management() -> None:
    touching = ("transparent_hugepage", "init_on_", "mitigations", "nokaslr", "slub", "page_")
    for arch in ARCHES.values():
        words = qemu.kernel_arguments(arch).split()
        assert not [word for word in words if word.startswith(touching)]


def test_the_forwarded_port_is_read_from_the_monitor() -> None:
    told = (
        "Hub -1 (net):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port\r\n"
        "  TCP[HOST_FORWARD]  13       127.0.0.1 34567       10.0.2.15    22     0     0\r\n"
    )
    assert qemu.forwarded_port(told) == 34567
    assert qemu.forwarded_port("nothing") is None


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_what_nobody_asks_about_has_no_monitor_and_no_way_in(arch: Arch) -> None:
    argv = qemu.command(qemu.Boot(arch, Path("kernel"), Path("rd"), qmp_fd=None))
    assert not [word for word in argv if "qmp" in word or "hostfwd" in word]
    assert "user,id=net,restrict=on" in argv


def saving(arch: Arch, *, resumes: bool) -> list[str]:
    state = qemu.State(Path("/s/memory"), Path("/s/devices"))
    return qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), 7, state=state, resumes=resumes))


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_memory_is_a_file_that_is_shared_only_while_a_state_is_made(arch: Arch) -> None:
    file = f"memory-backend-file,id=memory,size={arch.memory}M,mem-path=/s/memory"
    making = list(itertools.pairwise(saving(arch, resumes=False)))
    assert ("-object", f"{file},share=on") in making
    assert ("-M", f"{arch.machine},memory-backend=memory") in making
    resuming = list(itertools.pairwise(saving(arch, resumes=True)))
    assert ("-object", f"{file},share=off,readonly=on,rom=off") in resuming
    assert ("-incoming", "defer") in resuming
    cold = qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), 7))
    assert not [word for word in cold if "memory-backend" in word or word == "-incoming"]


@pytest.mark.parametrize("arch", ARCHES.values(), ids=str)
def test_a_state_is_loaded_into_the_machine_that_it_was_saved_from(arch: Arch) -> None:
    ours = {"share=on", "share=off,readonly=on,rom=off", "-incoming", "defer"}

    def machine(argv: list[str]) -> list[str]:
        return [word for word in argv if not word.endswith(tuple(ours))]

    assert machine(saving(arch, resumes=False)) == machine(saving(arch, resumes=True))


def test_a_debugger_has_a_door_and_may_hold_the_guest() -> None:
    arch = ARCHES["arm64"]
    boot = qemu.Boot(
        arch, Path("k"), Path("rd"), 7, gdb_fd=9, halted=True, arguments=("nokaslr",)
    )  # fmt: skip
    argv = qemu.command(boot)
    assert "socket,id=gdb,fd=9,server=on,wait=off" in argv
    assert ("-gdb", "chardev:gdb") in itertools.pairwise(argv)
    assert "-S" in argv
    assert argv[-1] == f"{qemu.kernel_arguments(arch)} nokaslr"
    assert boot.descriptors == (7, 9)
    usual = qemu.command(qemu.Boot(arch, Path("k"), Path("rd"), 7))
    assert not {"-S", "-gdb"} & set(usual)
    assert usual[-1] == qemu.kernel_arguments(arch)
