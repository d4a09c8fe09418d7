"""What the guests of a target begin with: a boot, or a state that was saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orchestrator import runner
from orchestrator.errors import InfraError
from orchestrator.guests import snapshot
from orchestrator.model import Boot, Ending, Run, Start
from orchestrator.preparing import Work
from orchestrator.tests.runner.scripted import PLAN, TARGET, Go, Guests, verdicts


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
