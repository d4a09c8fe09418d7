"""A request to end early, heard by everything that waits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class Stop:
    """Set once, from any thread; what is registered then is called, at once or on arrival."""

    def __init__(self) -> None:
        # A signal handler may ask while its own thread is in here.
        self._lock = threading.RLock()
        self._callbacks: list[Callable[[], None]] = []
        self._set = False

    def __bool__(self) -> bool:
        return self._set

    def set(self) -> None:
        """Ask everybody to stop."""
        with self._lock:
            self._set = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    @contextlib.contextmanager
    def calls(self, callback: Callable[[], None]) -> Iterator[None]:
        """While the context lasts, ``callback`` is called when a stop is asked for."""
        with self._lock:
            self._callbacks.append(callback)
            late = self._set
        if late:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
