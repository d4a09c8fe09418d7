"""The QEMU command line, as a pure function of what to boot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from orchestrator.model import Arch


@dataclass(frozen=True)
class State:
    """Where a guest's state is: its memory as QEMU maps it, and everything else."""

    memory: Path
    devices: Path


@dataclass(frozen=True)
class Boot:
    """What to boot, and on what."""

    arch: Arch
    image: Path
    initramfs: Path
    qmp_fd: int | None  # an inherited socket on which QEMU speaks QMP; None: nobody asks it
    gdb_fd: int | None = None  # an inherited socket that listens for a debugger
    halted: bool = False  # until a debugger lets it go
    arguments: tuple[str, ...] = ()  # for the kernel, besides those of every boot
    state: State | None = None  # where its state is to be saved; with ``resumes``: where it is
    resumes: bool = False  # go on from the state, which stays as it is, instead of booting

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Those that QEMU is to inherit."""
        return tuple(fd for fd in (self.qmp_fd, self.gdb_fd) if fd is not None)


def command(boot: Boot) -> list[str]:
    """QEMU's argv. Its standard output is the guest's serial console.

    Without QMP nobody could be told the port that leads to the guest, so there is none.
    """
    arch = boot.arch
    return [
        f"qemu-system-{arch.qemu}",
        *("-nodefaults", "-no-user-config", "-display", "none"),
        # QEMU parses what a hostile guest sends; it needs neither to fork nor to gain rights.
        *("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"),
        *("-M", arch.machine + (",memory-backend=memory" if boot.state else "")),
        *(word for setting in arch.settings for word in ("-global", setting)),
        *_memory(boot),
        *(("-cpu", arch.cpu) if arch.cpu else ()),
        *(("-bios", arch.firmware) if arch.firmware else ()),
        *("-accel", "tcg"),
        # Two guests with one CPU each get more done on two cores than one guest with two.
        *("-smp", "1"),
        *("-m", str(arch.memory)),
        # With panic=-1 below: a panic ends QEMU, rather than hanging it.
        "-no-reboot",
        *("-chardev", "stdio,id=console,signal=off", *_serial(arch)),
        *_monitor(boot.qmp_fd),
        *_debugger(boot.gdb_fd),
        *(("-S",) if boot.halted else ()),
        # The kernel picks the host's port, QMP tells it; the guest reaches nothing.
        *("-netdev", "user,id=net,restrict=on" + (_WAY_IN if boot.qmp_fd is not None else "")),
        *(word for device in arch.devices for word in ("-device", device)),
        *("-kernel", str(boot.image)),
        *("-initrd", str(boot.initramfs)),
        *("-append", " ".join((kernel_arguments(arch), *boot.arguments))),
    ]


def _memory(boot: Boot) -> tuple[str, ...]:
    """As a file, shared with it while a state is made. A guest that goes on from one has what it
    writes for itself, and nobody could change the file through it."""
    if boot.state is None:
        return ()
    backend = f"memory-backend-file,id=memory,size={boot.arch.memory}M"
    lent = "share=off,readonly=on,rom=off" if boot.resumes else "share=on"
    # Loading is asked for by QMP, as it takes a capability that has no word here.
    waits = ("-incoming", "defer") if boot.resumes else ()
    return ("-object", f"{backend},mem-path={boot.state.memory},{lent}", *waits)


def _serial(arch: Arch) -> tuple[str, str]:
    """Where the console's characters go in and out of the machine."""
    if arch.serial is None:
        return ("-serial", "chardev:console")
    return ("-device", f"{arch.serial},chardev=console")


_WAY_IN = ",hostfwd=tcp:127.0.0.1:0-:22"


def _monitor(fd: int | None) -> tuple[str, ...]:
    if fd is None:
        return ()
    return ("-chardev", f"socket,id=qmp,fd={fd}", "-mon", "chardev=qmp,mode=control")


def _debugger(fd: int | None) -> tuple[str, ...]:
    """It could do anything to QEMU, through its ``monitor`` command: the socket is for us alone."""
    if fd is None:
        return ()
    return ("-chardev", f"socket,id=gdb,fd={fd},server=on,wait=off", "-gdb", "chardev:gdb")


def kernel_arguments(arch: Arch) -> str:
    """The kernel's command line. Nothing here changes how it manages memory."""
    return " ".join(
        (
            f"console={arch.console}",
            # Warnings and worse, and the banner: the first sign of life, at little cost.
            "loglevel=6",
            "panic=-1",
            # An oops under a claim is the kernel dying under it: stop there, and say so.
            "oops=panic",
            *arch.boot_args,
        )
    )


_FORWARD = re.compile(r"TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s")


def forwarded_port(info_usernet: str) -> int | None:
    """The host's port that leads to the guest's SSH, from the monitor's ``info usernet``."""
    match = _FORWARD.search(info_usernet)
    return int(match[1]) if match else None
