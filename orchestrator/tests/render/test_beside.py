"""What is published beside the page: badge and feed."""

import xml.etree.ElementTree as ElementTree

import pytest

from orchestrator.model import Verdict
from orchestrator.render.badge import badge
from orchestrator.render.feed import feed
from orchestrator.results.diff import Diff, diff
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

ATOM = "{http://www.w3.org/2005/Atom}"


def nights() -> tuple[Matrix, Diff]:
    """Two runs; in the second one claim fails on two targets, with hostile words."""
    made = matrices.suite("odd", "one", "two")
    calm = [matrices.run(kernel, "x86_64", (made,)) for kernel in ("6.1", "6.12")]
    bad = [
        matrices.run(kernel, "x86_64", (made,), odd__one=(Verdict.FAIL, matrices.HOSTILE))
        for kernel in ("6.1", "6.12")
    ]
    new = matrices.judged((made,), bad)
    return new, diff(matrices.judged((made,), calm), new)


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (matrices.everything(), "7 surprises"),
        (matrices.wide(2), "✓ 30 cells"),
        (
            matrices.judged((matrices.suite("a", "b"),), (matrices.unreachable("6.1", "parisc"),)),
            "1 of 1 missing",
        ),
    ],
)
def test_the_badge_says_the_worst(matrix: Matrix, says: str) -> None:
    picture = ElementTree.fromstring(badge(matrix))
    assert picture.get("aria-label") == f"kernel conformance: {says}"
    texts = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["kernel conformance", says]


def test_the_feed_has_an_entry_for_each_claim_that_got_worse() -> None:
    matrix, changes = nights()
    (entry,) = ElementTree.fromstring(feed(matrix, changes)).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "odd.one: fail on 6.1/x86_64, 6.12/x86_64"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "20261121T013000Z.html#odd.one@6.1/x86_64"
    content = entry.findtext(f"{ATOM}content") or ""
    assert "6.1/x86_64: pass, then fail. </script><img" in content
    assert not set(content) & set("\x1b\x07\u202e")


def test_without_a_run_before_the_feed_is_empty() -> None:
    root = ElementTree.fromstring(feed(nights()[0], None))
    assert list(root.iter(f"{ATOM}entry")) == []
    assert root.findtext(f"{ATOM}updated") == "2026-11-21T01:30:00Z"
