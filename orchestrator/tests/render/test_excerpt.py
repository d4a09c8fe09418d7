from dataclasses import replace

from orchestrator.render.excerpt import around, excerpts, said
from orchestrator.tests import matrices

TEXT = """KTAP version 1
1..4
# trying 1 a.one
ok 1 a.one
# trying 2 a.two
a line of the kernel's log
not ok 2 a.two # a.c:3: expected this
# trying 3 a.two-and-more
ok 3 a.two-and-more
ok 4 a.four
"""


def test_from_a_little_before_to_a_little_after() -> None:
    assert around(TEXT, "a.two") == tuple(TEXT.splitlines()[2:9])


def test_a_claim_is_not_found_in_a_longer_name() -> None:
    assert around(TEXT.replace(" a.two\n", "\n").replace(" a.two ", " "), "a.two") == ()


def test_a_claim_is_not_found_at_the_end_of_another_word() -> None:
    assert said("ok 1 b-a.one\nok 2 a.two\n", "a") == {"a.two": "ok 2 a.two"}


def test_each_claim_has_its_own_lines() -> None:
    found = said(TEXT, "a")
    assert list(found) == ["a.one", "a.two", "a.two-and-more", "a.four"]
    assert found["a.one"] == "# trying 1 a.one\nok 1 a.one"


def test_what_was_never_said_has_no_lines() -> None:
    assert around("", "a.one") == ()
    assert around(TEXT, "a.five") == ()


def test_a_long_log_in_between_is_cut_in_the_middle() -> None:
    log = "\n".join(f"log {number}" for number in range(500))
    lines = around(TEXT.replace("a line of the kernel's log", log), "a.two")
    assert len(lines) == 61
    assert lines[30] == "[446 lines left out]"
    assert lines[2] == "# trying 2 a.two"
    assert lines[-3] == "not ok 2 a.two # a.c:3: expected this"


def test_every_boot_that_spoke_is_heard() -> None:
    suite = matrices.suite("a", "one")
    run = matrices.run("6.1", "arm64", (suite,))
    first = run.boots[0]
    torn = replace(first, ktap={"a": "1..1\n# trying 1 a.one\n"})
    run = replace(run, boots=(torn, replace(first, number=2), replace(first, number=3, ktap={})))
    found = excerpts(run, "a.one")
    assert found[1] == ("1..1", "# trying 1 a.one")
    assert list(found) == [1, 2]
