"""What of the cache may go, what goes first, and what is never taken from under anybody."""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from filelock import FileLock

from orchestrator import inuse, prune
from orchestrator.cache import Cache
from orchestrator.prune import Entry

MIB = 1 << 20
DAY = 24 * 3600.0


def entry(name: str, used: float, size: int = MIB, *, again: bool = True) -> Entry:
    return Entry(Path("kernels") / name, size, used, again)


def names(going: tuple[Entry, ...]) -> list[str]:
    return [one.place.name for one in going]


def made(cache: Cache, name: str, used: float) -> Path:
    """An entry of 2 MiB that was used at that time."""
    place = cache.make("kernels", name, lambda to: _fill(to / "image"))
    for path in (place, place.with_name(f".{name}.lock")):
        os.utime(path, (used, used))
    return place


def _fill(path: Path) -> None:
    path.write_bytes(b"x" * 2 * MIB)


# ---- which


def test_what_was_not_used_for_longest_goes_until_it_is_enough() -> None:
    there = [entry("new", 3), entry("old", 1), entry("older", 0)]
    assert names(prune.surplus(there, 3 * MIB, math.inf)) == []
    assert names(prune.surplus(there, 2 * MIB, math.inf)) == ["older"]
    assert names(prune.surplus(there, 2 * MIB - 1, math.inf)) == ["older", "old"]


def test_what_may_be_in_use_stays_however_large() -> None:
    there = [entry("idle", 1), entry("used", 2, 99 * MIB)]
    assert names(prune.surplus(there, 0, since=2.0)) == ["idle"]


def test_what_is_small_or_has_no_second_copy_stays() -> None:
    there = [entry("answer", 0, 4096), entry("lists", 0, again=False), entry("kernel", 1)]
    assert names(prune.surplus(there, 0, math.inf)) == ["kernel"]


@pytest.mark.parametrize(("text", "size"), [("500M", 500 * MIB), ("20G", 20480 * MIB)])
def test_a_size_is_a_number_and_a_unit(text: str, size: int) -> None:
    assert prune.bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "20", "20g", "-1G", "1.5G", "20 G"])
def test_what_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write 20G or 500M"):
        prune.bytes_of(text)


# ---- what there is


def test_all_that_is_there_is_counted_and_what_can_be_made_again_is_told(tmp_path: Path) -> None:
    made(Cache(tmp_path), "a", 100.0)
    (tmp_path / "apt" / "sid").mkdir(parents=True)
    (tmp_path / "apt" / "sid" / "Packages").write_bytes(b"x" * MIB)
    lists, kernel = prune.held(tmp_path)
    assert (lists.kind, lists.again, kernel.kind, kernel.again) == ("apt", False, "kernels", True)
    assert kernel.used == 100.0
    assert kernel.size >= 2 * MIB > lists.size >= MIB


def test_a_file_elsewhere_is_not_counted_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * MIB)
    place = tmp_path / "cache" / "kind" / "a"
    place.mkdir(parents=True)
    (place / "link").symlink_to(tmp_path / "large")
    assert prune.size(place) < MIB


# ---- gone, or not


def test_what_goes_is_gone_and_made_again_when_it_is_wanted(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    place = made(cache, "a", 100.0)
    assert names(tuple(prune.remove(prune.held(tmp_path)))) == ["a"]
    assert cache.find("kernels", "a") is None
    assert [path.name for path in place.parent.iterdir()] == [".a.lock"]
    assert made(cache, "a", 100.0) == place


def test_what_was_used_meanwhile_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    place = made(cache, "a", 100.0)
    going = prune.held(tmp_path)
    assert cache.find("kernels", "a") == place
    assert list(prune.remove(going)) == []
    assert place.is_dir()


def test_what_somebody_builds_in_stays(tmp_path: Path) -> None:
    place = made(Cache(tmp_path), "a", 100.0)
    going = prune.held(tmp_path)
    with FileLock(place.with_name(".a.lock")):
        assert list(prune.remove(going)) == []
    assert place.is_dir()


# ---- who lives


def _use(root: Path, name: str, told: Connection) -> None:
    Cache(root).find("kernels", name)
    told.send("used")
    told.recv()


@contextmanager
def another(root: Path, name: str) -> Iterator[multiprocessing.context.SpawnProcess]:
    """A process that uses an entry, and lives."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_use, args=(root, name, theirs))
    process.start()
    try:
        assert ours.recv() == "used"
        yield process
    finally:
        process.kill()
        process.join()


def test_what_a_process_that_lives_has_used_stays_until_it_dies(tmp_path: Path) -> None:
    place = tmp_path / "kernels" / "a"
    place.mkdir(parents=True)
    _fill(place / "image")
    place.with_name(".a.lock").touch()
    os.utime(place, (100.0, 100.0))
    assert inuse.since(tmp_path) == math.inf
    with another(tmp_path, "a"):
        assert inuse.since(tmp_path) <= place.stat().st_mtime
        assert prune.surplus(prune.held(tmp_path), 0, inuse.since(tmp_path)) == ()
    assert inuse.since(tmp_path) == math.inf
    assert list((tmp_path / ".users").iterdir()) == []
    assert names(prune.surplus(prune.held(tmp_path), 0, inuse.since(tmp_path))) == ["a"]


def test_a_cache_that_cannot_be_written_to_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made(Cache(tmp_path), "a", 100.0)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert Cache(tmp_path).find("kernels", "a") == place
