"""lab nightly: what changed since the last night, and who did it."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from orchestrator.cli import exits, past
from orchestrator.cli.plan import interruptible
from orchestrator.cli.publishing import publish_report
from orchestrator.cli.tonight import Tonight
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.model import When
from orchestrator.nightly.calendar import is_full
from orchestrator.nightly.delivery import Letter, deliver
from orchestrator.nightly.night import Outcome, begin, carry_out
from orchestrator.nightly.record import Nights
from orchestrator.render import mornings
from orchestrator.render.mornings.data import data
from orchestrator.render.mornings.markdown import markdown
from orchestrator.render.plain import plain_lines
from orchestrator.results import hold
from orchestrator.stop import Stop


def nightly(
    context: typer.Context,
    full: Annotated[bool, typer.Option(help="Run everything, also what did not change.")] = False,
    bisect_minutes: Annotated[
        int | None, typer.Option(help="For all bisects together; by default lab.yaml's.", min=0)
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", help="Guests at a time.", min=0)] = 0,
    show: Annotated[str, typer.Option(help="Only show a night again (an id, or 'latest').")] = "",
    deliver_again: Annotated[
        str, typer.Option("--deliver", help="Only send a night's summary (an id, or 'latest').")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Look for new kernels, run what changed, say what regressed and which commit did it.

    Exit code 0: no regression; 1: at least one; 3: the host failed, or something was not seen,
    or the summary could not be sent.
    """
    space: Workspace = context.obj
    kept = Nights(space.nights)
    if show or deliver_again:
        _again(space, kept.summary(show or deliver_again), bool(deliver_again), as_json=json)
    minutes = space.lab.nightly.bisect_minutes if bisect_minutes is None else bisect_minutes
    with hold.hold(kept.root):
        outcome, wrong = _night(space, kept, jobs or space.lab.guests, minutes * 60, full=full)
        text, values = markdown(outcome), data(outcome)
        as_data = json_.dumps(values, indent=1)
        print(as_data if json else text.rstrip())  # first, for all else may fail
        failures = _kept(kept, outcome, text, as_data)
    failures += _published(outcome, space)
    if space.lab.nightly.tell is When.ALWAYS or not mornings.is_quiet(outcome):
        failures += _tell(space, text, values)
    failed = _said(failures)
    if wrong:
        raise wrong
    raise typer.Exit(_code(outcome) or failed)


def _again(space: Workspace, summary: tuple[str, str], send: bool, *, as_json: bool) -> NoReturn:
    """Show a night that is over, and tell whoever is to be told if it is to be sent."""
    text, as_data = summary
    print((as_data if as_json else text).rstrip())
    failures = _tell(space, text, json_.loads(as_data)) if send else []
    raise typer.Exit(_said(failures))


def _code(outcome: Outcome) -> int:
    if outcome.regressed:
        return exits.SURPRISE
    return exits.INFRA if outcome.infra else exits.OK


def _night(
    space: Workspace, kept: Nights, jobs: int, seconds: float, *, full: bool
) -> tuple[Outcome, ConfigError | None]:
    """Of an interrupted night only the evidence is kept: the next one goes on from there."""
    stop = Stop()
    tonight = Tonight(space, stop, jobs, kept.root)
    with interruptible(stop), past.indexed(space):
        setting = begin(kept.newest_first, tonight.plan, tonight.means())
        days = space.lab.nightly.full_days
        full = full or is_full(kept.newest_first(), setting.plan.started, days)
        outcome = carry_out(setting, bisect_seconds=seconds, full=full)
    if stop:
        print("interrupted; `lab nightly` begins anew with what was measured", file=sys.stderr)
        raise typer.Exit(exits.INTERRUPTED)
    return outcome, tonight.wrong


def _kept(nights: Nights, outcome: Outcome, text: str, as_data: str) -> list[InfraError]:
    try:
        nights.keep_summary(outcome.night.id, text, as_data)
        nights.keep(outcome.night)
    except InfraError as error:
        return [error]
    return []


def _published(outcome: Outcome, space: Workspace) -> list[InfraError]:
    try:
        place = publish_report(outcome.matrix, outcome.changes, space)
    except InfraError as error:
        return [error]
    Console(stderr=True).print(f"report: {place}", soft_wrap=True, highlight=False)
    return []


def _tell(space: Workspace, text: str, values: Any) -> list[InfraError]:
    return deliver(Letter(values["headline"], text, values), space.lab.nightly)


def _said(failures: Sequence[InfraError]) -> int:
    """Tell of each; the exit code that they deserve, 0 without any."""
    for failure in failures:
        print(f"infra: {plain_lines(str(failure))}", file=sys.stderr)
    return exits.INFRA if failures else exits.OK
