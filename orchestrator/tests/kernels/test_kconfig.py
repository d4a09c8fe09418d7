"""Requests, absences, and what a finished configuration makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.kernels import kconfig
from orchestrator.kernels.kconfig import Absence
from orchestrator.kernels.recipe import RECIPES
from orchestrator.model import Release

V61 = Release.parse("6.1.192")


def absence(
    *options: str, arches: tuple[str, ...] = (), since: str = "", until: str = ""
) -> Absence:
    return Absence(
        options=options,
        why="because",
        arches=arches,
        since=Release.parse(since) if since else None,
        until=Release.parse(until) if until else None,
        place="absent.yaml:3:1",
    )


def write(tmp_path: Path, text: str, name: str = "a.config") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_requests_are_values_and_things_to_be_left_out(tmp_path: Path) -> None:
    text = '# why\n\nCONFIG_KSM=y\nCONFIG_PANIC_TIMEOUT=-1\nCONFIG_LOCALVERSION=""\n'
    path = write(tmp_path, text + "# CONFIG_SMP is not set\n")
    wanted = {"KSM": "y", "PANIC_TIMEOUT": "-1", "LOCALVERSION": '""', "SMP": "n"}
    assert kconfig.requested([path]) == wanted


def test_an_option_is_asked_for_once_in_all_files(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "CONFIG_KSM=y\n", "a.config"),
        write(tmp_path, "# CONFIG_KSM is not set\n", "b.config"),
    ]
    with pytest.raises(ConfigError, match=r"b\.config:1:1: KSM is asked for twice"):
        kconfig.requested(paths)


@pytest.mark.parametrize("line", ["KSM=y", "CONFIG_KSM", "# CONFIG_KSM is unset", " CONFIG_A=y"])
def test_a_line_that_asks_for_nothing_is_a_mistake(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigError, match=r"a\.config:1:1: not a request"):
        kconfig.requested([write(tmp_path, line + "\n")])


def test_nothing_to_say_about_a_configuration_that_is_as_asked() -> None:
    wanted = {"KSM": "y", "SMP": "n", "RSEQ": "y"}
    final = {"KSM": "y", "OTHER": "y"}
    absences = [absence("RSEQ", arches=("parisc",))]
    assert kconfig.complaints(wanted, final, absences, "parisc", V61) == []


def test_an_option_that_was_lost_without_a_word_is_complained_of() -> None:
    (said,) = kconfig.complaints({"KSM": "y"}, {}, [], "parisc", V61)
    assert said.startswith("CONFIG_KSM=y was asked for, but parisc 6.1.192 has it not set")


def test_so_is_one_with_another_value_and_one_that_was_to_be_off() -> None:
    wanted = {"PANIC_TIMEOUT": "-1", "SMP": "n"}
    first, second = kconfig.complaints(
        wanted, {"PANIC_TIMEOUT": "0", "SMP": "y"}, [], "parisc", V61
    )
    assert "CONFIG_PANIC_TIMEOUT=-1 was asked for, but parisc 6.1.192 has 0" in first
    assert "CONFIG_SMP=n was asked for, but parisc 6.1.192 has y" in second


def test_an_absence_that_did_not_come_about_is_complained_of() -> None:
    (said,) = kconfig.complaints({"KSM": "y"}, {"KSM": "y"}, [absence("KSM")], "parisc", V61)
    assert said == "absent.yaml:3:1: KSM is declared absent, but parisc 6.1.192 has it as asked for"


@pytest.mark.parametrize(
    ("given", "covers"),
    [
        (absence("A"), True),
        (absence("A", arches=("arm64",)), False),
        (absence("A", since="6.1"), True),
        (absence("A", since="6.2"), False),
        (absence("A", until="6.1"), False),
        (absence("A", until="6.2"), True),
        (absence("A", arches=("parisc",), since="5.10", until="6.2"), True),
    ],
)
def test_an_absence_speaks_of_arches_and_releases(given: Absence, covers: bool) -> None:
    assert given.covers("parisc", V61) is covers


def test_fragments_of_other_arches_are_left_alone(tmp_path: Path) -> None:
    for name in ("mm", "parisc", "arm64", "base"):
        write(tmp_path, "", f"{name}.config")
    found = kconfig.fragments(tmp_path, "parisc", ARCHES)
    assert [path.name for path in found] == ["base.config", "mm.config", "parisc.config"]


def test_absences_are_read_with_their_places(tmp_path: Path) -> None:
    text = (
        "# why\n- options: KSM\n  why: a\n- {options: [A, B], arches: parisc, until: 6.5, why: b}\n"
    )
    first, second = kconfig.load_absences(write(tmp_path, text, "absent.yaml"))
    assert (first.options, first.place) == (("KSM",), "absent.yaml:2:3")
    assert (second.options, second.arches) == (("A", "B"), ("parisc",))
    assert second.until == Release.parse("6.5")


def test_an_absence_needs_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'why' is missing"):
        kconfig.load_absences(write(tmp_path, "- options: KSM\n", "absent.yaml"))


def test_a_bound_that_is_no_release_is_a_mistake(tmp_path: Path) -> None:
    text = "- {options: KSM, since: soon, why: x}\n"
    with pytest.raises(ConfigError, match=r"absent.yaml:1:18: 'soon' is not a kernel release"):
        kconfig.load_absences(write(tmp_path, text, "absent.yaml"))


def test_the_labs_own_absences_are_all_of_options_that_it_asks_for() -> None:
    asked = {
        name
        for arch in ARCHES
        for name in kconfig.requested(kconfig.fragments(RECIPES, arch, ARCHES))
    }
    absences = kconfig.load_absences(RECIPES / "absent.yaml")
    assert {name for absence in absences for name in absence.options} <= asked
    assert {arch for absence in absences for arch in absence.arches} <= set(ARCHES)


def test_the_lab_asks_for_what_its_claims_need() -> None:
    asked = kconfig.requested(kconfig.fragments(RECIPES, "parisc", ARCHES))
    needed = ("ADVISE_SYSCALLS", "KSM", "SWAP", "USERFAULTFD", "MEMORY_FAILURE", "IO_URING")
    assert {asked[name] for name in (*needed, "PROC_PAGE_MONITOR", "COMPAT_32BIT_TIME")} == {"y"}
