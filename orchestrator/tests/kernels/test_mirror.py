"""Commits of a repository elsewhere: fetched once, asked for anew once a day."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.kernels import git, mirror
from orchestrator.tests.kernels.repository import Repository


def commit(
    repo: Repository, rev: str, cache: Cache, said: list[str], *, refresh: bool = False
) -> str:
    url = f"file://{repo.place}"
    place, name, _ = mirror.fetched(url, rev, cache, said.append, refresh)
    return git.committed(place, name, url).commit


def test_a_branch_is_asked_for_once_a_day_or_by_request(repo: Repository, cache: Cache) -> None:
    said: list[str] = []
    first = repo.git("rev-parse", "HEAD")
    assert commit(repo, "main", cache, said) == first
    second = repo.commit(madvise="two\n")
    assert commit(repo, "main", cache, said) == first
    assert said == [f"fetching main of file://{repo.place}"]
    assert commit(repo, "main", cache, said, refresh=True) == second
    third = repo.commit(madvise="three\n")
    for stamp in (cache.root / "git").glob("*/lab-*"):
        os.utime(stamp, (time.time() - 90_000,) * 2)
    assert commit(repo, "main", cache, said) == third
    assert len(said) == 3


def test_a_whole_id_means_the_same_for_ever(repo: Repository, cache: Cache) -> None:
    said: list[str] = []
    first = repo.git("rev-parse", "HEAD")
    repo.commit(madvise="two\n")
    assert commit(repo, first, cache, said) == first
    shutil.rmtree(repo.place)
    assert commit(repo, first, cache, said, refresh=True) == first


def test_what_was_fetched_does_when_the_repository_is_away(repo: Repository, cache: Cache) -> None:
    first = commit(repo, "main", cache, [])
    shutil.rmtree(repo.place)
    place, name, why = mirror.fetched(f"file://{repo.place}", "main", cache, lambda _: None, True)
    assert git.committed(place, name, "linux").commit == first
    assert why.startswith("main is as it was 0.0 days ago: ")


def test_what_cannot_be_fetched_is_said(repo: Repository, cache: Cache) -> None:
    with pytest.raises(InfraError) as caught:
        commit(repo, "v99", cache, [])
    assert "v99 cannot be fetched from file://" in caught.value.cause
    assert "couldn't find remote ref v99" in caught.value.cause
    assert caught.value.look == f"git ls-remote file://{repo.place}"
