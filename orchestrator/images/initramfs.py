"""The file system that a guest runs from: one recipe for every arch, one newc archive."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from orchestrator.cache import Cache, digest, tree_digest
from orchestrator.images import newc
from orchestrator.images.keys import Keys
from orchestrator.model import Arch

RECIPES = Path(__file__).parents[2] / "images"

# Of the modules that come along init loads, in their order, the way to the guest, and entropy,
# for which SSH would otherwise wait. These wait for a suite to ask for them with modprobe.
_ON_DEMAND = ("brd", "zram")

_DIRECTORIES = (
    *("bin", "dev", "etc", "etc/dropbear", "lib", "lib/modules"),
    *("mnt", "proc", "run", "sys", "tmp"),
)
_SCRIPTS = {"init": "init", "modprobe": "bin/modprobe"}
_HOOK = "lab/hook"


def initramfs(
    arch: Arch,
    modules: Path | None,
    userland: Path,
    keys: Keys,
    cache: Cache,
    *,
    wake: Path | None = None,
) -> Path:
    """The image, uncompressed: the guest would unpack it slower than QEMU copies it.

    ``modules`` holds ``<name>.ko`` and ``order.json`` (wanted module -> load order) and is None
    when the kernel has all that is needed built in. ``userland`` is what userland.userland
    made for the arch, ``wake`` what wake.program did. Made once for the same inputs. Readable by
    its owner alone: the host key is in it.
    """
    shipped = sorted(modules.iterdir()) if modules else []
    key = digest(
        tree_digest(_recipe(), RECIPES),
        tree_digest(userland.iterdir(), userland),
        tree_digest(shipped, modules) if modules else "",
        Path(__file__).read_bytes(),
        Path(newc.__file__).read_bytes(),
        *(keys.host_private, keys.authorized),
        wake.read_bytes() if wake else b"",
    )
    own = [newc.file("bin/wake", wake.read_bytes(), 0o755)] if wake else []

    def produce(directory: Path) -> None:
        image = directory / "initramfs.cpio"
        image.touch(0o600)
        image.write_bytes(newc.archive([*_entries(modules, userland, keys), *own]))

    return cache.make("initramfs", f"{arch.name}-{key}", produce) / "initramfs.cpio"


def keyless(modules: Path | None, userland: Path, further: Sequence[newc.Entry]) -> bytes:
    """The same file system to be given away: without the lab's keys, and so without SSH.

    ``further`` are the files of what the guest is for; see ``hook``.
    """
    return newc.archive([*_entries(modules, userland), *further])


def hook(name: str) -> tuple[newc.Entry, ...]:
    """A program of images/hooks/, to be run by init once the guest is ready."""
    program = (RECIPES / "hooks" / name).read_bytes()
    return (newc.directory("lab"), newc.file(_HOOK, program, 0o755))


def hooked(image: Path, name: str) -> bytes:
    """An image that ``initramfs`` made with such a program besides: kernels take one archive
    behind the other."""
    return image.read_bytes() + newc.archive(hook(name))


def _recipe() -> list[Path]:
    return [*(RECIPES / name for name in _SCRIPTS), *(RECIPES / "etc").iterdir()]


def _entries(modules: Path | None, userland: Path, keys: Keys | None = None) -> list[newc.Entry]:
    return [
        *(newc.directory(name) for name in _DIRECTORIES),
        # The kernel opens it for init before anything is mounted.
        newc.character_device("dev/console", 5, 1),
        # Nobody writes to it: reading with a time limit is how init pauses without a process.
        newc.fifo("lib/pause"),
        *(
            newc.file(place, (RECIPES / name).read_bytes(), 0o755)
            for name, place in _SCRIPTS.items()
        ),
        *(newc.file(f"etc/{path.name}", path.read_bytes()) for path in _sorted(RECIPES / "etc")),
        *_programs(userland),
        # dropbear wants this and what is in it to be nobody else's to write.
        newc.directory("root", 0o700),
        *(_secrets(keys) if keys else ()),
        *_modules(modules),
    ]


def _programs(userland: Path) -> list[newc.Entry]:
    applets = (userland / "applets").read_text().split()
    return [
        *(
            newc.file(f"bin/{name}", (userland / name).read_bytes(), 0o755)
            for name in ("busybox", "dropbear")
        ),
        *(newc.symlink(f"bin/{name}", "busybox") for name in applets),
    ]


def _secrets(keys: Keys) -> list[newc.Entry]:
    return [
        newc.file("etc/dropbear/host_key", keys.host_private, 0o600),
        newc.directory("root/.ssh", 0o700),
        newc.file("root/.ssh/authorized_keys", keys.authorized.encode(), 0o600),
    ]


def _modules(modules: Path | None) -> list[newc.Entry]:
    order = json.loads((modules / "order.json").read_text()) if modules else {}
    files = _sorted(modules) if modules else []
    return [
        *(
            newc.file(f"lib/modules/{path.name}", path.read_bytes())
            for path in files
            if path.suffix == ".ko"
        ),
        newc.file("lib/modules/boot", _lines(at_boot(order))),
        *(newc.file(f"lib/modules/{name}.order", _lines(order[name])) for name in sorted(order)),
    ]


def at_boot(order: Mapping[str, Sequence[str]]) -> list[str]:
    """What init loads, each module once and after what it needs."""
    wanted = (names for module, names in order.items() if module not in _ON_DEMAND)
    return list(dict.fromkeys(itertools.chain.from_iterable(wanted)))


def _sorted(directory: Path) -> list[Path]:
    return sorted(directory.iterdir())


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()
