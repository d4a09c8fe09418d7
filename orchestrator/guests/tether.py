"""A program that cannot outlive us, however we end."""

from __future__ import annotations

import os
from collections.abc import Sequence

# We may be gone before setpriv has asked to die with us. Then the shell, which comes after
# that, has another parent.
_IF_WE_LIVE = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'


def tethered(argv: Sequence[str]) -> list[str]:
    """The command, such that the kernel kills it when the thread that starts it ends.

    A thread ends with its process, also when that is killed with SIGKILL.
    """
    shell = ["sh", "-c", _IF_WE_LIVE, "lab", str(os.getpid())]
    return ["setpriv", "--pdeathsig", "KILL", "--", *shell, *argv]
