"""What the kernel logs while a claim runs stands beside that claim, and beside no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model import Result, Verdict
from orchestrator.results.ktap import parse

RECORDED = Path(__file__).parents[1] / "testdata" / "splats"


def logged(name: str) -> str:
    """A recorded report, as the suite's runner forwards it."""
    lines = (RECORDED / f"{name}.txt").read_text().splitlines()
    return "".join(f"# kmsg <4>{line}\n" for line in lines)


def tried(number: int, claim: str, during: str = "", result: str = "ok") -> str:
    return f"# trying {number} {claim}\n{during}# took 3 ms\n{result} {number} {claim}\n"


def results(text: str) -> dict[str, Result]:
    return {result.claim: result for result in parse("1..9\n# taint 8192\n" + text).results}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("warn-x86_64", "WARNING at mm/page_alloc.c in __alloc_frozen_pages_noprof"),
        ("warn-arm64", "WARNING at mm/page_alloc.c in __alloc_frozen_pages_noprof"),
        ("warn-parisc", "WARNING at mm/page_alloc.c in __alloc_pages_noprof"),
        ("hung-task", "INFO: task hung blocked"),
    ],
)
def test_a_report_is_its_claims_and_nobody_elses(name: str, title: str) -> None:
    found = results(tried(1, "a.one") + tried(2, "a.two", logged(name)) + tried(3, "a.three"))
    assert [splat.title for splat in found["a.two"].splats] == [title]
    assert (found["a.two"].verdict, found["a.two"].milliseconds) == (Verdict.PASS, 3)
    assert found["a.one"].splats == found["a.three"].splats == ()


def test_what_is_logged_and_no_splat_is_passed_over() -> None:
    chat = "# kmsg <3>[   10.1] Memory failure: 0x1234: recovery action: Recovered\n"
    assert results(tried(1, "a.one", chat))["a.one"] == Result("a.one", Verdict.PASS, "", 3)


def test_a_claim_that_ran_out_of_memory_could_not_set_its_scene() -> None:
    killed = tried(1, "a.one", logged("oom-arm64"), "not ok").rstrip() + " # killed by SIGKILL\n"
    result = results(killed)["a.one"]
    assert result.verdict is Verdict.ERROR
    assert result.note == "out of memory: selfcheck invoked oom-killer; killed by SIGKILL"


def test_one_that_passes_all_the_same_passes_and_shows_it() -> None:
    result = results(tried(1, "a.one", logged("oom-arm64")))["a.one"]
    assert (result.verdict, [splat.kind for splat in result.splats]) == (Verdict.PASS, ["oom"])


def test_a_new_taint_without_a_word_is_a_splat_once() -> None:
    tainted = "# taint 8224\n"  # 1 << 5: a bad page
    found = results(tried(1, "a.one", tainted) + tried(2, "a.two", tainted) + tried(3, "a.three"))
    assert [splat.title for splat in found["a.one"].splats] == ["the kernel became tainted: B"]
    assert found["a.two"].splats == found["a.three"].splats == ()


def test_the_taint_of_a_report_is_not_told_beside_it() -> None:
    found = results(tried(1, "a.one", logged("warn-arm64") + "# taint 8704\n"))
    assert [splat.kind for splat in found["a.one"].splats] == ["warn"]


@pytest.mark.parametrize("taint", [8192 | 1 << 12, 8192 | 1 << 0, 0])
def test_a_module_is_no_trouble(taint: int) -> None:
    assert results(tried(1, "a.one", f"# taint {taint}\n"))["a.one"].splats == ()


def test_what_a_nested_program_says_is_not_the_kernels() -> None:
    nested = "".join(f"  {line}\n" for line in logged("warn-arm64").splitlines())
    assert results(tried(1, "a.one", nested))["a.one"].splats == ()


def test_a_flood_is_bounded() -> None:
    flood = "# kmsg x\n" * 1000 + logged("warn-arm64") + "# kmsg <4>BUG: late\n" * 100_000
    assert results(tried(1, "a.one", flood))["a.one"].splats == ()


@given(st.lists(st.sampled_from(["# kmsg BUG: x", "# taint 9", "# taint 99999999999", "# kmsg "])))
def test_no_order_of_lines_breaks_the_reader(lines: list[str]) -> None:
    report = parse("\n".join([*lines, "# trying 1 a.b", *lines, "ok 1 a.b", *lines]))
    assert [result.claim for result in report.results] == ["a.b"]
