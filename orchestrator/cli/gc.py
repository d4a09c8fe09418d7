"""lab gc: remove old evidence that nobody refers to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from orchestrator.cli.values import print_json
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.render.lists import count
from orchestrator.results import expiry


def gc(
    context: typer.Context,
    keep: Annotated[str, typer.Option(help="How old evidence may become: 30d, 12h, 4w.")],
    dry_run: Annotated[bool, typer.Option(help="Say what would go, and remove nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Remove the evidence of old runs.

    The newest run stays, and whatever a bisect or a rule cites, or a lab is at.
    """
    space: Workspace = context.obj
    try:
        before = datetime.now(UTC) - expiry.age(keep)
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"--keep: {error}") from error
    runs = space.store.ids()
    held = [run for run in runs if space.store.is_held(run)]
    fates = expiry.fates(runs, before, expiry.cited(_texts(space)), held)
    if not dry_run:
        for fate in fates:
            if fate.goes:
                space.store.remove(fate.run)
    _say(fates, dry_run=dry_run, as_json=json)


def _texts(space: Workspace) -> Iterator[str]:
    """Whatever may cite a run: rules, and what bisects have written down."""
    for rule in space.rules:
        yield f"{rule.why} {rule.bug}"
    for path in space.store.root.parent.glob("bisects/*/*.json"):
        yield path.read_text(errors="replace")


def _say(fates: tuple[expiry.Fate, ...], *, dry_run: bool, as_json: bool) -> None:
    gone = [fate for fate in fates if fate.goes]
    if as_json:
        kept = {fate.run: fate.why for fate in fates if not fate.goes}
        print_json({"removed": [f.run for f in gone], "kept": kept, "dry_run": dry_run})
        return
    for fate in gone:
        print(fate.run)
    verb = "would be removed" if dry_run else "removed"
    print(f"{count(len(gone), 'run')} {verb}, {len(fates) - len(gone)} kept")
