"""Which modules are taken along, and in which order they load."""

from __future__ import annotations

import json
import lzma
import struct
from pathlib import Path

import pytest

from orchestrator.errors import InfraError
from orchestrator.kernels import modules

# Lines of the modules.builtin of 6.1.0-56-cloud-arm64 and 7.2.12+deb13-cloud-amd64.
BUILT_IN = """\
kernel/drivers/char/hw_random/rng-core.ko
kernel/drivers/virtio/virtio.ko
kernel/drivers/virtio/virtio_ring.ko
kernel/lib/lzo/lzo_compress.ko
kernel/mm/zsmalloc.ko
"""


def module(depends: str) -> bytes:
    """The least ELF with a .modinfo section."""
    info = f"license=GPL\0depends={depends}\0name=x\0".encode()
    names = b"\0.modinfo\0.shstrtab\0"
    section = struct.Struct("<IIQQQQIIQQ")
    head = struct.pack(
        "<16sHHIQQQIHHHHHH",
        b"\x7fELF\x02\x01\x01",
        *(1, 62, 1, 0, 0, 64 + len(info) + len(names), 0, 64, 0, 0, section.size, 3, 2),
    )
    return b"".join(
        (
            head,
            info,
            names,
            section.pack(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            section.pack(1, 1, 0, 0, 64, len(info), 0, 0, 1, 0),
            section.pack(10, 3, 0, 0, 64 + len(info), len(names), 0, 0, 1, 0),
        )
    )


def tree(tmp_path: Path, built_in: str, **depends: str) -> Path:
    """A lib/modules/<release>; names with __ in them get a dash there."""
    place = tmp_path / "6.1.0-56-cloud-arm64"
    (place / "kernel" / "drivers").mkdir(parents=True)
    (place / "modules.builtin").write_text(built_in)
    for name, needed in depends.items():
        file = place / "kernel" / "drivers" / f"{name.replace('__', '-')}.ko.xz"
        file.write_bytes(lzma.compress(module(needed)))
    return place


def orders(into: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((into / "order.json").read_text())
    return found


VIRTIO = {
    "virtio_pci": "virtio_pci_modern_dev,virtio,virtio_ring",
    "virtio_pci_modern_dev": "",
    "virtio_net": "net_failover,virtio_ring",
    "net_failover": "failover",
    "failover": "",
}


def test_what_a_module_needs_loads_before_it(tmp_path: Path) -> None:
    modules.collect(tree(tmp_path, BUILT_IN, **VIRTIO), tmp_path / "into", "virtio_pci")
    assert orders(tmp_path / "into") == {
        "virtio_pci": ["virtio_pci_modern_dev", "virtio_pci"],
        "virtio_net": ["failover", "net_failover", "virtio_net"],
    }


def test_modules_come_uncompressed_and_only_those_that_are_needed(tmp_path: Path) -> None:
    place = tree(tmp_path, BUILT_IN, **VIRTIO, e1000="")
    modules.collect(place, tmp_path / "into", "virtio_pci")
    found = {path.name for path in (tmp_path / "into").glob("*.ko")}
    assert found == {f"{name}.ko" for name in VIRTIO}
    assert (tmp_path / "into" / "failover.ko").read_bytes() == module("")


def test_a_dash_and_an_underscore_are_the_same(tmp_path: Path) -> None:
    place = tree(tmp_path, "", **VIRTIO, virtio="", virtio_ring="", virtio_rng="rng-core",
                 rng__core="")  # fmt: skip
    modules.collect(place, tmp_path / "into", "virtio_pci")
    assert orders(tmp_path / "into")["virtio_rng"] == ["rng_core", "virtio_rng"]
    assert (tmp_path / "into" / "rng_core.ko").exists()


def test_zram_brings_the_compressors_it_asks_for_by_name(tmp_path: Path) -> None:
    more = {"zram": "zsmalloc", "lzo__rle": "", "lz4": "lz4_compress", "lz4_compress": ""}
    modules.collect(tree(tmp_path, BUILT_IN, **VIRTIO, **more), tmp_path / "into", "virtio_pci")
    assert orders(tmp_path / "into")["zram"] == ["lzo_rle", "lz4_compress", "lz4", "zram"]


def test_what_is_built_in_needs_no_loading(tmp_path: Path) -> None:
    built_in = "".join(f"kernel/{name}.ko\n" for name in modules.wanted("virtio_pci"))
    modules.collect(tree(tmp_path, built_in), tmp_path / "into", "virtio_pci")
    assert orders(tmp_path / "into") == {name: [] for name in modules.wanted("virtio_pci")}


def test_no_network_no_guest(tmp_path: Path) -> None:
    place = tree(tmp_path, BUILT_IN, virtio_pci="")
    with pytest.raises(InfraError, match="has no virtio_net"):
        modules.collect(place, tmp_path / "into", "virtio_pci")


def test_a_bus_that_is_never_a_module_is_not_looked_for(tmp_path: Path) -> None:
    place = tree(tmp_path, BUILT_IN, virtio_net="")
    modules.collect(place, tmp_path / "into", None)
    assert orders(tmp_path / "into") == {"virtio_net": ["virtio_net"]}


def test_a_dependency_that_is_nowhere_is_said(tmp_path: Path) -> None:
    place = tree(tmp_path, "", **VIRTIO)
    with pytest.raises(InfraError, match="virtio is needed"):
        modules.collect(place, tmp_path / "into", "virtio_pci")
