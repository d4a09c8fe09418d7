"""lab boot: a guest for its own sake: how long it takes, or what its console says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any

import typer

from orchestrator.cli import keyboard
from orchestrator.cli.prepared import Prepared, prepare, scratch, watched
from orchestrator.cli.values import print_json
from orchestrator.errors import ConfigError
from orchestrator.guests import machine, ssh
from orchestrator.guests.errand import SUITES
from orchestrator.guests.screen import Screen
from orchestrator.guests.visit import Visit
from orchestrator.images import initramfs
from orchestrator.render.plain import plain
from orchestrator.stop import Stop

_OFF = 30.0  # seconds that a guest may take to power off
_TICK = 0.2

Phases = list[tuple[str, float]]  # what was reached, and how many seconds after QEMU's start


def boot(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="6.12/parisc")],
    live: Annotated[bool, typer.Option("--console", help="Show its console as it boots.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Boot a target, say how long each phase took and what runs, and power it off.

    With --console its console is shown live. In a terminal there is a shell at it once the guest
    is up, and Ctrl-] leaves; otherwise the guest is powered off then.
    """
    if live and json:
        raise ConfigError("--console shows what a guest prints: that is no JSON")
    made = prepare(context.obj, target)
    if live:
        _watch(made)
        return
    phases: Phases = []
    with made.visited(on_phase=lambda *reached: phases.append(reached)) as there:
        running = _running(there)
        _power_off(there, phases)
    facts = _facts(made, running, phases)
    if json:
        print_json(facts)
    else:
        _say(facts, phases)


def _running(there: Visit) -> str:
    """What the kernel calls itself, its compiler included."""
    said: list[str] = []
    there.session.run("cat /proc/version", said.extend, silence=there.limits.silence)
    return plain(said[0]) if said else ""


def _power_off(there: Visit, phases: Phases) -> None:
    with suppress(ssh.Lost, ssh.Silent):  # it may go down before it answers
        there.session.run("poweroff", lambda _: None, silence=_OFF)
    gone = there.guest.wait_gone(_OFF)
    phases.append(("powered off" if gone else "killed: it did not power off", there.guest.age()))


def _facts(made: Prepared, running: str, phases: Phases) -> dict[str, Any]:
    kernel = made.parts.kernel
    return {
        "target": str(made.parts.target),
        "running": running,
        "version": kernel.version,
        "origin": kernel.origin,
        "qemu": made.parts.qemu,
        "memory": made.parts.target.arch.memory,
        "phases": {name: round(seconds, 3) for name, seconds in phases},
    }


def _say(facts: dict[str, Any], phases: Phases) -> None:
    print(f"{facts['target']}: {facts['running']}")
    print(f"  kernel {facts['version']}: {facts['origin']}")
    print(f"  QEMU {facts['qemu']}, {facts['memory']} MiB of memory")
    print("   took      at")
    for (_, before), (name, at) in pairwise([("", 0.0), *phases]):
        print(f"{at - before:7.2f} {at:7.2f} s  {name}")


def _watch(made: Prepared) -> None:
    """Returns when the guest was powered off, or left by the one who watched it."""
    screen = Screen()

    def show(chunk: bytes) -> None:
        with suppress(OSError):  # whoever looked has gone; the guest need not
            sys.stdout.buffer.write(screen.feed(chunk))
            sys.stdout.buffer.flush()

    if keyboard.is_there():
        _attend(made, show)
    else:
        with made.visited(on_output=show) as there:
            _power_off(there, [])


def _attend(made: Prepared, show: Callable[[bytes], None]) -> None:
    """A guest with a person at its console, who decides when to go, also if it never comes up."""
    left = Stop()
    with scratch() as place:
        image = place / "initramfs.cpio"
        image.touch(0o600)  # the host key is in it
        image.write_bytes(initramfs.hooked(made.parts.initramfs, "console"))
        boot = watched(replace(made.machine, initramfs=image))
        print("Ctrl-] leaves, and ends the guest", file=sys.stderr)
        with (
            keyboard.lent(left) as keys,
            machine.start(boot, place, on_output=show, keyboard=keys) as guest,
        ):
            if guest.wait_ready(made.limits.boot, lambda: bool(left)):
                _push(made, guest.port)
            while not left and not guest.wait_gone(_TICK):
                pass
    print()


def _push(made: Prepared, port: int) -> None:
    """The suites go where the shell finds them; one who works at the console needs them less
    than the console."""
    silence = made.limits.silence
    with suppress(ssh.Lost, ssh.Silent), ssh.connect(port, made.work.keys, silence) as session:
        for stream in made.streams:
            session.push(stream, SUITES, made.limits.push)
