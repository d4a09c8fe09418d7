"""lab kernels: what the archive offers, for people and for programs; and a ready image to run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from orchestrator.cli import kernels
from orchestrator.kernels.archive import Package
from orchestrator.model import ImageSource, Target
from orchestrator.tests.cli.lab import Lab
from orchestrator.tests.cli.test_run import Guests, guests
from orchestrator.tests.kernels.test_imagefile import X86, bzimage, elf

__all__ = ["guests"]  # the fixture

LISTS = {
    "trixie": [
        Package("linux-image-6.12.9-cloud-amd64", "6.12.9-1", "amd64", 27_400_000, "a"),
        Package("linux-image-6.12.9-cloud-arm64", "6.12.9-1", "arm64", 28_000_000, "b"),
        Package("linux-source-6.12", "6.12.9-1", "all", 150_000_000, "c"),
    ]
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Which suites were asked for."""
    suites: list[Sequence[str]] = []

    def listings(
        wanted: Sequence[str], arches: object, cache: object, say: object, *, refresh: bool
    ) -> tuple[dict[str, list[Package]], list[str]]:
        suites.append(wanted)
        return LISTS, ["the archive has no suite bullseye-backports"]

    monkeypatch.setattr(kernels, "listings", listings)
    return suites


def test_what_the_archive_offers_for_the_labs_arches(lab: Lab, asked: list[Sequence[str]]) -> None:
    answer = lab("kernels", "--available")
    assert answer.code == 0
    rows = [line.split() for line in answer.out.splitlines()[1:]]
    assert rows == [
        ["x86_64", "6.12.9-1", "trixie", "cloud-amd64", "27", "MB"],
        ["parisc", "6.12.9-1", "trixie", "source", "150", "MB"],
    ]
    assert "no suite bullseye-backports" in answer.err
    assert asked == [
        ["bullseye", "bullseye-security", "bullseye-updates", "bullseye-backports",
         "trixie", "trixie-security", "trixie-updates", "trixie-backports"],
    ]  # fmt: skip


def test_for_programs_and_for_another_arch_and_suite(lab: Lab, asked: list[Sequence[str]]) -> None:
    words = ("kernels", "--available", "--arch", "arm*", "--suite", "sid", "--json")
    said = lab(*words).json
    assert asked == [["sid"]]
    assert said["notes"] == ["the archive has no suite bullseye-backports"]
    assert said["kernels"] == [
        {
            "arch": "arm64",
            "version": "6.12.9-1",
            "suites": ["trixie"],
            "builds": [{"flavour": "cloud-arm64", "size": 28_000_000, "cached": False}],
        }
    ]


def test_without_it_the_labs_own_are_listed(lab: Lab) -> None:
    assert [row["kernel"] for row in lab("kernels", "--json").json] == ["5.10", "6.12"]


@pytest.mark.parametrize("words", [("--arch", "x86_64"), ("--refresh",)])
def test_what_belongs_to_the_archive_does_not_go_without_it(
    lab: Lab, words: tuple[str, ...]
) -> None:
    answer = lab("kernels", *words)
    assert (answer.code, "are for `lab kernels --available`" in answer.err) == (2, True)


def test_an_arch_that_there_is_not(lab: Lab, asked: list[Sequence[str]]) -> None:
    answer = lab("kernels", "--available", "--arch", "sparc")
    assert answer.code == 2
    assert "no arch matches sparc; there are: x86_64, arm64, parisc" in answer.err


# ---- lab run --kernel-image


def test_an_image_is_a_target_without_a_line_in_lab_yaml(lab: Lab, guests: Guests) -> None:
    place = lab.root / "bzImage"
    place.write_bytes(bzimage(elf(X86)))
    lab("run", "--kernel-image", str(place))
    assert guests.targets == ["bzImage/x86_64"]
    lab("run", "--kernel-image", str(place), "--kernel", "6.12", "--arch", "x86_64")
    assert guests.targets == ["6.12/x86_64", "bzImage/x86_64"]


def test_its_modules_and_configuration_come_with_it(lab: Lab, guests: Guests) -> None:
    seen: list[object] = []

    def boot(target: Target) -> None:
        seen.append(target.kernel.source)

    guests.seen = boot
    place = lab.root / "5.10"
    place.write_bytes(bzimage(elf(X86)))
    lab("run", "--kernel-image", str(place), "--modules", "m", "--kernel-config", "c")
    (source,) = seen
    assert isinstance(source, ImageSource)
    assert [str(source.image), str(source.modules), str(source.config)] == [str(place), "m", "c"]


def test_an_interrupted_run_of_an_image_is_finished_with_it(lab: Lab, guests: Guests) -> None:
    place = lab.root / "bzImage"
    place.write_bytes(bzimage(elf(X86)))
    guests.seen = lambda target: None
    lab("run", "--kernel-image", str(place))
    assert "has no such target" in lab("run", "--resume").err
    lab("run", "--resume", "--kernel-image", str(place))
    assert guests.targets == ["bzImage/x86_64"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kernel-image", "gone"], "gone cannot be read: No such file"),
        (["--kernel-image", "text"], "is not a kernel that can be booted here"),
        (
            ["--kernel-image", "bzImage", "--arch", "arm64"],
            "is a 64-bit kernel for x86, not one for arm64",
        ),
        (["--modules", "m"], "--modules and --kernel-config are of a --kernel-image"),
    ],
)
def test_what_is_wrong_with_an_image_is_said_before_anything_is_booted(
    lab: Lab, guests: Guests, words: list[str], said: str
) -> None:
    lab.monkeypatch.chdir(lab.root)
    (lab.root / "bzImage").write_bytes(bzimage(elf(X86)))
    (lab.root / "text").write_text("text")
    answer = lab("run", *words)
    assert answer.code == 2
    assert said in answer.err
    assert guests.targets == []
