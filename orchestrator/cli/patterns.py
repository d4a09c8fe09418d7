"""The shell's patterns on the command line: what they choose, and those that choose nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from orchestrator.yamlfile import meant

_MOST_SHOWN = 15  # names, when none is near to what was written


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether any of the patterns is of this name; no patterns match all."""
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def idle(what: str, patterns: Sequence[str], names: Collection[str]) -> list[str]:
    """A complaint about each pattern that chooses none of the names, which are a ``what`` each."""
    return [
        f"--{what} {pattern!r} matches no {what}{_hint(what, pattern, names)}"
        for pattern in patterns
        if not any(fnmatchcase(name, pattern) for name in names)
    ]


def _hint(what: str, pattern: str, names: Collection[str]) -> str:
    hint = meant(pattern, names)
    too_long = hint.startswith(" (accepted") and len(names) > _MOST_SHOWN
    return f" (`lab list {what}s` names them)" if too_long else hint
