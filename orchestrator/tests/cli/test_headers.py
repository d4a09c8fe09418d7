"""lab headers: what is recorded, and reading it anew."""

from __future__ import annotations

import pytest

from orchestrator.model import Headers, Kernel, Release
from orchestrator.results import headers
from orchestrator.tests.cli.lab import Lab

OLD = Headers(Release(6, 1, 4), "parisc", "beside a compiler", {"MADV_WIPEONFORK": 71})
NEW = Headers(Release(6, 12), "parisc", "linux-source-6.12", {"MADV_WIPEONFORK": 18})


def test_what_is_recorded_is_listed(lab: Lab) -> None:
    headers.write(lab.root / "guest-tests", [OLD])
    said = lab("headers", "--json").json
    assert said == [
        {
            "release": "6.1.4",
            "arch": "parisc",
            "origin": "beside a compiler",
            "advice": {"MADV_WIPEONFORK": 71},
        }
    ]
    assert "beside a compiler" in lab("headers").out


def test_where_none_are_recorded_none_are_listed(lab: Lab) -> None:
    assert lab("headers", "--json").json == []


def test_reading_adds_to_the_record(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def of_kernel(kernel: Kernel, *_: object) -> list[Headers]:
        asked.append(kernel.name)
        return [NEW]

    monkeypatch.setattr("orchestrator.cli.headers.of_compiler", lambda _: OLD)
    monkeypatch.setattr("orchestrator.cli.headers.of_kernel", of_kernel)
    said = lab("headers", "--read", "--json").json
    assert [one["release"] for one in said] == ["6.1.4", "6.12"]
    assert asked == ["5.10", "6.12"]
    assert headers.read(lab.root / "guest-tests") == (OLD, NEW)
