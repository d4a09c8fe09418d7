"""The layers are acyclic: a module imports only from rows below its own."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent

# Top first. A name stands for a module or for a whole room; the longest match counts.
ROWS = (
    (
        "cli",
        "__main__",
        "bench",
        "bench_cluster_simulated",
        "bench_index",
        "bench_loop",
        "bench_matrix",
        "bench_report",
        "bisectdemo",
        "faults",
        "screenshots",
    ),
    ("schedule", "bisect", "cluster", "bench_call"),
    ("runner", "render", "room", "repro"),
    ("preparing",),
    ("errands", "inputs", "watching", "shards", "turns", "bisect.finding", "nightly"),
    ("guests.life",),
    ("guests.visit", "guests.diagnosis"),
    ("guests.snapshot",),
    (
        "guests.machine",
        "guests.ssh",
        "images",
        "kernels",
        "results.matrix",
        "results.agreement",
        "results.diff",
        "results.index",
        "results.adopt",
        "results.expiry",
        "results.reuse",
        "results.upkeep",
        "results.history",
        "results.compat",
        "results.merging",
        "results.delivery",
        "mutants",
    ),
    ("bisect.record", "bisect.answers"),
    ("bisect.search",),
    ("bisect.question", "bisect.sightings"),
    ("bisect.flakes",),
    (
        "guests.qemu",
        "guests.custody",
        "guests.console",
        "guests.limits",
        "guests.lines",
        "guests.screen",
        "guests.gdb",
        "guests.monitor",
        "results.headers",
        "guests.migration",
        "guests.saved",
        "results.store",
        "results.judge",
        "results.durations",
        "config",
        "crossing",
    ),
    ("trackentry", "nightentry"),
    ("kernelentry",),
    ("expectations", "archive", "entry", "results.hold", "results.files"),
    (
        "arches",
        "results.ktap",
        "results.klog",
        "results.patterns",
        "results.splats",
        "results.stacks",
        "yamlfile",
        "yamlreader",
        "cache",
        "inuse",
        "locked",
        "prune",
        "command",
        "disk",
        "parcel",
    ),
    ("cluster.address",),
    ("model", "errors", "stop"),
)


def row(module: str) -> int:
    """The number of a module's row, 0 at the top."""
    best = max(
        (name for names in ROWS for name in names if f"{module}.".startswith(f"{name}.")),
        key=len,
        default=None,
    )
    assert best is not None, f"{module} stands in no row of this test: give it one"
    return next(number for number, names in enumerate(ROWS) if best in names)


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            base = node.module
            found |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    ours = {
        name.removeprefix("orchestrator.") for name in found if name.startswith("orchestrator.")
    }
    return {name for name in ours if row_of_import(name) is not None}


def row_of_import(name: str) -> int | None:
    """An imported name may be a module's attribute: then its parents say where it stands."""
    return row(name) if any(f"{name}.".startswith(f"{n}.") for r in ROWS for n in r) else None


def test_no_module_imports_upward() -> None:
    upward = []
    for path in PACKAGE.rglob("*.py"):
        relative = path.relative_to(PACKAGE).with_suffix("")
        module = ".".join(relative.parts).removesuffix(".__init__")
        if relative.parts[0] == "tests" or module in ("__init__", "guests", "results"):
            continue
        upward += [f"{module} imports {name}" for name in imports(path) if row(name) < row(module)]
    assert upward == []


def test_the_test_sees_an_upward_import(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("from orchestrator.cli import run\nfrom orchestrator import schedule\n")
    assert {row(name) for name in imports(file)} == {0, 1}
