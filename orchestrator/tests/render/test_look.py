from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from rich.style import Style

from orchestrator.model import Attempt, Cell, Verdict
from orchestrator.render import look


def cell(got: Verdict, want: Verdict = Verdict.PASS, infra: bool = False) -> Cell:
    return Cell("a.b", "6.1/arm64", got, want, infra=infra)


def test_every_verdict_has_a_look() -> None:
    assert set(look.VERDICTS) == set(Verdict)


def test_no_two_looks_can_be_mistaken() -> None:
    looks = (*look.LEGEND, look.SURPRISE)
    for aspect in ("glyph", "word", "css", "meaning"):
        assert len({getattr(kind, aspect) for kind in looks}) == len(looks), aspect


def test_looks_fit_where_they_are_put() -> None:
    for kind in (*look.LEGEND, look.SURPRISE):
        assert cell_len(kind.glyph) == 1
        assert len(kind.word) <= 8
        assert kind.meaning.endswith(".")
        Style.parse(kind.style)


def test_what_is_derived_looks_apart() -> None:
    assert look.of(cell(Verdict.FAIL, Verdict.FAIL)) is look.KNOWN_BUG
    assert look.of(cell(Verdict.PANIC, Verdict.PANIC)) is look.KNOWN_BUG
    assert look.of(cell(Verdict.PASS, Verdict.FAIL)) is look.UNEXPECTED_PASS
    assert look.of(cell(Verdict.MISSING, infra=True)) is look.INFRA
    attempts = (Attempt(1, Verdict.PASS), Attempt(2, Verdict.TIMEOUT))
    assert look.of(replace(cell(Verdict.PASS), attempts=attempts)) is look.FLAKY
    assert look.of(replace(cell(Verdict.FAIL, Verdict.FAIL), attempts=attempts)) is look.FLAKY


def test_everything_else_looks_like_what_was_seen() -> None:
    assert look.of(cell(Verdict.FAIL, Verdict.ABSENT)) is look.VERDICTS[Verdict.FAIL]
    assert look.of(cell(Verdict.ABSENT, Verdict.ABSENT)) is look.VERDICTS[Verdict.ABSENT]
    assert look.of(cell(Verdict.MISSING)) is look.VERDICTS[Verdict.MISSING]


def test_the_page_paints_every_look(templates: Path) -> None:
    css = (templates / "css" / "outcomes.css").read_text()
    for kind in (*look.LEGEND, look.SURPRISE):
        assert f":is(td, .tile, .dot).{kind.css} {{" in css, kind
