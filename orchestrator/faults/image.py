"""A kernel image that is none: spoilt in the cache, or put there so."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from orchestrator import config
from orchestrator.cache import Cache
from orchestrator.faults.outcome import Outcome, of_host
from orchestrator.faults.place import ROOT, Place
from orchestrator.kernels import obtain

_NO_IMAGE = b"This is not a kernel.\n" * 1000


def no_image(target: str, place: Place) -> Iterator[Outcome]:
    """The lab refuses an image that changed; what was put there so, QEMU refuses."""
    for fault, cause, spoil in (
        ("image torn in the cache", "is damaged: .* not what was put there", _tear),
        ("image that is no kernel", "QEMU ended before it answered", _forge),
    ):
        start = time.monotonic()
        cache = place.own_cache()
        spoil(_own_kernel(target, cache))
        kernel, _, arch = target.rpartition("/")
        words = ("--kernel", kernel, "--arch", arch, "--suite", "boot")
        seen = place.run(*words, LAB_CACHE=str(cache))
        seconds = time.monotonic() - start
        yield of_host(fault, target, seen, cause, orphans=place.orphans(), seconds=seconds)


def _own_kernel(target: str, cache: Path) -> Path:
    """The image of the target in that cache, in an entry that may be spoilt."""
    lab = config.load(ROOT / "lab.yaml")
    meant = next(t for t in lab.targets if str(t) == target)
    image = obtain(meant.kernel, meant.arch, Cache(cache), lambda _: None).image
    entry = image.parent
    usual = entry.resolve()
    entry.unlink()
    shutil.copytree(usual, entry)
    return image


def _tear(image: Path) -> None:
    with image.open("r+b") as file:
        file.truncate(image.stat().st_size // 2)


def _forge(image: Path) -> None:
    """With a record that fits."""
    image.write_bytes(_NO_IMAGE)
    path = image.parent / "kernel.json"
    record = json.loads(path.read_text())
    record["hashes"][image.name] = hashlib.sha256(_NO_IMAGE).hexdigest()
    path.write_text(json.dumps(record))
