"""Markdown for pages and mails: what a guest said cannot act in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orchestrator.render.plain import plain

# What begins a construct of Markdown, of its tables or of HTML. "_" is left: it stands in every
# claim's name, and within a word it does nothing.
_ACTS = re.compile(r"([\\`*\[\]<>|~#!&])")


def text(said: str) -> str:
    """A string as it is, on one line, with nothing in it that Markdown would act on."""
    return _ACTS.sub(r"\\\1", plain(said)).replace("://", r":\//")


def code(said: str) -> str:
    """A name in a code span; a span cannot hold a backtick or, in a table, a bar."""
    return f"`{plain(said).replace('`', chr(39)).replace('|', '¦')}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose fields are Markdown already; "" when there are no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *lines]) + "\n"
