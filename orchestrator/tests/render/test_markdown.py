"""Text in Markdown is text, whatever it holds."""

from __future__ import annotations

import pytest

from orchestrator.render.markdown import code, table, text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a.b-c: x == 1", "a.b-c: x == 1"),
        ("<script>", r"\<script\>"),
        ("**bold** ![x](y) `c` | &lt;", r"\*\*bold\*\* \!\[x\](y) \`c\` \| \&lt;"),
        ("#1 a\nb", r"\#1 a b"),
    ],
)
def test_nothing_in_it_acts(said: str, shown: str) -> None:
    assert text(said) == shown


def test_no_address_becomes_a_link() -> None:
    assert "://" not in text("see http://evil.example/")


def test_a_name_in_a_span_cannot_leave_it() -> None:
    assert code("a`|b") == "`a'¦b`"


def test_a_table_has_a_head_only_with_rows() -> None:
    assert table(("a", "b"), ()) == ""
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
