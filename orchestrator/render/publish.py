"""The directory in which people find the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from orchestrator.errors import InfraError


def publish(page: str, beside: Mapping[str, str], run_id: str, directory: Path) -> Path:
    """Put a page where people look, whole or not at all; return the file to open.

    Every run keeps its ``<run-id>.html``. The newest one is ``index.html`` too, with the files
    ``beside`` it, by their paths; ``latest.html`` leads to its own page. Of two labs that
    publish at once, one waits for the other. Raises InfraError.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with FileLock(directory.with_name(f".{directory.name}.lock")):
            return _publish(page, beside, run_id, directory)
    except OSError as error:
        raise InfraError(
            f"the report cannot be written to {directory}: {error.strerror}", f"ls -ld {directory}"
        ) from error


def _publish(page: str, beside: Mapping[str, str], run_id: str, directory: Path) -> Path:
    for left in directory.rglob(".*.new"):  # by one that was killed
        left.unlink()
    newest = max({path.stem for path in directory.glob("*.html")} - {"index", "latest"}, default="")
    own, index = directory / f"{run_id}.html", directory / "index.html"
    _replace(own, page)
    if run_id < newest:
        return own
    for name, text in beside.items():
        _replace(directory / name, text)
    _replace(index, page)
    _lead(directory / "latest.html", own.name)
    return index


def _replace(path: Path, text: str) -> None:
    """Write aside, then rename."""
    path.parent.mkdir(exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _lead(link: Path, name: str) -> None:
    aside = link.with_name(f".{link.name}.new")
    aside.symlink_to(name)
    aside.replace(link)
