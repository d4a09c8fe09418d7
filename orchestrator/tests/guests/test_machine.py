"""One process: what it says is kept within bounds, and it is gone when we are.

QEMU is played by a script that answers its monitor; nothing is emulated.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.guests import custody, machine, qemu
from orchestrator.guests.machine import Guest
from orchestrator.guests.monitor import Mute

PATIENCE = 20.0  # seconds, for what should not take any
SHORT = 0.3  # seconds, for what will not come
FORWARD = "  TCP[HOST_FORWARD]  13       127.0.0.1 34567       10.0.2.15    22     0     0\r\n"

QEMU = r"""
import json, os, re, signal, socket, sys, threading, time

fd = int(re.search(r"id=qmp,fd=(\d+)", " ".join(sys.argv))[1])
monitor = socket.socket(fileno=fd)

def tell(message):
    monitor.sendall(json.dumps(message).encode() + b"\n")

def answer(told):
    tell({"QMP": {"version": {"qemu": {"major": 10}}, "capabilities": []}})
    while question := monitor.recv(4096):  # they come one by one, and do not end their lines
        asked = json.loads(question)
        known = asked["execute"] == "human-monitor-command"
        says = told if known else moved.pop(0) if asked["execute"] == "query-migrate" else {}
        tell({"return": says, "id": asked.get("id")})
        questions.append(asked["execute"])
        if known:
            answered.set()

answered = threading.Event()
questions, moved = [], [{"status": "active"}, {"status": "completed"}]

def alive(told=FORWARD):
    threading.Thread(target=answer, args=(told,), daemon=True).start()

def end(code):
    answered.wait()
    os._exit(code)

def say(text):
    print(text, flush=True)

