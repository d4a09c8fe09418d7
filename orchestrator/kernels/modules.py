"""The few modules of a Debian kernel that a guest needs, and the order to load them in."""

from __future__ import annotations

import gzip
import json
import lzma
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import zstandard

from orchestrator.errors import InfraError
from orchestrator.kernels import elf

_UNPACK: Mapping[str, Callable[[bytes], bytes]] = {
    ".ko": bytes,
    ".xz": lzma.decompress,
    ".gz": gzip.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def essential(bus: str | None) -> tuple[str, ...]:
    """Those without which there is no network, and so no way into the guest."""
    return (bus, "virtio_net") if bus else ("virtio_net",)


def wanted(bus: str | None) -> dict[str, tuple[str, ...]]:
    """What suites and the guest's init ask for, where ``bus`` is what finds virtio devices.

    Each comes with what it uses but does not name in its own ``depends``: zram picks its
    compressor by name when it is set up.
    """
    named = (*essential(bus), "virtio_rng", "brd")
    return {**dict.fromkeys(named, ()), "zram": ("lzo_rle", "lz4")}


def collect(tree: Path, into: Path, bus: str | None) -> None:
    """Copy the wanted modules of ``tree`` (lib/modules/<release>) and all they need.

    ``bus`` is the module that finds the guest's devices, such as virtio_pci, if it is one.
    Writes ``into/<name>.ko``, uncompressed, and ``into/order.json``: wanted module -> names in
    load order, itself last; [] when it is built in. A module that this kernel has neither way
    is left out. Raises InfraError when one without which no guest works is among those.
    """
    found = {_name(path.name): path for path in tree.glob("kernel/**/*.ko*")}
    built_in = parse_builtin((tree / "modules.builtin").read_text())
    orders, loaded = {}, dict[str, bytes]()

    def depends(name: str) -> list[str]:
        if name not in loaded:
            loaded[name] = _UNPACK[found[name].suffix](found[name].read_bytes())
        return modinfo_depends(loaded[name])

    for name, companions in wanted(bus).items():
        if name in found or name in built_in:
            extra = [other for other in companions if other in found]
            orders[name] = load_order([*extra, name], built_in, found, depends)
        elif name in essential(bus):
            raise InfraError(f"the kernel in {tree.name} has no {name}, module or built in")
    into.mkdir()
    for name in sorted({name for order in orders.values() for name in order}):
        (into / f"{name}.ko").write_bytes(loaded[name])
    (into / "order.json").write_text(json.dumps(orders, indent=1) + "\n")


def load_order(
    names: Iterable[str],
    built_in: frozenset[str],
    found: Mapping[str, object],
    depends: Callable[[str], Iterable[str]],
) -> list[str]:
    """``names`` and all they depend on, each once and after what it needs.

    Raises InfraError when a dependency is neither in ``found`` nor in ``built_in``.
    """
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order or (name in built_in and name not in found):
            return
        if name not in found:
            raise InfraError(f"kernel module {name} is needed, but is not among the packages")
        for needed in depends(name):
            visit(needed)
        order.append(name)

    for name in names:
        visit(name)
    return order


def parse_builtin(text: str) -> frozenset[str]:
    """Names from a modules.builtin, whose lines are paths such as kernel/lib/foo-bar.ko."""
    return frozenset(_name(line.rpartition("/")[2]) for line in text.split())


def modinfo_depends(module: bytes) -> list[str]:
    """What a module's own ``depends=`` names."""
    fields = elf.section(module, ".modinfo").split(b"\0")
    lists = [field[len(b"depends=") :] for field in fields if field.startswith(b"depends=")]
    return [_name(name) for name in b",".join(lists).decode().split(",") if name]


def _name(file: str) -> str:
    """A module's name: that of its file, in which - and _ mean the same."""
    return re.sub(r"\.ko(\.\w+)?$", "", file).replace("-", "_")
