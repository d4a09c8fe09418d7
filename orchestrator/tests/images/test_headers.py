"""Advice numbers out of headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.images import headers, uapi
from orchestrator.kernels import Extract
from orchestrator.model import DebianSource, Headers, Kernel, Release

MAKEFILE = """\
# SPDX-License-Identifier: GPL-2.0
VERSION = 5
PATCHLEVEL = 10
SUBLEVEL = 262
EXTRAVERSION =
"""
NUMBERS = {"MADV_WIPEONFORK": 18, "MADV_NORMAL": 0}


def test_a_source_says_itself_of_which_release_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    source = Extract(tmp_path, "key", "linux-source-5.10.tar.xz")
    monkeypatch.setattr(headers, "extract", lambda *_: source)
    monkeypatch.setattr(uapi, "numbers", lambda *_: NUMBERS)
    kernel = Kernel("5.10", 0, DebianSource(("bullseye",), "5.10"))
    found = headers.of_kernel(kernel, [ARCHES["parisc"]], Cache(tmp_path / "cache"), lambda _: None)
    release = Release.parse("5.10.262")
    assert found == [Headers(release, "parisc", "linux-source-5.10.tar.xz", NUMBERS)]


def test_a_compiler_s_own_headers_say_beside_which_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uapi, "own_numbers", lambda _: ("6.1.4", NUMBERS))
    monkeypatch.setattr(
        "orchestrator.kernels.build.programs_compiler", lambda _: "hppa-linux-gnu-gcc 12.2.0"
    )
    found = headers.of_compiler(ARCHES["parisc"])
    assert (str(found.release), found.origin) == ("6.1.4", "beside hppa-linux-gnu-gcc 12.2.0")
