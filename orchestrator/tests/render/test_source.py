from pathlib import Path

import pytest

from orchestrator.model import Claim
from orchestrator.render.source import Sources

FILE = """\
/* one.c */
#include "claim.h"

static void helper(char *p)
{
\texpect_eq(first(p),
\t\t  12);

\texpect(p[0] == 1);
}

CLAIM(does_it, "it does it")
{
\thelper(0);
}
CLAIM_IF_NAMED(does_more, "more")
{
\texpect(\x1b[31m1);
}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "one.c").write_text(FILE)
    (tmp_path.parent / "secret.c").write_text("CLAIM(secret)\n{\n}\n")
    return Sources(tmp_path)


def test_a_claim_is_found_by_its_name_wherever_its_lines_went(sources: Sources) -> None:
    found = sources.claim(Claim("suite.does-it", "", "suite/one.c", 999))
    assert found is not None
    assert (found.first, found.text.splitlines()) == (
        12,
        ['CLAIM(does_it, "it does it")', "{", "        helper(0);", "}"],
    )


def test_one_that_stands_right_below_another_is_told_apart(sources: Sources) -> None:
    found = sources.claim(Claim("suite.does-more", "", "suite/one.c", 1))
    assert found is not None
    assert found.first == 16
    assert "\x1b" not in found.text


@pytest.mark.parametrize("file", ["", "suite/none.c", "../secret.c", "/etc/passwd", "suite"])
def test_what_is_not_there_has_no_source(sources: Sources, file: str) -> None:
    assert sources.claim(Claim("suite.secret", "", file, 1)) is None


@pytest.mark.parametrize(
    ("note", "line"),
    [
        ("suite/one.c:9: expected p[0] == 1", 9),
        ("suite/one.c:6: first(p): expected 12, got 13", 6),
    ],
)
def test_the_line_that_decided_comes_with_its_function(
    sources: Sources, note: str, line: int
) -> None:
    found = sources.decided(note)
    assert found is not None
    assert (found[0].first, found[1]) == (4, line)
    assert found[0].text.endswith("}")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "EINVAL",
        "suite/one.c:9: expected p[0] == 2",  # the source was another one then
        "suite/one.c:999: expected p[0] == 1",
        "suite/one.c:0: expected p[0] == 1",
        "../secret.c:1: expected CLAIM(secret)",
    ],
)
def test_a_note_that_names_no_such_line_has_no_source(sources: Sources, note: str) -> None:
    assert sources.decided(note) is None
