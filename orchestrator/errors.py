"""Whose fault it is: the two ways in which the lab itself can fail to do what was asked.

What a kernel does wrong is never an exception; it is a verdict.
"""

from __future__ import annotations


class LabError(Exception):
    """Something the person at the keyboard can mend. Its text is the whole message."""


class ConfigError(LabError):
    """What was asked for cannot be acted on. Ends the command with exit code 2.

    Holds one or more complaints, each a full line such as
    ``lab.yaml:12:5: unknown key 'archs' (did you mean 'arches'?)``.
    """

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class InfraError(LabError):
    """The host let us down: no QEMU, a cut download, a full disk. Exit code 3.

    ``cause`` is one sentence. ``look`` is the command that shows more, or "".
    """

    def __init__(self, cause: str, look: str = "") -> None:
        super().__init__(f"{cause}\n  look further: {look}" if look else cause)
        self.cause = cause
        self.look = look
