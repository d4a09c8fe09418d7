"""What consoles say: readiness, last words, and dirt."""

from __future__ import annotations

from orchestrator.guests import console


def test_bytes_become_text_without_control_characters() -> None:
    assert console.clean(b"\x1b[31mLAB-READY 6.1\x1b[0m\r\n\xff\x00") == "LAB-READY 6.1\n\ufffd"


def test_readiness_names_the_kernel_and_only_at_the_start_of_a_line() -> None:
    ready = console.READY.search("x\nLAB-READY 6.1.0-47\n")
    assert ready is not None
    assert ready[1] == "6.1.0-47"
    assert console.READY.search("say LAB-READY 6.1") is None
