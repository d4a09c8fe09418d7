"""How QEMU is held: it ends when we do, can gain no rights, and is nobody when we are root.

QEMU parses all that a hostile guest sends. If a guest takes it over, it has a user to itself
who owns nothing, on top of the system call filter on its command line (guests/qemu.py).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from orchestrator.errors import InfraError
from orchestrator.guests import qemu

# Users that exist only while something runs, by systemd's convention (DynamicUser=). Each
# guest has one: as one user, "nobody" say, they could trace and stop each other.
_USERS = range(61184, 65520)
_number = itertools.count(os.getpid())

# If we died before setpriv had asked for the signal, it never comes: then the parent is
# another one by now. QEMU writes files only in what it complains about (4 MiB, and no core).
_WATCH = '[ "$PPID" = "$1" ] && shift && ulimit -f 8192 && ulimit -c 0 && exec "$@"'


def command(argv: list[str]) -> list[str]:
    """What to start instead of ``argv``, as a child of ours. Its process id stays QEMU's."""
    user = lent_user(os.geteuid(), Path("/proc/self/uid_map").read_text())
    rights = (f"--reuid={user}", f"--regid={user}", "--clear-groups") if user else ()
    # setpriv changes the user first: the kernel forgets the signal when the user changes.
    held = ["setpriv", *rights, "--no-new-privs", "--pdeathsig", "KILL", "--"]
    return [*held, "sh", "-c", _WATCH, "sh", str(os.getpid()), *argv]


def lent_user(ours: int, uid_map: str) -> int | None:
    """A user for one QEMU; None when ours will do: when we are not root, or root of a user
    namespace (``uid_map``, as /proc has it) that knows no such users.
    """
    ranges = [[int(word) for word in line.split()] for line in uid_map.splitlines()]
    known = any(
        first <= _USERS[0] and _USERS[-1] < first + count for first, _outside, count in ranges
    )
    return _USERS[next(_number) % len(_USERS)] if ours == 0 and known else None


@contextmanager
def lent(machine: qemu.Boot) -> Iterator[tuple[qemu.Boot, tuple[int, ...]]]:
    """The same machine with its files as open descriptors, and those, to be inherited.

    QEMU's user may not look into our cache. Raises InfraError when a file cannot be read.
    """
    with contextlib.ExitStack() as opened:
        state = (machine.state.memory, machine.state.devices) if machine.state else ()
        paths = (machine.image, machine.initramfs, *state)
        numbers = tuple(_descriptor(path, opened) for path in paths)
        image, initramfs, *rest = (Path(f"/proc/self/fd/{number}") for number in numbers)
        held = qemu.State(*rest) if machine.state else None
        yield replace(machine, image=image, initramfs=initramfs, state=held), numbers


def _descriptor(path: Path, opened: contextlib.ExitStack) -> int:
    """QEMU opens it a second time, which asks for the file's own mode: what only we may read
    (the initramfs, with the host key in it) is copied into memory."""
    try:
        file = opened.enter_context(path.open("rb"))
        if os.fstat(file.fileno()).st_mode & 0o004:
            return file.fileno()
        copy = opened.enter_context(os.fdopen(os.memfd_create(path.name), "wb"))
        shutil.copyfileobj(file, copy)
        copy.flush()
        return copy.fileno()
    except OSError as error:
        raise InfraError(f"{path} cannot be read: {error.strerror}", f"ls -l {path}") from error
