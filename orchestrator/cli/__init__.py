"""The command line: one verb per module. Nothing below this package prints or exits."""

from __future__ import annotations

import os
import sys
import traceback
from gc import set_threshold  # a verb is called gc
from pathlib import Path
from typing import Annotated

import typer

from orchestrator import disk
from orchestrator.cli import exits
from orchestrator.cli.lazy import LazyGroup
from orchestrator.errors import ConfigError, InfraError
from orchestrator.render.plain import plain_lines

# Each verb: its module here, and what in it is called. The order is that of `lab --help`.
VERBS = {
    "run": "run:run",
    "merge": "merge:merge",
    "nightly": "nightly:nightly",
    "report": "report:report",
    "show": "show:show",
    "diff": "diff:diff_",
    "runs": "past:runs",
    "history": "past:history",
    "compat": "past:compat",
    "index": "past:index_",
    "gc": "gc:gc",
    "cache": "cache:cache",
    "export": "export:export",
    "expect": "expect:expect",
    "schema": "schema:schema_",
    "list": "list:list_",
    "kernels": "kernels:kernels",
    "headers": "headers:headers_",
    "exec": "visit:exec_",
    "shell": "visit:shell",
    "boot": "boot:boot",
    "gdb": "gdb:gdb_",
    "repro": "repro:repro",
    "build": "build:build",
    "doctor": "doctor:doctor",
    "check": "check:check",
    "worker": "worker:worker",
    "mutants": "mutants:mutants",
    "verify-snapshot": "verify_snapshot:verify_snapshot",
    "bisect": "bisect:bisect",
    "bisect-step": "bisect_step:bisect_step",
}


class Verbs(LazyGroup):
    """All of them."""

    package = __name__
    places = VERBS


app = typer.Typer(
    name="lab",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def lab(
    context: typer.Context,
    file: Annotated[Path, typer.Option("-f", "--file", help="The lab's configuration.")] = Path(
        "lab.yaml"
    ),
) -> None:
    """Boot many kernels in QEMU, try claims about madvise and fork on them, show where they hold.

    Exit codes: 0 all as wanted, 1 surprises, 2 wrong usage or lab.yaml, 3 the host failed or
    something is missing, 4 a bug in the lab.
    """
    # Only now: `lab --help` needs no lab.yaml, and what reads one takes as long as the rest.
    from orchestrator.cli.workspace import Workspace

    context.obj = Workspace(file)


def main() -> None:
    """Run the command line and exit with a code from ``exits``."""
    _hurry()
    try:
        app()
    except ConfigError as error:
        sys.exit(_fail(str(error), exits.USAGE))
    except InfraError as error:
        sys.exit(_fail(f"infra: {error}", exits.INFRA))
    except KeyboardInterrupt:
        sys.exit(exits.INTERRUPTED)
    except Exception as error:
        if isinstance(error, OSError) and disk.is_the_hosts(error):
            sys.exit(_fail(f"infra: {disk.unwritten(Path.cwd(), error)}", exits.INFRA))
        traceback.print_exc()
        sys.exit(_fail("this is a bug in the lab: the lines above say where", exits.BUG))


def _hurry() -> None:
    """What a program does without that is started anew for each answer: 0.1 s of its 0.7."""
    # Nearly all that comes into being as modules are imported is there to stay, and looked
    # through for garbage again and again.
    set_threshold(100_000)
    # Whose plugins it finds by reading about every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _fail(text: str, code: int) -> int:
    print(plain_lines(text), file=sys.stderr)  # a guest may be quoted in it
    return code
