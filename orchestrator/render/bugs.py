"""Known bugs of kernels, as the rules name them: docs/kernel-bugs.md, and data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from orchestrator.model import BROKEN, Rule
from orchestrator.render.catalogue import scope

_HEAD = """\
# Kernel bugs

Promises that some kernel breaks, as the lab's rules name them. This page is made by `make docs`
from guest-tests/*/expect.yaml and guest-tests/reproducers/; a test fails when it is not what
that makes, and another runs every program below on several kernels and holds what it says
against the rules.

Each program stands alone: `cc -static -o bug bug.c && ./bug` exits with 0 where the kernel is
right, with 1 where it is wrong, and with 4 where it cannot be told (an old kernel without the
feature, a missing configuration option).
"""
_TITLE = re.compile(r"/\*\n \* (.*?)\n(?: \*\n|\s*\*/)", re.S)


@dataclass(frozen=True)
class Bug:
    """One way in which kernels break their word: a program, and the rules that it stands for."""

    title: str  # a sentence
    reproducer: str  # file name
    code: str
    rules: tuple[Rule, ...]


class BugData(TypedDict):
    """A bug as plain values."""

    bug: str
    kernels: list[str]
    claims: list[str]  # shell patterns
    reproducer: str


def bugs(rules: Iterable[Rule], sources: Mapping[str, str]) -> list[Bug]:
    """The bugs in the order of their rules. ``sources`` maps reproducers' names to their code."""
    by_file: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.want in BROKEN and rule.reproducer:
            by_file.setdefault(rule.reproducer, []).append(rule)
    return [Bug(_title(sources[n]), n, sources[n], tuple(own)) for n, own in by_file.items()]


def data(found: Sequence[Bug]) -> list[BugData]:
    """The bugs as plain values."""
    return [
        BugData(
            bug=bug.title,
            kernels=[scope(rule) or "all" for rule in bug.rules],
            claims=[pattern for rule in bug.rules for pattern in rule.claims],
            reproducer=f"guest-tests/reproducers/{bug.reproducer}",
        )
        for bug in found
    ]


def markdown(found: Sequence[Bug]) -> str:
    """The page of all known bugs."""
    return _HEAD + "".join(f"\n## {bug.title}\n\n{_rules(bug)}\n{_program(bug)}" for bug in found)


def _rules(bug: Bug) -> str:
    return "".join(
        f"- Kernels: {scope(rule) or 'all'}. Claims: "
        f"{', '.join(f'`{pattern}`' for pattern in rule.claims)}.\n"
        f"  {' '.join(rule.why.split())}\n"
        for rule in bug.rules
    )


def _program(bug: Bug) -> str:
    path = f"guest-tests/reproducers/{bug.reproducer}"
    return f"[{path}](../{path}):\n\n```c\n{bug.code.rstrip()}\n```\n"


def _title(code: str) -> str:
    """The first paragraph of the comment that the program begins with."""
    match = _TITLE.search(code)
    return " ".join(match[1].replace("\n *", " ").split()) if match else "A bug without a title"
