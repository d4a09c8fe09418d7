"""What became of the mutants: for a terminal, for programs, and as docs/mutants.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TypedDict

from rich.table import Table
from rich.text import Text

from orchestrator.mutants.trial import Change, Fate, Trial

_STYLES = {
    Fate.KILLED: "#009e73",
    Fate.STRAYED: "#e69f00",
    Fate.MISSED: "bold #d55e00",
    Fate.SURVIVED: "bold #d55e00",
    Fate.UNTRIED: "dim",
}
_SHOWN = 6  # claims in a line of the table; the rest are counted


class ChangeData(TypedDict):
    """One claim that came out otherwise."""

    claim: str
    before: str
    after: str


class TrialData(TypedDict):
    """One mutant on one arch."""

    mutant: str
    target: str
    text: str
    fate: str
    noticed_by: list[str]  # the claims that must notice
    silent: list[str]  # those of them that did not
    noticed: list[ChangeData]
    strangers: list[str]
    why: str


def data(trials: Sequence[Trial]) -> list[TrialData]:
    """The trials as plain values."""
    return [
        TrialData(
            mutant=trial.mutant.name,
            target=trial.target,
            text=trial.mutant.text,
            fate=trial.fate.value,
            noticed_by=list(trial.mutant.noticed_by),
            silent=list(trial.silent) if trial.fate is not Fate.UNTRIED else [],
            noticed=[
                ChangeData(claim=c.claim, before=c.before.value, after=c.after.value)
                for c in trial.noticed
            ],
            strangers=[change.claim for change in trial.strangers],
            why=trial.why,
        )
        for trial in trials
    ]


def table(trials: Sequence[Trial]) -> Table:
    """The trials for a terminal."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    shown.add_column("mutant", no_wrap=True)
    shown.add_column("fate", no_wrap=True)
    shown.add_column("cells", justify="right")
    shown.add_column("noticed by", overflow="fold")
    for trial in trials:
        shown.add_row(
            trial.target,
            Text(trial.fate.value, _STYLES[trial.fate]),
            str(len(trial.noticed)),
            _said(trial),
        )
    shown.caption = tally(trials)
    return shown


def tally(trials: Sequence[Trial]) -> str:
    """``66 mutants: 64 killed, 2 survived``"""
    counts = Counter(trial.fate for trial in trials)
    fates = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate])
    return f"{len(trials)} mutants: {fates}"


def _said(trial: Trial) -> str:
    """The claims that it names, then the others: by name only if they are strangers."""
    if trial.why:
        return trial.why.splitlines()[0]
    named = [c for c in trial.noticed if c.claim in trial.mutant.noticed_by]
    others = len(trial.noticed) - len(named) - len(trial.strangers)
    words = [_names(named or trial.noticed)]
    if named and others:
        words.append(f"{others} related")
    if trial.silent:
        words.append(f"silent: {', '.join(trial.silent)}")
    if trial.strangers:
        words.append(f"unrelated: {_names(trial.strangers)}")
    return "; ".join(words)


def _names(changes: Sequence[Change]) -> str:
    names = [change.claim for change in changes[:_SHOWN]]
    if len(changes) > _SHOWN:
        names.append(f"and {len(changes) - _SHOWN} more")
    return ", ".join(names)


def by_name(trials: Sequence[Trial]) -> str:
    """A table in Markdown of mutants that name their claims."""
    lines = ["| mutant | what is wrong | fate | noticed by |", "| --- | --- | --- | --- |"]
    for trial in trials:
        named = set(trial.mutant.noticed_by)
        others = sum(change.claim not in named for change in trial.noticed)
        noticed = ", ".join(f"`{c.claim}`" for c in trial.noticed if c.claim in named)
        if others:
            noticed += f" and {others} more" if noticed else f"{others} others"
        lines.append(
            f"| `{trial.mutant.name}` | {trial.mutant.text} | {trial.fate.value} | {noticed} |"
        )
    return "\n".join(lines) + "\n"


def by_function(trials: Sequence[Trial]) -> str:
    """A table in Markdown of mutants that nobody chose: how many of each function are noticed.

    Their text begins with the function: ``check_input_range(): …``.
    """
    lines = ["| function | tried | noticed | not noticed |", "| --- | ---: | ---: | --- |"]
    for function, group in groupby(trials, key=lambda trial: trial.mutant.text.partition("(")[0]):
        own = [trial for trial in group if trial.fate is not Fate.UNTRIED]
        alive = [trial for trial in own if trial.fate is Fate.SURVIVED]
        texts = "; ".join(f"`{t.mutant.text.partition(': ')[2]}`" for t in alive)
        cells = (f"`{function}`", str(len(own)), str(len(own) - len(alive)), texts)
        lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(lines) + "\n"
