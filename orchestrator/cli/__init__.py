"""The command line: one verb per module. Nothing below this package prints or exits."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from orchestrator import disk
from orchestrator.cli import (
    bisect,
    bisect_step,
    boot,
    build,
    check,
    diff,
    doctor,
    exits,
    expect,
    export,
    gc,
    gdb,
    kernels,
    list,
    mutants,
    nightly,
    past,
    report,
    repro,
    run,
    schema,
    show,
    visit,
)
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError, InfraError
from orchestrator.render.plain import plain_lines

app = typer.Typer(
    name="lab",
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
    context.obj = Workspace(file)


app.command()(run.run)
app.command()(nightly.nightly)
app.command()(report.report)
app.command()(show.show)
app.command("diff")(diff.diff_)
app.command()(past.runs)
app.command()(past.history)
app.command()(past.compat)
app.command("index")(past.index_)
app.command()(gc.gc)
app.command()(export.export)
app.add_typer(expect.app)
app.command("schema")(schema.schema_)
app.command("list")(list.list_)
app.command()(kernels.kernels)
app.command("exec")(visit.exec_)
app.command()(visit.shell)
app.command()(boot.boot)
app.command("gdb")(gdb.gdb_)
app.command()(repro.repro)
app.command()(build.build)
app.command()(doctor.doctor)
app.command()(check.check)
app.command()(mutants.mutants)
app.command()(bisect.bisect)
app.command("bisect-step", cls=bisect_step.StepCommand)(bisect_step.bisect_step)


def main() -> None:
    """Run the command line and exit with a code from ``exits``."""
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


def _fail(text: str, code: int) -> int:
    print(plain_lines(text), file=sys.stderr)  # a guest may be quoted in it
    return code
