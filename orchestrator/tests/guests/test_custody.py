"""How QEMU is held, as far as that can be seen without being root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.guests import custody
from orchestrator.guests.qemu import Boot, State

WHOLE = "         0          0 4294967295\n"
ROOTLESS = "         0       1000          1\n         1     100000      65536\n"
ALONE = "         0       1000          1\n"


@pytest.fixture(autouse=True)
def not_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.parametrize("uid_map", [WHOLE, ROOTLESS])
def test_each_guest_of_roots_is_a_user_who_owns_nothing(uid_map: str) -> None:
    users = [custody.lent_user(0, uid_map) for _ in range(100)]
    assert len(set(users)) == 100
    assert all(user in range(61184, 65520) for user in users)


def test_who_is_not_root_stays_who_he_is() -> None:
    assert custody.lent_user(1000, WHOLE) is None
    assert custody.lent_user(0, ALONE) is None


def test_the_user_changes_before_the_signal_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody, "lent_user", lambda *_: 61200)
    argv = custody.command(["qemu", "-M", "virt"])
    before = argv[: argv.index("--")]
    assert {"--reuid=61200", "--regid=61200", "--clear-groups", "--no-new-privs"} <= set(before)
    assert before[-2:] == ["--pdeathsig", "KILL"]
    assert argv[-3:] == ["qemu", "-M", "virt"]


def test_it_gains_no_rights_and_leaves_no_core() -> None:
    script = "cat /proc/self/status; ulimit -f; ulimit -c"
    said = subprocess.run(
        custody.command(["sh", "-c", script]), check=True, capture_output=True, text=True
    ).stdout
    assert "NoNewPrivs:\t1" in said
    assert said.endswith("\n8192\n0\n")


def test_the_process_keeps_its_id() -> None:
    with subprocess.Popen(
        custody.command([sys.executable, "-c", "import os; print(os.getpid())"]),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.communicate()[0] == b"%d\n" % process.pid


def test_it_is_not_begun_for_a_parent_who_is_gone() -> None:
    argv = custody.command(["echo", "begun"])
    argv[argv.index(str(os.getpid()))] = "1"
    done = subprocess.run(argv, check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (1, b"")


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_the_files_are_lent_as_descriptors_that_anybody_may_read(tmp_path: Path, mode: int) -> None:
    image = tmp_path / "image"
    image.write_bytes(b"kernel" * 100_000)
    image.chmod(mode)
    boot = Boot(ARCHES["arm64"], image, image, qmp_fd=3)
    with custody.lent(boot) as (held, descriptors):
        assert [held.image, held.initramfs] == [Path(f"/proc/self/fd/{n}") for n in descriptors]
        assert held.image.read_bytes() == image.read_bytes()
        assert all(os.fstat(number).st_mode & 0o004 for number in descriptors)
    for number in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(number)


def test_a_state_is_lent_without_a_copy(tmp_path: Path) -> None:
    for name in ("image", "memory", "devices"):
        (tmp_path / name).write_bytes(name.encode())
        (tmp_path / name).chmod(0o444)
    image, state = tmp_path / "image", State(tmp_path / "memory", tmp_path / "devices")
    with custody.lent(Boot(ARCHES["arm64"], image, image, 3, state=state)) as (held, descriptors):
        assert held.state
        assert held.state.memory.samefile(state.memory)
        assert held.state.devices.samefile(state.devices)
        assert [held.state.memory, held.state.devices] == [
            Path(f"/proc/self/fd/{number}") for number in descriptors[2:]
        ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    boot = Boot(ARCHES["arm64"], tmp_path / "gone", tmp_path / "gone", qmp_fd=3)
    with pytest.raises(InfraError, match="gone cannot be read: No such file"), custody.lent(boot):
        pytest.fail("lent what is not there")
