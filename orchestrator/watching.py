"""Whoever looks on while targets are run."""

from __future__ import annotations

from typing import Protocol

from orchestrator.model import Result, Run


class Watcher(Protocol):
    """Whoever wants to see the work going on. Called from several threads."""

    def phase(self, target: str, phase: str) -> None:
        """What a target is doing now, in a few words."""

    def result(self, target: str, result: Result) -> None:
        """A claim was answered."""

    def finished(self, run: Run) -> None:
        """A target's evidence is stored."""


class Nobody:
    """A Watcher who does not care."""

    def phase(self, target: str, phase: str) -> None:
        """Say nothing."""

    def result(self, target: str, result: Result) -> None:
        """Say nothing."""

    def finished(self, run: Run) -> None:
        """Say nothing."""
