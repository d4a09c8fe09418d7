"""The two programs of a guest, dropbear and busybox, static, built from Debian's sources."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest, tree_digest
from orchestrator.errors import InfraError
from orchestrator.images.debsource import SUITE, source
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch

RECIPES = Path(__file__).parents[2] / "images" / "userland"

_ONE_AT_A_TIME = threading.Lock()  # each build uses all cores by itself


def userland(arch: Arch, cache: Cache, say: Say) -> Path:
    """A directory with ``busybox``, its ``applets`` (a name a line) and ``dropbear``.

    Made at most once for an arch.

    Raises InfraError when the sources cannot be had or do not build.
    """
    compiler = command.run([f"{arch.triplet}-gcc", "--version"])
    recipe = tree_digest(RECIPES.iterdir(), RECIPES)
    total = digest(recipe, Path(__file__).read_bytes(), arch.name, *arch.link, SUITE, compiler)
    key = f"{arch.name}-{total}"

    def produce(directory: Path) -> None:
        busybox = source("busybox", _patches("busybox"), cache, say)
        dropbear = source("dropbear", _patches("dropbear"), cache, say)
        with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(dir=directory.parent) as scratch:
            say("building busybox")
            _busybox(arch, busybox, Path(scratch) / "busybox", directory)
            say("building dropbear")
            _dropbear(arch, dropbear, Path(scratch) / "dropbear", directory)

    if found := cache.find("userland", key):
        return found
    say("waiting for another build of busybox and dropbear")
    return cache.make("userland", key, produce)


def _patches(name: str) -> list[Path]:
    return sorted(RECIPES.glob(f"{name}-*.patch"))


def _busybox(arch: Arch, source: Path, build: Path, into: Path) -> None:
    shutil.copytree(source, build, symlinks=True)
    cross = f"CROSS_COMPILE={arch.triplet}-"
    # Its LDFLAGS go to the linker itself as well, which has other words than the compiler.
    linked = {"CFLAGS_busybox": " ".join(arch.link)}
    command.run(["make", "-s", "allnoconfig", cross], cwd=build)
    _merge(RECIPES / "busybox.config", build / ".config")
    command.run(["make", "-s", "oldconfig", cross], cwd=build)
    _survived(RECIPES / "busybox.config", build / ".config")
    _make(build, cross, "busybox", "busybox.links", env=linked)
    _take(build / "busybox", arch, into)
    links = (build / "busybox.links").read_text().split()
    (into / "applets").write_text("".join(f"{Path(link).name}\n" for link in links))


def _merge(wanted: Path, config: Path) -> None:
    """Set in place: busybox's kconfig takes the first of two lines about one option."""
    lines = wanted.read_text().splitlines()
    asked = {line.partition("=")[0]: line for line in lines if line.startswith("CONFIG_")}
    merged = [asked.get(_option(line), line) for line in config.read_text().splitlines()]
    config.write_text("\n".join(merged) + "\n")


def _option(line: str) -> str:
    """CONFIG_X of ``CONFIG_X=y`` and of ``# CONFIG_X is not set``."""
    return line.removeprefix("# ").partition("=")[0].partition(" ")[0]


def _survived(wanted: Path, config: Path) -> None:
    """Every option asked for is in the configuration, or the build is not what it says it is."""
    there = set(config.read_text().splitlines())
    lines = (line.strip() for line in wanted.read_text().splitlines())
    lost = [line for line in lines if line.startswith("CONFIG_") and line not in there]
    if lost:
        raise InfraError(f"busybox does not know {', '.join(lost)} of {wanted.name}")


def _dropbear(arch: Arch, source: Path, build: Path, into: Path) -> None:
    shutil.copytree(source, build, symlinks=True)
    shutil.copy(RECIPES / "dropbear.h", build / "localoptions.h")
    words = (RECIPES / "dropbear.configure").read_text().splitlines()
    flags = [word for word in words if word and not word.startswith("#")]
    linked = f"LDFLAGS={' '.join(arch.link)}"
    command.run(["./configure", "-q", f"--host={arch.triplet}", linked, *flags], cwd=build)
    _make(build, "PROGRAMS=dropbear", "STATIC=1")
    _take(build / "dropbear", arch, into)


def _make(build: Path, *words: str, env: Mapping[str, str] | None = None) -> None:
    log = build / "make.log"
    jobs = f"-j{os.cpu_count() or 1}"
    command.run(["nice", "make", jobs, *words], cwd=build, env=env, log=log)


def _take(program: Path, arch: Arch, into: Path) -> None:
    command.run([f"{arch.triplet}-strip", "-o", into / program.name, program])
