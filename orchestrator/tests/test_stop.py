"""A stop reaches those who wait, and those who come late."""

from __future__ import annotations

from orchestrator.stop import Stop


def test_callbacks_are_called_on_arrival_of_the_stop_or_their_own() -> None:
    stop, heard = Stop(), list[str]()
    with stop.calls(lambda: heard.append("gone")):
        pass
    with stop.calls(lambda: heard.append("early")):
        assert not stop
        stop.set()
        assert stop
    with stop.calls(lambda: heard.append("late")):
        pass
    assert heard == ["early", "late"]
