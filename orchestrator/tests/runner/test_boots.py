"""One target against a scripted guest: what is asked after which ending, and what is kept."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator import runner
from orchestrator.errors import InfraError
from orchestrator.guests.limits import limits
from orchestrator.model import Boot, Ending, Verdict
from orchestrator.preparing import Work
from orchestrator.results.judge import judge
from orchestrator.tests.runner.scripted import (
    CLAIMS,
    NAMES,
    PLAN,
    TARGET,
    Go,
    Guests,
    Killed,
    cells,
    parts,
    verdicts,
    work_in,
)

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
