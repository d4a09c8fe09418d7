import pytest

from orchestrator.render.plain import plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("madvise(p, 4096, 18) == 0", "madvise(p, 4096, 18) == 0"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a new title\x07after", "after"),
        ("\x1b]8;;http://a\x1b\\link", "link"),
        ("lone \x1b", "lone \ufffd"),
        ("bell\x07 back\x08space", "bell\ufffd back\ufffdspace"),
        ("one\ttwo\nthree", "one two three"),
        ("serial line\r\n", "serial line"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\x9b31m", "\ufffd31m"),
        ("broken \ud800", "broken \ufffd"),
        ("✓ Œuvre 内核", "✓ Œuvre 内核"),
        ("[red]not ours[/red]", "[red]not ours[/red]"),
    ],
)
def test_nothing_that_acts_gets_through(said: str, shown: str) -> None:
    assert plain(said) == shown
