"""A preload of workers beside the lab: Ctrl-C reaches them too, and is meant for the lab alone.

So is a SIGTERM of whoever ends all of a group. The lab asks its workers to end what they do; would
the signal end them, nothing of it came back. The lab's own end ends them.
"""

from __future__ import annotations

import signal


def dask_setup(_worker: object) -> None:
    """Called by dask in the worker's process, once it is up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
