"""What the kernel's own tests say, read; and what a hostile one may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model import Result, Verdict
from orchestrator.results.ktap import Reader, parse
from orchestrator.results.subtests import Subtests

HARNESS = """\
TAP version 13
1..1
# Starting 1 tests from 1 test cases.
#  RUN           guard_regions.anon.basic ...
{more}# FAILED: 0 / 1 tests passed.
# Totals: pass:0 fail:1 xfail:0 xpass:0 skip:0 error:0
"""
FAILED = """\
# guard-regions.c:356:basic:Expected madvise(ptr, 10, 102) (-1) == 0 (0)
# basic: Test terminated by assertion
#          FAIL  guard_regions.anon.basic
not ok 1 guard_regions.anon.basic
"""
SKIPPED = """\
#      SKIP      MADV_GUARD_INSTALL not supported
#            OK  guard_regions.anon.basic
ok 1 guard_regions.anon.basic # SKIP MADV_GUARD_INSTALL not supported
"""
PLAIN = """\
TAP version 13
1..6
# [RUN] test_holes
ok 1 no holes
not ok 2 MADV_POPULATE_READ with a hole
# [RUN] test_huge
ok 3 # SKIP no huge pages
ok 4 - with a dash # about nothing
ok 5 # XFAIL a known one
not ok 6 # error it fell over
# Planned tests != run tests (6 != 5)
"""


def read(text: str) -> Subtests:
    found = Subtests()
    for line in text.splitlines():
        found.take(line)
    return found


def row(said: str, result: str) -> Result:
    nested = "".join(f"  {line}\n" for line in said.splitlines())
    (only,) = parse(f"1..1\n# trying 1 k.x\n{nested}# took 5 ms\n{result}\n").results
    return only


def test_a_plain_program_names_what_failed() -> None:
    found = read(PLAIN)
    assert (found.planned, found.passed) == (6, 2)
    assert found.failed.first == ["MADV_POPULATE_READ with a hole", "it fell over"]
    assert found.skipped.first == ["no huge pages"]
    assert found.expected_to_fail.first == ["a known one"]
    assert found.note() == (
        "2 of 6 failed: MADV_POPULATE_READ with a hole, it fell over; "
        "1 of 6 skipped: no huge pages; 1 of 6 expected to fail: a known one"
    )


def test_a_test_alone_says_what_it_expected() -> None:
    result = row(HARNESS.format(more=FAILED), "not ok 1 k.x # exit code 1")
    assert result == Result(
        "k.x",
        Verdict.FAIL,
        "guard-regions.c:356:basic:Expected madvise(ptr, 10, 102) (-1) == 0 (0)",
        5,
    )


def test_a_program_that_skipped_all_it_has_was_not_tried() -> None:
    result = row(HARNESS.format(more=SKIPPED), "ok 1 k.x")
    assert result.verdict is Verdict.SKIP
    assert result.note == "MADV_GUARD_INSTALL not supported"


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("TAP version 13\n1..0\n# PASSED: 0 / 0\n", "the program has no such test here"),
        ("TAP version 13\n1..0 # SKIP no huge pages\n", "no huge pages"),
    ],
)
def test_a_program_without_the_test_did_not_pass_it(said: str, note: str) -> None:
    assert row(said, "ok 1 k.x") == Result("k.x", Verdict.SKIP, note, 5)


def test_a_partial_skip_is_a_pass_with_a_note() -> None:
    result = row("1..2\nok 1 one\nok 2 # SKIP two\n", "ok 1 k.x")
    assert result == Result("k.x", Verdict.PASS, "1 of 2 skipped: two", 5)


def test_the_worse_of_exit_code_and_words_decides() -> None:
    # As mremap_test of 7.3 does on 6.12.
    forgot = row("1..1\nnot ok 1 one\n", "ok 1 k.x")
    assert forgot == Result("k.x", Verdict.FAIL, "failed: one; and yet exit code 0", 5)
    assert row("1..1\nok 1 one\n", "not ok 1 k.x # exit code 1").verdict is Verdict.FAIL
    skip = row("1..0 # SKIP not here\n", "ok 1 k.x # SKIP exit code 4")
    assert skip == Result("k.x", Verdict.SKIP, "not here", 5)
    killed = row("1..2\nok 1 one\n", "not ok 1 k.x # killed by SIGBUS")
    missing = "1 of 2 planned, and without a result"
    assert killed == Result("k.x", Verdict.FAIL, f"{missing}; killed by SIGBUS", 5)


def test_an_assertion_that_was_lost_is_told() -> None:
    said = "1..1\n# merge.c:449:forked_target_vma:Expected a (1) == b (2)\nok 1 merge.forked\n"
    result = row(said, "ok 1 k.x")
    assert result.verdict is Verdict.PASS
    assert result.note == "did not count: merge.c:449:forked_target_vma:Expected a (1) == b (2)"


def test_what_was_planned_and_never_reported_is_told() -> None:
    result = row("1..5\nok 1 one\nok 2 two\n", "not ok 1 k.x # exit code 1")
    assert result.note == "3 of 5 planned, and without a result"


def test_giving_up_says_why() -> None:
    result = row("1..9\nok 1 one\nBail out! mmap failed\n", "not ok 1 k.x # exit code 1")
    assert result.note == "gave up: mmap failed"
    alone = row("1..1\nBail out! ENOTTY\nnot ok 1 merge.a\n", "not ok 1 k.x # exit code 1")
    assert alone.note == "gave up: ENOTTY"


def test_what_is_nested_is_about_the_claim_in_flight_alone() -> None:
    text = "# trying 1 k.x\n  not ok 1 a\nnot ok 1 k.x # exit code 1\n# trying 2 k.y\nok 2 k.y\n"
    assert [result.note for result in parse(text).results] == ["failed: a", ""]
    lying = "# trying 1 k.x\n  ok 1 k.y\n  # trying 2 k.z\n  1..1\n"
    report = parse(lying)
    assert (report.results, report.in_flight, report.planned) == ((), "k.x", None)


def test_a_stream_gives_each_result_as_it_comes() -> None:
    reader = Reader()
    lines = ["# trying 1 k.x", "  1..0 # SKIP why", "# took 3 ms", "ok 1 k.x", "not ok 1 k.x"]
    assert [reader.take(line) for line in lines] == [
        None, None, None, Result("k.x", Verdict.SKIP, "why", 3), None,
    ]  # fmt: skip


def test_a_flood_is_bounded() -> None:
    found = Subtests()
    for number in range(5000):
        found.take(f"not ok {number} {'x' * 3000}")
    assert found.failed.count == 5000
    assert found.note().endswith(" and 4997 more")
    assert len(found.note()) < 1000


@given(st.text(), st.text())
def test_no_text_breaks_the_reader(one: str, other: str) -> None:
    found = Subtests()
    for line in (one, f"ok 1 {other}", f"not ok 2 # SKIP {one}", f"1..0 # {other}"):
        found.take(line)
    assert isinstance(found.note(), str)
