"""Moving sources are asked where they are, and one that does not answer takes nothing away."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.kernels.apt import UntrustedError
from orchestrator.kernels.archive import Package
from orchestrator.model import DebianSource, DebianTrack, GitSource, GitTrack, Track, Tracked
from orchestrator.nightly import discovery
from orchestrator.nightly.discovery import Asker, Discovery, discover
from orchestrator.tests.kernels.repository import Repository, made

X86 = ARCHES["x86_64"]
SID, GONE = DebianTrack("sid", ("sid",), 1), DebianTrack("gone", ("gone",), 1)
OLD = Tracked("gone", "7.1.1-1", ("x86_64",), DebianSource(("gone",), "7.1.1-1"))


@pytest.fixture(autouse=True)
def archive(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was asked; of sid there is a kernel, and nothing else answers."""
    asked: list[list[str]] = []
    kernel = Package("linux-image-7.3.4-cloud-amd64", "7.3.4-1", "amd64", 1, "")

    def listings(
        suites: list[str], arches: object, cache: object, say: object, *, refresh: bool
    ) -> tuple[dict[str, list[Package]], list[str]]:
        assert refresh
        asked.append(suites)
        found = {suite: [kernel] if suite == "sid" else [] for suite in suites}
        return found, [f"suite {suite} is away" for suite in suites if suite != "sid"]

    monkeypatch.setattr(discovery, "listings", listings)
    return asked


def ask(tmp_path: Path, *tracks: Track, before: tuple[Tracked, ...] = ()) -> Discovery:
    return discover(tracks, Asker([X86], before, Cache(tmp_path / "cache"), lambda _: None))


def test_every_suite_is_asked_once(tmp_path: Path, archive: list[list[str]]) -> None:
    found = ask(tmp_path, SID, DebianTrack("both", ("experimental", "sid"), 1))
    assert archive == [["sid", "experimental"]]
    assert [one.name for one in found.tracked] == ["sid-7.3.4-1", "both-7.3.4-1"]


def test_one_that_is_away_leads_to_where_it_did_and_is_told(tmp_path: Path) -> None:
    found = ask(tmp_path, GONE, SID, before=(OLD,))
    assert [one.name for one in found.tracked] == ["gone-7.1.1-1", "sid-7.3.4-1"]
    assert found.troubles == (
        "suite gone is away",
        "track gone is as it was: there is no kernel for it in gone",
    )


def test_what_is_not_debians_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listings(*_: object, **__: object) -> None:
        raise UntrustedError("suite gone has a bad signature")

    monkeypatch.setattr(discovery, "listings", listings)
    found = ask(tmp_path, GONE, before=(OLD,))
    assert found.tracked == (OLD,)
    assert found.troubles[0] == "suite gone has a bad signature"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return made(tmp_path_factory.mktemp("git") / "linux")


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_branch_is_at_its_tip(tmp_path: Path, repository: Repository, form: str) -> None:
    repo = form.format(repository.place)
    track = GitTrack("mm", repo, "main", 2)
    first = repository.git("rev-parse", "main")
    before = ask(tmp_path, track).tracked
    assert before == (Tracked("mm", first, ("x86_64",), GitSource(repo, first)),)
    second = repository.commit(fork=f"{form}\n")
    assert [one.version for one in ask(tmp_path, track, before=before).tracked] == [first, second]


def test_a_branch_or_a_repository_that_is_not_there_is_told(
    tmp_path: Path, repository: Repository
) -> None:
    lost = GitTrack("lost", str(repository.place), "none", 1)
    nowhere = GitTrack("nowhere", str(tmp_path / "nothing"), "main", 1)
    found = ask(tmp_path, lost, nowhere, SID)
    assert [one.name for one in found.tracked] == ["sid-7.3.4-1"]
    assert "track lost is as it was" in found.troubles[0]
    assert "has no commit 'none'" in found.troubles[0]
    assert "is no git repository" in found.troubles[1]


def test_a_remote_that_is_away_is_not_taken_for_one_that_did_not_move(
    tmp_path: Path, repository: Repository
) -> None:
    there = tmp_path / "linux"
    there.symlink_to(repository.place)
    track = GitTrack("mm", f"file://{there}", "main", 1)
    before = ask(tmp_path, track).tracked
    there.unlink()
    found = ask(tmp_path, track, before=before)
    assert found.tracked == before
    assert "main is as it was" in found.troubles[0]
