"""One target against a scripted guest: what is asked after which ending, and what is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator import preparing, runner
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError, InfraError
from orchestrator.guests import snapshot
from orchestrator.guests.life import Equipment, Errand
from orchestrator.guests.limits import limits
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
    Rule,
    Run,
    Start,
    Target,
    Verdict,
)
from orchestrator.preparing import Parts, Work
from orchestrator.results.judge import judge, outcomes
from orchestrator.results.reuse import Answer, Measured, answers, questions
from orchestrator.results.store import Store
from orchestrator.stop import Stop
from orchestrator.tests.matrices import suite

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


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(runner, "live", made.live)
    return made


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return work_in(tmp_path)


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


@pytest.fixture
def run(tmp_path: Path, work: Work, guests: Guests) -> Callable[..., tuple[Cell, ...]]:
    """Run the target, as often as it is called; the cells by what is on disk."""

    def run(work: Work = work) -> tuple[Cell, ...]:
        runner.run(parts(tmp_path), work)
        return cells(work)

    return run


Go = Callable[..., tuple[Cell, ...]]


def cells(work: Work) -> tuple[Cell, ...]:
    return judge(work.store.read(PLAN.id, str(TARGET)), CLAIMS, work.rules)


def verdicts(found: Sequence[Cell]) -> list[str]:
    return [cell.got.value for cell in found]


# ---- endings


def test_a_calm_target_takes_one_boot(run: Go, guests: Guests) -> None:
    assert verdicts(run()) == ["pass"] * 5
    assert guests.asked == [NAMES]


def test_a_column_goes_on_behind_each_death(run: Go, guests: Guests) -> None:
    guests.script = [
        (Ending.PANIC, {"a.two": ""}),
        (Ending.SILENT, {"a.three": ""}),
        (Ending.PANIC, {"b.only": ""}),
    ]
    assert verdicts(run()) == ["pass", "panic", "timeout", "pass", "panic"]
    assert guests.asked == [NAMES, NAMES[2:], NAMES[3:]]


def test_what_the_host_broke_is_tried_again(run: Go, guests: Guests) -> None:
    guests.script = [(Ending.INFRA, {"a.two": ""})]
    assert verdicts(run()) == ["pass"] * 5
    assert guests.asked == [NAMES, NAMES[1:]]


@pytest.mark.parametrize(("ready", "times"), [(1.0, 4), (None, 2)])
def test_a_boot_that_leads_nowhere_is_tried_again(
    run: Go, guests: Guests, ready: float | None, times: int
) -> None:
    guests.script = [Boot(1, Ending.SILENT, "not a word", ready=ready)] * 9
    assert "missing" in verdicts(run())
    assert len(guests.asked) == times


def test_an_interruption_ends_it_after_the_boot_under_way(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.before = work.stop.set
    guests.script = [(Ending.INFRA, {"a.three": ""})]
    assert verdicts(run()) == ["pass", "pass", "missing", "missing", "missing"]
    assert len(guests.asked) == 1


def test_a_guest_that_takes_its_last_words_with_it_gets_more_chances(
    run: Go, guests: Guests
) -> None:
    mute = Boot(1, Ending.PANIC, ready=1.0)
    guests.script = [mute, mute, (Ending.PANIC, {"a.one": ""})]
    assert verdicts(run()) == ["panic", *["pass"] * 4]
    assert guests.asked == [NAMES, NAMES, NAMES, NAMES[1:]]


def test_when_the_time_of_the_target_is_up_it_is_not_booted_again(
    run: Go, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", lambda: math.inf)
    assert verdicts(run()) == ["missing"] * 5
    assert guests.asked == []


# ---- a lab that is killed, and the one that resumes


def test_what_was_missing_is_run_and_nothing_else(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.PANIC, {"a.two": ""}), Killed]
    with pytest.raises(Killed):
        run()
    before = cells(work)
    assert verdicts(before) == ["pass", "panic", "pass", "pass", "missing"]
    assert before[4].infra
    again = run()
    assert verdicts(again) == ["pass", "panic", "pass", "pass", "pass"]
    assert [cell.boot for cell in again] == [1, 1, 2, 2, 3]
    assert guests.asked == [NAMES, NAMES[2:], ["b.only"]]


def test_a_target_with_all_its_verdicts_boots_nothing(run: Go, guests: Guests) -> None:
    run()
    run()
    assert len(guests.asked) == 1


def test_nothing_that_was_kept_is_overwritten(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [Killed]
    with pytest.raises(Killed):
        run()
    place = work.store.root / PLAN.id / str(TARGET)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert len(before) >= 4
    run()
    assert {path: path.read_bytes() for path in before} == before


def test_a_kernel_that_cannot_be_had_any_more_leaves_what_was_seen(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.script = [Killed]
    with pytest.raises(Killed):
        run()
    runner.give_up(TARGET, InfraError("no network"), work)
    assert verdicts(cells(work)) == ["pass", "pass", "pass", "pass", "missing"]


def test_a_kernel_that_cannot_be_had_is_a_column_of_infra(work: Work) -> None:
    runner.give_up(TARGET, InfraError("no network", "lab doctor"), work)
    found = cells(work)
    assert verdicts(found) == ["missing"] * 5
    assert all(cell.infra and cell.note == "no network" for cell in found)


# ---- surprises


def test_a_surprise_is_repeated_alone_in_a_fresh_guest(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken", "b.only": "# broken"})]
    found = run(replace(work, retries=1))
    assert guests.asked == [NAMES, ["a.two", "b.only"]]
    assert verdicts(found) == ["pass", "fail", "pass", "pass", "fail"]
    assert [cell.flaky for cell in found] == [False, True, False, False, True]


def test_what_is_as_wanted_is_not_repeated(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})]
    rules = (Rule(("a.two",), Verdict.FAIL, "bug 1"),)
    run(replace(work, retries=3, rules=rules))
    assert len(guests.asked) == 1


def test_a_surprise_that_stays_is_repeated_as_often_as_asked(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})] * 9
    found = run(replace(work, retries=3))
    assert guests.asked == [NAMES, *[["a.two"]] * 3]
    assert [attempt.boot for attempt in found[1].attempts] == [1, 2, 3, 4]
    assert not found[1].flaky


def test_each_claim_is_tried_as_often_as_asked(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {}), (Ending.DONE, {}), (Ending.PANIC, {"a.three": ""})]
    found = run(replace(work, times=4))
    assert guests.asked == [NAMES, NAMES, NAMES, NAMES[3:], NAMES]
    assert [len(cell.attempts) for cell in found] == [4] * 5
    assert [cell.as_wanted for cell in found] == [4, 4, 3, 4, 4]
    assert [cell.flaky for cell in found] == [False, False, True, False, False]


def test_a_surprise_is_tried_as_often_as_more_is_asked(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})] * 9
    found = run(replace(work, times=2, retries=3))
    assert guests.asked == [NAMES, NAMES, ["a.two"], ["a.two"]]
    assert [len(cell.attempts) for cell in found] == [2, 4, 2, 2, 2]


def test_a_lab_killed_among_many_tries_owes_the_rest(run: Go, work: Work, guests: Guests) -> None:
    work = replace(work, times=3)
    guests.script = [(Ending.DONE, {}), Killed]
    with pytest.raises(Killed):
        run(work)
    found = run(work)
    assert guests.asked == [NAMES, NAMES, ["b.only"], NAMES]
    assert [len(cell.attempts) for cell in found] == [3] * 5


def test_a_repetition_goes_on_behind_a_death_too(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [
        (Ending.DONE, {"a.two": "# broken", "b.only": "# broken"}),
        (Ending.PANIC, {"a.two": ""}),
    ]
    found = run(replace(work, retries=1))
    assert guests.asked == [NAMES, ["a.two", "b.only"], ["b.only"]]
    assert [attempt.verdict.value for attempt in found[1].attempts] == ["fail", "panic"]
    assert [attempt.verdict.value for attempt in found[4].attempts] == ["fail", "pass"]


def test_a_repetition_that_the_host_breaks_is_tried_again_and_given_up(
    run: Go, work: Work, guests: Guests
) -> None:
    broken = (Ending.INFRA, {"a.two": ""})
    guests.script = [(Ending.DONE, {"a.two": "# broken"}), *[broken] * 9]
    found = run(replace(work, retries=1))
    assert len(guests.asked) == 1 + 4
    assert verdicts(found)[1] == "fail"
    assert len(found[1].attempts) == 1
    assert work.store.read(PLAN.id, str(TARGET)).infra == ""  # every cell has its verdict


def test_a_lab_killed_in_a_repetition_owes_it(run: Go, work: Work, guests: Guests) -> None:
    work = replace(work, retries=1)
    guests.script = [(Ending.DONE, {"a.two": "# broken", "b.only": "# broken"}), Killed]
    with pytest.raises(Killed):
        run(work)
    killed = work.store.read(PLAN.id, str(TARGET)).boots[1]
    assert (killed.ending, killed.retry_of) == (Ending.INFRA, ("a.two", "b.only"))
    found = run(work)
    assert guests.asked == [NAMES, ["a.two", "b.only"], ["b.only"]]
    assert [len(cell.attempts) for cell in found] == [1, 2, 1, 1, 2]


def test_only_first_answers_are_counted_by_who_watches(run: Go, work: Work, guests: Guests) -> None:
    guests.script = [(Ending.DONE, {"a.two": "# broken"})]
    run(replace(work, retries=1))
    watch = cast("Watcher", work.watch)
    assert watch.results == NAMES
    assert [done.target for done in watch.done] == [str(TARGET)]


# ---- any order of events

_ENDINGS = st.sampled_from(list(Ending))
_ODD = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["", "# broken", "# SKIP no"]))
_PARTS = st.one_of(st.tuples(_ENDINGS, _ODD), st.just(Killed))


@settings(max_examples=40)
@given(st.lists(_PARTS, max_size=12), st.integers(0, 2))
def test_however_it_goes_each_cell_is_there_once_and_no_verdict_is_asked_for_again(
    tmp_path_factory: pytest.TempPathFactory,
    script: list[Any],
    retries: int,
) -> None:
    place, guests = tmp_path_factory.mktemp("run"), Guests()
    guests.script = list(script)
    work = replace(work_in(place), retries=retries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "live", guests.live)
        for _ in range(len(script) + 1):
            try:
                runner.run(parts(place), work)
            except Killed:
                continue
            if not guests.script:
                break
    run = work.store.read(PLAN.id, str(TARGET))
    found = judge(run, CLAIMS, ())
    assert [cell.claim for cell in found] == NAMES
    assert all(cell.got is not Verdict.MISSING or cell.note for cell in found)
    answered: dict[str, int] = {}
    for boot, claims in zip(run.boots, guests.asked, strict=True):
        if boot.retry_of:
            assert set(claims) <= set(boot.retry_of)
            continue
        assert not set(claims) & set(answered)
        said = re.findall(r"^(?:not )?ok 1 (\S+)", "".join(boot.ktap.values()), re.MULTILINE)
        answered |= dict.fromkeys(said, boot.number)
    assert {cell.claim: cell.boot for cell in found if cell.claim in answered} == answered


def test_a_suite_may_be_tried_several_times_in_one_guest(
    run: Go, work: Work, guests: Guests
) -> None:
    found = run(replace(work, tries=3, chosen=frozenset({"a.two"})))
    assert guests.asked == [["a.two"] * 3]
    assert verdicts(found)[1] == "pass"


def test_a_guest_that_dies_in_a_try_is_not_booted_for_the_others(
    run: Go, work: Work, guests: Guests
) -> None:
    guests.script = [(Ending.PANIC, {"a.two": ""})]
    found = run(replace(work, tries=3, chosen=frozenset({"a.two"})))
    assert len(guests.asked) == 1
    assert verdicts(found)[1] == "panic"


# ---- the time of a target


def test_a_target_has_the_time_of_its_arch(run: Go, work: Work, guests: Guests) -> None:
    whole = limits(TARGET.arch, work.claim_seconds).run
    run()
    assert guests.allowed == [whole]
    run(replace(work, times=3))
    assert guests.allowed[1:] == [3 * whole] * 2


def test_a_target_can_have_less_time_than_its_arch(
    run: Go, work: Work, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=lambda: now[0]))
    guests.script = [(Ending.SILENT, {"a.two": ""})]
    guests.before = lambda: now.append(now.pop() + 61)
    assert verdicts(run(replace(work, seconds=60))) == ["pass", "timeout", *["missing"] * 3]
    assert guests.allowed == [60]


# ---- what an earlier run has measured


EARLIER = replace(PLAN, id="20251231T000000Z")


def earlier(tmp_path: Path, guests: Guests, odd: dict[str, str] | None = None) -> Work:
    """A run that was made the day before; its store is that of all others."""
    work = replace(work_in(tmp_path), plan_id=EARLIER.id)
    work.store.begin(EARLIER)
    guests.script = [(Ending.DONE, odd or {})]
    runner.run(parts(tmp_path), work)
    return work


def known(work: Work, *suites: str) -> Callable[[str, Mapping[str, str]], Sequence[Answer]]:
    """What the index would say of that run."""

    def ask(target: str, inputs: Mapping[str, str]) -> Sequence[Answer]:
        then = work.store.read(EARLIER.id, str(TARGET))
        measured = Measured(EARLIER, replace(then, inputs=inputs), outcomes(then))
        every = questions(PLAN, target, inputs)
        asked = [question for question in every if question.suite.name in suites]
        return answers(asked, [measured])

    return ask


def with_suites(tmp_path: Path) -> Parts:
    return replace(parts(tmp_path), suites={"a": "digest of a", "b": "digest of b"})


def test_what_is_known_altogether_boots_nothing(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a", "b"))
    run = runner.answered(with_suites(tmp_path), work)
    assert run is not None
    assert guests.asked == []
    found = cells(work)
    assert verdicts(found) == ["pass"] * len(NAMES)
    assert {cell.origin for cell in found} == {EARLIER.id}


def test_of_what_is_known_in_part_the_rest_is_asked(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a"))
    assert runner.answered(with_suites(tmp_path), work) is None
    runner.run(with_suites(tmp_path), work)
    assert guests.asked == [["b.only"]]
    assert {cell.claim: cell.origin for cell in cells(work)} == {
        **dict.fromkeys(NAMES[:-1], EARLIER.id),
        "b.only": "",
    }


def test_a_surprise_of_an_earlier_run_is_not_repeated(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests, {"a.two": "# broken"})
    guests.asked.clear()
    work = replace(work, plan_id=PLAN.id, answered=known(work, "a"), retries=3)
    runner.answered(with_suites(tmp_path), work)
    runner.run(with_suites(tmp_path), work)
    assert guests.asked == [["b.only"]]


def test_a_run_that_is_resumed_takes_nothing_over(tmp_path: Path, guests: Guests) -> None:
    work = earlier(tmp_path, guests)
    work = replace(work, answered=known(work, "a", "b"))
    before = work.store.read(EARLIER.id, str(TARGET))
    assert runner.answered(with_suites(tmp_path), work) is None
    assert work.store.read(EARLIER.id, str(TARGET)) == before


# ---- from a saved state


class States:
    """Stands in for snapshot.States: whether there is a state, and whether one can be made."""

    def __init__(self, error: InfraError | None = None) -> None:
        self._error = error

    def saved(self) -> None:
        if self._error:
            raise self._error


@pytest.fixture
def equipped(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[snapshot.States | None]]:
    """Takes what the states come to; gives what each boot goes on from, as it is known."""
    live, seen = guests.live, list[snapshot.States | None]()

    def noted(*words: Any) -> Boot:
        seen.append(words[2].states)
        return live(*words)

    def equip(error: InfraError | None = None) -> list[snapshot.States | None]:
        monkeypatch.setattr(runner, "live", noted)
        monkeypatch.setattr(snapshot, "States", lambda **_: States(error))
        return seen

    return equip


def stored(work: Work) -> Run:
    return work.store.read(PLAN.id, str(TARGET))


@pytest.mark.parametrize("way", [Start.SNAPSHOT, Start.AUTO])
def test_every_boot_of_a_column_begins_the_same_way(
    run: Go, work: Work, guests: Guests, equipped: Any, way: Start
) -> None:
    guests.script = [(Ending.PANIC, {"a.two": ""}), (Ending.DONE, {"b.only": "# broken"})]
    seen = equipped()
    run(replace(work, boot=way, retries=1))
    assert [type(one) for one in seen] == [States] * 3
    assert stored(work).boot is Start.SNAPSHOT


def test_guests_boot_unless_they_are_told_otherwise(run: Go, work: Work, equipped: Any) -> None:
    seen = equipped()
    run()
    assert (seen, stored(work).boot) == ([None], Start.COLD)


@pytest.mark.parametrize("way", [Start.SNAPSHOT, Start.AUTO])
def test_a_kernel_that_never_comes_up_is_booted_and_judged_by_that(
    run: Go, work: Work, equipped: Any, way: Start
) -> None:
    seen = equipped(snapshot.Unready("no state: it never became ready"))
    run(replace(work, boot=way))
    assert (seen, stored(work).boot) == ([None], Start.COLD)
    assert stored(work).notes == ("no state: it never became ready",)


def test_a_state_that_cannot_be_saved_is_done_without(run: Go, work: Work, equipped: Any) -> None:
    seen = equipped(InfraError("no room"))
    assert verdicts(run(replace(work, boot=Start.AUTO))) == ["pass"] * 5
    assert (seen, stored(work).notes) == ([None], ("no room",))


def test_unless_it_is_insisted_on(run: Go, work: Work, equipped: Any) -> None:
    seen = equipped(InfraError("no room", "df -h"))
    found = run(replace(work, boot=Start.SNAPSHOT))
    assert seen == []
    assert all(cell.infra and cell.note == "no room" for cell in found)


def test_guests_that_cannot_be_saved_are_refused_before_anything_is_made(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "qemu_version", lambda arch: "10.0.2")
    target = replace(TARGET, arch=ARCHES["parisc"])
    with pytest.raises(ConfigError, match="guest of parisc cannot be saved; with `boot: auto`"):
        preparing.prepare(target, replace(work, boot=Start.SNAPSHOT))


def test_firmware_that_is_not_there_is_the_hosts_fault(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "qemu_version", lambda arch: "10.0.2")
    target = replace(TARGET, arch=replace(TARGET.arch, firmware="/nowhere/EFI.fd"))
    with pytest.raises(InfraError, match=r"takes the firmware /nowhere/EFI\.fd: No such file"):
        preparing.prepare(target, work)
