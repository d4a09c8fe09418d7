"""Say, every few seconds, how far a long step has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]


@contextmanager
def telling(say: Say, words: Callable[[], str], every: float = 2.0) -> Iterator[None]:
    """While the block runs, ``say(words())`` at its start and then every ``every`` seconds.

    ``words`` is called on a thread of its own and must not raise.
    """
    done = threading.Event()

    def tell() -> None:
        say(words())
        while not done.wait(every):
            say(words())

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
