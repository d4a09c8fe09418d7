"""Whose fault it is: what each way of ending does to each claim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.model import (
    Attempt,
    Boot,
    Cell,
    Claim,
    Ending,
    Release,
    Rule,
    Run,
    Verdict,
)
from orchestrator.results.judge import judge, tries

CLAIMS = tuple(Claim(name, "…") for name in ("boot.userspace", "a.one", "a.two", "a.three"))
STARTED = "1..3\n# trying 1 a.one\nok 1 a.one\n# trying 2 a.two\n"


def run(*boots: Boot, infra: str = "") -> Run:
    return Run("6.1/arm64", "6.1", "arm64", Release(6, 1, 192), boots=boots, infra=infra)


def verdicts(run: Run) -> list[str]:
    return [cell.got.value for cell in judge(run, CLAIMS, ())]


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Ending.PANIC, "panic"),
        (Ending.SILENT, "timeout"),
        (Ending.DONE, "error"),
        (Ending.INFRA, "missing"),
    ],
)
def test_the_claim_in_flight_gets_what_the_ending_means(ending: Ending, expected: str) -> None:
    boot = Boot(1, ending, why="so it was", ready=1.0, ktap={"a": STARTED})
    assert verdicts(run(boot)) == ["missing", "pass", expected, "missing"]


SAID = "needs advice {} in the headers that this was built with"


@pytest.mark.parametrize(
    ("number", "suites_lack", "want"),
    [(25, (24, 25), "skip"), (25, (24,), "absent"), (25, (), "absent")],
    ids=["not in the headers", "the headers have it", "no headers but ours"],
)
def test_a_skip_for_want_of_a_number_is_wanted_where_the_headers_lack_it(
    number: int, suites_lack: tuple[int, ...], want: str
) -> None:
    ktap = {"a": f"1..1\n# trying 1 a.one\nok 1 a.one # SKIP {SAID.format(number)}\n"}
    boot = Boot(1, Ending.DONE, ready=1.0, ktap=ktap)
    rules = (Rule(("a.*",), Verdict.ABSENT, "since 6.1"),)
    built = replace(run(boot), headers="5.10", lacking=suites_lack)
    one = judge(built, CLAIMS, rules)[1]
    assert (one.got.value, one.want.value) == ("skip", want)


def test_the_guest_says_it_in_these_words() -> None:
    door = (Path(__file__).parents[3] / "guest-tests/support/door.c").read_text()
    assert SAID.format("%d") in door


@pytest.mark.parametrize(
    ("ending", "expected"),
    [(Ending.PANIC, "panic"), (Ending.SILENT, "timeout"), (Ending.FAILED, "fail")],
)
def test_a_kernel_that_never_became_ready_fails_one_claim(ending: Ending, expected: str) -> None:
    dead = run(Boot(1, ending, why="Kernel panic"))
    assert verdicts(dead) == [expected, "missing", "missing", "missing"]
    cells = judge(dead, CLAIMS, ())
    assert [cell.infra for cell in cells] == [False] * 4
    assert cells[1].note == "not reached: Kernel panic"


def test_what_the_host_broke_is_nobodys_verdict() -> None:
    cells = judge(run(Boot(1, Ending.INFRA, why="no QEMU"), infra="no QEMU"), CLAIMS, ())
    assert all(cell.got is Verdict.MISSING and cell.infra for cell in cells)
    assert not any(cell.surprise for cell in cells)


def test_a_later_boot_goes_on_and_the_first_verdict_stands() -> None:
    first = Boot(1, Ending.PANIC, why="Oops", ready=1.0, ktap={"a": STARTED})
    later = "1..3\n# trying 2 a.two\nok 2 a.two\n# trying 3 a.three\nok 3 a.three\n"
    cells = judge(run(first, Boot(2, Ending.DONE, ready=1.0, ktap={"a": later})), CLAIMS, ())
    assert [(cell.got.value, cell.boot) for cell in cells[1:]] == [
        ("pass", 1),
        ("panic", 1),
        ("pass", 2),
    ]


def test_a_boot_that_the_host_broke_may_be_made_good() -> None:
    first = Boot(1, Ending.INFRA, why="QEMU died", ready=1.0, ktap={"a": STARTED})
    later = "1..3\n# trying 2 a.two\nok 2 a.two\n"
    cells = judge(run(first, Boot(2, Ending.DONE, ready=1.0, ktap={"a": later})), CLAIMS, ())
    assert cells[2].got is Verdict.PASS


def test_the_last_rule_that_covers_wins_and_brings_its_reason() -> None:
    rules = (
        Rule(("a.*",), Verdict.ABSENT, "first", place="x:1:1"),
        Rule(("a.two",), Verdict.FAIL, "second", place="x:5:1"),
        Rule(("a.two",), Verdict.SKIP, "elsewhere", arches=("parisc",)),
    )
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"a": "not ok 2 a.two # broken\n"})
    cell = judge(run(boot), CLAIMS, rules)[2]
    assert (cell.want, cell.why, cell.place) == (Verdict.FAIL, "second", "x:5:1")
    assert cell.known_bug
    assert not cell.surprise


PANIC = "[ 1.0] a word\n[ 1.1] Kernel panic - not syncing: oh no\n[ 1.2]  cause+0x1/0x2\n"
WARNED = (
    "1..3\n# taint 0\n# trying 1 a.one\n"
    "# kmsg <4>[ 1.0] WARNING: mm/a.c:1 at f+0x1/0x2, CPU#0: a/1\nok 1 a.one\n"
)


def test_the_claim_in_flight_has_the_kernels_last_words() -> None:
    boot = Boot(1, Ending.PANIC, "…", ready=1.0, ktap={"a": STARTED}, splat=PANIC)
    (splat,) = judge(run(boot), CLAIMS, ())[2].splats
    assert (splat.title, splat.fingerprint) == (
        "Kernel panic - not syncing: oh no",
        "panic cause",
    )
    assert splat.excerpt == PANIC.rstrip()


def test_so_has_userspace_of_a_kernel_that_never_became_ready() -> None:
    cells = judge(run(Boot(1, Ending.PANIC, "…", splat=PANIC)), CLAIMS, ())
    assert [len(cell.splats) for cell in cells] == [1, 0, 0, 0]


def test_a_reset_without_a_word_is_a_splat_too() -> None:
    boot = Boot(1, Ending.PANIC, "no word", ready=1.0, ktap={"a": STARTED}, splat="last\nlines")
    (splat,) = judge(run(boot), CLAIMS, ())[2].splats
    assert (splat.kind, splat.title, splat.excerpt) == ("reset", "no word", "last\nlines")


def test_what_a_silent_kernel_complained_of_is_with_the_claim() -> None:
    stalled = "BUG: soft lockup - CPU#0 stuck for 22s! [a:1]\n"
    boot = Boot(1, Ending.SILENT, "…", ready=1.0, ktap={"a": STARTED}, splat=stalled)
    cell = judge(run(boot), CLAIMS, ())[2]
    assert (cell.got, [s.title for s in cell.splats]) == (Verdict.TIMEOUT, ["BUG: soft lockup"])


def test_a_splat_beside_a_pass_is_a_surprise_unless_a_rule_allows_it() -> None:
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"a": WARNED})
    allowed = Rule(("a.one",), Verdict.PASS, "it says so", splat="WARNING at mm/a.c *")
    other = Rule(("a.one",), Verdict.PASS, "it says so", splat="BUG: *")
    for rules, surprise in (((), True), ((other,), True), ((allowed,), False)):
        cell = judge(run(boot), CLAIMS, rules)[1]
        assert (cell.got, cell.want, cell.surprise) == (Verdict.PASS, Verdict.PASS, surprise)
        assert [splat.title for splat in cell.splats] == ["WARNING at mm/a.c in f"]
        assert cell.unexpected_splats == (cell.splats if surprise else ())


def test_a_panic_that_is_wanted_is_allowed_in_any_words_or_in_those_of_the_rule() -> None:
    boot = Boot(1, Ending.PANIC, "…", ready=1.0, ktap={"a": STARTED}, splat=PANIC)
    for pattern, surprise in (("", False), ("*oh no", False), ("*out of memory*", True)):
        rule = Rule(("a.two",), Verdict.PANIC, "a bug", splat=pattern)
        assert judge(run(boot), CLAIMS, (rule,))[2].surprise == surprise


def test_a_splat_that_does_not_come_is_not_missed() -> None:
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"a": "ok 1 a.one\n"})
    rule = Rule(("a.one",), Verdict.PASS, "once a boot", splat="WARNING *")
    assert not judge(run(boot), CLAIMS, (rule,))[1].surprise


# ---- tried again


def again(number: int, text: str, ending: Ending = Ending.DONE) -> Boot:
    return Boot(number, ending, "Oops", ready=1.0, ktap={"a": text}, retry_of=("a.one",))


def first(run: Run) -> Cell:
    return judge(run, CLAIMS, ())[1]


BAD, GOOD = "not ok 1 a.one # broken\n", "ok 1 a.one\n"


def test_a_surprise_that_is_confirmed_is_no_flake() -> None:
    cell = first(run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), again(2, BAD)))
    assert cell.attempts == (Attempt(1, Verdict.FAIL, "broken"), Attempt(2, Verdict.FAIL, "broken"))
    assert (cell.flaky, cell.surprise, cell.as_wanted) == (False, True, 0)


def test_attempts_that_differ_make_it_flaky_and_the_first_verdict_stands() -> None:
    seen = run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), again(2, GOOD), again(3, GOOD))
    cell = first(seen)
    assert (cell.got, cell.boot, cell.note) == (Verdict.FAIL, 1, "broken")
    assert (cell.flaky, cell.surprise, cell.as_wanted) == (True, True, 2)


def test_a_flake_is_a_surprise_even_where_its_first_verdict_is_wanted() -> None:
    rules = (Rule(("a.one",), Verdict.FAIL, "bug 1"),)
    seen = run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), again(2, GOOD))
    cell = judge(seen, CLAIMS, rules)[1]
    assert cell.got is cell.want
    assert (cell.flaky, cell.surprise, cell.known_bug) == (True, True, False)


def test_a_death_in_a_repetition_is_an_attempt() -> None:
    tried = again(2, "# trying 1 a.one\n", Ending.PANIC)
    cell = first(run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), tried))
    assert [attempt.verdict for attempt in cell.attempts] == [Verdict.FAIL, Verdict.PANIC]


def test_what_the_host_broke_is_no_attempt() -> None:
    tried = again(2, "# trying 1 a.one\n", Ending.INFRA)
    assert len(first(run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), tried)).attempts) == 1


def test_a_repetition_speaks_only_of_what_it_repeats() -> None:
    tried = again(2, GOOD + "ok 3 a.three\n")
    cells = judge(run(Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD}), tried), CLAIMS, ())
    assert cells[3].got is Verdict.MISSING


def test_a_kernel_that_comes_up_only_sometimes_is_flaky() -> None:
    dead = Boot(1, Ending.SILENT, "not ready after 60 s")
    alive = Boot(2, Ending.DONE, ready=1.0, ktap={"boot": "ok 1 boot.userspace\n"})
    cell = judge(run(dead, alive), CLAIMS, ())[0]
    assert (cell.got, cell.flaky) == (Verdict.TIMEOUT, True)


def test_a_second_line_about_a_claim_in_one_boot_is_no_attempt() -> None:
    boot = Boot(1, Ending.DONE, ready=1.0, ktap={"a": BAD + GOOD, "b": GOOD})
    assert len(first(run(boot)).attempts) == 1


def test_every_try_of_a_boot_has_its_verdict() -> None:
    once = "KTAP version 1\n1..1\n# trying 1 a.one\n{} 1 a.one\n"
    dying = "KTAP version 1\n1..1\n# trying 1 a.one\n"
    said = once.format("ok") + once.format("not ok") + dying
    boot = Boot(1, Ending.PANIC, ready=1.0, ktap={"a": said})
    assert tries(boot, "a.one") == (Verdict.PASS, Verdict.FAIL, Verdict.PANIC)
    assert tries(boot, "a.other") == tries(boot, "b.one") == ()
    assert tries(Boot(1, Ending.PANIC), "a.one") == ()
