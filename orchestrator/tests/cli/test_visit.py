"""What lab exec takes along into a guest, and how it names a target."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cli import prepared, visit
from orchestrator.errors import ConfigError
from orchestrator.model import DebianSource, Kernel, Target

TARGETS = [
    Target(Kernel(name, 0, DebianSource(("trixie",), name)), ARCHES["arm64"])
    for name in ("6.12", "7.3")
]


def test_files_go_executable_and_by_their_own_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "bug").write_bytes(b"\x7fELF")
    with tarfile.open(fileobj=io.BytesIO(visit._packed([tmp_path / "deep" / "bug"]))) as tar:
        (entry,) = tar.getmembers()
        file = tar.extractfile(entry)
        assert file is not None
        assert (entry.name, entry.mode, file.read()) == ("bug", 0o755, b"\x7fELF")


def test_a_file_that_is_not_there_is_told_before_anything_boots(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="none cannot be read: No such file"):
        visit._packed([tmp_path / "none"])


def test_a_target_is_found_by_its_name() -> None:
    assert prepared.find(TARGETS, "7.3/arm64") is TARGETS[1]
    with pytest.raises(ConfigError, match=r"no target '7.3/arm' \(did you mean '7.3/arm64'\?\)"):
        prepared.find(TARGETS, "7.3/arm")
