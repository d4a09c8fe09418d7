"""What is in a guest's file system, who may read it, and when it is made anew."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.images import newc
from orchestrator.images.initramfs import RECIPES, at_boot, hooked, initramfs, keyless
from orchestrator.images.keys import Keys
from orchestrator.tests.images.test_newc import Member, read

KEYS = Keys("client's secret", "ssh-rsa AAAA\n", b"host's secret", "ssh-ed25519 AAAA")
ORDER = {
    "virtio_pci": ["virtio", "virtio_ring", "virtio_pci"],
    "virtio_net": ["virtio", "virtio_ring", "failover", "virtio_net"],
    "zram": ["lzo", "zram"],
}


@pytest.fixture
def userland(tmp_path: Path) -> Path:
    place = tmp_path / "userland"
    place.mkdir()
    (place / "busybox").write_bytes(b"busybox's code")
    (place / "dropbear").write_bytes(b"dropbear's code")
    (place / "applets").write_text("sh\nmount\n")
    return place


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    place = tmp_path / "modules"
    place.mkdir()
    for name in {name for names in ORDER.values() for name in names}:
        (place / f"{name}.ko").write_text(f"{name}'s code")
    (place / "order.json").write_text(json.dumps(ORDER))
    return place


def image(tmp_path: Path, userland: Path, modules: Path | None = None, keys: Keys = KEYS) -> Path:
    return initramfs(ARCHES["arm64"], modules, userland, keys, Cache(tmp_path / "cache"))


def members(tmp_path: Path, userland: Path, modules: Path | None = None) -> dict[str, Member]:
    return read(image(tmp_path, userland, modules).read_bytes())


def test_the_kernel_finds_init_and_its_console(tmp_path: Path, userland: Path) -> None:
    found = members(tmp_path, userland)
    assert found["init"].mode == stat.S_IFREG | 0o755
    assert found["init"].data == (RECIPES / "init").read_bytes()
    assert stat.S_ISCHR(found["dev/console"].mode)
    assert found["dev/console"].device == (5, 1)


def test_init_finds_what_it_works_with(tmp_path: Path, userland: Path) -> None:
    found = members(tmp_path, userland)
    assert stat.S_ISFIFO(found["lib/pause"].mode)
    assert found["bin/modprobe"].mode & 0o111
    assert found["bin/dropbear"].data == b"dropbear's code"
    for path in (RECIPES / "etc").iterdir():
        assert found[f"etc/{path.name}"].data == path.read_bytes()
    for name in ("dev", "proc", "sys", "run", "tmp"):
        assert stat.S_ISDIR(found[name].mode)


def test_every_applet_is_a_link_to_busybox(tmp_path: Path, userland: Path) -> None:
    found = members(tmp_path, userland)
    assert found["bin/busybox"].mode & 0o111
    for applet in ("sh", "mount"):
        assert stat.S_ISLNK(found[f"bin/{applet}"].mode)
        assert found[f"bin/{applet}"].data == b"busybox"


def test_secrets_are_roots_alone(tmp_path: Path, userland: Path) -> None:
    found = members(tmp_path, userland)
    assert found["etc/dropbear/host_key"].data == b"host's secret"
    assert found["root/.ssh/authorized_keys"].data == b"ssh-rsa AAAA\n"
    secret = ("etc/dropbear/host_key", "root", "root/.ssh", "root/.ssh/authorized_keys")
    assert not [name for name in secret if found[name].mode & 0o077]


def test_our_own_secret_stays_here(tmp_path: Path, userland: Path) -> None:
    assert b"client's secret" not in image(tmp_path, userland).read_bytes()


def test_the_image_is_its_owners_alone(tmp_path: Path, userland: Path) -> None:
    assert image(tmp_path, userland).stat().st_mode & 0o077 == 0


def test_modules_come_with_the_order_in_which_to_load_them(
    tmp_path: Path, userland: Path, modules: Path
) -> None:
    found = members(tmp_path, userland, modules)
    shipped = {name for name in found if name.startswith("lib/modules/")}
    assert shipped == {
        *(f"lib/modules/{path.name}" for path in modules.glob("*.ko")),
        *(f"lib/modules/{name}.order" for name in ORDER),
        "lib/modules/boot",
    }
    assert found["lib/modules/zram.ko"].data == b"zram's code"
    assert found["lib/modules/zram.order"].data == b"lzo\nzram\n"
    assert found["lib/modules/boot"].data.decode().split() == at_boot(ORDER)


def test_without_modules_there_is_nothing_to_load(tmp_path: Path, userland: Path) -> None:
    assert members(tmp_path, userland)["lib/modules/boot"].data == b""


def test_at_boot_each_is_loaded_once_after_what_it_needs() -> None:
    assert at_boot(ORDER) == [
        "virtio", "virtio_ring", "virtio_pci", "failover", "virtio_net",
    ]  # fmt: skip


def test_at_boot_nothing_is_loaded_that_only_a_suite_wants() -> None:
    assert at_boot({"zram": ["lzo", "zram"]}) == []


def test_the_same_parts_make_it_once(tmp_path: Path, userland: Path, modules: Path) -> None:
    first = image(tmp_path, userland, modules)
    first.write_bytes(b"as it was made")
    assert image(tmp_path, userland, modules).read_bytes() == b"as it was made"


def test_the_bytes_depend_on_the_parts_alone(tmp_path: Path, userland: Path, modules: Path) -> None:
    one = image(tmp_path / "one", userland, modules)
    (modules / "lzo.ko").touch()
    other = image(tmp_path / "other", userland, modules)
    assert one != other
    assert one.read_bytes() == other.read_bytes()


def test_another_part_makes_another_image(tmp_path: Path, userland: Path, modules: Path) -> None:
    made = {image(tmp_path, userland), image(tmp_path, userland, modules)}
    (modules / "zram.ko").write_text("newer code")
    made.add(image(tmp_path, userland, modules))
    (userland / "applets").write_text("sh\n")
    made.add(image(tmp_path, userland, modules))
    made.add(image(tmp_path, userland, modules, Keys("", "", b"another", "")))
    made.add(image(tmp_path, userland, modules, Keys("", "another\n", b"another", "")))
    assert len(made) == 6


def test_what_is_given_away_has_no_key_of_ours(
    tmp_path: Path, userland: Path, modules: Path
) -> None:
    found = read(keyless(modules, userland, [newc.directory("lab"), newc.file("lab/x", b"x")]))
    usual = members(tmp_path, userland, modules)
    assert set(found) - set(usual) == {"lab", "lab/x"}
    assert set(usual) - set(found) == {
        "etc/dropbear/host_key", "root/.ssh", "root/.ssh/authorized_keys",
    }  # fmt: skip
    assert {name: found[name].data for name in found if name in usual} == {
        name: usual[name].data for name in found if name in usual
    }


@pytest.mark.parametrize("name", ["claim", "console"])
def test_a_hook_is_a_program_behind_the_image(tmp_path: Path, userland: Path, name: str) -> None:
    whole = hooked(image(tmp_path, userland), name)
    size = image(tmp_path, userland).stat().st_size
    assert size % 4 == 0  # where the kernel looks for another archive
    assert whole[:size] == image(tmp_path, userland).read_bytes()
    hook = read(whole[size:])["lab/hook"]
    assert hook.mode == stat.S_IFREG | 0o755
    assert hook.data == (RECIPES / "hooks" / name).read_bytes()
