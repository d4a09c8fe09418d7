"""Error numbers in words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable

_NAME = re.compile(r"\bE[A-Z0-9]{2,14}\b")


def words(texts: Iterable[str]) -> dict[str, str]:
    """What each error number that the texts name says: ``{"EINVAL": "Invalid argument"}``."""
    names = {name for text in texts for name in _NAME.findall(text)}
    numbers = {name: getattr(errno, name, None) for name in sorted(names)}
    return {name: os.strerror(number) for name, number in numbers.items() if number is not None}
