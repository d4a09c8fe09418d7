"""What consoles say: recorded shapes of death, readiness, and dirt."""

from __future__ import annotations

import pytest

from orchestrator.guests import console


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "[    4.3] Kernel panic - not syncing: sysrq triggered crash",
            "Kernel panic - not syncing: sysrq triggered crash",
        ),
        (
            "[    1.0][    T1] BUG: kernel NULL pointer dereference, address: 0000000000000000",
            "BUG: kernel NULL pointer dereference, address: 0000000000000000",
        ),
        (
            "Unable to handle kernel paging request at virtual address dead000000000100",
            "Unable to handle kernel paging request at virtual address dead000000000100",
        ),
        (
            "[ 0.9] Internal error: Oops: 0000000096000004 [#1] SMP",
            "Internal error: Oops: 0000000096000004 [#1] SMP",
        ),
    ],
)
def test_a_death_is_told_by_its_line(line: str, title: str) -> None:
    death = console.death(f"[ 0.1] one\n{line}\n[ 9.9] Call trace:\n")
    assert death is not None
    assert death.title == title
    assert death.splat.splitlines() == ["[ 0.1] one", line, "[ 9.9] Call trace:"]


def test_the_panic_explains_more_than_the_oops_that_led_to_it() -> None:
    text = "BUG: unable to handle page fault\nOops: 0002 [#1]\nKernel panic - not syncing: Fatal\n"
    death = console.death(text)
    assert death is not None
    assert death.title == "Kernel panic - not syncing: Fatal"


def test_a_healthy_console_is_no_death() -> None:
    assert console.death("Linux version 6.12.117\nLAB-READY 6.12.117\n# debug: off\n") is None


def test_a_splat_is_bounded() -> None:
    death = console.death("BUG: x" + "y" * 5000 + "\n" + "line\n" * 5000)
    assert death is not None
    assert len(death.splat) < 65 * 301


def test_bytes_become_text_without_control_characters() -> None:
    assert console.clean(b"\x1b[31mLAB-READY 6.1\x1b[0m\r\n\xff\x00") == "LAB-READY 6.1\n\ufffd"


def test_readiness_names_the_kernel_and_only_at_the_start_of_a_line() -> None:
    ready = console.READY.search("x\nLAB-READY 6.1.0-47\n")
    assert ready is not None
    assert ready[1] == "6.1.0-47"
    assert console.READY.search("say LAB-READY 6.1") is None
