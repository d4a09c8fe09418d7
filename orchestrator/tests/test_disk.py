"""A disk that is full is said to be full, whatever was being written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from orchestrator.cache import Cache
from orchestrator.disk import Record, unwritten, writing
from orchestrator.errors import InfraError
from orchestrator.model import Plan
from orchestrator.results.store import Store

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_with_the_command_that_shows_it(tmp_path: Path, number: int) -> None:
    error = unwritten(tmp_path / "a" / "b", OSError(number, os.strerror(number)))
    assert error.cause == f"{tmp_path}/a/b cannot be written: {os.strerror(number)}"
    assert error.look == f"df -h {tmp_path}"


def test_what_may_not_be_written_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(InfraError) as caught, writing(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied", f"{tmp_path}/file")
    assert caught.value.cause == f"{tmp_path}/file cannot be written: Permission denied"
    assert caught.value.look == f"ls -ld {tmp_path}"


def test_a_record_keeps_what_it_is_given_at_once(tmp_path: Path) -> None:
    record = Record(tmp_path / "log")
    record.write(b"one\n")
    assert (tmp_path / "log").read_bytes() == b"one\n"
    record.write(b"two\n")
    record.close()
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"


def test_a_record_that_cannot_be_kept_is_the_hosts_fault() -> None:
    record = Record(Path("/dev/full"))
    with pytest.raises(InfraError, match="/dev/full cannot be written: No space left on device"):
        record.write(b"one\n")


def test_a_cache_that_fills_up_leaves_nothing_half_made(tmp_path: Path) -> None:
    def produce(directory: Path) -> None:
        (directory / "half").write_text("half")
        raise FULL

    with pytest.raises(InfraError, match="No space left on device") as caught:
        Cache(tmp_path).make("things", "key", produce)
    assert caught.value.look == f"df -h {tmp_path}/things"
    assert Cache(tmp_path).find("things", "key") is None
    assert [path.name for path in (tmp_path / "things").iterdir()] == [".key.lock"]


def test_a_store_in_a_place_that_cannot_be_is_the_hosts_fault(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(InfraError, match="cannot be written: Not a directory"):
        Store(tmp_path / "runs").begin(Plan("1", "", (), ()))
