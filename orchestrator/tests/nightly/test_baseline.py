"""A night is held against the last one that was seen, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orchestrator.nightly.baseline import baseline
from orchestrator.nightly.record import Column, Night
from orchestrator.tests.nights import night


def nights(*columns: tuple[Column, ...]) -> list[Night]:
    """The newest first."""
    return [replace(night([]), columns=some) for some in columns]


def whole(target: str, run: str) -> Column:
    return Column(target, run, whole=True)


def torn(target: str, run: str) -> Column:
    return Column(target, run, whole=False)


def test_before_the_first_night_there_is_nothing() -> None:
    assert baseline([]) == ()


def test_each_column_is_of_the_newest_night_that_saw_all_of_it() -> None:
    newest = (whole("a", "3"), torn("b", "3"), torn("c", "3"))
    middle = (whole("a", "2"), torn("b", "2"), whole("c", "2"))
    oldest = (whole("a", "1"), whole("b", "1"), whole("c", "1"))
    assert [column.run for column in baseline(nights(newest, middle, oldest))] == ["3", "1", "2"]


def test_what_was_never_seen_whole_is_as_it_is() -> None:
    assert baseline(nights((torn("a", "2"),), (torn("a", "1"),))) == (torn("a", "2"),)


def test_a_column_that_went_does_not_come_back() -> None:
    assert baseline(nights((torn("a", "2"),), (whole("a", "1"), whole("b", "1")))) == (
        whole("a", "1"),
    )


def test_older_nights_are_read_only_when_it_takes_them() -> None:
    def read() -> Iterator[Night]:
        yield from nights((whole("a", "2"),), (whole("a", "1"),))
        raise AssertionError("a third night was read")

    assert baseline(read()) == (whole("a", "2"),)
