"""Every column says where it is from, and why any of it was measured again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from orchestrator.model import Run
from orchestrator.nightly.measured import Measured, measured
from orchestrator.tests.matrices import judged, ktap, suite, unreachable
from orchestrator.tests.nights import WIPE, earlier, of

SAME = of("6.12.117", {})
TARGET = SAME.target
BEFORE = {TARGET: SAME}


def told(
    run: Run, before: Mapping[str, Run] | None = None, *, after: str = "", full: bool = False
) -> Measured:
    known = BEFORE if before is None else before
    (one,) = measured(judged((WIPE,), [run]), known, {TARGET: after} if after else {}, full=full)
    return one


def test_what_stands_from_an_earlier_run_says_which() -> None:
    assert told(earlier(SAME, "1")) == Measured(TARGET, False, ("1",), "")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (told(SAME, {}), "new"),
        (told(SAME, {}, after="6.11/x86_64"), "new, after 6.11/x86_64"),
        (told(of("6.12.118", {})), "kernel was 6.12.117-1, and is 6.12.118-1"),
        (told(replace(SAME, qemu="11.0")), "QEMU was 10.0.2, and is 11.0"),
        (told(SAME, full=True), "everything is run"),
        (told(SAME), "not all of it was settled"),
    ],
)
def test_what_is_measured_has_a_reason(found: Measured, why: str) -> None:
    assert found == Measured(TARGET, True, (), why)


def test_what_was_to_be_measured_and_was_not_is_of_no_night() -> None:
    why = "what it needs could not be had"
    assert told(unreachable("6.12", "x86_64")) == Measured(TARGET, False, (), why)


def test_a_column_may_be_of_several_runs() -> None:
    other = suite("fork", "copy")
    (old,) = earlier(SAME, "1").boots
    new = replace(old, number=2, origin="", ktap={"fork": ktap(other.claims, {})})
    run = replace(SAME, boots=(old, new), qemu="11.0")
    (one,) = measured(judged((WIPE, other), [run]), BEFORE, {}, full=False)
    assert (one.earlier, one.tonight) == (("1",), True)