"""

Start = Callable[..., contextlib.AbstractContextManager[Guest]]
Qemu = Callable[[str], Start]


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Qemu:
    """Takes what QEMU does, in Python; gives what starts it."""
    place = tmp_path / "bin" / "qemu-system-played"
    place.parent.mkdir()
    monkeypatch.setenv("PATH", f"{place.parent}:{os.environ['PATH']}")
    arch = replace(ARCHES["x86_64"], qemu="played")
    image = tmp_path / "image"
    image.write_bytes(b"kernel")
    boot = functools.partial(qemu.Boot, arch, image, image)
    # Root's QEMU is somebody else, who may not even look into this directory.
    monkeypatch.setattr(custody, "lent_user", lambda *_: None)

    def play(does: str) -> Start:
        place.write_text(f"#!{sys.executable} -IS\nFORWARD = {FORWARD!r}\n{QEMU}{does}\n")
        place.chmod(0o755)
        return functools.partial(machine.start, boot, tmp_path)

    return play


def never() -> bool:
    return False


# ---- what a running one tells


def test_the_monitor_tells_the_port_and_the_console_that_it_is_ready(played: Qemu) -> None:
    with played("alive(); say('Linux version 6.12'); say('LAB-READY 6.12'); time.sleep(60)")() as g:
        assert g.port == 34567
        assert g.wait_ready(PATIENCE, never)
        assert g.console() == "Linux version 6.12\nLAB-READY 6.12\n"
        assert not g.wait_gone(0)


def test_console_and_complaints_are_kept_apart(played: Qemu, tmp_path: Path) -> None:
    with played("alive(); say('said'); os.write(2, b'warning\\n'); end(3)")() as guest:
        assert guest.wait_gone(PATIENCE)
        assert guest.complaint() == "warning"
        assert guest.process.returncode == 3
    assert (tmp_path / "console.log").read_bytes() == b"said\n"
    assert (tmp_path / "qemu.log").read_bytes() == b"warning\n"


def test_the_log_has_the_bytes_as_they_came(played: Qemu, tmp_path: Path) -> None:
    raw = rb"a\r\n\x1b[2J\xff\n"
    with played(f"alive(); os.write(1, b'{raw.decode()}'); end(0)")() as guest:
        guest.wait_gone(PATIENCE)
        assert guest.console() == "a\n\ufffd\n"
    assert (tmp_path / "console.log").read_bytes() == b"a\r\n\x1b[2J\xff\n"


def test_a_flood_is_taken_and_not_kept(
    played: Qemu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_CONSOLE_LIMIT", 1 << 20)
    does = "alive(); [say('x' * 65535) for _ in range(64)]; end(7)"
    with played(does)() as guest:
        assert guest.wait_gone(PATIENCE)
        assert guest.process.returncode == 7  # nobody held it up
        assert len(guest.console()) == 1 << 20
    assert (tmp_path / "console.log").stat().st_size == 1 << 20


def test_the_monitor_stays_and_the_cpu_time_is_told(played: Qemu) -> None:
    with played("alive(); say('x' * 7); sum(range(10**7)); time.sleep(60)")() as guest:
        assert guest.monitor is not None
        assert "HOST_FORWARD" in guest.monitor.read("info usernet")
        assert guest.monitor.ask("query-status") == {}
        limit = guest.age() + PATIENCE
        while (guest.printed < 8 or not guest.burnt()) and guest.age() < limit:
            time.sleep(SHORT)
        assert guest.printed == 8
        assert guest.burnt() > 0
    assert guest.burnt() == 0


def test_a_monitor_whose_qemu_is_gone_is_mute(played: Qemu) -> None:
    with played("alive(); time.sleep(60)")() as guest:
        assert guest.monitor is not None
        guest.process.kill()
        guest.process.wait()
        with pytest.raises(Mute):
            guest.monitor.ask("query-status")


# ---- waiting for it


def test_a_guest_that_says_that_it_failed_is_not_waited_for(played: Qemu) -> None:
    with played("alive(); say('LAB-FAILED no network'); time.sleep(60)")() as guest:
        assert not guest.wait_ready(PATIENCE, never)
        assert guest.age() < PATIENCE / 2


def test_nor_one_that_died_and_its_last_words_are_there(played: Qemu) -> None:
    does = "alive(); say('x' * 100000); say('Kernel panic - not syncing: oh'); end(0)"
    with played(does)() as guest:
        assert not guest.wait_ready(PATIENCE, never)
        assert guest.age() < PATIENCE / 2
        assert guest.console().endswith("Kernel panic - not syncing: oh\n")


def test_waiting_ends_when_time_is_up(played: Qemu) -> None:
    with played("alive(); say('Linux version 6.12'); time.sleep(60)")() as guest:
        limit = guest.age() + SHORT
        assert not guest.wait_ready(limit, never)
        assert limit <= guest.age() < PATIENCE / 2


def test_waiting_ends_when_it_is_told_to(played: Qemu) -> None:
    with played("alive(); time.sleep(60)")() as guest:
        assert not guest.wait_ready(PATIENCE, lambda: guest.age() > SHORT)
        assert guest.age() < PATIENCE / 2


def test_a_guest_that_stays_is_not_gone(played: Qemu) -> None:
    with played("alive(); time.sleep(60)")() as guest:
        before = time.monotonic()
        assert not guest.wait_gone(SHORT)
        assert time.monotonic() - before >= SHORT


# ---- the end of it

DEFIANT = "signal.signal(signal.SIGTERM, signal.SIG_IGN); alive(); say('here'); time.sleep(60)"


def test_it_is_gone_when_the_context_is_left(played: Qemu) -> None:
    with played(DEFIANT)() as guest:
        assert not guest.wait_gone(0)
    assert guest.process.returncode == -9


def test_also_when_an_error_leaves_it(played: Qemu) -> None:
    guests: list[Guest] = []
    with pytest.raises(ZeroDivisionError), played(DEFIANT)() as guest:
        guests.append(guest)
        raise ZeroDivisionError
    assert guests[0].process.returncode == -9


def test_and_when_the_thread_that_started_it_is_no_more(played: Qemu) -> None:
    guests: list[Guest] = []
    with contextlib.ExitStack() as kept:
        start = played(DEFIANT)
        thread = threading.Thread(target=lambda: guests.append(kept.enter_context(start())))
        thread.start()
        thread.join()
        assert guests[0].wait_gone(PATIENCE)
        assert guests[0].process.returncode == -9


def test_no_descriptor_and_no_thread_stays_behind(played: Qemu) -> None:
    start = played("alive(); say('here'); time.sleep(60)")
    with start():
        pass
    before = descriptors(), threading.active_count()
    lives = 4
    for _ in range(lives):
        with start():
            pass
    # What runs the tests has some of its own that come and go; one a life would be ours.
    assert descriptors() < before[0] + lives
    assert threading.active_count() < before[1] + lives


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - as it is


def test_the_signals_of_our_terminal_do_not_reach_it(played: Qemu) -> None:
    with played("alive(); time.sleep(60)")() as guest:
        assert os.getpgid(guest.process.pid) != os.getpgid(0)


# ---- whose fault it is that there is none


@pytest.mark.parametrize(
    "does",
    [
        "print('warning: old', file=sys.stderr); sys.exit('qemu: no such machine: virt')",
        "tell({'QMP': 1}); monitor.recv(9); sys.exit('qemu: no such machine: virt')",
    ],
    ids=["at once", "meanwhile"],
)
def test_a_qemu_that_ends_is_the_hosts_fault_in_its_own_words(played: Qemu, does: str) -> None:
    start = played(does)
    with pytest.raises(InfraError) as caught, start():
        pytest.fail("a guest without a QEMU")
    assert caught.value.cause == "QEMU ended before it answered: qemu: no such machine: virt"
    assert caught.value.look.startswith("qemu-system-played -nodefaults")


def test_a_qemu_that_forwards_no_port_is_the_hosts_fault_and_gone(
    played: Qemu, tmp_path: Path
) -> None:
    start = played(
        f"open('{tmp_path}/pid', 'w').write(str(os.getpid())); alive('none'); time.sleep(60)"
    )
    with pytest.raises(InfraError, match="forwards no port"), start():
        pytest.fail("a guest without a port")
    assert not Path("/proc", (tmp_path / "pid").read_text()).exists()


def test_a_qemu_that_is_not_there_is_named(played: Qemu, tmp_path: Path) -> None:
    start = played("")
    (tmp_path / "bin" / "qemu-system-played").unlink()
    with pytest.raises(InfraError, match="qemu-system-played: not found"), start():
        pytest.fail("a guest without a QEMU")


def test_a_host_without_what_starts_it_is_told_so(
    played: Qemu, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = played("alive()")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InfraError, match="QEMU cannot be started: ") as caught, start():
        pytest.fail("a guest without a QEMU")
    assert caught.value.look == "lab doctor"


# ---- a disk that is full


def test_a_console_that_cannot_be_kept_ends_the_guest_and_is_the_hosts_fault(
    played: Qemu, tmp_path: Path
) -> None:
    (tmp_path / "console.log").symlink_to("/dev/full")
    start = played("alive(); time.sleep(1); say('Linux version 6.12'); time.sleep(60)")
    with pytest.raises(InfraError, match="No space left on device") as caught, start() as guest:
        assert not guest.wait_ready(PATIENCE, never)
        assert guest.age() < PATIENCE / 2
    assert caught.value.look == f"df -h {tmp_path}/console.log"


def test_a_qemu_that_is_killed_before_it_answers_is_said_to_be(played: Qemu) -> None:
    start = played("os.kill(os.getpid(), 9)")
    with pytest.raises(InfraError, match="QEMU ended before it answered: killed by signal 9"):
        start().__enter__()


# ---- somebody who watches


def test_what_it_prints_is_told_as_it_comes_and_what_is_typed_reaches_it(played: Qemu) -> None:
    heard = bytearray()
    does = "alive(); say('name?'); say('hello ' + input()); time.sleep(60)"
    ours, theirs = os.pipe()
    with played(does)(on_output=heard.extend, keyboard=ours) as guest:
        limit = guest.age() + PATIENCE
        os.write(theirs, b"you\n")
        while b"hello you" not in heard and guest.age() < limit:
            time.sleep(SHORT)
        assert heard == b"name?\nhello you\n"
        assert guest.spoke is not None
        assert 0 < guest.spoke <= guest.age()
    os.close(ours)
    os.close(theirs)


def test_before_it_speaks_it_has_not_spoken(played: Qemu) -> None:
    with played("alive(); time.sleep(60)")() as guest:
        assert guest.spoke is None


# ---- a state


@pytest.fixture
def state(tmp_path: Path) -> qemu.State:
    made = qemu.State(tmp_path / "memory", tmp_path / "devices")
    for file in (made.memory, made.devices):
        file.write_bytes(b"")
    return made


Kept = Callable[..., contextlib.AbstractContextManager[Guest]]


def kept(start: Start, state: qemu.State, *, resumes: bool) -> Kept:
    """The same start, of a machine whose state is kept."""
    boot, *rest = start.args  # type: ignore[attr-defined]
    machines = functools.partial(boot, state=state, resumes=resumes)
    return functools.partial(machine.start, machines, *rest)


def test_a_guest_that_resumes_is_ready_at_once(played: Qemu, state: qemu.State) -> None:
    does = "alive()\nwhile 'cont' not in questions: time.sleep(.01)\nsay('goes on'); time.sleep(60)"
    with kept(played(does), state, resumes=True)() as guest:
        assert guest.resumed
        assert guest.wait_ready(0, never)


def test_a_state_that_does_not_load_is_the_hosts_fault(played: Qemu, state: qemu.State) -> None:
    does = "moved[:] = [{'status': 'failed', 'error-desc': 'bad section'}]; alive(); time.sleep(60)"
    start = kept(played(does), state, resumes=True)
    with pytest.raises(InfraError, match="QEMU did not migrate-incoming: bad section"), start():
        pytest.fail("a guest without a state")


def test_a_qemu_that_dies_as_it_loads_is_said_to_have_ended(
    played: Qemu, state: qemu.State
) -> None:
    does = (
        "alive()\nwhile 'migrate-incoming' not in questions: time.sleep(.01)\n"
        "os.write(2, b'error while loading state\\n'); os._exit(1)"
    )
    start = kept(played(f"moved[:] = [{{}}] * 10000\n{does}"), state, resumes=True)
    with pytest.raises(InfraError, match="error while loading state"), start():
        pytest.fail("a guest without a state")


def test_a_guest_is_stopped_and_saved(played: Qemu, state: qemu.State) -> None:
    does = "alive()\nwhile 'migrate' not in questions: time.sleep(.01)\n"
    does += "say(' '.join(questions)); time.sleep(60)"
    with kept(played(does), state, resumes=False)() as guest:
        assert not guest.resumed
        guest.save()
        limit = guest.age() + PATIENCE
        while "migrate" not in guest.console() and guest.age() < limit:
            time.sleep(0.01)
        assert "stop migrate-set-capabilities migrate" in guest.console()
