"""A ready kernel: what is taken of it, what is found by itself, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError
from orchestrator.kernels import files, image
from orchestrator.kernels.files import KernelFiles
from orchestrator.model import ImageSource, Release
from orchestrator.tests.kernels.test_imagefile import BANNER, X86, bzimage, elf

RELEASE = "7.1.0-rc3-mine+"


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    """A directory like /boot, with a kernel that has no configuration in it."""
    place = tmp_path / "boot"
    place.mkdir()
    (place / f"vmlinuz-{RELEASE}").write_bytes(bzimage(elf(X86, BANNER)))
    return place / f"vmlinuz-{RELEASE}"


def modules(place: Path) -> Path:
    """lib/modules with everything built in."""
    tree = place / "lib" / "modules" / RELEASE
    tree.mkdir(parents=True)
    (tree / "modules.builtin").write_text("kernel/virtio_net.ko\nkernel/virtio_pci.ko\n")
    return tree


def obtain(source: ImageSource, cache: Cache, arch: str = "x86_64") -> KernelFiles:
    return image.obtain(source, ARCHES[arch], cache, lambda words: None)


def test_an_image_is_unpacked_and_said_what_it_is(boot: Path, cache: Cache, tmp_path: Path) -> None:
    (tmp_path / "vmlinuz").write_bytes(bzimage(elf(X86)))
    kernel = obtain(ImageSource(tmp_path / "vmlinuz"), cache)
    assert kernel.image.read_bytes() == elf(X86)
    assert (kernel.release, kernel.version) == (Release.parse("7.1-rc3"), RELEASE)
    assert kernel.origin == f"the image {tmp_path}/vmlinuz"
    assert files.read_config(kernel.config) == {"KSM": "y"}
    assert kernel.notes == ("its configuration is the one in the image",)
    assert kernel.modules is None


def test_the_same_files_are_the_same_kernel_and_others_another(boot: Path, cache: Cache) -> None:
    first = obtain(ImageSource(boot), cache)
    assert obtain(ImageSource(boot), cache) == first
    boot.write_bytes(bzimage(elf(X86, BANNER + b"another build")))
    assert obtain(ImageSource(boot), cache).image != first.image


@pytest.mark.parametrize("where", ["given", "beside", "in lib/modules", "nowhere"])
def test_a_configuration_is_found(boot: Path, cache: Cache, tmp_path: Path, where: str) -> None:
    tree = modules(tmp_path)
    place = {
        "given": tmp_path / "my.config",
        "beside": boot.with_name(f"config-{RELEASE}"),
        "in lib/modules": tree / "config",
        "nowhere": tmp_path / "unrelated",
    }[where]
    place.write_text("CONFIG_KSM=y\n")
    kernel = obtain(ImageSource(boot, tree.parents[2], place if where == "given" else None), cache)
    (note,) = kernel.notes
    if where == "nowhere":
        assert files.read_config(kernel.config) == {}
        assert note.startswith("its configuration is not known")
    else:
        assert files.read_config(kernel.config) == {"KSM": "y"}
        assert note == f"its configuration is {place}"


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_modules_are_taken_from_where_they_are(
    boot: Path, cache: Cache, tmp_path: Path, depth: int
) -> None:
    tree = modules(tmp_path)
    given = [tree, *tree.parents][depth]
    kernel = obtain(ImageSource(boot, given), cache)
    assert kernel.modules
    assert (kernel.modules / "order.json").exists()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("no file", r"vmlinuz.* cannot be read: No such file"),
        ("no image", "is not a kernel that can be booted here: it is neither"),
        ("another arch", "is a 64-bit kernel for x86, not one for arm64"),
        ("no release", "does not say which release of Linux it is"),
        ("no modules", "VIRTIO_NET as a module.* give its modules as well, lib/modules/7.1.0-rc3"),
        ("other modules", "has no modules of 7.1.0-rc3-mine"),
        ("no config", "configuration .*/my.config cannot be read"),
    ],
)
def test_what_cannot_be_booted_is_told(
    boot: Path, cache: Cache, tmp_path: Path, what: str, said: str
) -> None:
    source, arch = ImageSource(boot), "x86_64"
    match what:
        case "no file":
            boot.unlink()
        case "no image":
            boot.write_text("text")
        case "another arch":
            arch = "arm64"
        case "no release":
            boot.write_bytes(elf(X86, b""))
        case "no modules":
            boot.with_name(f"config-{RELEASE}").write_text("CONFIG_VIRTIO_NET=m\n")
        case "other modules":
            source = ImageSource(boot, tmp_path)
        case "no config":
            source = ImageSource(boot, None, tmp_path / "my.config")
    with pytest.raises(ConfigError, match=said):
        obtain(source, cache, arch)
