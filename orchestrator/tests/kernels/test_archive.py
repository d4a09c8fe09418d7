"""A suite's view: when its lists are fetched, and what happens when they cannot be."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.errors import InfraError
from orchestrator.kernels import apt
from orchestrator.kernels.archive import Archive, Package, parse

DATA = Path(__file__).parents[1] / "testdata" / "kernels"
DAY = 24 * 3600.0


class Apt:
    """Stands in for the programs: remembers what was run, answers or fails as told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ran: list[str] = []
        self.failure = ""
        self.does: Callable[[Path], object] = lambda directory: None
        monkeypatch.setattr(command, "run", self)
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(apt, "KEYRING", DATA)

    def __call__(self, argv: Sequence[str], cwd: Path | None = None) -> bytes:
        self.ran.append(" ".join(argv[4:]))
        if self.failure:
            raise InfraError(self.failure)
        if cwd:
            self.does(cwd)
        return (DATA / "bullseye-security.packages").read_bytes()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Apt:
    return Apt(monkeypatch)


def archive(tmp_path: Path) -> Archive:
    return Archive("bullseye-security", tmp_path, ["amd64", "arm64"])


def quiet(words: str) -> None:
    pass


def test_lists_are_fetched_once_a_day(program: Apt, tmp_path: Path) -> None:
    for _ in range(3):
        assert archive(tmp_path).refresh(time.time() - DAY, quiet) == ""
    assert program.ran == ["update --error-on=any"]


def test_older_lists_are_fetched_anew(program: Apt, tmp_path: Path) -> None:
    mine = archive(tmp_path)
    mine.refresh(time.time() - DAY, quiet)
    (stamp,) = tmp_path.glob("*/fetched")
    os.utime(stamp, (0, time.time() - DAY - 60))
    mine.refresh(time.time() - DAY, quiet)
    assert len(program.ran) == 2


def test_older_lists_do_when_the_archive_is_away_and_that_is_said(
    program: Apt, tmp_path: Path
) -> None:
    mine = archive(tmp_path)
    mine.refresh(time.time() - DAY, quiet)
    program.failure = "E: Failed to fetch http://x  Could not resolve 'x'"
    why = mine.refresh(time.time(), quiet)
    assert "bullseye-security cannot be had" in why
    assert "Could not resolve" in why


def test_an_archive_that_is_away_is_not_asked_again_at_once(program: Apt, tmp_path: Path) -> None:
    mine = archive(tmp_path)
    mine.refresh(time.time() - DAY, quiet)
    (stamp,) = tmp_path.glob("*/fetched")
    os.utime(stamp, (0, time.time() - DAY - 60))
    program.failure = "E: Failed to fetch http://x  Could not resolve 'x'"
    first = mine.refresh(time.time() - DAY, quiet)
    assert mine.refresh(time.time() - DAY, quiet) == first
    assert len(program.ran) == 2


def test_without_older_lists_there_is_nothing_to_go_on_with(program: Apt, tmp_path: Path) -> None:
    program.failure = "E: Failed to fetch http://x  Could not resolve 'x'"
    with pytest.raises(apt.AwayError, match="Could not resolve"):
        archive(tmp_path).refresh(time.time(), quiet)


def test_a_bad_signature_is_never_passed_over(program: Apt, tmp_path: Path) -> None:
    mine = archive(tmp_path)
    mine.refresh(time.time() - DAY, quiet)
    program.failure = "E: Failed to fetch http://x  The following signatures were invalid: BADSIG"
    with pytest.raises(apt.UntrustedError):
        mine.refresh(time.time(), quiet)


def test_another_mirror_is_another_view(
    program: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path).refresh(time.time() - DAY, quiet)
    monkeypatch.setenv("LAB_DEBIAN_SECURITY_MIRROR", "http://elsewhere.example/security")
    archive(tmp_path).refresh(time.time() - DAY, quiet)
    assert len(program.ran) == 2
    written = {path.read_text() for path in tmp_path.glob("*/sources.list")}
    assert (
        sum("http://elsewhere.example/security bullseye-security main" in t for t in written) == 1
    )


def test_packages_are_read_as_apt_shows_them(program: Apt, tmp_path: Path) -> None:
    mine = archive(tmp_path)
    mine.refresh(0, quiet)
    found = {package.file: package for package in mine.packages()}
    package = found["linux-source-5.10_5.10.262-1_all.deb"]
    assert (package.size, package.sha256[:8]) == (121947504, "4f011483")


def test_a_suite_without_any_kernel_lists_none(program: Apt, tmp_path: Path) -> None:
    mine = archive(tmp_path)
    mine.refresh(0, quiet)
    program.failure = "apt-cache show exited with 100:\n    E: No packages found"
    assert mine.packages() == []
    program.failure = "apt-cache show exited with 100:\n    E: The package cache is damaged"
    with pytest.raises(InfraError):
        mine.packages()


def test_a_package_is_asked_for_by_arch_and_version(program: Apt, tmp_path: Path) -> None:
    program.does = lambda directory: (directory / "linux-image-x_1_arm64.deb").write_text("deb")
    mine = archive(tmp_path)
    deb = mine.fetch(Package("linux-image-x", "1", "arm64", 3, ""), tmp_path, quiet)
    assert deb.read_text() == "deb"
    program.does = lambda directory: (directory / "linux-source-6.1_2_all.deb").write_text("deb")
    mine.fetch(Package("linux-source-6.1", "2", "all", 3, ""), tmp_path, quiet)
    assert program.ran == ["download linux-image-x:arm64=1", "download linux-source-6.1=2"]


def test_what_is_listed_and_not_there_is_gone(program: Apt, tmp_path: Path) -> None:
    program.failure = "E: Failed to fetch http://m/p.deb  404  Not Found [IP: 127.0.0.1 80]"
    with pytest.raises(apt.GoneError, match=r"linux-image-x_1_arm64\.deb is listed"):
        archive(tmp_path).fetch(Package("linux-image-x", "1", "arm64", 3, ""), tmp_path, quiet)


def test_a_host_without_apt_is_told_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InfraError, match="apt-get is not installed"):
        archive(tmp_path).refresh(0, quiet)


def test_dependencies_are_kept_to_tell_metapackages() -> None:
    shown = (DATA / "trixie-backports.packages").read_text()
    found = {package.name: package for package in parse(shown)}
    assert "linux-binary-7.2.12" in found["linux-image-7.2.12+deb13-cloud-amd64"].depends
