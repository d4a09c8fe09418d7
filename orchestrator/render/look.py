"""How each outcome looks, everywhere: its glyph, its word, its colour, and what it means.

An outcome is never told by colour alone: the glyph and the word say it as well, and in the
page a pattern does. The colours are those of Okabe and Ito, which colour-blind people can
tell apart; the page's own shades of them are in reports/templates/css/palette.css.
"""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.model import Cell, Verdict


@dataclass(frozen=True)
class Look:
    """One way for a cell to look."""

    glyph: str  # one column wide in a terminal, and in every common font
    word: str  # short enough for a narrow cell
    style: str  # for rich
    css: str  # class name in the page
    meaning: str  # one sentence


VERDICTS = {
    Verdict.PASS: Look("✓", "pass", "#009e73", "pass", "The kernel keeps the promise."),
    Verdict.FAIL: Look("✗", "fail", "bold #d55e00", "fail", "The kernel breaks the promise."),
    Verdict.ABSENT: Look(
        "∅",
        "absent",
        "#56b4e9",
        "absent",
        "The kernel says EINVAL or ENOSYS: it makes no such promise.",
    ),
    Verdict.SKIP: Look(
        "»", "skip", "dim", "skip", "A precondition is missing, such as a CONFIG option."
    ),
    Verdict.ERROR: Look(
        "✱", "error", "bold #cc79a7", "error", "The test could not set the scene: a bug of ours."
    ),
    Verdict.TIMEOUT: Look(
        "◷", "timeout", "bold #d55e00", "timeout", "The claim, or the guest under it, went silent."
    ),
    Verdict.PANIC: Look(
        "†", "panic", "bold #d55e00", "panic", "The kernel died while the claim ran."
    ),
    Verdict.MISSING: Look("?", "missing", "dim", "missing", "Planned, and never reached."),
}

KNOWN_BUG = Look(
    "⚑",
    "known",
    "#e69f00",
    "known",
    "A known kernel bug: the promise is broken in the way that a rule names.",
)
INFRA = Look(
    "/", "infra", "dim", "infra", "Never reached, and the host's fault: nothing about the kernel."
)
UNEXPECTED_PASS = Look(
    "✚",
    "xpass",
    "bold #0072b2",
    "xpass",
    "It passes although a rule says that it will not: fixed, or the rule is wrong.",
)

FLAKY = Look(
    "≈",
    "flaky",
    "bold #f0e442",
    "flaky",
    "Guests disagree: tried again, it came out otherwise. The first verdict stands.",
)

_PASS = VERDICTS[Verdict.PASS]
LEGEND = (*VERDICTS.values(), KNOWN_BUG, UNEXPECTED_PASS, FLAKY, INFRA)

# Not a look of its own but a frame around one.
SURPRISE = Look("!", "surprise", "reverse", "surprise", "What was seen is not what was wanted.")


# Nor is this: it stands beside any of them, and is a surprise unless a rule allows it.
SPLAT = Look(
    "~", "splat", "bold #cc79a7", "splat", "The kernel complained in its log while the claim ran."
)


def of(cell: Cell) -> Look:
    """How a cell looks. Whether it is framed as a surprise is ``cell.surprise``."""
    if cell.infra:
        return INFRA
    if cell.flaky:
        return FLAKY
    if cell.got is Verdict.PASS is cell.want:  # nearly all
        return _PASS
    if cell.known_bug:
        return KNOWN_BUG
    if cell.got is Verdict.PASS is not cell.want:
        return UNEXPECTED_PASS
    return VERDICTS[cell.got]


def complained(cell: Cell) -> bool:
    """Whether the mark of a splat stands beside the glyph. That of a panic says it already."""
    return bool(cell.splats) and cell.got is not Verdict.PANIC
