"""A night is held against the last one that was seen, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orchestrator.nightly.baseline import baseline
from orchestrator.nightly.record import Column, Night
from orchestrator.tests.nights import night


def at(night_id: str, **whole: bool) -> Night:
    """A night that saw these targets, whole or not."""
    columns = tuple(Column(target, seen) for target, seen in whole.items())
    return replace(night([]), id=night_id, columns=columns)


def test_before_the_first_night_there_is_nothing() -> None:
    assert baseline([]) == {}


def test_each_column_is_of_the_newest_night_that_saw_all_of_it() -> None:
    nights = [
        at("3", a=True, b=False, c=False),
        at("2", a=True, b=False, c=True),
        at("1", a=True, b=True, c=True),
    ]
    assert baseline(nights) == {"a": "3", "b": "1", "c": "2"}


def test_what_was_never_seen_whole_is_as_it_is() -> None:
    assert baseline([at("2", a=False), at("1", a=False)]) == {"a": "2"}


def test_a_column_that_went_does_not_come_back() -> None:
    assert baseline([at("2", a=False), at("1", a=True, b=True)]) == {"a": "1"}


def test_older_nights_are_read_only_when_it_takes_them() -> None:
    def read() -> Iterator[Night]:
        yield from [at("2", a=True), at("1", a=True)]
        raise AssertionError("a third night was read")

    assert baseline(read()) == {"a": "2"}
