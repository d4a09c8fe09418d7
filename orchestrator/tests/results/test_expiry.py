"""Only what is old, and nobody needs, may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.results import expiry

DAYS = tuple(f"202601{day:02}T013000.000000Z" for day in (1, 2, 3, 4))
THIRD = datetime(2026, 1, 3, tzinfo=UTC)


def gone(*runs: str, cited: str = "", held: tuple[str, ...] = ()) -> list[str]:
    found = expiry.fates(runs, THIRD, expiry.cited([cited]), held)
    return [fate.run for fate in found if fate.goes]


def test_what_is_older_goes() -> None:
    assert gone(*DAYS) == list(DAYS[:2])


def test_what_is_cited_or_held_stays() -> None:
    assert gone(*DAYS, cited=f"seen in {DAYS[0]}, twice") == [DAYS[1]]
    assert gone(*DAYS, held=(DAYS[1],)) == [DAYS[0]]


def test_the_newest_stays_however_old_it_is() -> None:
    assert gone(*DAYS[:1]) == []


def test_a_run_of_a_strange_name_stays() -> None:
    assert gone("0-mine", *DAYS) == list(DAYS[:2])


@pytest.mark.parametrize(
    ("text", "age"),
    [("30d", timedelta(30)), ("12h", timedelta(hours=12)), ("4w", timedelta(28))],
)
def test_ages(text: str, age: timedelta) -> None:
    assert expiry.age(text) == age


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "1y", "1d 2h"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="write 30d"):
        expiry.age(text)
