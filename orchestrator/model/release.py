"""A kernel's version, as something that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Release:
    """A kernel version that can be compared: 5.10.262, 7.3-rc7.

    A release candidate sorts before the release that it leads to.
    """

    major: int
    minor: int
    patch: int = 0
    # The release itself sorts after all of its candidates.
    candidate: int = field(default=1 << 16)

    _FORM = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:[-~]rc(\d+))?")

    @classmethod
    def parse(cls, text: str) -> Release:
        """The release that ``text`` starts with (``uname -r``, a package version, ``v6.1``).

        Raises ValueError when it starts with none.
        """
        match = cls._FORM.match(text.removeprefix("v"))
        if match is None:
            raise ValueError(f"{text!r} is not a kernel release such as 6.12.117 or 7.3-rc7")
        major, minor, patch, candidate = match.groups()
        return cls(
            int(major),
            int(minor),
            int(patch or 0),
            int(candidate) if candidate else 1 << 16,
        )

    @property
    def series(self) -> tuple[int, int]:
        """The stable series: (6, 12) for 6.12.117."""
        return (self.major, self.minor)

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}"
        if self.patch:
            text += f".{self.patch}"
        if self.candidate != 1 << 16:
            text += f"-rc{self.candidate}"
        return text
