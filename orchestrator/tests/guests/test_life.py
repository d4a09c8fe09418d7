"""How one life ends, told from what the guest, its console and QEMU left behind."""

from __future__ import annotations

import contextlib
import math
import shlex
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from orchestrator import disk
from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.guests import diagnosis, life, machine, qemu, ssh
from orchestrator.guests.diagnosis import Signs
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.guests.limits import Limits
from orchestrator.guests.saved import Saved
from orchestrator.guests.snapshot import States
from orchestrator.images.keys import Keys
from orchestrator.model import Boot, Ending, Result, Snapshot, Verdict
from orchestrator.stop import Stop

LIMITS = Limits(boot=30.0, claim=4.4, silence=9.0, dying=7.0, push=5.0, look=0.5, run=900.0)
SPINS = Signs(ssh=False, state="running", printed=0, cpu=0.99)
ARM64 = replace(ARCHES["arm64"], ready=10.0)
PANIC = "Linux version 6.12\n[    1.0] Kernel panic - not syncing: oh no\n"


@dataclass
class World:
    """What becomes of the guest; a code means that QEMU has ended with it."""

    text: str = "Linux version 6.12\nLAB-READY 6.12\n"
    ready: bool = True
    code: int | None = None
    error: str = ""  # QEMU's
    says: dict[str, list[str]] = field(default_factory=dict)  # suite -> lines
    falls: Exception | None = None  # after the last line of a suite
    start: Exception | None = None
    waited: list[float] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    pushed: list[tuple[bytes, str]] = field(default_factory=list)
    aged: float = 1.5
    slower: float = 1.0  # than the row of the arch says
    signs: Signs = SPINS
    woken: list[bytes] = field(default_factory=list)  # with which random numbers
    asleep: Exception | None = None  # what becomes of one that is to be woken
    during: Callable[[], None] = lambda: None
    kill: Callable[[], None] = lambda: None

    # what life asks of a machine.Guest

    port = 34567
    snapshot: Snapshot | None = None
    machine: qemu.Boot | None = None  # that was started

    @property
    def process(self) -> SimpleNamespace:
        return SimpleNamespace(kill=self.kill, returncode=self.code)

    def age(self) -> float:
        return self.aged

    def console(self) -> str:
        return self.text

    def ended(self) -> InfraError:
        assert self.code is not None
        return machine.ended(self.code, self.error)

    def wait_ready(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        assert seconds == LIMITS.boot
        return self.ready

    def wait_gone(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return self.code is not None

    # what it asks of a ssh.Session

    def push(self, stream: bytes, directory: str, silence: float) -> None:
        assert silence == LIMITS.push * self.slower
        self.pushed.append((stream, directory))

    def run(
        self,
        command: str,
        on_lines: Callable[[Sequence[str]], None],
        *,
        silence: float,
        stdin: bytes = b"",
        together: float = 0.0,
    ) -> int:
        if stdin:  # it is woken
            self.woken.append(stdin)
            if self.asleep:
                raise self.asleep
            return 0
        assert silence == LIMITS.silence * self.slower
        self.ran.append(command)
        for words in map(shlex.split, command.split("; ")):
            said = words[1:] if words[0] == "echo" else self.says.get(Path(words[0]).name, [])
            on_lines(said)
        self.during()
        if self.falls:
            raise self.falls
        return 0


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    @contextlib.contextmanager
    def start(
        boot: Callable[[int], qemu.Boot], directory: Path, *, on_output: object
    ) -> Iterator[World]:
        if made.start:
            raise made.start
        made.machine = boot(7)
        yield made

    @contextlib.contextmanager
    def connect(port: int, keys: Keys, timeout: float) -> Iterator[World]:
        assert port == made.port
        yield made

    monkeypatch.setattr(machine, "start", start)
    monkeypatch.setattr(ssh, "connect", connect)
    monkeypatch.setattr(diagnosis, "examine", lambda guest, seconds: made.signs)
    return made


@dataclass
class Watch:
    phases: list[str] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    stop: Stop = field(default_factory=Stop)


def live(
    tmp_path: Path,
    *errands: Errand,
    watch: Watch | None = None,
    until: float = math.inf,
    states: States | None = None,
) -> Boot:
    watch = watch or Watch()
    equipment = Equipment(
        states=states,
        arch=ARM64,
        until=until,
        machine=lambda fd: qemu.Boot(ARCHES["arm64"], Path("Image"), Path("initramfs"), fd),
        streams=(b"suites", b"more"),
        keys=Keys("", "", b"", ""),
        limits=LIMITS,
        on_phase=watch.phases.append,
        on_result=watch.results.append,
        stop=watch.stop,
    )
    return life.live(2, errands or [Errand("a")], equipment, tmp_path)


def test_the_suite_is_told_the_claims_limit_in_whole_seconds(world: World, tmp_path: Path) -> None:
    live(tmp_path, Errand("a", start=3))
    assert world.ran == ["/lab/suites/a --timeout 4 --from 3"]


# ---- a good life


def test_what_the_suites_say_is_kept_and_passed_on(world: World, tmp_path: Path) -> None:
    world.says = {"a": ["1..1", "# trying 1 a.one", "ok 1 a.one"], "b": ["not ok 1 b.one"]}
    watch = Watch()
    boot = live(tmp_path, Errand("a"), Errand("b"), watch=watch)
    assert (boot.number, boot.ending, boot.why) == (2, Ending.DONE, "")
    assert boot.ktap == {"a": "1..1\n# trying 1 a.one\nok 1 a.one\n", "b": "not ok 1 b.one\n"}
    assert (tmp_path / "a.ktap").read_text() == boot.ktap["a"]
    assert [(r.claim, r.verdict) for r in watch.results] == [
        ("a.one", Verdict.PASS),
        ("b.one", Verdict.FAIL),
    ]
    assert watch.phases == ["booting", "connecting", "pushing", "a", "b"]
    assert (boot.ready, boot.first_result, boot.seconds) == (1.5, 1.5, 1.5)


def test_the_suites_are_pushed_once_and_before_they_are_run(world: World, tmp_path: Path) -> None:
    live(tmp_path, Errand("a"), Errand("b"))
    assert world.pushed == [(b"suites", "/lab/suites"), (b"more", "/lab/suites")]


# ---- its ends


def test_a_panic_is_one_by_the_kernels_own_word(world: World, tmp_path: Path) -> None:
    world.falls, world.text, world.code = ssh.Lost("gone"), PANIC, 0
    boot = live(tmp_path)
    assert (boot.ending, boot.why) == (Ending.PANIC, "Kernel panic - not syncing: oh no")
    assert "Linux version 6.12" in boot.splat


def test_so_is_a_reset_without_a_word(world: World, tmp_path: Path) -> None:
    world.falls, world.code = ssh.Lost("gone"), 0
    boot = live(tmp_path)
    assert boot.ending is Ending.PANIC
    assert "without a word" in boot.why
    assert boot.splat.endswith("LAB-READY 6.12")


def test_a_lost_connection_waits_for_the_splat_and_silence_does_not(
    world: World, tmp_path: Path
) -> None:
    world.falls = ssh.Lost("the connection broke")
    live(tmp_path)
    world.falls = ssh.Silent("no word")
    live(tmp_path)
    assert world.waited[0] == LIMITS.dying
    assert world.waited[1] < LIMITS.dying


def test_a_guest_that_still_runs_is_silent_and_diagnosed(world: World, tmp_path: Path) -> None:
    world.falls, world.text = ssh.Silent("no word for 9 s"), "LAB-READY 6\nlast words\n\n"
    boot = live(tmp_path)
    assert boot.ending is Ending.SILENT
    assert boot.why == (
        f"no word for 9 s; the guest still runs: {world.signs.words()}; it last said: last words"
    )
    assert boot.splat == ""


def test_what_a_silent_kernel_complains_of_is_told(world: World, tmp_path: Path) -> None:
    world.falls = ssh.Silent("no word for 9 s")
    world.text = (
        "BUG: scheduling while atomic: x/1\nBUG: soft lockup - CPU#0 stuck for 22s! [a:1]\n"
    )
    boot = live(tmp_path)
    assert boot.ending is Ending.SILENT
    assert "; BUG: soft lockup; " in boot.why
    assert "CPU#0 stuck" in boot.splat


def test_a_kernel_that_dies_while_it_is_looked_at_is_a_panic(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(guest: object, seconds: float) -> Signs:
        assert seconds == LIMITS.look
        world.text = PANIC
        return world.signs

    monkeypatch.setattr(diagnosis, "examine", look)
    world.falls = ssh.Silent("no word")
    boot = live(tmp_path)
    assert (boot.ending, boot.why) == (Ending.PANIC, "Kernel panic - not syncing: oh no")


def test_a_warning_of_the_kernels_does_not_make_a_lost_qemu_a_panic(
    world: World, tmp_path: Path
) -> None:
    world.falls, world.code = ssh.Lost("gone"), -9
    world.text = "WARNING: mm/a.c:1 at f+0x1/0x2, CPU#0: a/1\nBUG: Bad page state in process a\n"
    assert live(tmp_path).ending is Ending.INFRA


def test_an_init_that_lost_its_ssh_server_says_so(world: World, tmp_path: Path) -> None:
    world.falls, world.code = ssh.Lost("gone"), 0
    world.text += "LAB-FAILED keeping dropbear alive: it ended with exit code 137\n"
    boot = live(tmp_path)
    assert boot.ending is Ending.FAILED
    assert boot.why.startswith("init gave up: keeping dropbear alive")


# ---- patience


def test_a_guest_that_was_slow_to_boot_gets_more_patience(world: World, tmp_path: Path) -> None:
    world.aged, world.slower = 25.0, 2.5
    live(tmp_path, Errand("a"))
    assert world.ran == ["/lab/suites/a --timeout 11"]


def test_when_the_targets_time_is_up_the_guest_is_killed(world: World, tmp_path: Path) -> None:
    dead = threading.Event()
    world.kill, world.falls, world.code = dead.set, ssh.Lost("gone"), -9

    def wait() -> None:
        assert dead.wait(20)

    world.during = wait
    boot = live(tmp_path, until=time.monotonic() + 0.1)
    assert boot.ending is Ending.SILENT
    assert boot.why == "the time of the whole target, 900 s, is up"


def test_a_guest_that_is_done_in_time_is_left_alone(world: World, tmp_path: Path) -> None:
    world.kill = lambda: pytest.fail("killed")
    before = threading.active_count()
    assert live(tmp_path, until=time.monotonic() + 100).ending is Ending.DONE
    time.sleep(0.05)
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("code", "complaint", "said"),
    [(1, "warning\nout of memory", "out of memory"), (-11, "", "signal 11"), (3, "", "code 3")],
)
def test_a_qemu_that_dies_is_the_hosts_fault(
    world: World, tmp_path: Path, code: int, complaint: str, said: str
) -> None:
    world.falls, world.code, world.error = ssh.Lost("gone"), code, complaint
    boot = live(tmp_path)
    assert boot.ending is Ending.INFRA
    assert boot.why.startswith("QEMU died: ")
    assert boot.why.endswith(said)


def test_what_was_said_before_the_end_is_kept(world: World, tmp_path: Path) -> None:
    world.says, world.falls = {"a": ["ok 1 a.one", "# trying 2 a.two"]}, ssh.Silent("no word")
    assert live(tmp_path).ktap == {"a": "ok 1 a.one\n# trying 2 a.two\n"}


def test_an_init_that_gave_up_is_quoted(world: World, tmp_path: Path) -> None:
    world.ready, world.text = False, "Linux version 6.12\nLAB-FAILED no network\n"
    boot = live(tmp_path)
    assert (boot.ending, boot.why) == (Ending.FAILED, "init gave up: no network")
    assert boot.ready is None


def test_a_qemu_gone_before_the_first_line_is_the_hosts_fault(world: World, tmp_path: Path) -> None:
    world.ready, world.text, world.code = False, "\n", 1
    boot = live(tmp_path)
    assert boot.ending is Ending.INFRA
    assert boot.why == "QEMU ended before the kernel's first line: exit code 1"


def test_a_kernel_that_said_something_and_died_is_a_panic(world: World, tmp_path: Path) -> None:
    world.ready, world.text, world.code = False, PANIC, 0
    assert live(tmp_path).ending is Ending.PANIC


def test_a_kernel_that_never_became_ready_is_silent(world: World, tmp_path: Path) -> None:
    world.ready, world.text = False, "Linux version 6.12\n"
    boot = live(tmp_path)
    assert boot.ending is Ending.SILENT
    assert boot.why.startswith("not ready after 30 s; the guest still runs")


@pytest.mark.parametrize("when", ["start", "falls"])
def test_a_failure_of_the_hosts_is_no_exception(world: World, tmp_path: Path, when: str) -> None:
    setattr(world, when, InfraError("no QEMU", "lab doctor"))
    boot = live(tmp_path)
    assert (boot.ending, boot.why) == (Ending.INFRA, "no QEMU")


def test_whatever_happens_during_an_interruption_is_nobodys_verdict(
    world: World, tmp_path: Path
) -> None:
    watch = Watch()
    world.falls, world.code, world.during = ssh.Lost("gone"), -9, watch.stop.set
    boot = live(tmp_path, watch=watch)
    assert (boot.ending, boot.why) == (Ending.INFRA, "the run was interrupted")


def test_an_interruption_kills_the_guest(world: World, tmp_path: Path) -> None:
    watch, killed = Watch(), list[str]()
    world.kill = lambda: killed.append("killed")
    world.during = watch.stop.set
    live(tmp_path, watch=watch)
    assert killed == ["killed"]


def test_lines_that_cannot_be_kept_are_the_hosts_fault(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "Record", lambda _: disk.Record(Path("/dev/full")))
    world.says = {"a": ["ok 1 a.one"]}
    boot = live(tmp_path)
    assert boot.ending is Ending.INFRA
    assert boot.why == "/dev/full cannot be written: No space left on device"
    assert boot.look == "df -h /dev/full"


# ---- from a saved state

ORIGIN = Snapshot("ab12", "2026-01-01T00:00:00+00:00", 3.2)


@dataclass
class Shelf:
    """Stands in for States."""

    dropped: int = 0

    def saved(self) -> Saved:
        return Saved(qemu.State(Path("memory"), Path("devices")), ORIGIN, b"LAB-READY 6.12\n")

    def drop(self) -> None:
        self.dropped += 1


def resumed(tmp_path: Path, shelf: Shelf, *errands: Errand, watch: Watch | None = None) -> Boot:
    return live(tmp_path, *errands, watch=watch, states=cast("States", shelf))


def test_a_guest_from_a_state_is_woken_before_anything_is_pushed(
    world: World, tmp_path: Path
) -> None:
    watch = Watch()
    boot = resumed(tmp_path, Shelf(), watch=watch)
    assert world.machine
    assert (world.machine.resumes, boot.snapshot, boot.ending) == (True, ORIGIN, Ending.DONE)
    assert [len(seed) for seed in world.woken] == [64]
    assert watch.phases[:2] == ["resuming", "connecting"]
    assert (tmp_path / "before.log").read_bytes() == b"LAB-READY 6.12\n"
    resumed(tmp_path, Shelf())
    assert world.woken[0] != world.woken[1]


def test_a_guest_that_boots_is_not_woken(world: World, tmp_path: Path) -> None:
    boot = live(tmp_path)
    assert world.machine
    assert (world.woken, boot.snapshot, world.machine.resumes) == ([], None, False)
    assert not (tmp_path / "before.log").exists()


def test_a_guest_that_wakes_slowly_gets_more_patience(world: World, tmp_path: Path) -> None:
    assert ARM64.awake == 4
    world.aged, world.slower = 8.0, 2.0
    assert resumed(tmp_path, Shelf()).ending is Ending.DONE


@pytest.mark.parametrize("what", [ssh.Silent("no word"), ssh.Lost("it broke")])
def test_a_guest_that_does_not_wake_is_the_states_fault(
    world: World, tmp_path: Path, what: Exception
) -> None:
    world.asleep, shelf = what, Shelf()
    boot = resumed(tmp_path, shelf)
    assert (boot.ending, boot.snapshot, shelf.dropped) == (Ending.INFRA, ORIGIN, 1)
    assert boot.why == f"the guest does not go on from its saved state: {what}"
    assert world.pushed == []


def test_a_kernel_that_dies_later_is_judged_as_any_other(world: World, tmp_path: Path) -> None:
    world.text, world.code, world.falls = PANIC, 0, ssh.Lost("it broke")
    shelf = Shelf()
    boot = resumed(tmp_path, shelf)
    assert (boot.ending, boot.why, shelf.dropped) == (
        Ending.PANIC,
        "Kernel panic - not syncing: oh no",
        0,
    )
