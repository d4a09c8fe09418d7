"""Which bug it was: what of a stack is kept, and what is not."""

from __future__ import annotations

import pytest

from orchestrator.results.stacks import fingerprint

AT = "+0x1a/0x30"


@pytest.mark.parametrize(
    "lines",
    [
        f" one{AT}\n two{AT}\n three{AT}\n four{AT}",
        f"RIP: 0010:one{AT}\nRSP: 0018:ff EFLAGS: 1\nCall Trace:\n one{AT}\n two{AT}\n three{AT}",
        f"pc : one{AT}\nlr : zero{AT}\nCall trace:\n one{AT} (P)\n two{AT}\n three{AT}",
        f" IAOQ[0]: one{AT}\n IAOQ[1]: one{AT}\nBacktrace:\n [<1011>] two{AT}\n [<1f>] three{AT}",
    ],
    ids=["plain", "x86_64", "arm64", "parisc"],
)
def test_the_first_symbols_are_kept(lines: str) -> None:
    assert fingerprint("warn", lines.splitlines()) == "warn one/two/three"


def test_the_report_itself_is_not_where_it_happened() -> None:
    frames = [" dump_stack_lvl+0x1/0x2", " vpanic+0x1/0x2", " panic+0x1/0x2", " cause+0x1/0x2"]
    assert fingerprint("panic", frames) == "panic cause"


def test_a_guess_of_the_unwinder_does_not_count() -> None:
    assert fingerprint("warn", [" ? maybe+0x1/0x2", " surely+0x1/0x2"]) == "warn surely"


def test_a_compilers_cuts_do_not_count() -> None:
    frames = [" one.isra.0+0x1/0x2", " two.constprop.3.cold+0x1/0x2"]
    assert fingerprint("warn", frames) == "warn one/two"


def test_a_users_stack_does_not_count() -> None:
    assert fingerprint("warn", ["RIP: 0033:0x43ae30", " text with+0x1 in it"]) == "warn"
