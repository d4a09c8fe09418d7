"""A guest that does as a script says, and what is run with it in place of a real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from orchestrator.arches import ARCHES
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.kernels import KernelFiles
from orchestrator.model import (
    Boot,
    Cell,
    DebianSource,
    Ending,
    Kernel,
    Plan,
    Release,
    Result,
    Run,
    Target,
    Verdict,
)
from orchestrator.preparing import Parts, Work
from orchestrator.results.judge import judge
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.tests.matrices import suite

Go = Callable[..., tuple[Cell, ...]]  # runs the target, as often as it is called

SUITES = (suite("a", "one", "two", "three", "four"), suite("b", "only"))
CLAIMS = tuple(claim for one in SUITES for claim in one.claims)
NAMES = [claim.name for claim in CLAIMS]
TARGET = Target(Kernel("6.1", 0, DebianSource(("sid",), "6.1")), ARCHES["x86_64"])
PLAN = Plan("20260101T000000Z", "2026-01-01T00:00:00+00:00", (("6.1", "x86_64"),), SUITES)


class Killed(BaseException):
    """The lab's end, in the middle of whatever it does."""


class Guests:
    """Stands in for ``live``: each boot does what the next part of the script says.

    A part is how the boot ends, and for claims that do not pass what becomes of them: a
    directive such as "# broken", or "" for a guest that goes down in the claim. A whole boot
    stands for a guest of which nothing was heard but its end.
    """

    def __init__(self) -> None:
        self.script: list[tuple[Ending, dict[str, str]] | type[Killed] | Boot] = []
        self.asked: list[list[str]] = []  # by boot
        self.allowed: list[float] = []  # seconds for all boots of a target, as each was told
        self.before: Callable[[], None] = lambda: None

    def live(
        self, number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path
    ) -> Boot:
        part = self.script.pop(0) if self.script else (Ending.DONE, {})
        claims = [claim for errand in errands for claim in asked(errand)]
        self.asked.append(claims)
        self.allowed.append(equipment.limits.run)
        self.before()
        if isinstance(part, Boot):
            return replace(part, number=number)
        ending, odd = (Ending.INFRA, {"b.only": ""}) if isinstance(part, type) else part
        for claim in claims:
            with (directory / f"{claim.partition('.')[0]}.ktap").open("a") as file:
                file.write(f"# trying 1 {claim}\n")
                if odd.get(claim) == "":
                    break
                equipment.on_result(Result(claim, Verdict.PASS))
                tail = odd.get(claim)
                file.write(f"not ok 1 {claim} {tail}\n" if tail else f"ok 1 {claim}\n")
        if isinstance(part, type):
            raise part
        said = {path.stem: path.read_text() for path in directory.glob("*.ktap")}
        return Boot(number, ending, "so it was", ready=1.0, ktap=said)


def asked(errand: Errand) -> list[str]:
    """What the suite's own runner would try."""
    (own,) = (one for one in SUITES if one.name == errand.suite)
    numbered = [(number, claim.name) for number, claim in enumerate(own.claims, 1)]
    return [c for n, c in numbered if n >= errand.start and (not errand.only or c in errand.only)]


class Watcher:
    def __init__(self) -> None:
        self.results: list[str] = []
        self.done: list[Run] = []

    def phase(self, target: str, phase: str) -> None:
        pass

    def result(self, target: str, result: Result) -> None:
        self.results.append(result.claim)

    def finished(self, run: Run) -> None:
        self.done.append(run)


def work_in(place: Path) -> Work:
    nothing = cast("Any", None)
    store = Store(place / "runs")
    store.begin(PLAN)
    return Work(
        plan_id=PLAN.id,
        suites=SUITES,
        chosen=frozenset(NAMES),
        claim_seconds=2,
        keys=nothing,
        cache=nothing,
        store=store,
        watch=Watcher(),
        stop=Stop(),
        guest_tests=Path("guest-tests"),
    )


def parts(place: Path) -> Parts:
    file = place / "file"
    file.write_text("CONFIG_KSM=y\n")
    kernel = KernelFiles(Release(6, 1, 5), "6.1.5-1", "", file, file, None, {"file": "ab"}, ())
    return Parts(TARGET, kernel, file, {"suites": file}, "10.0")


def cells(work: Work) -> tuple[Cell, ...]:
    return judge(work.store.read(PLAN.id, str(TARGET)), CLAIMS, work.rules)


def verdicts(found: Sequence[Cell]) -> list[str]:
    return [cell.got.value for cell in found]
