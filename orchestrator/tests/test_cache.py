"""What is in the cache is whole, was made once, and is found by all that went into it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orchestrator import cache
from orchestrator.cache import Cache
from orchestrator.errors import InfraError

MAKE = """
import sys, time
from pathlib import Path
from orchestrator.cache import Cache

def produce(directory):
    with Path(sys.argv[2]).open("a") as file:
        file.write("made\\n")
    time.sleep(0.2)
    (directory / "file").write_text("text")

print(Cache(Path(sys.argv[1])).make("things", "key", produce))
"""


def writing(text: str) -> cache.Produce:
    def produce(directory: Path) -> None:
        (directory / "file").write_text(text)

    return produce


def refuse(directory: Path) -> None:
    pytest.fail("it was there already")


# ---- keys


def test_a_digest_is_sixteen_hex_digits_and_lasts() -> None:
    # Were it to change, every cache would be made anew.
    assert cache.digest("one", b"two") == "498df273324bee20"
    assert cache.digest("é") == cache.digest("é".encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b"), ("b", "a")),
        (("ab", "c"), ("a", "bc")),
        (("a", ""), ("a",)),
        (("", "a"), ("a", "")),
        (("a",), ("A",)),
    ],
)
def test_order_and_borders_count(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert cache.digest(*one) != cache.digest(*other)


def test_a_files_digest_is_what_sha256sum_says(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "file").write_bytes(data)
    assert cache.file_digest(tmp_path / "file") == hashlib.sha256(data).hexdigest()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    for name in ("one", "sub/two"):
        (tmp_path / "tree" / name).write_text(name)
    return tmp_path / "tree"


def key(tree: Path) -> str:
    return cache.tree_digest((path for path in tree.rglob("*") if path.is_file()), tree)


def test_a_tree_has_the_same_key_wherever_it_is_and_in_whatever_order(tree: Path) -> None:
    before = key(tree)
    moved = tree.rename(tree.with_name("moved"))
    assert key(moved) == before
    assert cache.tree_digest([moved / "sub" / "two", moved / "one"], moved) == before


@pytest.mark.parametrize("change", ["contents", "name", "x bit", "one more", "swap"])
def test_every_change_of_a_tree_changes_its_key(tree: Path, change: str) -> None:
    before = key(tree)
    if change == "contents":
        (tree / "one").write_text("two")
    elif change == "name":
        (tree / "one").rename(tree / "three")
    elif change == "x bit":
        (tree / "one").chmod(0o755)
    elif change == "one more":
        (tree / "empty").touch()
    else:
        (tree / "one").write_text("sub/two")
        (tree / "sub" / "two").write_text("one")
    assert key(tree) != before


# ---- entries


def test_what_is_made_once_is_found_later(tmp_path: Path) -> None:
    made = Cache(tmp_path).make("things", "key", writing("text"))
    assert (made / "file").read_text() == "text"
    assert Cache(tmp_path).make("things", "key", refuse) == made
    assert Cache(tmp_path).find("things", "key") == made == tmp_path / "things" / "key"


def test_keys_and_kinds_are_kept_apart(tmp_path: Path) -> None:
    mine = Cache(tmp_path)
    mine.make("things", "key", writing("1"))
    assert (mine.make("things", "other", writing("2")) / "file").read_text() == "2"
    assert (mine.make("others", "key", writing("3")) / "file").read_text() == "3"
    assert mine.find("things", "third") is None


def test_an_entry_may_be_read_by_others(tmp_path: Path) -> None:
    made = Cache(tmp_path).make("things", "key", writing("text"))
    assert made.stat().st_mode & 0o777 == 0o755


def test_nothing_is_seen_of_it_while_it_is_made(tmp_path: Path) -> None:
    mine = Cache(tmp_path)
    seen: list[Path | None] = []

    def produce(directory: Path) -> None:
        (directory / "file").write_text("half")
        seen.append(mine.find("things", "key"))

    mine.make("things", "key", produce)
    assert seen == [None]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_what_could_not_be_made_leaves_nothing_and_can_be_made_later(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    mine = Cache(tmp_path)

    def produce(directory: Path) -> None:
        (directory / "file").write_text("half")
        raise failure

    with pytest.raises(failure):
        mine.make("things", "key", produce)
    assert mine.find("things", "key") is None
    assert [path.name for path in (tmp_path / "things").iterdir()] == [".key.lock"]
    assert (mine.make("things", "key", writing("whole")) / "file").read_text() == "whole"


def test_threads_that_come_at_once_make_it_once(tmp_path: Path) -> None:
    made: list[str] = []
    meet = threading.Barrier(4)

    def produce(directory: Path) -> None:
        made.append(directory.name)
        (directory / "file").write_text("text")

    def come() -> None:
        meet.wait(20)
        assert (Cache(tmp_path).make("things", "key", produce) / "file").read_text() == "text"

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_processes_that_come_at_once_make_it_once(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", MAKE, str(tmp_path / "cache"), str(tmp_path / "log")]
    both = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert {process.communicate()[0].strip() for process in both} == {
        str(tmp_path / "cache" / "things" / "key")
    }
    assert (tmp_path / "log").read_text() == "made\n"


def test_different_things_are_made_at_the_same_time(tmp_path: Path) -> None:
    meet = threading.Barrier(2)
    mine = Cache(tmp_path)
    threads = [
        threading.Thread(target=mine.make, args=("things", key, lambda directory: meet.wait(20)))
        for key in ("one", "other")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not meet.broken
    assert mine.find("things", "one")


def test_as_it_is_nothing_is_added(tmp_path: Path) -> None:
    mine = Cache(tmp_path)
    there = mine.make("things", "one", lambda directory: None)
    as_it_is = mine.as_it_is()
    assert as_it_is.make("things", "one", lambda directory: None) == there
    with pytest.raises(InfraError, match="things/other is not there"):
        as_it_is.make("things", "other", lambda directory: None)
    assert not (tmp_path / "things" / "other").exists()


# ---- where it is


def test_the_environment_names_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "mine"))
    assert Cache().root == tmp_path / "mine"


@pytest.mark.parametrize("value", [None, ""])
def test_otherwise_it_is_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LAB_CACHE", raising=False)
    if value is not None:
        monkeypatch.setenv("LAB_CACHE", value)
    assert Cache().root == tmp_path / "kernel-lab"
