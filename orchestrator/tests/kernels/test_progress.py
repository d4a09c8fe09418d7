"""Words during a long step."""

from __future__ import annotations

import threading

import pytest

from orchestrator.kernels.progress import telling


def test_it_is_told_at_once_and_again_and_again() -> None:
    heard: list[str] = []
    thrice = threading.Event()

    def say(words: str) -> None:
        heard.append(words)
        if len(heard) == 3:
            thrice.set()

    with telling(say, lambda: f"step {len(heard)}", every=0.001):
        assert thrice.wait(10)
    assert heard[:3] == ["step 0", "step 1", "step 2"]


def test_it_is_quiet_afterwards_even_after_an_error() -> None:
    heard: list[str] = []
    with pytest.raises(KeyError), telling(heard.append, lambda: "x", every=0.001):
        raise KeyError
    count = len(heard)
    threading.Event().wait(0.02)
    assert len(heard) == count
