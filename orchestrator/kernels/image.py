"""Kernels that somebody else has built: an image, perhaps with its modules and configuration."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from orchestrator.cache import Cache, file_digest, tree_digest
from orchestrator.errors import ConfigError
from orchestrator.kernels import files, imagefile, modules
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.imagefile import ImageFile
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch, ImageSource


def obtain(source: ImageSource, arch: Arch, cache: Cache, say: Say) -> KernelFiles:
    """The files of a ready kernel. Raises ConfigError when it is none that ``arch`` can boot."""
    say(f"reading {source.image}")
    image = read(source.image)
    if not image.is_for(arch):
        raise ConfigError(f"{source.image} is {image.described}, not one for {arch.name}")
    if not image.release:
        raise ConfigError(f"{source.image} does not say which release of Linux it is")
    config, whence = _config(source, image)
    if not source.modules and (lost := _as_module(arch).search(config)):
        raise ConfigError(
            f"{source.image} has {lost[1]} as a module, without which a guest cannot be reached: "
            f"give its modules as well, lib/modules/{image.release}"
        )
    cache.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".image-", dir=cache.root) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        name = Path(arch.image).name
        (made / name).write_bytes(image.data)
        (made / "config").write_text(config)
        if source.modules:
            found = _modules(source.modules, image.release)
            modules.collect(found, made / "modules", arch.bus)
        files.write(
            made,
            version=image.release,
            origin=f"the image {source.image}",
            image=name,
            hashes={source.image.name: file_digest(source.image)},
            notes=(whence,),
        )
        everything = [path for path in made.rglob("*") if path.is_file()]
        key = tree_digest(everything, made)

        def produce(directory: Path) -> None:
            made.rename(directory)  # which is there, and empty

        return files.read(cache.make("kernels", key, produce))


def _as_module(arch: Arch) -> re.Pattern[str]:
    names = "|".join(name.upper() for name in modules.essential(arch.bus))
    return re.compile(rf"^CONFIG_({names})=m$", re.MULTILINE)


def read(path: Path) -> ImageFile:
    """What an image says about itself. Raises ConfigError when it is none."""
    try:
        return imagefile.read(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"the kernel image {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not a kernel that can be booted here: {error}") from error


def _config(source: ImageSource, image: ImageFile) -> tuple[str, str]:
    """The configuration, and in a sentence where it is from."""
    if source.config:
        try:
            return source.config.read_text(), f"its configuration is {source.config}"
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the configuration {source.config} cannot be read: {error}"
            ) from error
    if image.config:
        return image.config, "its configuration is the one in the image"
    for beside in _beside(source, image.release):
        if beside.is_file():
            return beside.read_text(), f"its configuration is {beside}"
    return "", ("its configuration is not known: rules that ask for an option take it for not set")


def _beside(source: ImageSource, release: str) -> Iterator[Path]:
    """Where distributions put it: in /boot, and in lib/modules/<release>."""
    yield source.image.with_name(f"config-{release}")
    yield source.image.with_name("config")
    if source.modules:
        yield _modules(source.modules, release) / "config"


def _modules(given: Path, release: str) -> Path:
    """The directory of that release's modules: the one given, or the one below it."""
    for place in (given, given / "lib" / "modules" / release, given / release):
        if (place / "modules.builtin").is_file():
            return place
    raise ConfigError(
        f"{given} has no modules of {release}: accepted is lib/modules/{release}, with its "
        "modules.builtin, or a directory that has that below it"
    )
