"""What is asked of a guest, and what is left to ask after it died."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.errands import differences, errands_for, onward, repeats, unanswered
from orchestrator.guests.errand import Errand
from orchestrator.model import Boot, Claim, Ending, Release, Rule, Run, Suite, Verdict

SUITES = (
    Suite("a", "…", tuple(Claim(f"a.c{n}", "…") for n in range(1, 5))),
    Suite("b", "…", (Claim("b.only", "…"),)),
)
ALL = frozenset(claim.name for suite in SUITES for claim in suite.claims)


def boot(ending: Ending, **ktap: str) -> Boot:
    return Boot(1, ending, ready=1.0, ktap=ktap)


def test_a_whole_suite_needs_no_patterns_and_an_unchosen_one_no_errand() -> None:
    assert errands_for(SUITES, ALL) == [Errand("a"), Errand("b")]
    assert errands_for(SUITES, frozenset({"a.c2"})) == [Errand("a", only=("a.c2",))]


def test_the_end_of_a_suite_that_was_planned_whole_needs_no_patterns() -> None:
    left = frozenset({"a.c3", "a.c4"})
    assert errands_for(SUITES, left, planned=ALL) == [Errand("a", start=3)]
    assert errands_for(SUITES, left, planned=left) == [Errand("a", only=("a.c3", "a.c4"))]
    assert errands_for(SUITES, left - {"a.c4"}, planned=ALL) == [Errand("a", only=("a.c3",))]


def test_an_errand_is_one_quoted_line() -> None:
    errand = Errand("a", start=3, only=("a.c[34]",))
    assert errand.command(20) == "/lab/suites/a --timeout 20 --from 3 --only 'a.c[34]'"
    assert Errand("a").command(20) == "/lab/suites/a --timeout 20"


def test_after_a_panic_it_goes_on_behind_the_claim_in_flight() -> None:
    text = "ok 1 a.c1\n# trying 2 a.c2\n"
    left = onward(errands_for(SUITES, ALL), boot(Ending.PANIC, a=text), SUITES, ALL)
    assert left == [Errand("a", start=3), Errand("b")]


def test_what_the_host_broke_is_tried_again() -> None:
    text = "ok 1 a.c1\n# trying 2 a.c2\n"
    left = onward(errands_for(SUITES, ALL), boot(Ending.INFRA, a=text), SUITES, ALL)
    assert left[0] == Errand("a", start=2)


def test_nothing_is_left_of_a_suite_that_was_answered() -> None:
    text = "".join(f"ok {n} a.c{n}\n" for n in range(1, 5))
    left = onward([Errand("a")], boot(Ending.DONE, a=text), SUITES, ALL)
    assert left == []


def test_a_claim_that_was_not_chosen_is_not_waited_for() -> None:
    chosen = frozenset({"a.c1", "a.c3"})
    left = onward(
        errands_for(SUITES, chosen), boot(Ending.PANIC, a="# trying 1 a.c1\n"), SUITES, chosen
    )
    assert left == [Errand("a", start=3, only=("a.c1", "a.c3"))]


def test_a_guest_that_never_became_ready_changes_nothing() -> None:
    before = errands_for(SUITES, ALL)
    assert onward(before, Boot(1, Ending.PANIC), SUITES, ALL) == before


def test_an_errand_of_which_nothing_was_tried_stays_as_it_was() -> None:
    before = errands_for(SUITES, frozenset({"a.c3"}))
    left = onward(before, boot(Ending.INFRA, a="# trying 3 a.c3\n"), SUITES, frozenset({"a.c3"}))
    assert left == before


# ---- what is left of a run, and whether it still fits

CLAIMS = tuple(claim for suite in SUITES for claim in suite.claims)
RUN = Run(
    "6.1/arm64", "6.1", "arm64", Release(6, 1), version="6.1.9-1", qemu="10.0.2",
    hashes={"image": "aa", "suites": "bb"},
    boots=(boot(Ending.DONE, a="ok 1 a.c1\nnot ok 2 a.c2 # broken\n"),),
)  # fmt: skip


def test_what_has_no_verdict_is_unanswered() -> None:
    assert unanswered(RUN, CLAIMS) == {"a.c3", "a.c4", "b.only"}
    assert unanswered(replace(RUN, boots=()), CLAIMS) == ALL


def test_surprises_are_repeated_and_what_a_rule_wants_is_not() -> None:
    assert repeats(RUN, CLAIMS, (), 1) == {"a.c2"}
    assert repeats(RUN, CLAIMS, (), 0) == frozenset()
    assert repeats(RUN, CLAIMS, (Rule(("a.c2",), Verdict.FAIL, "bug"),), 1) == frozenset()


def test_what_has_a_verdict_is_repeated_until_it_has_enough() -> None:
    tried = frozenset(claim.name for claim in CLAIMS) - unanswered(RUN, CLAIMS)
    assert tried
    assert repeats(RUN, CLAIMS, (), 0, 2) == tried
    assert repeats(RUN, CLAIMS, (), 1, 1) == {"a.c2"}


def test_the_same_parts_do_not_differ() -> None:
    assert differences(RUN, replace(RUN, boots=(), notes=("a note",))) == []


def test_another_kernel_is_told_in_one_line_by_both_names() -> None:
    now = replace(RUN, version="6.1.10-1", hashes={"image": "cc", "suites": "bb"})
    assert differences(RUN, now) == ["kernel was 6.1.9-1, and is 6.1.10-1"]


def test_other_suites_and_another_qemu_are_told_each() -> None:
    now = replace(RUN, qemu="11.0", hashes={"image": "aa", "suites": "dd", "kselftest-mm": "ee"})
    assert differences(RUN, now) == [
        "QEMU was 10.0.2, and is 11.0",
        "kselftest-mm was none, and is ee",
        "suites was bb, and is dd",
    ]
