"""A Debian source package, unpacked and patched: what the guest's programs are built from."""

from __future__ import annotations

import tempfile
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest
from orchestrator.kernels.archive import Archive
from orchestrator.kernels.progress import Say

# One suite for everybody, whatever the host is: a guest shall not depend on who built it.
SUITE = "trixie"


def source(name: str, patches: list[Path], cache: Cache, say: Say) -> Path:
    """The tree of the source package ``name``, with Debian's patches and then with ``patches``.

    Made at most once for the same patches. apt checks what it downloads against the archive's
    signatures. Raises InfraError when the package cannot be had or a patch does not apply.
    """

    def produce(directory: Path) -> None:
        archive = _archive(cache)
        archive.refresh(0, say)
        with tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
            dsc = archive.fetch_source(name, Path(scratch), say)
            # Not checked again: its signature is its maintainer's, who is in no keyring here.
            command.run(
                ["dpkg-source", "--no-check", "--extract", dsc, directory / "source"],
                cwd=Path(scratch),
            )
        for patch in patches:
            # A hunk that applies elsewhere than it says may be about something else by now.
            command.run(
                ["patch", "--strip=1", "--fuzz=0", f"--input={patch}"], cwd=directory / "source"
            )

    key = digest(name, SUITE, *(patch.read_bytes() for patch in patches))
    return cache.make("sources", f"{name}-{key}", produce) / "source"


def _archive(cache: Cache) -> Archive:
    host = command.run(["dpkg", "--print-architecture"]).decode().strip()
    return Archive(SUITE, cache.root / "apt", [host], kind="deb-src")
