"""lab cache: what it says, and that it removes what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestrator.cache import Cache
from orchestrator.tests.cli.lab import Lab

MIB = 1 << 20


@pytest.fixture
def old(lab: Lab) -> Cache:
    """A cache with two kernels, which nobody has used for long."""
    cache = Cache()
    for name in ("a", "b"):
        place = cache.make("kernels", name, _fill)
        for path in (place, place.with_name(f".{name}.lock")):
            os.utime(path, (100.0, 100.0))
    return cache


def _fill(place: Path) -> None:
    (place / "image").write_bytes(b"x" * MIB)


def test_each_kind_is_listed_with_its_size(lab: Lab, old: Cache) -> None:
    lines = lab("cache").out.splitlines()
    assert lines[1].split() == ["kernels", "2", "2.0", "MiB"]
    assert lines[-1].split() == ["all", "2", "2.0", "MiB"]


def test_an_empty_cache_is_one_too(lab: Lab) -> None:
    assert lab("cache", "--json").json["bytes"] == 0


def test_it_becomes_as_small_as_it_was_to(lab: Lab, old: Cache) -> None:
    foretold = lab("cache", "--prune", "1M", "--dry-run", "--json").json
    assert foretold["removed"] == ["kernels/a", "kernels/b"]
    assert old.root.joinpath("kernels", "a").is_dir()
    said = lab("cache", "--prune", "1M").out
    assert said.splitlines()[-1] == "2 things of 2.0 MiB removed"
    assert not old.root.joinpath("kernels", "a").exists()


def test_what_is_in_use_is_told(lab: Lab, old: Cache) -> None:
    for name in ("a", "b"):
        old.find("kernels", name)
    said = lab("cache", "--prune", "1M").out.splitlines()
    assert said[-2] == "0 things of 0.0 MiB removed"
    assert said[-1].startswith("2.0 MiB are left: the rest is in use")


def test_what_is_no_size_is_a_mistake(lab: Lab) -> None:
    said = lab("cache", "--prune", "lots")
    assert (said.code, said.err) == (2, "--prune: 'lots' is no size: write 20G or 500M\n")
