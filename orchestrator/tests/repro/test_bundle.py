"""What a bundle holds, that its sums are right, and that none of the lab's keys is in it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError, InfraError
from orchestrator.images.initramfs import RECIPES
from orchestrator.images.suites import pack
from orchestrator.repro import bundle
from orchestrator.tests.images.test_newc import Member, read

COMMAND = "/lab/suites/wipe --timeout 20 --only wipe.zero"


@pytest.fixture
def contents(tmp_path: Path) -> bundle.Contents:
    userland, suites = tmp_path / "userland", tmp_path / "suites"
    userland.mkdir()
    suites.mkdir()
    for name in ("busybox", "dropbear"):
        (userland / name).write_text(f"{name}'s code")
    (userland / "applets").write_text("sh\n")
    (suites / "suites").write_bytes(b"\x7fELF of the suites")
    (suites / "wipe").symlink_to("suites")
    stream, image = tmp_path / "suites.tar.gz", tmp_path / "vmlinux"
    stream.write_bytes(pack(suites))
    image.write_bytes(b"the kernel")
    texts = {"README.txt": "read me\n", "repro.sh": "#!/bin/sh\n"}
    return bundle.Contents(ARCHES["arm64"], image, None, userland, stream, COMMAND, texts)


def initramfs(place: Path) -> dict[str, Member]:
    return read((place / "initramfs.cpio").read_bytes())


def test_all_that_it_takes_is_there(contents: bundle.Contents, tmp_path: Path) -> None:
    place = bundle.write(contents, tmp_path / "out" / "repro-x", packed=False)
    assert sorted(path.name for path in place.iterdir()) == [
        "README.txt", "SHA256SUMS", "initramfs.cpio", "kernel", "repro.sh", "suite",
    ]  # fmt: skip
    assert (place / "kernel").read_bytes() == b"the kernel"
    assert (place / "suite").read_bytes() == b"\x7fELF of the suites"
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=place, check=False)
    assert done.returncode == 0
    assert (place / "SHA256SUMS").read_text().count("\n") == 5
    assert [path.name for path in place.parent.iterdir()] == ["repro-x"]


def test_so_is_the_firmware_that_qemu_does_not_bring(
    contents: bundle.Contents, tmp_path: Path
) -> None:
    (tmp_path / "EFI.fd").write_bytes(b"the firmware")
    arch = replace(contents.arch, firmware=str(tmp_path / "EFI.fd"))
    place = bundle.write(replace(contents, arch=arch), tmp_path / "repro-x", packed=False)
    assert (place / "firmware").read_bytes() == b"the firmware"
    argv = bundle.argv(arch)
    assert argv[argv.index("-bios") + 1] == "firmware"


def test_its_guest_tries_the_claim_and_has_no_key(
    contents: bundle.Contents, tmp_path: Path
) -> None:
    found = initramfs(bundle.write(contents, tmp_path / "repro-x", packed=False))
    assert found["lab/hook"].data == (RECIPES / "hooks" / "claim").read_bytes()
    assert found["lab/hook"].mode & 0o111
    assert found["lab/command"].data.decode() == f"{COMMAND}\n"
    assert found["lab/suites/wipe"].data == b"suites"
    assert found["lab/suites/suites"].mode & 0o111
    assert "root" in found
    assert [name for name in found if "key" in name] == []


def test_it_may_be_one_file(contents: bundle.Contents, tmp_path: Path) -> None:
    directory = bundle.write(contents, tmp_path / "one" / "repro-x", packed=False)
    packed = bundle.write(contents, tmp_path / "two" / "repro-x", packed=True)
    again = bundle.write(contents, tmp_path / "three" / "repro-x", packed=True)
    assert packed.name == "repro-x.tar.gz"
    assert packed.read_bytes() == again.read_bytes()
    (tmp_path / "there").mkdir()
    subprocess.run(["tar", "-xzf", packed, "-C", tmp_path / "there"], check=True)
    assert {p.name: p.read_bytes() for p in (tmp_path / "there" / "repro-x").iterdir()} == {
        p.name: p.read_bytes() for p in directory.iterdir()
    }


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_there_already_stays(
    contents: bundle.Contents, tmp_path: Path, packed: bool
) -> None:
    bundle.write(contents, tmp_path / "repro-x", packed=packed)
    with pytest.raises(ConfigError, match=r"repro-x\S* is there already"):
        bundle.write(contents, tmp_path / "repro-x", packed=packed)


def test_a_disk_that_does_not_take_it_leaves_nothing(
    contents: bundle.Contents, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(InfraError, match="cannot be written"):
        bundle.write(contents, tmp_path / "out" / "repro-x", packed=False)


@pytest.mark.parametrize("arch", ARCHES)
def test_its_qemu_is_that_of_a_run_without_the_way_in(arch: str) -> None:
    argv = bundle.argv(ARCHES[arch])
    assert argv[0] == f"qemu-system-{ARCHES[arch].qemu}"
    assert "user,id=net,restrict=on" in argv
    assert not [word for word in argv if "fd=" in word or "hostfwd" in word or "/" in word]
