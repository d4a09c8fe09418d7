"""The table of mutants, in its several forms."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from orchestrator.model import Verdict
from orchestrator.mutants.patches import Mutant
from orchestrator.mutants.trial import Change, Fate, Trial
from orchestrator.render import mutants


def trial(fate: Fate, *noticed: str, named: tuple[str, ...] = ("a.one",), why: str = "") -> Trial:
    changes = tuple(Change(claim, Verdict.PASS, Verdict.FAIL) for claim in noticed)
    mutant = Mutant(
        "no-wipe", "wipe(): if (a | b) became if (!(a | b))", "7.3", ("arm64",), named,
        ("a.*",), Path("p"),
    )  # fmt: skip
    return Trial(mutant, "7.3+no-wipe/arm64", fate, changes, why)


def shown(*trials: Trial) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(mutants.table(trials))
    return capture.get()


def squeezed(*trials: Trial) -> str:
    """The table without the blanks that align it."""
    return " ".join(shown(*trials).split())


def test_the_table_tells_who_noticed_who_did_not_and_who_should_not_have() -> None:
    text = squeezed(
        trial(Fate.KILLED, "a.one", "a.two"),
        trial(Fate.STRAYED, "a.one", "b.far"),
        trial(Fate.MISSED, "a.two"),
        trial(Fate.UNTRIED, why="no patch\nat all"),
    )
    assert "killed 2 a.one; 1 related" in text
    assert "strayed 2 a.one; unrelated: b.far" in text
    assert "missed 1 a.two; silent: a.one" in text
    assert "untried 0 no patch" in text
    assert "4 mutants: 1 killed, 1 strayed, 1 missed, 1 untried" in text


def test_many_claims_are_counted_instead_of_named() -> None:
    text = shown(trial(Fate.STRAYED, *(f"b.{number}" for number in range(9))))
    assert "b.5, and 3 more" in text


def test_data_has_it_all() -> None:
    (row,) = mutants.data([trial(Fate.STRAYED, "a.one", "b.far")])
    assert (row["fate"], row["silent"], row["strangers"]) == ("strayed", [], ["b.far"])
    assert row["noticed"][0] == {"claim": "a.one", "before": "pass", "after": "fail"}


def test_what_was_not_tried_is_nobodys_silence() -> None:
    (row,) = mutants.data([trial(Fate.UNTRIED, why="no patch")])
    assert row["silent"] == []


def test_in_markdown_by_name() -> None:
    page = mutants.by_name([trial(Fate.KILLED, "a.one", "a.two"), trial(Fate.MISSED, "a.two")])
    assert "| killed | `a.one` and 1 more |" in page
    assert "| missed | 1 others |" in page


def test_in_markdown_by_function_with_what_nobody_noticed() -> None:
    alive, dead = trial(Fate.SURVIVED, named=()), trial(Fate.KILLED, "a.one", named=())
    page = mutants.by_function([alive, dead, trial(Fate.UNTRIED, named=())])
    assert "| `wipe` | 2 | 1 | `if (a &#124; b) became if (!(a &#124; b))` |" in page
