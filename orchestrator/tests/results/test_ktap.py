"""KTAP in, results out; whatever a guest may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model import Result, Verdict
from orchestrator.results.ktap import parse, streams

WHOLE = """\
KTAP version 1
1..7
# trying 1 a.pass
# took 12 ms
ok 1 a.pass
# trying 2 a.fail
not ok 2 a.fail # a/x.c:12: expected 1 == 2
# trying 3 a.skip
ok 3 a.skip # SKIP no zram here
# trying 4 a.absent
ok 4 a.absent # SKIP ABSENT EINVAL from madvise(MADV_COLLAPSE)
# trying 5 a.error
not ok 5 a.error # ERROR a/x.c:9: could not map
# trying 6 a.timeout
not ok 6 a.timeout # TIMEOUT 20 s
# trying 7 a.killed
"""


def test_every_kind_of_line() -> None:
    report = parse(WHOLE)
    assert report.planned == 7
    assert report.in_flight == "a.killed"
    assert report.results == (
        Result("a.pass", Verdict.PASS, "", 12),
        Result("a.fail", Verdict.FAIL, "a/x.c:12: expected 1 == 2"),
        Result("a.skip", Verdict.SKIP, "no zram here"),
        Result("a.absent", Verdict.ABSENT, "EINVAL from madvise(MADV_COLLAPSE)"),
        Result("a.error", Verdict.ERROR, "a/x.c:9: could not map"),
        Result("a.timeout", Verdict.TIMEOUT, "20 s"),
    )


def test_the_first_line_about_a_claim_stands() -> None:
    report = parse("not ok 1 a.b # broken\nok 1 a.b\n")
    assert report.results == (Result("a.b", Verdict.FAIL, "broken"),)


def test_the_kernel_may_talk_in_between() -> None:
    report = parse("1..1\n# trying 1 a.b\n[ 1.2] BUG: something\nok 1 a.b\n")
    assert report.results == (Result("a.b", Verdict.PASS),)
    assert report.in_flight is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    report = parse(text)
    assert len({result.claim for result in report.results}) == len(report.results)


def test_a_suite_that_was_run_several_times_said_several_things() -> None:
    once = "KTAP version 1\n1..1\nok 1 a.b\n"
    assert streams(once) == [once]
    assert streams(once * 3) == [once] * 3
    assert streams("") == []
    assert streams("no header\n") == []
