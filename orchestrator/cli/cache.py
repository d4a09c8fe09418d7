"""lab cache: what is kept for the next run, how large it is, and making it smaller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestrator import inuse, prune
from orchestrator.cache import default_root
from orchestrator.cli.values import print_json
from orchestrator.errors import ConfigError
from orchestrator.prune import Entry
from orchestrator.render.lists import count


def cache(
    bound: Annotated[
        str, typer.Option("--prune", metavar="SIZE", help="Make it as small: 20G, 500M.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option(help="With --prune: say what would go, and remove nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what is kept of kernels, suites and the like, and how large it is.

    With --prune what was not used for longest goes, and is made again when it is wanted. What a
    lab that runs has used stays, and so do package lists and what has no second copy.
    """
    root = default_root()
    there = prune.held(root)
    gone = _prune(root, there, bound, dry_run) if bound else ()
    if json:
        print_json(_values(root, there, gone, dry_run=dry_run))
        return
    Console().print(_table(there))
    if bound:
        verb = "would be removed" if dry_run else "removed"
        print(f"{count(len(gone), 'thing')} of {_words(_sum(gone))} {verb}")
        _say_left(_sum(there) - _sum(gone), bound)


def _prune(root: Path, there: Sequence[Entry], bound: str, dry_run: bool) -> tuple[Entry, ...]:
    try:
        wanted = prune.bytes_of(bound)
    except ValueError as error:
        raise ConfigError(f"--prune: {error}") from error
    going = prune.surplus(there, wanted, inuse.since(root))
    return going if dry_run else tuple(prune.remove(going))


def _say_left(left: int, bound: str) -> None:
    if left > prune.bytes_of(bound):
        print(f"{_words(left)} are left: the rest is in use, or cannot be made again")


def _values(
    root: Path, there: Sequence[Entry], gone: Sequence[Entry], *, dry_run: bool
) -> dict[str, object]:
    return {
        "place": str(root),
        "bytes": _sum(there),
        "kinds": {kind: {"bytes": _sum(own), "entries": len(own)} for kind, own in _kinds(there)},
        "removed": [str(entry.place.relative_to(root)) for entry in gone],
        "removed_bytes": _sum(gone),
        "dry_run": dry_run,
    }


def _table(there: Sequence[Entry]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    table.add_column("kind", footer="all")
    table.add_column("entries", justify="right", footer=str(len(there)))
    table.add_column("size", justify="right", footer=_words(_sum(there)))
    for kind, own in _kinds(there):
        table.add_row(kind, str(len(own)), _words(_sum(own)))
    return table


def _kinds(there: Sequence[Entry]) -> list[tuple[str, tuple[Entry, ...]]]:
    """The largest first."""
    kinds = [(kind, tuple(own)) for kind, own in groupby(there, key=lambda entry: entry.kind)]
    return sorted(kinds, key=lambda item: -_sum(item[1]))


def _sum(entries: Iterable[Entry]) -> int:
    return sum(entry.size for entry in entries)


def _words(size: int) -> str:
    """Rounded, in the largest unit of which there is one."""
    unit = next((unit for unit in "TG" if size >= prune.UNITS[unit]), "M")
    return f"{size / prune.UNITS[unit]:.1f} {unit}iB"
