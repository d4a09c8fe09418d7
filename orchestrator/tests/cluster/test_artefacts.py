"""What machines hand to each other is what was put there, or the host's fault."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from orchestrator.cache import Cache
from orchestrator.cluster.artefacts import Artefacts, Entry
from orchestrator.errors import InfraError


@pytest.fixture(params=["file", "memory"])
def artefacts(request: pytest.FixtureRequest, tmp_path: Path) -> Artefacts:
    """A directory, and what behaves like a bucket."""
    name = tmp_path.name
    return Artefacts(
        {"file": (tmp_path / "shared").as_uri(), "memory": f"memory://{name}"}[request.param]
    )


def test_bytes_are_had_by_their_digest(artefacts: Artefacts) -> None:
    digest = artefacts.put(b"some")
    assert artefacts.put(b"some") == digest != artefacts.put(b"other")
    assert artefacts.get(digest) == b"some"


def test_bytes_that_are_not_those_are_refused(tmp_path: Path) -> None:
    artefacts = Artefacts(tmp_path.as_uri())
    digest = artefacts.put(b"some")
    (tmp_path / "bytes" / digest).write_bytes(b"sums")
    with pytest.raises(InfraError, match="is damaged"):
        artefacts.get(digest)


def test_what_is_not_there_is_the_hosts_fault(artefacts: Artefacts) -> None:
    with pytest.raises(InfraError, match="every machine of the cluster must reach that place"):
        artefacts.get("0" * 64)


def test_a_place_that_cannot_be_read_is_said() -> None:
    with pytest.raises(InfraError, match="the artefacts at nosuch://bucket/lab cannot be had"):
        Artefacts("nosuch://bucket/lab")


def test_an_entry_of_one_cache_becomes_one_of_another(artefacts: Artefacts, tmp_path: Path) -> None:
    here, there = Cache(tmp_path / "here"), Cache(tmp_path / "there")
    place = here.make("kernels", "k1", lambda place: (place / "Image").touch())
    (place / "Image").write_text("x")
    file = place / "Image"
    entry = Entry.of(file, here)
    assert entry == Entry("kernels", "k1")
    artefacts.send(entry, here)
    artefacts.send(entry, here)
    assert (artefacts.receive(entry, there) / "Image").read_text() == "x"
    assert there.find("kernels", "k1")


def test_an_entry_that_is_there_is_not_fetched(artefacts: Artefacts, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    place = cache.make("kernels", "k1", lambda place: (place / "Image").touch())
    assert artefacts.receive(Entry("kernels", "k1"), cache) == place  # it was never sent


def test_what_is_sent_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artefacts = Artefacts(tmp_path.as_uri())
    monkeypatch.setattr(artefacts._files, "mv", lambda *_: (_ for _ in ()).throw(OSError("cut")))
    with pytest.raises(InfraError, match="cut"):
        artefacts.put(b"some")
    monkeypatch.undo()
    with pytest.raises(InfraError):
        artefacts.get(hashlib.sha256(b"some").hexdigest())
