"""expect.yaml: rules with their places; a rule that nobody would miss is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestrator import expectations
from orchestrator.errors import ConfigError
from orchestrator.model import Release, Verdict, kselftest_suite


def suite_with(tmp_path: Path, text: str) -> Path:
    place = tmp_path / "guest-tests"
    (place / "a").mkdir(parents=True)
    (place / "a" / "expect.yaml").write_text(text)
    return place


def test_a_rule_is_read_with_all_it_says(tmp_path: Path) -> None:
    text = """\
# a comment
- claims: [a.x, a.y-*]
  until: 6.13
  backports: [6.12.64]
  arches: parisc
  config: {KSM: false}
  want: absent
  why: 662df3e5c376
"""
    with pytest.raises(ConfigError, match=r"guest-tests/a/expect\.yaml:5:3"):
        expectations.load(suite_with(tmp_path, text))
    fixed = text.replace("arches: parisc", "arches: [parisc]")
    (rule,) = expectations.load(suite_with(tmp_path / "2", fixed))
    assert rule.claims == ("a.x", "a.y-*")
    assert (rule.until, rule.backports) == (Release(6, 13), (Release(6, 12, 64),))
    assert (rule.arches, rule.config, rule.want) == (
        ("parisc",), (("KSM", False),), Verdict.ABSENT,
    )  # fmt: skip
    assert rule.place == "guest-tests/a/expect.yaml:2:3"


def test_a_suite_does_not_know_what_a_lab_calls_its_kernels(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: a.x, want: fail, why: y, kernels: mine}\n")
    with pytest.raises(ConfigError, match=r"expect.yaml:1:37: what a kernel is called is"):
        expectations.load(place)


def test_only_comments_mean_that_all_claims_pass(tmp_path: Path) -> None:
    assert expectations.load(suite_with(tmp_path, "# nothing to say\n")) == ()


def test_a_suite_speaks_of_its_own_claims(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: b.x, want: fail, why: y}\n")
    with pytest.raises(ConfigError, match=r"'b\.x' is not about suite 'a'"):
        expectations.load(place)


def test_a_pattern_without_a_claim_is_idle(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: [a.one, a.tow], want: fail, why: y}\n")
    said = expectations.idle(expectations.load(place), ["a.one", "a.two"])
    assert said == [
        "guest-tests/a/expect.yaml:1:3: 'a.tow' matches no claim (did you mean 'a.two'?)"
    ]


def test_a_claim_that_no_rule_speaks_of_has_no_source(tmp_path: Path) -> None:
    rules = expectations.load(suite_with(tmp_path, "- {claims: a.o*, want: pass, why: y}\n"))
    assert expectations.unsourced(rules, ["a.one"]) == []
    (said,) = expectations.unsourced(rules, ["a.one", "a.two"])
    assert said.startswith("guest-tests/a/expect.yaml: no rule speaks of a.two")


def test_a_rule_expires_on_its_day(tmp_path: Path) -> None:
    text = "- {claims: a.*, want: pass, why: y, expires: 2026-03-01, bug: 'https://bug/1'}\n"
    rules = expectations.load(suite_with(tmp_path, text))
    assert rules[0].bug == "https://bug/1"
    assert expectations.expired(rules, date(2026, 2, 28)) == []
    assert expectations.expired(rules, date(2026, 3, 1)) == [
        "guest-tests/a/expect.yaml:1:3: expired on 2026-03-01: look whether it still holds "
        "(https://bug/1)"
    ]


@pytest.mark.parametrize("more", ["bug: '12345'", "expires: soon", "expires: 2026-02-30"])
def test_a_bug_is_an_address_and_an_end_a_day(tmp_path: Path, more: str) -> None:
    place = suite_with(tmp_path, f"- {{claims: a.*, want: pass, why: y, {more}}}\n")
    with pytest.raises(ConfigError, match=r"expect\.yaml:1:"):
        expectations.load(place)


def test_a_rule_that_calls_a_kernel_wrong_needs_a_program(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: a.one, want: fail, why: y}\n")
    (said,) = expectations.unproven(expectations.load(place), ["a"])
    assert said.startswith("guest-tests/a/expect.yaml:1:3: wants 'fail' of a kernel")
    assert expectations.unproven(expectations.load(place), ["b"]) == []


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: a.one, want: fail, why: y, reproducer: dofrok.c}\n")
    (place / "reproducers").mkdir()
    (place / "reproducers" / "dofork.c").touch()
    with pytest.raises(ConfigError, match=r"1:39: .*dofrok\.c \(did you mean 'dofork\.c'"):
        expectations.load(place)


def test_a_splat_is_named_by_what_the_kernel_says(tmp_path: Path) -> None:
    text = "- {claims: a.x, want: pass, why: a bug, splat: 'WARNING at mm/*'}\n"
    (rule,) = expectations.load(suite_with(tmp_path, text))
    assert rule.splat == "WARNING at mm/*"
    with pytest.raises(ConfigError, match=r"expect\.yaml:1:3: .*'splat' fits any title"):
        expectations.load(suite_with(tmp_path / "2", text.replace("WARNING at mm/*", "*")))


def test_only_a_bug_has_a_program(tmp_path: Path) -> None:
    place = suite_with(tmp_path, "- {claims: a.one, want: pass, why: y, reproducer: x.c}\n")
    with pytest.raises(ConfigError, match="a reproducer is of a bug, and 'pass' is none"):
        expectations.load(place)


def test_a_directory_of_the_kernels_own_tests_is_called_otherwise(tmp_path: Path) -> None:
    place = tmp_path / "images" / "kselftest"
    for name in ("mm", "net/tcp"):
        (place / name).mkdir(parents=True)
        suite = kselftest_suite(name)
        (place / name / "expect.yaml").write_text(f"- {{claims: {suite}.x, want: fail, why: y}}\n")
    rules = expectations.load(place, kselftest_suite, tmp_path)
    assert [(rule.claims, rule.place) for rule in rules] == [
        (("kselftest-mm.x",), "images/kselftest/mm/expect.yaml:1:3"),
        (("kselftest-net-tcp.x",), "images/kselftest/net/tcp/expect.yaml:1:3"),
    ]


def test_the_labs_own_expectations_are_well_formed() -> None:
    root = Path(__file__).parents[2]
    assert expectations.load(root / "guest-tests") is not None
    assert expectations.load(root / "images" / "kselftest", kselftest_suite, root) is not None
