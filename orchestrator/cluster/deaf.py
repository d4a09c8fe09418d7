"""A preload of workers beside the lab: Ctrl-C reaches them too, and is meant for the lab alone.

The lab asks its workers to end what they do. Would the signal end them, nothing of it came back.
"""

from __future__ import annotations

import signal


def dask_setup(_worker: object) -> None:
    """Called by dask in the worker's process, once it is up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
