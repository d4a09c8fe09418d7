"""Why something is wanted, with links: commit ids lead to the kernel's git."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from orchestrator.render.plain import plain

GIT = "https://git.kernel.org/linus/"
# Twelve digits are the kernel's own custom; a digest in a reason would be longer than an id.
_COMMIT = re.compile(r"(?<![\w-])(?=[0-9a-f]*\d)([0-9a-f]{12}|[0-9a-f]{40})(?![\w-])")


def pieces(why: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the address that it leads to; "" leads nowhere."""
    found: list[tuple[str, str]] = []
    for number, part in enumerate(_COMMIT.split(plain(why))):
        if part:
            found.append((part, GIT + part if number % 2 else ""))
    return found


def linked(why: str) -> Markup:
    """The same as HTML."""
    parts = [_link(text, address) if address else escape(text) for text, address in pieces(why)]
    return Markup("").join(parts)


def _link(text: str, address: str) -> Markup:
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, text)
